"""Geometry of the charts: from values to whole coordinates, which the templates draw as SVG.

Nothing here knows a colour or a mark; every chart says in one sentence what it shows, for those who do not see it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bonafit.heads.engagement_quality.expected import Curve
from bonafit.heads.engagement_quality.series import Basis, days, read_series
from bonafit.records import Creator, FollowerPoint
from bonafit.report.texts import percent1, platform_name, short_count, times
from bonafit.results import Component, CreatorScore

POOLED, PROFILE_ONLY = "pooled", "profile:"
DENOMINATORS = {"followers": "followers", "views": "views"}
INTERACTIONS = {"likes": "likes", "likes_comments": "likes and comments"}


@dataclass(frozen=True)
class Scale:
    """A linear or logarithmic axis. low, high : values at its ends, low < high. start, end : coordinates there."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Coordinate of a value, to a tenth; what lies beyond the ends is held at them."""
        low, high, at = self.low, self.high, value
        if self.log:
            low, high, at = math.log(low), math.log(high), math.log(max(value, 1e-12))
        share = min(max((at - low) / (high - low), 0.0), 1.0)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Round values within the ends: 1, 3, 10, ... where logarithmic, closer on a short axis, else three or four."""
        if self.log:
            exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            decades = math.log10(self.high / self.low)
            steps = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0) if decades < 1 else (1.0, 3.0) if decades < 2.2 else (1.0,)
            return [s * 10.0**e for e in exponents for s in steps if self.low <= s * 10.0**e <= self.high]
        rough = (self.high - self.low) / 3
        size = 10 ** math.floor(math.log10(rough))
        step = next(s * size for s in (1, 2, 5, 10) if s * size >= rough)
        return [step * i for i in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


def path(points: Sequence[tuple[float, float]]) -> str:
    """Points as the `d` of a path."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


@dataclass(frozen=True)
class Mark:
    """A tick of an axis: where it stands and what it says."""

    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    """One creator or one post. low, high : coordinates of its interval, None without. number : of the creator."""

    x: float
    y: float
    number: int = 0
    kind: str = ""
    label: str = ""


@dataclass(frozen=True)
class Panel:
    """Size against engagement of one platform.

    curve, band : expected rate and where half of such creators lie, as paths; empty where no bundle was given.
    ticks_of    : expected rate of each creator, where there is no curve.
    """

    title: str
    dots: tuple[Dot, ...]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    curve: str
    band: str
    ticks_of: tuple[Dot, ...]
    summary: str


PANEL = (46, 388, 208, 14)  # left, right, bottom, top
HALF = 0.6745  # standard deviations within which half of a normal distribution lies


def panels(results: Sequence[CreatorScore], numbers: Mapping[str, int], curves: Mapping[str, Curve]) -> list[Panel]:
    """One panel a platform whose engagement is counted alike, those with most creators first."""
    groups: dict[str, list[CreatorScore]] = {}
    for result in results:
        detail = result.engagement_quality.detail
        if result.profile.followers and detail.get("predicted_rate"):
            groups.setdefault(str(detail["platform_model"]).removeprefix(PROFILE_ONLY), []).append(result)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_panel(name, members, numbers, curves.get(name)) for name, members in ordered]


def _panel(name: str, members: Sequence[CreatorScore], numbers: Mapping[str, int], curve: Curve | None) -> Panel:
    details = [result.engagement_quality.detail for result in members]
    followers = [float(result.profile.followers or 1) for result in members]
    rates = [detail["predicted_rate"] for detail in details] + [detail["expected_rate"] for detail in details]
    left, right, bottom, top = PANEL
    x = Scale(min(followers) / 1.3, max(followers) * 1.3, left, right, log=True)
    y = Scale(min(rates) / 1.4, max(rates) * 1.4, bottom, top, log=True)
    basis = details[0].get("definition") or {}
    dots = tuple(
        Dot(x(size), y(detail["predicted_rate"]), numbers[result.creator_id], result.verdict, result.label)
        for result, size, detail in zip(members, followers, details, strict=True)
    )
    curve_path = band = ""
    ticks: tuple[Dot, ...] = ()
    if curve is not None:
        sizes = np.geomspace(x.low, x.high, 32)
        by_size = basis.get("denominator") == "followers"
        # what is expected also depends on languages, kinds and ages of posts: the line stands where these creators' do
        known = curve(np.log(followers) if by_size else np.full(len(members), np.nan))
        context = float(np.median(np.log([detail["expected_rate"] for detail in details]) - known))
        middle = curve(np.log(sizes) if by_size else np.full(32, np.nan)) + context
        spread = np.array([curve.spread_at(float(np.log(size)) if by_size else float("nan")) for size in sizes]) * HALF
        curve_path = path([(x(s), y(math.exp(m))) for s, m in zip(sizes, middle, strict=True)])
        upper = [(x(s), y(math.exp(m))) for s, m in zip(sizes, middle + spread, strict=True)]
        lower = [(x(s), y(math.exp(m))) for s, m in zip(sizes, middle - spread, strict=True)]
        band = path([*upper, *lower[::-1]]) + "Z"
    else:
        ticks = tuple(Dot(dot.x, y(detail["expected_rate"])) for dot, detail in zip(dots, details, strict=True))
    above = sum(detail["predicted_rate"] > detail["expected_rate"] for detail in details)
    return Panel(
        title=f"{_group(name)[:1].upper()}{_group(name)[1:]}: {_defined(basis)}",
        dots=dots,
        x_marks=tuple(Mark(x(tick), short_count(tick)) for tick in x.ticks()),
        y_marks=tuple(Mark(y(tick), percent1(tick)) for tick in y.ticks()),
        curve=curve_path,
        band=band,
        ticks_of=ticks,
        summary=f"{len(members):,} creators on {_group(name)}; {above:,} of them lie above what is expected of them.",
    )


def _group(name: str) -> str:
    return "other platforms" if name == POOLED else platform_name(name)


def _defined(basis: Mapping[str, Any]) -> str:
    interactions = INTERACTIONS.get(str(basis.get("interactions")), "engagement")
    return f"{interactions} by {DENOMINATORS.get(str(basis.get('denominator')), 'size')}"


@dataclass(frozen=True)
class PostsChart:
    """Engagement of each post against what is expected for the size. expected : its height; band : top and bottom."""

    dots: tuple[Dot, ...]
    expected: float
    band: tuple[float, float] | None
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    title: str
    summary: str


STRIP = (40, 328, 104, 10)


def posts_chart(creator: Creator, part: Component) -> PostsChart | None:
    """The posts whose engagement can be stated, over time; None for fewer than two, and where nothing is expected."""
    expected, definition = part.detail.get("expected_rate"), part.detail.get("definition")
    if not expected or not definition:
        return None
    basis = Basis(**definition)
    series = read_series(creator, basis, keep_unsettled=True)
    shown = [(float(day), float(y), int(i)) for day, y, i in zip(series.day, series.y, series.post, strict=True)]
    dated = [item for item in shown if not math.isnan(item[0])]
    if len(dated) < 2 or dated[0][0] == dated[-1][0]:
        return None
    rates = [math.exp(y) for _, y, _ in dated]
    typical = part.detail.get("typical_rate_interval")
    ends = [*rates, expected, *(typical or ())]
    left, right, bottom, top = STRIP
    x = Scale(dated[0][0], dated[-1][0], left + 5, right - 5)
    y = Scale(min(ends) / 1.2, max(ends) * 1.2, bottom, top, log=True)
    dots = tuple(
        Dot(x(day), y(rate), kind="paid" if creator.posts[i].is_sponsored else "")
        for (day, _, i), rate in zip(dated, rates, strict=True)
    )
    above = sum(rate > expected for rate in rates)
    middle = float(np.median(rates)) / expected
    paid = sum(1 for dot in dots if dot.kind)
    return PostsChart(
        dots=dots,
        expected=y(expected),
        band=(y(typical[1]), y(typical[0])) if typical else None,
        x_marks=tuple(Mark(x(day), _day_label(creator, i)) for day, _, i in (dated[0], dated[-1])),
        y_marks=tuple(Mark(y(tick), percent1(tick)) for tick in y.ticks()),
        title=f"Each post: {_defined(definition)}",
        summary=(
            f"{len(dated)} posts, {above} above the {percent1(expected)} expected for the size; the middle one has "
            f"{times(middle)} what is expected" + (f". {paid} marked as paid." if paid else ".")
        ),
    )  # fmt: skip


def _day_label(creator: Creator, post: int) -> str:
    at = creator.posts[post].posted_at
    return "" if at is None else f"{at:%d %b %Y}".lstrip("0")


@dataclass(frozen=True)
class FollowersChart:
    """Followers over time. line : path. jumps : where they rose in one step, with by how much."""

    line: str
    jumps: tuple[Mark, ...]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    summary: str


def followers_chart(history: Sequence[FollowerPoint], part: Component) -> FollowersChart | None:
    """The follower counts of a record with the jumps that authenticity found; None for fewer than two counts."""
    points = sorted((point.at, point.followers) for point in history)
    if len(points) < 2 or points[0][0] == points[-1][0]:
        return None
    counts = [float(followers) for _, followers in points]
    left, right, bottom, top = STRIP
    x = Scale(days(points[0][0]), days(points[-1][0]), left + 5, right - 5)
    space = max((max(counts) - min(counts)) * 0.15, max(counts) * 0.02, 1.0)
    y = Scale(max(0.0, min(counts) - space), max(counts) + space, bottom, top)
    jumps = [
        jump for jump in (part.detail.get("follower_history") or {}).get("jumps") or ()
        if isinstance(jump, dict) and "at" in jump and "growth" in jump
    ]  # fmt: skip
    marks = tuple(Mark(x(days(_noon(jump["at"]))), f"+{jump['growth'] * 100:.0f}%") for jump in jumps)
    first, last = points[0], points[-1]
    span = f"Followers from {first[1]:,} on {_said(first[0])} to {last[1]:,} on {_said(last[0])}. "
    return FollowersChart(
        line=path([(x(days(at)), y(followers)) for at, followers in points]),
        jumps=marks,
        x_marks=(Mark(x(days(first[0])), _said(first[0])), Mark(x(days(last[0])), _said(last[0]))),
        y_marks=tuple(Mark(y(tick), short_count(tick)) for tick in y.ticks()),
        summary=span + (". ".join(
            f"A jump of {jump['growth'] * 100:.0f}% by {jump['at']}, {jump.get('explained', 0) * 100:.0f}% of it "
            "explained by posts" for jump in jumps
        ) + "." if jumps else "No jump."),
    )  # fmt: skip


def _noon(day: str) -> datetime:
    return datetime.fromisoformat(day[:10]).replace(hour=12, tzinfo=UTC)


def _said(at: datetime) -> str:
    return f"{at:%d %b %Y}".lstrip("0")
