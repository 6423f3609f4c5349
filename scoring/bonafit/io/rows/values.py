"""Counts and amounts as people and exports write them.

A point or a comma before three digits may group thousands or begin decimals. A count is whole, so `12.500` is 12,500;
what stays open (`12.000`, `1.250K`) is decided by its column (`NumberFormat`), or not read at all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bonafit.records.messages import shown

_SCALES = {
    1e3: "k tsd tausend thousand thousands mil mila mille n rb ribu tys tysięcy тыс тысяч тис bin 천 千 ألف الف آلاف พัน हज़ार हजार ngàn nghìn",
    1e4: "w 万 萬 만 หมื่น",
    1e5: "lakh lakhs lac lacs l लाख แสน",
    1e6: "m mm tr mi mn mio mill million millions millionen millones millón milhões milhão milioni milione miljoen mln jt juta milyon "
    "млн миллион миллиона миллионов مليون ล้าน triệu",
    1e7: "crore crores cr करोड़",
    1e8: "亿 億 억",
    1e9: "b bn bio billion billions mrd milliarde milliarden milliards miliardi miliar milyar bi млрд مليار",
}
_TURKISH = frozenset(("mn", "bin", "milyon", "milyar"))
SCALES = {word: scale for scale, words in _SCALES.items() for word in words.split()}
_UNITS = (
    "followers|follower|subscribers|subscriber|subs|fans|abonnenten|abonnés|abonnements|seguidores|suscriptores|inscritos"
    "|pengikut|views|likes|comments|posts|videos|following|takipçi|подписчиков|подписчика|подписчики|volgers|seguaci|iscritti"
    "|obserwujących|粉丝|粉絲|フォロワー|팔로워|متابع|फ़ॉलोअर्स|人|명|名|位"
)
# Behind a scale without a space: 3.4万粉丝
_UNIT_WORDS = tuple(sorted(_UNITS.split("|"), key=len, reverse=True))
_SPACES = " \u00a0\u202f\u2009'’_\u066c"
# Possessive: what follows needs no space and no mark of those before it, and dividing a run of spaces among five places
# took a tenth of a second for sixty characters.
_NUMBER = re.compile(
    rf"(?P<sign>[+\-−]?)\s*+(?P<body>[0-9][0-9.,{_SPACES}]*+|[.,][0-9]+)(?P<power>e[+-]?[0-9]{{1,3}})?\s*+"
    rf"(?P<scale>[^\W\d_][^\s\d.,+_()|/:·]*+)?\.?\s*+\+?(?:\s*+(?:{_UNITS}))?",
    re.IGNORECASE,
)
# What says that a number is rounded.
_ABOUT = re.compile(
    r"^(?:[~≈±]|(?:ca|circa|approx|about|around|approximately|etwa|rund|ungefähr|env|environ|aprox|aproximadamente|unos|"
    r"cerca de|sekitar)\b\.?)\s*+",
    re.IGNORECASE,
)
# What stands around a count in Chinese, Japanese and Korean: a label before a colon, what is counted.
_COUNTED = re.compile(
    r"^(?:[^\W\d_]{1,8}[:：]\s*)?([0-9].*?)(?<!\s)\s*+(?:次|回|件|個|个|回視聴|次观看|次觀看|회|명|개)?$"
)
_RANGE = re.compile(
    r"[0-9][0-9.,]*+\s*+[a-z]{0,3}\s*+(?:-|–|—|to|bis|a|à)\s*+[0-9][0-9.,]*+\s*+[a-z]{0,3}", re.IGNORECASE
)
# A caption's first words are no number; nobody writes one in more characters.
_LONGEST = 60
# Above this a double no longer holds every whole number: an id that went through one is another id.
EXACT = 2**53
# A count above its field's bound cannot be meant. Instagram's own account has 7e8 followers, the most viewed video
# 1.7e10
# views; people in the world are 8e9.
BOUNDS = {"followers": 1e9, "following": 1e8, "posts_count": 1e8, "likes": 1e9, "comments": 1e8, "views": 1e10}


class UnreadError(ValueError):
    """A value that cannot be read; the message says what was found and expected."""


@dataclass(frozen=True)
class NumberFormat:
    """What a mark before three digits means in one column.

    decimal, scaled_decimal : marks that begin decimals in plain numbers, and before a scale such as K.
    grouping                : marks that group thousands in plain numbers; one used otherwise later contradicts.
    scaled_grouping         : marks that group thousands before a scale.
    refused                 : marks of which the column says both, or too little; such values are not read.
    is_b_thousand           : B counts a thousand, as in Turkish (bin), where a million is Mn.
    """

    decimal: frozenset[str] = frozenset()
    scaled_decimal: frozenset[str] = frozenset()
    grouping: frozenset[str] = frozenset()
    scaled_grouping: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    is_b_thousand: bool = False


PLAIN = NumberFormat()


@dataclass(frozen=True)
class _Parts:
    """A number taken apart: digits with at most one mark left, what that mark is (`decimal`, `grouping`, `open`)."""

    digits: str
    mark: str
    role: str
    scale: float
    word: str
    negative: bool
    power: str

    @property
    def scaled(self) -> bool:
        return self.scale > 1 or bool(self.power)


def ascii_digits(text: str) -> str:
    """The text with digits of every script as 0-9 and Arabic marks as point."""
    if text.isascii():
        return text
    return "".join("." if c == "٫" else str(int(c)) if not c.isascii() and c.isdecimal() else c for c in text)


def _parts(text: str) -> _Parts | None:
    text = _ABOUT.sub("", ascii_digits(text.strip()))
    if not text.isascii():
        text = _COUNTED.sub(r"\1", text)
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    word = (match["scale"] or "").lower()
    scale = SCALES.get(word)
    if scale is None:
        word = word.removesuffix(next(filter(word.endswith, _UNIT_WORDS), ""))
        scale = SCALES.get(word, None if word else 1.0)
    if scale is None:
        return None
    power = match["power"] or ""
    negative = match["sign"] in ("-", "−")
    body = match["body"].rstrip(_SPACES)
    groups = re.split(f"[{_SPACES}]", body)
    if len(groups) > 1:
        tail = re.match(r"[0-9]{3}(?![0-9])", groups[-1])
        if not all(re.fullmatch("[0-9]{3}", group) for group in groups[1:-1]) or not tail or len(groups[0]) > 3:
            return None
        body = "".join(groups)
    points, commas = body.count("."), body.count(",")
    if not points and not commas:
        return _Parts(body, "", "none", scale, word, negative, power)
    last = max(body.rfind("."), body.rfind(","))
    mark = body[last]
    other = "," if mark == "." else "."
    if points and commas:
        if body.count(mark) > 1 or not _grouped(body[:last], other):
            return None
        return _Parts(
            body[:last].replace(other, "") + mark + body[last + 1 :], mark, "decimal", scale, word, negative, power
        )
    if body.count(mark) > 1:
        return (
            _Parts(body.replace(mark, ""), mark, "grouping", scale, word, negative, power)
            if _grouped(body, mark)
            else None
        )
    head, tail_digits = body[:last], body[last + 1 :]
    is_open = len(groups) == 1 and len(tail_digits) == 3 and 1 <= len(head) <= 3 and not head.startswith("0")
    return _Parts(body, mark, "open" if is_open else "decimal", scale, word, negative, power)


def _grouped(body: str, mark: str) -> bool:
    """Whether digits stand in groups of three, or of two before the last as in India."""
    groups = re.escape(mark)
    return bool(
        re.fullmatch(
            rf"[0-9]{{1,3}}(?:{groups}[0-9]{{3}})*|[0-9]{{1,2}}(?:{groups}[0-9]{{2}})*{groups}[0-9]{{3}}", body
        )
    )


def number_format(texts: Iterable[str], name: str, *, whole: bool, decimal: str | None = None) -> NumberFormat:
    """The format of a column of numbers, from its texts. Equal whatever their order.

    name : the field, whose bound rules out the impossible. whole : whether it counts. decimal : the mark that the user
    says begins decimals; nothing is refused then.
    """
    if decimal is not None:
        other = "," if decimal == "." else "."
        decimals, groups = frozenset((decimal,)), frozenset((other,))
        return NumberFormat(decimals, decimals, groups, groups)
    plain_decimal: set[str] = set()
    plain_grouping: set[str] = set()
    scaled_decimal: set[str] = set()
    open_plain: set[str] = set()
    open_scaled: dict[str, float] = {}
    is_turkish = False
    for text in texts:
        parts = _parts(text)
        is_turkish |= parts is not None and parts.word in _TURKISH
        if parts is None or not parts.mark:
            continue
        mark, other = parts.mark, "," if parts.mark == "." else "."
        if parts.role == "decimal":
            (scaled_decimal if parts.scaled else plain_decimal).add(mark)
            if parts.digits.replace(mark, "") and other in text:
                plain_grouping.add(other)
        elif parts.role == "grouping":
            plain_grouping.add(mark)
        elif parts.scaled:
            open_scaled[mark] = max(
                open_scaled.get(mark, 0.0), float(parts.digits.replace(mark, "") + parts.power) * parts.scale
            )
        elif whole and not parts.digits.endswith("000"):
            plain_grouping.add(mark)
        else:
            open_plain.add(mark)
    format = _decided(plain_decimal, plain_grouping, scaled_decimal, open_plain, open_scaled, name)
    return replace(format, is_b_thousand=is_turkish)


def _decided(
    plain_decimal: set[str],
    plain_grouping: set[str],
    scaled_decimal: set[str],
    open_plain: set[str],
    open_scaled: dict[str, float],
    name: str,
) -> NumberFormat:
    refused = {mark for mark in open_plain if mark in plain_decimal and mark in plain_grouping}
    decimal = {mark for mark in open_plain if mark in plain_decimal} - refused
    # seconds have decimals after a point; nobody writes a price with three
    if name == "duration_seconds":
        decimal |= {mark for mark in open_plain if mark not in plain_grouping and mark == "."}
    grouping = (plain_grouping | open_plain) - decimal - refused
    scaled: set[str] = set()
    groups: set[str] = set()
    for mark, largest in open_scaled.items():
        other = "," if mark == "." else "."
        says_decimal = mark in scaled_decimal or (other in plain_grouping and mark not in plain_grouping)
        says_grouping = mark in plain_grouping or (
            other in scaled_decimal | plain_decimal and mark not in scaled_decimal
        )
        if says_decimal == says_grouping and largest > BOUNDS.get(name, math.inf):
            says_decimal, says_grouping = True, False
        if says_decimal == says_grouping:
            refused.add(mark)
        else:
            (scaled if says_decimal else groups).add(mark)
    return NumberFormat(
        frozenset(decimal), frozenset(scaled), frozenset(grouping), frozenset(groups), frozenset(refused)
    )


def amount_of(text: str, format: NumberFormat = PLAIN, *, whole: bool) -> tuple[float, bool]:
    """The number a text says, and whether it was rounded by its writer (8.4K). Raises UnreadError."""
    parts = _parts(text)
    expected = "a whole number" if whole else "a number"
    if parts is None:
        reason = "; a range is no count, write one" if _RANGE.fullmatch(text.strip()) else ""
        raise UnreadError(f"found {shown(text)}, expected {expected}{reason}")
    mark = parts.mark
    digits = parts.digits
    if parts.role == "open":
        if mark in format.refused:
            raise UnreadError(
                f"found {shown(text)}, in which {mark!r} may group thousands or begin decimals, and the column "
                "does not say which; name the decimal mark with --decimal"
            )
        decimals = format.scaled_decimal if parts.scaled else format.decimal
        if parts.scaled and mark not in decimals and mark not in format.scaled_grouping:
            raise UnreadError(
                f"found {shown(text)}, in which {mark!r} may group thousands or begin decimals; use --decimal"
            )
        digits = digits if mark in decimals else digits.replace(mark, "")
    elif (
        parts.role == "decimal"
        and not parts.scaled
        and mark in format.grouping
        and not set(digits.partition(mark)[2]) <= {""}
    ):
        raise UnreadError(f"found {shown(text)}, but {mark!r} groups thousands in this column")
    value = float(digits.replace(",", ".") + parts.power)
    if parts.scale != 1:
        value *= 1e3 if parts.word == "b" and format.is_b_thousand else parts.scale
    if not math.isfinite(value):
        raise UnreadError(f"found {shown(text)}, expected {expected}")
    if parts.negative:
        value = -value
    if whole and parts.scaled:
        value = round(value)
    if whole and value != int(value):
        raise UnreadError(f"found {shown(text)}, expected a whole number; call a column in millions Followers (M)")
    return value, parts.scaled or bool(_ABOUT.match(text.strip()))


def count_of(value: Any, format: NumberFormat = PLAIN) -> tuple[int, bool]:
    """The count a value says, and whether its writer rounded it. Raises UnreadError."""
    if isinstance(value, str):
        text = value.strip()
        if text.isascii() and text.isdigit() and len(text) <= 18:
            return int(text), False
        number, rounded = amount_of(text, format, whole=True)
        return int(number), rounded
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadError(f"found {shown(value)}, expected a whole number")
    if isinstance(value, float):
        if not value.is_integer():
            raise UnreadError(f"found {shown(value)}, expected a whole number")
        return int(value), False
    return value, False
