"""How many accounts of an audience are suspicious, corrected for the classifier's own errors, with an interval.

Counting what a classifier calls fake is biased: with error rates around a tenth, an audience without fakes shows a
tenth of them. Two corrections are here.

- `rogan_gladen` (Rogan & Gladen, American Journal of Epidemiology 107, 1978): from a count and the two error rates.
- `share_posterior`: the same idea on a histogram of scores instead of one cut, which is label-shift estimation by
  likelihood (Saerens et al., Neural Computation 14, 2002; Lipton et al., ICML 2018). The histograms of fake and genuine
  accounts carry Dirichlet uncertainty, so the interval covers both the sample's size and the classifier's error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import ShapeError
from bonafit.heads.authenticity.account_columns import profile_values
from bonafit.heads.authenticity.account_model import EvidenceModel, Tables
from bonafit.records import AudienceAccount

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Below this many accounts with a readable profile no share is reported.
LEAST_ACCOUNTS = 30
# Shares at which the posterior is evaluated.
GRID = (np.arange(401) + 0.5) / 401
# Draws of the score histograms; 64 move interval ends by under 0.002 against 1,000.
DRAWS = 64


class Share(msgspec.Struct, frozen=True):
    """A share of suspicious accounts in [0, 1]: corrected, with its 90 % interval, and as merely counted."""

    share: float
    interval: tuple[float, float]
    counted: float
    n: int


def rogan_gladen(positive: float, n: int, *, sensitivity: float, specificity: float) -> float:
    """True share in [0, 1] behind `positive` of `n` accounts called fake, clipped to [0, 1].

    Raises ShapeError where the classifier is no better than chance, since nothing can be corrected then.
    """
    youden = sensitivity + specificity - 1
    if n <= 0 or youden <= 0:
        raise ShapeError(f"{n} accounts and Youden's index {youden:.3f}; expected both positive")
    return float(np.clip((positive / n + specificity - 1) / youden, 0, 1))


def share_posterior(observed: IntArray, fake: FloatArray, genuine: FloatArray) -> FloatArray:
    """Posterior of the share of fakes on GRID, (401,), summing to 1, from a uniform prior.

    observed : (k,) accounts of the sample in each score bin. fake, genuine : (k,) labelled accounts in each bin.
    """
    # a fixed seed: the same sample gives the same bytes
    rng = np.random.default_rng(20)
    posterior: FloatArray = np.zeros(len(GRID))
    for f, g in zip(rng.dirichlet(fake + 0.5, DRAWS), rng.dirichlet(genuine + 0.5, DRAWS), strict=True):
        cells = np.log(GRID[:, None] * f + (1 - GRID[:, None]) * g)
        likelihood = np.sum(cells * observed, axis=1)
        likelihood = np.exp(likelihood - likelihood.max())
        posterior += likelihood / likelihood.sum()
    posterior /= posterior.sum()
    return posterior


def interval_of(posterior: FloatArray, level: float = 0.9) -> tuple[float, float]:
    """Shortest interval of a posterior on GRID that holds `level` of it."""
    cumulative = np.concatenate([[0.0], np.cumsum(posterior)])
    upper = np.searchsorted(cumulative, cumulative[:-1] + level)
    width = np.where(upper < len(cumulative), upper - np.arange(len(posterior)), len(posterior) + 1)
    start = int(np.argmin(width))
    step = 1 / len(GRID)
    return start * step, min(1.0, float(upper[start]) * step)


class AudienceModel:
    """An account model for audiences with the score histograms that its correction needs.

    edges : (k - 1,) increasing log-odds of fake. fake, genuine : (k,) labelled accounts in each bin, out of fold.
    """

    def __init__(self, model: EvidenceModel, edges: FloatArray, fake: FloatArray, genuine: FloatArray) -> None:
        if not len(edges) + 1 == len(fake) == len(genuine):
            raise ShapeError(f"{len(edges)} edges with {len(fake)} and {len(genuine)} bins; expected one bin more")
        self.model = model
        self.edges = edges
        self.fake = fake
        self.genuine = genuine

    def share(self, log_odds_fake: FloatArray) -> Share:
        """Share of fakes among accounts with these scores, (n,) log-odds."""
        observed = np.bincount(np.searchsorted(self.edges, log_odds_fake, side="right"), minlength=len(self.fake))
        posterior = share_posterior(observed, self.fake, self.genuine)
        return Share(
            share=float(np.sum(posterior * GRID)),
            interval=interval_of(posterior),
            counted=float(np.mean(log_odds_fake > 0)),
            n=len(log_odds_fake),
        )

    def reads(self, account: Mapping[str, float | None]) -> bool:
        """Whether the account has every column this model reads."""
        return all(account.get(c.name) is not None for c in self.model.columns)

    def scores(self, accounts: Sequence[Mapping[str, float | None]]) -> FloatArray:
        """Log-odds of fake at even odds, (n,)."""
        return np.array([self.model.prior_log_odds - e.log_odds for e in self.model.effects(accounts)])

    def to_bundle(self, prefix: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section, tables = self.model.to_bundle(prefix)
        return section, {
            **tables, f"{prefix}.edges": self.edges, f"{prefix}.fake": self.fake, f"{prefix}.genuine": self.genuine,
        }  # fmt: skip

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables, prefix: str) -> AudienceModel:
        model = EvidenceModel.from_bundle(section, tables, prefix)
        edges, fake, genuine = (tables[f"{prefix}.{k}"].astype(np.float64) for k in ("edges", "fake", "genuine"))
        return cls(model, edges, fake, genuine)


def audience_share(
    models: Mapping[str, AudienceModel], accounts: Sequence[AudienceAccount]
) -> tuple[Share, str] | None:
    """Share of suspicious accounts in a sample and the model that read it; None for under 30 readable accounts.

    A model's error rates hold only for accounts that have all its columns, so the model is the one that reads most of
    the sample; at equal numbers the earlier one.
    """
    values = [profile_values(account) for account in accounts]
    best: tuple[str, list[dict[str, float | None]]] | None = None
    for name, model in models.items():
        readable = [v for v in values if model.reads(v)]
        if len(readable) >= LEAST_ACCOUNTS and (best is None or len(readable) > len(best[1])):
            best = (name, readable)
    if best is None:
        return None
    model = models[best[0]]
    return model.share(model.scores(best[1])), best[0]
