"""Results in the order of their ranking, however many there are: places in memory, the results themselves on disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from bonafit.results import CreatorScore, place_of
from bonafit.results.lines import place_in, result_in


class Ranked:
    """Results that were given as lines of JSON in any order, best first and as often as asked.

    Iterating gives (rank, result): the rank from 1 on, None for who is in no ranking; those come last. Close it, or use
    it as a context: the results lie in a temporary file, in `folder` or where the system keeps such files.
    """

    def __init__(self, lines: Iterable[bytes], *, folder: Path | None = None) -> None:
        # closed by `__exit__`: the results are read from it until then
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        places: list[tuple[tuple[bool, bool, float, str], int, int]] = []
        start = 0
        try:
            for line in lines:
                self._file.write(line)
                places.append((place_of(place_in(line)), start, len(line)))
                start += len(line)
        except BaseException:
            self._file.close()
            raise
        # equal places keep the order of the input
        places.sort(key=lambda place: place[0])
        self._spans = [(start, length) for _, start, length in places]

    def __len__(self) -> int:
        return len(self._spans)

    def __iter__(self) -> Iterator[tuple[int | None, CreatorScore]]:
        for i, (start, length) in enumerate(self._spans, start=1):
            self._file.seek(start)
            result = result_in(self._file.read(length))
            yield (None if result.score is None else i), result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
