"""One brief asked of a panel: results that are known are looked up, the others computed and remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.results import CreatorScore
from bonafit.scorer.digests import input_digests
from bonafit.scorer.panel import Panel
from bonafit.scorer.result_cache import ResultCache


@dataclass
class Lookup:
    """What is known of a batch of creators.

    digests  : of each creator's input, in order.
    results  : known results as JSON, by digest. missing : creators whose results are not known, by digest.
    prepared : the creators of `missing`, in its order, once their texts are read.
    """

    digests: list[str]
    results: dict[str, bytes]
    missing: dict[str, Creator]
    prepared: list[Prepared] = field(default_factory=list)

    def lines(self) -> Iterator[bytes]:
        """Every result as JSON, in order."""
        return (self.results[digest] for digest in self.digests)


class CachedScoring:
    """One brief, batch by batch.

    The brief is encoded when the first creator is met whose result is not known; safe between threads.
    """

    def __init__(self, panel: Panel, cache: ResultCache, brief: Brief) -> None:
        self._panel = panel
        self._cache = cache
        self._brief = brief
        self._prepared: PreparedBrief | None = None
        self._lock = threading.Lock()

    def brief(self) -> PreparedBrief:
        """The brief's facets and their vectors."""
        with self._lock:
            if self._prepared is None:
                self._prepared = self._panel.prepare_brief(self._brief)
            return self._prepared

    def look_up(self, creators: Sequence[Creator]) -> Lookup:
        """What is remembered of the creators' results for the brief."""
        digests = input_digests(list(creators), self._brief)
        ids = {digest: creator.creator_id for digest, creator in zip(digests, creators, strict=True)}
        results = self._cache.find(ids)
        missing = {digest: creator for digest, creator in zip(digests, creators, strict=True) if digest not in results}
        return Lookup(digests, results, missing)

    def read(self, creators: Sequence[Creator]) -> Lookup:
        """What is known, and the texts and vectors of the creators that are not."""
        lookup = self.look_up(creators)
        if lookup.missing:
            lookup.prepared = self._panel.prepare(list(lookup.missing.values()))
        return lookup

    def lines(self, lookup: Lookup) -> Iterator[bytes]:
        """Every result as JSON, in order; those not known are computed and remembered."""
        if lookup.missing:
            self.add(lookup, self._panel.score(lookup.prepared, self.brief()))
        return lookup.lines()

    def add(
        self,
        lookup: Lookup,
        results: Sequence[CreatorScore],
        *,
        remembered: Callable[[CreatorScore], bool] = lambda _: True,
    ) -> None:
        """Put the results of the missing creators, in order, into the lookup, and those that are to be remembered."""
        lines = {digest: msgspec.json.encode(result) for digest, result in zip(lookup.missing, results, strict=True)}
        lookup.results.update(lines)
        ids = {result.input_digest: result.creator_id for result in results if remembered(result)}
        self._cache.keep({digest: line for digest, line in lines.items() if digest in ids}, ids)
