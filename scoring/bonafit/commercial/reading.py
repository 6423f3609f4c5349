"""One post as it is searched: its words without case and accents, hashtags, mentions and links, each with its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from bonafit.records import Post

# Characters of a text that are searched; longer ones are transcripts of hours.
MAX_READ = 20_000
# Hashtags, mentions and links looked at in a post, each; Instagram allows 30 hashtags.
MAX_PIECES = 200
_ENDINGS = (
    "com|net|org|co|io|me|tv|ly|gl|be|de|fr|es|it|nl|pl|br|id|uk|us|at|ch|se|no|dk|in|to|shop|store|link|app|beauty|eu"
)
_TAG = re.compile(r"[#＃]([^\s#＃@＠.,!?:;()\[\]{}|/\\…\"“”‘’'`*•·~<>=+&%$^—–，。、！？：；（）【】]+)")
_MENTION = re.compile(r"(?<![\w.])[@＠]([\w.]{2,60})")
_LINK = re.compile(
    rf"(?:https?://|www\.)(?P<host>[\w.-]{{3,100}})(?P<rest>\S{{0,300}})"
    rf"|(?<![\w@.-])(?P<bare>(?:[\w-]{{1,63}}\.){{1,3}}(?:{_ENDINGS}))(?P<path>/\S{{0,300}})?(?![\w@])",
    re.IGNORECASE,
)
_DOT = re.compile(r"\w\.\w")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Letters that no decomposition takes apart.
_APART = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}


class _Folding(dict[int, str]):
    """Character to what it is compared as, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", chr(code)).casefold())
        without_marks = "".join(_APART.get(ch, ch) for ch in plain if not unicodedata.combining(ch))
        if unicodedata.category(chr(code)) in ("Cf", "Cs", "Co"):
            without_marks = ""
        self[code] = folded = unicodedata.normalize("NFC", without_marks)
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """A text without case, accents, forms of letters and what a reader cannot see; nearly as long as before."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def key_of(name: str) -> str:
    """A name as names are compared: folded, letters and digits alone."""
    return "".join(ch for ch in fold(name) if ch.isalnum() or unicodedata.category(ch)[0] == "M")


@dataclass(frozen=True)
class Piece:
    """A hashtag, mention or link. text : without its sign, as written. at : where it begins in the folded text."""

    text: str
    at: int


@dataclass(frozen=True)
class Reading:
    """A post's texts in one.

    text      : title, caption, tags and transcript as written. folded : the same, folded; places are counted in it.
    caption   : where the caption begins. spoken : where the transcript begins, the end where there is none.
    """

    text: str
    folded: str
    caption: int
    spoken: int
    tags: tuple[Piece, ...]
    mentions: tuple[Piece, ...]
    links: tuple[Piece, ...]

    @cached_property
    def words(self) -> list[tuple[str, int]]:
        """Words of the folded text with their places."""
        return [(match.group(), match.start()) for match in _WORD.finditer(self.folded)]

    @cached_property
    def _places(self) -> list[int]:
        """Place in the text as written of every place in the folded text."""
        places: list[int] = []
        for at, ch in enumerate(self.text):
            places.extend([at] * len(fold(ch)))
        return [*places, len(self.text)]

    @cached_property
    def capitals(self) -> str:
        """The folded text with the capitals of the text as written, as long as it."""
        if self.text.isascii():
            return self.text
        written = self.text
        if len(written) != len(self.folded):
            written = "".join(self.text[at] for at in self._places[:-1])
        return "".join(
            ch.upper() if big.isupper() and len(ch.upper()) == 1 else ch
            for ch, big in zip(self.folded, written, strict=True)
        )

    def place_as_written(self, at: int) -> int:
        """The place in the text as written of a place in the folded text."""
        if len(self.text) == len(self.folded):
            return at
        return self._places[min(at, len(self._places) - 1)]

    @property
    def is_empty(self) -> bool:
        return not self.folded.strip() and not self.mentions


def read_post(post: Post) -> Reading:
    """A post's texts, searched once for hashtags, mentions and links; the platform's own lists stand behind them."""
    title = post.title[:MAX_READ]
    tags = " ".join("#" + re.sub(r"\s+", "_", tag.lstrip("#＃ ")) for tag in post.tags)
    mentions = " ".join("@" + name.lstrip("@＠ ") for name in post.mentions)
    written = "\n".join(part for part in (title, post.caption[:MAX_READ], tags) if part)
    spoken = post.transcript[:MAX_READ]
    text = f"{written}\n{spoken}" if spoken else written
    folded = fold(text)
    places = _in(folded)
    given = tuple(Piece(name.lstrip("@"), len(folded)) for name in mentions.split()[:MAX_PIECES])
    known = {piece.text.casefold() for piece in places[1]}
    return Reading(
        text=text,
        folded=folded,
        caption=len(fold(title)) + 1 if title else 0,
        spoken=len(fold(written)) if spoken else len(folded),
        tags=_as_written(text, folded, places[0]),
        mentions=places[1] + tuple(piece for piece in given if piece.text.casefold() not in known),
        links=places[2],
    )


def _in(folded: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Piece, ...]]:
    """Hashtags, mentions and links of a folded text."""
    tags = tuple(Piece(m[1], m.start()) for m in islice(_TAG.finditer(folded), MAX_PIECES)) if "#" in folded else ()
    handles = islice(_MENTION.finditer(folded), MAX_PIECES) if "@" in folded else ()
    mentions = tuple(Piece(m[1].strip("."), m.start()) for m in handles)
    links: tuple[Piece, ...] = ()
    if _DOT.search(folded):
        links = tuple(
            Piece((m["host"] or m["bare"]).removeprefix("www.") + (m["rest"] or m["path"] or ""), m.start())
            for m in islice(_LINK.finditer(folded), MAX_PIECES)
        )
    return tags, mentions, links


def _as_written(text: str, folded: str, tags: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Hashtags with their capitals, which part words; where folding moved the places, as folded."""
    if len(text) == len(folded):
        return tuple(Piece(text[tag.at + 1 : tag.at + 1 + len(tag.text)], tag.at) for tag in tags)
    written = [match[1] for match in islice(_TAG.finditer(text), MAX_PIECES)]
    if len(written) != len(tags):
        return tags
    return tuple(Piece(word, tag.at) for word, tag in zip(written, tags, strict=True))
