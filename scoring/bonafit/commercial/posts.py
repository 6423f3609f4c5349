"""What one post is: declared, hinted or likely an ad, with the signs, or none of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bonafit.commercial.hints import STRONG, Hint, find_hints
from bonafit.commercial.labels import Label, find_labels
from bonafit.commercial.likelihood import predictor, table
from bonafit.commercial.payers import Party, find_payers
from bonafit.commercial.reading import Reading, read_post
from bonafit.records import Post
from bonafit.results import Sign

MOST_SIGNS = 6
# Letters between the words for work done together and the brand.
BESIDE = 60
Kind = Literal["declared", "hinted", "likely"]


@dataclass(frozen=True)
class JudgedPost:
    """A post as it was read. kind : None for a post without any sign. likelihood : of a likely one, measured."""

    reading: Reading
    kind: Kind | None
    likelihood: float | None = None
    labels: tuple[Label, ...] = ()
    hints: tuple[Hint, ...] = ()
    signs: tuple[Sign, ...] = ()
    payers: tuple[Party, ...] = field(default=())
    flagged: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The discount codes of the post, as written."""
        return tuple(hint.text for hint in self.hints if hint.kind == "code")


def judge_post(post: Post, own: frozenset[str] = frozenset()) -> JudgedPost | None:
    """What a post is; None where it has neither a text nor a flag, so that nothing was looked at.

    own : keys of the creator's handle and name, who does not pay themselves.
    """
    reading = read_post(post)
    flagged = post.is_sponsored is True
    if reading.is_empty and post.is_sponsored is None:
        return None
    labels, hints = find_labels(reading), find_hints(reading)
    declares = tuple(label for label in labels if label.kind != "partner" or label.tag)
    together = [label for label in labels if label.kind == "partner" and not label.tag and _names_somebody(label, reading)]
    strong = [hint for hint in hints if hint.kind in STRONG and (hint.kind != "partner" or _has_brand(hint, reading))]
    prices = [hint for hint in hints if hint.kind == "discount" and (reading.mentions or reading.links)]
    kind: Kind | None = None
    likelihood = None
    if flagged or declares:
        kind = "declared"
    elif strong or together or prices:
        kind = "hinted"
    elif (reading.mentions or reading.links) and predictor(reading, hints) >= table().threshold:
        kind, likelihood = "likely", table().precision
    if kind is None:
        return JudgedPost(reading, None, labels=labels, hints=hints)
    signs = [Sign(kind="export", text="marked as paid")] if flagged else []
    signs += [Sign(kind=label.kind, text=label.text) for label in (*declares, *together)]
    signs += [Sign(kind=hint.kind, text=hint.text) for hint in hints]
    payers = find_payers(reading, labels, hints, own)
    return JudgedPost(reading, kind, likelihood, labels, hints, tuple(signs[:MOST_SIGNS]), payers, flagged)


def _names_somebody(label: Label, reading: Reading) -> bool:
    end = label.at + len(label.text)
    return any(0 <= piece.at - end <= BESIDE for piece in reading.mentions)


def _has_brand(hint: Hint, reading: Reading) -> bool:
    """Whether work done together is with somebody who is named by handle or hashtag."""
    return any(abs(piece.at - hint.at) <= BESIDE for piece in (*reading.mentions, *reading.tags))
