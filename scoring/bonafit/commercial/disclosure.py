"""How a post says that it is an ad, held against a market's rules: clear, unclear or missing; not law."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

import msgspec

from bonafit.commercial.labels import Label
from bonafit.commercial.reading import Reading, key_of
from bonafit.results import Disclosure
from bonafit.text.language import guess_language

# Characters of a caption that stand there before it is opened, roughly: what the apps cut varies with the screen.
FOLD = {"instagram": 125, "tiktok": 100, "youtube": 150, "facebook": 250}
USUAL_FOLD = 125
# A label that heads a caption begins within so many characters: behind a greeting and a pictograph.
HEAD = 30
# Hashtags before a label from which it stands in a crowd of them.
CROWD = 3


class Market(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A market's rules as markets.toml has them."""

    name: str
    languages: tuple[str, ...]
    clear: tuple[str, ...]
    place: str
    among_tags: bool
    source: str
    where: str
    any_language: bool = False
    brand_tags: bool = False


@lru_cache(maxsize=1)
def markets() -> dict[str, Market]:
    """Every market that is known, by country code in lower case."""
    source = tomllib.loads(files("bonafit.commercial").joinpath("markets.toml").read_text(encoding="utf-8"))
    return {code: msgspec.convert(rules, Market) for code, rules in source.items()}


@lru_cache(maxsize=64)
def _clear_keys(code: str) -> frozenset[str]:
    return frozenset(map(key_of, markets()[code].clear))


def disclosure(
    code: str, reading: Reading, labels: tuple[Label, ...], *, flagged: bool, platform: str | None
) -> Disclosure:
    """What a post's labels are in one market.

    code : of a market in markets(). flagged : the export marks the post as paid. platform : decides what is cut off.
    """
    rules = markets()[code]

    def said(state: str, why: str) -> Disclosure:
        return msgspec.convert({"market": code, "state": state, "why": why}, Disclosure)

    written = [label for label in labels if label.at < reading.spoken]
    if not written:
        if labels:
            return said("unclear", "said in the video, not written")
        if flagged:
            return said("unclear", "marked as paid in the export; no label in the text, the platform's own is not seen")
        return said("missing", "no label found")
    named = [label for label in written if _is_named(label, code, rules, reading)]
    if not named:
        return said("unclear", f"{written[0].text} is no label that {rules.name}'s rules name")
    reasons = [why for label in named if (why := _misplaced(label, rules, reading, platform)) is not None]
    if len(reasons) < len(named):
        return said("clear", next(label.text for label in named if _misplaced(label, rules, reading, platform) is None))
    return said("unclear", reasons[0])


def _is_named(label: Label, code: str, rules: Market, reading: Reading) -> bool:
    if label.brand is not None:
        return rules.brand_tags or label.kind == "ad"
    if label.key in _clear_keys(code):
        return True
    if not rules.any_language or label.language in rules.languages or label.kind not in ("ad", "paid"):
        return False
    return guess_language(reading.text) == label.language


def _misplaced(label: Label, rules: Market, reading: Reading, platform: str | None) -> str | None:
    """Why a label stands where it may be overlooked, None where it does not."""
    if rules.place == "anywhere":
        return None
    at = label.at - reading.caption
    before = sum(tag.at < label.at and tag.at >= reading.caption for tag in reading.tags)
    if rules.place == "first_tags":
        if at <= HEAD or (label.tag and before < CROWD):
            return None
        return f"{label.text} stands neither at the head nor among the first {CROWD} hashtags"
    if label.tag and before >= CROWD and not rules.among_tags:
        return f"{label.text} stands behind {before} other hashtags"
    if at <= HEAD:
        return None
    if rules.place == "start":
        return f"{label.text} does not stand at the head"
    fold = FOLD.get(platform or "", USUAL_FOLD)
    return f"{label.text} stands behind the first {fold} characters, where captions are cut" if at >= fold else None
