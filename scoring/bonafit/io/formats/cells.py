"""Cells as spreadsheets and hand-kept lists write them: formulas around ids, links with a text, text marks, rules of
Markdown tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bonafit.io.rows.names import field_of
from bonafit.records import Creator, Post

# What a cell that says something else than it shows begins with.
MARKED = frozenset("='[“„«\"")
# ="17841400000000001" keeps Excel from rounding an id.
_QUOTED = re.compile(r'="((?:[^"]|"")*+)"')
_HYPERLINK = re.compile(
    r'=HYPERLINK\(\s*+"(?P<link>(?:[^"]|"")*+)"\s*+(?:[,;]\s*+(?:"(?P<text>(?:[^"]|"")*+)"|[^")]*+)\s*+)?\)',
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"\[(?P<text>[^\]\n]{1,300}+)\]\((?P<link>[^()\s]{1,2000}+)\)")
_TEXT = re.compile(r"'@?[\w.]+", re.ASCII)
# Quotes of text programs around a name or a number.
_CURLY = re.compile(r"[“„«]\s?(@?[\w.]+|[0-9][0-9.,]*[KkMm]?)\s?[”“»]", re.ASCII)
# One word as JSON writes it, in a table that was written from JSON: "2026-05-01T08:00:00Z" with its quotes, "null".
_JSON_WORD = re.compile(r'"([\w.:+/-]*)"', re.ASCII)
_RULE = re.compile(r":?-{2,}:?")
_WHO = frozenset(("creator_id", "handle", "account", "profile_url", "external_url", "post_id"))


def unmarked(cell: str, column: str) -> str:
    """What a cell says: the id within ="...", of a link its address where the column names somebody, else its
    text; an id or handle without the apostrophe that makes a number text, a name or number without curly quotes, a word
    without those of JSON."""
    if cell[0] not in MARKED:
        return cell
    if match := _QUOTED.fullmatch(cell):
        return match[1].replace('""', '"')
    if match := _HYPERLINK.fullmatch(cell) or _MARKDOWN.fullmatch(cell):
        text = (match["text"] or "").replace('""', '"')
        return match["link"] if _names_somebody(column) or not text else text
    if match := _JSON_WORD.fullmatch(cell):
        return match[1]
    if match := _CURLY.fullmatch(cell):
        return match[1] if match[1][0].isdigit() or _names_somebody(column) else cell
    return cell[1:] if _TEXT.fullmatch(cell) and _names_somebody(column) else cell


@lru_cache(maxsize=1024)
def _names_somebody(column: str) -> bool:
    fields = (field_of(kind, column) for kind in (Creator, Post))
    return any(field is not None and field[0] in _WHO for field in fields)


def is_rule(cells: Sequence[Any]) -> bool:
    """Whether a row is the line under the header of a Markdown table: |---|:--:|."""
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]
    return bool(texts) and texts[0][0] in ":-" and all(map(_RULE.fullmatch, texts))
