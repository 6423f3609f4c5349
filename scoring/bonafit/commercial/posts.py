"""What a creator's posts are: declared, hinted or likely ads, with the signs, or none of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bonafit.commercial.hints import STRONG, Hint, find_hints
from bonafit.commercial.labels import Label, find_labels
from bonafit.commercial.likelihood import predictor, table
from bonafit.commercial.named import ends_open, find_named, name_at, name_behind, name_heading, name_pointed
from bonafit.commercial.payers import Party, find_payers
from bonafit.commercial.reading import Reading, fold, key_of, read_post
from bonafit.records import Post
from bonafit.results import Sign

MOST_SIGNS = 6
# Four legal experts agree pairwise in so many posts on whether one is an ad: no
# likelihood above that is claimed.
AGREEMENT = 0.797
# Letters between the words for work done together and the brand.
BESIDE = 60
# Languages whose words for work done together artists use among themselves.
AMONG_ARTISTS = ("en", "ja", "ko")
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
    labels, hints = find_labels(reading), (*find_hints(reading), *find_named(reading))
    # a partner without a brand may be a friend: #collab among artists
    declares = tuple(label for label in labels if _declares(label))
    together = [label for label in labels if not _declares(label) and _names_somebody(label, reading)]
    strong = [hint for hint in hints if hint.kind in STRONG and (hint.kind != "partner" or _has_brand(hint, reading))]
    to_a_shop = bool(reading.mentions or reading.links) or any(hint.kind == "shop" for hint in hints)
    prices = [hint for hint in hints if hint.kind == "discount" and to_a_shop]
    kind: Kind | None = None
    if flagged or declares:
        kind = "declared"
    elif strong or together or prices:
        kind = "hinted"
    if kind is None:
        return JudgedPost(reading, None, labels=labels, hints=hints)
    signs = [Sign(kind="export", text="marked as paid")] if flagged else []
    signs += [Sign(kind=label.kind, text=label.text) for label in (*declares, *together)]
    signs += [Sign(kind=hint.kind, text=hint.text) for hint in hints]
    payers = find_payers(reading, labels, hints, own)
    return JudgedPost(reading, kind, None, labels, hints, tuple(signs[:MOST_SIGNS]), payers, flagged)


def campaign_tags(reading: Reading, labels: Sequence[Label]) -> frozenset[str]:
    """Keys of a post's hashtags, those that are labels left out."""
    places = {label.at for label in labels}
    return frozenset(key_of(tag.text) for tag in reading.tags if tag.at not in places)


def with_likely(
    judged: Sequence[JudgedPost | None], own: frozenset[str] = frozenset()
) -> tuple[JudgedPost | None, ...]:
    """The same posts, those without a sign called likely that belong to a campaign which most others of it declare.

    Posts of a campaign name the same payer and have a hashtag in common that is in half of the creator's posts at most;
    and the post is written like an ad. Its wording alone tells too little: see docs/methods/commercial.md.
    """
    if not any(post is not None and post.kind == "declared" and post.payers for post in judged):
        return tuple(judged)
    tags = {id(post): campaign_tags(post.reading, post.labels) for post in judged if post is not None}
    often = Counter(tag for keys in tags.values() for tag in keys)
    members = [
        Member(
            post,
            frozenset(tag for tag in tags[id(post)] if 2 * often[tag] <= len(tags)),
            post.payers or find_payers(post.reading, post.labels, post.hints, own),
        )
        for post in judged
        if post is not None
    ]
    likely = {
        id(member.post): _likely(member, members) for member in members if member.post.kind is None and member.tags
    }
    return tuple(likely.get(id(post), post) for post in judged)


@dataclass(frozen=True)
class Member:
    """A post as a part of a campaign. tags : hashtags that are no label and not in most posts. payers : who may pay."""

    post: JudgedPost
    tags: frozenset[str]
    payers: tuple[Party, ...]


def _likely(member: Member, members: Sequence[Member]) -> JudgedPost:
    keys = {party.key for party in member.payers}
    campaign = [
        other
        for other in members
        if other is not member and member.tags & other.tags and any(party.key in keys for party in other.payers)
    ]
    declared = [other for other in campaign if other.post.kind == "declared"]
    if 2 * len(declared) <= len(campaign) or predictor(member.post.reading, member.post.hints) < table().threshold:
        return member.post
    shared = {party.key for other in declared for party in other.payers}
    known = tuple(party for party in member.payers if party.key in shared)
    signs = tuple(Sign(kind="campaign", text=party.signs[0]) for party in known)
    return replace(member.post, kind="likely", likelihood=min(table().precision, AGREEMENT), signs=signs, payers=known)


def _declares(label: Label) -> bool:
    return label.kind != "partner" or label.brand is not None


def _names_somebody(label: Label, reading: Reading) -> bool:
    """Whether a handle follows words for work done together.

    Beside a hashtag for it any handle or link will do, and none is asked for where the word is used of brands alone
    (#samenwerking) and not among artists (#collab).
    """
    if label.tag:
        return label.language not in AMONG_ARTISTS or bool(reading.mentions or reading.links)
    end = label.at + len(label.text)
    if any(0 <= piece.at - end <= BESIDE for piece in reading.mentions):
        return True
    if ends_open(label.text):
        return name_behind(reading, end) is not None
    pointed = name_pointed(reading, end, language=label.language, says_who=True)
    return pointed is not None or name_heading(reading, end) is not None


def _has_brand(hint: Hint, reading: Reading) -> bool:
    """Whether work done together is with somebody who is named, by handle, hashtag or plainly."""
    if hint.named or (hint.who is not None and name_at(reading, hint.at + hint.text.rfind(fold(hint.who))) is not None):
        return True
    pieces = (*reading.mentions, *reading.tags)
    return any(abs(piece.at - hint.at) <= BESIDE and piece.at != hint.at - 1 for piece in pieces)
