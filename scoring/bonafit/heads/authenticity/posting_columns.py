"""How an account posts: regularity of times, hours of the day, repetition. Features of machine posting.

Hours are read without knowing the local time: every column is unchanged when all times shift by the same amount.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_columns import EMPTY_CELLS, Values, display_cells, hashtags, words
from bonafit.heads.columns import Column
from bonafit.records import Post

FloatArray = npt.NDArray[np.float64]

# Times of fewer posts say too little about a habit.
LEAST_TIMES = 10
LEAST_CAPTIONS = 6
# A run of gaps equal within this share is a timer's.
SAME_GAP = 0.03
BURST_HOURS = 2 / 60
BLOCK = 4

POSTING = (
    Column("gap_spread", "log10 ratio", 0, "spread of the time between posts (standard deviation of its logarithm)"),
    Column("gap_entropy", "share", 0, "how evenly the times between posts fill the scale from minutes to weeks"),
    Column("same_gap_share", "share", -1, "largest share of times between posts that are equal within 3 %"),
    Column("hour_concentration", "share", 0, "how strongly posts crowd at one hour of the day, whichever it is"),
    Column("quiet_hours", "hours", 1, "longest stretch of the day without any post"),
    Column("burst_share", "share", -1, "share of posts within two minutes of the one before"),
    Column("repeated_caption_share", "share", -1, "share of captions that repeat another word for word"),
    Column("repeated_block_share", "share", -1, "share of posts that carry the same block of hashtags as another"),
)


def time_values(hours: FloatArray) -> Values:
    """Columns of posting times; all None for fewer than 10 times.

    hours : (n,) increasing, in hours from any origin.
    """
    if len(hours) < LEAST_TIMES:
        return {}
    gaps = np.maximum(np.diff(hours), 1 / 3600)
    logs = np.log10(gaps)
    # quarter decades from one minute to a year
    bins = np.clip(np.floor((logs + 2) * 4), 0, 23).astype(int)
    counts = np.bincount(bins, minlength=24) / len(gaps)
    entropy = -sum(p * math.log(p) for p in counts if p > 0) / math.log(min(24, len(gaps)))
    ordered = np.sort(gaps)
    upto = np.searchsorted(ordered, ordered * (1 + SAME_GAP), side="right")
    same = int(np.max(upto - np.arange(len(ordered))))
    angles = 2 * np.pi * (hours % 24) / 24
    resultant = math.hypot(float(np.mean(np.cos(angles))), float(np.mean(np.sin(angles))))
    clock = np.sort(hours % 24)
    quiet = float(np.max(np.diff(np.append(clock, clock[0] + 24))))
    return {
        "gap_spread": float(np.std(logs)),
        "gap_entropy": min(1.0, entropy),
        "same_gap_share": (same - 1) / len(gaps),
        "hour_concentration": resultant,
        "quiet_hours": quiet,
        "burst_share": float(np.mean(gaps <= BURST_HOURS)),
    }


def caption_values(captions: Sequence[str], blocks: Sequence[frozenset[str]]) -> Values:
    """Columns of repetition; None for fewer than 6 captions that say something.

    blocks : the hashtags of each post.
    """
    written = [" ".join(words(c)) for c in captions if display_cells(c) > EMPTY_CELLS]
    if len(written) < LEAST_CAPTIONS:
        return {}
    seen = Counter(written)
    long = Counter(b for b in blocks if len(b) >= BLOCK)
    return {
        "repeated_caption_share": sum(n for n in seen.values() if n > 1) / len(written),
        "repeated_block_share": sum(n for n in long.values() if n > 1) / len(blocks),
    }


def posting_values(posts: Sequence[Post]) -> Values:
    """Columns of machine posting, from a creator's posts."""
    hours = np.sort([p.posted_at.timestamp() / 3600 for p in posts if p.posted_at is not None])
    blocks = [frozenset(hashtags(p)) for p in posts]
    # hashtags are left out of the comparison of captions: a block of them is its own column
    captions = [" ".join(w for w in (p.caption or p.title).split() if not w.startswith(("#", "＃"))) for p in posts]
    midnight = sum(float(h) % 24 == float(hours[0]) % 24 for h in hours) if len(hours) else 0
    # dates without a time of day would look like a timer
    dated_only = len(hours) > 0 and midnight == len(hours)
    return {**({} if dated_only else time_values(hours)), **caption_values(captions, blocks)}
