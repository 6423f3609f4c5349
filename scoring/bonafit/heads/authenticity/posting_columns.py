"""How an account posts: a timer's gaps, one hour of the day, bursts, identical captions. Habits of machine posting.

Hours are read without knowing the local time: every column is unchanged when all times shift by the same amount.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from bonafit.heads.authenticity.account_columns import EMPTY_CELLS, Values, display_cells, words
from bonafit.heads.columns import Column
from bonafit.records import Post
from bonafit.tables.arrays import FloatArray

# Times of fewer posts say too little about a habit; limits of this file are rules (decision 009).
LEAST_TIMES = 10
LEAST_CAPTIONS = 6
# A run of gaps equal within this share is a timer's.
SAME_GAP = 0.03
BURST_HOURS = 2 / 60

POSTING = (
    Column("same_gap_share", "share", -1, "largest share of times between posts that are equal within 3 %"),
    Column("hour_concentration", "share", 0, "how strongly posts crowd at one hour of the day, whichever it is"),
    Column("burst_share", "share", -1, "share of posts within two minutes of the one before"),
    Column("repeated_caption_share", "share", -1, "share of captions that repeat another word for word"),
)


def time_values(hours: FloatArray) -> Values:
    """Columns of posting times; all None for fewer than 10 times.

    hours : (n,) increasing, in hours from any origin.
    """
    if len(hours) < LEAST_TIMES:
        return {}
    gaps = np.maximum(np.diff(hours), 1 / 3600)
    ordered = np.sort(gaps)
    upto = np.searchsorted(ordered, ordered * (1 + SAME_GAP), side="right")
    same = int(np.max(upto - np.arange(len(ordered))))
    angles = 2 * np.pi * (hours % 24) / 24
    return {
        "same_gap_share": (same - 1) / len(gaps),
        "hour_concentration": math.hypot(float(np.mean(np.cos(angles))), float(np.mean(np.sin(angles)))),
        "burst_share": float(np.mean(gaps <= BURST_HOURS)),
    }


def caption_values(captions: Sequence[str]) -> Values:
    """Columns of repetition; None for fewer than 6 captions that say something."""
    written = [" ".join(words(c)) for c in captions if display_cells(c) > EMPTY_CELLS]
    if len(written) < LEAST_CAPTIONS:
        return {}
    return {"repeated_caption_share": sum(n for n in Counter(written).values() if n > 1) / len(written)}


def posting_values(posts: Sequence[Post]) -> Values:
    """Columns of machine posting, from a creator's posts."""
    hours = np.sort([p.posted_at.timestamp() / 3600 for p in posts if p.posted_at is not None])
    # a block of hashtags under every post is what many people use
    captions = [" ".join(w for w in (p.caption or p.title).split() if not w.startswith(("#", "＃"))) for p in posts]
    midnight = sum(float(h) % 24 == float(hours[0]) % 24 for h in hours) if len(hours) else 0
    # dates without a time of day would look like a timer
    dated_only = len(hours) > 0 and midnight == len(hours)
    return {**({} if dated_only else time_values(hours)), **caption_values(captions)}
