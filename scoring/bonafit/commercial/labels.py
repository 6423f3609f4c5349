"""Where a post says that it is an ad: by hashtag, in brackets, at the head of a line, or in so many words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bonafit.commercial.named import ends_open, name_behind, name_heading
from bonafit.commercial.reading import Reading, fold, key_of
from bonafit.commercial.words import listed

# Scripts that put no spaces between words, or whose words the search for words takes apart.
UNSPACED = ("ja", "ko", "zh", "hi", "th")
_HASUNSPACED = re.compile("[\u0900-\u097f\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# What takes a label back where it stands before it.
_DENIED = re.compile(
    r"(?:\b(?:not|no|isn'?t|isn’t|never|non|un|nicht|kein|keine|keinerlei|unbezahlte?|pas|sans|sin|nao|sem|niet|geen|nie|bez|"
    r"bukan|tanpa|inte|ej|ikke|ei|degil|не|без|ليس|neither)\b[\s#]*(?:\w+\s+){0,2}|#?(?:not|no|un|non|nie|bukan))$"
)
_AFTER_DENIED = re.compile(r"^\W*(?:degil|なし|ではありません|아님|아닙니다)")
# Behind a label that heads a line: the line's end, a mark, or who it is for.
_HEADS = re.compile(
    r"^(?:\s*$|\s*\n|\s*[^\w\s,'’%.-]|\s*[-.](?:\s|$)|\s+(?:with|for|by|w/|mit|fur|von|pour|par|avec|con|por|para|da|per|"
    r"met|voor|door|dla|z|marki|med|for|av|fra|dari|untuk)\s+[@#])"
)
_LINE = re.compile(r"(?:^|[\n|•·:‧・])[\s\W]*$")
_SENTENCE_OVER = re.compile(r"[.!?…]\s+$")
_OPEN, _SHUT = "[(*【（「［<~", "])*】）」］>~"
# A brand in a hashtag beside the word for the tie. A capital or an underscore must part the short ones.
_BRAND_THEN = re.compile(
    r"^(.{2,40}?)_?(paidpartner|brandpartner|partner|ambassador|ambassadress|sponsored|botschafterin|embajadora)s?$",
    re.I,
)
_BRAND_AD = re.compile(r"^(.{2,40}?)(?:_(?:ad|spon|sp)|(?<=[a-z0-9])(?:Ad|AD))$")
_THEN_BRAND = re.compile(
    r"^(?:sponsored_?by|gifted_?by|partner_?of|partnered_?with|paid_?by|paid_?partnership_?with|ad_?for|ambassador_?for|"
    r"werbung_?f(?:ü|u|ue)r|sponsoris(?:e|é)_?par|patrocinado_?por|sponsorizzato_?da)_?(.{2,40})$",
    re.I,
)
# German hashtags that go on behind the label with its reason, and what takes them back.
_GERMAN, _UNPAID = ("werbung", "anzeige"), ("unbezahlt", "selbst", "ohneauftrag")
_DENIALS = frozenset(["not", "no", "non", "un", "nicht", "kein", "keine", "nie", "niet", "geen", "never"])


@dataclass(frozen=True)
class Label:
    """A label as found. kind : ad, paid, partner, gift or affiliate. text : as written, shortened to its words.

    key : as labels are compared. at : its place in the folded text. language : of the word, None for a brand's hashtag.
    brand : the brand in a hashtag such as #NivoraPartner. tag : whether it stands behind a #.
    """

    kind: str
    key: str
    text: str
    at: int
    language: str | None
    brand: str | None = None
    tag: bool = False


@dataclass(frozen=True)
class _Words:
    """The table of labels, laid out for searching.

    by_key : key to kind and language. first : first word to the phrases that begin so, longest first, each with its
    words, kind, language and whether it counts as a label only where labels stand. inside : labels of scripts without
    spaces.
    """

    by_key: dict[str, tuple[str, str]]
    first: dict[str, list[tuple[tuple[str, ...], str, str, bool]]]
    inside: list[tuple[str, str, str, bool]]


@lru_cache(maxsize=1)
def _table() -> _Words:
    source = tomllib.loads(files("bonafit.commercial").joinpath("labels.toml").read_text(encoding="utf-8"))
    only = {key_of(word) for word in source.pop("only_tags")}
    by_key: dict[str, tuple[str, str]] = {}
    first: dict[str, list[tuple[tuple[str, ...], str, str, bool]]] = {}
    inside = []
    for language, kinds in source.items():
        for kind, spellings in kinds.items():
            for spelling in spellings:
                key = key_of(spelling)
                by_key.setdefault(key, (kind, language))
                words = tuple(re.findall(r"[^\W_]+(?:['’][^\W_]+)*", fold(spelling)))
                if language in UNSPACED and not spelling.isascii():
                    inside.append((fold(spelling), kind, language, key in only))
                elif words:
                    first.setdefault(words[0], []).append((words, kind, language, key in only))
    for phrases in first.values():
        phrases.sort(key=lambda phrase: -len(phrase[0]))
    inside.sort(key=lambda entry: -len(entry[0]))
    return _Words(by_key, first, inside)


def find_labels(reading: Reading) -> tuple[Label, ...]:
    """Every label of a post, in the order of places; a place counts once."""
    by_place = {label.at: label for label in (*_phrases(reading), *_tags(reading))}
    return tuple(by_place[at] for at in sorted(by_place))


def denied(reading: Reading, at: int, end: int) -> bool:
    """Whether what stands at a place is taken back: not sponsored, keine Werbung, #notanad."""
    before = reading.folded[max(0, at - 24) : at]
    return bool(_DENIED.search(before)) or bool(_AFTER_DENIED.match(reading.folded[end : end + 12]))


def _tags(reading: Reading) -> Iterator[Label]:
    table = _table()
    for tag in reading.tags:
        key = key_of(tag.text)
        known = table.by_key.get(key)
        if known is not None:
            yield Label(known[0], key, f"#{tag.text}", tag.at, known[1], tag=True)
            continue
        if key.startswith(_GERMAN) and not any(word in key for word in _UNPAID):
            yield Label("ad", key, f"#{tag.text}", tag.at, "de", tag=True)
            continue
        brand = brand_in_tag(tag.text)
        if brand is not None:
            kind = "gift" if "gift" in key[:6] else "paid" if "sponsor" in key or "paid" in key else "partner"
            if _BRAND_AD.match(tag.text):
                kind = "ad"
            yield Label(kind, key, f"#{tag.text}", tag.at, None, brand=brand, tag=True)


@lru_cache(maxsize=8_192)
def brand_in_tag(tag: str) -> str | None:
    """The brand of a hashtag that joins one to a word for the tie, None where it does not."""
    match = _BRAND_AD.match(tag) or _THEN_BRAND.match(tag)
    if match is None:
        match = _BRAND_THEN.match(tag)
        if match is None or key_of(match[1]) in listed("other_partners"):
            return None
    brand = match[1].strip("_")
    return None if key_of(brand) in _DENIALS else brand or None


def _phrases(reading: Reading) -> Iterator[Label]:
    table, words = _table(), reading.words
    skip = 0
    for i, (word, at) in enumerate(words):
        if i < skip or word not in table.first:
            continue
        for phrase, kind, language, only in table.first[word]:
            n = len(phrase)
            if n > 1 and tuple(w for w, _ in words[i : i + n]) != phrase:
                continue
            end = words[i + n - 1][1] + len(words[i + n - 1][0]) if n > 1 else at + len(word)
            if _in_tag(reading.folded, at):
                continue
            # of several words those for an ad alone are ordinary ones too: quảng cáo
            if (
                only
                and (n == 1 or kind == "ad")
                and not _heads_or_stands(reading, at, end, kind=kind, language=language)
            ):
                continue
            if n > 1 and "\n" in reading.folded[at:end]:
                continue
            # in collaborazione con mia sorella: a tie that names no brand is none; a shorter label may stand there
            if n > 1 and ends_open(phrase[-1]) and name_behind(reading, end) is None:
                continue
            if not denied(reading, at, end):
                skip = i + n
                yield Label(kind, key_of("".join(phrase)), reading.folded[at:end], at, language)
            break
    if not _HASUNSPACED.search(reading.folded):
        return
    for spelling, kind, language, only in table.inside:
        at = reading.folded.find(spelling)
        if at < 0:
            continue
        end = at + len(spelling)
        if _in_tag(reading.folded, at) or (only and not _stands_as_label(reading.folded, at, end)):
            continue
        if not denied(reading, at, end):
            yield Label(kind, key_of(spelling), spelling, at, language)


def _in_tag(folded: str, at: int) -> bool:
    """Whether a word is part of a hashtag, handle or link, which are looked at as such."""
    return at > 0 and folded[at - 1] in "#＃@＠/._"


def _heads_or_stands(reading: Reading, at: int, end: int, *, kind: str, language: str) -> bool:
    """Whether a word stands where labels do, or heads a line before a brand; German capitals tell none of an ad."""
    if _stands_as_label(reading.folded, at, end):
        return True
    tells = language != "de" or kind == "partner"
    return tells and _heads_line(reading.folded, at) and name_heading(reading, end) is not None


def _heads_line(folded: str, at: int) -> bool:
    return at == 0 or _LINE.search(folded[max(0, at - 12) : at]) is not None


def _stands_as_label(folded: str, at: int, end: int) -> bool:
    """Whether a word stands where labels do: in brackets, alone at the head of a line, or as a text's last sentence."""
    before, after = folded[max(0, at - 12) : at], folded[end : end + 24]
    if before.rstrip(" ")[-1:] in _OPEN and before.strip() and after.lstrip(" ")[:1] in _SHUT and after.strip():
        return True
    if _SENTENCE_OVER.search(before) and not folded[end:].strip(" .!\n"):
        return True
    return _heads_line(folded, at) and bool(_HEADS.match(after))
