"""Whether creators, scores or their calibration are not what they were: one test a column, false alarms held over all.

Numbers are compared by place (rank sums), spread (Brown & Forsythe) and shape (Kolmogorov & Smirnov) at once, words and
gaps by chi-squared, calibration by the binomial test. Holm's procedure keeps the probability of any false alarm at
`level`, however many columns there are (Holm 1979).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np

from bonafit.campaign.candidates import next_post
from bonafit.campaign.outcomes import Outcome, by_creator, ran
from bonafit.campaign.scipy_parts import scipy_part
from bonafit.errors import InputError
from bonafit.results import COMPONENTS, CreatorScore
from bonafit.tables.arrays import FloatArray

# Of any false alarm: a little under a twentieth, so that few hundreds of pairs without a cause show it.
LEVEL = 0.04
# Creators on each side, and values of a column on each side, below which nothing is compared.
LEAST, LEAST_VALUES = 20, 15
# Words rarer than this share of both sides together are counted as others.
RARE = 0.02
PURPOSE = "finding drift"
# What intervals of the next post promise.
COVERS = 0.9

# Shares of a number's level that each of its tests has (weighted Bonferroni): most shifts are of place or spread.
WEIGHTS = {"place": 0.65, "spread": 0.25, "shape": 0.1}

# Directions along which texts are compared: those along which the creators of both sides differ most.
DIRECTIONS = 8

Value = float | str | None


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column compared. kind : input, score or calibration. test : of values or of how many are missing.

    p : as it came. adjusted : by Holm over all columns; drifted where it is at most the level.
    size : how far apart both sides lie: the largest difference of their distributions, or of any word's share.
    before, after : in words, what stood there.
    """

    name: str
    kind: str
    test: str
    p: float
    adjusted: float
    drifted: bool
    size: float
    before: str
    after: str


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """Two files of results compared. columns : those that drifted first, then by p. skipped : too few values."""

    n_before: int
    n_after: int
    level: float
    columns: tuple[Column, ...]
    skipped: tuple[str, ...]

    @property
    def drifted(self) -> tuple[Column, ...]:
        """Columns that are not what they were."""
        return tuple(column for column in self.columns if column.drifted)


def drift(
    before: Sequence[CreatorScore],
    after: Sequence[CreatorScore],
    *,
    level: float = LEVEL,
    outcomes: Sequence[Outcome] = (),
    texts: tuple[FloatArray, FloatArray] | None = None,
) -> Drift:
    """Every column of two files of results compared.

    outcomes : what the next posts of the later creators got; with them calibration is tested as well.
    texts    : vectors of the creators' texts, (n before, width) and (n after, width), a row each, NaN where somebody
               has none; with them what is written about is tested as well.
    Raises InputError for too few creators, or without scipy.
    """
    for name, results in (("before", before), ("after", after)):
        if len(results) < LEAST:
            raise InputError(f"{name}: {len(results)} creators, expected at least {LEAST} to compare")
    columns, skipped = compare(columns_of(before), columns_of(after), n=(len(before), len(after)))
    columns += _calibration(after, outcomes)
    if texts is not None:
        of_texts, too_few = compare(*along(*texts), n=(len(texts[0]), len(texts[1])))
        columns += of_texts
        skipped += too_few
    return Drift(
        n_before=len(before), n_after=len(after), level=level, columns=adjusted(columns, level), skipped=tuple(skipped)
    )


def along(old: FloatArray, new: FloatArray) -> tuple[dict[str, list[Value]], dict[str, list[Value]]]:
    """Vectors, (n, width) each, along the DIRECTIONS of both sides together, as columns; None for rows of NaN.

    The directions are the same whichever side a row stands on, so the tests of each hold as they do of a number.
    """
    both = np.concatenate([old, new])
    known = ~np.isnan(both).any(axis=1)
    places = np.full((len(both), DIRECTIONS), np.nan)
    if known.sum() > DIRECTIONS:
        centred = both[known] - both[known].mean(axis=0)
        directions = np.linalg.svd(centred, full_matrices=False)[2][:DIRECTIONS]
        places[known, : len(directions)] = centred @ directions.T
    sides: list[dict[str, list[Value]]] = []
    for part in (places[: len(old)], places[len(old) :]):
        columns = [[None if math.isnan(value) else value for value in column] for column in part.T.tolist()]
        sides.append({f"input/texts, direction {k}": column for k, column in enumerate(columns, start=1)})
    return sides[0], sides[1]


def compare(
    old: Mapping[str, Sequence[Value]], new: Mapping[str, Sequence[Value]], *, n: tuple[int, int]
) -> tuple[list[Column], list[str]]:
    """One entry a test of every column, not yet adjusted, and names of columns with too few values. n : creators."""
    columns: list[Column] = []
    skipped: list[str] = []
    for name in sorted({*old, *new}):
        columns += _compared(name, old.get(name, []), new.get(name, []), n=n, skipped=skipped)
    return columns, sorted(set(skipped))


def columns_of(results: Sequence[CreatorScore]) -> dict[str, list[Value]]:
    """Values by column, one a creator, None where missing: `input/` what was read, `score/` what came of it."""
    columns: dict[str, list[Value]] = {}
    for i, result in enumerate(results):
        for name, value in _values(result):
            column = columns.setdefault(name, [None] * len(results))
            column[i] = value
    return columns


def _values(result: CreatorScore) -> Iterator[tuple[str, Value]]:
    profile = result.profile
    if profile.followers is not None:
        yield "input/followers", math.log(profile.followers + 1)
    for name in ("platform", "language", "country", "category"):
        yield f"input/{name}", getattr(profile, name)
    yield "score/score", result.score
    yield "score/verdict", result.verdict
    yield "score/sufficiency", result.sufficiency
    for name in COMPONENTS:
        part = getattr(result, name)
        yield f"score/{name}", part.value
        for reason in part.reasons:
            if reason.feature != "baseline":
                yield f"input/{name}: {reason.feature}", reason.seen


def _compared(
    name: str, old: Sequence[Value], new: Sequence[Value], *, n: tuple[int, int], skipped: list[str]
) -> Iterator[Column]:
    stats = scipy_part("stats", PURPOSE)
    known = [[value for value in side if value is not None] for side in (old, new)]
    kind, label = name.split("/", 1)
    gaps = [[of - len(values), len(values)] for of, values in zip(n, known, strict=True)]
    if min(gaps[0][0] + gaps[1][0], gaps[0][1] + gaps[1][1]) >= LEAST_VALUES:
        shares = [gap[0] / sum(gap) for gap in gaps]
        yield Column(
            name=label, kind=kind, test="missing", p=float(stats.fisher_exact(gaps).pvalue), adjusted=1.0,
            drifted=False, size=abs(shares[1] - shares[0]),
            before=f"missing in {shares[0]:.0%}", after=f"missing in {shares[1]:.0%}",
        )  # fmt: skip
    if min(len(values) for values in known) < LEAST_VALUES:
        skipped.append(label)
    elif isinstance(known[0][0], str):
        yield from _words(label, kind, known, stats)
    else:
        sides = [np.array(values, dtype=np.float64) for values in known]
        shape = stats.ks_2samp(*sides, method="asymp")
        ps = {
            "place": float(stats.mannwhitneyu(*sides, method="asymptotic").pvalue),
            "spread": float(stats.levene(*sides, center="median").pvalue) if np.ptp(np.concatenate(sides)) else 1.0,
            "shape": float(shape.pvalue),
        }
        middles = [f"median {np.median(side):.4g}" for side in sides]
        yield Column(
            name=label, kind=kind, test="values", p=min(1.0, *(ps[of] / share for of, share in WEIGHTS.items())),
            adjusted=1.0, drifted=False, size=float(shape.statistic), before=middles[0], after=middles[1],
        )  # fmt: skip


def _words(label: str, kind: str, known: Sequence[Sequence[Value]], stats: object) -> Iterator[Column]:
    counts = [Counter(values) for values in known]
    total = sum(map(len, known))
    common = [word for word, count in (counts[0] + counts[1]).items() if count >= max(RARE * total, 10)]
    rows = [[side[word] for word in common] for side in counts]
    n_others = [len(values) - sum(row) for values, row in zip(known, rows, strict=True)]
    if sum(n_others) >= 10:
        rows = [[*row, other] for row, other in zip(rows, n_others, strict=True)]
    if len(rows[0]) < 2:
        return
    shares = np.array([np.array(row) / max(sum(row), 1) for row in rows])
    apart = int(np.argmax(np.abs(shares[1] - shares[0])))
    word = str(common[apart]) if apart < len(common) else "others"
    yield Column(
        name=label,
        kind=kind,
        test="values",
        p=float(stats.chi2_contingency(np.array(rows)).pvalue),  # type: ignore[attr-defined]
        adjusted=1.0,
        drifted=False,
        size=float(abs(shares[1, apart] - shares[0, apart])),
        before=f"{word} {shares[0, apart]:.0%}",
        after=f"{word} {shares[1, apart]:.0%}",
    )


def _calibration(results: Sequence[CreatorScore], outcomes: Sequence[Outcome]) -> Iterator[Column]:
    """Whether next posts lie in their 90 % intervals as often as promised, one post a creator, by count."""
    if not outcomes:
        return
    stats = scipy_part("stats", PURPOSE)
    rows = by_creator(outcomes, ((result.creator_id, result.label) for result in results))
    for count in ("likes", "comments", "views"):
        within = []
        for result in results:
            foreseen = next_post(result.engagement_quality).get(count)
            got = ran(rows.get(result.creator_id, ()), count)
            if foreseen is not None and got:
                within.append(foreseen.low <= got[0] <= foreseen.high)
        if len(within) >= LEAST_VALUES:
            share = sum(within) / len(within)
            yield Column(
                name=f"next post's {count} in their interval", kind="calibration", test="coverage",
                p=float(stats.binomtest(sum(within), len(within), COVERS).pvalue), adjusted=1.0, drifted=False,
                size=abs(share - COVERS), before=f"{COVERS:.0%} promised", after=f"{share:.0%} of {len(within)}",
            )  # fmt: skip


def adjusted(columns: Sequence[Column], level: float) -> tuple[Column, ...]:
    """Columns with Holm's adjusted p, those that drifted first."""
    order = sorted(columns, key=lambda column: (column.p, column.kind, column.name, column.test))
    highest, out = 0.0, []
    for rank, column in enumerate(order):
        highest = max(highest, min(1.0, column.p * (len(order) - rank)))
        out.append(msgspec.structs.replace(column, adjusted=highest, drifted=highest <= level))
    return tuple(out)
