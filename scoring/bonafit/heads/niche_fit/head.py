"""Does this creator live the brief's niche? A calibrated probability with the posts that carried it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import erf, sqrt
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.errors import BundleIncompatibleError
from bonafit.heads.columns import Column, columns_from
from bonafit.heads.niche_fit.evidence import TOPIC_COSINE, UNITS_SHOWN, evidence_of, quote
from bonafit.heads.niche_fit.pair import COLUMNS, PairFeatures, pair_features
from bonafit.heads.niche_fit.posts import PRIOR_POSTS
from bonafit.heads.niche_fit.reading import Reading, prose_share, reading_of
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.stance import Opinion, Stance
from bonafit.heads.niche_fit.taken import Taken, opinion_of, refused_of, taken_away
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.results import Component, Reason
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.arrays import FloatArray
from bonafit.tables.calibration import CalibrationMap, attribute

# Words in all usable texts together below which no number is given. Few words are read and answered wide: bios of two
# words point the right way three times as often as chance.
LEAST_WORDS = 1
# Variance, in log-odds, of what a single word says; n words have it over n. By rule 10 of the judgement contract: one
# word is answered, and wide.
THIN_VARIANCE = 4.0
# Least width of an interval where no post is known (rule 10 of the judgement contract).
LEAST_WIDTH = 0.6
# Share of words in languages outside the encoder's from which the head abstains: what is left is a minority. By rule.
FOREIGN_SHARE = 0.6
# Half-width of a 90 % interval in standard deviations.
Z90 = 1.6449
# What a bio adds to sufficiency, set by hand; posts give the rest, by n / (n + PRIOR_POSTS).
BIO_WORTH = 0.15


class Linear(NamedTuple):
    """What the additive model says. effects : (n_terms,). log_odds : their sum and the intercept. deviation : of it."""

    effects: FloatArray
    log_odds: float
    deviation: float


class Calibrations(NamedTuple):
    """Maps of log-odds to probabilities. posts : of creators with posts. bios : of bios alone, None for the same."""

    posts: CalibrationMap
    bios: CalibrationMap | None = None


class NicheFitHead:
    """Probability that creator and brief are a real pair rather than a random one, at the stated prior.

    model     : additive over COLUMNS, monotone in the similarities. calibrations : its log-odds to a probability.
    reference : moments that similarities are standardised with.
    prior     : share of real pairs the probability is stated for.
    languages : ISO 639-1 codes the encoder reads; empty where it reads any.
    topic_cosine : from which a text counts as about an excluded topic whose words it does not use.
    stance    : set afterwards, which posts speak against what they are about; None where that was not measured.
    """

    name = "niche_fit"

    def __init__(
        self,
        model: AdditiveModel,
        calibrations: Calibrations,
        reference: Reference,
        *,
        prior: float,
        languages: Iterable[str],
        topic_cosine: float = TOPIC_COSINE,
    ) -> None:
        self.model = model
        self.calibrate, of_bios = calibrations
        self.calibrate_bios = of_bios or self.calibrate
        self.reference = reference
        self.prior = prior
        self.languages = frozenset(languages)
        self.topic_cosine = topic_cosine
        self.stance: Stance | None = None
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
        calibrate = CalibrationMap.from_tables(tables, "calibration")
        # one map where a set of pairs has posts alone or bios alone
        of_bios = CalibrationMap.from_tables(tables, "calibration_bios") if "calibration_bios.x" in tables else None
        head = cls(
            AdditiveModel.from_tables(tables, "model", n_columns=len(COLUMNS)),
            Calibrations(calibrate, of_bios),
            Reference.from_tables(tables),
            prior=float(section["reference_prior"]),
            languages=section["languages"],
            topic_cosine=float(section["topic_cosine"]),
        )
        head.stance = Stance.from_tables(tables) if "stance.weights" in tables else None
        return head

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
        rows = np.array([pair.row for pair in features])
        errors = np.array([pair.errors for pair in features])
        effects, spreads = self.model.effects(rows)
        etas = self.model.total(effects)
        # Monotone models move one way when every uncertain mean moves by its standard error.
        sampling = (self.model.predict(rows + errors) - self.model.predict(rows - errors)) / 2
        answers = []
        for i, (creator, pair) in enumerate(zip(creators, features, strict=True)):
            variance = sampling[i] ** 2
            for spread in spreads[i]:
                variance += spread**2
            read = reading_of(creator, self.languages, self._through)
            variance += read.deviation**2
            linear = Linear(effects[i], float(etas[i]), sqrt(float(variance)))
            answers.append(self._component(creator, pair, view, read, linear))
        return answers

    def _component(
        self, creator: Prepared, features: PairFeatures, view: BriefView, read: Reading, linear: Linear
    ) -> Component:
        n_words = sum(n for n, used in zip(read.lengths, features.used.tolist(), strict=True) if used)
        opinion, about = opinion_of(self.stance, self.reference.level(creator), features)
        evidence, flags = evidence_of(creator, features, view, self.topic_cosine)
        if features.copied:
            flags.append("repeats_the_brief")
        if opinion.found:
            flags.append("against_the_brand" if opinion.on_brand else "against_the_niche")
            worst = np.argsort(-opinion.adverse, kind="stable")[:UNITS_SHOWN]
            evidence += [quote("against", creator, int(about[i]), float(opinion.adverse[i])) for i in worst]
        refused = refused_of(creator, features, view)
        if refused.told:
            flags.append("shows_what_is_refused")
            evidence += [
                quote("refused", creator, i, float(features.z[i, 0])) for i in refused.units[:UNITS_SHOWN].tolist()
            ]
        flags += read.flags
        unjudged = ["too_little_text"] if n_words < LEAST_WORDS else []
        unread = read.unread >= FOREIGN_SHARE
        if unread:
            unjudged += [f"language_outside_encoder:{language}" for language in read.outside]
        if unjudged:
            # What too few texts lack cannot be said; of texts in other languages not what they show either.
            untold = {"facet_missing", "unit"} if unread else {"facet_missing"}
            return Component(
                name=self.name,
                status="insufficient",
                value=None,
                interval=None,
                sufficiency=_sufficiency(creator, features, read),
                evidence=tuple(piece for piece in evidence if piece.kind not in untold),
                flags=(*unjudged, *flags),
                detail=self._detail(features, read, opinion),
            )
        calibrate = self.calibrate if features.n_posts else self.calibrate_bios
        deductions = taken_away(creator, features, opinion, linear.log_odds, refused.share)
        log_odds = linear.log_odds + sum(term.effect for term in deductions)
        # what few words say is as uncertain as they are few
        reach = Z90 * sqrt(linear.deviation**2 + THIN_VARIANCE / n_words)
        value, low, high = calibrate(np.array([log_odds, log_odds - reach, log_odds + reach])).tolist()
        if features.n_posts == 0:
            low, high = _at_least_wide(value, low, high)
        return Component(
            name=self.name,
            status="ok",
            value=value,
            interval=(min(low, value), max(high, value)),
            sufficiency=_sufficiency(creator, features, read),
            reasons=self._reasons(features.row, linear.effects, calibrate, deductions),
            evidence=tuple(evidence),
            flags=tuple(flags),
            detail=self._detail(features, read, opinion) | {"log_odds": log_odds},
        )

    def _detail(self, features: PairFeatures, read: Reading, opinion: Opinion) -> dict[str, Any]:
        return {
            "posts_used": features.n_posts,
            "posts_on_niche": features.n_on_niche,
            "texts_naming_brand": features.named,
            "texts_repeating_brief": features.copied,
            "share_outside_languages": read.unread,
            "share_through_map": read.mapped,
            "reference_prior": self.prior,
            "adverse_share": opinion.share if opinion.found else 0.0,
        }

    def _reasons(
        self, row: FloatArray, effects: FloatArray, calibrate: CalibrationMap, deductions: Sequence[Taken]
    ) -> tuple[Reason, ...]:
        start, points = attribute(
            np.append(effects, [term.effect for term in deductions]), self.model.intercept, calibrate
        )
        reasons = [
            Reason(
                feature="baseline",
                seen=None,
                effect=self.model.intercept,
                points=start,
                text="what an average creator and brief would get",
            )
        ]
        for deduction, point in zip(deductions, points[len(effects) :].tolist(), strict=True):
            sentence = f"{deduction.text}: {deduction.share:.0%}"
            reasons.append(
                Reason(
                    feature=deduction.feature,
                    seen=deduction.share,
                    effect=deduction.effect,
                    points=point,
                    text=sentence,
                )
            )
        n_terms = len(self.model.terms)
        for term, effect, point in zip(
            self.model.terms, effects[:n_terms].tolist(), points[:n_terms].tolist(), strict=True
        ):
            named = [COLUMNS[j] for j in term.features]
            values = [float(row[j]) for j in term.features]
            value = values[0] if len(values) == 1 and not np.isnan(values[0]) else None
            reasons.append(
                Reason(
                    feature=" x ".join(column.name for column in named),
                    seen=value,
                    effect=effect,
                    points=point,
                    text="; ".join(_in_words(c, v) for c, v in zip(named, values, strict=True)),
                    usual=_percentile(value) if value is not None and named[0].unit == "deviations" else None,
                )
            )
        return tuple(reasons)


def _sufficiency(creator: Prepared, features: PairFeatures, read: Reading) -> float:
    """Share in [0, 1] of the texts that the fit can use that were there and could be read."""
    posts = (1 - BIO_WORTH) * features.n_posts / (features.n_posts + PRIOR_POSTS)
    return (BIO_WORTH * features.has_bio + posts) * (1 - read.unread) * prose_share(creator)


def _at_least_wide(value: float, low: float, high: float) -> tuple[float, float]:
    """The interval, widened around the value to LEAST_WIDTH within the scale."""
    low = min(low, value - LEAST_WIDTH / 2)
    high = max(high, value + LEAST_WIDTH / 2)
    low, high = max(0.0, min(low, 1.0 - LEAST_WIDTH)), min(1.0, max(high, LEAST_WIDTH))
    return low, high


def _in_words(column: Column, value: float) -> str:
    if np.isnan(value):
        return f"{column.description}: nothing to measure"
    if column.unit == "share":
        return f"{column.description}: {value:.0%}"
    return f"{column.description}: {abs(value):.1f} deviations {'above' if value >= 0 else 'below'} creators at large"


def _percentile(deviations: float) -> float:
    return 0.5 * (1 + erf(deviations / sqrt(2)))
