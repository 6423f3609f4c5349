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
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from bonafit.heads import HEADS
from bonafit.heads.head import abstention
from bonafit.prepared import Encoder, Prepared, PreparedBrief, Unit
from bonafit.records import Brief, Creator
from bonafit.results import Component, CreatorScore
from bonafit.scorer.result_cache import content_digest
from bonafit.text.units import brief_facets, creator_units, for_encoder

if TYPE_CHECKING:
    from bonafit.scorer.scorer import Scorer

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
    """Seconds that work takes, learned as a scorer works: of all heads and of the brief-free ones a creator, of a text.

    Assigning a float needs no lock. The first values are those of one 2-core machine.
    """

    def __init__(self) -> None:
        self.heads = 0.008
        self.free = 0.006
        self.text = 0.004

    def told(self, what: str, seconds: float, count: int) -> None:
        """Take in that `count` pieces took so long."""
        if count:
            setattr(self, what, getattr(self, what) + _FRESH * (seconds / count - getattr(self, what)))


def score_in_time(scorer: Scorer, creators: Sequence[Creator], brief: Brief, end: float) -> list[CreatorScore]:
    """Scores of creators for a brief by `end` of time.perf_counter, in order.

    Results without the flag `budget:cut_short` have their usual bytes. Others have a niche fit by the fast encoder
    over all of the creator's texts (flag `niche_fit:fast_encoder`), or none where the bundle has no head for it, and
    no content in their engagement; heads for which no time was left abstain with the flag `not_in_time`.
    """
    units = [creator_units(creator) for creator in creators]
    quick = _quick(scorer, creators, units, brief)
    order = range(len(creators)) if quick is None else sorted(range(len(creators)), key=lambda i: _behind(quick[i]))
    known, prepared_brief = _read(scorer, units, order, brief, end - scorer.pace.heads * len(creators))
    whole = [i for i, of_one in enumerate(units) if all(for_encoder(unit) in known for unit in of_one)]
    results: dict[int, CreatorScore] = {}
    if prepared_brief is not None and whole:
        prepared = [_prepared(creators[i], units[i], known, scorer.encoder.width) for i in whole]
        began = time.perf_counter()
        results = dict(zip(whole, scorer.score_prepared(prepared, prepared_brief), strict=True))
        scorer.pace.told("heads", time.perf_counter() - began, len(whole))
    rest = [i for i in range(len(creators)) if i not in results]
    if rest:
        fits = [abstention("niche_fit", NOT_READ) if quick is None else quick[i] for i in rest]
        cut = _without_texts(scorer, [creators[i] for i in rest], fits, brief, end)
        results.update(zip(rest, cut, strict=True))
    return [results[i] for i in range(len(creators))]


def _quick(
    scorer: Scorer, creators: Sequence[Creator], units: Sequence[Sequence[Unit]], brief: Brief
) -> list[Component] | None:
    """Niche fit of everybody by the fast encoder; None where the scorer has no head for it."""
    if scorer.fast is None or scorer.fast_fit is None:
        return None
    known = dict.fromkeys(for_encoder(unit) for of_one in units for unit in of_one)
    known = dict(zip(known, scorer.fast.encode(list(known)), strict=True))
    prepared = [_prepared(c, u, known, scorer.fast.width) for c, u in zip(creators, units, strict=True)]
    answers = scorer.fast_fit.score(prepared, scorer.prepare_fast_brief(brief))
    return [
        msgspec.structs.replace(one, flags=(BY_FAST, *one.flags), detail=one.detail | {"encoder": scorer.fast.name})
        for one in answers
    ]


def _behind(answer: Component) -> float:
    """Sorts the likeliest first and those that the fast encoder cannot judge last."""
    return 1.0 if answer.value is None else -answer.value


def _read(
    scorer: Scorer, units: Sequence[Sequence[Unit]], order: Sequence[int], brief: Brief, deadline: float
) -> tuple[dict[str, Any], PreparedBrief | None]:
    """Vectors by text of what is known or could be read by the deadline; the brief, where there was time for it."""
    if time.perf_counter() >= deadline:
        # Not even what is remembered could be scored in time.
        return {}, None
    facets = [for_encoder(facet) for facet in brief_facets(brief)]
    texts = list(dict.fromkeys(for_encoder(unit) for i in order for unit in units[i]))
    known = _remembered(scorer.encoder, [*facets, *texts])
    queue = [text for text in dict.fromkeys([*facets, *texts]) if text not in known]
    for start in range(0, len(queue), TEXTS_A_LOOK):
        part = queue[start : start + TEXTS_A_LOOK]
        began = time.perf_counter()
        if began + scorer.pace.text * len(part) > deadline:
            break
        known.update(zip(part, scorer.encoder.encode(part), strict=True))
        scorer.pace.told("text", time.perf_counter() - began, len(part))
    return known, scorer.prepare_brief(brief) if all(text in known for text in facets) else None


def _remembered(encoder: Encoder, texts: list[str]) -> dict[str, Any]:
    recall = getattr(encoder, "recall", None)
    return {} if recall is None else dict(recall(texts))


def _prepared(creator: Creator, units: Sequence[Unit], known: dict[str, Any], width: int) -> Prepared:
    vectors = np.empty((len(units), width), dtype=np.float32)
    for row, unit in enumerate(units):
        vectors[row] = known[for_encoder(unit)]
    return Prepared(creator, tuple(units), vectors)


def _without_texts(
    scorer: Scorer, creators: Sequence[Creator], fits: Sequence[Component], brief: Brief, end: float
) -> list[CreatorScore]:
    """Results of creators whose texts were not read: with these niche fits, and other heads as far as time is left."""
    parts = []
    for creator, fit in zip(creators, fits, strict=True):
        empty = Prepared(creator, (), np.empty((0, scorer.encoder.width), dtype=np.float32))
        free = scorer.known_parts(empty)
        began = time.perf_counter()
        if free is None and began + scorer.pace.free <= end:
            free = scorer.free_parts([empty], PreparedBrief(brief, (), empty.vectors))[0]
            scorer.pace.told("free", time.perf_counter() - began, 1)
        absent = {name: abstention(name, NOT_IN_TIME) for name in HEADS}
        parts.append({**absent, **(free or {}), fit.name: fit})
    asked = msgspec.json.encode(brief, order="sorted")
    results = []
    for creator, of_one in zip(creators, parts, strict=True):
        digest = content_digest(creator)
        digest.update(asked)
        result = scorer.result(creator, brief, of_one, digest.hexdigest())
        results.append(msgspec.structs.replace(result, flags=(*result.flags, CUT)))
    return results
