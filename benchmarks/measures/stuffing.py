"""What a creator off the niche gains by writing for the ranking: the measure of the stuffing defence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import msgspec
import numpy as np

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.pair import pair_features
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared
from bonafit.records import Brief, Creator, Post
from bonafit.text.words import words_of
from bonafit_training.contracts import OURS, Cases, Row
from bonafit_training.heads.niche_fit.examples import prepare, prepare_brief

# Posts an attacker adds: more would be a change of niche and not a decoration.
ADDED = 10


def _added(creator: Creator, captions: Sequence[str]) -> Creator:
    dates = [post.posted_at for post in creator.posts if post.posted_at is not None]
    newest = max(dates) if dates else None
    posts = tuple(
        Post(caption=text, posted_at=None if newest is None else newest + timedelta(hours=i + 1))
        for i, text in enumerate(captions)
    )
    return msgspec.structs.replace(creator, posts=(*creator.posts, *posts))


def stuffed_bio(creator: Creator, brief: Brief) -> Creator:
    """The brief's own words, twice, in place of the bio."""
    return msgspec.structs.replace(creator, bio=f"{brief.description}. {' | '.join(words_of(brief.description))}")


def repeated_caption(creator: Creator, brief: Brief) -> Creator:
    """One caption in the brief's words, again and again."""
    return _added(creator, [f"{brief.description} {'!' * i} {i}" for i in range(ADDED)])


def hidden_characters(creator: Creator, brief: Brief) -> Creator:
    """The same with zero-width characters, so that no two captions have equal bytes."""
    words = brief.description.split()
    return _added(creator, [("\u200b" * (i + 1)).join(f"{word} " for word in words) for i in range(ADDED)])


def hashtag_wall(creator: Creator, brief: Brief) -> Creator:
    """Walls of hashtags made of the brief's words, in another order each time."""
    words = [word for word in words_of(brief.description) if len(word) > 2]
    walls = []
    for i in range(ADDED):
        turned = words[i % len(words) :] + words[: i % len(words)]
        tags = [a + b for a in turned for b in turned if a != b][:30]
        walls.append(" ".join(f"#{tag}" for tag in (*turned, *tags)))
    return _added(creator, walls)


ATTACKS: dict[str, Callable[[Creator, Brief], Creator]] = {
    "stuffed_bio": stuffed_bio,
    "repeated_caption": repeated_caption,
    "hidden_characters": hidden_characters,
    "hashtag_wall": hashtag_wall,
}


def rank_gain(
    head: NicheFitHead,
    encoder: Encoder,
    creators: Sequence[Creator],
    briefs: Sequence[Brief],
    *,
    victims: int,
    seed: int,
) -> dict[str, dict[str, list[float]]]:
    """Share of the list that stuffed creators climb, by method and attack; plain cosine beside ours.

    For each brief, `victims` random creators of the worse half of the list are stuffed one at a time.
    """
    rng = np.random.default_rng(seed)
    prepared = prepare(creators, encoder)
    gains: dict[str, dict[str, list[float]]] = {m: {a: [] for a in ATTACKS} for m in (OURS, "cosine")}
    for brief in briefs:
        view = head.view(prepare_brief(brief, encoder))
        scores, cosine = _scores(head, view, prepared)
        worse = np.flatnonzero(scores <= np.median(scores))
        for c in rng.choice(worse, size=min(victims, len(worse)), replace=False).tolist():
            for attack, change in ATTACKS.items():
                after = _scores(head, view, prepare([change(creators[c], brief)], encoder))
                for method, before, now in ((OURS, scores, after[0][0]), ("cosine", cosine, after[1][0])):
                    other_scores = np.delete(before, c)
                    climbed = np.count_nonzero(other_scores > before[c]) - np.count_nonzero(other_scores > now)
                    gains[method][attack].append(climbed / len(before))
    return gains


def _scores(
    head: NicheFitHead, view: BriefView, prepared: Sequence[Prepared]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    rows = np.array([pair_features(creator, view).row for creator in prepared])
    cosine = np.array([float((creator.vectors.astype(np.float64) @ view.query).mean()) for creator in prepared])
    return head.model.predict(rows), cosine


def stuffing_rows(gains: dict[str, dict[str, list[float]]], *, dataset: str, creators: int) -> Iterator[Row]:
    """Median gain of rank as a share of the list, by attack."""
    for method, attacks in gains.items():
        for attack, values in attacks.items():
            gain = float(np.median(values))
            yield Cases("niche_fit", dataset, f"stuffing:{creators}", attack).row(
                "median_rank_gain", gain, len(values), method
            )
