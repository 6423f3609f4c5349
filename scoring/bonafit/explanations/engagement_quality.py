"""Engagement in words: does the audience respond more than is usual for a creator of this size?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from bonafit.explanations.figures import number, share, times, value
from bonafit.explanations.sentences import say
from bonafit.explanations.words import Group, HeadWords
from bonafit.results import Component, Reason

HEAD = "engagement_quality"
# What people count themselves: the median of the newest twelve posts.
NEWEST = ("median", "last_12")
REACTIONS = {"likes": "likes", "likes_comments": "likes and comments"}

LEVEL = frozenset({"level"})
TALK = frozenset({"comments_against_likes"})
VIEWS = frozenset({"views_against_likes", "rate_against_likes"})
HIDDEN, UNDATED = frozenset({"hidden_posts"}), frozenset({"undated_posts"})
PLATFORM = "platform_outside_training"
# What a term that was not seen says of the file.
UNSEEN = {
    **dict.fromkeys(TALK, "no_comment_counts"),
    **dict.fromkeys(VIEWS, "no_view_counts"),
    PLATFORM: "no_platform",
    **dict.fromkeys(HIDDEN, "some_hidden"),
    **dict.fromkeys(UNDATED, "no_dates"),
}


def _missing(part: Component, feature: str) -> str | None:
    """Name of the sentence on what is missing; where every post has its date, it is the day of counting alone."""
    sentence = UNSEEN.get(feature)
    return "no_counting_day" if sentence == "no_dates" and "posts_undated" not in part.flags else sentence


def _together(terms: Sequence[Reason]) -> str:
    """By how much the terms multiply the engagement: their effects are logarithms of it."""
    return times(math.fsum(reason.effect for reason in terms))


def _level(part: Component, terms: Sequence[Reason], moves: str) -> str:
    """The newest posts' plain rate beside the one expected; where both do not bear out what the terms do, these."""
    basis, usual = part.detail.get("definition"), part.detail.get("expected_rate")
    own = _measured(part) if basis else None
    raises = math.fsum(reason.points for reason in terms) >= 0
    if basis is None or not usual or own is None or (own >= usual) != raises:
        return say(HEAD, "level_times", times=_together(terms), moves=moves)
    return say(
        HEAD, "level", reactions=REACTIONS[basis["interactions"]], own=share(own), whom=basis["denominator"],
        usual=share(usual), moves=moves,
    )  # fmt: skip


def _measured(part: Component) -> float | None:
    """Median rate of the newest posts by the definition that the head predicts; None where the ledger has none."""
    basis = part.detail["definition"]
    for rate in part.detail.get("ledger", ()):
        if (rate["statistic"], rate["window"]) == NEWEST and all(
            rate[name] == basis[name] for name in ("interactions", "denominator")
        ):
            return float(rate["value"])
    return None


def _talk(part: Component, terms: Sequence[Reason], moves: str) -> str:
    parts = part.detail.get("parts", {})
    talk, against = parts.get("conversation"), parts.get("comments_against_likes")
    says = talk and talk["people"] and talk["says_something"]
    if says:
        places = {"people": talk["people"], "says": share(says["value"]), "moves": moves}
        if against:
            return say(HEAD, "talk_and_times", times=number(against["times_usual"]), **places)
        return say(HEAD, "talk", **places)
    if against:
        return say(HEAD, "comments_times", times=number(against["times_usual"]), n=against["n"], moves=moves)
    return say(HEAD, "comments", times=_together(terms), moves=moves)


def _views(part: Component, terms: Sequence[Reason], moves: str) -> str:
    against = part.detail.get("parts", {}).get("views_against_likes")
    if against and terms[0].feature == "views_against_likes":
        return say(HEAD, "views_times", times=number(against["times_usual"]), n=against["n"], moves=moves)
    return say(HEAD, "likes_doubted", moves=moves)


def _not_looked_at(part: Component) -> list[str]:
    unseen = [_missing(part, reason.feature) for reason in part.reasons if reason.seen is None]
    out = [sentence for sentence in dict.fromkeys(unseen) if sentence is not None]
    if not part.detail.get("n_posts_used"):
        out.append("no_posts")
    elif "conversation" not in part.detail.get("parts", {}):
        out.append("no_talk")
    sentences = [say(HEAD, sentence) for sentence in out]
    left = part.detail.get("posts_left_out", {})
    sentences += [say(HEAD, f"{why}_posts", n=left[why]) for why in ("hidden", "unsettled") if left.get(why)]
    return sentences


def _start(points: float) -> str:
    return say(HEAD, "start", start=value(points))


WORDS = HeadWords(
    start=frozenset({"baseline"}),
    groups=(
        Group("level", "Response to posts", LEVEL, _level),
        Group("comments", "Comments", TALK, _talk),
        Group("views", "Views", VIEWS, _views),
    ),
    say_start=_start,
    not_looked_at=_not_looked_at,
    unseen=frozenset({PLATFORM}) | HIDDEN | UNDATED,
    missing=_missing,
)
