"""The other names of fields in docs/formats.md, written from the code (`python -m bonafit.io.documented
docs/formats.md`)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import msgspec

from bonafit.io.rows.names import NAMES
from bonafit.io.rows.vendors import vendors
from bonafit.records import AudienceAccount, Comment, Creator, FollowerPoint, Post

RECORDS: tuple[type[msgspec.Struct], ...] = (Creator, Post, Comment, AudienceAccount, FollowerPoint)
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]*)\| ([^|]*)\|.*$", re.MULTILINE)


def other_names(kind: type[msgspec.Struct], field: str) -> list[str]:
    """Names other than its own that a field is read under, in the order in which they win."""
    names = [name.strip() for name in NAMES[kind].get(field, "").split(",")]
    return [name for name in dict.fromkeys(names) if name and name != field]


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
    return re.sub(
        r"(?<=<!-- vendors -->\n).*?(?=<!-- /vendors -->)", lambda _: f"{head}{table}\n", text, flags=re.DOTALL
    )


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(documented(page.read_text(encoding="utf-8")), encoding="utf-8")
