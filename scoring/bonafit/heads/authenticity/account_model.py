"""Log-odds that an account is bought or fake, from additive models with their calibration and what is usual."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_columns import PROFILE
from bonafit.heads.columns import Column, column_matrix, columns_from
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.arrays import FloatArray

Tables = Mapping[str, npt.NDArray[np.generic]]


class Effects(msgspec.Struct, frozen=True):
    """One account's evidence for "genuine", in log-odds.

    names   : column of each effect.
    effects : (n_terms,) added to the log-odds of genuine. intercept : log-odds where every effect is zero.
    values  : (n_columns,) what was seen.
    """

    names: tuple[str, ...]
    effects: FloatArray
    intercept: float
    values: FloatArray

    @property
    def log_odds(self) -> float:
        """Log-odds of genuine at even odds before any evidence."""
        return self.intercept + math.fsum(self.effects)


class EvidenceModel:
    """An additive model of "fake" over named columns, turned into calibrated log-odds of "genuine".

    The model's linear predictor e becomes -(shift + slope * e) (Platt 1999, by the set that asked for the smallest
    slope when it was left out), which keeps every effect additive. `usual` holds, per follower decade, quantiles of
    each column among genuine accounts. The log-odds are those at even odds before any evidence.
    """

    def __init__(
        self, columns: Sequence[Column], model: AdditiveModel, calibration: tuple[float, float], usual: FloatArray
    ) -> None:
        self.columns = tuple(columns)
        self.model = model
        self.shift, self.slope = calibration
        self.usual = usual
        names = [c.name for c in columns]
        self._place = {name: j for j, name in enumerate(names)}
        # plain lists: bisecting one takes a tenth of an array call
        self._usual: list[list[list[float]]] = usual.tolist()
        self.names = tuple(names[term.features[0]] for term in model.terms)

    def effects(self, rows: Sequence[Mapping[str, float | None]]) -> list[Effects]:
        """Evidence of each account, in order; an account's bytes do not depend on its neighbours.

        rows : named columns of each account, all of them known.
        """
        X = column_matrix(rows, self.columns)
        raw, _ = self.model.effects(X)
        return [Effects(self.names, -self.slope * e, self.average, row) for row, e in zip(X, raw, strict=True)]

    @property
    def average(self) -> float:
        """Log-odds of genuine where every effect is zero."""
        return -(self.shift + self.slope * self.model.intercept)

    def percentile(self, name: str, value: float, followers: float | None) -> float | None:
        """Share in [0, 1] of genuine accounts of like size whose value is at most this; None where unknown."""
        if followers is None or math.isnan(value) or not self._usual:
            return None
        quantiles = self._usual[decade(followers)][self._place[name]]
        if math.isnan(quantiles[0]):
            return None
        return (bisect_left(quantiles, value) + bisect_right(quantiles, value)) / (2 * len(quantiles))

    def to_bundle(self, prefix: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section: dict[str, Any] = {
            "columns": [msgspec.to_builtins(c) for c in self.columns],
            "calibration": [self.shift, self.slope],
        }
        tables = small(self.model.to_tables(prefix))
        tables[f"{prefix}.usual"] = self.usual.astype(np.float32)
        return section, tables

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables, prefix: str) -> EvidenceModel:
        columns = columns_from(section["columns"])
        model = AdditiveModel.from_tables(tables, prefix, n_columns=len(columns))
        shift, slope = section["calibration"]
        usual = tables[f"{prefix}.usual"].astype(np.float64)
        return cls(columns, model, (float(shift), float(slope)), usual)


# The models of one bundle, by the columns they read: a count that is unknown is not guessed, its model never saw it.
# Calibrated apart, each says the prior on average (`make benchmark ONLY=availability`).
PATTERNS: dict[str, tuple[str, ...]] = {
    "counts": ("followers", "following", "posts_count"),
    "followers_posts": ("followers", "posts_count"),
    "followers_following": ("followers", "following"),
    "followers": ("followers",),
}


class AccountModels:
    """The account models by what is known of an account; followers always are.

    largest : followers above which the labelled sets hold too few accounts to say anything.
    """

    def __init__(self, models: Mapping[str, EvidenceModel], *, largest: float) -> None:
        self.models = {name: models[name] for name in PATTERNS}
        self.largest = largest

    @staticmethod
    def choose(values: Mapping[str, float | None]) -> str | None:
        """Name of the model that reads exactly what is known; None without followers."""
        known = tuple(c.name for c in PROFILE if values.get(c.name) is not None)
        return next((name for name, columns in PATTERNS.items() if columns == known), None)

    def effects(self, rows: Sequence[Mapping[str, float | None]]) -> list[tuple[EvidenceModel, Effects] | None]:
        """Each account's model and its evidence, in order; None where followers are unknown."""
        names = [self.choose(row) for row in rows]
        out: list[tuple[EvidenceModel, Effects] | None] = [None] * len(rows)
        for name, model in self.models.items():
            places = [i for i, n in enumerate(names) if n == name]
            if places:
                for i, effects in zip(places, model.effects([rows[i] for i in places]), strict=True):
                    out[i] = (model, effects)
        return out

    def log_odds_fake(self, rows: Sequence[Mapping[str, float | None]]) -> FloatArray:
        """Calibrated log-odds of fake at even odds, (n,); NaN without followers."""
        return np.array([math.nan if e is None else -e[1].log_odds for e in self.effects(rows)])

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section: dict[str, Any] = {"largest": self.largest}
        tables: dict[str, npt.NDArray[np.generic]] = {}
        for name, model in self.models.items():
            section[name], more = model.to_bundle(f"account.{name}")
            tables |= more
        return section, tables

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables) -> AccountModels:
        models = {name: EvidenceModel.from_bundle(section[name], tables, f"account.{name}") for name in PATTERNS}
        return cls(models, largest=float(section["largest"]))


# Ends of the follower decades of the `usual` tables.
_DECADES = (100.0, 1e3, 1e4, 1e5)
N_DECADES = len(_DECADES) + 1


def decade(followers: float) -> int:
    """Follower decade, 0..4: below 100, 100-999, 1k-9,999, 10k-99,999, 100k and above."""
    return bisect_right(_DECADES, followers)


def small(tables: dict[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
    """Tables with scores in 32 bits and spreads in 16: what they drop is far below the spread over the bags."""
    kinds = {"scores": np.float32, "spread": np.float16}
    return {k: v.astype(kinds.get(k.rsplit(".", 1)[-1], v.dtype)) for k, v in tables.items()}
