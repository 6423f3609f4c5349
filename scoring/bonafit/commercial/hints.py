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


def compiled(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """A pattern for folded texts: its letters beyond ASCII are folded as the texts are."""
    return re.compile("".join(ch if ch.isascii() else fold(ch) for ch in pattern), flags)


# Kinds of hint of which one alone makes a post hinted. The others are what the likelihood is made of.
STRONG = ("code", "affiliate", "partner", "received")
_CODE_WORD = compiled(
    r"(?<!dress )(?<!zip )(?<!qr )(?<!area )(?<!post )(?<!postal )(?<!country )(?<!bar )(?<!source )(?<!bro )(?<!to )"
    r"\b(?:codes?|promo|coupon|voucher|rabattcode|gutschein\w*|codigo|cupom|cupon|codice|kortingscode|kod|kodem|kodzik|"
    r"kode|rabattkod\w*|koden|kod(?:u|um)(?:n?la|yla|n?uz)?|koodi\w*|ma giam gia|промокод\w*|كود)\b|"
    r"クーポン|コード|쿠폰|코드|优惠码|折扣码|優惠碼|कोड"
)
# A discount code as written: capitals and digits, which a sentence has not, or in quotes.
_CODE = re.compile(
    r"(?<![A-Za-z0-9_#@&])([A-ZÄÖÜÉ][A-Z0-9ÄÖÜÉ_]{3,19}|[A-Za-z]{2,15}\d{2})(?![A-Za-z0-9_])|[\"“„'‘«「]([\w-]{4,20})[\"”'’»」]"
)
CODE_REACH = 60
# Letters and digits together, which is a code where a price stands beside it.
_BARE_CODE = re.compile(r"(?<![A-Za-z0-9_#@&/.])[A-ZÄÖÜ]{3,}\d{1,3}(?![A-Za-z0-9_])")
_PRICED = compiled(
    r"\d ?%|% ?\d|\b(?:discount|checkout|rabatt|sparen|spart|descuento|desconto|sconto|korting|reduction|znizk\w*|"
    r"diskon|indirim\w*|скидк\w*)\b|خصم|할인|割引|折"
)
# What thanks are for, and letters to it from the handle.
_GIFT = compiled(
    r"\b(?:gift\w*|package|parcel|sending|having (?:me|us)|hosting|invit\w+|spoiling|geschenk\w*|paket|einladung|"
    r"zusend\w+|cadeau\w*|colis|envoi|regal\w+|envi\w+|presente\w*|convite|mimo|pacco|pakket\w*|uitnodiging|paczk\w+|"
    r"prezent\w*|zaproszeni\w+|hadiah\w*|kirim\w*|undangan\w*|inbjudan|gava\w*|pakke\w*|gave\w*|invitasjon\w*|"
    r"hediye\w*|davet\w*|подар\w+|посылк\w+|приглашени\w+)|هدية|دعوة|उपहार|礼物|邀请|プレゼント|선물"
)
GIFT_REACH = 60
_CAPITALS = re.compile(r"\W*[A-Z]{2,}")
# What shops put into their own links to know who sent a buyer.
_QUERY = re.compile(
    r"[?&](?:(?:tag|aff|aff_?id|af|affiliate\w*|ref|refid|partner\w*|clickid|irclickid|coupon|discount|promo)=|"
    r"utm_(?:source|medium|campaign)=(?:influ|creator|ambass|affil))"
)


@dataclass(frozen=True)
class Hint:
    """A hint as found. kind : code, affiliate or a kind of hints.toml. text : as in the post. at : in the folded text.

    who : the handle or word that it names, where it names one. named : whether it is a brand's plain name as written.
    """

    kind: str
    text: str
    at: int
    who: str | None = None
    named: bool = False


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    source = tomllib.loads(files("bonafit.commercial").joinpath("hints.toml").read_text(encoding="utf-8"))
    return tuple((hint["kind"], tuple(map(fold, hint["needs"])), compiled(hint["pattern"])) for hint in source["hint"])


def find_hints(reading: Reading) -> tuple[Hint, ...]:
    """Every hint of a post, the first of each kind that its pattern finds, and every code and paying link."""
    phrases = tuple(_phrases(reading))
    codes = tuple(_codes(reading)) or tuple(_bare_codes(reading))
    return (*codes, *_paying_links(reading), *phrases, *_gifts(reading, phrases))


def _codes(reading: Reading) -> Iterator[Hint]:
    folded = reading.folded
    # a letter that folds to two moves the places by one or two, well within the reach
    slack = abs(len(folded) - len(reading.text))
    codes: set[str] = set()
    for word in _CODE_WORD.finditer(folded):
        start, end = max(0, word.start() - slack - CODE_REACH // 2), word.end() + slack + CODE_REACH
        # a word that the reach cuts is no code
        for match in _CODE.finditer(reading.text, start, end + 1):
            if match.end() > end:
                break
            code = match[1] or match[2]
            if (
                code.upper() in listed("no_codes")
                or code in codes
                or not _is_code(match, reading.text[start:end], start)
            ):
                continue
            codes.add(code)
            yield Hint("code", code, word.start())
            break


def _bare_codes(reading: Reading) -> Iterator[Hint]:
    """A code beside a price alone: 20% off with NIVORA20 at checkout."""
    if _PRICED.search(reading.folded) is None:
        return
    match = _BARE_CODE.search(reading.text)
    if match is not None:
        yield Hint("code", match[0], min(match.start(), len(reading.folded)))


def _gifts(reading: Reading, phrases: tuple[Hint, ...]) -> Iterator[Hint]:
    """Thanks to a handle for something given, where the words of a gift stand near the thanks."""
    kinds = {hint.kind for hint in phrases}
    for hint in phrases:
        if hint.kind == "thanks" and "received" not in kinds:
            end = hint.at + len(hint.text)
            given = _GIFT.search(reading.folded, end, end + GIFT_REACH)
            if given is not None:
                yield Hint("received", reading.folded[hint.at : given.end()], hint.at, hint.who)


def _is_code(match: re.Match[str], window: str, start: int) -> bool:
    """Whether a word beside a code's word is one: it has a digit, is quoted, or alone is in capitals there.

    window : the text around the code's word. start : its place.
    """
    if match[2] or re.search(r"\d", match[1]):
        return True
    before = re.search(r"([A-Z]{2,})\W*$", window[: match.start() - start])
    shouted = before is not None and before[1] not in listed("no_codes")
    return not (shouted or _CAPITALS.match(window[match.end() - start :]))


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
