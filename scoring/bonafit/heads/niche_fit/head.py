"""Does this creator live the brief's niche? A calibrated probability with the posts that carried it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import erf, sqrt
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleIncompatibleError
from bonafit.heads.columns import Column, columns_from
from bonafit.heads.niche_fit.pair import COLUMNS, ON_NICHE, PRIOR_POSTS, BriefView, PairFeatures, pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.stance import Opinion, Stance
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.results import Component, Evidence, Reason
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.calibration import CalibrationMap, attribute
from bonafit.text.clean import MAX_RAW, stem, words_of
from bonafit.text.language import count_words
from bonafit.text.units import unit_language

FloatArray = npt.NDArray[np.float64]

# Words in all usable texts together below which no number is given. Few words are read and answered wide: bios of two
# words point the right way three times as often as chance.
LEAST_WORDS = 1
# Variance, in log-odds, of what a single word says; n words have it over n.
THIN_VARIANCE = 4.0
# Least width of an interval where no post is known (rule 10 of the judgement contract).
LEAST_WIDTH = 0.6
# Words beside hashtags, handles and emoji from which a text counts as prose; what texts without any are worth.
PROSE_WORDS, BARE_WORTH = 2, 0.25
# Posts on the niche from which their stance is asked for, and the probability from which one is quoted as against.
LEAST_OPINIONS, EVEN = 3, 0.5
# What is no prose: hashtags, handles, links; and a word of any script, or a character of those without spaces.
_BARE = re.compile(r"[#＃@]\w+|https?://\S+")
_PROSE = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]")
NO_OPINION = Opinion(0.0, np.zeros(0), found=False)
# Share of words in languages outside the encoder's from which the head abstains.
FOREIGN_SHARE = 0.6
# Share of words read through the door from which a result names their language.
THROUGH_SHARE = 0.1
# Standard deviations of the log-odds that the door adds: to every text, and for what a language loses in it (1 less its
# reliability). The same content in seventeen languages differs from the English by .9 (pl) to 1.7 (ar) in root mean
# square over creators of the judgement contract. A language that was not measured counts as losing all.
MAP_DEVIATION, LOST_DEVIATION, UNMEASURED = 0.6, 1.2, 0.0
# Half-width of a 90 % interval in standard deviations.
Z90 = 1.6449
# Units named as evidence, and how much of each is quoted.
UNITS_SHOWN, QUOTED = 5, 280
# A facet counts as met where its three nearest posts (or the bio) reach one deviation above texts at large.
FACET_MET = 1.0
# An excluded topic is found where a text uses all of its words, or is this near to it: on hashtags as topics, 1 % of
# the texts of a neighbouring topic (skin care, skin whitening) fire there (bonafit_training.heads.niche_fit.topics,
# which calibrates it anew for a bundle's encoder). From NEAR_COSINE on, a text is shown to a person and nothing is
# flagged.
TOPIC_DEVIATIONS, TOPIC_COSINE, NEAR_COSINE = 3.0, 0.58, 0.45
# What a bio adds to sufficiency; posts give the rest, by n / (n + PRIOR_POSTS).
BIO_WORTH = 0.15


@dataclass(frozen=True)
class Reading:
    """How a creator's words are read.

    lengths : words of each unit. unread, mapped : shares of all words, in languages that neither the encoder nor its
        door reads, and through the door. outside : languages of the former, the commonest first. flags : on the latter.
    deviation : standard deviation that reading through the door adds to the log-odds.
    """

    lengths: Sequence[int]
    unread: float
    outside: tuple[str, ...]
    mapped: float
    flags: tuple[str, ...]
    deviation: float


class NicheFitHead:
    """Probability that creator and brief are a real pair rather than a random one, at the stated prior.

    model     : additive over COLUMNS, monotone in the similarities. calibrate : its log-odds to a probability;
        calibrate_bios : the same where there are no posts, default as `calibrate`.
    reference : moments that similarities are standardised with.
    prior     : share of real pairs the probability is stated for.
    languages : ISO 639-1 codes the encoder reads; empty where it reads any.
    topic_cosine : from which a text counts as about an excluded topic whose words it does not use.
    stance    : which posts speak against what they are about; None for vectors on which that was not measured.
    """

    name = "niche_fit"

    def __init__(
        self,
        *,
        model: AdditiveModel,
        calibrate: CalibrationMap,
        reference: Reference,
        prior: float,
        languages: tuple[str, ...],
        topic_cosine: float = TOPIC_COSINE,
        calibrate_bios: CalibrationMap | None = None,
        stance: Stance | None = None,
    ) -> None:
        self.model = model
        self.calibrate = calibrate
        self.calibrate_bios = calibrate_bios or calibrate
        self.reference = reference
        self.prior = prior
        self.languages = frozenset(languages)
        self.topic_cosine = topic_cosine
        self.stance = stance
        self._through: Mapping[str, float | None] = {}
        self._last: tuple[PreparedBrief, BriefView] | None = None

    def read_through(self, languages: Mapping[str, float | None]) -> None:
        """Read these languages too, whose texts come through a door; with how well, where that was measured."""
        self._through = dict(languages)

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Mapping[str, npt.NDArray[np.generic]]) -> NicheFitHead:
        """Construct from the manifest's section and tables (`to_bundle` writes both).

        Raises BundleIncompatibleError where the columns are not those this version computes.
        """
        columns = columns_from(section["columns"])
        if columns != COLUMNS:
            raise BundleIncompatibleError(
                f"niche_fit head with columns {[c.name for c in columns]}; this version computes "
                f"{[c.name for c in COLUMNS]}; retrain or use the version that published the bundle"
            )
        return cls(
            model=AdditiveModel.from_tables(tables, "model", n_columns=len(COLUMNS)),
            calibrate=CalibrationMap.from_tables(tables, "calibration"),
            reference=Reference.from_tables(tables),
            prior=float(section["reference_prior"]),
            languages=tuple(section["languages"]),
            topic_cosine=float(section["topic_cosine"]),
            stance=Stance.from_tables(tables) if "stance.weights" in tables else None,
            # one map where a set of pairs has posts alone or bios alone
            calibrate_bios=CalibrationMap.from_tables(tables, "calibration_bios")
            if "calibration_bios.x" in tables
            else None,
        )

    def to_bundle(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section = {
            "columns": msgspec.to_builtins(COLUMNS),
            "reference_prior": self.prior,
            "languages": sorted(self.languages),
            "topic_cosine": self.topic_cosine,
        }
        tables = self.model.to_tables("model") | self.calibrate.to_tables("calibration") | self.reference.to_tables()
        if self.stance is not None:
            tables |= self.stance.to_tables()
        if self.calibrate_bios is not self.calibrate:
            tables |= self.calibrate_bios.to_tables("calibration_bios")
        return section, tables

    def view(self, brief: PreparedBrief) -> BriefView:
        """The brief as this head reads it; the last one is kept, since a service asks one brief again and again.

        Raises ShapeError where its vectors are of another width.
        """
        last = self._last
        if last is None or last[0] is not brief:
            # One assignment: another thread sees the old pair or the new one.
            self._last = last = (brief, BriefView(brief, self.reference))
        return last[1]

    def score(self, creators: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        """One Component a creator, in order."""
        if not creators:
            return []
        view = self.view(brief)
        features = [pair_features(creator, view) for creator in creators]
        rows = np.array([one.row for one in features])
        errors = np.array([one.errors for one in features])
        effects, spreads = self.model.effects(rows)
        etas = self.model.total(effects)
        # Monotone models move one way when every uncertain mean moves by its standard error.
        sampling = (self.model.predict(rows + errors) - self.model.predict(rows - errors)) / 2
        answers = []
        for i, (creator, one) in enumerate(zip(creators, features, strict=True)):
            variance = sampling[i] ** 2
            for spread in spreads[i]:
                variance += spread**2
            read = self._reading(creator)
            variance += read.deviation**2
            answers.append(self._component(creator, one, view, read, effects[i], float(etas[i]), sqrt(float(variance))))
        return answers

    def _component(
        self,
        creator: Prepared,
        one: PairFeatures,
        view: BriefView,
        read: Reading,
        effects: FloatArray,
        eta: float,
        deviation: float,
    ) -> Component:
        foreign = read.unread
        n_words = sum(n for n, used in zip(read.lengths, one.used.tolist(), strict=True) if used)
        opinion, about = self._opinion(creator, one)
        eta += opinion.effect
        bio_worth = BIO_WORTH if one.has_bio else 0.0
        posts_worth = (1 - BIO_WORTH) * one.n_posts / (one.n_posts + PRIOR_POSTS)
        sufficiency = (bio_worth + posts_worth) * (1 - foreign) * _prose_share(creator)
        evidence, flags = self._evidence(creator, one, view)
        if one.copied:
            flags.append("repeats_the_brief")
        if opinion.found:
            against_brand = int(np.sum(one.found[1][about] & (opinion.adverse > EVEN / 2))) >= LEAST_OPINIONS
            flags.append("against_the_brand" if against_brand else "against_the_niche")
            worst = np.argsort(-opinion.adverse, kind="stable")[:UNITS_SHOWN]
            evidence += [_quote("against", creator, int(about[i]), float(opinion.adverse[i])) for i in worst]
        flags += read.flags
        detail: dict[str, Any] = {
            "posts_used": one.n_posts,
            "posts_on_niche": one.n_on_niche,
            "texts_naming_brand": one.named,
            "texts_repeating_brief": one.copied,
            "share_outside_languages": foreign,
            "share_through_map": read.mapped,
            "reference_prior": self.prior,
            "adverse_share": opinion.share if opinion.found else 0.0,
        }
        reasons_against: list[str] = []
        if n_words < LEAST_WORDS:
            reasons_against.append("too_little_text")
        unread = foreign >= FOREIGN_SHARE
        if unread:
            reasons_against += [f"language_outside_encoder:{language}" for language in read.outside]
        if reasons_against:
            # What too few texts lack cannot be said; of texts in other languages not what they show either.
            untold = {"facet_missing", "unit"} if unread else {"facet_missing"}
            evidence = [one for one in evidence if one.kind not in untold]
            return Component(
                name=self.name,
                status="insufficient",
                value=None,
                interval=None,
                sufficiency=sufficiency,
                evidence=tuple(evidence),
                flags=(*reasons_against, *flags),
                detail=detail,
            )
        calibrate = self.calibrate if one.n_posts else self.calibrate_bios
        # what few words say is as uncertain as they are few
        deviation = sqrt(deviation**2 + THIN_VARIANCE / n_words)
        value, low, high = calibrate(np.array([eta, eta - Z90 * deviation, eta + Z90 * deviation])).tolist()
        if one.n_posts == 0:
            low, high = _at_least_wide(value, low, high)
        return Component(
            name=self.name,
            status="ok",
            value=value,
            interval=(min(low, value), max(high, value)),
            sufficiency=sufficiency,
            reasons=self._reasons(one.row, effects, calibrate, opinion),
            evidence=tuple(evidence),
            flags=tuple(flags),
            detail=detail | {"log_odds": eta},
        )

    def _opinion(self, creator: Prepared, one: PairFeatures) -> tuple[Opinion, npt.NDArray[np.intp]]:
        """What the posts on the niche or naming the brand say of it, and which units those are."""
        is_post = np.array([unit.kind != "bio" for unit in creator.units], dtype=bool)
        about = np.flatnonzero(is_post & ((one.z[:, 0] >= ON_NICHE) | one.found[1]))
        if self.stance is None or len(about) < LEAST_OPINIONS:
            return NO_OPINION, about
        return self.stance.opinion(creator.vectors[about], one.found[1][about]), about

    def _reasons(
        self, row: FloatArray, effects: FloatArray, calibrate: CalibrationMap, opinion: Opinion
    ) -> tuple[Reason, ...]:
        if opinion.found:
            effects = np.append(effects, opinion.effect)
        start, points = attribute(effects, self.model.intercept, calibrate)
        reasons = [
            Reason(
                feature="baseline",
                seen=None,
                effect=self.model.intercept,
                points=start,
                text="what an average creator and brief would get",
            )
        ]
        if opinion.found:
            said = f"posts that speak against the niche or the brand: {opinion.share:.0%} of those about it"
            reasons.append(
                Reason(
                    feature="adverse_share",
                    seen=opinion.share,
                    effect=opinion.effect,
                    points=float(points[-1]),
                    text=said,
                )
            )
        n_terms = len(self.model.terms)
        for term, effect, point in zip(
            self.model.terms, effects[:n_terms].tolist(), points[:n_terms].tolist(), strict=True
        ):
            named = [COLUMNS[j] for j in term.features]
            values = [float(row[j]) for j in term.features]
            seen = values[0] if len(values) == 1 and not np.isnan(values[0]) else None
            reasons.append(
                Reason(
                    feature=" x ".join(column.name for column in named),
                    seen=seen,
                    effect=effect,
                    points=point,
                    text="; ".join(_in_words(c, v) for c, v in zip(named, values, strict=True)),
                    usual=_percentile(seen) if seen is not None and named[0].unit == "deviations" else None,
                )
            )
        return tuple(reasons)

    def _reading(self, creator: Prepared) -> Reading:
        """Which of a creator's words are read by the encoder itself, through the door, and not at all."""
        lengths = [_n_words(unit.text) for unit in creator.units]
        if not self.languages:
            return Reading(lengths, 0.0, (), 0.0, (), 0.0)
        words: dict[str, int] = {}
        for unit, n in zip(creator.units, lengths, strict=True):
            language = unit_language(unit)
            if language is not None and language not in self.languages:
                words[language] = words.get(language, 0) + n
        total = max(1, sum(lengths))
        ranked = sorted(words, key=lambda language: (-words[language], language))
        through = [language for language in ranked if language in self._through]
        flags, worth = [], 0.0
        for language in through:
            known = self._through[language]
            worth += words[language] / total * (1 - (UNMEASURED if known is None else known))
            if words[language] >= THROUGH_SHARE * total:
                flags.append(f"language_through_map:{language}")
                flags += [f"language_not_measured:{language}"] if known is None else []
        outside = tuple(language for language in ranked if language not in self._through)
        unread, mapped = (sum(words[language] for language in kind) / total for kind in (outside, through))
        return Reading(lengths, unread, outside, mapped, tuple(flags), MAP_DEVIATION * mapped + LOST_DEVIATION * worth)

    def _evidence(self, creator: Prepared, one: PairFeatures, view: BriefView) -> tuple[list[Evidence], list[str]]:
        evidence = []
        used = np.flatnonzero(one.used)
        order = sorted(used.tolist(), key=lambda i: (-float(one.z[i, 0]), i))
        for i in order[:UNITS_SHOWN]:
            if one.z[i, 0] > 0:
                evidence.append(_quote("unit", creator, i, float(one.z[i, 0])))
        for j in view.wanted:
            nearest = np.sort(one.z[used, 1 + j])[::-1][:3]
            met = float(nearest.mean()) if len(nearest) else 0.0
            if met < FACET_MET:
                evidence.append(Evidence(kind="facet_missing", text=view.facets[j].raw, weight=met))
        topics = [topic for j in view.excluded if (topic := self._topic(creator, one, view, j)) is not None]
        found = any(topic.kind == "excluded_topic" for topic in topics)
        return evidence + topics, ["excluded_topic_found"] if found else []

    def _topic(self, creator: Prepared, one: PairFeatures, view: BriefView, j: int) -> Evidence | None:
        """The text nearest to excluded topic j: about it, or failing that near enough for a person to look."""
        topic = view.facets[j]
        words = {stem(word) for word in words_of(topic.text)}
        z, cosines = one.z[:, 1 + j], one.cosines[:, 1 + j]
        says = [words <= {stem(word) for word in words_of(unit.text)} for unit in creator.units]
        about = ((z >= TOPIC_DEVIATIONS) & (cosines >= self.topic_cosine)) | np.array(says, dtype=bool)
        near = (z >= TOPIC_DEVIATIONS) & (cosines >= NEAR_COSINE)
        for kind, hit in (("excluded_topic", about), ("near_excluded_topic", near)):
            if hit.any():
                nearest = min(np.flatnonzero(hit).tolist(), key=lambda i: (-float(z[i]), i))
                quote = _quote(kind, creator, nearest, float(z[nearest]))
                return msgspec.structs.replace(quote, source=f"{topic.raw}: {quote.source}")
        return None


def _at_least_wide(value: float, low: float, high: float) -> tuple[float, float]:
    """The interval, widened around the value to LEAST_WIDTH within the scale."""
    low = min(low, value - LEAST_WIDTH / 2)
    high = max(high, value + LEAST_WIDTH / 2)
    low, high = max(0.0, min(low, 1.0 - LEAST_WIDTH)), min(1.0, max(high, LEAST_WIDTH))
    return low, high


def _prose_share(creator: Prepared) -> float:
    """From BARE_WORTH to 1: by the share of texts that say something beside hashtags, handles and emoji."""
    if not creator.units:
        return 1.0
    prose = sum(_has_prose(unit.raw) for unit in creator.units)
    return BARE_WORTH + (1 - BARE_WORTH) * prose / len(creator.units)


@lru_cache(maxsize=65_536)
def _has_prose(raw: str) -> bool:
    return len(_PROSE.findall(_BARE.sub(" ", raw[:MAX_RAW]))) >= PROSE_WORDS


# Remembered, because the same texts are counted for every brief.
@lru_cache(maxsize=65_536)
def _n_words(text: str) -> int:
    return count_words(text)


def _quote(kind: str, creator: Prepared, i: int, weight: float) -> Evidence:
    unit = creator.units[i]
    post = creator.creator.posts[unit.post] if unit.post is not None else None
    source = unit.kind if post is None or post.post_id is None else f"{unit.kind} of {post.post_id}"
    text = unit.raw if len(unit.raw) <= QUOTED else unit.raw[: QUOTED - 1] + "…"
    return Evidence(kind=kind, text=text, weight=weight, at=unit.at.isoformat() if unit.at else None, source=source)


def _in_words(column: Column, value: float) -> str:
    if np.isnan(value):
        return f"{column.description}: nothing to measure"
    if column.unit == "share":
        return f"{column.description}: {value:.0%}"
    return f"{column.description}: {abs(value):.1f} deviations {'above' if value >= 0 else 'below'} creators at large"


def _percentile(deviations: float) -> float:
    return 0.5 * (1 + erf(deviations / sqrt(2)))
