"""What this machine can do at best, measured in the same run as what is compared with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
from benchmarks.speed.paired import seconds

CORES = len(os.sched_getaffinity(0))
# 256 MB a core: far beyond any cache.
FLOATS = 64 * 2**20
# A product of this size runs at the kernel's best rate; 1,024 is 4 % slower, 4,096 no faster.
SIDE = 2_048


def read_bytes(arrays: list[npt.NDArray[np.float32]]) -> None:
    """Read every byte of flat float32 arrays once, on all cores: an inner product with itself waits on memory alone."""
    parts = [part for array in arrays for part in np.array_split(array, max(1, array.size // 2**20))]
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(_dot, parts))


def _dot(part: npt.NDArray[np.float32]) -> float:
    # Bytes of another type are read as floats too, and need not be finite.
    with np.errstate(all="ignore"):
        return float(np.dot(part, part))


def _best(work: Callable[[], object], rounds: int = 5) -> float:
    work()
    return min(seconds(work) for _ in range(rounds))


def read_rate() -> float:
    """Bytes a second that all cores read."""
    arrays = [np.ones(FLOATS, dtype=np.float32) for _ in range(CORES)]
    return sum(a.nbytes for a in arrays) / _best(lambda: read_bytes(arrays))


def copy_rate() -> float:
    """Bytes a second that all cores copy, each byte counted once."""
    source = [np.ones(FLOATS, dtype=np.float32) for _ in range(CORES)]
    target = [np.empty_like(a) for a in source]

    def copy() -> None:
        with ThreadPoolExecutor(CORES) as pool:
            list(pool.map(np.copyto, target, source))

    return sum(a.nbytes for a in source) / _best(copy)


def sgemm_rate() -> float:
    """Floating point operations a second of float32 products on all cores, a single-threaded product each."""
    from bonafit.index.products import _session

    session = _session("product_f32")
    a = np.random.default_rng(0).standard_normal((SIDE, SIDE), dtype=np.float32)

    def multiply() -> None:
        with ThreadPoolExecutor(CORES) as pool:
            list(pool.map(lambda _: session.run(None, {"a": a, "b": a}), range(CORES)))

    return CORES * 2 * SIDE**3 / _best(multiply, rounds=3)
