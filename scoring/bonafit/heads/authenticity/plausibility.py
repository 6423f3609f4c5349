"""Do likes, comments and views hang together? Bought likes bring no comments and no views.

Two ratios of each of the newest posts, on the scale of natural logarithms: likes for each comment, and likes for each
view. Where nearly every genuine creator of the public sets stands a ratio is worth credit, beyond it counts against,
in a straight line: a purchase of any dose on any share of the posts moves the sum, likes alone never raise it, comments
alone never lower it. Where comments or likes are hidden nothing is earned, and nothing is earned either where five
times the likes of a genuine creator near the edge would lead, so that hiding never pays. One line serves every
platform: the label of a platform is no evidence. Its slopes are no measurement, since no public set has labelled
purchases; they are what the judgement contract asks of likes x5 (benchmarks/judge/rules.py, rule 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bonafit.heads.authenticity.account_columns import latest_posts
from bonafit.records import Post

# Posts looked at, newest first, and the number from which their credit counts in full.
POSTS = 50
ENOUGH = 5
# Log-odds for each logarithm of likes over comments, and over views: rules, as are the bounds and BEYOND (decision 009:
# likes x5 must cost a tenth, honest creators stay above a half). The edges are measured and stand in the bundle.
COMMENT_SLOPE, VIEW_SLOPE = 0.28, 0.65
# Beyond what earns nothing, where no genuine creator of a public set stands, a purchase is the plain explanation.
BEYOND = 3.0
# Log-odds of one post: (most against, most for).
COMMENT_BOUND = (-4.0, 2.5)
VIEW_BOUND = (-4.0, 2.5)
# Genuine creators beyond the edge of views would gain by hiding them; up to half beyond it none is held against them.
VIEW_SLACK = math.log(1.5)
# Half a comment, at the ratio that earns nothing, is added to all posts together, so that posts without any reaction
# earn nothing; and one comment at the creator's own ratio to each, so that small counts scatter about it.
PRIOR_COMMENTS = 0.5
# Likes shown with their comments hidden: where likes x5 would lead a little beyond the edge.
HIDDEN = -0.1
# Likes, on average, from which posts without a single comment are posts with comments switched off.
SWITCHED_OFF = 50
# Likes of a purchase that is common, as a multiple of those earned.
PURCHASE = 5.0


class Norms(msgspec.Struct, frozen=True):
    """Edges of genuine creators, and what is usual by platform.

    comments_edge : logarithm of likes for each comment that 95 % of genuine creators stay under, mean of the platforms.
    views_edge    : the same of likes for each view, largest of the platforms.
    usual         : platform -> increasing quantiles of a creator's mean logarithm of likes for each comment.
    """

    comments_edge: float
    views_edge: float
    usual: dict[str, tuple[float, ...]]

    def to_bundle(self) -> dict[str, Any]:
        """Section that `from_bundle` reads."""
        return {"comments_edge": self.comments_edge, "views_edge": self.views_edge, "usual": self.usual}

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any]) -> Norms:
        return msgspec.convert(section, cls)

    @property
    def comments_zero(self) -> float:
        """Logarithm of likes for each comment that earns nothing: the edge after a purchase."""
        return self.comments_edge + math.log(PURCHASE)

    def percentile(self, platform: str | None, ratio: float) -> float | None:
        """Share in [0, 1] of the platform's genuine creators with fewer likes for each comment; None where unknown."""
        quantiles = self.usual.get((platform or "").lower())
        if quantiles is None:
            return None
        return sum(q < ratio for q in quantiles) / len(quantiles)


class Coherence(msgspec.Struct, frozen=True):
    """What the newest posts come to.

    comments, views : log-odds of genuine. n_comments, n_views : posts that both figures of the ratio are known of.
    likes_per_comment, likes_per_view : geometric means over those posts; None without any. plain_likes_per_comment :
    all their likes over all their comments, as people count; None without comments.
    hidden : posts with likes whose comments are not known.
    """

    comments: float
    views: float
    n_comments: int
    n_views: int
    n_likes: int
    hidden: int
    likes_per_comment: float | None
    plain_likes_per_comment: float | None
    likes_per_view: float | None
    n: int


def likes_per_comment(likes: Sequence[int], comments: Sequence[int], zero: float) -> list[float]:
    """Logarithm of likes for each comment of every post, each drawn to the creator's own ratio, that to `zero`."""
    own = (sum(likes) + PRIOR_COMMENTS * math.exp(zero)) / (sum(comments) + PRIOR_COMMENTS)
    return [math.log((a + own) / (b + 1)) for a, b in zip(likes, comments, strict=True)]


def likes_per_view(likes: float, views: float) -> float:
    """Logarithm of likes for each view."""
    return math.log((likes + 1) / (views + 1))


def comment_effect(below: float) -> float:
    """Log-odds of a post whose likes for each comment stand this far, in logarithms, below what earns nothing."""
    return clipped(COMMENT_SLOPE * (below if below > 0 else BEYOND * below), COMMENT_BOUND)


def view_effect(below: float) -> float:
    """Log-odds of a post whose likes for each view stand this far, in logarithms, below the edge; 0 just beyond it."""
    return clipped(VIEW_SLOPE * (below if below > 0 else BEYOND * min(0.0, below + VIEW_SLACK)), VIEW_BOUND)


def comments_off(posts: Sequence[Post]) -> bool:
    """Whether many liked and nobody commented, on any post: comments are switched off, and not known."""
    known = [(p.likes, p.comments) for p in posts if p.likes is not None and p.comments is not None]
    return bool(known) and not any(c for _, c in known) and sum(a for a, _ in known) >= SWITCHED_OFF * len(known)


def coherence(posts: Sequence[Post], norms: Norms) -> Coherence:
    """Both ratios of the newest posts; a post without likes earns nothing."""
    newest = latest_posts(posts, POSTS)
    off = comments_off(newest)
    liked = [(p.likes, p.comments, p.views) for p in newest if p.likes is not None]
    shown = [(a, b) for a, b, _ in liked if b is not None and not off]
    ratios = likes_per_comment([a for a, _ in shown], [b for _, b in shown], norms.comments_zero)
    # posts without likes earn nothing, posts whose comments are hidden a little less
    effects = [comment_effect(norms.comments_zero - r) for r in ratios]
    effects += [HIDDEN] * (len(liked) - len(shown)) + [0.0] * (len(newest) - len(liked))
    shares = [likes_per_view(a, v) for a, _, v in liked if v is not None]
    view_effects = [view_effect(norms.views_edge - share) for share in shares]
    return Coherence(
        comments=_mean(effects), views=_mean(view_effects), n_comments=len(ratios), n_views=len(shares),
        n_likes=len(liked), hidden=len(liked) - len(shown),
        likes_per_comment=math.exp(math.fsum(ratios) / len(ratios)) if ratios else None,
        plain_likes_per_comment=sum(a for a, _ in shown) / talk if (talk := sum(b for _, b in shown)) else None,
        likes_per_view=math.exp(math.fsum(shares) / len(shares)) if shares else None, n=len(newest),
    )  # fmt: skip


def clipped(value: float, bound: tuple[float, float]) -> float:
    """The value within (low, high)."""
    return min(max(value, bound[0]), bound[1])


def _mean(effects: Sequence[float]) -> float:
    """Mean effect of the posts; credit from fewer than ENOUGH of them in proportion."""
    if not effects:
        return 0.0
    mean = math.fsum(effects) / len(effects)
    return mean if mean < 0 else mean * min(1.0, len(effects) / ENOUGH)
