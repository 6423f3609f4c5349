"""The likeliest creators of a stream of any length, by the fast encoder, in memory for those kept alone.

The fast path for a file of millions: one pass finds who is worth the full encoder, and only those are scored in full.
Creators are ordered by the bundle's niche head for the fast encoder, which keeps far more of the full head's first
than plain cosines do (`make benchmark ONLY=speed/end_to_end` prints both for lists of several lengths).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import numpy as np

from bonafit.encoders.encoder import Encoder
from bonafit.heads.head import Head
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.text.units import NOT_WANTED, Unit, brief_facets, creator_units, for_encoder

# Creators encoded together; the bytes of a fit do not depend on it.
BATCH = 512
# Without a head a creator's fit to a facet is the mean of their best similarities: one caption may be a coincidence.
BEST = 3
NO_FIT = float("-inf")


def preselect(
    creators: Iterable[Creator], brief: Brief, *, fast: Encoder, head: Head | None = None, keep: int
) -> list[Creator]:
    """The `keep` creators that the fast encoder finds likeliest, best first; of equal ones the earlier.

    head : the bundle's niche head for `fast` (`bonafit.scorer.load.load_fast` gives both); None ranks by cosines.
    A creator that it cannot judge, as one without texts, comes after all others.
    Raises BriefError where the brief cannot be used.
    """
    heap: list[tuple[float, int, Creator]] = []
    for place, (fit, creator) in enumerate(rough_fits(creators, brief, fast=fast, head=head)):
        # The place decides between equal fits, so that creators themselves are never compared.
        item = (fit, -place, creator)
        if len(heap) < keep:
            heapq.heappush(heap, item)
        elif keep > 0 and item[:2] > heap[0][:2]:
            heapq.heapreplace(heap, item)
    return [creator for _, _, creator in sorted(heap, key=lambda item: item[:2], reverse=True)]


def rough_fits(
    creators: Iterable[Creator], brief: Brief, *, fast: Encoder, head: Head | None = None
) -> Iterator[tuple[float, Creator]]:
    """Every creator with their fit by the fast encoder, in order; -inf where it cannot be judged.

    A fit is the head's calibrated probability in [0, 1], without a head a cosine in [-1, 1].
    Three batches of creators are held: one batch is encoded while the next is read and cleaned.
    Raises BriefError where the brief cannot be used.
    """
    facets = brief_facets(brief)
    prepared_brief = PreparedBrief(brief, facets, fast.encode([for_encoder(facet) for facet in facets]))
    source = iter(creators)
    with ThreadPoolExecutor(1, thread_name_prefix="bonafit-look") as pool:
        waiting: Future[list[tuple[float, Creator]]] | None = None
        while batch := list(islice(source, BATCH)):
            units = [creator_units(creator) for creator in batch]
            following = pool.submit(_batch, batch, units, prepared_brief, fast, head)
            if waiting is not None:
                yield from waiting.result()
            waiting = following
        if waiting is not None:
            yield from waiting.result()


def _batch(
    creators: Sequence[Creator],
    units: Sequence[tuple[Unit, ...]],
    brief: PreparedBrief,
    fast: Encoder,
    head: Head | None,
) -> list[tuple[float, Creator]]:
    texts = list(dict.fromkeys(for_encoder(unit) for creator_units in units for unit in creator_units))
    row = {text: i for i, text in enumerate(texts)}
    vectors = fast.encode(texts)
    prepared = [
        Prepared(
            creator,
            creator_units,
            vectors[[row[for_encoder(unit)] for unit in creator_units]] if creator_units else vectors[:0],
        )
        for creator, creator_units in zip(creators, units, strict=True)
    ]
    if head is None:
        return [(_cosine(creator, brief), creator.creator) for creator in prepared]
    answers = head.score(prepared, brief)
    return [
        (NO_FIT if answer.value is None else answer.value, creator)
        for answer, creator in zip(answers, creators, strict=True)
    ]


def _cosine(creator: Prepared, brief: PreparedBrief) -> float:
    if not creator.units:
        return NO_FIT
    columns = [j for j, facet in enumerate(brief.facets) if facet.kind not in NOT_WANTED]
    # Each creator's own product: its bytes do not depend on who stands beside it.
    similar = creator.vectors @ np.ascontiguousarray(brief.vectors[columns].T)
    return float(np.sort(similar, axis=0)[-BEST:].mean())
