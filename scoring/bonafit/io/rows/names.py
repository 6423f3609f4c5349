"""How names of columns and keys are compared with those that fields go by (`rows.spellings`, `rows.wrappings`).

A name is compared without case, accents, spaces and marks, camelCase split, first whole and then without words that only
say that it is a count (`number of followers`, `followersCount`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import msgspec

from bonafit.io.rows.money import currency_of_header
from bonafit.io.rows.spellings import BESIDE_PRICE, NAMES, PRICE_WORDS, PRICED
from bonafit.io.rows.wrappings import LISTS, OWNERS, WRAPPERS
from bonafit.records import Creator

_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+")
# Longest name whose field is remembered, in characters: longer ones are no names, and would fill memory.
REMEMBERED = 80
_FILLERS = frozenset(
    [
        "count",
        "counts",
        "number",
        "numbers",
        "nr",
        "no",
        "num",
        "nb",
        "nbr",
        "n",
        "antal",
        "antall",
        "aantal",
        "liczba",
        "pocet",
        "sayısı",
        "szama",
        "numar",
        "of",
        "the",
        "total",
        "totals",
        "current",
        "anzahl",
        "gesamt",
        "der",
        "die",
        "das",
        "nombre",
        "de",
        "des",
        "d",
        "du",
        "numero",
        "di",
        "dei",
        "del",
        "delle",
        "jumlah",
        "num",
        "cantidad",
        "quantidade",
        "qty",
        "amount",
        "de_",
        "on",
        "in",
        # of forms: "How many followers do you have?"
        "what",
        "whats",
        "how",
        "many",
        "do",
        "you",
        "your",
        "have",
        "please",
        "enter",
    ]
)
# Names of an object that are looked at to see what it is of: a record with 12 posts in its columns has 500, and what has
# thousands is keyed by anything.
MOST_NAMES = 5_000
# Between two words for one thing.
_OR = re.compile(r"(?<!\s)\s*+/\s*+|(?<!\s)\s++(?:or|oder|ou|o|atau)\s++", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^)]*\)")
# Behind the name of a column whose counts are rounded elsewhere: `followers_int` beside `followers`.
_EXACT = frozenset(("int", "integer", "exact", "numeric"))
_COUNTS = frozenset(("followers", "following", "posts_count", "likes", "comments", "views", "shares", "saves"))
# What joining two tables leaves behind the names of both.
_JOINED = re.compile(r"(?<=[a-z])_([xy])$")
# What may stand behind a header's @: `@ do Instagram`.
_OF_HANDLES = frozenset((
    "do", "de", "del", "di", "qual", "o", "seu", "cual", "es", "tu", "su", "what", "s", "is", "your", "the", "dein", "ton",
    "votre", "quel", "est", "instagram", "insta", "ig", "tiktok", "tt", "handle", "username", "user", "perfil", "usuario",
))  # fmt: skip
_UNITS_OF_HEADERS = (
    (re.compile(r"[(\[](?:in |en )?(?:k|thousands?|tsd\.?|'?000s?|tausend|milliers|miles|ribu)[)\]]|\bin (?:thousands|tausend)\b", re.I), 1e3),
    (re.compile(r"[(\[](?:in |en )?(?:m|mio\.?|mln\.?|millions?|millionen)[)\]]|\bin (?:millions|millionen)\b", re.I), 1e6),
)  # fmt: skip


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case, without accents and marks; camelCase is split."""
    plain = name[:200]
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return tuple(word.casefold() for word in _SPLIT.split(plain) if word)


def plain(name: str) -> str:
    """A name as it is compared: its words in one."""
    return "@" if name.strip() == "@" else "".join(words_of(name))


def core(words: tuple[str, ...]) -> str:
    """Words in one, without those that only say that the value counts."""
    return "".join(word for word in words if word not in _FILLERS)


def scale_of_header(name: str) -> float:
    """1,000 for `Followers (K)`, 1,000,000 for `Followers (in millions)`, else 1."""
    return next((scale for pattern, scale in _UNITS_OF_HEADERS if pattern.search(name)), 1.0)


def without_scale(name: str) -> str:
    """The header without its unit."""
    for pattern, _ in _UNITS_OF_HEADERS:
        name = pattern.sub("", name)
    return name


def _split(names: str) -> list[str]:
    return [plain(name) for name in names.split(",") if name.strip()]


@cache
def fields_by_name(kind: type[msgspec.Struct]) -> dict[str, tuple[str, int]]:
    """Plain name -> field and rank; rank 0 is the field's own name."""
    table: dict[str, tuple[str, int]] = {}
    for field, names in NAMES[kind].items():
        for rank, name in enumerate(_split(names)):
            if name not in table or table[name][1] > rank:
                table[name] = (field, rank)
    return table


@cache
def cores_by_name(kind: type[msgspec.Struct]) -> dict[str, tuple[str, int]]:
    """Name without its counting words -> field and rank."""
    table: dict[str, tuple[str, int]] = {}
    for field, names in NAMES[kind].items():
        for rank, name in enumerate(names.split(",")):
            short = core(words_of(name))
            if short and (short not in table or table[short][1] > rank):
                table[short] = (field, rank)
    return table


@cache
def lists_by_name(kind: type[msgspec.Struct]) -> dict[str, tuple[str, int]]:
    """Plain name -> list field and rank."""
    return {n: (f, rank) for f, names in LISTS[kind].items() for rank, n in reversed(list(enumerate(_split(names))))}


@cache
def wrappers(kind: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(_split(WRAPPERS[kind]))


@cache
def owners() -> frozenset[str]:
    return frozenset(_split(OWNERS))


def field_of(kind: type[msgspec.Struct], name: str) -> tuple[str, int] | None:
    """The field a name means and how near it is (lower is nearer); None where nobody knows."""
    return _remembered_field(kind, name) if len(name) <= REMEMBERED else _field(kind, name)


def _field(kind: type[msgspec.Struct], name: str) -> tuple[str, int] | None:
    name = without_scale(name)
    if (known := _known(kind, name)) is not None:
        return known
    # `Preis (EUR)`
    bare, currency = currency_of_header(name)
    known = _known(kind, bare) if currency is not None else None
    if known is not None and known[0] == "price":
        return known
    if (known := _of_all(kind, _OR.split(name))) is not None:
        return known
    return _price_of(words_of(bare)) if "price" in NAMES[kind] else None


def _of_all(kind: type[msgspec.Struct], parts: list[str]) -> tuple[str, int] | None:
    """The field that all parts of `Followers/Subscribers`, `Country or region` mean."""
    fields = [_known(kind, part) for part in parts] if len(parts) > 1 else []
    first = fields[0] if fields else None
    return None if first is None or any(f is None or f[0] != first[0] for f in fields) else (first[0], first[1] + 60)


# The same header is looked at for its separator, its quotes, its place and its columns.
_remembered_field = lru_cache(maxsize=4_096)(_field)


@cache
def _price_words() -> tuple[frozenset[str], dict[str, int]]:
    """Words for a price, and those beside one with how far each is from a post's."""
    ranks = {word: rank for rank, words in PRICED.items() for word in _split(words)}
    return frozenset(_split(PRICE_WORDS)), ranks | dict.fromkeys(_split(BESIDE_PRICE), 0)


def _price_of(words: tuple[str, ...]) -> tuple[str, int] | None:
    """A price and how near it is to that of a post, of words that say nothing else: `Estimated cost per reel`."""
    prices, ranks = _price_words()
    if not prices & set(words):
        return None
    beside = [ranks.get(word, -1) for word in words if word not in prices]
    return ("price", 50 + max(beside, default=0)) if all(rank >= 0 for rank in beside) else None


def _known(kind: type[msgspec.Struct], name: str) -> tuple[str, int] | None:
    words = words_of(name)
    whole = "".join(words) or plain(name)
    if kind is Creator and "@" in name and words and _OF_HANDLES.issuperset(words_of(_IN_BRACKETS.sub("", name))):
        return "handle", 30
    if known := fields_by_name(kind).get(whole):
        return known
    short = core(words)
    if known := cores_by_name(kind).get(short):
        return known[0], known[1] + 40
    if len(words) > 1 and words[-1] in _EXACT and (known := _known(kind, " ".join(words[:-1]))):
        return (known[0], -1) if known[0] in _COUNTS else None
    if (joined := _JOINED.search(name)) and (known := _known(kind, name[: joined.start()])):
        return known[0], known[1] + 30 + (joined[1] == "y")
    return None
