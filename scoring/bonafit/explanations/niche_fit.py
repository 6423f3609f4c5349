"""Fit in words: does the creator live what the brief is about?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from bonafit.explanations.figures import percentile, share, value
from bonafit.explanations.sentences import say
from bonafit.explanations.words import Group, HeadWords, term
from bonafit.results import Component, Reason

HEAD = "niche_fit"
# Share of posts at large that count as on a brief's subject: `posts.ON_NICHE` lies above the other 93 %.
USUAL_ON_SUBJECT = 0.07
# From this share on their number says why fit is high: the nearest three in ten count most.
MANY_ON_SUBJECT = 0.3
POSTS = frozenset({"post_fit", "best_posts", "share_on_niche", "recent_fit", "steady_fit", "copied_share"})


def _posts(part: Component, terms: Sequence[Reason], moves: str) -> str:
    """How many posts are on the subject; where that does not bear out what they do, how near the closest come."""
    n, on = part.detail.get("posts_used"), part.detail.get("posts_on_niche")
    raises = math.fsum(reason.points for reason in terms) >= 0
    if n and on is not None and (on / n >= MANY_ON_SUBJECT if raises else on / n < USUAL_ON_SUBJECT):
        return say(HEAD, "on_subject", on=on, n=n, usual=share(USUAL_ON_SUBJECT), moves=moves)
    # the share of posts has no usual place among creators
    placed = [reason for reason in terms if reason.usual is not None] or terms
    return _standing("best" if placed[0].feature == "best_posts" else "whole", placed, moves)


def _standing(sentence: str, terms: Sequence[Reason], moves: str) -> str:
    """Where the strongest term stands among creators, said from the side of the larger number."""
    usual = terms[0].usual
    if usual is None:
        return say("any", "other", moves=moves)
    near = usual >= 0.5
    of = percentile(usual if near else 1 - usual)
    return say(HEAD, f"{sentence}_{'near' if near else 'far'}", percent=of, moves=moves)


def _parts(part: Component, terms: Sequence[Reason], moves: str) -> str:
    return _standing("parts", terms, moves)


def _bio(part: Component, terms: Sequence[Reason], moves: str) -> str:
    return _standing("bio", terms, moves)


def _words(part: Component, terms: Sequence[Reason], moves: str) -> str:
    used = term(terms, "words_shared") or terms[0]
    return say(HEAD, "words", share=share(used.seen or 0.0), moves=moves)


def _stance(part: Component, terms: Sequence[Reason], moves: str) -> str:
    return say(HEAD, "stance", share=share(terms[0].seen or 0.0), moves=moves)


def _refused(part: Component, terms: Sequence[Reason], moves: str) -> str:
    return say(HEAD, "refused", share=share(terms[0].seen or 0.0), moves=moves)


def _not_looked_at(part: Component) -> list[str]:
    detail, out = part.detail, []
    if not detail.get("posts_used"):
        out.append(say(HEAD, "no_posts"))
    if (unread := detail.get("share_outside_languages") or 0.0) > 0:
        out.append(say(HEAD, "unread_language", share=share(unread)))
    for name, sentence in (("texts_naming_brand", "naming_brand"), ("texts_repeating_brief", "repeating_brief")):
        if n := detail.get(name):
            out.append(say(HEAD, sentence, n=n))
    return out


WORDS = HeadWords(
    start=frozenset({"baseline"}),
    groups=(
        Group("posts", "Posts on the subject", POSTS, _posts),
        Group("parts", "Parts of the brief", frozenset({"facet_coverage"}), _parts),
        Group("words", "Words of the brief", frozenset({"words_shared", "posts_with_words", "bio_only_words"}), _words),
        Group("bio", "Bio", frozenset({"bio_fit", "bio_only_fit"}), _bio),
        Group("refused", "What the brief refuses", frozenset({"refused_share"}), _refused),
        Group("stance", "For or against", frozenset({"adverse_share"}), _stance),
    ),
    say_start=lambda points: say(HEAD, "start", start=value(points)),
    not_looked_at=_not_looked_at,
)
