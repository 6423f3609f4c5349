"""What a head's training hands to publishing, and what every evaluation prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.encoders.encoder import Encoder

if TYPE_CHECKING:
    from bonafit_training.data.own import OwnData

OURS = "bonafit"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of `build/benchmark.json`.

    suite    : `authenticity`, `niche_fit`, `engagement`, `encoder`, `speed`, ...
    dataset  : file or folder name of the set.
    split    : `published_test`, `cv5`, `leave_one_video_out`, `last_20pct`, `time`, `bio_cv`, `transfer:A>B`, ...
    slice    : `all`, `1k-100k`, `unseen`, a language, ...
    method   : `bonafit` for ours; a baseline has its own name and `baseline` true.
    metric   : `auc`, `f1`, `macro_f1`, `accuracy`, `ece`, `map`, `recall@10`, `recall@50`, `mrr`, `medr`, `ndcg@10`,
               `r2`, `mae`, `coverage`, `ratio`, `seconds`, `mb`, ...
    n        : number of cases the value is over.
    """

    suite: str
    dataset: str
    split: str
    slice: str
    method: str
    metric: str
    value: float
    n: int
    baseline: bool = False

    @property
    def key(self) -> str:
        return "/".join((self.suite, self.dataset, self.split, self.slice, self.method, self.metric))


@dataclass(frozen=True)
class Cases:
    """What figures are measured on; fields as in Row."""

    suite: str
    dataset: str
    split: str
    slice: str

    def row(self, metric: str, value: float, n: int, method: str = OURS, *, baseline: bool | None = None) -> Row:
        """One figure of them; a method that is not ours is a baseline unless said otherwise."""
        return Row(
            suite=self.suite, dataset=self.dataset, split=self.split, slice=self.slice, method=method, metric=metric,
            value=float(value), n=n, baseline=method != OURS if baseline is None else baseline,
        )  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What training and benchmarks run with.

    data    : folder laid out as the public sets' README says.
    seed    : every random choice derives from it.
    encoder : the serving encoder, cached on disk.
    config  : the head's own options of the training configuration.
    own     : the user's own creators, briefs, pairs and labels, trained on beside the public sets; None without any.
    fast    : the fast encoder fitted to the serving one; None where there is none.
    """

    data: Path
    seed: int
    encoder: Encoder
    config: dict[str, Any] = field(default_factory=dict)
    own: OwnData | None = None
    fast: Encoder | None = None


@dataclass(frozen=True)
class HeldOut:
    """Probabilities for labelled cases that the model was not fitted on.

    title  : data set, split and what is predicted. y : (n,) in {0, 1}. p : (n,) float64 in [0, 1].
    weight : (n,) float64, what each case counts; None where all count alike.
    """

    title: str
    y: npt.NDArray[np.int64]
    p: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True)
class HeadArtifact:
    """A fitted head, ready to publish.

    section    : JSON-able; goes to `heads.<name>` of the manifest and comes back to the head's `from_bundle`.
    tables     : arrays of `<name>.npz`, no object dtype.
    metrics    : figures measured while training, baselines included.
    card       : the head's part of the model card, Markdown.
    datasets   : names of the sets it was trained on, as in bonafit_training.data.
    estimators : fitted estimators for the training store only.
    folds      : figures of each fold of a cross-validation, by the fold's name; tracked as nested runs.
    held_out   : what reliability plots are drawn from.
    """

    name: str
    section: dict[str, Any]
    tables: dict[str, npt.NDArray[np.generic]]
    metrics: list[Row]
    card: str
    datasets: tuple[str, ...]
    estimators: dict[str, Any] = field(default_factory=dict)
    folds: dict[str, list[Row]] = field(default_factory=dict)
    held_out: tuple[HeldOut, ...] = ()


@dataclass(frozen=True)
class PublishedHead:
    """One head of a bundle: its section and tables, its figures as manifest rows, its part of the card, its plots."""

    name: str
    section: dict[str, Any]
    tables: Mapping[str, npt.NDArray[np.generic]]
    metrics: tuple[dict[str, Any], ...]
    card: str
    plots: Mapping[str, str]
