"""Authenticity in words: do the account's figures hang together as a genuine account's do?"""

from __future__ import annotations

from collections.abc import Sequence

from bonafit.explanations.figures import number, share
from bonafit.explanations.sentences import say
from bonafit.explanations.words import Group, HeadWords
from bonafit.results import Component, Reason

HEAD = "authenticity"
# Counts of the profile as people say them, in their order.
COUNTS = (("followers", "followers"), ("following", "accounts followed"), ("posts_count", "posts"))
# Machine habits of `heads.authenticity.evidence.automation_part`, each with the share that shows it.
HABITS = {"bursts": "burst_share", "clock": "same_gap_share", "repeated_captions": "repeated_caption_share"}
# Effects smaller than this are rounding.
NOTHING = 1e-9
PROFILE = frozenset(name for name, _ in COUNTS)
ENGAGEMENT = frozenset({"likes_per_comment", "likes_per_view", "likes_alike", "likes_per_follower"})
COMMENTS = {"same_phrase": "comments_phrases", "same_commenter": "comments_authors", "comment_spam": "comments_spam"}


def _profile(part: Component, terms: Sequence[Reason], moves: str) -> str:
    values = {reason.feature: reason.seen for reason in terms}
    counts = [f"{values[name]:,.0f} {word}" for name, word in COUNTS if values.get(name) is not None]
    listed = " and ".join([", ".join(counts[:-1]), counts[-1]] if len(counts) > 1 else counts)
    points = sum(reason.points for reason in terms)
    return say(HEAD, "profile_for" if points >= 0 else "profile_against", counts=listed, moves=moves)


def _engagement(part: Component, terms: Sequence[Reason], moves: str) -> str:
    strongest, read = terms[0], part.detail.get("engagement", {})
    if strongest.feature == "likes_alike":
        return say(HEAD, "likes_alike", moves=moves)
    if strongest.feature == "likes_per_follower":
        return say(HEAD, "likes_per_follower", likes=number(strongest.seen or 0.0), moves=moves)
    edge = read.get("nearly_all_under", {}).get(strongest.feature)
    value_seen, raises = strongest.seen or 0.0, sum(reason.points for reason in terms) >= 0
    # what people count themselves; the term is drawn to what earns nothing where counts are small
    plain = read.get("plain_likes_per_comment") or value_seen
    if strongest.feature == "likes_per_comment":
        if edge is None:
            return say(HEAD, "likes_per_comment_alone", likes=number(plain), n=read["posts_with_comments"], moves=moves)
        shown = plain if (plain < edge) == (value_seen < edge) else value_seen
        key = "likes_per_comment" if raises == (shown < edge) else "likes_per_comment_near"
        return say(HEAD, key, likes=number(shown), edge=number(edge), moves=moves)
    if edge is None:
        return say(HEAD, "likes_per_view_alone", share=share(value_seen), n=read["posts_with_views"], moves=moves)
    key = "likes_per_view" if raises == (value_seen < edge) else "likes_per_view_near"
    return say(HEAD, key, share=share(value_seen), edge=share(edge), moves=moves)


def _audience(part: Component, terms: Sequence[Reason], moves: str) -> str:
    read = part.detail.get("audience", {})
    if "usual_share" not in read:
        return say("any", "other", moves=moves)
    usual = share(read["usual_share"])
    return say(HEAD, "audience", share=share(read["share"]), n=read["n"], usual=usual, moves=moves)


def _growth(part: Component, terms: Sequence[Reason], moves: str) -> str:
    jumps = part.detail.get("follower_history", {}).get("jumps", [])
    if not terms[0].seen:
        return say(HEAD, "growth_explained" if jumps else "growth_calm", moves=moves)
    worst = max(jumps, key=lambda jump: jump["growth"] * (1 - jump["explained"]))
    return say(HEAD, "growth_jump", growth=share(worst["growth"]), day=worst["at"], moves=moves)


def _posting(part: Component, terms: Sequence[Reason], moves: str) -> str:
    if terms[0].points > -NOTHING:
        return say(HEAD, "posting_human", moves=moves)
    read = part.detail.get("automation", {})
    # the two habits that show most; a clock that is one hour of the day has no share of equal gaps to name
    first, second = sorted(sorted(HABITS, key=lambda habit: -read.get(habit, 0.0))[:2])
    shares = {HABITS[habit]: read.get(HABITS[habit]) for habit in (first, second)}
    if any(not known for known in shares.values()):
        return say(HEAD, "posting_machine", moves=moves)
    return say(HEAD, f"posting_{first}_{second}", moves=moves, **{name: share(known) for name, known in shares.items()})


def _comments(part: Component, terms: Sequence[Reason], moves: str) -> str:
    read, strongest = part.detail.get("comments"), terms[0]
    if read is None:
        return say("any", "other", moves=moves)
    if strongest.effect > -NOTHING:
        return say(HEAD, "comments_varied", n=read["n"], people=read["commenters"], moves=moves)
    if "usual" not in read:
        return say("any", "other", moves=moves)
    usual = share(read["usual"][strongest.feature])
    share_seen = share(strongest.seen or 0.0)
    return say(HEAD, COMMENTS[strongest.feature], share=share_seen, n=read["n"], usual=usual, moves=moves)


def _not_looked_at(part: Component) -> list[str]:
    detail, out = part.detail, []
    if "account" not in detail:
        out.append("no_counts")
    elif not {reason.feature for reason in part.reasons} >= PROFILE and part.reasons:
        out.append("some_counts")
    engagement = detail.get("engagement")
    if engagement is None:
        out.append("no_engagement")
    else:
        out += ["no_comment_counts"] if not engagement["posts_with_comments"] else []
        out += ["no_views"] if not engagement["posts_with_views"] else []
    if "audience" not in detail and "audience_sample" not in detail:
        out.append("no_audience")
    for name, sentence in (("follower_history", "no_history"), ("automation", "no_times"), ("comments", "no_comments")):
        if name not in detail:
            out.append(sentence)
    sentences = [say(HEAD, sentence) for sentence in out]
    if sample := detail.get("audience_sample"):
        sentences.append(say(HEAD, "small_audience", needed=sample["readable_needed"]))
    return sentences


def _start(points: float) -> str:
    return say(HEAD, "start", start=share(points))


WORDS = HeadWords(
    start=frozenset({"baseline", "account_average"}),
    groups=(
        Group("profile", "Size of the account", PROFILE, _profile),
        Group("engagement", "Likes against comments and views", ENGAGEMENT, _engagement),
        Group("audience", "Followers sampled", frozenset({"audience_share"}), _audience),
        Group("growth", "Growth", frozenset({"follower_jumps"}), _growth),
        Group("posting", "Way of posting", frozenset({"machine_habits"}), _posting),
        Group("comments", "Comments", frozenset(COMMENTS), _comments),
    ),
    say_start=_start,
    not_looked_at=_not_looked_at,
    missing=lambda _, feature: "no_comment_counts" if feature == "likes_per_comment" else None,
)
