"""Prices as people and exports write them: with their currency, as a range, as an object or a vendor's list of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from bonafit.io.rows.values import PLAIN, SCALES, NumberFormat, UnreadError, amount_of
from bonafit.records.messages import shown

_MARKS = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₫": "VND", "฿": "THB",
    "₱": "PHP", "₦": "NGN", "₪": "ILS", "₴": "UAH", "r$": "BRL", "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD",
    "s$": "SGD", "hk$": "HKD", "mx$": "MXN", "nz$": "NZD", "chf": "CHF", "fr.": "CHF", "sfr.": "CHF", "zł": "PLN", "rp": "IDR",
    "rp.": "IDR", "rs": "INR", "rs.": "INR", "tl": "TRY", "руб": "RUB", "руб.": "RUB", "р.": "RUB", "元": "CNY", "円": "JPY", "원": "KRW",
    "kč": "CZK", "ft": "HUF", "lei": "RON", "euro": "EUR", "euros": "EUR", "dollar": "USD", "dollars": "USD", "usd": "USD",
    "rupees": "INR", "rupiah": "IDR", "reais": "BRL", "pounds": "GBP",
}  # fmt: skip
# Codes that headers and cells name; other words of three letters are none.
_CODES = frozenset((
    "EUR", "USD", "GBP", "CHF", "JPY", "INR", "KRW", "TRY", "RUB", "BRL", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "PLN",
    "IDR", "CZK", "HUF", "RON", "SEK", "NOK", "DKK", "CNY", "VND", "THB", "PHP", "MYR", "NGN", "ZAR", "KES", "EGP", "AED",
    "SAR", "ILS", "UAH", "ARS", "CLP", "COP", "PEN",
))  # fmt: skip
# "Fr", "kr" and "R" alone are several currencies'.
_SEVERAL = frozenset(("fr", "kr", "kr.", "r"))
_WORDS_BEFORE = re.compile(
    r"^(?:from|starting (?:at|from)|ab|von|bis|up to|max\.?|ca\.?|circa|approx\.?|about|desde|hasta|à partir de|dès|"
    r"a partir de|a partire da|da|mulai(?: dari)?|od|от|до|~|≈|<|>)\s*(?=\S*[\d])",
    re.IGNORECASE,
)
# For no cents, as in 1.200,- € and CHF 1'200.-
_NO_CENTS = re.compile(r"(?<=\d)[.,][-–—]+")
# What may follow a price: 1,50,000/-, for one post, net of tax.
_AFTER = re.compile(
    r"(?:/-|\+)?\s*(?:(?:/|per|pro|par|por|je|a)\s?(?:posts?|beitrag|reel|video|image|pic|publicación|publication)\b)?\s*(?:(?:net|netto|brutto|gross|plus vat|zzgl\.? mwst\.?|\+ ?vat|hors taxes|ht|\+ ?iva|p\.? ?p\.?)\.?)?$",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?<=[\d.,kKmM€$£¥₹₽%])\s*(?:-|–|—|~|to|bis|a|à|hasta|até|do|до)\s*(?=[^\d\s]{0,4}\s?\d)", re.IGNORECASE
)
_MONEY = re.compile(r"(?P<before>[^\d\s,+\-]{0,4})\s*(?P<number>[+\-]?[\d.,].*?)(?P<after>\s*[^\d\s.,'’][^\d\s]{0,8})?")
_LONGEST = 60
_HEADER = re.compile(
    r"[(\[]?\s*(?:\b(?:in|en|em|dalam)\s+)?(?P<mark>[€$£¥₹₽₺]|\b[A-Za-z]{3}\b|\bEuros?\b)\s*[)\]]?\s*$"
)
# Words in place of a price
ON_REQUEST = frozenset((
    "on request", "upon request", "poa", "auf anfrage", "a.a.", "sur demande", "a consultar", "sob consulta", "su richiesta", "negotiable",
    "nego", "vb", "verhandelbar", "à négocier", "negociable", "gifted", "barter", "open", "custom", "по запросу", "договорная", "応相談", "협의", "面议",
))  # fmt: skip
# Of a vendor's list of prices by kind, the first of these that it has.
_KINDS = ("static_post", "feed_post", "post", "image", "carousel", "reel", "reels", "video", "short", "story")


class Price(NamedTuple):
    """Amount, the currency's code where it is named, and whether the amount is the upper end of a range."""

    amount: float
    currency: str | None
    of_range: bool = False


def price_of(value: Any, format: NumberFormat = PLAIN) -> Price:
    """The price that a value says; of a range (`€200-300`, `{"min": 200, "max": 300}`) its upper end. Raises UnreadError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 10**300:
            raise UnreadError(f"found {shown(value)}, expected a finite number")
        return Price(float(value), None)
    if isinstance(value, Mapping):
        return _of_object(value, format)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise UnreadError(f"found {shown(value)}, expected a number")
    text = _WORDS_BEFORE.sub("", value.strip())
    ends = _RANGE.split(text)
    if len(ends) > 2:
        raise UnreadError(f"found {shown(value)}, expected one price")
    if len(ends) == 1:
        return _of_text(text, value, format)
    upper, lower = _of_text(ends[1], value, format), _of_text(ends[0], value, format)
    # "1-2k": the scale is both ends'
    if lower.currency and upper.currency and lower.currency != upper.currency:
        raise UnreadError(f"found {shown(value)}, expected one currency")
    return Price(max(upper.amount, lower.amount), upper.currency or lower.currency, of_range=True)


def _of_text(text: str, whole: Any, format: NumberFormat) -> Price:
    match = _MONEY.fullmatch(_AFTER.sub("", _NO_CENTS.sub("", text.strip())).strip())
    if match is None:
        raise UnreadError(f"found {shown(whole)}, expected a number")
    number, after = match["number"].strip(), (match["after"] or "").strip()
    words = after.split()
    if words and words[0].lower().rstrip(".") in SCALES and words[0].lower() not in _MARKS:
        number, after = f"{number} {words[0]}", " ".join(words[1:])
    elif match_scale := re.fullmatch(r"([kKmM万億亿만])(\W.*|円|元|원)", after):
        number, after = number + match_scale[1], match_scale[2]
    marks = [mark for mark in (match["before"], after.rstrip("-/")) if mark]
    codes = [currency_of(mark) for mark in marks]
    if any(code is None and mark.lower() not in _SEVERAL for code, mark in zip(codes, marks, strict=True)):
        raise UnreadError(f"found {shown(whole)}, expected a number with a currency")
    amount, _ = amount_of(number, format, whole=False)
    return Price(amount, next((code for code in codes if code), None))


def currency_of(mark: str) -> str | None:
    """The code of a currency by its mark, code or name; None for what is none, or several countries'."""
    name = mark.strip().lower()
    return _MARKS.get(name) or (name.upper() if name.upper() in _CODES else None)


def _of_object(value: Mapping[str, Any], format: NumberFormat) -> Price:
    """An amount with its currency, a range, or a vendor's list of prices by kind of post."""
    currency = next((value[name] for name in ("currency", "currency_code") if isinstance(value.get(name), str)), None)
    code = None if currency is None else currency_of(currency)
    for low, high in (("min", "max"), ("from", "to"), ("low", "high")):
        ends = [value[name] for name in (low, high) if value.get(name) is not None]
        if ends:
            prices = [price_of(end, format) for end in ends]
            highest = max(prices, key=lambda price: price.amount)
            return Price(highest.amount, highest.currency or code, of_range=len(ends) > 1)
    for name in ("amount", "value", "price", "price_range", "range"):
        if value.get(name) is not None:
            price = price_of(value[name], format)
            return price._replace(currency=price.currency or code)
    for kinds in _by_kind(value):
        for kind in _KINDS:
            if kinds.get(kind) is not None:
                price = price_of(kinds[kind], format)
                return price._replace(currency=price.currency or code)
    raise UnreadError(f"found {shown(value)}, expected a price")


def _by_kind(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield {str(kind).lower(): price for kind, price in value.items()}
    yield from (inner for inner in value.values() if isinstance(inner, Mapping))


@lru_cache(maxsize=1024)
def currency_of_header(name: str) -> tuple[str, str | None]:
    """A header without the currency that it names, and the currency's code: `Price (EUR)`, `Preis in €`."""
    # the end alone names a currency, and a header may be as long as a cell
    match = _HEADER.search(name, max(0, len(name) - _LONGEST))
    code = currency_of(match["mark"]) if match else None
    return (name[: match.start()].strip(), code) if match and code and match.start() else (name, None)
