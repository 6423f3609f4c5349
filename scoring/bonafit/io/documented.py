"""What docs/formats.md says of names, of vendors and of the fields that each gives, written from the code
(`python -m bonafit.io.documented docs/formats.md`)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from bonafit.io.look import kind_of
from bonafit.io.rows.fields import SHAPES
from bonafit.io.rows.lists import Records
from bonafit.io.rows.reader import RowReader
from bonafit.io.rows.spellings import NAMES
from bonafit.io.rows.steps import Field
from bonafit.io.rows.vendors import Vendor, vendors
from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post

RECORDS: tuple[type[msgspec.Struct], ...] = (Creator, Post, Comment, AudienceAccount, FollowerPoint)
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]*)\| ([^|]*)\|.*$", re.MULTILINE)


def other_names(kind: type[msgspec.Struct], field: str) -> list[str]:
    """Names other than its own that a field is read under, in the order in which they win."""
    names = [name.strip() for name in NAMES[kind].get(field, "").split(",")]
    return [name for name in dict.fromkeys(names) if name and name != field]


# A name that stands for two fields: who a list calls the account, a link to the profile.
_STANDS_FOR = {"account": ("handle", "display_name"), "profile_url": ("handle", "platform"), "is_video": ("kind",)}


def skeleton(paths: Iterable[str]) -> dict[str, Any]:
    """A row with something at each path; `a[].b` is in the one item of a list."""
    row: dict[str, Any] = {}
    for path in paths:
        holder = row
        *around, last = path.split(".")
        for name in around:
            inner = holder.setdefault(name.removesuffix("[]"), [{}] if name.endswith("[]") else {})
            holder = inner[0] if isinstance(inner, list) else inner
        holder.setdefault(last.removesuffix("[]"), "1")
    return row


def fields_of(vendor: Vendor) -> frozenset[str]:
    """The fields that a vendor's exports give, of posts as `posts.likes`: what reading makes of their names."""
    fields: set[str] = {"platform"} if vendor.platform is not None else set()
    for export in vendor.exports:
        rows = [skeleton(export)]
        readers = RowReader(Creator), RowReader(Post)
        for reader in readers:
            reader.look(rows)
        kind = kind_of(rows, *readers)
        reader = readers[0] if kind is Creator else readers[1]
        for step in reader.steps():
            if not isinstance(step, Field | Records) or not step.seen:
                continue
            if step.name == "comment_sample":
                fields.add("comments")
            # a list counts by what is in it, if anything is described of it
            of = step.kind if isinstance(step, Field) else kind
            if of in (Creator, Post):
                names = (name for name in _STANDS_FOR.get(step.name, (step.name,)) if name in SHAPES[of])
                fields.update(name if of is Creator else f"posts.{name}" for name in names)
        if kind is Post:
            fields.add("posts")
    return frozenset(fields)


def _matrix() -> str:
    """Fields by vendors."""
    columns = sorted(vendors(), key=lambda vendor: vendor.name.casefold())
    has = [fields_of(vendor) for vendor in columns]
    names = [name for name in SHAPES[Creator] if name not in ("posts", "extra")]
    names += [f"posts.{name}" for name in SHAPES[Post]]
    lines = [f"| field | {' | '.join(vendor.name for vendor in columns)} |", f"|---{'|:-:' * len(columns)}|"]
    lines += [
        f"| `{name}` | {' | '.join('✓' if name in fields else '' for fields in has)} |".replace("  ", " ")
        for name in names
        if any(name in fields for fields in has)
    ]
    return "\n".join(lines) + "\n"


def documented(text: str) -> str:
    """The page with its tables of fields and of vendors as the code has them."""
    for kind in RECORDS:
        section = re.search(rf"^## {kind.__name__}\n.*?(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
        if section is None:
            raise ValueError(f"no section {kind.__name__}")

        def row(match: re.Match[str], kind: type[msgspec.Struct] = kind) -> str:
            names = ", ".join(f"`{name}`" for name in other_names(kind, match[1]))
            return f"| `{match[1]}` | {match[2].strip()} | {match[3].strip()} | {names} |".replace("|  |", "| |")

        text = text[: section.start()] + _ROW.sub(row, section[0]) + text[section.end() :]
    table = "\n".join(
        f"| {vendor.name} | {'; or '.join(', '.join(f'`{mark}`' for mark in marks) for marks in vendor.marks)} | "
        f"{', '.join(f'`{name}`' for name in vendor.facts)} |".replace("|  |", "| |")
        for vendor in sorted(vendors(), key=lambda vendor: vendor.name.casefold())
    )
    head = "| vendor | recognised by | own figures kept as facts |\n|---|---|---|\n"
    text = re.sub(
        r"(?<=<!-- fields by vendors -->\n).*?(?=<!-- /fields by vendors -->)",
        lambda _: _matrix(),
        text,
        flags=re.DOTALL,
    )
    return re.sub(
        r"(?<=<!-- vendors -->\n).*?(?=<!-- /vendors -->)", lambda _: f"{head}{table}\n", text, flags=re.DOTALL
    )


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(documented(page.read_text(encoding="utf-8")), encoding="utf-8")
