"""One platform's engagement model: expected curve, content, own level and what remains, all additive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.engagement_quality.backtest import Backtest, backtest_of, share_of_trees
from bonafit.heads.engagement_quality.channels import ChannelNorm
from bonafit.heads.engagement_quality.columns import COLUMNS, CONTEXT, HISTORY, INDEX
from bonafit.heads.engagement_quality.expected import Curve
from bonafit.heads.engagement_quality.history import compared_values, history_values
from bonafit.heads.engagement_quality.interval import QuantileBand, adapted, cell_of, shape_values
from bonafit.heads.engagement_quality.known import Known, known
from bonafit.heads.engagement_quality.level import LevelParameters
from bonafit.heads.engagement_quality.rows import N_GIVEN, N_PROFILE, given_columns, unit_scores, usual_given
from bonafit.heads.engagement_quality.series import Basis, Series, read_series
from bonafit.heads.engagement_quality.text_scores import TextScore
from bonafit.prepared import Prepared
from bonafit.records import Creator
from bonafit.tables.arrays import FloatArray, IntArray
from bonafit.tables.calibration import CalibrationMap
from bonafit.tables.trees import BoostedTrees

Tables = Mapping[str, npt.NDArray[np.generic]]
CONTEXT_AT = [INDEX[name] for name in CONTEXT]
HISTORY_GAP = next(i for i, column in enumerate(HISTORY) if column.name == "gap8")
_NAMES = [column.name for column in COLUMNS]
# Probability that trees are right of a creator of whom nothing speaks for or against them (docs/decisions/012).
PRIOR = 0.7
# Posts ahead that stand for the next ones.
AHEAD = 3
# Nobody's place among a platform's creators is known to better than this: sets hold some hundreds to some thousands.
EDGE = 0.002


@dataclass(frozen=True)
class Forecast:
    """Prediction of a creator's next posts, in log units; everything adds up.

    expected : log rate expected at this size, platform, language and age. lift : predicted minus expected.
    effects  : of each column on the lift; with `intercept` they sum to it. row : the columns' values.
    post, typical : 90 % bounds of one next post's and of the next posts' median log rate.
    """

    expected: float
    lift: float
    intercept: float
    effects: dict[str, float]
    row: FloatArray
    post: tuple[float, float]
    typical: tuple[float, float]


@dataclass(kw_only=True, eq=False)
class PlatformModel:
    """The parts fitted for one platform, `pooled` for those without data of their own.

    content : trees over PROFILE and POST columns for what a post of this content gets, None where nothing is gained.
    rest    : trees over all columns for what level and content leave unexplained, None in the pooled model.
    believed : share in [0, 1] of their answer that is taken where no post is known.
    prior   : probability that the trees are right of a creator whose own past says nothing about them (backtest.py).
    texts   : by unit kind (`bio`, `caption`, `title`). levels_of : shrunken mean lift by language and by category.
    platform_spread : standard deviation of platforms around a curve of several, 0 for a platform's own model.
    norms   : usual comments and views for likes, as far as sets of the platform show them.
    standing : lift to percentile among creators.
    """

    basis: Basis
    curve: Curve
    level: LevelParameters
    texts: Mapping[str, TextScore]
    levels_of: Mapping[str, Mapping[str, float]]
    content: BoostedTrees | None
    rest: BoostedTrees | None
    post_band: QuantileBand
    typical_band: QuantileBand
    standing: CalibrationMap
    norms: Mapping[str, ChannelNorm]
    believed: float = 1.0
    prior: float = PRIOR
    platform_spread: float = 0.0

    def __post_init__(self) -> None:
        self.standing = bounded(self.standing)

    def read(self, creator: Creator, *, keep_unsettled: bool = False) -> Series:
        """The creator's posts under this platform's definition."""
        share = self.norms["comments"].assumed if "comments" in self.norms else 0.0
        return read_series(creator, self.basis, comment_share=share, keep_unsettled=keep_unsettled)

    def know(self, prepared: Sequence[Prepared], series: Sequence[Series]) -> list[Known]:
        """Everything that past posts of each creator say, in order; nothing depends on the neighbours."""
        scores = unit_scores(prepared, self.texts)
        given = [
            given_columns(creator, s, text_scores, self.levels_of)
            for creator, s, text_scores in zip(prepared, series, scores, strict=True)
        ]
        expected = expected_of(series, given, self.curve, self.content)
        return [known(*arguments, self.level) for arguments in zip(series, given, expected, scores, strict=True)]

    def forecast(self, prepared: Sequence[Prepared], knowledge: Sequence[Known]) -> list[Forecast]:
        """Prediction of each creator's next posts from all that is known, in order."""
        if not prepared:
            return []
        given = np.stack(
            [
                usual_given(creator, known.series, known.given, known.scores, self.levels_of)
                for creator, known in zip(prepared, knowledge, strict=True)
            ]
        )
        expected = self.curve(given[:, INDEX["size"]])
        if self.content is not None:
            expected = expected + self.content.predict(given)
        rows = np.stack(list(map(_next_row, given, expected.tolist(), knowledge)))
        effects = np.zeros_like(rows)
        intercept = np.zeros(len(rows))
        if self.content is not None:
            effects[:, :N_GIVEN] += self.content.effects(rows[:, :N_GIVEN])
            intercept += self.content.intercept
        if self.rest is not None:
            share = self.share_of_rest(
                np.array([len(known.series) for known in knowledge]),
                [backtest_of(known, self.level, start=0, cut=len(known.series)) for known in knowledge],
            )
            effects += share[:, None] * self.rest.effects(rows)
            intercept += share * self.rest.intercept
        return [
            self._forecast(row, of_row, start, known)
            for row, of_row, start, known in zip(rows, effects, intercept.tolist(), knowledge, strict=True)
        ]

    def share_of_rest(self, n_known: IntArray, backtests: Sequence[Backtest | None]) -> FloatArray:
        """Share in [0, 1] of the trees' answer that is taken, (n,). n_known : (n,) posts known."""
        foreseen, error, variance = (np.full(len(backtests), value) for value in (np.nan, 0.0, 1.0))
        tested = [i for i, backtest in enumerate(backtests) if backtest is not None]
        if tested and self.rest is not None:
            measured = [backtest for backtest in backtests if backtest is not None]
            foreseen[tested] = self.rest.predict(np.stack([backtest.row for backtest in measured]))
            error[tested] = [backtest.error for backtest in measured]
            variance[tested] = [backtest.variance for backtest in measured]
        share = share_of_trees(foreseen, error, variance, prior=self.prior)
        return np.where(n_known == 0, self.believed, share)

    def _forecast(self, row: FloatArray, effects: FloatArray, intercept: float, known: Known) -> Forecast:
        size = row[INDEX["size"]]
        context = 0.0
        for i in CONTEXT_AT:
            context += float(effects[i])
            effects[i] = 0.0
        effects[INDEX["level"]] += row[INDEX["level"]]
        lift = intercept
        for effect in effects.tolist():
            lift += effect
        expected = float(self.curve(np.array([size]))[0]) + context
        middle = expected + lift
        post, typical = self._errors(row, known)
        return Forecast(
            expected=expected,
            lift=lift,
            intercept=intercept,
            effects={_NAMES[i]: float(effects[i]) for i in np.flatnonzero(effects).tolist()},
            row=row,
            post=(middle + post[0], middle + post[1]),
            typical=(middle + typical[0], middle + typical[1]),
        )

    def _errors(self, row: FloatArray, known: Known) -> tuple[tuple[float, float], tuple[float, float]]:
        """90 % bounds of the error of one next post's log rate and of their typical one. row : (len(COLUMNS),)."""
        shape, cell = shape_values(row), cell_of(row[INDEX["size"]], len(known.series))
        low, high = self.post_band(shape, cell)
        of_others = min(low, 0.0), max(high, 0.0)
        post = adapted(of_others, known.lift, np.array([level.mean for level in known.levels[:-1]]))
        # the typical rate is wider in the proportion in which one post is
        wider = (post[1] - post[0]) / max(of_others[1] - of_others[0], 1e-9)
        low, high = self.typical_band(shape, cell)
        return post, (min(low, 0.0) * wider, max(high, 0.0) * wider)

    def typical_error(self, row: FloatArray, known: Known, plain: Known) -> tuple[float, float]:
        """90 % bounds of the error of the typical rate where posts are read against the curve alone.

        row : (len(COLUMNS),) of the next posts as foreseen from `known`. plain : the same posts over the curve.
        """
        if plain is known:
            return self._errors(row, known)[1]
        return self._errors(_next_row(row[:N_GIVEN], float(row[N_GIVEN]), plain), plain)[1]

    def to_bundle(self, prefix: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section: dict[str, Any] = {
            "basis": msgspec.to_builtins(self.basis),
            "level": msgspec.to_builtins(self.level),
            "levels_of": self.levels_of,
            "texts": sorted(self.texts),
            "trees": [name for name in ("content", "rest") if getattr(self, name) is not None],
            "norms": msgspec.to_builtins(self.norms),
            "believed": self.believed,
            "prior": self.prior,
            "platform_spread": self.platform_spread,
            "margins": {"post": self.post_band.margins, "typical": self.typical_band.margins},
        }
        tables = self.curve.to_tables(f"{prefix}.curve")
        for kind, text in self.texts.items():
            tables |= text.to_tables(f"{prefix}.text.{kind}")
        for name in section["trees"]:
            tables |= getattr(self, name).to_tables(f"{prefix}.{name}")
        tables |= self.post_band.to_tables(f"{prefix}.band.post")
        tables |= self.typical_band.to_tables(f"{prefix}.band.typical")
        return section, tables | self.standing.to_tables(f"{prefix}.standing")

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables, prefix: str) -> PlatformModel:
        """Construct what `to_bundle` wrote."""
        widths = {"content": N_GIVEN, "rest": len(COLUMNS)}
        trees = {
            name: BoostedTrees.from_tables(tables, f"{prefix}.{name}", n_columns=widths[name])
            for name in section["trees"]
        }
        return cls(
            basis=msgspec.convert(section["basis"], Basis),
            curve=Curve.from_tables(tables, f"{prefix}.curve"),
            level=msgspec.convert(section["level"], LevelParameters),
            texts={kind: TextScore.from_tables(tables, f"{prefix}.text.{kind}") for kind in section["texts"]},
            levels_of=section["levels_of"],
            content=trees.get("content"),
            rest=trees.get("rest"),
            post_band=QuantileBand.from_tables(tables, f"{prefix}.band.post", section["margins"]["post"]),
            typical_band=QuantileBand.from_tables(tables, f"{prefix}.band.typical", section["margins"]["typical"]),
            standing=CalibrationMap.from_tables(tables, f"{prefix}.standing"),
            norms=msgspec.convert(section["norms"], dict[str, ChannelNorm]),
            believed=section["believed"],
            prior=section["prior"],
            platform_spread=section["platform_spread"],
        )


def bounded(standing: CalibrationMap) -> CalibrationMap:
    """The same map within EDGE of 0 and 1."""
    return CalibrationMap(standing.x, np.clip(standing.y, EDGE, 1 - EDGE))


def _next_row(given: FloatArray, expected: float, known: Known) -> FloatArray:
    """All columns of a creator's next posts, (len(COLUMNS),). given : (N_GIVEN,) of a typical one."""
    span = slice(0, len(known.series))
    history = history_values(known.series, known.lift, known.given[:, N_PROFILE:], known.levels[-1], span)
    gap = history[HISTORY_GAP]
    ahead = compared_values(
        given[N_PROFILE:],
        history,
        steps_ahead=AHEAD,
        days_ahead=float(np.exp(gap)) * AHEAD if not np.isnan(gap) else np.nan,
        expected=expected,
        known=known.expected,
    )
    return np.concatenate([given, history, ahead])


def expected_of(
    series: Sequence[Series], given: Sequence[FloatArray], curve: Curve, content: BoostedTrees | None
) -> list[FloatArray]:
    """Log rates expected of each creator's posts: the curve at the size of their time, plus what their content gets."""
    base = [curve(s.size if s.basis.denominator == "followers" else np.full(len(s), np.nan)) for s in series]
    if content is None or not base:
        return base
    ends = np.cumsum([len(s) for s in series])[:-1]
    parts = np.split(content.predict(np.concatenate(given)), ends)
    return [of_curve + of_content for of_curve, of_content in zip(base, parts, strict=True)]
