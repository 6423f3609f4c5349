"""Training of the engagement head: a model for each platform with data, a pooled one, and one for bare profiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bonafit.encoders.encoder import Encoder
from bonafit.heads.engagement_quality.channels import ChannelNorm
from bonafit.heads.engagement_quality.head import POOLED, PROFILE_ONLY, EngagementQualityHead
from bonafit.heads.engagement_quality.platform_model import PlatformModel
from bonafit.heads.engagement_quality.series import Basis
from bonafit.prepared import Prepared
from bonafit.records import Creator
from bonafit.text.units import creator_units
from bonafit_training.contracts import OURS, Context, HeadArtifact, Row
from bonafit_training.data.authenticity import read_purba
from bonafit_training.data.engagement import (
    read_instagram_2017,
    read_tides_2024,
    read_tiktok_2020,
    read_youtube_charts,
)
from bonafit_training.heads.engagement_quality.before_trees import Choices
from bonafit_training.heads.engagement_quality.curves import fit_channel_norm
from bonafit_training.heads.engagement_quality.platform import Fitted, fit_platform
from bonafit_training.heads.engagement_quality.profiles import fit_profiles
from bonafit_training.metrics import mae, r2

# Twenty times the creators of the other sets and four texts a video carry larger trees.
LARGE = {"max_leaf_nodes": 24, "max_iter": 280, "min_samples_leaf": 40}
SETS: dict[str, tuple[str, Callable[[Path], list[Creator]], Choices]] = {
    "tiktok": ("tiktok_2020", read_tiktok_2020, Choices(Basis("likes_comments", "followers"))),
    "instagram": ("instagram_2017", read_instagram_2017, Choices(Basis("likes", "followers"))),
    "youtube": (
        "youtube_charts_2026",
        read_youtube_charts,
        Choices(Basis("likes_comments", "views", settled_days=0.0), content=True, trees=LARGE),
    ),
}
BY_FOLLOWERS = Choices(Basis("likes_comments", "followers"))
TIDES_BASIS = Basis("likes", "followers")
# Own creators with posts from which a platform without public data gets a model of its own.
LEAST_OWN = 200


def prepare(creators: Sequence[Creator], encoder: Encoder) -> list[Prepared]:
    """Creators with the vectors of their texts, as scoring prepares them."""
    units = [creator_units(creator) for creator in creators]
    texts = list(dict.fromkeys(unit.text for of_creator in units for unit in of_creator))
    vectors = encoder.encode(texts) if texts else np.zeros((0, encoder.width), dtype=np.float32)
    row = {text: i for i, text in enumerate(texts)}
    return [
        Prepared(c, u, vectors[np.array([row[unit.text] for unit in u], dtype=np.intp)])
        for c, u in zip(creators, units, strict=True)
    ]


def fit(context: Context) -> HeadArtifact:
    """Fit every platform's model; figures are out of fold, by creator."""
    own: dict[str, list[Creator]] = {}
    for creator in context.own.creators if context.own is not None else ():
        own.setdefault((creator.platform or POOLED).casefold(), []).append(creator)
    models, metrics, by_followers = {}, [], []
    for platform, (name, read, choices) in SETS.items():
        prepared = prepare([*read(context.data), *own.pop(platform, [])], context.encoder)
        norms = instagram_norms(context.data) if platform == "instagram" else {}
        fitted = fit_platform(prepared, replace(choices, norms=norms), seed=context.seed)
        models[platform] = fitted.model
        metrics += training_rows(name, fitted)
        if choices.basis.denominator == "followers":
            by_followers += prepared
    for platform, creators in own.items():
        if platform != POOLED and len(creators) >= LEAST_OWN:
            models[platform] = fit_platform(prepare(creators, context.encoder), BY_FOLLOWERS, seed=context.seed).model
        else:
            by_followers += prepare(creators, context.encoder)
    pooled = Choices(BY_FOLLOWERS.basis, rest=False)
    models[POOLED] = fit_platform(by_followers, pooled, seed=context.seed).model
    models[POOLED].platform_spread = platform_spread(models[POOLED], by_followers)
    profiles = read_tides_2024(context.data)
    fitted_profiles = fit_profiles(
        prepare(profiles.creators, context.encoder), profiles.y, TIDES_BASIS, seed=context.seed
    )
    models[PROFILE_ONLY + "tiktok"] = fitted_profiles.model
    predicted = profiles.y - fitted_profiles.errors
    metrics += _rows("tides_2024_tiktok_creators", "cv5", profiles.y, predicted, OURS)
    section, tables = EngagementQualityHead(models).to_bundle()
    return HeadArtifact(
        name=EngagementQualityHead.name,
        section=section,
        tables=tables,
        metrics=metrics,
        card=CARD,
        datasets=(*(name for name, _, _ in SETS.values()), "tides_2024_tiktok_creators", "purba_2020_accounts"),
    )


def platform_spread(pooled: PlatformModel, prepared: Sequence[Prepared]) -> float:
    """Standard deviation of platforms around the pooled curve: of the median lift of each platform's creators."""
    lifts: dict[str, list[float]] = {}
    for series, creator in ((pooled.read(creator.creator), creator) for creator in prepared):
        if len(series):
            lift = float(np.median(series.y)) - float(pooled.curve(np.array([series.size_now]))[0])
            lifts.setdefault((creator.creator.platform or "").casefold(), []).append(lift)
    medians = [float(np.median(values)) for values in lifts.values()]
    return float(np.std(medians, ddof=1)) if len(medians) > 1 else 1.0


def instagram_norms(data: Path) -> dict[str, ChannelNorm]:
    """Usual comments for likes on Instagram, by the genuine accounts of purba_2020: instagram_2017 has likes alone."""
    accounts = read_purba(data)
    genuine = [row for row, fake in zip(accounts.rows, accounts.fake.tolist(), strict=True) if not fake]
    values = np.array(
        [[row.get(name) or np.nan for name in ("followers", "like_rate", "comment_rate")] for row in genuine],
        dtype=np.float64,
    )
    followers, like_rate, comment_rate = values.T
    norm = fit_channel_norm(like_rate * followers, comment_rate * followers, np.log(followers))
    return {} if norm is None else {"comments": norm}


def training_rows(name: str, fitted: Fitted) -> list[Row]:
    """R² and MAE of later posts of creators the model was not fitted on, beside the own level and nothing else."""
    examples = fitted.examples
    predicted = examples.y - fitted.errors
    rows = _rows(name, "cv5", examples.y, predicted, OURS)
    return rows + _rows(name, "cv5", examples.y, examples.base, "own_level", baseline=True)


def _rows(
    name: str, split: str, y: np.ndarray, predicted: np.ndarray, method: str, *, baseline: bool = False
) -> list[Row]:
    return [
        Row(
            suite="engagement", dataset=name, split=split, slice="all", method=method, metric=metric,
            value=measure(y, predicted), n=len(y), baseline=baseline,
        )
        for metric, measure in (("r2", r2), ("mae", mae))
    ]  # fmt: skip


CARD = """
Predicts what the next posts will get from own history, size and content, and compares it with what is expected at that
size and platform. The own history is the floor: recent posts count most, and the trees' correction is taken as far as
it would have held on the creator's own newest known posts. Instagram: likes by followers; TikTok: likes and comments by
followers; YouTube: likes and comments by views, size not considered because no public set states subscribers as well.
For other platforms a pooled curve answers (`platform_outside_training`): quality counts the low end of where such a
platform may lie, and its interval is as wide.
Instagram was seen from 125,000 followers up and YouTube only in its charts: below and beside that the curve is held
constant, flagged `size_outside_training`. Language, country and the age of a post move what is expected, never the
lift. Quality is the own level, its likes credited as far as comments support them (usual comments for likes on
Instagram from purba_2020_accounts) and doubted where hardly any creator has so few comments or views; where comments
are not shown it is not stated, so that hiding does not pay.
"""
