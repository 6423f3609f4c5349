"""Parts of a page that are built when they are opened: markup of ours, packed as data and never read as markup again.

A page of hundreds of creators stays small and opens at once, and everybody on it has charts and quotes. A browser
inflates the data (`templates/packed.js`) and makes elements of it one by one, so a stranger's text stays a text.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import msgspec

# The parser folds the case of names, which the names of SVG keep.
SPELT = {"viewbox": "viewBox"}


class _Tree(HTMLParser):
    """Markup as nested lists: a text, or [element, attributes, children ...]."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[list[Any]] = [["", {}]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node: list[Any] = [tag, {SPELT.get(name, name): value or "" for name, value in attrs}]
        self.open[-1].append(node)
        self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) < 2 or self.open[-1][0] != tag:
            raise ValueError(f"markup of ours ends {tag} where {self.open[-1][0] or 'nothing'} stands open")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if text := data.strip("\n"):
            self.open[-1].append(text)


def tree_of(markup: str) -> list[Any]:
    """The nodes of a piece of markup that closes every element it opens. Raises ValueError for other markup."""
    tree = _Tree()
    # a plain text: pieces of a template's own kind would be escaped once more
    tree.feed(str(markup))
    tree.close()
    if len(tree.open) != 1:
        raise ValueError(f"markup of ours leaves {tree.open[-1][0]} open")
    nodes: list[Any] = tree.open[0][2:]
    return nodes


def packed(parts: Mapping[int, str]) -> str:
    """Pieces of markup by number: base64 of deflated JSON of their nodes; empty for none."""
    if not parts:
        return ""
    nodes = {str(number): tree_of(markup) for number, markup in parts.items()}
    return base64.b64encode(zlib.compress(msgspec.json.encode(nodes), 9)).decode()
