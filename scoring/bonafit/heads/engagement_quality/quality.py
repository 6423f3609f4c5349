"""Quality: where the creator's own level, as far as other channels bear it out, stands among creators.

Nothing is read here that costs nothing to change or to hide: no caption, biography, category, language, kind or number
of posts. Trees that know these foresee the next posts' rate; their answer is no part of the value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from bonafit.heads.engagement_quality.channels import NORMAL, ChannelExcess, Lifts, below_shown
from bonafit.heads.engagement_quality.known import Known
from bonafit.heads.engagement_quality.platform_model import EDGE, PlatformModel
from bonafit.results import Reason
from bonafit.tables.calibration import CalibrationMap, attribute

# Feature of the reason that stands for a platform without data of its own.
PLATFORM = "platform_outside_training"
LEVEL, HIDDEN_POSTS, UNDATED = "level", "hidden_posts", "undated_posts"
# What a level is lowered by where nothing says how old posts were when their counts were read, and more where nothing
# says in which order they came; and what the interval is widened by where posts have no date, where nothing says when
# counts were read, and where followers of their time are not known: hiding must not pay (rule 5 of the judgement
# contract, `make judge`).
UNAGED_DEBIT, UNDATED_DEBIT = 0.1, 0.15
SLACK = {"dates": 0.25, "ages": 0.1, "followers_then": 0.1}


class Quality(msgspec.Struct, frozen=True):
    """Value in (0, 1), its 90 % interval and the reasons, whose points sum to the value."""

    value: float
    interval: tuple[float, float]
    reasons: tuple[Reason, ...]


def quality_of(
    model: PlatformModel, known: Known, typical: tuple[float, float], excesses: Sequence[ChannelExcess], lifts: Lifts
) -> Quality:
    """The value, its interval and its reasons.

    typical : 90 % bounds of the error of a typical rate. lifts : of the same posts.
    """
    series = known.series
    effects, slack = {LEVEL: lifts.own}, 0.0
    effects |= {f"{excess.channel}_against_likes": excess.effect for excess in excesses}
    unseen = sum(-2 * excess.effect for excess in excesses if excess.n == 0)
    hidden = series.left.hidden / (series.left.hidden + len(series))
    if hidden:
        # posts that hide their counts are taken for the weaker ones
        effects[HIDDEN_POSTS] = -below_shown(known.lift, hidden, least=math.sqrt(model.level.noise))
        unseen -= effects[HIDDEN_POSTS]
    undated = float(np.mean(np.isnan(series.day)))
    unaged = float(np.mean(np.isnan(series.age)))
    if unaged:
        effects[UNDATED] = -UNAGED_DEBIT * unaged - UNDATED_DEBIT * undated
    if model.platform_spread:
        # as with a channel that is not shown: the low end of where this platform may lie, and the whole way up in width
        effects[PLATFORM] = -NORMAL.inv_cdf(0.95) * model.platform_spread
        unseen -= 2 * effects[PLATFORM]
    slack = SLACK["dates"] * undated + SLACK["ages"] * unaged
    if series.basis.denominator == "followers" and not series.normalised:
        slack += SLACK["followers_then"]
    value, reasons = _told(model.standing, effects, {f"{e.channel}_against_likes": e for e in excesses})
    # the level of the comments is known no better than their posts tell
    reach = NORMAL.inv_cdf(0.95) * lifts.error
    below, above = slack + math.hypot(typical[0], reach), slack + math.hypot(typical[1], reach) + unseen
    return Quality(value, _interval(model.standing, value, below, above), reasons)


def _interval(standing: CalibrationMap, value: float, below: float, above: float) -> tuple[float, float]:
    """The value moved by so much lift to each side, at one slope in log-odds: that of the middle four fifths.

    At the slope of where a value stands, an interval would narrow as a value moves into a steeper part.
    """
    low, high = np.interp([0.1, 0.9], standing.y, standing.x).tolist()
    slope = 2 * math.log(9) / (high - low)
    odds = math.log(value / (1 - value))
    ends = [1 / (1 + math.exp(-(odds + slope * move))) for move in (-below, above)]
    return ends[0], ends[1]


def _told(
    standing: CalibrationMap, effects: Mapping[str, float], channels: Mapping[str, ChannelExcess]
) -> tuple[float, tuple[Reason, ...]]:
    names = list(effects)
    base, points = attribute(np.array([effects[n] for n in names]), 0.0, standing)
    reasons = [Reason(feature="baseline", seen=None, effect=0.0, points=base, text="A typical creator here")]
    for name, point in zip(names, points.tolist(), strict=True):
        value_text, text = _words(name, effects[name], channels.get(name))
        reasons.append(Reason(feature=name, seen=value_text, effect=effects[name], points=point, text=text))
    value = 0.0
    for reason in reasons:
        value += reason.points
    return min(max(value, EDGE), 1 - EDGE), tuple(reasons)


def _words(name: str, effect: float, channel: ChannelExcess | None) -> tuple[float | None, str]:
    """What was seen, and the sentence about it."""
    if channel is not None:
        word = channel.channel.capitalize()
        if channel.channel == "rate":
            return math.exp(-channel.excess), "Likes for each view, doubted where hardly any creator gets as many"
        if channel.n:
            times = math.exp(channel.excess)
            return times, f"{word} for each like are {times:.2f} times the usual over {channel.n} posts"
        return None, f"{word} are not shown, so likes are credited as if few stood behind them"
    if name == PLATFORM:
        return None, "No public set shows what is usual on this platform, so the low end of what it may be counts"
    if name == HIDDEN_POSTS:
        return None, "Posts that hide their counts are taken for the weaker ones"
    if name == UNDATED:
        return (
            None,
            "Nothing says how old posts were when read, so the low end of what they may say of the next ones counts",
        )
    return effect, f"Own posts get {math.exp(effect):.2f} times what is usual at this size, newer ones counting more"
