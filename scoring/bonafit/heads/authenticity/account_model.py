"""Log-odds that an account is bought or fake, from an additive model with its calibration and what is usual."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.columns import Column, column_matrix, columns_from
from bonafit.tables.additive import AdditiveModel

FloatArray = npt.NDArray[np.float64]
Tables = Mapping[str, npt.NDArray[np.generic]]


class Effects(msgspec.Struct, frozen=True):
    """One account's evidence for "genuine", in log-odds.

    names    : column of each effect, or `a x b`.
    effects  : (n_terms,) added to the log-odds of genuine. intercept : log-odds where every effect is zero.
    variance : of the sum: over the bagged fits, plus what columns that are missing here usually move.
    values   : (n_columns,) what was seen, NaN where missing.
    """

    names: tuple[str, ...]
    effects: FloatArray
    intercept: float
    variance: float
    values: FloatArray

    @property
    def log_odds(self) -> float:
        """Log-odds of genuine at the training set's own share of genuine accounts."""
        return self.intercept + math.fsum(self.effects)


class EvidenceModel:
    """An additive model of "fake" over named columns, turned into calibrated log-odds of "genuine".

    The model's linear predictor e becomes -(shift + slope * e) (Platt 1999 on out-of-fold predictors), which keeps
    every effect additive. `anchor` is the average of the model for accounts whose link is unknown, where this one
    serves only those with a link, or without: what the link alone tells is the difference. `usual` holds, per follower
    decade, quantiles of each column among genuine accounts.
    """

    def __init__(
        self, columns: Sequence[Column], model: AdditiveModel, calibration: tuple[float, float],
        moves: FloatArray, usual: FloatArray, prior_log_odds: float, anchor: float | None = None,
    ) -> None:  # fmt: skip
        self.columns = tuple(columns)
        self.model = model
        self.shift, self.slope = calibration
        self.moves = moves
        self.usual = usual
        self.prior_log_odds = prior_log_odds
        self.anchor = anchor
        names = [c.name for c in columns]
        self._place = {name: j for j, name in enumerate(names)}
        # plain lists: bisecting one takes a tenth of an array call
        self._usual: list[list[list[float]]] = usual.tolist()
        self.mains = [(j, term.features[0]) for j, term in enumerate(model.terms) if len(term.features) == 1]
        self.names = tuple(" x ".join(names[f] for f in term.features) for term in model.terms)

    def effects(self, rows: Sequence[Mapping[str, float | None]]) -> list[Effects]:
        """Evidence of each account, in order; an account's bytes do not depend on its neighbours.

        rows : named columns of each account; None and absent names are missing.
        """
        X = column_matrix(rows, self.columns)
        raw, spread = self.model.effects(X)
        intercept = self.average
        out = []
        for row, e, s in zip(X, raw, spread, strict=True):
            missing = np.isnan(row)
            unseen = [j for j, column in self.mains if missing[column]]
            variance = self.slope**2 * (float(np.sum(s**2)) + float(np.sum(self.moves[unseen] ** 2)))
            out.append(Effects(self.names, -self.slope * e, intercept, variance, row))
        return out

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
            "prior_log_odds": self.prior_log_odds,
            "anchor": self.anchor,
        }
        tables = small(self.model.to_tables(prefix))
        tables[f"{prefix}.moves"] = self.moves
        tables[f"{prefix}.usual"] = self.usual.astype(np.float32)
        return section, tables

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables, prefix: str) -> EvidenceModel:
        columns = columns_from(section["columns"])
        model = AdditiveModel.from_tables(tables, prefix, n_columns=len(columns))
        shift, slope = section["calibration"]
        return cls(
            columns, model, (float(shift), float(slope)), tables[f"{prefix}.moves"].astype(np.float64),
            tables[f"{prefix}.usual"].astype(np.float64), float(section["prior_log_odds"]),
            None if section["anchor"] is None else float(section["anchor"]),
        )  # fmt: skip


# The models of one bundle. A link in the profile changes what nearly every other column means (5-fold AUC inside train
# .9594 for one model with pairs, .9614 for two), so accounts with and without one have a model each.
MODELS = ("url", "no_url", "any", "profile")


class AccountModels:
    """The account models by name: with a link, without one, link unknown, and from the profile alone."""

    def __init__(self, models: Mapping[str, EvidenceModel]) -> None:
        self.models = {name: models[name] for name in MODELS}

    @staticmethod
    def choose(values: Mapping[str, float | None]) -> str:
        """Name of the model for an account: by whether its posts and its link are known."""
        if values.get("caption_length") is None:
            return "profile"
        url = values.get("has_url")
        return "any" if url is None else "url" if url else "no_url"

    def effects(self, rows: Sequence[Mapping[str, float | None]]) -> list[tuple[EvidenceModel, Effects]]:
        """Each account's model and its evidence, in order."""
        names = [self.choose(row) for row in rows]
        found: dict[int, tuple[EvidenceModel, Effects]] = {}
        for name, model in self.models.items():
            chosen = [i for i, n in enumerate(names) if n == name]
            if not chosen:
                continue
            found |= {i: (model, e) for i, e in zip(chosen, model.effects([rows[i] for i in chosen]), strict=True)}
        return [found[i] for i in range(len(rows))]

    def log_odds_fake(self, rows: Sequence[Mapping[str, float | None]]) -> FloatArray:
        """Calibrated log-odds of fake at the training set's prior, (n,)."""
        return np.array([-e.log_odds for _, e in self.effects(rows)])

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section: dict[str, Any] = {}
        tables: dict[str, npt.NDArray[np.generic]] = {}
        for name, model in self.models.items():
            section[name], more = model.to_bundle(f"account.{name}")
            tables |= more
        return section, tables

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables) -> AccountModels:
        return cls({name: EvidenceModel.from_bundle(section[name], tables, f"account.{name}") for name in MODELS})


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
