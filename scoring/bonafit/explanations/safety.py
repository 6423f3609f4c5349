"""Safety in words: which posts promote what a brand keeps away from?"""

from __future__ import annotations

from collections.abc import Sequence

from bonafit.explanations.figures import share
from bonafit.explanations.sentences import say
from bonafit.explanations.words import Group, HeadWords
from bonafit.heads.safety.categories import LABELS, NAMES
from bonafit.results import Component, Reason

HEAD = "safety"
EXCLUDED_TOPIC = "excluded_topic"


def _posts(part: Component, terms: Sequence[Reason], moves: str) -> str:
    strongest = terms[0]
    about = LABELS.get(strongest.feature, "an excluded topic")
    return say(HEAD, "promoted", share=share(strongest.seen or 0.0), about=about, moves=moves)


def _not_looked_at(part: Component) -> list[str]:
    detail, out = part.detail, []
    for name, sentence in (("posts_without_text", "without_text"), ("posts_older_than_read", "older")):
        if n := detail.get(name):
            out.append(say(HEAD, sentence, n=n))
    if (unread := detail.get("share_not_measured") or 0.0) > 0:
        out.append(say(HEAD, "unread_language", share=share(unread)))
    if detail:
        out.append(say(HEAD, "no_pictures"))
    return out


WORDS = HeadWords(
    start=frozenset({"baseline"}),
    groups=(Group("promoted", "Posts that promote it", frozenset((*NAMES, EXCLUDED_TOPIC)), _posts),),
    say_start=lambda points: say(HEAD, "start"),
    not_looked_at=_not_looked_at,
)
