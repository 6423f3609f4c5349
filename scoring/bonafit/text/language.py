"""Which language a text is in, as far as telling an encoder's languages from others needs it.

Scripts decide first; languages of the Latin script are told apart by their commonest words. Short texts often have no
answer, and none is given: `None` is not evidence against a creator.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from bonafit.text.clean import words_of

# Share of letters in another script from which a text counts as written in it.
SCRIPT_SHARE = 0.5

_SCRIPTS = (
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CJK", "zh"),
    ("CYRILLIC", "ru"),
    ("ARABIC", "ar"),
    ("DEVANAGARI", "hi"),
    ("THAI", "th"),
    ("HEBREW", "he"),
    ("GREEK", "el"),
    ("BENGALI", "bn"),
    ("TAMIL", "ta"),
    ("TELUGU", "te"),
    ("GEORGIAN", "ka"),
    ("ARMENIAN", "hy"),
)
# Function words, and the words that open every bio: enough to tell, too common to be about anything.
_COMMON = {
    "en": """the of and to in is you that it he was for on are with as his they be at this have from or one had by but
        not what all were we when your can said there use an each which she do how their if will up other about out many
        then them these so some her would make like him into time has look more my me our its i'm i just get new now am
        life love day today best""",
    "es": """el la los las de del y en un una que por con para es mi mis tu su sus lo le se como más pero este esta todo
        toda todos muy sin sobre hay ser soy somos vida amor años día hoy mamá mundo donde cuando porque aquí también
        nuestra nuestro hasta desde siempre nada mejor gracias te al me ya""",
    "pt": """o os as de do da dos das e em um uma que por com para é meu minha meus minhas seu sua não mais mas como
        muito sem sobre são ser sou vida amor anos dia hoje mãe mundo onde quando porque aqui também nossa nosso até
        sempre você vocês eu ao na no nas nos pra tudo obrigada""",
    "fr": """le la les de des du et en un une que pour par avec est mon ma mes ton ta tes son sa ses je tu il elle nous
        vous ils pas plus mais comme dans sur sans ce cette ces qui être suis sommes vie amour ans jour monde où quand
        chez aussi notre votre toujours tout tous toute au aux c'est très""",
    "de": """der die das den dem des und in ein eine einen einem einer ist ich du er sie wir ihr nicht mit von zu für
        auf im am an als auch aus bei nach so wie oder aber mein meine dein deine alle mehr noch nur über sein bin sind
        leben liebe jahre tag heute welt wenn hier immer wird hat dich mich euch""",
    "it": """il lo la i gli le di del della dei delle e in un una che per con è mio mia miei mie tuo tua suo sua non più
        ma come molto senza sono essere vita amore anni giorno oggi mamma mondo dove quando perché qui anche nostro
        nostra sempre tutto tutti questa questo nel nella al alla dal sul ti mi si""",
    "nl": """de het een en van in is dat op te voor met zijn niet aan er om ook als maar bij dan nog naar uit mijn je
        jouw ik wij jullie hun meer over wat deze dit geen leven liefde dag vandaag wereld altijd alles""",
    "id": """yang dan di dari untuk dengan ini itu ada tidak saya aku kamu kita kami akan juga bisa lagi sudah pada ke
        atau jangan yuk buat banget aja nya kak sama hari semua hidup cinta dunia selalu""",
    "tr": """ve bir bu da de için ile çok ama ben sen biz siz ne gibi daha var yok olan her en ki mi mı benim senin
        hayat aşk gün bugün dünya nasıl hep kadar sonra""",
    "pl": """i w na z do nie się to jest że o jak po co tak za od dla przez ale czy już był moje mój moja ja ty my
        życie miłość dzień dziś świat zawsze tylko bardzo jestem""",
    "sv": """och att det som en på är av för med den till inte om ett han men var jag från så kan när mig min mitt du
        vi livet kärlek dag idag världen alltid alla här""",
    "ro": """și în de la cu pe nu un o care este sunt din pentru mai că ce eu tu noi viața dragoste ziua astăzi lumea
        mereu tot dar""",
    "vi": """và của là có cho không được một những người trong với này tôi bạn mình các thì đã cuộc sống yêu ngày""",
}
_NOT_LETTERS = re.compile(r"[\W\d_]+")


@lru_cache(maxsize=1)
def _votes() -> dict[str, tuple[tuple[str, float], ...]]:
    """Weight of each common word for each language it belongs to: a word of four languages says little for any."""
    owners: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in set(words.split()):
            owners.setdefault(word, []).append(language)
    return {word: tuple((language, 1 / len(languages)) for language in languages) for word, languages in owners.items()}


@lru_cache(maxsize=4_096)
def _script(ch: str) -> str | None:
    """Language of a letter's script, or None for Latin."""
    name = unicodedata.name(ch, "")
    return next((language for script, language in _SCRIPTS if name.startswith(script)), None)


# Remembered, because the same texts are asked about for every brief.
@lru_cache(maxsize=65_536)
def guess_language(text: str) -> str | None:
    """ISO 639-1 code of a cleaned text's language, or None where the text does not say.

    A script stands for its commonest language (Cyrillic `ru`, Arabic `ar`). A Latin-script language needs two of its
    common words' worth of votes and half as many again as any other.
    """
    if not text.isascii():
        letters = _NOT_LETTERS.sub("", text)
        other = [ch for ch in letters if ch > "\x7f"]
        # Most texts beyond ASCII have an accent or two, which cannot decide: those are not looked up.
        if len(other) >= SCRIPT_SHARE * len(letters):
            scripts = Counter(map(_script, other))
            del scripts[None]
            if scripts and scripts.total() >= SCRIPT_SHARE * len(letters):
                # Japanese is written with Chinese characters too; kana decide.
                return "ja" if scripts["ja"] else scripts.most_common(1)[0][0]
    tally: dict[str, float] = {}
    votes = _votes()
    for word in words_of(text):
        if word in votes:
            for language, weight in votes[word]:
                tally[language] = tally.get(language, 0.0) + weight
    if not tally:
        return None
    ranked = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    return ranked[0][0] if ranked[0][1] >= 1.5 and ranked[0][1] >= 1.5 * second else None
