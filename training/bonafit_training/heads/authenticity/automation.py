"""The automation model: genuine posting beside simulated machine posting.

No labelled set of machine posting may train a published model (the only one is non-commercial), so machines are
simulated on the scale of real creators: times on genuine TikTok creators of 2020, captions on Instagram creators of
2017. The model knows what was simulated and no more; its card says so, and its evidence is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bonafit.heads.authenticity.account_columns import Values
from bonafit.heads.authenticity.account_model import EvidenceModel
from bonafit.heads.authenticity.posting_columns import LEAST_TIMES, POSTING, posting_values, time_values
from bonafit.records import Post
from bonafit_training.data.authenticity import Series, read_table, read_tiktok_series
from bonafit_training.heads.authenticity.account import Settings, fit_evidence

FloatArray = npt.NDArray[np.float64]

# Main effects only: times and captions come from different creators, so a pair of them would be an artefact.
SETTINGS = Settings(interactions=0, outer_bags=4, max_bins=64, calibration_folds=3, calibration_bags=2)
TEMPLATES = 4


def machine_times(hours: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Times of a machine that posts as often over as long a span: a timer, fixed hours, round the clock, or batches."""
    n, span = len(hours), max(float(hours[-1] - hours[0]), 24.0)
    kind = rng.integers(4)
    if kind == 0:
        gap = span / (n - 1)
        return np.sort(hours[0] + gap * np.arange(n) + rng.normal(0, rng.uniform(0, 0.05) * gap, n))
    if kind == 1:
        slots = np.sort(rng.uniform(0, 24, rng.integers(1, 4)))
        days = max(1, int(np.ceil(n / len(slots))))
        every = max(1.0, np.floor(span / 24 / days))
        times = (24 * every * np.arange(days)[:, None] + slots[None]).ravel()[:n]
        return np.sort(hours[0] + times + rng.uniform(0, rng.choice([0.02, 0.25]), n))
    if kind == 2:
        return np.sort(hours[0] + rng.uniform(0, span, n))
    batch = int(rng.integers(3, 8))
    starts = np.sort(rng.uniform(0, span, int(np.ceil(n / batch))))
    times = (starts[:, None] + rng.uniform(0.001, 0.02, (len(starts), batch)).cumsum(axis=1)).ravel()[:n]
    return np.sort(hours[0] + times)


def machine_captions(captions: Sequence[str], rng: np.random.Generator) -> list[str]:
    """Captions of a machine: 30-95 % come from a few templates, or carry a fixed block of hashtags."""
    out = list(captions)
    share = rng.uniform(0.3, 0.95)
    templates = [captions[int(i)] for i in rng.integers(0, len(captions), TEMPLATES)]
    block = " ".join(f"#tag{int(i)}" for i in rng.integers(0, 1000, rng.integers(5, 25)))
    mode = rng.integers(3)
    for i in range(len(out)):
        if rng.random() < share:
            if mode != 1:
                out[i] = templates[int(rng.integers(TEMPLATES))]
            if mode != 0:
                out[i] = f"{out[i]} {block}"
    return out


def _caption_rows(data: Path, rng: np.random.Generator) -> tuple[list[Values], list[int]]:
    table = read_table(data, "fit/instagram_2017/posts")
    grouped: dict[object, list[str]] = {}
    for owner, caption in zip(table["creator_id"], table["caption"], strict=True):
        grouped.setdefault(owner, []).append(str(caption or ""))
    rows: list[Values] = []
    labels: list[int] = []
    for captions in grouped.values():
        for label, texts in ((0, captions), (1, machine_captions(captions, rng))):
            values = posting_values([Post(caption=t[:10_000]) for t in texts])
            if values:
                rows.append(values)
                labels.append(label)
    return rows, labels


def training_rows(data: Path, *, seed: int) -> tuple[list[Values], npt.NDArray[np.int64]]:
    """Rows of genuine and simulated posting, and labels (1 = machine)."""
    rng = np.random.default_rng(seed)
    series: list[Series] = [s for s in read_tiktok_series(data) if len(s.hours) >= LEAST_TIMES]
    rows: list[Values] = []
    labels: list[int] = []
    for one in series:
        rows += [time_values(one.hours), time_values(machine_times(one.hours, rng))]
        labels += [0, 1]
    more, more_labels = _caption_rows(data, rng)
    return rows + more, np.array(labels + more_labels, dtype=np.int64)


def fit_automation(data: Path, *, seed: int) -> EvidenceModel:
    """The automation model."""
    rows, y = training_rows(data, seed=seed)
    return fit_evidence(rows, y, POSTING, settings=SETTINGS, seed=seed, sized=False)
