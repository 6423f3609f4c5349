"""Share of fakes in another set where only the fakes are assumed to look alike, not the genuine accounts.

Rogan-Gladen and label shift take both classes from the source. Genuine followers of a celebrity are not the genuine
accounts of another collection, so their false alarms are charged to the fakes. The best-bin estimate looks only at the
scores above a cut that fakes reach and hardly anybody else: Garg, Wu, Smola, Balakrishnan & Lipton, NeurIPS 2021,
"Mixture proportion estimation and PU learning: a modern approach", algorithm 1, with the constants of its experiments.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

DELTA, GAMMA = 0.1, 0.01


def best_bin_share(fake: FloatArray, scores: FloatArray) -> float:
    """Share of fakes in [0, 1] among accounts with these scores.

    fake : (n,) scores of the source's fakes, out of fold. scores : (m,) scores of the target's accounts. Larger is more
    like a fake. What genuine accounts also reach every cut only raises it: an upper end more than a middle.
    """
    cuts = np.unique(np.concatenate([fake, scores]))
    above_fake = 1 - np.searchsorted(np.sort(fake), cuts, side="left") / len(fake)
    above = 1 - np.searchsorted(np.sort(scores), cuts, side="left") / len(scores)
    reached = above_fake > 0
    above_fake, above = above_fake[reached], above[reached]
    slack = sum(math.sqrt(math.log(4 / DELTA) / (2 * n)) for n in (len(fake), len(scores)))
    best = int(np.argmin((above + (1 + GAMMA) * slack) / above_fake))
    return float(min(1.0, above[best] / above_fake[best]))
