"""The best results of a stream, in bounded memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

import msgspec

from bonafit.results import CreatorScore


class _Place(msgspec.Struct, frozen=True):
    """What decides where a result stands, read without the rest of it."""

    creator_id: str
    score: float


_place = msgspec.json.Decoder(_Place).decode
_decode = msgspec.json.Decoder(CreatorScore).decode


class Best:
    """Keeps the best n results that pass through; equal scores by creator id, as `bonafit.rank`."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._heap: list[tuple[tuple[float, _Reversed], int, CreatorScore]] = []
        self._seen = 0

    def add(self, result: CreatorScore) -> None:
        """Keep the result if it is among the best n so far; of equal ones with equal ids the first."""
        if self._enters(result.score, result.creator_id):
            self._keep(result)

    def add_line(self, line: bytes) -> None:
        """As `add`, for a result as JSON, which is read in full only where it is kept."""
        if self._n < 1:
            return
        place = _place(line)
        if self._enters(place.score, place.creator_id):
            self._keep(_decode(line))

    def _enters(self, score: float, creator_id: str) -> bool:
        if self._n < 1:
            return False
        self._seen += 1
        return len(self._heap) < self._n or ((score, _Reversed(creator_id)), -self._seen) > self._heap[0][:2]

    def _keep(self, result: CreatorScore) -> None:
        # the counter decides between two rows of one id, so that results themselves are never compared
        item = ((result.score, _Reversed(result.creator_id)), -self._seen, result)
        if len(self._heap) < self._n:
            heapq.heappush(self._heap, item)
        else:
            heapq.heapreplace(self._heap, item)

    def watch_lines(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Results as JSON, unchanged, each looked at as it passes."""
        for line in lines:
            self.add_line(line)
            yield line

    def ranked(self) -> list[CreatorScore]:
        """The best, best first."""
        return [item[2] for item in sorted(self._heap, key=lambda item: item[:2], reverse=True)]


def rank(scores: Iterable[CreatorScore]) -> list[CreatorScore]:
    """Best first; equal scores by creator id, so that the order never depends on the input's."""
    return sorted(scores, key=lambda s: (-s.score, s.creator_id))


class _Reversed(str):
    """A string that orders backwards: of equal scores the larger id is the worse."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)
