"""Niches without labels: one line a class and the texts among themselves."""

from __future__ import annotations

import numpy as np
from benchmarks.measures.niches import self_trained


def test_texts_follow_their_neighbours_and_not_the_line_alone() -> None:
    rng = np.random.default_rng(0)
    centres = np.linalg.qr(rng.normal(size=(16, 3)))[0].T
    truth = rng.integers(3, size=600)
    vectors = centres[truth] + rng.normal(size=(600, 16)) * 0.35
    # Lines that point only roughly at their class.
    lines = centres + rng.normal(size=centres.shape) * 0.25
    near = vectors @ lines.T
    guess = self_trained(vectors, near)
    alone = float(np.mean(np.argmax(near, axis=1) == truth))
    assert float(np.mean(guess == truth)) > alone + 0.02


def test_a_class_that_nothing_is_near_is_left_out() -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(60, 8))
    near = np.column_stack([vectors[:, :3], np.full(60, -9.0)])
    assert set(self_trained(vectors, near).tolist()) <= {0, 1, 2}
    assert set(self_trained(vectors, near[:, :1]).tolist()) == {0}
