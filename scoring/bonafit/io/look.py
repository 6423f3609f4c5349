"""The first look at a file: what its rows are, which column is which field, what is not understood, before anything
is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bonafit.io.printable import printable
from bonafit.io.report import ColumnUse, ReadReport
from bonafit.io.rows.identity import join_key
from bonafit.io.rows.lists import Container, Records
from bonafit.io.rows.names import plain
from bonafit.io.rows.parsing import HIDDEN_WORDS
from bonafit.io.rows.reader import RowReader
from bonafit.io.rows.resolve import DEEPER
from bonafit.io.rows.steps import Field, Ignored, Into, Out, Rate, Step
from bonafit.io.rows.times import lacks_year
from bonafit.io.rows.values import UnreadError, count_of
from bonafit.records import Creator, Post

# Rows of the first look, and bytes of lines held for it.
ROWS = 1_000

# what a score can be made of
_OF_COMMENTS = frozenset(("commentid", "commenttext", "commentlikes", "cid", "parentcommentid"))
# what no list of creators has a column for
_ONLY_POSTS = frozenset(("kind", "tags", "shares", "saves", "duration_seconds"))
EVIDENCE = ("bio", "followers", "posts", "comments", "audience", "follower_history", "following", "posts_count")
POST_EVIDENCE = ("caption", "title", "likes", "comments", "views", "posted_at")
# Parts of names that speak of evidence in a column that is not read, by the field that it would be.
_STEMS = {
    Creator: {
        "followers": r"follow(?!ing|s$|ed)|subscri|abonn|seguidor|seguac|iscritt|inscri|pengikut|fans?$|\bfan|audiencesize|reichweite|takip|obserwuj|volgers|foljare|フォロワー|粉丝|粉絲|팔로워|подписчик|متابع|फ़ॉलोअर|फॉलोअर",
        "bio": r"^bio|biogra|^about|profiletext|profildescr|自己紹介|소개",
        "posts": r"^(?:(?:latest|recent|last)?posts|post)$",
    },
    Post: {
        "caption": r"caption|bildunter|legend|didascal|keterangan|posttext",
        "likes": r"^likes?|gefallt|jaime|megusta|curtida|mipiace",
        "views": r"^views?|aufruf|vues|visualiz|reproduc",
        "posted_at": r"publish|posted|datum|fecha|tanggal",
    },
}  # fmt: skip
# Names of columns that count the rows.
_COUNTING = frozenset(
    ("no", "nr", "sno", "slno", "srno", "number", "index", "row", "unnamed0", "column1", "position", "pos")
)
# Cells of a column that have to be unread before it is told as such.
_FEW = 3
# Columns of tables that hold one fact a row.
_FACT_NAMES = frozenset(("metric", "field", "attribute", "key", "kpi", "measure", "variable", "property"))
# Names with such a part that say something else than the field.
_NOT = re.compile(
    r"growth|gain|lost|length|words|token|availab|digit|emoji|keyword|score|sentiment|vector|embedding|concept|zero|similar|"
    r"rate|avg|average|mean|median|ratio|per|percent|quality|fake|real|male|female|age|country|cities|city|share|change|delta|"
    r"diff|wachstum|croissance|crecimiento|new|unfollow|target|url|link|reach(?!weite)|demograph|credib|suspic|estimated|goal|min|max|list|by|"
    r"followedby|viewer|is|has|engagement|tier|rank|date|at$|since|mutual|hidden|edges|cursor|page"
)


def says_else(path: str) -> bool:
    """Whether the name of an unknown column says that it is no field: a rank, a mean, a share."""
    name = plain(path.removeprefix("posts[]."))
    return bool(_NOT.search(name)) or name in _COUNTING


def kind_of(rows: Sequence[Mapping[str, Any]], creators: RowReader, posts: RowReader) -> type[Creator] | type[Post]:
    """Whether a file's rows are creators or posts, by what they would fill of either."""
    n = post_like = lists = own_followers = own_bio = captions = 0
    owners: list[str] = []
    for row in rows:
        creator, post = creators.observed(row), posts.observed(row)
        n += 1
        lists += bool(creator.values.get("posts"))
        own_followers += _is_own(creator, "followers", DEEPER * 2)
        own_bio += _is_named(creator, "bio", 5)
        captions += _is_named(post, "caption", 7) or (
            "posted_at" in post.values and bool(_ONLY_POSTS & set(post.values))
        )
        post_like += _is_post(post)
        if (who := _owner_of(post)) is not None:
            owners.append(who)
    if n == 0 or lists * 2 >= n or post_like * 2 < n:
        return Creator
    # a table with one row a post that repeats its creator's facts, or a list of creators with their means
    repeated = len(set(owners)) < len(owners)
    if (own_followers * 2 >= n and not _owner_in_object(posts)) or (own_bio * 2 >= n and not owners):
        return Post if captions * 2 >= n or repeated else Creator
    return Post


def _is_own(out: Out, name: str, below: int) -> bool:
    return name in out.values and out.ranks[name] < below


def _is_named(out: Out, name: str, below: int) -> bool:
    """Whether a field was read under one of its plainest names, and not because a vendor calls it so."""
    return name in out.values and 0 <= out.ranks[name] < below


def _is_post(out: Out) -> bool:
    values = out.values
    counts = any(name in values for name in ("likes", "views", "comments", "shares"))
    words = "caption" in values or "title" in values
    n_counts = sum(name in values for name in ("likes", "views", "comments", "shares"))
    return (
        (words and ("posted_at" in values) + ("post_id" in values) + counts >= 2)
        or (_is_named(out, "caption", 7) and n_counts >= 2)
        or ("posted_at" in values and counts)
        or (_is_named(out, "post_id", 5) and n_counts >= 2)
    )


def _owner_of(out: Out) -> str | None:
    values = out.owner.values if out.owner is not None else {}
    for name in ("creator_id", "handle", "account", "display_name"):
        if isinstance(values.get(name), str | int):
            return join_key(str(values[name]))
    return None


def _owner_in_object(posts: RowReader) -> bool:
    """Whether posts name their owner in an object or columns of its own (`authorMeta`, `channel_follower_count`)."""
    return any(
        (isinstance(step, Into) and step.inner.owner)
        or (isinstance(step, Field) and step.to_owner and step.rank < DEEPER and step.name == "followers")
        for step in posts.steps()
    )


def tell(
    reader: RowReader,
    rows: Sequence[Mapping[str, Any]],
    report: ReadReport,
    *,
    prefix: str = "",
    has_posts: bool = False,
) -> None:
    """Put into the report what the look found: columns, assumptions, and the problems that stop a run.

    prefix : `posts.` for a posts file. has_posts : one lies beside the creators.
    """
    n = max(1, len(rows))
    steps = [step for step in reader.steps() if not isinstance(step, Into | Ignored)]
    for step in sorted(steps, key=lambda step: step.path):
        field = _field_of(step)
        if isinstance(step, Container) or "[]" in step.path.removeprefix("posts[]."):
            continue
        if step.seen:
            report.columns.append(ColumnUse(column=step.path, field=field, share=min(1.0, step.seen / n)))
    if reader.who_column is not None:
        report.assumed.append(f"{printable(reader.who_column)}: taken for the handle, as its cells can be nothing else")
    for step in steps:
        if isinstance(step, Field):
            report.assumed += [f"{printable(step.path)}: {line}" for line in _assumptions(step)]
        elif isinstance(step, Rate) and step.seen:
            report.assumed.append(f"{printable(step.path)}: {step.unit.in_words()}")
    garbled = sum(any(map(_is_garbled, row.values())) for row in rows)
    if garbled:
        report.assumed.append(
            f"texts: as they stand, though those of {garbled:,} rows look as if read in a wrong encoding before "
            "(MÃ¼ller for Müller); export them again as UTF-8"
        )
    if rows:
        _problems(reader, steps, report, prefix)
        _nothing_to_score(reader, steps, report, has_posts=has_posts)


def _is_garbled(value: Any) -> bool:
    """Whether a text is UTF-8 that was read as Windows-1252."""
    if not isinstance(value, str) or value.isascii() or len(value) > 5_000:
        return False
    try:
        return value.encode("cp1252").decode() != value
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False


def _field_of(step: Step) -> str | None:
    if isinstance(step, Field):
        return f"{'creator.' if step.to_owner else ''}{step.name}"
    if isinstance(step, Rate):
        return step.name
    return step.name if isinstance(step, Records) else None


def _assumptions(step: Field) -> list[str]:
    column = step.column
    lines = []
    format = column.format
    marks = [(mark, "groups thousands") for mark in sorted(format.grouping | format.scaled_grouping)]
    marks += [(mark, "begins decimals") for mark in sorted(format.decimal)]
    lines += [f"{mark!r} {role}" for mark, role in marks]
    if (
        column.shape == "time"
        and column.day_first is not None
        and not column.year_first
        and any("/" in text or "-" in text[2:5] for text in step.samples)
    ):
        lines.append("the day comes first" if column.day_first else "the month comes first")
    if column.shape == "time" and column.year_first:
        lines.append("the year comes first")
    if column.shape == "time" and any(map(lacks_year, step.samples)):
        lines.append("days without a year are the last such days before the file was made (--read-at)")
    if column.scale != 1:
        lines.append(f"in units of {column.scale:,.0f}")
    return lines


def _filled(steps: Sequence[Step]) -> Counter[str]:
    return Counter(step.name for step in steps if isinstance(step, Field | Records) and step.seen)


def _problems(reader: RowReader, steps: Sequence[Step], report: ReadReport, prefix: str) -> None:
    kind = reader.kind
    filled = _filled(steps)
    for step in steps:
        if isinstance(step, Field) and step.column.format.refused and step.name in EVIDENCE + POST_EVIDENCE:
            marks = " and ".join(repr(mark) for mark in sorted(step.column.format.refused))
            report.problems.append(
                f"column {printable(step.path)}: {marks} may group thousands or begin decimals, and the column "
                "says both or neither"
            )
            report.remedies.append("--decimal . or --decimal ,")
    for step in steps:
        if isinstance(step, Records) and step.name == "posts" and not step.seen and step.unread >= _FEW:
            report.problems.append(f"column {printable(step.path)}: none of its cells can be read (expected lists)")
        if isinstance(step, Field) and (unread := _unread_count(step)) is not None:
            comments = step.name == "comments"
            more = "; if rows are comments under posts, who wrote them is no creator" if comments else ""
            report.problems.append(f"column {printable(step.path)}: none of its cells can be read ({unread}){more}")
            report.remedies.append(_mapping(step, "posts" if step.name == "posts_count" else ""))
    for step in steps:
        if type(step) is not Step or not step.seen or "[]" in step.path.removeprefix("posts[]."):
            continue
        name = plain(step.key)
        for field, stem in _STEMS[kind].items():
            if not filled[field] and re.search(stem, name) and not _NOT.search(re.sub(stem, "", name)):
                target = f"posts.{field}" if prefix else field
                report.problems.append(f"column {printable(step.path)}: looks like {field} and is not read")
                report.remedies.append(_mapping(step, target))
    if (
        kind is Post
        and not (filled["caption"] or filled["title"])
        and any(plain(step.key) in _OF_COMMENTS for step in steps)
    ):
        report.problems.append(
            "rows: look like comments under posts, and those who wrote them are not the creators; "
            "comments are read inside the rows of creators or posts"
        )


def _unread_count(step: Field) -> str | None:
    """Why no cell of a column of counts that a score is made of can be read; None where one can, or it has few."""
    is_posts = step.name == "posts_count" and re.search(_STEMS[Creator]["posts"], plain(step.key))
    if step.column.shape != "count" or not (step.name in EVIDENCE[:2] + POST_EVIDENCE or is_posts):
        return None
    if step.n_texts < step.seen or len(step.samples) + step.n_long < _FEW:
        return None
    reason = "texts"
    for text in step.samples:
        try:
            if text.strip().lower() in HIDDEN_WORDS or count_of(text, step.column.format):
                return None
        except UnreadError as error:
            reason = str(error)
    return reason


def _nothing_to_score(reader: RowReader, steps: Sequence[Step], report: ReadReport, *, has_posts: bool) -> None:
    """The problem of a file in which no column holds what a score is made of."""
    kind, filled = reader.kind, _filled(steps)
    if any(filled[name] for name in (EVIDENCE if kind is Creator else POST_EVIDENCE)):
        return
    unread = [step for step in steps if type(step) is Step and step.seen]
    names = ", ".join(printable(step.path) for step in unread[:6])
    if unread and all(step.top for step in unread) and not filled:
        report.problems.append(
            f"no column has a known name (found {names}); if these are cells of a row, put a line of names above them"
        )
        return
    if any(plain(step.key) in _FACT_NAMES for step in unread):
        report.problems.append(
            f"rows: hold one fact each (columns {names}); pivot them, so that every fact has a column"
        )
        return
    if kind is Creator and has_posts:
        return
    if kind is Post and filled["followers"]:
        report.problems.append("posts: hold facts of creators and no posts; give the two files the other way round")
        return
    report.problems.append(
        f"{'posts' if kind is Post else 'creators'}: no column holds anything that a score is made of"
        + (f" (found {names})" if names else "")
    )
    if unread and not report.remedies:
        target = "posts.caption" if kind is Post else "followers"
        report.remedies.append(_mapping(unread[0], target))


def _mapping(step: Step, target: str) -> str:
    """The option that reads a column into a field."""
    column = printable(step.path.removeprefix("posts[]."))
    return f'--map "{column}={target}"'
