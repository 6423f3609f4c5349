"""What in a post speaks of a deal without saying so: codes, links that pay, thanks, work done together, prices."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bonafit.commercial.reading import Reading, fold
from bonafit.commercial.words import in_order, listed


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for folded texts: its letters beyond ASCII are folded as the texts are."""
    return re.compile("".join(ch if ch.isascii() else fold(ch) for ch in pattern))


# Kinds of hint of which one alone makes a post hinted. The others are what the likelihood is made of.
STRONG = ("code", "affiliate", "partner", "received")
_CODE_WORD = compiled(
    r"(?<!dress )(?<!zip )(?<!qr )(?<!area )(?<!post )(?<!postal )(?<!country )(?<!bar )(?<!source )(?<!bro )"
    r"\b(?:codes?|promo|coupon|voucher|rabattcode|gutschein\w*|codigo|cupom|cupon|codice|kortingscode|kod|kodem|kodzik|"
    r"kode|rabattkod\w*|koden|kod(?:u|um)(?:n?la|yla|n?uz)?|koodi\w*|ma giam gia|промокод\w*|كود)\b|"
    r"クーポン|コード|쿠폰|코드|优惠码|折扣码|優惠碼|कोड"
)
# A discount code as written: capitals and digits, which a sentence has not, or in quotes.
_CODE = re.compile(
    r"(?<![\w#@&])([A-ZÄÖÜÉ][A-Z0-9ÄÖÜÉ_]{3,19}|[A-Za-z]{2,15}\d{2})(?!\w)|[\"“„'‘«「]([\w-]{4,20})[\"”'’»」]"
)
CODE_REACH = 60
_CAPITALS = re.compile(r"\W*[A-Z]{2,}")
# What shops put into their own links to know who sent a buyer.
_QUERY = re.compile(
    r"[?&](?:tag|aff|aff_?id|af|affiliate\w*|ref|refid|partner\w*|utm_source=influ\w*|clickid|irclickid|coupon|"
    r"discount|promo)="
)


@dataclass(frozen=True)
class Hint:
    """A hint as found. kind : code, affiliate or a kind of hints.toml. text : as in the post. at : in the folded text.

    who : the handle or word that it names, where it names one.
    """

    kind: str
    text: str
    at: int
    who: str | None = None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    source = tomllib.loads(files("bonafit.commercial").joinpath("hints.toml").read_text(encoding="utf-8"))
    return tuple((hint["kind"], tuple(map(fold, hint["needs"])), compiled(hint["pattern"])) for hint in source["hint"])


def find_hints(reading: Reading) -> tuple[Hint, ...]:
    """Every hint of a post, the first of each kind that its pattern finds, and every code and paying link."""
    return (*_codes(reading), *_paying_links(reading), *_phrases(reading))


def _codes(reading: Reading) -> Iterator[Hint]:
    folded = reading.folded
    # a letter that folds to two moves the places by one or two, well within the reach
    slack = abs(len(folded) - len(reading.text))
    seen: set[str] = set()
    for word in _CODE_WORD.finditer(folded):
        window = reading.text[max(0, word.start() - slack - CODE_REACH // 2) : word.end() + slack + CODE_REACH]
        for match in _CODE.finditer(window):
            code = match[1] or match[2]
            if code.upper() in listed("no_codes") or code in seen or not _is_code(match, window):
                continue
            seen.add(code)
            yield Hint("code", code, word.start())
            break


def _is_code(match: re.Match[str], window: str) -> bool:
    """Whether a word beside a code's word is one: it has a digit, is quoted, or alone is in capitals there."""
    if match[2] or re.search(r"\d", match[1]):
        return True
    return not (_CAPITALS.match(window[match.end() :]) or re.search(r"[A-Z]{2,}\W*$", window[: match.start()]))


def _paying_links(reading: Reading) -> Iterator[Hint]:
    for link in reading.links:
        if link.text.startswith(in_order("networks")) or ("=" in link.text and _QUERY.search(link.text)):
            yield Hint("affiliate", link.text[:80], link.at)


def _phrases(reading: Reading) -> Iterator[Hint]:
    folded = reading.folded
    for kind, needs, pattern in _patterns():
        if not _holds_any(folded, needs):
            continue
        match = pattern.search(folded)
        if match is not None:
            who = match.groupdict().get("who")
            yield Hint(kind, match.group().strip()[:80], match.start(), who)


def _holds_any(text: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110 (any() over a generator takes twice as long)
        if part in text:
            return True
    return False
