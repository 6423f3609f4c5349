"""The first look at a file: what its rows are, which column is which field, what is not understood, before anything
is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bonafit.io.missed import find_problems
from bonafit.io.printable import printable
from bonafit.io.report import ColumnUse, ReadReport
from bonafit.io.rows.identity import join_key, post_key
from bonafit.io.rows.lists import Container, Records
from bonafit.io.rows.reader import RowReader
from bonafit.io.rows.resolve import DEEPER
from bonafit.io.rows.steps import Field, Ignored, Into, Out, Rate, Step
from bonafit.io.rows.times import lacks_year
from bonafit.records import Creator, Post

# Rows of the first look, and bytes of lines held for it.
ROWS = 1_000

# what no list of creators has a column for
_ONLY_POSTS = frozenset(("kind", "tags", "shares", "saves", "duration_seconds"))


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
        captions += _is_named(post, "caption", 9) or (
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
    own = out.owner.values if out.owner is not None else {}
    # texts of somebody, and no facts of theirs
    texts = _is_named(out, "caption", 9) and ("posted_at" in values or "tags" in values or _owner_of(out) is not None)
    titled = "title" in values and n_counts >= 2 and _owner_of(out) is not None
    linked = words and isinstance(values.get("post_id"), str) and post_key(values["post_id"]) != values["post_id"]
    return (
        ((texts or titled or linked) and not {"followers", "following", "bio", "posts_count"} & set(own))
        or (words and ("posted_at" in values) + ("post_id" in values) + counts >= 2)
        or (_is_named(out, "caption", 9) and n_counts >= 2)
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
    report.assumed += map(printable, reader.assumed)
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
        find_problems(reader, steps, rows, report, prefix=prefix, has_posts=has_posts)


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
