"""What a page computes new weights from: the heads' answers and whatever else of a verdict does not depend on weights.

The page follows `scorer.combine` and `scorer.verdict`. Where following them with the stored weights does not give the
stored verdict again, because the result was made with other marks or by another version, the page is told to leave
that creator's verdict as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bonafit.heads import HEADS, WEIGHTED, weights_of
from bonafit.records import Brief, VerdictMarks, Weights
from bonafit.results import Component, CreatorScore
from bonafit.scorer.combine import LEAST, normalised_weights
from bonafit.scorer.verdict import review_signals, verdict_of

MARKED = ("niche_fit", "authenticity")


def stored_weights(results: Sequence[CreatorScore], brief: Brief | None) -> dict[str, float]:
    """Weights that the results were made with, summing to 1: their own, else the brief's, else the defaults."""
    for result in results:
        if result.contributions:
            return {part.component: part.weight for part in result.contributions}
    return normalised_weights(brief.weights if brief is not None else Weights())


def weights_data(results: Sequence[CreatorScore], brief: Brief | None) -> dict[str, Any]:
    """Everything that the page's script needs to score again, numbers in full."""
    weights = stored_weights(results, brief)
    marks = brief.verdict if brief is not None else VerdictMarks()
    return {
        "weights": weights,
        "given": weights_of(brief.weights) if brief is not None else weights,
        "least": LEAST,
        "heads": [[name, HEADS[name].label] for name in WEIGHTED],
        "marks": {"score": [marks.pass_score, marks.shortlist_score]}
        | {name: [getattr(marks, f"pass_{name}"), getattr(marks, f"shortlist_{name}")] for name in MARKED},
        "creators": [_creator(result, weights, marks) for result in results],
    }


def _creator(result: CreatorScore, weights: Mapping[str, float], marks: VerdictMarks) -> dict[str, Any]:
    parts = {part.name: part for part in result.components}
    values = [parts[name].value for name in WEIGHTED]
    signals = review_signals(result.flags)
    blocked = _is_blocked(result, parts, weights)
    return {
        "v": values,
        "r": [list(parts[name].interval or ()) or None for name in WEIGHTED],
        "s": result.score,
        "i": list(result.interval or ()) or None,
        "verdict": result.verdict,
        "signals": len(signals),
        "blocked": blocked,
        "fixed": not _is_followed(result, parts, weights, marks),
    }


def _is_blocked(result: CreatorScore, parts: Mapping[str, Component], weights: Mapping[str, float]) -> bool:
    """Whether no weights could put this creator into the ranking: never to be booked, or no recent posts.

    `scorer.verdict.missing` names one thing for each weighted head without a value, and one more for such posts.
    """
    if result.verdict == "never":
        return True
    without = sum(1 for name in WEIGHTED if weights[name] > 0 and parts[name].value is None)
    return result.score is None and len(result.verdict_reasons) > without


def _is_followed(
    result: CreatorScore, parts: Mapping[str, Component], weights: Mapping[str, float], marks: VerdictMarks
) -> bool:
    """Whether the stored verdict is the one that these weights and marks give."""
    if result.score is None:
        return True
    brief = Brief(brand="-", description="-", verdict=marks)
    return verdict_of(brief, parts, weights, result.score, result.flags)[0] == result.verdict


def digest_of(results: Sequence[CreatorScore]) -> str:
    """What these results are, as a short text: notes of one page are kept apart from those of another."""
    digest = hashlib.sha256()
    for result in sorted(results, key=lambda result: result.creator_id):
        digest.update(msgspec.json.encode((result.creator_id, result.input_digest, result.bundle_digest)))
    return digest.hexdigest()[:20]
