"""The usual baseline where texts come with a few numbers: boosting on both, without encoder and history."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer

from bonafit.records import Creator, Post
from bonafit.tables.arrays import FloatArray

DIMENSIONS = 60


class TextAndNumbers:
    """scikit-learn's boosting with its defaults on numbers and the leading dimensions of TF-IDF."""

    def __init__(self, seed: int) -> None:
        self.words = TfidfVectorizer(min_df=3, max_features=30_000, sublinear_tf=True)
        self.leading = TruncatedSVD(DIMENSIONS, random_state=seed)
        self.boosting = HistGradientBoostingRegressor(random_state=seed)

    def fit(self, numbers: FloatArray, texts: Sequence[str], y: FloatArray) -> TextAndNumbers:
        """numbers : (n, k) float64, NaN where unknown. texts : n of them. y : (n,)."""
        leading = self.leading.fit_transform(self.words.fit_transform(texts))
        self.boosting.fit(np.hstack([numbers, leading]), y)
        return self

    def predict(self, numbers: FloatArray, texts: Sequence[str]) -> FloatArray:
        """Predictions, (n,)."""
        leading = self.leading.transform(self.words.transform(texts))
        return np.asarray(self.boosting.predict(np.hstack([numbers, leading])))


def codes(values: Sequence[str | None]) -> FloatArray:
    """Names as numbers by how frequent they are, (n,); trees can cut a frequent one out. NaN where there is none."""
    names, count = np.unique([v for v in values if v], return_counts=True)
    place = {name: float(i) for i, name in enumerate(names[np.lexsort((names, -count))].tolist())}
    return np.array([place.get(v, np.nan) if v else np.nan for v in values])


def profile_numbers(creators: Sequence[Creator]) -> FloatArray:
    """Followers, followed, verified, language, country and category of profiles, (n, 6)."""
    counts = np.log1p([[c.followers or 0, c.following or 0] for c in creators])
    flags = np.array([[np.nan if c.verified is None else float(c.verified)] for c in creators])
    names = [codes([getattr(c, key) for c in creators]) for key in ("language", "country", "category")]
    return np.hstack([counts, flags, np.stack(names, axis=1)])


def video_numbers(creators: Sequence[Creator], videos: Sequence[Post]) -> FloatArray:
    """Age when counted, length, hour, weekday, tags, and the channel's category and language, (n, 7).

    creators : the channel of each video.
    """
    own = np.array([[_age(v), np.log1p(v.duration_seconds or 0.0), *_when(v), len(v.tags)] for v in videos])
    names = [codes([getattr(c, key) for c in creators]) for key in ("category", "language")]
    return np.hstack([own, np.stack(names, axis=1)])


def _age(post: Post) -> float:
    if post.posted_at is None or post.counted_at is None:
        return np.nan
    return float(np.log(max((post.counted_at - post.posted_at).total_seconds() / 86_400, 0.0) + 0.02))


def _when(post: Post) -> tuple[float, float]:
    at = post.posted_at
    return (np.nan, np.nan) if at is None else (float(at.hour), float(at.weekday()))
