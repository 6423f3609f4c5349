"""One platform's engagement model: expected curve, content, own level and what remains, all additive."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.calibration import CalibrationMap
from bonafit.engagement.expected import Curve
from bonafit.engagement.history import compared_values, history_values
from bonafit.engagement.interval import QuantileBand, cell_of, shape_values
from bonafit.engagement.level import Level, LevelParameters, own_levels
from bonafit.engagement.series import PICTOGRAPH, Basis, Series, post_values, read_series, text_rows
from bonafit.engagement.trees import BoostedTrees
from bonafit.engagement.words import TextScore
from bonafit.features.engagement import COLUMNS, CONTEXT, HISTORY, INDEX, POST, PROFILE
from bonafit.prepared import Prepared
from bonafit.records import Creator

FloatArray = npt.NDArray[np.float64]
Tables = Mapping[str, npt.NDArray[np.generic]]
N_PROFILE, N_POST = len(PROFILE), len(POST)
# Columns that the expected rate of a post may depend on, known before anything of the creator's history.
N_GIVEN = N_PROFILE + N_POST
TEXT_KINDS = ("caption", "title")
CONTEXT_AT = [INDEX[name] for name in CONTEXT]
# Recent posts whose content stands for the next ones, and how far ahead the next ones are.
RECENT_POSTS = 20
AHEAD = 3
# Days after which counts no longer grow.
SETTLED_AGE = 30.0
AGE_AT = INDEX["age"] - N_PROFILE
MAX_BIO = 500
_CONTACT = re.compile(r"mail|business|collab|\bdm\b|inquir|http|www\.|\.com|\[url\]|\[email\]", re.IGNORECASE)
_GROWTH = re.compile(r"follow|\bgoal\b|road to|\d+ ?k\b", re.IGNORECASE)


class CommentNorm(msgspec.Struct, frozen=True):
    """Usual comments for each like: log((comments + 1) / (likes + 10)) = intercept + slope x size + noise.

    Of the size and not of the likes: a norm that falls with likes would excuse those that were bought.
    size : log followers, `middle` where unknown. spread : of creators around it.
    assumed : plain comments for each like, where a rate counts hidden comments.
    """

    intercept: float
    slope: float
    middle: float
    spread: float
    assumed: float

    def usual(self, size: float) -> float:
        """Usual log share at this log size."""
        return self.intercept + self.slope * (self.middle if np.isnan(size) else size)


@dataclass(frozen=True)
class Known:
    """One creator's posts as a model reads them. given : (n, N_GIVEN) profile and post columns of the posts read.

    expected : (n,) log rate expected of each post. lift : (n,) log rate minus that. levels : n + 1, before any and
    after each post. scores : topic and words score by unit row.
    """

    series: Series
    given: FloatArray
    expected: FloatArray
    lift: FloatArray
    levels: list[Level]
    scores: Mapping[int, tuple[float, float]]


@dataclass(frozen=True)
class Forecast:
    """Prediction of a creator's next posts, in log units; everything adds up.

    expected : log rate expected at this size, platform, language and age. lift : predicted minus expected.
    effects  : of each column on the lift; with `intercept` they sum to it. row : the columns' values.
    post, typical : 90 % bounds of one next post's and of the next posts' median log rate.
    """

    expected: float
    lift: float
    intercept: float
    effects: dict[str, float]
    row: FloatArray
    post: tuple[float, float]
    typical: tuple[float, float]


class PlatformModel:
    """The parts fitted for one platform, `pooled` for those without data of their own.

    content : trees over PROFILE and POST columns for what a post of this content gets, None where nothing is gained.
    rest    : trees over all columns for what level and content leave unexplained, None in the pooled model.
    texts   : by unit kind (`bio`, `caption`, `title`). levels_of : shrunken mean lift by language and by category.
    norm    : usual comments for likes, None where the platform's data have no comments.
    standing : lift to percentile among creators.
    """

    def __init__(
        self,
        *,
        basis: Basis,
        curve: Curve,
        level: LevelParameters,
        texts: Mapping[str, TextScore],
        levels_of: Mapping[str, Mapping[str, float]],
        content: BoostedTrees | None,
        rest: BoostedTrees | None,
        post_band: QuantileBand,
        typical_band: QuantileBand,
        standing: CalibrationMap,
        norm: CommentNorm | None,
    ) -> None:
        self.basis, self.curve, self.level = basis, curve, level
        self.texts, self.levels_of = dict(texts), {k: dict(v) for k, v in levels_of.items()}
        self.content, self.rest = content, rest
        self.post_band, self.typical_band = post_band, typical_band
        self.standing, self.norm = standing, norm

    def read(self, creator: Creator, *, keep_unsettled: bool = False) -> Series:
        """The creator's posts under this platform's definition."""
        share = self.norm.assumed if self.norm is not None else 0.0
        return read_series(creator, self.basis, comment_share=share, keep_unsettled=keep_unsettled)

    def know(self, prepared: Prepared, series: Series) -> Known:
        """Everything that past posts of a creator say."""
        scores = unit_scores(prepared, self.texts)
        given = given_columns(prepared, series, scores, self.levels_of)
        expected = expected_of(series, given, self.curve, self.content)
        return known(series, given, expected, self.level, scores)

    def forecast(self, prepared: Prepared, knowledge: Known) -> Forecast:
        """Prediction of the next posts from all that is known."""
        row = self._row(prepared, knowledge)
        size = row[INDEX["size"]]
        effects = np.zeros(len(COLUMNS))
        intercept = 0.0
        if self.content is not None:
            effects[:N_GIVEN] += self.content.effects(row[:N_GIVEN])
            intercept += self.content.intercept
        if self.rest is not None:
            effects += self.rest.effects(row)
            intercept += self.rest.intercept
        context = 0.0
        for i in CONTEXT_AT:
            context += float(effects[i])
            effects[i] = 0.0
        effects[INDEX["level"]] += row[INDEX["level"]]
        lift = intercept
        for effect in effects.tolist():
            lift += effect
        expected = float(self.curve(np.array([size]))[0]) + context
        shape, cell = shape_values(row), cell_of(size, len(knowledge.series))
        middle = expected + lift
        post, typical = self.post_band(shape, cell), self.typical_band(shape, cell)
        return Forecast(
            expected=expected,
            lift=lift,
            intercept=intercept,
            effects={c.name: float(e) for c, e in zip(COLUMNS, effects, strict=True) if e != 0.0},
            row=row,
            post=(middle + min(post[0], 0.0), middle + max(post[1], 0.0)),
            typical=(middle + min(typical[0], 0.0), middle + max(typical[1], 0.0)),
        )

    def _row(self, prepared: Prepared, knowledge: Known) -> FloatArray:
        series = knowledge.series
        given = usual_given(prepared, knowledge, self.levels_of)
        n = len(series)
        history = history_values(
            series, knowledge.lift, knowledge.given[:, N_PROFILE:], knowledge.levels[-1], slice(0, n)
        )
        gap = history[HISTORY_GAP]
        ahead = float(np.exp(gap)) * AHEAD if not np.isnan(gap) else np.nan
        compared = compared_values(given[N_PROFILE:], history, steps_ahead=AHEAD, days_ahead=ahead)
        return np.concatenate([given, history, compared])

    def to_bundle(self, prefix: str) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.generic]]]:
        """Section and tables that `from_bundle` reads."""
        section: dict[str, Any] = {
            "basis": msgspec.to_builtins(self.basis),
            "level": msgspec.to_builtins(self.level),
            "levels_of": self.levels_of,
            "texts": sorted(self.texts),
            "trees": [name for name in ("content", "rest") if getattr(self, name) is not None],
            "norm": msgspec.to_builtins(self.norm) if self.norm is not None else None,
            "margins": {"post": self.post_band.margins, "typical": self.typical_band.margins},
        }
        tables = self.curve.to_tables(f"{prefix}.curve")
        for kind, text in self.texts.items():
            tables |= text.to_tables(f"{prefix}.text.{kind}")
        for name in section["trees"]:
            tables |= getattr(self, name).to_tables(f"{prefix}.{name}")
        tables |= self.post_band.to_tables(f"{prefix}.band.post")
        tables |= self.typical_band.to_tables(f"{prefix}.band.typical")
        return section, tables | self.standing.to_tables(f"{prefix}.standing")

    @classmethod
    def from_bundle(cls, section: Mapping[str, Any], tables: Tables, prefix: str) -> PlatformModel:
        """Construct what `to_bundle` wrote."""
        widths = {"content": N_GIVEN, "rest": len(COLUMNS)}
        trees = {
            name: BoostedTrees.from_tables(tables, f"{prefix}.{name}", n_columns=widths[name])
            for name in section["trees"]
        }
        return cls(
            basis=msgspec.convert(section["basis"], Basis),
            curve=Curve.from_tables(tables, f"{prefix}.curve"),
            level=msgspec.convert(section["level"], LevelParameters),
            texts={kind: TextScore.from_tables(tables, f"{prefix}.text.{kind}") for kind in section["texts"]},
            levels_of=section["levels_of"],
            content=trees.get("content"),
            rest=trees.get("rest"),
            post_band=QuantileBand.from_tables(tables, f"{prefix}.band.post", section["margins"]["post"]),
            typical_band=QuantileBand.from_tables(tables, f"{prefix}.band.typical", section["margins"]["typical"]),
            standing=CalibrationMap.from_tables(tables, f"{prefix}.standing"),
            norm=msgspec.convert(section["norm"], CommentNorm) if section["norm"] is not None else None,
        )


HISTORY_GAP = next(i for i, column in enumerate(HISTORY) if column.name == "gap8")


def unit_scores(prepared: Prepared, texts: Mapping[str, TextScore]) -> dict[int, tuple[float, float]]:
    """Topic and words score of each unit whose kind has a text model, by unit row."""
    return {
        row: texts[unit.kind].score(unit.raw, prepared.vectors[row])
        for row, unit in enumerate(prepared.units)
        if unit.kind in texts
    }


def profile_values(
    prepared: Prepared,
    *,
    size: float,
    scores: Mapping[int, tuple[float, float]],
    levels_of: Mapping[str, Mapping[str, float]],
) -> FloatArray:
    """Columns of PROFILE, (N_PROFILE,) float64, NaN where unknown."""
    creator = prepared.creator
    bio = [scores[row] for row, unit in enumerate(prepared.units) if unit.kind == "bio" and row in scores]

    def log(value: int | None) -> float:
        return np.nan if value is None else float(np.log1p(value))

    return np.array(
        [
            size,
            log(creator.posts_count),
            log(creator.following),
            np.nan if creator.verified is None else float(creator.verified),
            np.nan if creator.bio is None else float(np.log1p(len(creator.bio))),
            _level_of(levels_of, "language", creator.language),
            _level_of(levels_of, "category", creator.category),
            _level_of(levels_of, "country", creator.country),
            log(creator.following) - size,
            *_bio_values(creator.bio),
            bio[0][0] if bio else np.nan,
            bio[0][1] if bio else np.nan,
        ]
    )


def _bio_values(bio: str | None) -> list[float]:
    """Form of the bio: emoji, symbols, capitals, lines, digits, names, contact, growth; NaN where there is none."""
    if bio is None:
        return [np.nan] * 8
    text = bio[:MAX_BIO]
    letters = sum(map(str.isalpha, text))
    return [
        float(len(PICTOGRAPH.findall(text))),
        sum(ord(c) > 127 for c in text) / (len(text) + 1),
        sum(map(str.isupper, text)) / letters if letters else 0.0,
        float(text.count("\n")),
        float(sum(map(str.isdigit, text))),
        float(text.count("@") + text.count("#")),
        float(_CONTACT.search(text) is not None),
        float(_GROWTH.search(text) is not None),
    ]


def _level_of(levels_of: Mapping[str, Mapping[str, float]], kind: str, value: str | None) -> float:
    if value is None or kind not in levels_of:
        return np.nan
    return levels_of[kind].get(value.casefold(), 0.0)


def post_columns(
    prepared: Prepared, posts: Sequence[int], ages: Sequence[float], scores: Mapping[int, tuple[float, float]]
) -> FloatArray:
    """Columns of POST for some posts of a creator, (len(posts), N_POST)."""
    out = np.full((len(posts), N_POST), np.nan)
    rows = {kind: text_rows(prepared, kind) for kind in TEXT_KINDS}
    first = N_POST - 2 * len(TEXT_KINDS)
    for k, (i, age) in enumerate(zip(posts, ages, strict=True)):
        out[k, :first] = post_values(prepared.creator.posts[i], age=age)
        for j, kind in enumerate(TEXT_KINDS):
            row = rows[kind].get(i)
            if row is not None and row in scores:
                out[k, first + 2 * j : first + 2 * j + 2] = scores[row]
    return out


def given_columns(
    prepared: Prepared,
    series: Series,
    scores: Mapping[int, tuple[float, float]],
    levels_of: Mapping[str, Mapping[str, float]],
) -> FloatArray:
    """PROFILE and POST columns of the posts read, (n, N_GIVEN). The size is the one now, as for the posts to come."""
    profile = profile_values(prepared, size=series.size_now, scores=scores, levels_of=levels_of)
    posts = post_columns(prepared, series.post.tolist(), series.age.tolist(), scores)
    return np.concatenate([np.broadcast_to(profile, (len(series), N_PROFILE)), posts], axis=1)


def usual_given(prepared: Prepared, knowledge: Known, levels_of: Mapping[str, Mapping[str, float]]) -> FloatArray:
    """PROFILE and POST columns of a typical next post, (N_GIVEN,): medians over the recent posts, counted or not."""
    series = knowledge.series
    profile = profile_values(prepared, size=series.size_now, scores=knowledge.scores, levels_of=levels_of)
    posts = prepared.creator.posts
    dated = sorted((p.posted_at, -i) for i, p in enumerate(posts) if p.posted_at is not None)
    chosen = [-i for _, i in dated[-RECENT_POSTS:]] or list(range(min(len(posts), RECENT_POSTS)))
    usual = np.full(N_POST, np.nan)
    if chosen:
        at = {post: row for row, post in enumerate(series.post.tolist())}
        read = [i for i in chosen if i in at]
        other = [i for i in chosen if i not in at]
        columns = np.concatenate(
            [
                knowledge.given[[at[i] for i in read], N_PROFILE:],
                post_columns(prepared, other, [SETTLED_AGE] * len(other), knowledge.scores),
            ]
        )
        # settled counts are what is predicted, so the age is that of a settled post
        columns[:, AGE_AT] = np.log(SETTLED_AGE)
        usual = _medians(columns)
    return np.concatenate([profile, usual])


def expected_of(series: Series, given: FloatArray, curve: Curve, content: BoostedTrees | None) -> FloatArray:
    """Log rate expected of each post: the curve at the size of its time, plus what its content usually gets."""
    base = curve(series.size if series.basis.denominator == "followers" else np.full(len(series), np.nan))
    return base if content is None else base + content.predict(given)


def known(
    series: Series,
    given: FloatArray,
    expected: FloatArray,
    parameters: LevelParameters,
    scores: Mapping[int, tuple[float, float]],
) -> Known:
    """Level of a creator after each post, against the expected."""
    lift = series.y - expected
    return Known(series, given, expected, lift, own_levels(lift, series.day, parameters), scores)


def _medians(columns: FloatArray) -> FloatArray:
    """Median of each column over the values that are known, NaN where none is; columns (n, k), n >= 1."""
    ordered = np.sort(columns, axis=0)
    n = np.sum(~np.isnan(columns), axis=0)
    at = np.arange(columns.shape[1])
    middle = (ordered[np.maximum(n - 1, 0) // 2, at] + ordered[np.minimum(n // 2, len(columns) - 1), at]) / 2
    return np.where(n > 0, middle, np.nan)
