"""cAUC: ranking among brands of one category, where telling a shoe from a drink does not help."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bonafit.tables.arrays import BoolArray, FloatArray

_DIGITS = 8


def brand_categories(brand_id: Sequence[str]) -> list[str]:
    """Category of each brand as set by hand in categories.toml; empty where it has none."""
    table = tomllib.loads(Path(__file__).with_name("categories.toml").read_text(encoding="utf-8"))
    category = {digest: name for name, digests in table.items() for digest in digests}
    return [category.get(hashlib.sha256(brand.encode()).hexdigest()[:_DIGITS], "") for brand in brand_id]


def category_auc(scores: FloatArray, positive: BoolArray, categories: Sequence[str]) -> tuple[float, int]:
    """Share of triples (brand, its creator, one of another brand of its category) ordered rightly, and their count.

    scores, positive : (n_brands, n_creators). A creator of both brands is in no triple; a tie counts as half; a creator
    of several other brands of the category counts once for each. NaN of 0 triples where no category has two brands.
    Source: cAUC of Gan et al., ACM MM 2019.
    """
    names = np.array(categories)
    right, total = 0.0, 0
    for b, name in enumerate(categories):
        same_shelf = np.flatnonzero((names == name) & (np.arange(len(names)) != b)) if name else np.zeros(0, np.int64)
        # how many of those brands each creator belongs to
        times = np.where(positive[b], 0, positive[same_shelf].sum(axis=0))
        wrong = np.flatnonzero(times)
        for own in scores[b, positive[b]]:
            ahead = (own > scores[b, wrong]) + 0.5 * (own == scores[b, wrong])
            right += float(times[wrong] @ ahead)
            total += int(times[wrong].sum())
    return (right / total if total else float("nan")), total
