"""Text on a terminal: its width, colours where people want them, lines that end where the terminal does."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from typing import TextIO

from bonafit.io.printable import printable

# Columns where output goes to no terminal, and the fewest that a table is laid out for.
USUAL, LEAST = 110, 60
STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}

# Puts a style around a text, or nothing where colours are not wanted.
Paint = Callable[[str, str], str]


def columns(width: int | None = None) -> int:
    """Columns to lay out for: those asked for, else the terminal's, else USUAL; at least LEAST."""
    return max(LEAST, width or shutil.get_terminal_size((USUAL, 40)).columns)


def wants_colour(stream: TextIO) -> bool:
    """Whether people want colours there: on terminals that can show them, unless NO_COLOR says otherwise.

    Source: no-color.org.
    """
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painter(colour: bool) -> Paint:
    """A function that styles a text for a terminal; plain text where colour is False."""
    if not colour:
        return lambda text, style: text
    return lambda text, style: f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def tell(line: str) -> None:
    """A line for people on stderr: wrapped on a terminal, whole in a log."""
    shown = wrapped(line, columns(), indent="") if sys.stderr.isatty() else [line]
    print("\n".join(shown), file=sys.stderr)


def cells(text: str) -> int:
    """Columns that a text takes on a terminal: two for wide characters, none for marks."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def fitted(text: str, width: int) -> str:
    """A stranger's text on one line in exactly so many columns, cut with an ellipsis or filled with spaces."""
    text = printable(text)
    if cells(text) > width:
        while cells(text) > width - 1:
            text = text[:-1]
        text += "…"
    return text + " " * (width - cells(text))


def wrapped(text: str, width: int, *, indent: str, mark: str = "") -> list[str]:
    """A text on lines of at most so many columns; the first begins with the mark, the others under its own text."""
    begin, text = indent + mark, printable(text)
    if cells(text) == len(text):
        return textwrap.wrap(text, width, initial_indent=begin, subsequent_indent=" " * len(begin))
    # textwrap counts characters, and wide ones take two columns
    lines, line = [], ""
    for word in (piece for whole in text.split() for piece in _pieces(whole, width - len(begin))):
        longer = f"{line} {word}" if line else word
        if line and cells(longer) > width - len(begin):
            lines.append(line)
            longer = word
        line = longer
    return [(" " * len(begin) if i else begin) + line for i, line in enumerate([*lines, line])]


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word in pieces of at most so many columns."""
    start = 0
    for end in range(1, len(word) + 1):
        if cells(word[start:end]) > width:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]
