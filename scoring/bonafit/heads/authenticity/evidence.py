"""Evidence about one creator, part by part; None where the record says nothing a part can use.

Every part but the account model is bounded: what it adds was measured on simulations, or follows a published rule
without labels behind it, so it may raise a question and never decide one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from bonafit.heads.authenticity.account_columns import latest_posts
from bonafit.heads.authenticity.account_model import EvidenceModel
from bonafit.heads.authenticity.audience import AudienceModel, audience_share
from bonafit.heads.authenticity.combine import Part, Signal, log_odds
from bonafit.heads.authenticity.comments import LEAST_COMMENTS, SpamModel, repeated_share, wordless_share
from bonafit.heads.authenticity.follower_jumps import decayed, follower_jumps
from bonafit.heads.authenticity.plausibility import POSTS, STATISTICS, Plausibility, bayes_bound, combined_p
from bonafit.heads.authenticity.posting_columns import posting_values
from bonafit.heads.authenticity.wording import describe, pointing
from bonafit.records import Creator
from bonafit.results import Evidence

# Bounds of each part's log-odds: (most against, most for).
AUTOMATION_BOUND = (-1.5, 0.0)
AUDIENCE_BOUND = (-2.0, 0.5)
PLAUSIBILITY_BOUND = (-1.5, 0.0)
HISTORY_STEP, HISTORY_BOUND = -0.8, -1.6
COMMENTS_BOUND = -0.5
# Counted up to here, suspicious followers are what popular genuine accounts collect unasked: hand-labelled followers
# of Swiss influencers held 10 % (SRF Data 2017); twice that is the neutral point.
USUAL_SHARE = 0.2
USUAL_REPEATED = 0.15
USUAL_SPAM = 0.2


def bounded(effects: Sequence[float], low: float, high: float) -> list[float]:
    """Effects scaled together so that their sum lies within [low, high]."""
    total = math.fsum(effects)
    limit = min(max(total, low), high)
    scale = 1.0 if total == limit else limit / total
    return [e * scale for e in effects]


def automation_part(model: EvidenceModel, creator: Creator) -> Part | None:
    """Machine posting, from times and repetition. Regular hours are no credit: the part only counts against."""
    values = posting_values(creator.posts)
    if not values:
        return None
    found = model.effects([values])[0]
    log_odds_genuine = found.log_odds - model.prior_log_odds
    raw = [found.intercept - model.prior_log_odds, *(float(e) for e in found.effects)]
    scaled = bounded(raw, *AUTOMATION_BOUND)
    signals = [Signal("automation_average", None, scaled[0], "how the automation model scores average posting")]
    for (j, column), effect in zip(model.mains, scaled[1:], strict=True):
        value = float(found.values[column])
        described = model.columns[column]
        usual = model.percentile(described.name, value, 0.0)
        text = describe(described, value, usual, effect)
        signals.append(Signal(found.names[j], None if np.isnan(value) else value, effect, text, usual))
    clear = log_odds_genuine < log_odds(0.1)
    return Part(
        name="automation",
        signals=tuple(signals),
        variance=min(found.variance, 1.0) * (scaled[0] / raw[0]) ** 2 if raw[0] else 0.0,
        coverage=float(np.mean(~np.isnan(found.values))),
        detail={"log_odds_not_automated": log_odds_genuine},
        flags=("posting_looks_automated",) if clear else (),
    )


def audience_part(models: Mapping[str, AudienceModel], creator: Creator) -> Part | None:
    """Share of suspicious accounts in the sampled audience, corrected, against what genuine accounts collect."""
    found = audience_share(models, creator.audience)
    if found is None:
        return None
    share, model = found
    low, high = share.interval
    neutral = log_odds(USUAL_SHARE)
    value = neutral - log_odds(min(max(share.share, 0.01), 0.99))
    effect = min(max(value, AUDIENCE_BOUND[0]), AUDIENCE_BOUND[1])
    width = log_odds(min(max(high, 0.02), 0.99)) - log_odds(min(max(low, 0.01), 0.98))
    text = (
        f"{share.share:.0%} of {share.n} sampled accounts look bought or fake, after correction for the model's errors "
        f"(90 % interval {low:.0%} to {high:.0%}; merely counted {share.counted:.0%}), where up to {USUAL_SHARE:.0%} "
        f"is usual; {pointing(effect)}"
    )
    return Part(
        name="audience",
        signals=(Signal("audience_share", share.share, effect, text),),
        # also at a bound: a bounded effect is no certain one
        variance=(width / 3.29) ** 2,
        coverage=1.0,
        detail={
            "share": share.share, "interval": [low, high], "counted": share.counted, "n": share.n, "read_from": model,
        },
        flags=("suspicious_audience",) if low > USUAL_SHARE else (),
    )  # fmt: skip


def plausibility_part(model: Plausibility, creator: Creator) -> Part | None:
    """Likes and comments against what is usual; only a strange figure counts, and only against."""
    posts = latest_posts(creator.posts, POSTS)
    likes = np.array([math.nan if p.likes is None else float(p.likes) for p in posts])
    comments = np.array([math.nan if p.comments is None else float(p.comments) for p in posts])
    found = model.judge(likes, comments, creator.followers, creator.platform)
    if not found:
        return None
    p = combined_p({name: (rank, tail) for name, (_, rank, tail) in found.items()})
    effect = max(bayes_bound(p), PLAUSIBILITY_BOUND[0])
    strangest = min(found, key=lambda name: (found[name][2], name))
    signals = []
    for column in STATISTICS:
        if column.name not in found:
            continue
        value, rank, tail = found[column.name]
        own = effect if column.name == strangest else 0.0
        text = f"{column.description}: more than {rank:.0%} of reference creators, tail probability {tail:.2g}"
        signals.append(Signal(column.name, value, own, f"{text}; {pointing(own)}", rank))
    return Part(
        name="plausibility",
        signals=tuple(signals),
        variance=(effect / 2) ** 2,
        coverage=len(found) / len(STATISTICS),
        detail={"p_value": p, "tails": {name: tail for name, (_, _, tail) in found.items()}},
        flags=("implausible_engagement",) if p < 0.05 else (),
    )


def history_part(creator: Creator) -> Part | None:
    """Jumps of the follower count whose gain melted away."""
    jumps = follower_jumps(creator.follower_history)
    if jumps is None:
        return None
    melted = decayed(jumps)
    effect = max(HISTORY_STEP * len(melted), HISTORY_BOUND)
    text = (
        f"{len(jumps)} jumps of the follower count, {len(melted)} of which melted away again, where none is usual; "
        f"{pointing(effect)}"
    )
    return Part(
        name="follower_history",
        signals=(Signal("follower_jumps", float(len(melted)), effect, text),),
        variance=0.25 if melted else 0.0,
        coverage=1.0,
        detail={"jumps": [{"at": j.at, "growth": j.growth, "lost_share": j.lost_share} for j in jumps]},
        flags=("follower_jump_then_decay",) if melted else (),
        evidence=tuple(
            Evidence(
                kind="signal", weight=HISTORY_STEP, at=j.at,
                text=f"followers jumped by {j.growth:.0%}, {j.lost_share:.0%} of it lost",
            )
            for j in melted
        ),
    )  # fmt: skip


def comments_part(model: SpamModel, creator: Creator) -> Part | None:
    """Spam and repetition among sampled comments. Others write them, so they count little."""
    texts = [c.text for c in creator.comments if c.text.strip()]
    if len(texts) < LEAST_COMMENTS:
        return None
    spam = float(np.mean([1 / (1 + math.exp(-model.log_odds(t))) for t in texts]))
    repeated = repeated_share(texts)
    raw = [-max(0.0, spam - USUAL_SPAM), -2 * max(0.0, repeated - USUAL_REPEATED)]
    effects = bounded(raw, COMMENTS_BOUND, 0.0)
    said = (
        f"{spam:.0%} of {len(texts)} comments read like spam, where up to {USUAL_SPAM:.0%} is usual; "
        f"{pointing(effects[0])}"
    )
    twice = (
        f"{repeated:.0%} of the longer comments repeat another word for word, "
        f"where up to {USUAL_REPEATED:.0%} is usual; {pointing(effects[1])}"
    )
    return Part(
        name="comments",
        signals=(
            Signal("comment_spam", spam, effects[0], said),
            Signal("repeated_comments", repeated, effects[1], twice),
        ),
        variance=0.01,
        coverage=1.0,
        detail={
            "n": len(texts), "spam_share": spam, "repeated_share": repeated, "wordless_share": wordless_share(texts),
        },
    )  # fmt: skip
