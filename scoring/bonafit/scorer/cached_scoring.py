"""One brief asked of a scorer: what is known is looked up, the rest is read, scored and remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.results import CreatorScore
from bonafit.scorer.result_cache import content_digest

if TYPE_CHECKING:
    from bonafit.scorer.scorer import Scorer


@dataclass
class Asked:
    """Creators asked about, by input digest, in order; results known as JSON; creators whose results are not.

    prepared : the creators of `missing`, in its order, once they are read.
    """

    digests: list[str]
    found: dict[str, bytes]
    missing: dict[str, Creator]
    prepared: list[Prepared] = field(default_factory=list)

    def lines(self) -> Iterator[bytes]:
        """Every result as JSON, in order."""
        return (self.found[digest] for digest in self.digests)


class Asking:
    """One brief asked of a scorer, batch by batch. Raises BriefError where the brief cannot be used.

    The brief is encoded when the first creator is met whose result is not known; safe between threads.
    """

    def __init__(self, scorer: Scorer, brief: Brief) -> None:
        scorer.languages.check(brief)
        self._scorer = scorer
        self._brief = brief
        self._asked = msgspec.json.encode(brief, order="sorted")
        self._prepared: PreparedBrief | None = None
        self._lock = threading.Lock()

    def brief(self) -> PreparedBrief:
        """The brief's facets and their vectors."""
        with self._lock:
            if self._prepared is None:
                self._prepared = self._scorer.prepare_brief(self._brief)
            return self._prepared

    def known(self, creators: Sequence[Creator]) -> Asked:
        """What is remembered of the creators' results for the brief."""
        digests = []
        for creator in creators:
            digest = content_digest(creator)
            digest.update(self._asked)
            digests.append(digest.hexdigest())
        found = self._scorer.answers.find(digests)
        missing = {digest: creator for digest, creator in zip(digests, creators, strict=True) if digest not in found}
        return Asked(digests, found, missing)

    def read(self, creators: Sequence[Creator]) -> Asked:
        """What is known, and the texts and vectors of the creators that are not."""
        asked = self.known(creators)
        if asked.missing:
            asked.prepared = self._scorer.prepare(list(asked.missing.values()))
        return asked

    def answered(self, asked: Asked) -> Iterator[bytes]:
        """Every result as JSON, in order; those not known are computed and kept."""
        if asked.missing:
            self.take(asked, self._scorer.score_prepared(asked.prepared, self.brief()))
        return asked.lines()

    def take(
        self, asked: Asked, results: Sequence[CreatorScore], *, keep: Callable[[CreatorScore], bool] = lambda _: True
    ) -> None:
        """Take the results of the missing creators in, in order. keep : whether a result is to be remembered."""
        lines = {digest: msgspec.json.encode(result) for digest, result in zip(asked.missing, results, strict=True)}
        asked.found.update(lines)
        kept = {result.input_digest for result in results if keep(result)}
        self._scorer.answers.keep({digest: line for digest, line in lines.items() if digest in kept})
