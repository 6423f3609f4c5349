"""How many accounts of an audience are suspicious, corrected for the classifier's own errors, with an interval.

Counting what a classifier calls fake is biased: with error rates around a tenth, an audience without fakes shows a
tenth of them. `share_posterior` corrects a histogram of scores, which is label-shift estimation by likelihood (Saerens
et al., Neural Computation 14, 2002; Lipton et al., ICML 2018). What fake and genuine accounts score differs between
collections by more than any sample can tell, so the histograms are drawn from all of them: the interval carries the
spread between collections, the sample's size and the classifier's error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import ShapeError
from bonafit.heads.authenticity.account_columns import profile_values
from bonafit.heads.authenticity.account_model import PATTERNS, AccountModels, Tables
from bonafit.records import AudienceAccount
from bonafit.tables.arrays import FloatArray, IntArray

# Below this many accounts with readable counts a sample says nothing, by rule.
LEAST_ACCOUNTS = 8
# Shares at which the posterior is evaluated.
GRID = (np.arange(201) + 0.5) / 201
# Draws of the score histograms.
DRAWS = 64
# A new collection is as far from the mixture of the known ones as so many accounts drawn from it: chosen by
# leave-one-set-out coverage among 10, 30 and 100 (docs/decisions/009-authenticity-from-several-sets.md).
COLLECTION_ACCOUNTS = 10.0
# The share that a sample shows at the least: this quantile of the posterior is evidence, the rest is doubt (decision
# 009: shares are off by .01 to .28, so that the middle would accuse).
AT_LEAST = 0.25
# The account models that read one account of a sample, best first.
READERS = ("counts", "followers_following", "followers_posts")


class Share(msgspec.Struct, frozen=True):
    """A share of suspicious accounts in [0, 1]: corrected, its 90 % interval, at the least, and as merely counted."""

    share: float
    interval: tuple[float, float]
    at_least: float
    counted: float
    n: int


def share_cells(fake: FloatArray, genuine: FloatArray, *, accounts: float = COLLECTION_ACCOUNTS) -> FloatArray:
    """Log probability of a score bin at every share, for each of the draws of what a collection may look like.

    fake, genuine : (collections, bins) share of each collection's labelled accounts in each bin, rows summing to 1.
    accounts : how like the mixture of the known collections a new one is.
    Returns (draws, 201, bins).
    """
    # a fixed seed: the same sample gives the same bytes
    rng = np.random.default_rng(20)
    weights = rng.dirichlet(np.ones(len(fake)), (2, DRAWS))
    cells = []
    for of_fake, of_genuine in zip(*weights, strict=True):
        f, g = (rng.dirichlet(accounts * (w @ table) + 0.1) for w, table in ((of_fake, fake), (of_genuine, genuine)))
        cells.append(np.log(GRID[:, None] * f + (1 - GRID[:, None]) * g + 1e-12))
    return np.array(cells)


def share_posterior(observed: IntArray, cells: FloatArray) -> FloatArray:
    """Posterior of the share of fakes on GRID, (201,), summing to 1, from a uniform prior; the mean over the draws.

    observed : (bins,) accounts of the sample in each score bin. cells : as `share_cells` gives them.
    """
    # bin by bin: the order of addition is fixed, whatever library multiplies matrices
    total = np.zeros(cells.shape[:2])
    for k, count in enumerate(observed.tolist()):
        if count:
            total += count * cells[:, :, k]
    likelihood = np.exp(total - total.max(axis=1, keepdims=True))
    likelihood /= likelihood.sum(axis=1, keepdims=True)
    posterior = likelihood.sum(axis=0)
    return np.asarray(posterior / posterior.sum())


def quantile_of(posterior: FloatArray, level: float) -> float:
    """Quantile of a posterior on GRID."""
    place = int(np.searchsorted(np.cumsum(posterior), level))
    return float(GRID[min(place, len(GRID) - 1)])


def even(counts: FloatArray) -> FloatArray:
    """Counts of each collection in each bin as shares; half an account in every bin, since none is impossible."""
    shares = counts + 0.5
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


class AudienceModel:
    """What fake and genuine accounts of several collections score under one account model.

    edges : (bins - 1,) increasing log-odds of fake. fake, genuine : (collections, bins) labelled accounts.
    """

    def __init__(self, edges: FloatArray, fake: FloatArray, genuine: FloatArray) -> None:
        if not len(edges) + 1 == fake.shape[1] == genuine.shape[1] or len(fake) != len(genuine):
            raise ShapeError(f"{len(edges)} edges with bins {fake.shape} and {genuine.shape}; expected one bin more")
        self.edges = edges
        self.fake = fake
        self.genuine = genuine
        self._cells = share_cells(even(fake), even(genuine))

    def share(self, log_odds_fake: FloatArray) -> Share:
        """Share of fakes among accounts with these scores, (n,) log-odds."""
        observed = np.bincount(np.searchsorted(self.edges, log_odds_fake, side="right"), minlength=len(self.edges) + 1)
        posterior = share_posterior(observed, self._cells)
        return Share(
            share=float(np.sum(posterior * GRID)),
            interval=(quantile_of(posterior, 0.05), quantile_of(posterior, 0.95)),
            at_least=quantile_of(posterior, AT_LEAST),
            counted=float(np.mean(log_odds_fake > 0)),
            n=len(log_odds_fake),
        )

    def to_tables(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """Tables that `from_tables` reads."""
        return {f"{prefix}.edges": self.edges, f"{prefix}.fake": self.fake, f"{prefix}.genuine": self.genuine}

    @classmethod
    def from_tables(cls, tables: Tables, prefix: str) -> AudienceModel:
        edges, fake, genuine = (tables[f"{prefix}.{k}"].astype(np.float64) for k in ("edges", "fake", "genuine"))
        return cls(edges, fake, genuine)


def audience_share(
    accounts: AccountModels, audiences: Mapping[str, AudienceModel], sample: Sequence[AudienceAccount]
) -> tuple[Share, str] | None:
    """Share of suspicious accounts in a sample and the model that read it; None for under 8 readable accounts.

    A model's error rates hold only for accounts that have all its columns, so the model is the one that reads most of
    the sample; at equal numbers the one that reads more of an account.
    """
    values = [profile_values(account) for account in sample]
    best: tuple[str, list[dict[str, float | None]]] | None = None
    for name in READERS:
        readable = [{c: v[c] for c in PATTERNS[name]} for v in values if all(v[c] is not None for c in PATTERNS[name])]
        if len(readable) >= LEAST_ACCOUNTS and (best is None or len(readable) > len(best[1])):
            best = (name, readable)
    if best is None:
        return None
    scores = accounts.log_odds_fake(best[1])
    return audiences[best[0]].share(scores), best[0]
