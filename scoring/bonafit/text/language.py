"""Which language a text is in.

Scripts that one language is written in decide; every other text is asked of lid.176, fastText's language identifier
(Joulin et al., EACL 2017; 0.9 MB, CC BY-SA 3.0, see lid.176.LICENCE). Short texts often have no answer, and none is
given: `None` is not evidence against a creator.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import takewhile
from string import ascii_lowercase
from typing import Any

# Share of letters in another script from which a text counts as written in it.
SCRIPT_SHARE = 0.5
# Words, and probability from which the identifier's answer counts for so many. On English tweets, company lines and
# captions of 17 languages .5 % of the English texts of eight words are called foreign, and .3 % of the others have no
# answer; of four words 1-2 % and 9 %; shorter foreign texts are better told by those around them
# (benchmarks, languages/identification).
SURE = ((8, 0.3), (4, 0.5), (0, 0.8))
# What it takes to be of another language than the texts around: words, and probability.
FEW_WORDS, SURE_AGAINST = 4, 0.8
# A text's likely languages are told among its first so many letters; the rest of a long caption says the same again.
MOST_LETTERS = 1_000

# Scripts of one language only: Cyrillic, Arabic, Devanagari and Han are written by several, which the identifier knows.
_SCRIPTS = (
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("THAI", "th"),
    ("HEBREW", "he"),
    ("GREEK", "el"),
    ("TAMIL", "ta"),
    ("TELUGU", "te"),
    ("KANNADA", "kn"),
    ("MALAYALAM", "ml"),
    ("GUJARATI", "gu"),
    ("GEORGIAN", "ka"),
    ("ARMENIAN", "hy"),
    ("KHMER", "km"),
    ("LAO", "lo"),
    ("SINHALA", "si"),
)
# Of a script that the identifier did not place, the language most texts in it have.
_USUAL = (("CJK", "zh"), ("CYRILLIC", "ru"), ("ARABIC", "ar"), ("DEVANAGARI", "hi"), ("BENGALI", "bn"))
# The identifier's labels of one language's varieties: nobody briefs in Wu or Egyptian Arabic.
_VARIETIES = {"wuu": "zh", "yue": "zh", "arz": "ar", "azb": "az", "pnb": "pa", "mzn": "fa", "ckb": "ku", "nb": "no"}
# ISO 639-1. An export's column may hold anything, and what is no language must not send a text astray.
_ISO_639_1 = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nd
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr
    ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """
_CODES = frozenset(_ISO_639_1.split())
_NAMES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "ms": "Malay", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "ta": "Tamil", "te": "Telugu", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
# Unicode's language tag characters (TUS 23.9): invisible, in no cleaned text, and dropped by BERT's normalizer.
_TAG, _TAG_LETTERS, MOST_TAG = "\U000e0001", 0xE0000, 10
_TAGS = _TAG + "".join(chr(_TAG_LETTERS + ord(letter)) for letter in ascii_lowercase)
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def language_name(code: str) -> str:
    """English name of a language by its ISO 639-1 code; the code itself where it is none."""
    return _NAMES.get(code) or _rare_name(code)


@lru_cache(maxsize=256)
def _rare_name(code: str) -> str:
    # 20 ms to import, for languages that few texts are in
    import pycountry

    language = pycountry.languages.get(alpha_2=code) if len(code) == 2 else None
    return code if language is None else str(language.name)


def language_code(declared: str | None) -> str | None:
    """ISO 639-1 code of a declared language, such as `pt-BR`, `PT` or `Portuguese`; None where it says nothing."""
    if not declared:
        return None
    first = re.split(r"[-_\s,;/]", declared.strip().lower())[0]
    code = _VARIETIES.get(first, first)
    return code if code in _CODES else {name.lower(): code for code, name in _NAMES.items()}.get(first)


@lru_cache(maxsize=1)
def _identifier() -> Any:
    import fasttext

    with as_file(files("bonafit.text").joinpath("lid.176.ftz")) as path:
        return fasttext.load_model(str(path))


@lru_cache(maxsize=4_096)
def _script(ch: str) -> str | None:
    """Language of a letter's script, or None for Latin and unknown ones."""
    name = unicodedata.name(ch, "")
    return next((language for script, language in (*_SCRIPTS, *_USUAL) if name.startswith(script)), None)


def tagged(text: str, language: str) -> str:
    """The text behind a tag of its language: for an encoder, where the text alone does not tell."""
    return "".join((_TAG, *(chr(_TAG_LETTERS + ord(letter)) for letter in language), text))


def untagged(text: str) -> str:
    """The text without a tag of its language."""
    return text.lstrip(_TAGS) if text.startswith(_TAG) else text


def language_of(text: str) -> str | None:
    """Language of a text for an encoder: its tag's, else what the text says."""
    if text.startswith(_TAG):
        letters = (ord(letter) - _TAG_LETTERS for letter in text[1:MOST_TAG])
        return "".join(map(chr, takewhile(lambda letter: ord("a") <= letter <= ord("z"), letters)))
    return guess_language(text)


# Remembered, because the same texts are asked about for every brief. Short ones only: a memory of long ones grows.
def language_within(text: str, context: str | None) -> str | None:
    """Language of a cleaned text that stands among texts of the language `context`, None where neither says.

    Few words do not tell: "Kaffee & Sport" alone may be of four languages. Against the context a text must be longer
    and surer, or in another script.
    """
    language = guess_language(text)
    if language is None or context is None or language == context:
        return language or context
    if not is_latin(text):
        return language
    if len(text.split()) < FEW_WORDS:
        return context
    return language if _identify(text[:MOST_LETTERS])[1] >= SURE_AGAINST else context


def guess_language(text: str) -> str | None:
    """ISO 639-1 code of a cleaned text's language, or None where the text does not say."""
    return _guess(text[:MOST_LETTERS])


@lru_cache(maxsize=16_384)
def _guess(text: str) -> str | None:
    usual = None
    if not text.isascii():
        letters = _NOT_LETTERS.sub("", text)
        other = [ch for ch in letters if ch > "\x7f"]
        # Most texts beyond ASCII have an accent or two, which cannot decide: those are not looked up.
        if len(other) >= SCRIPT_SHARE * len(letters):
            scripts = Counter(map(_script, other))
            del scripts[None]
            if scripts and scripts.total() >= SCRIPT_SHARE * len(letters):
                # Japanese is written with Chinese characters too; kana decide.
                usual = "ja" if scripts["ja"] else scripts.most_common(1)[0][0]
                if usual in {language for _, language in _SCRIPTS}:
                    return usual
    if not any(map(str.isalpha, text)):
        return None
    label, sure = _identify(text)
    n_words = len(text.split())
    return label if sure >= next(least for words, least in SURE if n_words >= words) else usual


def is_latin(text: str) -> bool:
    """Whether most letters of a text are of the Latin script or of one not known here."""
    if text.isascii():
        return True
    letters = _NOT_LETTERS.sub("", text)
    return sum(_script(ch) is not None for ch in letters if ch > "\x7f") < SCRIPT_SHARE * len(letters)


def _identify(text: str) -> tuple[str, float]:
    """The likeliest language and its probability."""
    # The identifier reads one line, and as UTF-8: lone surrogates have none.
    line = " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")
    labels, shares = _identifier().predict(line, k=1)
    label = labels[0].removeprefix("__label__")
    return _VARIETIES.get(label, label), float(shares[0])
