"""The best results of a stream, in bounded memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from bonafit.results import CreatorScore


class Best:
    """Keeps the best n results that pass through; equal scores by creator id, as `bonafit.rank`."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._heap: list[tuple[tuple[float, _Reversed], int, CreatorScore]] = []
        self._seen = 0

    def add(self, result: CreatorScore) -> None:
        """Keep the result if it is among the best n so far; of equal ones with equal ids the first."""
        if self._n < 1:
            return
        self._seen += 1
        # the counter decides between two rows of one id, so that results themselves are never compared
        item = ((result.score, _Reversed(result.creator_id)), -self._seen, result)
        if len(self._heap) < self._n:
            heapq.heappush(self._heap, item)
        elif item[:2] > self._heap[0][:2]:
            heapq.heapreplace(self._heap, item)

    def watch(self, results: Iterable[CreatorScore]) -> Iterator[CreatorScore]:
        """The results unchanged, each looked at as it passes."""
        for result in results:
            self.add(result)
            yield result

    def ranked(self) -> list[CreatorScore]:
        """The best, best first."""
        return [item[2] for item in sorted(self._heap, key=lambda item: item[:2], reverse=True)]


class _Reversed(str):
    """A string that orders backwards: of equal scores the larger id is the worse."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)
