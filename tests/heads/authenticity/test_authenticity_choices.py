"""Choices inside train see nothing of what they are judged by, on invented comments."""

from __future__ import annotations

import numpy as np
import pytest

from bonafit_training.data.authenticity import Comments
from bonafit_training.heads.authenticity.comments import (
    FORM,
    FORMS,
    count,
    fit_counted,
    fit_spam,
    log_odds,
    nested_choice,
)


def invented() -> Comments:
    rng = np.random.default_rng(5)
    spam, kind = ["check", "my", "channel", "subscribe", "[url]"], ["lovely", "song", "voice", "my", "check"]
    texts, labels, videos = [], [], []
    for video in ("a", "b", "c", "d"):
        for i in range(24):
            words = rng.choice(spam if i % 2 else kind, 4).tolist() + rng.choice(spam + kind, 2).tolist()
            texts.append(" ".join(words))
            labels.append(i % 2)
            videos.append(video)
    return Comments(texts, np.array(labels), videos)


def test_counted_comments_are_judged_as_single_ones() -> None:
    comments = invented()
    model, counted = fit_spam(comments.texts, comments.spam), count([*comments.texts, "", "!!!"])
    single = [model.log_odds(text) for text in [*comments.texts, "", "!!!"]]
    assert log_odds(model, counted) == pytest.approx(single, abs=1e-9)
    assert FORM in FORMS


@pytest.mark.slow
def test_no_video_has_a_say_in_the_form_that_judges_it() -> None:
    comments = invented()
    counted = count(comments.texts)
    nested, _, forms = nested_choice(counted, comments, forms=FORMS[:6:2])
    first = np.array(comments.video) == "a"
    turned = Comments(comments.texts, np.where(first, 1 - comments.spam, comments.spam), comments.video)
    again, _, others = nested_choice(counted, turned, forms=FORMS[:6:2])
    assert others[0] == forms[0]
    assert np.array_equal(again[first], nested[first])
    assert not np.array_equal(again[~first], nested[~first])
    train, test = np.flatnonzero(~first), np.flatnonzero(first)
    alone = log_odds(fit_counted(counted[train], comments.spam[train], forms[0]), counted[test])
    assert np.array_equal(alone, nested[first])
