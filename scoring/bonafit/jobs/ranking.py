"""The best results of a stream, in bounded memory."""

from __future__ import annotations

import bisect
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

from bonafit.results import CreatorScore, place_of
from bonafit.results.lines import place_in, result_in


class Best:
    """Keeps the best n results that pass through; equal scores by creator id, as `bonafit.rank`.

    Of those who cannot be judged and of those never to be booked the first n each, in the order of `rank`, are kept
    apart; `verdicts` counts everybody.
    """

    def __init__(self, n: int) -> None:
        self._n = n
        self.verdicts: Counter[str] = Counter()
        self._apart: dict[str, list[CreatorScore]] = {}
        self._heap: list[tuple[tuple[float, _Reversed], int, CreatorScore]] = []
        self._seen = 0

    def add(self, result: CreatorScore) -> None:
        """Keep the result if it is among the best n so far; of equal ones with equal ids the first."""
        self.verdicts[result.verdict] += 1
        if result.score is None:
            self._set_apart(result)
        elif self._enters(result.score, result.creator_id):
            self._keep(result, result.score)

    def add_line(self, line: bytes) -> None:
        """As `add`, for a result as JSON, which is read in full only where it is kept."""
        place = place_in(line)
        self.verdicts[place.verdict] += 1
        if place.score is None:
            apart = self._apart.get(place.verdict, [])
            if len(apart) < self._n or (self._n > 0 and place_of(place) < place_of(apart[-1])):
                self._set_apart(result_in(line))
        elif self._enters(place.score, place.creator_id):
            self._keep(result_in(line), place.score)

    def _set_apart(self, result: CreatorScore) -> None:
        apart = self._apart.setdefault(result.verdict, [])
        bisect.insort(apart, result, key=place_of)
        del apart[max(self._n, 0) :]

    def _enters(self, score: float, creator_id: str) -> bool:
        if self._n < 1:
            return False
        self._seen += 1
        return len(self._heap) < self._n or ((score, _Reversed(creator_id)), -self._seen) > self._heap[0][:2]

    def _keep(self, result: CreatorScore, score: float) -> None:
        # the counter decides between two rows of one id, so that results themselves are never compared
        item = ((score, _Reversed(result.creator_id)), -self._seen, result)
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

    def apart(self) -> list[CreatorScore]:
        """The first of those in no ranking, in the order of `rank`."""
        return rank(result for apart in self._apart.values() for result in apart)


def rank(scores: Iterable[CreatorScore]) -> list[CreatorScore]:
    """Best first; equal scores by creator id, so that the order never depends on the input's.

    Who is in no ranking comes after everybody who is: those who cannot be judged, then those never to be booked.
    """
    return sorted(scores, key=place_of)


class _Reversed(str):
    """A string that orders backwards: of equal scores the larger id is the worse."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)

    def __gt__(self, other: str) -> bool:
        return str.__lt__(self, other)
