"""Will the audience respond? The engagement predicted for the next posts against what is expected at this size."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleIncompatibleError
from bonafit.heads.columns import columns_from
from bonafit.heads.engagement_quality.borne import level_of, lifts_of, over_the_curve
from bonafit.heads.engagement_quality.channels import ChannelNorm, channel_excesses
from bonafit.heads.engagement_quality.columns import COLUMNS
from bonafit.heads.engagement_quality.details import next_post, parts
from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.ledger import Definition
from bonafit.heads.engagement_quality.platform_model import Forecast, PlatformModel
from bonafit.heads.engagement_quality.quality import PLATFORM, quality_of
from bonafit.heads.engagement_quality.rates import creator_ledger
from bonafit.heads.engagement_quality.series import LONG_HISTORY_DAYS, Series
from bonafit.heads.engagement_quality.sufficiency import PLATFORM as PLATFORM_WORTH
from bonafit.heads.engagement_quality.sufficiency import sufficiency_of
from bonafit.heads.engagement_quality.unknown_platform import as_each_platform, lowest
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Creator
from bonafit.results import Component

POOLED = "pooled"
# Models of creators without post metrics are named by this and the platform.
PROFILE_ONLY = "profile:"
# Share of posts with hidden counts from which it is told; by rule.
HIDDEN_SHARE = 0.3


class EngagementQualityHead:
    """Percentile of the predicted lift among creators, by platform.

    platforms : models by platform name; `pooled` serves the platforms without data of their own.
    """

    name = "engagement_quality"

    def __init__(self, platforms: Mapping[str, PlatformModel]) -> None:
        self.platforms = dict(platforms)

    @classmethod
    def from_bundle(
        cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]
    ) -> EngagementQualityHead:
        """Construct from the manifest's section and tables. Raises BundleIncompatibleError for other columns."""
        columns = columns_from(section["columns"])
        if [c.name for c in columns] != [c.name for c in COLUMNS]:
            raise BundleIncompatibleError(
                f"engagement_quality: {len(columns)} columns in the bundle differ from the {len(COLUMNS)} this version "
                "computes; retrain or choose another version"
            )
        names = section["platforms"]
        return cls({name: PlatformModel.from_bundle(part, tables, name) for name, part in names.items()})

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section: dict[str, Any] = {"columns": [msgspec.to_builtins(c) for c in COLUMNS], "platforms": {}}
        tables: dict[str, npt.NDArray[np.generic]] = {}
        for name, model in self.platforms.items():
            section["platforms"][name], arrays = model.to_bundle(name)
            tables |= arrays
        return section, tables

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """One Component a creator, in order; the brief plays no part."""
        if all(prepared.creator.platform for prepared in creators):
            return self._score(creators)
        platforms = [name for name in self.platforms if name != POOLED and not name.startswith(PROFILE_ONLY)]
        readings, places = as_each_platform(creators, platforms)
        answers = self._score(readings)
        return [
            answers[at[0]] if prepared.creator.platform else lowest([answers[i] for i in at], PLATFORM_WORTH)
            for prepared, at in zip(creators, places, strict=True)
        ]

    def read(self, creator: Creator) -> tuple[PlatformModel, Series]:
        """The model that answers for this creator, and the posts as it reads them."""
        return self._model(creator)[1:]

    def _score(self, creators: Sequence[Prepared]) -> list[Component]:
        read = [self._model(creator.creator) for creator in creators]
        foreseen: dict[int, tuple[Known, Forecast]] = {}
        # every model answers for all of its creators at once: the trees cost a batch little more than one row
        for name, model in self.platforms.items():
            places = [
                i for i, (platform, _, series) in enumerate(read)
                if platform == name and not _too_little(creators[i], model, series)
            ]  # fmt: skip
            if not places:
                continue
            prepared = [creators[i] for i in places]
            knowledge = model.know(prepared, [read[i][2] for i in places])
            foreseen |= dict(zip(places, zip(knowledge, model.forecast(prepared, knowledge), strict=True), strict=True))
        return [self._answer(creator, *read[i], foreseen.get(i)) for i, creator in enumerate(creators)]

    def _answer(
        self,
        prepared: Prepared,
        platform: str,
        model: PlatformModel,
        series: Series,
        foreseen: tuple[Known, Forecast] | None,
    ) -> Component:
        creator = prepared.creator
        ledger = _ledger(creator)
        flags = _flags(creator, series, platform, model)
        if foreseen is None:
            flags.append("too_little_to_predict")
            return Component(
                name=self.name, status="insufficient", value=None, interval=None, sufficiency=0.0,
                flags=tuple(flags), detail={"platform_model": platform, "ledger": ledger, "n_posts_used": len(series)},
            )  # fmt: skip
        known, forecast = foreseen
        plain = over_the_curve(model, known)
        norms = self._norms(creator, model)
        lifts = lifts_of(model, plain, norms)
        excesses = channel_excesses(series, norms, lifts, level_of(model, series, lifts.own))
        own = known.levels[-1].own
        detail = {
            "platform_model": platform,
            "definition": msgspec.to_builtins(model.basis),
            **_foreseen_rates(known, forecast),
            "n_posts_used": len(series),
            "own_weight": own,
            "posts_left_out": {k: v for k, v in vars(series.left).items() if v},
            "parts": parts(creator, known, excesses),
            "ledger": ledger,
        }
        if len(series) == 0:
            flags.append("no_post_metrics")
        flags += [f"{excess.channel}_not_shown" for excess in excesses if excess.n == 0]
        flags += ["rate_by_views_unknown"] if platform == POOLED and self._by_views(creator) else []
        flags += ["likes_not_borne_out"] if any(excess.unborne for excess in excesses) else []
        flags += ["comments_beyond_usual"] if any(excess.overdone for excess in excesses) else []
        if len(series) == 0 or any(excess.channel == "comments" and excess.n == 0 for excess in excesses):
            # a rate is foreseen; whether the audience responds, or likes were bought, nobody has seen
            return Component(
                name=self.name, status="insufficient", value=None, interval=None, sufficiency=0.0, flags=tuple(flags),
                detail=detail,
            )  # fmt: skip
        sufficiency = sufficiency_of(prepared, series, own, excesses, measured=platform != POOLED)
        quality = quality_of(model, plain, model.typical_error(forecast.row, known, plain), excesses, lifts)
        return Component(
            name=self.name,
            status="ok",
            value=quality.value,
            interval=quality.interval,
            sufficiency=min(1.0, sufficiency),
            reasons=quality.reasons,
            flags=tuple(flags),
            detail=detail,
        )

    def _norms(self, creator: Creator, model: PlatformModel) -> Mapping[str, ChannelNorm]:
        """The model's own; of comments those of the platform, or of the measured one where most of them are usual.

        The pooled norm is of the sets that show comments, and would credit others for what is usual on their platform.
        """
        if model is not self.platforms[POOLED]:
            return model.norms
        own = self.platforms.get((creator.platform or "").casefold())
        known = [own] if own is not None else [self.platforms[name] for name in self.platforms if name != POOLED]
        norms = [m.norms["comments"] for m in known if "comments" in m.norms]
        size = math.log(creator.followers) if creator.followers else math.nan
        strictest = max(norms, key=lambda norm: norm.usual(size), default=None)
        return model.norms if strictest is None else {**model.norms, "comments": strictest}

    def _by_views(self, creator: Creator) -> bool:
        """Whether engagement on the creator's platform is told by views."""
        own = self.platforms.get((creator.platform or "").casefold())
        return own is not None and own.basis.denominator == "views"

    def _model(self, creator: Creator) -> tuple[str, PlatformModel, Series]:
        """The platform's model, or the pooled one where the platform has none or its definition cannot be met."""
        name = (creator.platform or "").casefold()
        if name in self.platforms:
            series = self.platforms[name].read(creator)
            wants_views = self._by_views(creator)
            if len(series) == 0 and creator.followers and PROFILE_ONLY + name in self.platforms:
                return PROFILE_ONLY + name, self.platforms[PROFILE_ONLY + name], series
            if len(series) > 0 or not (wants_views and creator.followers):
                return name, self.platforms[name], series
        pooled = self.platforms[POOLED]
        return POOLED, pooled, pooled.read(creator)


def _foreseen_rates(known: Known, forecast: Forecast) -> dict[str, Any]:
    """The forecast as rates and counts, with 90 % intervals."""
    middle = forecast.expected + forecast.lift
    return {
        "predicted_rate": float(np.exp(middle)),
        "predicted_rate_interval": [float(np.exp(v)) for v in forecast.post],
        "typical_rate_interval": [float(np.exp(v)) for v in forecast.typical],
        "expected_rate": float(np.exp(forecast.expected)),
        "predicted_lift": forecast.lift,
        "next_post": next_post(known, forecast.post, middle),
    }


def _too_little(prepared: Prepared, model: PlatformModel, series: Series) -> bool:
    """Whether nothing can be predicted from: no posts, and neither texts nor, where rates are by followers, a size."""
    nothing = len(series) == 0 and (np.isnan(series.size_now) or not prepared.units)
    return nothing and not (prepared.units and model.basis.denominator == "views")


def _flags(creator: Creator, series: Series, platform: str, model: PlatformModel) -> list[str]:
    flags = []
    left = series.left
    if platform == POOLED:
        flags.append(PLATFORM)
    if creator.posts and left.hidden / len(creator.posts) > HIDDEN_SHARE:
        flags.append("counts_hidden")
    if series.comments_assumed:
        flags.append("comments_assumed")
    if left.future:
        flags.append("posts_in_the_future")
    if len(series) and np.all(series.age < model.basis.settled_days):
        flags.append("counts_still_growing")
    if len(series) and np.all(np.isnan(series.age)):
        flags.append("age_at_counting_unknown")
    if left.undated:
        flags.append("posts_undated")
    if left.older:
        flags.append("oldest_posts_left_out")
    followers = model.basis.denominator == "followers"
    if followers and not series.normalised and series.days_covered > LONG_HISTORY_DAYS:
        flags.append("long_history_at_followers_of_today")
    if followers and not np.isnan(series.size_now) and not model.curve.covers(series.size_now):
        flags.append("size_outside_training")
    return flags


def _ledger(creator: Creator) -> list[dict[str, Any]]:
    """Every usual rate of the posts with its definition."""
    return [
        {**_defined(rate.definition), "value": rate.value, "n": rate.n, "hidden_share": rate.hidden_share}
        for rate in creator_ledger(creator)
    ]


@functools.cache
def _defined(definition: Definition) -> dict[str, str]:
    """A definition in words and in parts; the ledger has ninety."""
    return {"definition": str(definition), **msgspec.to_builtins(definition)}
