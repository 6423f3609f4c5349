"""Scoring within a time limit: what could be read in time is scored exactly, and every result says how much that was.

Encoding is nearly all the time a fresh creator takes. The fast encoder's vectors live in a space of their own, so the
heads cannot be given them; it decides instead who is read first: creators it finds nearest to the brief are read whole
by the full encoder, one after the other, until the time is up. A creator's texts are read in the order they are kept
(bio, then newest first), never nearest first: a score over the texts that suit the brief best would flatter.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bonafit.errors import EncoderError
from bonafit.prepared import Encoder, PreparedBrief, Unit

# Texts encoded between two looks at the clock, by all threads: the limit is overrun by no more than these.
TEXTS_A_LOOK = 4
# Flags of a result that was cut short; the first holds the counts of texts read and of all.
CUT = "budget:read_{}_of_{}_texts"
BY_FAST = "budget:order_by_fast_encoder"


def cut_short(flags: Sequence[str]) -> bool:
    """Whether a result with these flags rests on a part of the creator's texts."""
    return any(flag.startswith(CUT.partition("{")[0]) for flag in flags)


class Pace:
    """Seconds that the heads need a creator, learned as a scorer works; 2 ms until the first measurement."""

    def __init__(self) -> None:
        self.seconds = 0.002

    def told(self, seconds: float, creators: int) -> None:
        """Take a measurement in; assigning a float needs no lock."""
        if creators:
            self.seconds += 0.2 * (seconds / creators - self.seconds)


@dataclass(frozen=True)
class Reading:
    """What was read in time. texts : how many of each creator's units, in the creators' order.

    by_fast : whether the fast encoder chose who was read first.
    """

    texts: tuple[int, ...]
    by_fast: bool

    def flags(self, i: int, of: int) -> tuple[str, ...]:
        """Flags of creator i, who has `of` texts; none where all were read."""
        if self.texts[i] == of:
            return ()
        return (CUT.format(self.texts[i], of), *((BY_FAST,) if self.by_fast else ()))


def read_in_time(
    units: Sequence[Sequence[Unit]],
    brief: PreparedBrief,
    *,
    full: Encoder,
    fast: Encoder | None,
    deadline: float,
) -> tuple[Reading, dict[str, Any]]:
    """Encode as many texts as the deadline (of time.perf_counter) allows; vectors by text, and what was read.

    The first look is always taken, so that no limit is too small for an answer.
    """
    order = list(range(len(units)))
    by_fast = fast is not None and len(units) > 1
    if fast is not None and by_fast:
        order = _by_fast(units, brief, fast)
    queue = list(dict.fromkeys(unit.text for i in order for unit in units[i]))
    known: dict[str, Any] = {}
    for start in range(0, len(queue), TEXTS_A_LOOK):
        if start and time.perf_counter() >= deadline:
            break
        part = queue[start : start + TEXTS_A_LOOK]
        known.update(zip(part, full.encode(part), strict=True))
    texts = []
    for of_one in units:
        read = 0
        while read < len(of_one) and of_one[read].text in known:
            read += 1
        texts.append(read)
    return Reading(tuple(texts), by_fast), known


def _by_fast(units: Sequence[Sequence[Unit]], brief: PreparedBrief, fast: Encoder) -> list[int]:
    from bonafit.encoders.cascade import shortlist

    facets = [facet.text for facet in brief.facets if facet.kind != "excluded"]
    texts = [[unit.text for unit in of_one] for of_one in units]
    # The cascade with the fast encoder in both stages keeps all of them and puts the likeliest first.
    return shortlist(texts, facets, fast=fast, full=fast, k=len(texts))


def find_fast_encoder(folder: Path, digest: str) -> Path:
    """The static encoder beside `folder` that was fitted to the encoder of this digest. Raises EncoderError."""
    from bonafit.encoders.card import read_card

    for candidate in sorted(folder.parent.iterdir()):
        try:
            card = read_card(candidate)
        except EncoderError:
            continue
        if card.kind == "static" and card.source.get("reference") == digest:
            return candidate
    raise EncoderError(
        f"{folder.parent}: no fast encoder fitted to {digest[:12]}; fit one, or load without a latency budget"
    )
