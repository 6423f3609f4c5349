"""Evidence about one creator, part by part; None where the record says nothing a part can use.

What costs nothing to forge is read nowhere. Every part is bounded: what it adds was measured between collections, or
follows a published rule without labels behind it. Only likes, comments and views that hang together count in favour,
since that is what takes real people; and each part's variance is never larger than what its absence adds (`UNKNOWN`),
so that hiding never narrows an interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from bonafit.heads.authenticity.account_model import AccountModels
from bonafit.heads.authenticity.audience import AudienceModel, audience_share
from bonafit.heads.authenticity.combine import Part, Signal
from bonafit.heads.authenticity.comments import (
    LEAST_COMMENTS,
    SpamModel,
    alike,
    authors,
    phrases,
    wordless_share,
)
from bonafit.heads.authenticity.follower_jumps import follower_jumps, jump_effect
from bonafit.heads.authenticity.plausibility import ENOUGH, Norms, coherence
from bonafit.heads.authenticity.posting_columns import POSTING, posting_values
from bonafit.heads.authenticity.steadiness import ABOVE_FOLLOWERS, ALIKE, steadiness
from bonafit.heads.authenticity.steadiness import SIGNAL as STRANGE
from bonafit.heads.authenticity.wording import amount, pointing
from bonafit.records import Creator
from bonafit.results import Evidence
from bonafit.tables.logistic import sigmoid

# No public set labels purchases of likes, histories of followers, comments or clocks. So the bounds below, the
# variances and the ramps are rules, set until the judgement contract holds (`make judge`, decision 009), and not
# measured. Variance of the log-odds: what a part leaves open where it was read, and where it could not be; the second
# is larger, so that hiding never narrows an interval (rule 5).
KNOWN = {"engagement": 0.25, "views": 0.05, "audience": 0.15, "follower_history": 0.05, "comments": 0.05}
UNKNOWN = {"engagement": 0.6, "views": 0.1, "audience": 0.3, "follower_history": 0.1, "comments": 0.1}
# Up to this share suspicious followers are what popular genuine accounts collect unasked: hand-labelled followers of
# Swiss influencers held 10 % (SRF Data 2017).
USUAL_SHARE = 0.15
# Likes for each comment or view so far beyond every genuine creator's that they are a signal of their own.
IMPLAUSIBLE = -0.2
# Most that each part says against an account, in log-odds (docs/methods/authenticity.md): a jump that melted again more
# than a clock, a clock more than talk.
HISTORY_BOUND = -3.6
AUTOMATION_BOUND = -3.0
# Two machine habits of three, together, as a share of what all three are worth.
TWO_HABITS = 0.3
POD_BOUND = -1.8
COMMENTS_BOUND = -2.6
# Chance that two comments are the same, or by the same person under two posts: what a stock of 11 phrases or 25
# regulars gives leaves nobody wondering, 4 phrases or 9 people are a pod.
SAME_PHRASE = (0.09, 0.25)
SAME_AUTHOR = (0.04, 0.11)
# Authors are counted over this many posts at least: few people in one thread are a talk.
LEAST_POSTS = 3
# Share of comments that look like spam which genuine creators have unasked, by rule.
USUAL_SPAM = 0.5


def ramp(value: float, start: float, end: float) -> float:
    """0 at start and before it, 1 at end and beyond, in a straight line between; start may lie above end."""
    return min(max((value - start) / (end - start), 0.0), 1.0)


def engagement_part(norms: Norms, creator: Creator) -> Part | None:
    """Likes, comments and views of the newest posts against each other; credit and debit."""
    shown = coherence(creator.posts, norms)
    if not shown.n:
        return None
    edge = math.exp(norms.comments_edge)
    if shown.likes_per_comment is None:
        hidden = "comments are not shown" if shown.hidden else "likes or comments are not shown"
        text = f"likes for each comment: not known, as {hidden}; {pointing(shown.comments)}"
        percentile = None
    else:
        percentile = norms.percentile(creator.platform, math.log(shown.likes_per_comment))
        text = (
            f"likes for each comment: {shown.likes_per_comment:,.3g} over {shown.n_comments} posts, where nearly all "
            f"genuine creators stay under {edge:,.3g}; {pointing(shown.comments)}"
        )
        if shown.hidden:
            text += f"; comments of {shown.hidden} further posts are not shown"
    signals = [Signal("likes_per_comment", shown.likes_per_comment, shown.comments, text, percentile)]
    if shown.likes_per_view is not None:
        text = (
            f"likes for each view: {amount(shown.likes_per_view, 'rate')} over {shown.n_views} posts, where nearly all "
            f"genuine creators stay under {amount(math.exp(norms.views_edge), 'rate')}; {pointing(shown.views)}"
        )
        signals.append(Signal("likes_per_view", shown.likes_per_view, shown.views, text))
    variance = (KNOWN if shown.n_comments >= ENOUGH else UNKNOWN)["engagement"]
    variance += (KNOWN if shown.n_views >= ENOUGH else UNKNOWN)["views"]
    return Part(
        name="engagement",
        signals=tuple(signals),
        variance=variance,
        coverage=(0.4 * shown.n_likes + 0.4 * shown.n_comments + 0.2 * shown.n_views) / shown.n,
        detail={
            "likes_per_comment": shown.likes_per_comment, "likes_per_view": shown.likes_per_view,
            "plain_likes_per_comment": shown.plain_likes_per_comment,
            "posts": shown.n, "posts_with_comments": shown.n_comments, "posts_with_views": shown.n_views,
            "nearly_all_under": {"likes_per_comment": edge, "likes_per_view": math.exp(norms.views_edge)},
        },
        flags=("implausible_engagement",) if min(shown.comments, shown.views) < IMPLAUSIBLE else (),
    )  # fmt: skip


def counts_part(creator: Creator) -> Part | None:
    """Likes that hardly differ between posts or lie far beyond the followers; None where neither is so."""
    shown = steadiness(creator.posts, creator.followers)
    signals = []
    if shown.even:
        text = (
            f"likes differ by a factor of {math.exp(shown.spread or 0.0):.2f} from post to post, and two posts have "
            f"the same number with a chance of {shown.alike or 0.0:.0%}, where up to {ALIKE[0]:.0%} is usual; "
            f"{pointing(shown.even)}"
        )
        signals.append(Signal("likes_alike", shown.alike, shown.even, text))
    if shown.above:
        text = (
            f"likes for each follower: {shown.likes_per_follower or 0.0:,.3g} on the middle post, where nearly all "
            f"genuine creators stay under {math.exp(ABOVE_FOLLOWERS[0]):.3g}; {pointing(shown.above)}"
        )
        signals.append(Signal("likes_per_follower", shown.likes_per_follower, shown.above, text))
    if not signals:
        return None
    return Part(
        name="counts",
        signals=tuple(signals),
        variance=0.0,
        coverage=0.0,
        detail={"alike": shown.alike, "spread": shown.spread, "likes_per_follower": shown.likes_per_follower},
        flags=("implausible_counts",) if min(shown.even, shown.above) < STRANGE else (),
    )


def share_effect(at_least: float) -> float:
    """Log-odds of genuine, at most 0, of a sample with this share of suspicious accounts at the least.

    Continuous: steep above what is usual, flat around a half, falling on to a sample of nothing else.
    """
    above = max(0.0, at_least - USUAL_SHARE)
    return -3.8 * (1 - math.exp(-above / 0.15)) - 8.0 * max(0.0, at_least - 0.5) ** 2


def audience_part(accounts: AccountModels, audiences: Mapping[str, AudienceModel], creator: Creator) -> Part | None:
    """Share of suspicious accounts in the sampled audience, corrected, against what genuine accounts collect."""
    read = audience_share(accounts, audiences, creator.audience)
    if read is None:
        return None
    share, model = read
    low, high = share.interval
    effect = share_effect(share.at_least)
    text = (
        f"{share.share:.0%} of {share.n} sampled accounts look bought or fake, after correction for the model's errors "
        f"(90 % interval {low:.0%} to {high:.0%}; merely counted {share.counted:.0%}), where up to {USUAL_SHARE:.0%} "
        f"is usual; {pointing(effect)}"
    )
    return Part(
        name="audience",
        signals=(Signal("audience_share", share.share, effect, text),),
        variance=KNOWN["audience"],
        coverage=min(1.0, share.n / 30),
        detail={
            "share": share.share, "interval": [low, high], "counted": share.counted, "n": share.n, "read_from": model,
            "usual_share": USUAL_SHARE,
        },
        flags=("suspicious_audience",) if effect < -0.5 else (),
    )  # fmt: skip


def history_part(creator: Creator) -> Part | None:
    """Jumps of the follower count that no post explains."""
    jumps = follower_jumps(creator.follower_history, creator.posts)
    if jumps is None:
        return None
    effects = [jump_effect(jump) for jump in jumps]
    effect = max(math.fsum(effects), HISTORY_BOUND)
    rises = [(jump, e) for jump, e in zip(jumps, effects, strict=True) if e < -0.5]
    melted = any(jump.lost_share >= 0.1 for jump, _ in rises)
    text = (
        f"{len(jumps)} jumps of the follower count, {len(rises)} of which no post with known views explains, where "
        f"none is usual; {pointing(effect)}"
    )
    flags = ["unexplained_follower_jump"] if rises else []
    return Part(
        name="follower_history",
        signals=(Signal("follower_jumps", float(len(rises)), effect, text),),
        variance=KNOWN["follower_history"],
        coverage=1.0,
        detail={
            "jumps": [
                {"at": j.at, "growth": j.growth, "explained": j.explained, "lost_share": j.lost_share} for j in jumps
            ]
        },
        flags=(*flags, "follower_jump_then_decay") if melted else tuple(flags),
        evidence=tuple(
            Evidence(
                kind="signal", weight=e, at=j.at,
                text=f"followers jumped by {j.growth:.0%}, {j.explained:.0%} of it explained by posts, "
                f"{j.lost_share:.0%} lost again",
            )
            for j, e in rises
        ),
    )  # fmt: skip


def automation_part(creator: Creator) -> Part | None:
    """A regular clock, identical captions and bursts together; alone each is what honest people do."""
    values = posting_values(creator.posts)
    if not values:
        return None
    clock = max(
        ramp(values.get("same_gap_share") or 0.0, 0.3, 0.7), ramp(values.get("hour_concentration") or 0.0, 0.85, 0.97)
    )
    repeats = ramp(values.get("repeated_caption_share") or 0.0, 0.4, 0.8)
    bursts = ramp(values.get("burst_share") or 0.0, 0.2, 0.6)
    two = max(clock * repeats, clock * bursts, repeats * bursts)
    effect = AUTOMATION_BOUND * max(clock * repeats * bursts, TWO_HABITS * two)
    shown = "; ".join(f"{c.description}: {amount(v, c.unit)}" for c in POSTING if (v := values.get(c.name)) is not None)
    text = f"{shown}. Each alone is what honest people do; together: {pointing(effect)}"
    return Part(
        name="automation",
        signals=(Signal("machine_habits", clock * repeats * bursts, effect, text),),
        variance=0.0,
        coverage=float(np.mean([values.get("same_gap_share") is not None, "repeated_caption_share" in values])),
        detail={"clock": clock, "repeated_captions": repeats, "bursts": bursts, **values},
        flags=("posting_looks_automated",) if effect < -0.5 else (),
    )


def comments_part(model: SpamModel, creator: Creator) -> Part | None:
    """Repetition, few authors over many posts, and spam among sampled comments; the creator's own do not count."""
    own = {name.casefold() for name in (creator.creator_id, creator.handle) if name}
    foreign = [c for c in creator.comments if c.reply_to is None and (c.author or "").casefold() not in own]
    texts = [c.text for c in foreign if c.text.strip()]
    if len(texts) < LEAST_COMMENTS:
        return None
    repetition, (people, posts) = phrases(texts), authors(foreign)
    same_phrase, same_author = alike(repetition), alike(people)
    spam = float(np.mean(sigmoid(np.array([model.log_odds(t) for t in texts]))))
    effects = [
        POD_BOUND * ramp(same_phrase, *SAME_PHRASE) if len(repetition) >= LEAST_COMMENTS else 0.0,
        POD_BOUND * ramp(same_author, *SAME_AUTHOR) if len(people) >= LEAST_COMMENTS and posts >= LEAST_POSTS else 0.0,
        -max(0.0, spam - USUAL_SPAM),
    ]
    total = math.fsum(effects)
    scale = min(1.0, COMMENTS_BOUND / total) if total else 1.0
    repeated, few, spammy = (e * scale for e in effects)
    texts_of = (
        f"two of {len(repetition)} comments with words are the same with a chance of {same_phrase:.0%}, where up to "
        f"{SAME_PHRASE[0]:.0%} is usual; {pointing(repeated)}",
        f"comments under two of {posts} posts are by the same person with a chance of {same_author:.0%}, where up to "
        f"{SAME_AUTHOR[0]:.0%} is usual; {pointing(few)}",
        f"{spam:.0%} of {len(texts)} comments read like spam, where up to {USUAL_SPAM:.0%} is usual; "
        f"{pointing(spammy)}",
    )
    flags = [name for name, e in (("repeated_comments", repeated), ("few_commenters", few)) if e < -0.4]
    return Part(
        name="comments",
        signals=(
            Signal("same_phrase", same_phrase, repeated, texts_of[0]),
            Signal("same_commenter", same_author, few, texts_of[1]),
            Signal("comment_spam", spam, spammy, texts_of[2]),
        ),
        variance=KNOWN["comments"],
        coverage=1.0,
        detail={
            "n": len(texts), "spam_share": spam, "same_phrase": same_phrase, "same_commenter": same_author,
            "commenters": len(set(people)), "wordless_share": wordless_share(texts),
            "usual": {"same_phrase": SAME_PHRASE[0], "same_commenter": SAME_AUTHOR[0], "comment_spam": USUAL_SPAM},
        },
        flags=tuple(flags),
    )  # fmt: skip
