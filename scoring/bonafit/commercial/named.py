"""Brands written as plain names, without @ or #: behind a label, or as who gave something or worked together."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from bonafit.commercial.brands import UNKNOWN_COST
from bonafit.commercial.hints import Hint, compiled
from bonafit.commercial.reading import Reading, fold, key_of
from bonafit.commercial.words import everyday, listed
from bonafit.text.hashtags import word_cost

# A capital, or a letter of a script that has none.
_FIRST = r"(?-i:[A-Z\u0391-\u03a9\u0400-\u042f\u0590-\u1fff\u3040-\ud7af])"
# A name of up to three words, in the folded text with its capitals. A point behind a word, Dr. and St. apart, ends it.
_NAME = rf"{_FIRST}[\w'’&.-]*(?:(?<![^\W\d_]{{3}}\.) (?:&|{_FIRST}[\w'’-]*)){{0,2}}"
_AT = re.compile(_NAME, re.IGNORECASE)
# Behind a label at the head of a line: a word for `with` and a name, or a name and a mark.
_HEADING = re.compile(
    rf" (?:(?:with|com|con|avec|met|mit|z|med|dengan) (?:(?:a|o|la|le|il|el|the|marka) )?(?P<with>{_NAME})"
    rf"|(?:for|para|pour|per|voor|dla|till|untuk) (?P<for>{_NAME})(?=\s*(?:[:|\n—–.!]|$))"
    rf"|(?P<marked>{_NAME}) ?[:|\n—–])",
    re.IGNORECASE,
)
# Behind a label and a mark: a name that ends the line or a clause, that does something, or that stands beside `me`.
_MARKED_NAME = re.compile(rf" ?(?:[:|•·—–]|[\])}}]) ?(?P<who>{_NAME})", re.IGNORECASE)
_POINTED = re.compile(
    rf"{_MARKED_NAME.pattern}(?=\s*(?:[:|,\n—–!?•]|\.(?:\s|$)|$)"
    r"| (?:x|×|&|und|and|et|y|e|en|i|och|og|dan|ve) (?:ich|me|i|moi|yo|eu|io|ik|ja|jag|jeg|aku|saya|ben|mein\w*|my)\b"
    r"| (?:makes?|has|sent|sends|gave|gives|brings|helps|keeps|lets|launched|launches|invited|hosted|hat|haben|bringt|"
    r"macht|schickt|liefert|prasentiert|zeigt|feiert|startet|schenkt|verlost|sorgt|sponsert|unterstutzt|lance|propose|"
    r"presente|presenta|m['’]a|nous|ha|trae|lanza|lancia|porta|tem|traz|lancou|apresenta|heeft|brengt|lanceert|stuurde|ma|har|"
    r"wprowadza|przedstawia|lanserar|ile|punya|meluncurkan|ra mat|mang)\b)",
    re.IGNORECASE,
)
# The same among letters of another script: Latin letters are a name's.
_LATIN = r"(?-i:[A-Z])[a-z0-9'’&.-]*(?: (?-i:[A-Z])[a-z0-9'’&-]*){0,2}"
_POINTED_LATIN = re.compile(rf"\s?(?:[:|•·—–.]|[\])}}】）」』]) ?(?P<who>{_LATIN})", re.IGNORECASE)
# And in scripts without capitals, behind words that say who paid or gave.
_POINTED_ANY = re.compile(r" ?: ?(?P<who>[^\W\d_]{2,12})(?=\s|[,.!|]|$)")
# Words behind which an ad's brand stands in its sentences.
_BESIDE = re.compile(
    rf"\b(?:with|from|by|con|com|avec|chez|met|ze?|med|dengan|bareng|от|со?) "
    rf"(?:(?:the|la|le|el|il|marka|marki) )?(?P<who>{_NAME})",
    re.IGNORECASE,
)
# Behind a code: where it counts.
_SHOP = re.compile(
    rf"\b[A-Z]+\d+ (?:at|on|for|bei|fur|sur|chez|en|na|no|su|op|hos|pa|di|w|u|на|в) (?P<who>{_NAME})", re.IGNORECASE
)
_HANDLE = re.compile(r"[@#＠＃]([\w.]{2,40})")
# Languages in whose script a name in Latin letters stands out.
OTHER_SCRIPTS = frozenset(("ar", "hi", "ja", "ko", "ru", "th", "zh"))
# Turkish parts its endings from a name.
_TURKISH_ENDING = re.compile(r"['’](?:n?[iıuü]n|[dt][ae]n|y?[ae]|y?l[ae])$")
# Capitals up to which a name is no more than letters.
LETTERS = 4
# Places at which a pattern is tried again behind a name that is none.
MOST_TRIES = 20
# Between a label and the name: a mark, a word for who gave it, an article, the word for a brand.
_LEAD = re.compile(
    r"\s*(?:[:|–—-]\s*)?(?:(?P<by>by|with|from|of|von|mit|par|avec|chez|por|con|com|da|dalla|dal|di|door|met|van|przez|z|od|dengan|"
    r"dari|oleh|av|med|fra|fran|af|от|с|со|boi|cung|voi|tu)\s+)?"
    r"(?:(?:the|die|der|den|dem|la|le|les|el|los|il|lo|gli|a|o|as|os|de|het|marka|marki|marke|firma|firmy|brand|marque|"
    r"marca|merk|marken|бренда|бренд|компании|my friends at|our friends at|team)\s+){0,2}"
)
_PREPOSITIONS = frozenset(
    [
        "by",
        "with",
        "from",
        "of",
        "von",
        "mit",
        "par",
        "avec",
        "por",
        "con",
        "com",
        "da",
        "door",
        "met",
        "van",
        "przez",
        "z",
        "od",
        "dengan",
        "dari",
        "oleh",
        "av",
        "med",
        "fra",
        "fran",
        "af",
        "с",
        "со",
        "от",
        "boi",
        "cung",
        "voi",
        "marki",
        "من",
        "مع",
    ]
)


def ends_open(phrase: str) -> bool:
    """Whether a label's words end in a preposition, so that they say nothing without a name behind them."""
    return phrase.rsplit(" ", 1)[-1] in _PREPOSITIONS


def name_behind(reading: Reading, place: int, *, by: bool = False) -> str | None:
    """The brand named behind a place of the folded text, as written: a handle, a hashtag, or a plain name; else None.

    by : only behind a word such as `by` or `from`.
    """
    lead = _LEAD.match(reading.folded, place)
    if lead is None or (by and lead["by"] is None):
        return None
    return name_at(reading, lead.end())


def name_heading(reading: Reading, place: int) -> str | None:
    """The brand that a label at the head of a line names at once: `adv Nivora: ...`, `publi com a Nivora`; else None.

    place : the label's end in the folded text.
    """
    match = _HEADING.match(reading.capitals, place)
    return None if match is None else _brand(reading, *match.span(match.lastgroup or "with"))


def name_pointed(reading: Reading, place: int, *, language: str | None, says_who: bool) -> str | None:
    """The brand that a label and a mark point at: `Anzeige: Nivora hat ...`, `【PR】Nivora`, `提供：露娜`; else None.

    place : the label's end in the folded text. says_who : whether the label says that somebody paid, gave or worked
    together. Whatever else stands behind an ad's mark begins its text: `Anzeige: Frühstück mit Oma`.
    """
    if language not in OTHER_SCRIPTS:
        # English words are known, so that one that is not needs nothing behind it
        pattern = _MARKED_NAME if language == "en" else _POINTED
        match = pattern.match(reading.capitals, place)
        name = None if match is None else _brand(reading, *match.span("who"))
        known = name is not None and name.isascii() and all(word_cost(fold(w)) < UNKNOWN_COST for w in name.split())
        # OOTD and GRWM begin a text, too
        return None if known or (name is not None and name.isupper() and len(name) <= LETTERS) else name
    match = _POINTED_LATIN.match(reading.capitals, place)
    if match is None and says_who:
        match = _POINTED_ANY.match(reading.folded, place)
    return None if match is None else _brand(reading, *match.span("who"))


def name_at(reading: Reading, place: int) -> str | None:
    """The name written at a place of the folded text: with capitals where its script has them, and no person."""
    if handle := _HANDLE.match(reading.folded, place):
        return handle[1].strip(".")
    match = _AT.match(reading.capitals, place)
    return None if match is None else _brand(reading, match.start(), match.end())


def name_beside(reading: Reading) -> str | None:
    """The first plain name behind a word for `with` or `from` in a post known for an ad; else None.

    Names made of English words are left out, and German capitals tell no name.
    """
    for match in _BESIDE.finditer(reading.capitals):
        name = _brand(reading, *match.span("who"))
        if name is not None and any(word_cost(fold(word)) >= UNKNOWN_COST for word in name.split()):
            return name
    return None


def name_of_code(reading: Reading, place: int) -> str | None:
    """Where a discount code is worth something, by plain name behind it: `LEA15 sur Nivora`; else None."""
    match = _SHOP.search(reading.capitals, place, place + 80)
    return None if match is None else _brand(reading, *match.span("who"))


def find_named(reading: Reading) -> Iterator[Hint]:
    """Who gave something or worked with the creator, by plain name; the first of each pattern."""
    folded = reading.folded
    for kind, needs, pattern in _patterns():
        if not any(part in folded for part in needs):
            continue
        place = 0
        for _ in range(MOST_TRIES):
            match = pattern.search(reading.capitals, place)
            if match is None:
                break
            group = next(name for name, value in match.groupdict().items() if value is not None)
            name = _brand(reading, *match.span(group))
            if name is not None:
                yield Hint(kind, folded[match.start() : match.end()].strip()[:80], match.start(), name, named=True)
                break
            place = match.start() + 1


def _brand(reading: Reading, start: int, end: int) -> str | None:
    """A name as written; None where it is a person's first name or relative, or an everyday word alone."""
    written = reading.text[reading.place_as_written(start) : reading.place_as_written(end)].strip(" .&'’-")
    written = _TURKISH_ENDING.sub("", written)
    words = written.split()
    key = key_of(words[0]) if words else ""
    # Turkish writes `with` and `of` behind its word: annemle, babamın
    bare = key[:-2] if len(key) > 5 and key.endswith(("le", "la", "in", "un")) else key
    if len(key) < 2 or key in listed("nobody") or bare in listed("nobody") or key in listed("first_names"):
        return None
    return written if len(words) > 1 or key not in everyday() else None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    source = tomllib.loads(files("bonafit.commercial").joinpath("named.toml").read_text(encoding="utf-8"))
    rows = []
    for entry in source["pattern"]:
        parts = entry["pattern"].split("{name}")
        whole = parts[0] + "".join(f"(?P<who{n}>{_NAME}){part}" for n, part in enumerate(parts[1:], start=1))
        rows.append((entry["kind"], tuple(map(fold, entry["needs"])), compiled(whole, re.IGNORECASE)))
    return tuple(rows)
