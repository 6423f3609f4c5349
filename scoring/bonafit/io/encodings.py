"""Text files in other encodings than UTF-8: found by their bytes, read as UTF-8."""

from __future__ import annotations

import codecs
import re
from itertools import pairwise
from typing import Any

from bonafit.io.streams import BOM, CHUNK, Peekable

# Bytes that are looked at to find an encoding.
LOOK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What spreadsheets write where they do not write Unicode, the commonest first: short texts fit several, and the first
# of equal ones is taken.
_CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256", "cp1255",
    "shift_jis", "gb18030", "big5", "euc_kr", "mac_roman"
]  # fmt: skip
_WESTERN = {"\xa0", "\xad"} | frozenset(
    "ÄÖÜäöüßÀÁÂÃÇÈÉÊËÌÍÎÏÑÒÓÔÕÙÚÛÝàáâãçèéêëìíîïñòóôõùúûýŒœÅåÆæØø€–—‘’“”…•·°´«»¿¡ªº§©®™£ "
)


class _Recoded:
    """A stream in UTF-8 of one in another encoding."""

    def __init__(self, stream: Peekable, encoding: str) -> None:
        self._stream = stream
        self._decoder: Any = codecs.getincrementaldecoder(encoding)("replace")
        self._left = b""
        self._ended = False

    def read(self, n: int, /) -> bytes:
        while len(self._left) < n and not self._ended:
            chunk = self._stream.read(CHUNK)
            self._ended = not chunk
            self._left += self._decoder.decode(chunk, final=self._ended).encode("utf-8", "surrogatepass")
        out, self._left = self._left[:n], self._left[n:]
        return out


def in_utf8(stream: Peekable) -> tuple[Peekable, str]:
    """The stream in UTF-8, and the encoding that it was in."""
    head = stream.peek(LOOK)
    encoding = encoding_of(head, whole=len(head) < LOOK)
    if encoding in ("utf-8", "ascii"):
        return stream, encoding
    return Peekable(_Recoded(stream, encoding)), encoding


def encoding_of(head: bytes, *, whole: bool) -> str:
    """The encoding of a file's first bytes. whole : there are no more.

    A file with some lines that are not UTF-8 among more that are stays UTF-8: those lines are rejected.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head.startswith(BOM) or head.isascii():
        wide = _wide(head)
        return wide or ("utf-8" if head.startswith(BOM) else "ascii")
    if wide := _wide(head):
        return wide
    if not whole:
        # the last line may be cut inside a character
        head = head[: head.rfind(b"\n") + 1] or head
    good = bad = 0
    wrong: list[bytes] = []
    for line in head.split(b"\n"):
        if line.isascii():
            continue
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
            wrong.append(line)
    return "utf-8" if good >= bad else _single_bytes(b"\n".join(wrong)[: 1 << 16])


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of mostly Latin text is zero."""
    sample = head[:4096]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0) / len(sample) * 2, sample[1::2].count(0) / len(sample) * 2
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else None


def _single_bytes(sample: bytes) -> str:
    """An encoding of one or two bytes a character; a Western one where its letters stand as in Western words."""
    best, oddity = None, 1.0
    for encoding in _WESTERN_ENCODINGS:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = _oddity(text)
        if odd < min(oddity, _ODD) and not _shouts(text):
            best, oddity = encoding, odd - (_NEARER if encoding == "cp1252" else 0.0)
    if best is not None:
        return "cp1254" if best == "cp1252" and _is_turkish(sample.decode("cp1252")) else best
    from charset_normalizer import from_bytes

    match = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    return "cp1252" if match is None else match.encoding


# Of Windows, of old Macs, of DOS: a later one is taken where it reads the text so much better.
_WESTERN_ENCODINGS, _NEARER = ("cp1252", "mac_roman", "cp850"), 0.35
# A text of which more reads oddly is in none of them.
_ODD = 0.2
# What stands within English, French and Italian words.
_APOSTROPHE = re.compile(r"\b(?:[cdjlmnst]|qu|un|dell|all|nell|sull|quest)’|’(?:[sdmt]|re|ll|ve)\b", re.IGNORECASE)
_WITHIN = re.compile(r"(?<=[^\W\d_])([^\w\s\x00-\x7f])(?=[^\W\d_])")
_CAPITAL = re.compile(r"(?<=[a-zß-ÿ])[^\W\d_a-z\x00-\x7f]|(?<=[ß-ÿ])[A-Z]")
_BOXES = re.compile("[\u2500-\u259f]")
_ICELANDIC = frozenset("ðþýÐÞÝ")
# how odd a mark is between two letters; others entirely
_MARKS_WITHIN = {"—": 0.15, "–": 0.3, "…": 0.15, "·": 0.3, "\xad": 0.0}

# Marks where old Macs have ñ, ó and Ä: Espa–a, coraz—n, €gypten.
_OF_MACS = re.compile(r"(?<=[aeiou])–(?=[aeiou])|(?<=[a-z])—n(?:es)?\b|(?<!\d)€(?=[a-z]{3})")


def _is_turkish(text: str) -> bool:
    """Whether letters of Icelandic stand without its others: ğ, ı, ş and İ are read so."""
    return bool(_ICELANDIC & set(text)) and not set("áéíóúæÁÉÍÓÚÆ") & set(text)


def _oddity(text: str) -> float:
    """How much of the characters beyond ASCII stands where Western texts have no such, 0 to 1."""
    beyond = [c for c in text if not c.isascii()]
    odd = float(sum(c not in _WESTERN and c not in _ICELANDIC for c in beyond))
    text = _APOSTROPHE.sub("", text)
    odd += sum(_MARKS_WITHIN.get(mark, 1.0) for mark in _WITHIN.findall(text) if mark in _WESTERN)
    odd += len(_OF_MACS.findall(text)) * 0.7
    odd += sum(c.isupper() and (c in _WESTERN or c.isascii()) for c in _CAPITAL.findall(text))
    odd += sum(match in "œŒ" for match in re.findall(r"(?<![cmsfbvhnolCMSFBVHNOL])œ", text)) * 0.7
    return min(1.0, odd / len(beyond)) if beyond and not _BOXES.search(text) else float(bool(beyond))


# Western words have no four letters with accents in a row; of Cyrillic or Greek read as Western most are.
_RUN = re.compile(r"[^\W\d_\x00-\x7f]{4}")


def _shouts(text: str) -> bool:
    """Whether letters of another script were read as Western ones: long runs of accents, capitals inside words."""
    if _RUN.search(text):
        return True
    pairs = [(a, b) for a, b in pairwise(text) if not b.isascii() and b.isalpha()]
    odd = sum(a.isalpha() and (not a.isascii() or (a.islower() and b.isupper())) for a, b in pairs)
    return len(pairs) >= 8 and odd / len(pairs) > 0.4
