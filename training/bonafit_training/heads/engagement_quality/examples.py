"""Training examples: some of a creator's posts known, later ones to be predicted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bonafit.heads.engagement_quality.backtest import backtest_of, share_of_trees
from bonafit.heads.engagement_quality.columns import COLUMNS
from bonafit.heads.engagement_quality.history import compared_values, history_values
from bonafit.heads.engagement_quality.interval import cell_of, shape_values
from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.level import LevelParameters, own_levels
from bonafit.heads.engagement_quality.rows import N_PROFILE
from bonafit.tables.arrays import FloatArray, IntArray

Mask = npt.NDArray[np.bool_]
# Shares of a creator's posts after which an example is cut, and how much further it predicts: the newest 20 % from the
# rest is a quarter of what is known.
CUTS = tuple(np.linspace(0.25, 0.95, 9).tolist())
AHEAD_SHARE = 0.3
# Newest known posts kept in shortened histories, so that the model learns what a creator with 0, 1, 2, ... is worth.
SHORT = (0, 1, 2, 4, 8, 16)
SHORT_SHARE = 0.6
UNKNOWN_TARGETS = 2
NEWEST = 0.2
# Targets from anywhere beyond those: what is asked may lie dozens of posts ahead (on youtube_charts_2026 bounds learned
# from near targets alone hold less the more posts lie between). Trees learn from them where that pays: choices.py.
FAR = 2


# In the place of a back-test's row where none is made.
NO_ROW = np.full(len(COLUMNS), np.nan)


@dataclass(frozen=True)
class Examples:
    """Rows to learn from or to be tested on, (n, ...) each.

    X : columns of bonafit.heads.engagement_quality.columns.COLUMNS. y : log rate. base : expected plus own level.
    creator : creator index. target : index of the predicted post in the creator's series. n_known : posts known.
    block : rows of one cut share a number. far : target beyond those that follow next.
    back_row, back_error, back_variance : the back-test of what is known at the cut (backtest.py); NaN without one.
    """

    X: FloatArray
    y: FloatArray
    base: FloatArray
    creator: IntArray
    target: IntArray
    n_known: IntArray
    block: IntArray
    far: Mask
    back_row: FloatArray
    back_error: FloatArray
    back_variance: FloatArray

    def share_of(self, foreseen: FloatArray, *, prior: float) -> FloatArray:
        """Share of the trees' answer that the back-test lets through, (n,). foreseen : (n,) of `back_row`."""
        foreseen = np.where(np.isnan(self.back_error), np.nan, foreseen)
        error, variance = np.nan_to_num(self.back_error), np.nan_to_num(self.back_variance, nan=1.0)
        return share_of_trees(foreseen, error, variance, prior=prior)

    def __len__(self) -> int:
        return len(self.y)

    def take(self, rows: npt.NDArray[np.bool_] | IntArray) -> Examples:
        """These rows only."""
        return replace(self, **{k: getattr(self, k)[rows] for k in self.__dataclass_fields__})

    def shapes(self) -> FloatArray:
        """What the width of an interval depends on, for each row."""
        return np.stack([shape_values(row) for row in self.X]) if len(self) else np.zeros((0, 0))

    def cells(self) -> list[str]:
        """Calibration cell of each row; column 0 is the size."""
        return [cell_of(size, n) for size, n in zip(self.X[:, 0].tolist(), self.n_known.tolist(), strict=True)]


@dataclass(frozen=True)
class Task:
    """Posts `start` to `cut` are known, `targets` are to be predicted. n_far : how many of the last are far ahead."""

    creator: int
    start: int
    cut: int
    targets: Sequence[int]
    n_far: int = 0


def training_tasks(lengths: Sequence[int], *, seed: int) -> Iterator[Task]:
    """Cuts of every creator, some with a shortened history. lengths : posts of each creator."""
    rng, far = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    for creator, n in enumerate(lengths):
        # someone of whom nothing is known yet, however many posts there are
        yield _task(creator, 0, 0, range(min(n, UNKNOWN_TARGETS)), n, far)
        for cut in sorted({max(int(n * share), 1) for share in CUTS}):
            if cut >= n:
                continue
            targets = range(cut, min(n, cut + max(int(np.ceil(cut * AHEAD_SHARE)), 2)))
            yield _task(creator, 0, cut, targets, n, far)
            if rng.random() < SHORT_SHARE:
                yield _task(creator, max(cut - int(rng.choice(SHORT)), 0), cut, targets, n, far)


def newest_tasks(lengths: Sequence[int]) -> list[Task]:
    """The newest fifth of every creator from all before, as the head is asked. lengths : posts of each creator."""
    cuts = [n - max(int(n * NEWEST), 1) for n in lengths]
    return [Task(i, 0, cut, range(cut, n)) for i, (cut, n) in enumerate(zip(cuts, lengths, strict=True)) if cut > 0]


def _task(creator: int, start: int, cut: int, near: range, n: int, rng: np.random.Generator) -> Task:
    """Near targets and FAR of the later ones, in order. n : posts of the creator."""
    beyond = np.arange(near.stop, n)
    far = np.sort(rng.choice(beyond, min(FAR, len(beyond)), replace=False)).tolist()
    return Task(creator, start, cut, [*near, *far], len(far))


def build(knowledge: Sequence[Known], tasks: Iterator[Task] | Sequence[Task], parameters: LevelParameters) -> Examples:
    """Rows of the tasks, in order."""
    rows: list[FloatArray] = []
    back_rows: list[FloatArray] = []
    names = ("y", "base", "creator", "target", "n_known", "block", "far", "back_error", "back_variance")
    columns: dict[str, list[float]] = {k: [] for k in names}
    for block, task in enumerate(tasks):
        known = knowledge[task.creator]
        span = slice(task.start, task.cut)
        if task.start == 0:
            level = known.levels[task.cut]
        else:
            level = own_levels(known.lift[span], known.series.day[span], parameters)[-1]
        history = history_values(known.series, known.lift, known.given[:, N_PROFILE:], level, span)
        backtest = backtest_of(known, parameters, start=task.start, cut=task.cut)
        last = known.series.day[task.cut - 1] if task.cut > task.start else np.nan
        for place, target in enumerate(task.targets):
            given = known.given[target]
            ahead = compared_values(
                given[N_PROFILE:], history, steps_ahead=target - task.cut + 1,
                days_ahead=float(known.series.day[target] - last),
                expected=float(known.expected[target]), known=known.expected[span],
            )  # fmt: skip
            rows.append(np.concatenate([given, history, ahead]))
            columns["y"].append(float(known.series.y[target]))
            columns["base"].append(float(known.expected[target] + level.mean))
            columns["creator"].append(task.creator)
            columns["target"].append(target)
            columns["n_known"].append(task.cut - task.start)
            columns["block"].append(block)
            columns["far"].append(place >= len(task.targets) - task.n_far)
            back_rows.append(backtest.row if backtest is not None else NO_ROW)
            columns["back_error"].append(backtest.error if backtest is not None else np.nan)
            columns["back_variance"].append(backtest.variance if backtest is not None else np.nan)
    X = np.stack(rows) if rows else np.zeros((0, len(COLUMNS)))
    floats = {k: np.array(columns[k], dtype=np.float64) for k in ("y", "base", "back_error", "back_variance")}
    whole = {k: np.array(columns[k], dtype=np.int64) for k in ("creator", "target", "n_known", "block")}
    return Examples(
        X=X,
        y=floats["y"],
        base=floats["base"],
        creator=whole["creator"],
        target=whole["target"],
        n_known=whole["n_known"],
        block=whole["block"],
        far=np.array(columns["far"], dtype=np.bool_),
        back_row=np.stack(back_rows) if back_rows else np.zeros((0, len(COLUMNS))),
        back_error=floats["back_error"],
        back_variance=floats["back_variance"],
    )
