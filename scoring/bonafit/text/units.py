"""Text units of a creator and facets of a brief: what the encoder is given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from bonafit.errors import BriefError
from bonafit.records import Brief, Creator, Post
from bonafit.text.clean import clean
from bonafit.text.hashtags import split_hashtag
from bonafit.text.language import FEW_WORDS, guess_language, is_latin, language_code, language_within, tagged
from bonafit.text.refusals import refuses_word, wanted_and_refused
from bonafit.text.words import words_of

# Posts read per creator, the most recent first: about a year of posting every other day, and a bound on cost.
MAX_POSTS = 200
# Facets read per brief, in the order given; a longer brief is an essay whose later sentences are not a niche.
MAX_FACETS = 64

# A declared language is believed where at least this share of what tells its language is in it.
DECLARED_SHARE = 0.2

_EARLIEST = datetime.min.replace(tzinfo=UTC)
# Facets that say what is not wanted: by a sentence, by the list of topics.
REFUSED, NOT_WANTED = "refused", ("refused", "excluded")
_GLUED = re.compile("[a-z][A-Z]|_")
_SENTENCE = re.compile(r"(?<=[.!?;。！？])\s+|[\n\r]+|\s[-–—•|]\s")


class Unit(msgspec.Struct, frozen=True, gc=False):
    """One cleaned text of a creator or a brief.

    kind : `bio`, `caption`, `title` for creators; `sentence`, `refused`, `keyword`, `value`, `excluded` for briefs (its
        facets).
    text : cleaned text, what the encoder reads. raw : the text as given, what a person is shown.
    language : ISO 639-1 code of the text's language where the texts around it tell it better than the text alone, as of
        three words in a German creator's caption; else None (`unit_language` says either).
    """

    kind: str
    text: str
    raw: str
    at: datetime | None = None
    post: int | None = None
    language: str | None = None


def creator_units(creator: Creator) -> tuple[Unit, ...]:
    """Cleaned texts of a creator: the bio first, then titles and captions, most recent first.

    At most MAX_POSTS posts are read: the most recent, undated ones after dated ones in the order given. A post's tags
    stand after its caption as hashtags do; what is said in a video is a caption of its own. Texts that are empty after
    cleaning are left out, and so are texts with the same set of words as a more recent one of the same kind: a caption
    repeated fifty times is said once.
    A text too short to tell its language has that of the creator's other texts, failing that the declared one.
    """
    units: list[Unit] = []
    if creator.bio:
        text = clean(creator.bio)
        if text:
            units.append(Unit("bio", text, creator.bio))
    units_read: set[tuple[str, frozenset[str]]] = set()
    for i in posts_read(creator):
        post = creator.posts[i]
        for kind, raw in _post_texts(post):
            text = clean(raw)
            key = (kind, frozenset(words_of(text)))
            if key[1] and key not in units_read:
                units_read.add(key)
                units.append(Unit(kind, text, raw, post.posted_at, i))
    return _with_languages(units, language_code(creator.language))


def posts_read(creator: Creator) -> list[int]:
    """Places of the posts whose texts are read: the most recent MAX_POSTS, most recent first."""
    order = sorted(range(len(creator.posts)), key=lambda i: _recency(creator.posts[i]), reverse=True)
    return order[:MAX_POSTS]


def posts_saying(creator: Creator, units: Sequence[Unit]) -> list[tuple[int, ...]]:
    """For each of some units of a creator, every post that is read and says the same, the unit's own among them."""
    places: dict[tuple[str, frozenset[str]], list[int]] = {
        (unit.kind, frozenset(words_of(unit.text))): [] for unit in units
    }
    for i in posts_read(creator):
        for kind, raw in _post_texts(creator.posts[i]):
            same = places.get((kind, frozenset(words_of(clean(raw)))))
            if same is not None:
                same.append(i)
    return [tuple(places[unit.kind, frozenset(words_of(unit.text))]) for unit in units]


def unit_language(unit: Unit) -> str | None:
    """ISO 639-1 code of a unit's language, None where neither it nor the texts around it tell."""
    return unit.language or guess_language(unit.text)


def for_encoder(unit: Unit) -> str:
    """The unit's text as an encoder is given it, behind a tag of its language where the text alone does not tell."""
    return tagged(unit.text, unit.language) if unit.language is not None else unit.text


def _with_languages(units: Sequence[Unit], declared: str | None) -> tuple[Unit, ...]:
    """Units with their language where the others or the declaration tell it better than their own text."""
    languages = [guess_language(unit.text) for unit in units]
    letters: Counter[str] = Counter()
    for unit, language in zip(units, languages, strict=True):
        if language is not None and (len(unit.text.split()) >= FEW_WORDS or not is_latin(unit.text)):
            letters[language] += len(unit.text)
    context = declared
    if letters and (declared is None or letters[declared] < DECLARED_SHARE * letters.total()):
        context = min(letters, key=lambda language: (-letters[language], language))
    if context is None:
        return tuple(units)
    within = [language_within(unit.text, context) for unit in units]
    return tuple(
        unit if language == own else replace(unit, language=language)
        for unit, own, language in zip(units, languages, within, strict=True)
    )


def _recency(post: Post) -> datetime:
    return post.posted_at or _EARLIEST


def _post_texts(post: Post) -> Iterator[tuple[str, str]]:
    if post.title:
        yield "title", post.title
    if post.caption or post.tags:
        tags = " ".join("#" + re.sub(r"\W+", "_", tag.lstrip("#")) for tag in post.tags)
        yield "caption", f"{post.caption} {tags}" if tags else post.caption
    if post.transcript:
        yield "caption", post.transcript


def brief_facets(brief: Brief) -> tuple[Unit, ...]:
    """Facets of a brief: its description's sentences, keywords, values, then what it excludes.

    kind : `sentence`, `refused` (what a sentence or a keyword says is not wanted), `keyword`, `value`, `excluded`. The
    brand's own name is taken out: who praises the brand already is not the question, and a name has no meaning to an
    encoder.
    Repeated facets stand once.
    Raises BriefError where nothing is left that describes a niche.
    """
    try:
        return _facets(brief)
    except TypeError:  # a brief made in Python with lists for tuples has no hash
        return _facets.__wrapped__(brief)


# A service asks one brief again and again; cleaning ten facets takes as long as a creator's bio and captions.
@lru_cache(maxsize=64)
def _facets(brief: Brief) -> tuple[Unit, ...]:
    name = re.compile(rf"\b{re.escape(brief.brand.strip())}(?:['’]s)?\b", re.IGNORECASE)
    language = guess_language(clean(brief.description))
    given = [pair for part in _SENTENCE.split(brief.description) for pair in _said(part, language)]
    given += [(REFUSED if refuses_word(word, language) else "keyword", word) for word in brief.keywords]
    given += [("value", word) for word in brief.values]
    given += [("excluded", word) for word in brief.excluded_topics]
    facets: dict[tuple[bool, str], Unit] = {}
    for kind, raw in given:
        text = clean(name.sub(" ", raw) if kind in ("sentence", REFUSED) else raw)
        # a word in lower case is one word, however much it looks like several: ceramides
        if kind not in ("sentence", REFUSED) and " " not in text:
            text = split_hashtag(text) if _GLUED.search(text) else text.lower()
        if words_of(text):
            facets.setdefault((kind in NOT_WANTED, text.lower()), Unit(kind, text, raw.strip()))
    wishes = [facet for facet in facets.values() if facet.kind not in NOT_WANTED][:MAX_FACETS]
    refused = [facet for facet in facets.values() if facet.kind == REFUSED][:MAX_FACETS]
    if not wishes:
        # a brief of refusals alone: what it speaks of is all there is to compare with
        wishes, refused = [replace(facet, kind="sentence") for facet in refused], []
    if not wishes:
        raise BriefError(
            f"description: nothing left of {brief.description[:80]!r} after cleaning; "
            "expected a sentence about what the brand offers"
        )
    excluded = [facet for facet in facets.values() if facet.kind == "excluded"][:MAX_FACETS]
    return _with_languages([*wishes, *refused, *excluded], language)


def _said(sentence: str, language: str | None) -> Iterator[tuple[str, str]]:
    """A sentence of a brief as what it wants and what it refuses, by kind."""
    wishes, refused = wanted_and_refused(sentence, language)
    yield "sentence", wishes
    yield from ((REFUSED, clause) for clause in refused)
