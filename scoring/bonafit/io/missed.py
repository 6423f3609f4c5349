"""What stops a run before anything is scored: evidence that is not read, a file without any, rows that name nobody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from bonafit.io.printable import printable
from bonafit.io.report import ReadReport
from bonafit.io.rows.lists import Records
from bonafit.io.rows.names import field_of, plain
from bonafit.io.rows.parsing import HIDDEN_WORDS
from bonafit.io.rows.reader import RowReader
from bonafit.io.rows.steps import Field, Step
from bonafit.io.rows.values import UnreadError, count_of
from bonafit.records import Creator, Post

# Names that only comments under posts have.
_OF_COMMENTS = frozenset(("commentid", "commenttext", "commentlikes", "cid", "parentcommentid"))
# what a score can be made of
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
_COUNTING = frozenset(("no", "nr", "sno", "slno", "srno", "number", "index", "row", "unnamed0", "position", "pos"))
# Fields that say who a row is of.
_NAMING = frozenset(("creator_id", "handle", "account", "display_name", "profile_url", "first_name", "last_name"))
# Share of a column's cells that makes it one of counts or texts; characters of a text that is no name; counts that
# nothing but followers reaches.
_MOST, _LONG, _LARGE = 0.8, 40, 500
# Share of the rows of comments above which other columns are no accident.
_FEW_ROWS = 0.1
# Cells of a column that have to be unread before it is told as such.
_FEW = 3
# Columns of tables that hold one fact a row.
_FACT_NAMES = frozenset(("metric", "field", "attribute", "key", "kpi", "measure", "variable", "property"))
# Names with such a part that say something else than the field.
_NOT = re.compile(
    r"growth|gain|lost|length|words|token|availab|digit|emoji|keyword|score|sentiment|vector|embedding|concept|zero|similar|"
    r"rate|avg|average|mean|median|ratio|per|percent|quality|fake|real|male|female|age|country|cities|city|share|change|delta|"
    r"diff|wachstum|croissance|crecimiento|new|unfollow|target|url|link|reach(?!weite)|demograph|credib|suspic|estimated|goal|min|max|list|by|"
    r"followedby|viewer|is|has|engagement|tier|rank|date|at$|since|mutual|hidden|edges|cursor|page|value|earn|revenue|impres|spend|click|file|bytes|width|height|duration|seconds|minutes"
)


def says_else(path: str) -> bool:
    """Whether the name of an unknown column says that it is no field: a rank, a mean, a share."""
    name = plain(path.removeprefix("posts[]."))
    return bool(_NOT.search(name)) or name in _COUNTING


def _filled(steps: Sequence[Step]) -> Counter[str]:
    return Counter(step.name for step in steps if isinstance(step, Field | Records) and step.seen)


def find_problems(
    reader: RowReader,
    steps: Sequence[Step],
    rows: Sequence[Mapping[str, Any]],
    report: ReadReport,
    *,
    prefix: str,
    has_posts: bool,
) -> None:
    """Put into the report what stops a run, and what would mend it. rows : those of the first look."""
    _unread_evidence(reader, steps, report, prefix)
    if not _are_comments(reader, steps, report):
        _nothing_to_score(reader, steps, rows, report, has_posts=has_posts)
    if not report.problems and not prefix:
        _nobody(reader, steps, rows, report)


def _unread_evidence(reader: RowReader, steps: Sequence[Step], report: ReadReport, prefix: str) -> None:
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


def _are_comments(reader: RowReader, steps: Sequence[Step], report: ReadReport) -> bool:
    """Whether rows are comments under posts, which is told."""
    n = max((step.seen for step in steps if plain(step.key) in _OF_COMMENTS), default=0)
    names = ("caption", "title") if reader.kind is Post else EVIDENCE
    evidence = [step.seen for step in steps if isinstance(step, Field | Records) and step.name in names]
    # what stands in few of the rows is that of posts between them
    is_told = n > 0 and max(evidence, default=0) < _FEW_ROWS * n
    if is_told:
        report.problems.append(
            "rows: look like comments under posts, and those who wrote them are not the creators; "
            "comments are read inside the rows of creators or posts"
        )
    return is_told


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


def _nothing_to_score(
    reader: RowReader,
    steps: Sequence[Step],
    rows: Sequence[Mapping[str, Any]],
    report: ReadReport,
    *,
    has_posts: bool,
) -> None:
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
    wanted = "caption, likes or views" if kind is Post else "followers, bio or posts"
    report.problems.append(
        f"{'posts' if kind is Post else 'creators'}: no column holds anything that a score is made of, such as {wanted}"
        + (
            f" (found {names}; --map COLUMN={'posts.caption' if kind is Post else 'followers'} says which)"
            if names
            else ""
        )
    )
    if not report.remedies:
        report.remedies += _guess(unread, rows) if kind is Creator else []


def _guess(unread: Sequence[Step], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The mapping of the one unread column whose cells can be nothing but followers: large counts, no post's."""
    guesses = []
    for step in unread:
        cells = [row[step.key] for row in rows if row.get(step.key) not in (None, "")] if step.top else []
        if says_else(step.key) or field_of(Post, step.key) is not None:
            continue
        counts = [count for cell in cells if (count := _count(cell)) is not None]
        if cells and len(counts) > _MOST * len(cells) and median(counts) > _LARGE:
            guesses.append(_mapping(step, "followers"))
    return guesses if len(guesses) == 1 else []


def _count(cell: Any) -> int | None:
    try:
        return count_of(cell)[0]
    except UnreadError:
        return None


def _nobody(reader: RowReader, steps: Sequence[Step], rows: Sequence[Mapping[str, Any]], report: ReadReport) -> None:
    """The problem of rows that name nobody: no id, handle, name or link."""
    fields = [step for step in steps if isinstance(step, Field) and step.seen]
    named = any(step.name in _NAMING and step.kind is Creator for step in fields)
    if named or (reader.kind is Post and any(_is_linked(step, rows) for step in fields)):
        return
    unread = [step for step in steps if type(step) is Step and step.seen]
    candidates = [step for step in unread if not says_else(step.key) and _may_name(step, rows)]
    whose = "who made a post" if reader.kind is Post else "who a row is of"
    report.problems.append(f"rows: no column says {whose}; name one handle, creator_id or display_name")
    report.remedies += [_mapping(step, "handle") for step in candidates[:1]]


def _is_linked(step: Field, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a post's id is a link, which may name who made it."""
    return step.name == "post_id" and any("/" in str(row.get(step.key)) for row in rows)


def _may_name(step: Step, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether cells of an unknown column may be names: short texts, nearly each another."""
    cells = [row[step.key] for row in rows if row.get(step.key) not in (None, "")]
    texts = {cell for cell in cells if isinstance(cell, str) and len(cell) <= _LONG and _count(cell) is None}
    return len(texts) > _MOST * len(rows)


def _mapping(step: Step, target: str) -> str:
    """The option that reads a column into a field."""
    column = printable(step.path.removeprefix("posts[]."))
    return f'--map "{column}={target}"'
