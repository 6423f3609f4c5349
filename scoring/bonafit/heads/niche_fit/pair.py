"""Features of a creator and a brief together: how near the texts of one are to the facets of the other.

Every similarity is standardised: a cosine of .35 is high for one brief and ordinary for another, so each is expressed
in standard deviations from what texts of creators at large reach for the same brief. The moments of that reference
are part of the bundle.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bonafit.errors import ShapeError
from bonafit.heads.columns import Column
from bonafit.heads.niche_fit.reference import Reference, unit_length
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.tables.arrays import FloatArray
from bonafit.text.clean import stem, words_of
from bonafit.text.hashtags import word_cost
from bonafit.text.language import SPACELESS, is_spaceless
from bonafit.text.units import NOT_WANTED, REFUSED, Unit, unit_language

Found = tuple[list[set[str]], npt.NDArray[np.bool_]]

COLUMNS = (
    Column("post_fit", "deviations", 1, "how near the creator's posts as a whole are to the brief"),
    Column("best_posts", "deviations", 1, "how near the best three posts of ten are to the brief"),
    Column("share_on_niche", "share", 1, "share of posts that are on the brief's niche"),
    Column("facet_coverage", "deviations", 1, "how well the brief's parts are each met by some posts"),
    Column("recent_fit", "deviations", 1, "how near the posts of the last months are to the brief"),
    Column("steady_fit", "deviations", 1, "how near the posts stay to the brief in the weakest quarter of the period"),
    Column("bio_fit", "deviations", 1, "how near the bio is to the brief, as far as the posts bear it out"),
    Column("bio_only_fit", "deviations", 1, "how near the bio is to the brief, where there are no posts"),
    Column("words_shared", "share", 1, "share of the brief's telling words that the posts use"),
    Column("posts_with_words", "share", 1, "share of posts that use one of the brief's telling words"),
    Column("bio_only_words", "share", 1, "share of the brief's telling words in the bio, where there are no posts"),
)

# A post is on the niche when it is nearer to the brief than 93 % of posts at large (1.5 deviations).
ON_NICHE = 1.5
# Posts that a claim needs: with n posts, similarities shrink towards the reference by n / (n + PRIOR_POSTS).
PRIOR_POSTS = 3.0
# Share of the posts that `best_posts` is over, the nearest ones: of two sets with posts, each left out, three in ten
# rank better than the five nearest, by .011 and .010 of AUC.
BEST_SHARE = 0.3
# Days after which a post counts half in `recent_fit`, counted back from the creator's newest post.
HALF_LIFE_DAYS = 60.0
# A text holding this share of a brief's telling words, and this many, was written to the brief and is not used; so was
# one that holds nearly all words of one of its sentences, most of them beside one another as there: a post with three
# hashtags of the niche may have the words.
COPIED_SHARE, COPIED_WORDS = 0.6, 5
SENTENCE_SHARE, SENTENCE_PAIRS, SENTENCE_WORDS = 0.8, 0.7, 6
# What English texts as near to an English brief share of its words with it: mean over 23,790 pairs of instagram_2017's
# English creators with its brands and companies of shark_tank_brands. It stands for the words of texts in another
# language than the brief's, which share none however near they are, and would else be taken for distant.
NEAR, WORDS_NEAR = (0.0, 1.2, 2.1, 2.9, 3.6, 4.4), (0.02, 0.03, 0.05, 0.10, 0.17, 0.27)
ON, POSTS_ON = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8), (0.035, 0.05, 0.075, 0.13, 0.18, 0.26)
# The language of words.txt, whose costs say which words are telling.
WORDS_LANGUAGE = "en"
# Words commoner than this (about the first 250 of words.txt) tell nothing about a niche.
TELLING_COST = 7.8
# A letter or digit of a script that sets spaces between words. A brand's name ends where none follows: Chinese and
# Japanese text and Korean particles stand right beside it.
_SPACED = rf"[^\W{SPACELESS}\uac00-\ud7af]"


class BriefView:
    """What pair features need of a brief, computed once for all creators."""

    def __init__(self, brief: PreparedBrief, reference: Reference) -> None:
        width = brief.vectors.shape[1] if brief.vectors.ndim == 2 else -1
        if width != reference.width or len(brief.vectors) != len(brief.facets):
            raise ShapeError(
                f"brief vectors of shape {brief.vectors.shape} for {len(brief.facets)} facets; "
                f"expected ({len(brief.facets)}, {reference.width})"
            )
        self.brief = brief.brief
        self.level = reference.level
        self.wanted = _wanted(brief, reference)
        self.excluded = tuple(i for i, facet in enumerate(brief.facets) if facet.kind == "excluded")
        self.facets = brief.facets
        vectors = brief.vectors.astype(np.float64)
        self.query = unit_length(vectors[list(self.wanted)].mean(axis=0))
        # Column 0 is the brief as a whole, then each facet in order.
        self.targets = np.column_stack([self.query, vectors.T]).astype(np.float32)
        posts = [reference.posts.of(target) for target in (self.query, *vectors)]
        self.post_mean = np.array([mean for mean, _ in posts])
        self.post_sd = np.array([sd for _, sd in posts])
        self.centre_mean, self.centre_sd = reference.centres.of(self.query)
        bios = [reference.bios.of(target) for target in (self.query, *vectors)]
        self.bio_mean = np.array([mean for mean, _ in bios])
        self.bio_sd = np.array([sd for _, sd in bios])
        self.in_words = all(_is_comparable(brief.facets[i]) for i in self.wanted)
        texts = [brief.facets[i].text for i in self.wanted]
        words = dict.fromkeys(stem(word) for text in texts for word in words_of(text))
        self.words = {word: cost for word in words if len(word) > 1 and (cost := word_cost(word)) >= TELLING_COST}
        self.word_total = sum(self.words.values())
        sentences = [_pieces(facet.text) for facet in brief.facets if facet.kind in ("sentence", REFUSED)]
        self.sentences = [(words, after) for words, after in sentences if len(words) >= SENTENCE_WORDS]
        self._patterns = {word: re.compile(rf"\b{re.escape(word)}(?:s|es)?\b") for word in self.words}
        squashed = "".join(words_of(brief.brief.brand))
        name = " ?".join(re.escape(ch) for ch in squashed)
        self._name = re.compile(rf"(?<!{_SPACED}){name}(?!{_SPACED})") if squashed else None

    def find(self, units: Sequence[Unit]) -> Found:
        """Of each unit the telling words it uses, singular or plural, and whether it names the brand."""
        found: list[set[str]] = [set() for _ in units]
        named = np.zeros(len(units), dtype=bool)
        # One search over all texts: most words of a brief are in none of them, and that is known at once.
        joined = "\n".join([unit.text for unit in units]).lower()
        ends = [-1]
        for unit in units:
            # Lower case can lengthen a text (İ), so ends are those of the text as searched.
            ends.append(ends[-1] + 1 + (len(unit.text) if unit.text.isascii() else len(unit.text.lower())))
        for word, pattern in self._patterns.items():
            if word in joined:
                for match in pattern.finditer(joined):
                    found[bisect_left(ends, match.start()) - 1 if match.start() else 0].add(word)
        if self._name is not None:
            for match in self._name.finditer(joined):
                named[bisect_left(ends, match.start()) - 1 if match.start() else 0] = True
        return found, named

    def repeats_sentence(self, text: str) -> bool:
        """Whether a text has SENTENCE_SHARE of the words of a sentence of the brief, SENTENCE_PAIRS in its order."""
        if not self.sentences:
            return False
        own, own_pairs = _pieces(text)
        return any(
            len(words & own) >= SENTENCE_SHARE * len(words) and len(after & own_pairs) >= SENTENCE_PAIRS * len(after)
            for words, after in self.sentences
        )

    def cost_of(self, words: set[str]) -> float:
        """Share of the brief's telling words, each counted by its rarity, that `words` are; in [0, 1]."""
        # Added in the brief's order: the order of a set is not the same in every process.
        return sum(cost for word, cost in self.words.items() if word in words) / self.word_total if self.words else 0.0


def _wanted(brief: PreparedBrief, reference: Reference) -> tuple[int, ...]:
    """Facets that say what the brand wants: nothing refused or excluded, no sentence about the company or formalities.

    Where nothing else would be left, all of them are kept.
    """
    wanted = tuple(i for i, facet in enumerate(brief.facets) if facet.kind not in NOT_WANTED)
    if reference.about is None or not len(brief.vectors):
        return wanted
    odds = brief.vectors @ reference.about[:-1] + reference.about[-1]
    on_subject = tuple(i for i in wanted if brief.facets[i].kind != "sentence" or odds[i] > 0)
    return on_subject or wanted


@dataclass(frozen=True)
class PairFeatures:
    """Features of one creator for one brief, and what evidence is drawn from.

    row      : (len(COLUMNS),) float64, NaN where there is nothing to measure.
    errors   : (len(COLUMNS),) float64 standard errors of `row` from the number of posts read; 0 where not known.
    z        : (n_units, 1 + n_facets) float64, deviations of each unit for the brief and each facet.
    cosines  : same shape, the similarities themselves.
    used     : (n_units,) bool, units that count: those that neither name the brand nor repeat the brief.
    n_posts  : post units used. n_on_niche : those on the brief's niche. has_bio : whether a bio is used.
    named, copied : units left out because they name the brand, and because they repeat the brief. copies : (n_units,)
        bool, the latter.
    found    : of each unit the brief's telling words, and (n_units,) bool which units name the brand, allowed or not.
    """

    row: FloatArray
    errors: FloatArray
    z: FloatArray
    cosines: FloatArray
    used: npt.NDArray[np.bool_]
    n_posts: int
    n_on_niche: int
    has_bio: bool
    named: int
    copied: int
    copies: npt.NDArray[np.bool_]
    found: Found


def pair_features(
    creator: Prepared,
    view: BriefView,
    *,
    keep: npt.NDArray[np.bool_] | None = None,
    same: PairFeatures | None = None,
) -> PairFeatures:
    """Features of a creator for a brief.

    keep : (n_units,) bool, units that may be used at all (training leaves out the posts that made the pair), or None.
    same : features of the same texts and brief by other vectors, whose words need no second search.
    Raises ShapeError where vectors and units do not go together.
    """
    n = len(creator.units)
    if creator.vectors.shape != (n, len(view.targets)):
        raise ShapeError(f"creator vectors of shape {creator.vectors.shape}; expected ({n}, {len(view.targets)})")
    creator = view.level(creator)
    cosines = (creator.vectors @ view.targets).astype(np.float64)
    z = (cosines - view.post_mean) / view.post_sd
    allowed = np.ones(n, dtype=bool) if keep is None else keep
    is_bio = np.array([unit.kind == "bio" for unit in creator.units], dtype=bool)
    words, names = found = view.find(creator.units) if same is None else same.found
    many = max(COPIED_WORDS, COPIED_SHARE * len(view.words))
    copied = np.array(
        [len(own) >= many or view.repeats_sentence(unit.text) for own, unit in zip(words, creator.units, strict=True)],
        dtype=bool,
    )
    copied &= allowed
    named = names & allowed & ~copied
    used = allowed & ~named & ~copied
    z[is_bio] = (cosines[is_bio] - view.bio_mean) / view.bio_sd
    posts = np.flatnonzero(used & ~is_bio)
    bios = np.flatnonzero(used & is_bio)
    values = dict.fromkeys((column.name for column in COLUMNS), np.nan)
    errors = dict.fromkeys(values, 0.0)
    if len(posts):
        centre = unit_length(creator.vectors[posts].mean(axis=0, dtype=np.float64))
        _post_features(creator, view, centre, posts, z, words, values, errors)
    claim = float(z[bios[0], 0]) if len(bios) else float("nan")
    if len(posts):
        # At most what the posts show, and nothing where they show nothing or no bio is used: a bio in the brief's own
        # words moved creators off the niche up 10 % of a list of 500 (median) where either bound was missing.
        values["bio_fit"] = max(min(claim, values["post_fit"]), 0.0) if len(bios) else 0.0
    elif len(bios):
        values["bio_only_fit"] = claim
        # Across languages words say nothing, and nothing stands there.
        if view.in_words and _is_comparable(creator.units[bios[0]]):
            values["bio_only_words"] = view.cost_of(words[bios[0]])
    return PairFeatures(
        row=np.array(list(values.values())),
        errors=np.array(list(errors.values())),
        z=z,
        cosines=cosines,
        used=used,
        n_posts=len(posts),
        n_on_niche=int(np.count_nonzero(z[posts, 0] >= ON_NICHE)),
        has_bio=len(bios) > 0,
        named=int(named.sum()),
        copied=int(copied.sum()),
        copies=copied,
        found=found,
    )


def _post_features(
    creator: Prepared,
    view: BriefView,
    centre: FloatArray,
    posts: npt.NDArray[np.intp],
    z: FloatArray,
    words: list[set[str]],
    values: dict[str, float],
    errors: dict[str, float],
) -> None:
    n = len(posts)
    shrink = n / (n + PRIOR_POSTS)
    own = z[posts]
    near = own[:, 0]
    values["post_fit"] = shrink * (float(centre @ view.query) - view.centre_mean) / view.centre_sd
    ranked = np.sort(own, axis=0)[::-1]
    best = math.ceil(BEST_SHARE * n)
    values["best_posts"] = float(ranked[:best, 0].sum()) / (best + 1)
    on = near >= ON_NICHE
    values["share_on_niche"] = float(np.count_nonzero(on)) / (n + PRIOR_POSTS)
    wanted = [1 + i for i in view.wanted]
    values["facet_coverage"] = float(ranked[:3, wanted].sum()) / (3 * len(wanted))
    values["recent_fit"], values["steady_fit"] = _over_time(creator, posts, near, shrink)
    found: set[str] = set().union(*(words[i] for i in posts))
    values["words_shared"] = view.cost_of(found)
    values["posts_with_words"] = sum(1 for i in posts if words[i]) / (n + PRIOR_POSTS)
    comparable = sum(map(_is_comparable, (creator.units[i] for i in posts))) / n if view.in_words else 0.0
    if comparable < 1:
        for name, reached, xs, ys in (
            ("words_shared", values["facet_coverage"], NEAR, WORDS_NEAR),
            ("posts_with_words", values["share_on_niche"], ON, POSTS_ON),
        ):
            usual = float(np.interp(reached, xs, ys))
            values[name] = max(values[name], comparable * values[name] + (1 - comparable) * usual)
    # Posts are a sample of what the creator does; a mean over n of them is that uncertain.
    deviation = float(near.std()) if n > 1 else 1.0
    error = shrink * max(deviation, 0.5) / np.sqrt(n)
    for name in ("post_fit", "recent_fit", "steady_fit"):
        errors[name] = error
    share = values["share_on_niche"]
    errors["share_on_niche"] = float(np.sqrt(share * (1 - share) / (n + PRIOR_POSTS)))


def _pieces(text: str) -> tuple[set[str], set[tuple[str, str]]]:
    """Words of a text and which follow one another; of a script without spaces, every two letters for a word."""
    words = list(words_of(text))
    if is_spaceless(text):
        words = [word[i : i + 2] for word in words for i in range(max(1, len(word) - 1))]
    return set(words), set(pairwise(words))


def _is_comparable(unit: Unit) -> bool:
    """Whether a text's words can be those of an English brief: it is in English, or does not tell."""
    return unit_language(unit) in (None, WORDS_LANGUAGE)


def _over_time(creator: Prepared, posts: npt.NDArray[np.intp], near: FloatArray, shrink: float) -> tuple[float, float]:
    """Recency-weighted mean and the lowest quarter's mean of `near`; NaN where posts carry too few dates."""
    stamps = [creator.units[i].at for i in posts]
    dated = [k for k, at in enumerate(stamps) if at is not None]
    if len(dated) < 4:
        return float("nan"), float("nan")
    newest = max(at for at in stamps if at is not None)
    ages = np.array([(newest - at).total_seconds() for at in stamps if at is not None]) / 86_400.0
    values = near[dated]
    weights = np.exp2(-ages / HALF_LIFE_DAYS)
    recent = shrink * float(weights @ values) / float(weights.sum())
    ordered = values[np.argsort(ages, kind="stable")]
    starts = [k * len(ordered) // 4 for k in range(5)]
    quarters = [float(ordered[a:b].sum()) / (b - a) for a, b in pairwise(starts)]
    return recent, shrink * min(quarters)
