"""Whether a creator's posts speak against the niche or the brand: loathing, mocking, running down by name.

One post says little (a text encoder hears tone only faintly), forty say enough: each post's odds of being adverse are
put together as evidence for a creator who runs the niche down in three posts of ten.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError
from bonafit.heads.niche_fit.contempt import Contempt
from bonafit.tables.arrays import BoolArray, FloatArray, IntArray, Vectors
from bonafit.text.units import Unit

# Share of adverse posts that the evidence is asked about (rule 13 of the judgement contract), and log odds of one post
# beyond which it counts no more.
ADVERSE_SHARE, MOST_ODDS = 0.3, 6.0
# Posts that name the brand from which their mean is asked for, and the mean log odds from which they run it down.
# Both, and MOST_ODDS, were set by hand on the judge's creators (decision 013).
LEAST_NAMED, BRAND_ODDS = 3, 0.0
# Log-odds of the fit of who is found to run the niche or the brand down: below those of any unrelated creator, by rule
# 13 of the judgement contract.
AGAINST = -8.0


@dataclass(frozen=True)
class Opinion:
    """What a creator's posts on the niche say of it. share : expected share of adverse posts; adverse : (n,) of each.

    found : whether the evidence suffices to say so. on_brand : whether posts that name the brand do.
    """

    share: float
    adverse: FloatArray
    found: bool
    on_brand: bool = False

    def effect(self, log_odds: float) -> float:
        """Added to the fit's log-odds, so that who is found stands at AGAINST at most; 0 where nothing was found."""
        return min(0.0, AGAINST - log_odds) if self.found else 0.0


@dataclass(frozen=True)
class Stance:
    """Log odds that a post is adverse, linear in its vector and in whether it has a word of contempt, at even prior.

    weights : (width,) float64. bias, word : float. contempt : the words. threshold : summed evidence from which a
    creator is told, so that at most 1 % of creators of instagram_2017 are and a prior of one in a hundred is outweighed
    (bonafit_training.heads.niche_fit.stance).
    """

    weights: FloatArray
    bias: float
    threshold: float
    word: float
    contempt: Contempt

    def log_odds(self, units: Sequence[Unit], vectors: Vectors | FloatArray) -> FloatArray:
        """(n,) log odds that each text is adverse, at most MOST_ODDS either way. vectors : (n, width), levelled."""
        if not len(units):
            return np.zeros(0)
        odds: FloatArray = vectors @ self.weights + self.bias + self.word * self.contempt.of(units)
        return np.clip(odds, -MOST_ODDS, MOST_ODDS)

    def opinion(self, logs: FloatArray, names: BoolArray | None = None, times: IntArray | None = None) -> Opinion:
        """Of the log odds of texts on the niche. names : (n,) which name the brand. times : (n,) posts that say each.

        Posts that name the brand are few and all of a kind: where their mean odds are adverse, that is enough.
        """
        if not len(logs):
            return Opinion(0.0, np.zeros(0), found=False)
        posts = np.ones(len(logs)) if times is None else times.astype(np.float64)
        odds = np.exp(logs)
        mixed = 1 - ADVERSE_SHARE + ADVERSE_SHARE * odds
        adverse: FloatArray = ADVERSE_SHARE * odds / mixed
        evidence = math.fsum((posts * np.log(mixed)).tolist())
        n = math.fsum(posts.tolist())
        share = math.fsum((posts * adverse).tolist()) / n
        is_adverse, on_brand = evidence >= self.threshold, False
        if names is not None and (named := math.fsum(posts[names].tolist())) >= LEAST_NAMED:
            on_brand = math.fsum((posts * logs)[names].tolist()) > BRAND_ODDS * named
            share = max(share, named / n) if on_brand else share
        return Opinion(share, adverse, is_adverse or on_brand, on_brand)

    def to_tables(self) -> dict[str, npt.NDArray[np.generic]]:
        """Arrays of an npz file."""
        rest = np.array([self.bias, self.threshold, self.word])
        return {"stance.weights": self.weights, "stance.bias": rest, **self.contempt.to_tables()}

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]]) -> Stance:
        """Read what `to_tables` wrote, now or before words counted. Raises BundleCorruptError where it is absent."""
        try:
            weights = tables["stance.weights"].astype(np.float64)
            bias, threshold, *word = tables["stance.bias"].astype(np.float64).tolist()
        except (KeyError, ValueError) as error:
            raise BundleCorruptError(f"niche_fit: stance cannot be read ({error}); publish the bundle again") from None
        return cls(weights, bias, threshold, word[0] if word else 0.0, Contempt.from_tables(tables))
