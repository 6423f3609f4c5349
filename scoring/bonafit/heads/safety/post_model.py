"""How likely a text promotes each category, from its vector and its words: three linear models and a calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleCorruptError
from bonafit.heads.safety.categories import NAMES, SAID
from bonafit.heads.safety.words import COLUMNS, WordColumns
from bonafit.tables.arrays import FloatArray, Vectors
from bonafit.tables.logistic import logit, sigmoid

# What a text does with what it is about. The first is what a brand cannot stand beside.
STANCES = ("promotes", "reports", "jokes", "condemns")
# What a word of the category beside a word of such a manner is worth, by its own weight.
BESIDE = ("offer", "praise", "against", "report", "play", "without", "care")
# What the calibrated log-odds are linear in: of being about it and promoting, of both asked at once, the lesser of the
# two, whether a word of it is there, alone, beside the manners and times the log-odds of the stance, and a constant.
MIXED = ("about_and_promotes", "promotes", "least", "word", *BESIDE, "word_and_stance", "constant")
# From which a calibrated probability counts as promoting by itself: likelier than not.
SAYS = 0.5
# Posts together: the mean log-odds of the likeliest one in ONE_OF, LEAST of them or more, of which at least FEWEST lie
# within NEAR of the bound. Log-odds beyond LIMITS say no more, so that one loud post is not five. Less OWN_LEVEL of
# what the creator's middle post lies above the lower limit: all that a gardener writes lies a little nearer to drugs.
ONE_OF, LEAST, FEWEST, NEAR, LIMITS, OWN_LEVEL = 8, 5, 3, 1.0, (-6.0, 4.0), 0.3
_BESIDE_PLACES = [COLUMNS.index(name) for name in BESIDE]
IS_SAID = np.array([name in SAID for name in NAMES])


@dataclass(frozen=True)
class Judged:
    """Texts judged. promoted, about : (n, categories) probabilities that a text promotes a category, and is about it.

    stance : (n, len(STANCES)) probabilities, given that the text is about some category.
    """

    promoted: FloatArray
    about: FloatArray
    stance: FloatArray


@dataclass(frozen=True)
class PostModel:
    """The models. Each row of a weight matrix is a direction of the vector or a word column, the last its bias.

    about  : (width + columns + 1, categories), log-odds that a text is about a category.
    stance : (width + columns + 1, 4), softmax. promotes : (width + columns + 1, categories), log-odds that it promotes
    the category. mix : (categories, len(MIXED)), what each of MIXED counts in the calibrated log-odds at the stated
    prior. together : (categories,) value of `together` from which a creator's posts promote the category though each
    alone may be less likely than not; infinite where no such bound was fitted, as in bundles up to 2026.7.
    """

    words: WordColumns
    about: FloatArray
    stance: FloatArray
    promotes: FloatArray
    mix: FloatArray
    together: FloatArray

    def judge(self, vectors: Vectors, texts: Sequence[str]) -> Judged:
        """Of (n, width) vectors and their cleaned texts."""
        inputs = model_inputs(self.words, vectors, texts)
        about, promotes = inputs @ self.about, inputs @ self.promotes
        stance = softmax(inputs @ self.stance)
        mixed = mixture(about, stance, promotes, inputs[:, vectors.shape[1] : -1])
        return Judged(sigmoid(np.einsum("ncf,cf->nc", mixed, self.mix)), sigmoid(about), stance)

    def to_tables(self) -> dict[str, npt.NDArray[np.generic]]:
        """Arrays of an npz file."""
        own = {
            name: getattr(self, name).astype(np.float32) for name in ("about", "stance", "promotes", "mix", "together")
        }
        return own | self.words.to_tables()

    @classmethod
    def from_tables(cls, tables: Mapping[str, npt.NDArray[np.generic]]) -> PostModel:
        """Read what `to_tables` wrote. Raises BundleCorruptError where it is absent or of other shapes."""
        try:
            about, stance, promotes, mix = (
                tables[name].astype(np.float64) for name in ("about", "stance", "promotes", "mix")
            )
        except (KeyError, ValueError) as error:
            raise BundleCorruptError(f"safety: model cannot be read ({error}); publish the bundle again") from None
        rows, n = len(about), len(NAMES)
        bound = tables["together"].astype(np.float64) if "together" in tables else np.full(n, np.inf)
        shapes = (about.shape, stance.shape, promotes.shape, mix.shape, bound.shape)
        if shapes != ((rows, n), (rows, len(STANCES)), (rows, n), (n, len(MIXED)), (n,)) or rows <= len(COLUMNS):
            raise BundleCorruptError(f"safety: model of shapes {shapes}; publish the bundle again")
        return cls(WordColumns.from_tables(tables), about, stance, promotes, mix, bound)


def together(log_odds: FloatArray) -> FloatArray:
    """(...,) what the likeliest posts of creators say together, of (..., posts) log-odds; -inf for fewer than LEAST.

    The mean of the likeliest one in ONE_OF posts, or what FEWEST of them reach with NEAR in hand, whichever is less;
    less OWN_LEVEL of what the middle post lies above the least that is told apart.
    """
    posts = log_odds.shape[-1]
    if posts < LEAST:
        return np.full(log_odds.shape[:-1], -np.inf)
    best = np.flip(np.sort(np.clip(log_odds, *LIMITS), axis=-1), axis=-1)
    above = OWN_LEVEL * (np.median(best, axis=-1) - LIMITS[0])
    return np.asarray(np.minimum(best[..., : likeliest(posts)].mean(axis=-1), best[..., FEWEST - 1] + NEAR) - above)


def likeliest(posts: int) -> int:
    """How many of so many posts speak together."""
    return max(LEAST, -(-posts // ONE_OF))


def model_inputs(words: WordColumns, vectors: Vectors, texts: Sequence[str]) -> FloatArray:
    """(n, width + columns + 1): vectors, word columns and 1, of cleaned texts."""
    return np.hstack([vectors.astype(np.float64), words.matrix(texts), np.ones((len(texts), 1))])


def mixture(about: FloatArray, stance: FloatArray, promotes: FloatArray, words: FloatArray) -> FloatArray:
    """(n, categories, len(MIXED)): what the calibrated log-odds are linear in.

    The log-odds of being about a category and promoting it at once are those of the product of both probabilities;
    where the text itself is the harm, those of being about it. words : (n, len(COLUMNS)).
    """
    both = sigmoid(about) * np.where(IS_SAID, 1.0, stance[:, :1])
    both = np.clip(both, 1e-6, 1 - 1e-6)
    odds = logit(both)
    joint = np.clip(promotes, -14.0, 14.0)
    named = words[:, : len(NAMES)]
    beside = [named * words[:, [place]] for place in _BESIDE_PLACES]
    promoting = np.clip(stance[:, :1], 1e-6, 1 - 1e-6)
    stands = named * logit(promoting)
    return np.stack([odds, joint, np.minimum(odds, joint), named, *beside, stands, np.ones_like(odds)], axis=-1)


def softmax(x: FloatArray) -> FloatArray:
    """Rows that sum to 1."""
    raised = np.exp(x - x.max(axis=1, keepdims=True)) if len(x) else x
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
