"""Columns of the engagement head as matrices: of a creator's profile, of posts, and of a typical next post."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from bonafit.heads.engagement_quality.columns import INDEX, POST, PROFILE
from bonafit.heads.engagement_quality.series import PICTOGRAPH, Series, post_values, text_rows
from bonafit.heads.engagement_quality.text_scores import TextScore
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray

Scores = Mapping[int, tuple[float, float]]
Levels = Mapping[str, Mapping[str, float]]
N_PROFILE, N_POST = len(PROFILE), len(POST)
# Columns that the expected rate of a post may depend on, known before anything of the creator's history.
N_GIVEN = N_PROFILE + N_POST
TEXT_KINDS = ("caption", "title")
# Recent posts whose content stands for the next ones.
RECENT_POSTS = 20
# Days after which counts no longer grow.
SETTLED_AGE = 30.0
AGE_AT = INDEX["age"] - N_PROFILE
MAX_BIO = 500
_CONTACT = re.compile(r"mail|business|collab|\bdm\b|inquir|http|www\.|\.com|\[url\]|\[email\]", re.IGNORECASE)
_GROWTH = re.compile(r"follow|\bgoal\b|road to|\d ?k\b", re.IGNORECASE)


def unit_scores(prepared: Sequence[Prepared], texts: Mapping[str, TextScore]) -> list[dict[int, tuple[float, float]]]:
    """Topic and words score of each unit whose kind has a text model, by unit row, one dict a creator."""
    scores_of: list[dict[int, tuple[float, float]]] = [{} for _ in prepared]
    for kind, model in texts.items():
        place = [
            (c, r) for c, creator in enumerate(prepared) for r, unit in enumerate(creator.units) if unit.kind == kind
        ]
        if place:
            vectors = np.stack([prepared[c].vectors[r] for c, r in place])
            scores = model.score([prepared[c].units[r].raw for c, r in place], vectors)
            for (c, r), score in zip(place, scores, strict=True):
                scores_of[c][r] = score
    return scores_of


def profile_values(
    prepared: Prepared,
    *,
    size: float,
    scores: Scores,
    levels_of: Levels,
) -> FloatArray:
    """Columns of PROFILE, (N_PROFILE,) float64, NaN where unknown."""
    creator = prepared.creator
    bio = [scores[row] for row, unit in enumerate(prepared.units) if unit.kind == "bio" and row in scores]

    def log(value: int | None) -> float:
        return np.nan if value is None else float(np.log1p(value))

    return np.array(
        [
            size,
            log(creator.posts_count),
            log(creator.following),
            np.nan if creator.verified is None else float(creator.verified),
            np.nan if creator.bio is None else float(np.log1p(len(creator.bio))),
            _level_of(levels_of, "language", creator.language),
            _level_of(levels_of, "category", creator.category),
            _level_of(levels_of, "country", creator.country),
            log(creator.following) - size,
            *_bio_values(creator.bio),
            bio[0][0] if bio else np.nan,
            bio[0][1] if bio else np.nan,
        ]
    )


def _bio_values(bio: str | None) -> list[float]:
    """Form of the bio: emoji, symbols, capitals, lines, digits, names, contact, growth; NaN where there is none."""
    if bio is None:
        return [np.nan] * 8
    text = bio[:MAX_BIO]
    letters = sum(map(str.isalpha, text))
    return [
        float(len(PICTOGRAPH.findall(text))),
        sum(ord(c) > 127 for c in text) / (len(text) + 1),
        sum(map(str.isupper, text)) / letters if letters else 0.0,
        float(text.count("\n")),
        float(sum(map(str.isdigit, text))),
        float(text.count("@") + text.count("#")),
        float(_CONTACT.search(text) is not None),
        float(_GROWTH.search(text) is not None),
    ]


def _level_of(levels_of: Levels, kind: str, value: str | None) -> float:
    if value is None or kind not in levels_of:
        return np.nan
    return levels_of[kind].get(value.casefold(), 0.0)


def post_columns(prepared: Prepared, posts: Sequence[int], ages: Sequence[float], scores: Scores) -> FloatArray:
    """Columns of POST for some posts of a creator, (len(posts), N_POST)."""
    out = np.full((len(posts), N_POST), np.nan)
    rows = {kind: text_rows(prepared, kind) for kind in TEXT_KINDS}
    first = N_POST - 2 * len(TEXT_KINDS)
    for k, (i, age) in enumerate(zip(posts, ages, strict=True)):
        out[k, :first] = post_values(prepared.creator.posts[i], age=age)
        for j, kind in enumerate(TEXT_KINDS):
            row = rows[kind].get(i)
            if row is not None and row in scores:
                out[k, first + 2 * j : first + 2 * j + 2] = scores[row]
    return out


def given_columns(
    prepared: Prepared,
    series: Series,
    scores: Scores,
    levels_of: Levels,
) -> FloatArray:
    """PROFILE and POST columns of the posts read, (n, N_GIVEN). The size is the one now, as for the posts to come."""
    profile = profile_values(prepared, size=series.size_now, scores=scores, levels_of=levels_of)
    posts = post_columns(prepared, series.post.tolist(), series.age.tolist(), scores)
    return np.concatenate([np.broadcast_to(profile, (len(series), N_PROFILE)), posts], axis=1)


def usual_given(prepared: Prepared, series: Series, given: FloatArray, scores: Scores, levels_of: Levels) -> FloatArray:
    """PROFILE and POST columns of a typical next post, (N_GIVEN,): medians over the recent posts, counted or not.

    given : (n, N_GIVEN) of the posts read, from `given_columns`.
    """
    profile = profile_values(prepared, size=series.size_now, scores=scores, levels_of=levels_of)
    posts = prepared.creator.posts
    dated = sorted((p.posted_at, -i) for i, p in enumerate(posts) if p.posted_at is not None)
    recent = [-i for _, i in dated[-RECENT_POSTS:]] or list(range(min(len(posts), RECENT_POSTS)))
    usual = np.full(N_POST, np.nan)
    if recent:
        at = {post: row for row, post in enumerate(series.post.tolist())}
        read = [i for i in recent if i in at]
        other = [i for i in recent if i not in at]
        columns = np.concatenate(
            [
                given[[at[i] for i in read], N_PROFILE:],
                post_columns(prepared, other, [SETTLED_AGE] * len(other), scores),
            ]
        )
        # settled counts are what is predicted, so the age is that of a settled post
        columns[:, AGE_AT] = np.log(SETTLED_AGE)
        usual = _medians(columns)
    return np.concatenate([profile, usual])


def _medians(columns: FloatArray) -> FloatArray:
    """Median of each column over the values that are known, NaN where none is; columns (n, k), n >= 1."""
    ordered = np.sort(columns, axis=0)
    n = np.sum(~np.isnan(columns), axis=0)
    at = np.arange(columns.shape[1])
    middle = (ordered[np.maximum(n - 1, 0) // 2, at] + ordered[np.minimum(n // 2, len(columns) - 1), at]) / 2
    return np.where(n > 0, middle, np.nan)
