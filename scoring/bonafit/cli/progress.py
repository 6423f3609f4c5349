"""Progress on a terminal; silent anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


class Progress:
    """Counts rows and shows the rate on stderr at most five times a second, on a terminal only."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._count = 0
        self._began = self._shown = time.monotonic()
        self._on = sys.stderr.isatty()

    def step(self, count: int = 1) -> None:
        self._count += count
        now = time.monotonic()
        if self._on and now - self._shown > 0.2:
            self._shown = now
            rate = self._count / max(now - self._began, 1e-9)
            print(f"\r{self._count:,} {self._what}, {rate:,.0f} a second ", end="", file=sys.stderr, flush=True)

    def watch(self, items: Iterable[T]) -> Iterator[T]:
        """The items unchanged, each counted as it passes."""
        for item in items:
            self.step()
            yield item

    def close(self) -> None:
        if self._on:
            print("\r" + " " * 60 + "\r", end="", file=sys.stderr, flush=True)
