"""Who paid for a post: brands by mention, hashtag, code and domain, with what speaks for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bonafit.commercial.handles import bare_handle
from bonafit.commercial.hints import Hint
from bonafit.commercial.labels import UNSPACED, Label
from bonafit.commercial.named import (
    ends_open,
    name_at,
    name_behind,
    name_beside,
    name_heading,
    name_of_code,
    name_pointed,
)
from bonafit.commercial.reading import Reading, fold, key_of
from bonafit.commercial.words import listed
from bonafit.text.hashtags import split_hashtag, word_cost

# Letters between a label or hint and a mention that belong together.
NEAR = 48
MOST_PAYERS = 3
# What stands before the handle of somebody who made the picture and did not pay for it.
_CREDIT = re.compile(
    r"(?:\b(?:photos?|pics?|picture|shot|image|video|filmed|edit(?:ed)?|cred(?:it)?s?|fotos?|photographe?r?|fotograf\w*|"
    r"hair|makeup|make up|mua|muah|styling|styled|stylist|director|directed|music|song|sound|choreo\w*|model|art|dp|cr|"
    r"ph|pc|repost|rp|regram|via|thanks for the (?:photo|pic))\b[\s:.\-|/]*(?:by|von|par|por|di|door|przez|oleh|av)?"
    r"[\s:.\-|/]*|📷|📸|🎥|📹|💄|💇\S?)\s*$"
)


@dataclass
class Party:
    """A brand that may have paid. key : its name as names are compared. written : as in the post. score : of signs."""

    key: str
    written: str
    score: float = 0.0
    signs: list[str] = field(default_factory=list)


Add = Callable[[str, float, str], None]


def find_payers(
    reading: Reading, labels: tuple[Label, ...], hints: tuple[Hint, ...], own: frozenset[str]
) -> tuple[Party, ...]:
    """The likeliest payers of a post known for an ad, best first; empty where nobody is named.

    own : keys of the creator's own handle and name.
    """
    parties: dict[str, Party] = {}

    def add(written: str, score: float, sign: str) -> None:
        key = bare_handle(written)
        if len(key) < 2 or key in own or key_of(written) in own:
            return
        party = parties.setdefault(key, Party(key, written))
        party.score += score
        if sign not in party.signs:
            party.signs.append(sign)

    _from_labels(reading, labels, add)
    _from_hints(reading, hints, add)
    _from_mentions_and_links(reading, [*(label.at for label in labels), *(hint.at for hint in hints)], add)
    _from_tags(reading, labels, parties, add)
    if not parties:
        _from_sentences(reading, labels, hints, add)
    _from_codes(hints, parties)
    if not parties:
        return ()
    best = max(party.score for party in parties.values())
    ranked = sorted(parties.values(), key=lambda party: (-party.score, party.key))
    return tuple(party for party in ranked if party.score >= max(1.0, 0.6 * best))[:MOST_PAYERS]


def _from_labels(reading: Reading, labels: tuple[Label, ...], add: Add) -> None:
    for label in labels:
        if label.brand is not None:
            add(label.brand, 6.0, label.text)
    for label in labels:
        if label.kind != "affiliate" and (name := _named_after(reading, label)) is not None:
            add(name, 4.0, f"{label.text} {name}")


def _from_hints(reading: Reading, hints: tuple[Hint, ...], add: Add) -> None:
    for hint in hints:
        if hint.who is None:
            continue
        if hint.who.startswith("@"):
            add(hint.who.strip("@."), 5.0, hint.text)
        elif hint.named:
            add(hint.who, 4.0, hint.text)
        elif (name := name_at(reading, hint.at + max(0, hint.text.rfind(fold(hint.who))))) is not None:
            add(name, 4.0, hint.text)


def _from_mentions_and_links(reading: Reading, places: Sequence[int], add: Add) -> None:
    """Handles, those near a label or hint first, and domains. places : of labels and hints in the folded text."""
    for piece in reading.mentions:
        before = reading.folded[max(0, piece.at - 30) : piece.at]
        if _CREDIT.search(before):
            continue
        near = any(abs(piece.at - at) <= NEAR for at in places)
        add(piece.text, 3.0 if near else 1.5, f"@{piece.text}")
    for link in reading.links:
        host = link.text.split("/")[0].split("?")[0].split(".")
        name = host[-3] if len(host) > 2 and len(host[-2]) <= 3 else host[-2:][0]
        if name not in listed("not_payers") and not any(part in listed("not_payers") for part in host[-2:-1]):
            add(name, 2.0, link.text.split("?")[0])


def _from_sentences(reading: Reading, labels: tuple[Label, ...], hints: tuple[Hint, ...], add: Add) -> None:
    """Where no sign names anybody: the shop behind a code, else the plain name in an ad's sentence."""
    for hint in hints:
        if hint.kind == "code" and (name := name_of_code(reading, hint.at)) is not None:
            add(name, 2.0, f"{hint.text} {name}")
            return
    says_ad = any(label.kind in ("ad", "paid") for label in labels)
    in_german = any(label.language == "de" for label in labels)
    if says_ad and not in_german and (name := name_beside(reading)) is not None:
        add(name, 1.5, name)


def _from_codes(hints: tuple[Hint, ...], parties: dict[str, Party]) -> None:
    """Codes that hold a known party's name."""
    for hint in hints:
        if hint.kind == "code":
            code = key_of(hint.text).rstrip("0123456789")
            for party in parties.values():
                if len(code) >= 3 and (party.key.startswith(code) or code.startswith(party.key)):
                    party.score += 2.0
                    party.signs.append(f"code {hint.text}")


def _named_after(reading: Reading, label: Label) -> str | None:
    """The plain name that a label says who paid or gave by: sponsored by Nivora, patrocinado por Oak & Tide."""
    by = label.tag or (label.kind in ("ad", "partner") and not ends_open(label.text))
    end = label.at + len(label.text)
    if reading.folded[end : end + 2].strip()[:1] in ("@", "#"):
        return None
    if not label.tag:
        pointed = name_pointed(reading, end, language=label.language, says_who=label.kind != "ad")
        if pointed is not None or label.language in UNSPACED:
            return pointed
    name = name_behind(reading, end, by=by)
    return name if name is not None or label.language == "de" else name_heading(reading, end)


def _from_tags(reading: Reading, labels: tuple[Label, ...], parties: dict[str, Party], add: Add) -> None:
    """Hashtags that hold a known party's name; where there is none, names that stand beside the label's hashtag."""
    labelled = {label.at for label in labels}
    tags = [tag for tag in reading.tags if tag.at not in labelled]
    for tag in tags:
        whole = key_of(tag.text)
        for party in parties.values():
            if len(party.key) >= 3 and party.key in whole:
                party.score += 2.0
                party.signs.append(f"#{tag.text}")
                break
    if parties:
        return
    order = list(reading.tags)
    for i, tag in enumerate(order):
        beside = (i > 0 and order[i - 1].at in labelled) or (i + 1 < len(order) and order[i + 1].at in labelled)
        if tag.at not in labelled and beside and _is_name(tag.text):
            add(tag.text, 1.5, f"#{tag.text}")


def _is_name(tag: str) -> bool:
    """Whether a hashtag is no English word and not made of such."""
    words = split_hashtag(tag).split()
    return any(word_cost(word) >= 14.0 and not word.isdigit() for word in words)
