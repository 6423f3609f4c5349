"""Scoring within a time limit: what could be read in time is scored in full, and every other result says what it lacks.

Encoding is nearly all the time a fresh creator takes. The fast encoder's vectors live in a space of their own, so a
head of its own reads them (`fast_fit` in the bundle: the niche head's columns against the fast encoder's reference,
with its own calibration). Everybody is answered by it first; then the full encoder reads whole creators, those with
the best answers first, until the time is up. A creator is never read in part by either: a score over some texts would
depend on which, and over those that suit the brief it would flatter.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from bonafit.heads import HEADS
from bonafit.heads.head import abstention
from bonafit.prepared import PreparedBrief, distinct_texts, no_brief, prepare, with_vectors, without_texts
from bonafit.records import Brief, Creator
from bonafit.results import Component, CreatorScore
from bonafit.scorer.load import FastPath
from bonafit.scorer.panel import Panel
from bonafit.tables.arrays import Vectors
from bonafit.text.units import Unit, brief_facets, creator_units, for_encoder

# Texts encoded between two looks at the clock, by all threads: the limit is overrun by no more than these.
TEXTS_A_LOOK = 4
# On a result that lacks something for want of time, and on its parts what that is.
CUT = "budget:cut_short"
BY_FAST = "fast_encoder"
NOT_READ = "texts_not_read_in_time"
NOT_IN_TIME = "not_in_time"
# Share of a measurement that the pace takes over: a service's neighbours come and go within some ten requests.
_FRESH = 0.2


def cut_short(flags: Sequence[str]) -> bool:
    """Whether a result with these flags lacks something for want of time."""
    return CUT in flags


class Pace:
    """Seconds that work takes, learned as a scorer works: of all heads, brief-free ones and ads a creator, of a text.

    Assigning a float needs no lock. The first values are those of one 2-core machine.
    """

    def __init__(self) -> None:
        self.heads = 0.008
        self.free = 0.006
        self.ads = 0.004
        self.text = 0.004

    def learn(self, stage: str, seconds: float, count: int) -> None:
        """Take in that `count` pieces took so long."""
        if count:
            setattr(self, stage, getattr(self, stage) + _FRESH * (seconds / count - getattr(self, stage)))


class TimeLimit:
    """Scoring of a panel by a deadline. fast : the fast encoder with its head; None where the panel has none beside it.

    pace : what work takes, learned on the way.
    """

    def __init__(self, panel: Panel, fast: FastPath | None) -> None:
        self.fast = fast
        self.pace = Pace()
        self._panel = panel

    def score(self, creators: Sequence[Creator], brief: Brief, end: float) -> list[CreatorScore]:
        """Scores of creators for a brief by `end` of time.perf_counter, in order.

        Results without the flag `budget:cut_short` have their usual bytes. Others have a niche fit by the fast encoder
        over all of the creator's texts (flag `niche_fit:fast_encoder`), or none where the bundle has no head for it,
        and no content in their engagement; heads for which no time was left abstain with the flag `not_in_time`.
        """
        panel = self._panel
        units = [creator_units(creator) for creator in creators]
        quick = self._quick(creators, units, brief)
        order = sorted(range(len(creators)), key=lambda i: _behind(quick[i]))
        texts = distinct_texts([units[i] for i in order])
        known, prepared_brief = self._read(texts, brief, end - self.pace.heads * len(creators))
        whole = [i for i, own in enumerate(units) if all(for_encoder(unit) in known for unit in own)]
        results: dict[int, CreatorScore] = {}
        if prepared_brief is not None and whole:
            prepared = [with_vectors(creators[i], units[i], known, panel.encoder.width) for i in whole]
            began = time.perf_counter()
            results = dict(zip(whole, panel.score(prepared, prepared_brief), strict=True))
            self.pace.learn("heads", time.perf_counter() - began, len(whole))
        for i, creator in enumerate(creators):
            if i not in results:
                results[i] = self._without_texts(creator, quick[i], brief, end)
        return [results[i] for i in range(len(creators))]

    def _quick(self, creators: Sequence[Creator], units: Sequence[tuple[Unit, ...]], brief: Brief) -> list[Component]:
        """Niche fit of everybody by the fast encoder; abstentions where there is no head for it."""
        if self.fast is None or self.fast.head is None:
            return [abstention("niche_fit", NOT_READ)] * len(creators)
        encoder = self.fast.encoder
        prepared = prepare(creators, encoder, units=units)
        answers = self.fast.head.score(prepared, self._panel.prepare_brief(brief, encoder))
        return [
            msgspec.structs.replace(
                answer, flags=(BY_FAST, *answer.flags), detail=answer.detail | {"encoder": encoder.name}
            )
            for answer in answers
        ]

    def _read(
        self, texts: Sequence[str], brief: Brief, deadline: float
    ) -> tuple[dict[str, Vectors], PreparedBrief | None]:
        """Vectors by text of what is known or could be read by the deadline; the brief, where there was time for it."""
        if time.perf_counter() >= deadline:
            # Not even what is remembered could be scored in time.
            return {}, None
        encoder = self._panel.encoder
        facets = [for_encoder(facet) for facet in brief_facets(brief)]
        distinct = list(dict.fromkeys([*facets, *texts]))
        known = dict(encoder.recall(distinct))
        queue = [text for text in distinct if text not in known]
        for start in range(0, len(queue), TEXTS_A_LOOK):
            part = queue[start : start + TEXTS_A_LOOK]
            began = time.perf_counter()
            if began + self.pace.text * len(part) > deadline:
                break
            known.update(zip(part, encoder.encode(part), strict=True))
            self.pace.learn("text", time.perf_counter() - began, len(part))
        return known, self._panel.prepare_brief(brief) if all(text in known for text in facets) else None

    def _without_texts(self, creator: Creator, fit: Component, brief: Brief, end: float) -> CreatorScore:
        """Result of a creator whose texts were not read: with this niche fit, and other heads as time is left."""
        width = self._panel.encoder.width
        unread = without_texts(creator, width=width)
        free = self._panel.known_brief_free(unread)
        began = time.perf_counter()
        if free is None and began + self.pace.free <= end:
            free = self._panel.brief_free([unread], no_brief(width=width))[0]
            self.pace.learn("free", time.perf_counter() - began, 1)
        late = {name: abstention(name, NOT_IN_TIME) for name in HEADS}
        began = time.perf_counter()
        in_time = began + self.pace.ads <= end
        parts = {**late, **(free or {}), fit.name: fit}
        result = self._panel.result(creator, brief, parts, look_at_ads=in_time)
        if in_time:
            self.pace.learn("ads", time.perf_counter() - began, 1)
        return msgspec.structs.replace(result, flags=(*result.flags, CUT))


def _behind(answer: Component) -> float:
    """Sorts the likeliest first and those that the fast encoder cannot judge last."""
    return 1.0 if answer.value is None else -answer.value
