"""Progress on a terminal; silent anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from bonafit.io.read import ReadReport

T = TypeVar("T")


class Progress:
    """Counts rows; shows the rate and the time left on stderr at most five times a second, on a terminal only.

    report : of the reader, which tells how much of the input has been read; without it no time left is shown. Reading
    is some batches ahead of the rows counted, so the time left is short by what those take.
    """

    def __init__(self, noun: str, report: ReadReport | None = None) -> None:
        self._what = noun
        self._report = report
        self._count = 0
        self._began = self._shown = time.monotonic()
        self._first: tuple[float, float] | None = None
        self._on = sys.stderr.isatty()

    def step(self, count: int = 1) -> None:
        self._count += count
        if not self._on:
            return
        now = time.monotonic()
        if now - self._shown > 0.2:
            self._shown = now
            rate = self._count / max(now - self._began, 1e-9)
            pace = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
            line = f"{self._count:,} {self._what}, {pace} a second{self._left(now)}"
            print(f"\r{line:<70}", end="", file=sys.stderr, flush=True)

    def _left(self, now: float) -> str:
        """The time that what is unread will take at the pace since the first look: a resumed run skips its start."""
        share = self._report.share if self._report is not None else None
        if share is None:
            return ""
        if self._first is None:
            self._first = (now, share)
        began, read = self._first
        if share <= read:
            return ""
        seconds = round((now - began) * (1 - share) / (share - read))
        return f", {seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d} left"

    def watch(self, items: Iterable[T]) -> Iterator[T]:
        """The items unchanged, each counted as it passes."""
        for item in items:
            self.step()
            yield item

    def close(self) -> None:
        if self._on:
            print("\r" + " " * 70 + "\r", end="", file=sys.stderr, flush=True)
