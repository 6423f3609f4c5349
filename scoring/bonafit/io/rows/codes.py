"""Countries, languages, platforms, kinds of posts and currencies by code, by name and as usually spelt, as one code each."""

from __future__ import annotations

import gettext
import re
import unicodedata
from functools import cache

# Languages in which names of countries and languages are understood, beside English and the languages' own.
NAMED_IN = ("de", "fr", "es", "pt", "it", "id", "nl", "tr", "pl", "sv", "ja", "ko", "ar", "hi", "ru", "zh_CN")
# What people write and ISO does not.
_COUNTRIES = {
    "uk": "gb", "england": "gb", "scotland": "gb", "wales": "gb", "greatbritain": "gb", "britain": "gb", "northernireland": "gb",
    "usa": "us", "unitedstatesofamerica": "us", "america": "us", "estadosunidos": "us", "eeuu": "us", "uae": "ae", "emirates": "ae",
    "southkorea": "kr", "korea": "kr", "russia": "ru", "holland": "nl", "czechrepublic": "cz", "turkey": "tr", "brasil": "br",
    "vietnam": "vn", "ivorycoast": "ci", "taiwan": "tw", "iran": "ir", "bolivia": "bo", "venezuela": "ve", "tanzania": "tz", "moldova": "md",
    "laos": "la", "syria": "sy", "macedonia": "mk", "palestine": "ps", "swaziland": "sz", "burma": "mm", "capeverde": "cv", "vatican": "va",
    "d": "de", "a": "at", "f": "fr", "i": "it", "brd": "de", "ger": "de", "osterreich": "at", "schweiz": "ch", "suisse": "ch", "svizzera": "ch", "россия": "ru", "рф": "ru", "сша": "us", "англия": "gb", "корея": "kr", "чехия": "cz", "молдова": "md", "оаэ": "ae", "ไทย": "th",
    "росія": "ru", "україна": "ua", "сирия": "sy", "turkiye": "tr", "cesko": "cz", "magyarorszag": "hu", "romania": "ro", "ελλαδα": "gr", "suomi": "fi", "norge": "no",
    "danmark": "dk", "polska": "pl", "slovensko": "sk", "hrvatska": "hr", "srbija": "rs", "ישראל": "il", "hongkong": "hk", "el": "gr", "kosovo": "xk", "xk": "xk",
}  # fmt: skip
_LANGUAGES = {
    "castellano": "es", "mandarin": "zh", "chinesesimplified": "zh", "cantonese": "zh", "farsi": "fa", "persian": "fa", "brazilian": "pt",
    "bahasa": "id", "bahasaindonesia": "id", "tagalog": "tl", "filipino": "tl", "flemish": "nl", "greek": "el", "malay": "ms", "norwegian": "no",
    "iw": "he", "in": "id", "cmn": "zh", "fil": "tl", "gr": "el", "jp": "ja", "cn": "zh", "kr": "ko",
}  # fmt: skip
_PLATFORMS = {
    "ig": "instagram", "insta": "instagram", "instagramcom": "instagram", "instagrambusiness": "instagram", "tt": "tiktok",
    "tiktokcom": "tiktok", "douyin": "douyin", "yt": "youtube", "youtubecom": "youtube", "youtubechannel": "youtube", "youtubeshorts": "youtube",
    "twitter": "x", "xtwitter": "x", "twittercom": "x", "xcom": "x", "fb": "facebook", "facebookcom": "facebook", "twitchtv": "twitch",
    "igreels": "instagram", "instagramreels": "instagram", "instagramstories": "instagram", "instagramcreator": "instagram",
    "snap": "snapchat", "pin": "pinterest", "li": "linkedin",
}  # fmt: skip
KNOWN_PLATFORMS = frozenset(
    [
        "instagram",
        "tiktok",
        "youtube",
        "x",
        "facebook",
        "twitch",
        "snapchat",
        "pinterest",
        "linkedin",
        "threads",
        "douyin",
        "kick",
        "reddit",
        "telegram",
        "vk",
        "weibo",
        "bluesky",
    ]
)
_KINDS = {
    "1": "image", "2": "video", "8": "carousel", "graphimage": "image", "graphvideo": "video", "graphsidecar": "carousel", "photo": "image",
    "picture": "image", "foto": "image", "bild": "image", "sidecar": "carousel", "carouselalbum": "carousel", "album": "carousel",
    "xdtgraphimage": "image", "xdtgraphvideo": "video", "xdtgraphsidecar": "carousel", "carrousel": "carousel", "karussell": "carousel",
    "carrusel": "carousel", "slideshow": "carousel", "igreel": "reel", "igcarousel": "carousel", "igimage": "image", "igphoto": "image",
    "igstory": "story", "igvideo": "video", "reels": "reel", "clips": "reel", "clip": "reel", "shorts": "short", "youtubeshort": "short",
    "stories": "story", "livestream": "live", "stream": "live", "igtv": "video", "vid": "video", "youtubevideo": "video", "text": "text",
    "status": "text", "tweet": "text", "videos": "video", "images": "image", "photos": "image", "instagrampost": "image", "feed": "",
    "post": "", "media": "", "video": "video", "image": "image", "reel": "reel", "short": "short", "story": "story", "live": "live",
    "carousel": "carousel", "carouselcontainer": "carousel", "ad": "",
}  # fmt: skip
# Names of platforms in other scripts.
PLATFORMS_ELSEWHERE = {
    "instagram": "인스타그램 인스타 インスタグラム インスタ инстаграм инста إنستغرام انستقرام انستجرام इंस्टाग्राम อินสตาแกรม",
    "tiktok": "틱톡 ティックトック тикток تيكتوك टिकटॉक ติ๊กต็อก",
    "youtube": "유튜브 ユーチューブ ютуб ютьюб يوتيوب यूट्यूब ยูทูบ",
    "douyin": "抖音",
    "facebook": "페이스북 フェイスブック фейсбук فيسبوك",
    "x": "트위터 ツイッター твиттер تويتر",
    "weibo": "微博",
    "telegram": "телеграм телеграмм тг",
    "vk": "вк вконтакте",
}
_MARKS = re.compile(r"[\W_]+")
_FLAG_LETTERS = frozenset(chr(code) for code in range(ord("🇦"), ord("🇿") + 1))
_BETWEEN = re.compile(r"[/,;|&+]|\b(?:and|und|et|y|e|dan)\b")
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")


def folded(text: str) -> str:
    """A name as it is compared: lower case, without accents and marks."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _MARKS.sub("", plain).casefold()


@cache
def _countries() -> dict[str, str]:
    """Countries by code and by English name, with what people write and ISO does not."""
    import pycountry

    table: dict[str, str] = {}
    for country in pycountry.countries:
        code = country.alpha_2.lower()
        names = [country.alpha_2, country.alpha_3, country.name]
        names += [getattr(country, name) for name in ("common_name", "official_name") if hasattr(country, name)]
        for name in names:
            table.setdefault(folded(name), code)
    return table | {folded(name): code for name, code in _COUNTRIES.items()}


@cache
def _countries_elsewhere() -> dict[str, str]:
    """Countries by name in other languages, which takes a sixth of a second to make."""
    import pycountry

    table: dict[str, str] = {}
    for language in NAMED_IN:
        words = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for country in pycountry.countries:
            for name in (country.name, getattr(country, "common_name", country.name)):
                table.setdefault(folded(words.gettext(name)), country.alpha_2.lower())
    return table


def _country_named(name: str) -> str | None:
    return _countries().get(name) or _countries_elsewhere().get(name)


@cache
def _country_codes() -> frozenset[str]:
    import pycountry

    return frozenset(country.alpha_2.lower() for country in pycountry.countries)


@cache
def _languages() -> dict[str, str]:
    """Languages by code and by English name, with what people write and ISO does not."""
    import pycountry

    table: dict[str, str] = {}
    short = [language for language in pycountry.languages if hasattr(language, "alpha_2")]
    for language in short:
        code = language.alpha_2.lower()
        for name in (
            language.alpha_2,
            language.alpha_3,
            language.name,
            getattr(language, "bibliographic", language.name),
        ):
            table.setdefault(folded(name), code)
    return table | _LANGUAGES


@cache
def _languages_elsewhere() -> dict[str, str]:
    """Languages by name in other languages."""
    import pycountry

    table: dict[str, str] = {}
    short = [language for language in pycountry.languages if hasattr(language, "alpha_2")]
    # the languages' own names first, then what others call them
    for locale in sorted(
        {language.alpha_2 for language in short} | set(NAMED_IN), key=lambda name: (name not in NAMED_IN, name)
    ):
        words = gettext.translation("iso639-3", pycountry.LOCALES_DIR, languages=[locale], fallback=True)
        for language in short:
            if locale in NAMED_IN or language.alpha_2 == locale:
                table.setdefault(folded(words.gettext(language.name)), language.alpha_2.lower())
    return table


def _language_named(name: str) -> str | None:
    return _languages().get(name) or _languages_elsewhere().get(name)


def _mended(text: str) -> str:
    """A name that was UTF-8 and read as Windows-1252 or Latin-1 (`CÃ´te d'Ivoire`); others as they are."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode()
        except UnicodeError:
            continue
    return text


@cache
def country_code(text: str) -> str | None:
    """Two letters, lower case, of a country given by code or name, or at the end of a place; None where it is no country."""
    if len(text) == 2 and text.isascii() and (code := text.lower()) in _country_codes():
        return code
    name = folded(text)
    if not name and (flag := "".join(c for c in text if c in _FLAG_LETTERS)):
        name = "".join(chr(ord(c) - ord("🇦") + ord("a")) for c in flag)
        return name if name in _country_codes() else None
    if len(text) > 120 or not name:
        return None
    country = _country_named(name)
    if country is None and not text.isascii() and (mended := _mended(text)) != text:
        return country_code(mended)
    if country is None and ("," in text or "(" in text or "|" in text or "/" in text):
        parts = [part for part in re.split(r"[,()|/]", text) if part.strip()]
        # a place stands before its country, or in brackets behind it
        named = (_country_named(folded(part)) for part in (*parts[-1:], *parts[:1]))
        country = next((code for code in named if code is not None), None)
    return country


@cache
def _language_codes() -> frozenset[str]:
    import pycountry

    return frozenset(language.alpha_2.lower() for language in pycountry.languages if hasattr(language, "alpha_2"))


@cache
def language_code(text: str) -> str | None:
    """Two letters, lower case, of a language given by code, tag (en-US) or name; None where it is no language."""
    if len(text) == 2 and text.isascii() and (code := text.lower()) in _language_codes():
        return code
    name = folded(text)
    if len(text) > 60 or not name:
        return None
    named = _language_named(name)
    if named is None and (match := _TAG.fullmatch(text.strip())):
        named = _language_named(match[1].lower())
    named = named or _language_named(folded(re.split(r"[,(/|]", text)[0]))
    # "British English"
    return (
        named if named is not None or len(text.split()) != 2 else _language_named(folded(text.rsplit(maxsplit=1)[-1]))
    )


@cache
def _platforms_elsewhere() -> dict[str, str]:
    return {folded(word): name for name, words in PLATFORMS_ELSEWHERE.items() for word in words.split()}


@cache
def platform_code(text: str) -> str | None:
    """A platform's one name, lower case; one that nobody knows as it is, in lower case; None where several are named."""
    name = folded(text)
    name = _PLATFORMS.get(name) or _platforms_elsewhere().get(name, name)
    if name in KNOWN_PLATFORMS:
        return name
    parts = [folded(part) for part in _BETWEEN.split(text)]
    if len(parts) > 1 and all(_PLATFORMS.get(part, part) in KNOWN_PLATFORMS for part in parts):
        return None
    return text.strip().lower()


def is_platform(text: str) -> bool:
    """Whether a text is nothing but the name of a known platform, or of several."""
    return platform_code(text) in (*KNOWN_PLATFORMS, None)


@cache
def kind_code(text: str) -> str | None:
    """A post's kind by one name (image, carousel, video, reel, short, story, live, text); None where it says nothing; one
    that nobody knows as it is, in lower case."""
    name = folded(text)
    return (_KINDS[name] or None) if name in _KINDS else text.strip().lower()
