"""Cleaning of captions, bios, titles and briefs before they are encoded.

What is removed says nothing about a niche (handles, links, contact details, "DM for collabs") or is made to deceive a
reader (invisible characters, look-alike letters, repetition, hashtag walls). What is put into words is what a text
encoder cannot read: hashtags are split, pictographs get their names where few words stand beside them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice
from operator import eq

from bonafit.text.hashtags import MAX_TAG, split_hashtag
from bonafit.text.words import count_words

# Characters of a text that are read at all. 99.9 % of the captions of instagram_2017 are shorter than 2,200.
MAX_RAW = 5_000
# Characters kept after cleaning; the default encoder reads 256 word pieces, some 1,100 characters.
MAX_CLEAN = 1_500
# Distinct hashtags kept per text. Instagram allows 30; walls of them are written for a machine and not for a reader.
MAX_HASHTAGS = 12
# Pictographs are named where they are most of what a text says, and few of them: a cup beside a sentence about serum
# made it one about coffee. With no names beside that many words AUC rose by .004 on posts of instagram_2017 and by .006
# on bios of tides_2024, and fell by .005 for companies over bios of youtube_2025, each left out.
MAX_PICTOGRAPHS, WORDS_ENOUGH = 6, 5
# Combining marks kept in a row, the bound of Unicode's stream-safe format (UAX 15), and the length from which texts are
# looked at for longer runs: 5,000 marks take 40 ms to put in order, 500 take 0.4 ms.
MAX_MARKS, LONG_TEXT = 30, 500
# Up to so many different characters are replaced one by one, which is faster for ordinary texts; more in one pass.
FEW_CHANGES = 12
# Unicode's Default_Ignorable characters outside category Cf, and blanks that are letters by category.
_BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0" + "".join(
    chr(c) for c in range(0xFE00, 0xFE10)
)
_ENDINGS = (
    "com",
    "net",
    "org",
    "co",
    "io",
    "me",
    "tv",
    "ly",
    "gl",
    "be",
    "shop",
    "store",
    "link",
    "info",
    "blog",
    "app",
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+"
    # A local part has at most 64 characters and a host's label 63 (RFC 5321, 1035); without a bound the search is
    # quadratic in the length of a text that holds no address.
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    rf"|\b[\w-]{{2,63}}\.(?:{'|'.join(_ENDINGS)})(?:\.\w{{2}})?(?:/\S*)?(?!\w)",
    re.IGNORECASE,
)
# What an e-mail address holds and a handle does not.
_MAIL = re.compile(r"@[\w-]+\.[\w-]")
_MASK = re.compile(r"#?\[\s*(?:handle|url|email|phone|self)\s*\]", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@[\w.]*")
_PHONE = re.compile(r"(?<![\w#])\+?\d[\d\s().-]{7,}\d(?!\w)")
_HASHTAG = re.compile(r"[#＃]+(\w*)")
_ENDING = re.compile(rf"\.(?:{'|'.join(_ENDINGS)})")
_DIGIT = re.compile(r"\d")
# Possessive: a word never ends before its last letter, and trying that took most of the time.
_REPEAT = re.compile(r"\b((?>\w+))(?:(?>\W+)\1\b)+", re.IGNORECASE)
_WORDLIKE = re.compile(r"\w+")
_PICTOGRAPHS = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f300-\U0001f5ff\U0001f600-\U0001f6ff\U0001f900-\U0001faff]")
# Names that speak of mood, people or layout and not of a subject; their words would pull every caption together.
_MOOD = re.compile(
    r"\b(?:face|heart|hearts|hand|hands|finger|index|fist|sign|mark|symbol|button|arrow|arrowhead|square|circle|"
    r"sparkles|kiss|person|man|woman|boy|girl|monkey|eyes|dizzy|collision|modifier|selector|keycap|asterisk|bullet|"
    r"diamond|star|scissors|pencil|envelope|telephone|phone|pushpin|party popper|fire|hundred points)\b"
)

_ASK = r"(?:dm|pm|message|inbox|e-?mail|contact|text|write)"
_WORK = (
    r"(?:collab\w*|business|promo\w*|inquir\w+|enquir\w+|booking\w*|features?|prices?|rates|orders?|pr|work|info\w*|"
    r"details|credits?|removals?|shoutouts?|sponsor\w*|partnership\w*|ads?)"
)
_SOCIAL = r"(?:snap(?:chat)?|instagram|insta|ig|tik ?tok|twitter|you ?tube|facebook|fb|kik|telegram|whats ?app|twitch)"
_SHARE = r"(?:like|share|comment|subscribe|follow)"
# Each phrase stands behind substrings of which it must contain one, and one of a second list where there is one:
# looking for those first takes a sixth of the time.
_ASKS = ("dm", "pm", "message", "inbox", "mail", "contact", "text", "write")
_PLACES = ("snap", "nsta", "ig", "ıg", "tok", "twitter", "tube", "facebook", "fb", "kik", "telegram", "whats", "twitch")
_BOILERPLATE = tuple(
    (triggers, also, re.compile(pattern, re.IGNORECASE))
    for triggers, also, pattern in (
        (
            (" for ", " 4 "),
            _ASKS,
            rf"\b{_ASK}(?: (?:me|us))? (?:for|4) (?:\w+[ ,/&]+){{0,3}}?{_WORK}(?:[ ,/&]+{_WORK})*\b",
        ),
        (
            ("inquir", "enquir", "request", "contact", "mail"),
            (),
            rf"\b(?:for |all )?(?:\w+ )?{_WORK}(?: ?[/&+,] ?\w+)? (?:inquir\w+|enquir\w+|requests?|contact|e-?mail)\b",
        ),
        (("open ",), (), rf"\bopen (?:for|to) (?:\w+[ ,/&]+){{0,2}}?{_WORK}\b"),
        (
            ("link", "lien", "enlace"),
            (),
            r"\b(?:check (?:out )?|click |tap |hit |see )?(?:the |my |our |full ){0,4}links? (?:is |are )?(?:in|on) "
            r"(?:the |my |our |his |her )?(?:bio|profile|description)\b"
            r"|\b(?:link|lien|enlace) (?:en|na|no|dans|nella|in) (?:la |mi |ma |minha |der )?bio\w*",
        ),
        (("notification",), (), r"\bturn (?:on )?(?:my |your |our )?(?:post )?notifications(?: on)?\b"),
        (("swipe", "tap"), (), r"\bswipe (?:up|left|right)\b|\bdouble[ -]tap\b"),
        (
            ("like", "share", "comment", "subscribe", "follow"),
            (),
            rf"\b(?:please |don'?t forget to |make sure to )?{_SHARE}(?:(?: ?, ?| ?& ?| and ){_SHARE})+\b"
            r"|\bfollow (?:me|us|my|our|for more|along)\b|\bfollow ?(?:4|for) ?follow\b"
            r"|\b(?:follow|like)4(?:follow|like)\b",
        ),
        (("tag ",), (), r"\btag (?:a|your|some|us|me)(?: \w+)?\b"),
        ((":", "|", "/", ">", "-", "my "), _PLACES, rf"\bmy {_SOCIAL}\b|\b{_SOCIAL} ?[:|/>-]+"),
        (
            ("f4f", "l4l", "lfl", "fyp", "foryou", "for you", "xyzbca"),
            (),
            r"\b(?:f4f|l4l|lfl|fyp|foryou(?:page)?|for you page|xyzbca)\b",
        ),
    )
)


def strip_invisible(text: str) -> str:
    """`text` in Unicode's compatibility form without characters that a reader cannot see.

    Compatibility form (NFKC) turns mathematical bold, circled and full-width letters into plain ones. Control, format
    (zero-width, direction marks), surrogate and private characters go, as do blanks that pass for letters; white space
    stays.
    """
    if text.isascii() and text.isprintable():
        return text
    if len(text) > LONG_TEXT:
        text = _with_short_mark_runs(text)
    plain = unicodedata.normalize("NFKC", text)[:MAX_RAW]
    # A text has a few dozen different characters; looking at each of those once is faster than at every character.
    changes = {}
    for ch in set(plain):
        if ch < " ":
            changes[ord(ch)] = " "
        elif ch > "~" and _is_invisible(ch):
            changes[ord(ch)] = ""
    if len(changes) > FEW_CHANGES:
        return plain.translate(changes)
    for code, change in changes.items():
        plain = plain.replace(chr(code), change)
    return plain


def _with_short_mark_runs(text: str) -> str:
    """`text` with at most MAX_MARKS combining marks in a row: putting a run of them in order is quadratic."""
    characters, run = [], 0
    for ch in text:
        run = run + 1 if unicodedata.combining(ch) else 0
        if run <= MAX_MARKS:
            characters.append(ch)
    return text if len(characters) == len(text) else "".join(characters)


@lru_cache(maxsize=8_192)
def _is_invisible(ch: str) -> bool:
    return ch in _BLANKS or unicodedata.category(ch) in ("Cf", "Cc", "Cs", "Co", "Cn", "Me")


def _without_symbols(text: str) -> str:
    symbols = [ch for ch in set(text) if ch > "~" and unicodedata.category(ch) in ("So", "Sk")]
    if len(symbols) > FEW_CHANGES:
        return text.translate({ord(ch): " " for ch in symbols})
    for ch in symbols:
        text = text.replace(ch, " ")
    return text


@lru_cache(maxsize=4_096)
def pictograph_name(ch: str) -> str:
    """Name of a pictograph in lower case, or an empty string where it shows a mood, a gesture or nothing known."""
    name = unicodedata.name(ch, "").lower()
    if not name or _MOOD.search(name):
        return ""
    return re.sub(r"\b(?:heavy|black|white)\b ?", "", name).replace("-", " ").strip()


def _hashtags(text: str) -> str:
    tags: set[str] = set()

    def words(match: re.Match[str]) -> str:
        tag = match.group(1)
        key = tag.lower()
        if not tag or key in tags or len(tags) >= MAX_HASHTAGS:
            return " "
        tags.add(key)
        return f" {split_hashtag(tag[:MAX_TAG])} "

    return _HASHTAG.sub(words, text)


def _pictograph_names(text: str) -> list[str]:
    """Names of the first MAX_PICTOGRAPHS different pictographs of a text that have one, in order."""
    names = (pictograph_name(ch) for ch in dict.fromkeys(_PICTOGRAPHS.findall(text)))
    return list(islice(dict.fromkeys(filter(None, names)), MAX_PICTOGRAPHS))


def clean(text: str) -> str:
    """The text as the encoder reads it: one line, at most MAX_CLEAN characters, possibly empty.

    Invisible characters, links, handles, contact details and boilerplate are gone; hashtags and pictographs are words;
    a word repeated in a row stands once, and so does a repeated line.
    """
    plain = strip_invisible("\n".join(dict.fromkeys(line.strip() for line in text[:MAX_RAW].splitlines())))
    # Most texts hold little of what is looked for: each search waits for a character that it cannot do without, which
    # takes half of the time and changes no byte.
    if "[" in plain:
        plain = _MASK.sub(" ", plain)
    if "@" in plain or "." in plain or "/" in plain:
        lower = plain.lower()
        if "www" in lower or "http" in lower or _ENDING.search(lower) or ("@" in lower and _MAIL.search(lower)):
            plain = _ADDRESS.sub(" ", plain)
    if "@" in plain:
        plain = _HANDLE.sub(" ", plain)
    if _DIGIT.search(plain):
        plain = _PHONE.sub(" ", plain)
    if "#" in plain or "＃" in plain:
        plain = _hashtags(plain)
    pictographs: list[str] = []
    if not plain.isascii():
        pictographs = _pictograph_names(plain)
        plain = _without_symbols(plain)
    plain = _spaced(plain)
    lower = plain.lower()
    for triggers, also, pattern in _BOILERPLATE:
        if _holds_any(lower, triggers) and (not also or _holds_any(lower, also)):
            plain = pattern.sub(" ", plain)
    if pictographs and count_words(plain) < WORDS_ENOUGH:
        plain = " ".join([plain, *pictographs])
    if _repeats(plain):
        plain = _REPEAT.sub(r"\1", plain)
    # Most parts begin with a letter, which is asked faster than searched for.
    plain = " ".join([part for part in plain.split() if part[0].isalnum() or _WORDLIKE.search(part)])
    if len(plain) > MAX_CLEAN:
        plain = plain[:MAX_CLEAN].rsplit(" ", 1)[0]
    return plain


def _holds_any(text: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110 (any() over a generator takes twice as long)
        if part in text:
            return True
    return False


def _spaced(text: str) -> str:
    """One space for each stretch of white space, at the ends too."""
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if text[-1].isspace() else ''}"


def _repeats(text: str) -> bool:
    """Whether a word may stand twice in a row; for other than ASCII letters the pattern itself must say."""
    if not text.isascii():
        return True
    words = _WORDLIKE.findall(text.lower())
    return any(map(eq, words, words[1:]))
