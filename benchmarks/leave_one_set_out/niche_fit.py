"""Niche fit where it was not trained: fitted and calibrated on four of five families of sets, judged on the fifth.

Beside it stand the dull rankings, and the two best single columns of the posts, none of which is fitted. Every
difference comes with the interval of a bootstrap over the briefs. The reference that similarities are standardised with
reads the texts of all sets and no label: two sets alone have posts, and captions are no deviation from news.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.parquet as pq
from benchmarks.measures.niches import DESCRIPTIONS, SAME_NICHE
from benchmarks.registry import Suite
from sklearn.metrics import roc_auc_score

from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.pair import COLUMNS
from bonafit.heads.niche_fit.reference import Reference
from bonafit.records import Brief, Creator, Post
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.arrays import FloatArray
from bonafit.tables.calibration import CalibrationMap
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import (
    TIDES,
    YOUTUBE,
    Pairs,
    read_gan_bios,
    read_instagram,
    read_shark_tank,
    read_tides_bios,
    read_youtube,
)
from bonafit_training.heads.niche_fit.baselines import baseline_scores
from bonafit_training.heads.niche_fit.evaluate import even_weights
from bonafit_training.heads.niche_fit.examples import (
    Examples,
    PreparedPairs,
    all_features,
    prepare_pairs,
    sample_examples,
)
from bonafit_training.heads.niche_fit.fit import LEAST_COVERED, NEGATIVES
from bonafit_training.heads.niche_fit.languages import fit_levels
from bonafit_training.heads.niche_fit.model import fit_calibration, fit_travelling, group_folds
from bonafit_training.metrics import expected_calibration_error

SUITE = "leave_one_set_out"
# Companies that query each set of bios, and real creators of one brief that train: a niche of four hundred channels
# would else outweigh every brand.
QUERIES, MOST_REAL = 60, 30
# Creators made of sentences of sib200 for each topic, the sentences each has, and the shares of them that are on it.
MADE, SENTENCES, SHARES = 40, (6, 16), (0.3, 0.5, 0.75, 1.0)
# Columns that stand alone beside the head, and the rankings that it must not fall below.
SINGLE = ("post_fit", "best_posts")
DULL = ("tfidf", "bm25", "cosine", "cosine_bio")
DRAWS = 1000
_GROUPS = 100_000
_AT = {column.name: j for j, column in enumerate(COLUMNS)}

# One line a topic, written before anything was measured with it.
TOPICS = {
    "science/technology": "Science and technology: research, computers, engineering and discoveries",
    "travel": "Travel: destinations, hotels, flights and tips for tourists",
    "politics": "Politics: governments, elections, laws and diplomacy",
    "sports": "Sports: matches, athletes, teams and championships",
    "health": "Health: medicine, diseases, hospitals and well-being",
    "entertainment": "Entertainment: films, music, television and celebrities",
    "geography": "Geography: countries, rivers, mountains, climate and landscapes",
}


@dataclass(frozen=True)
class Family:
    """Sets that are left out together, since they share creators or briefs."""

    name: str
    sets: tuple[PreparedPairs, ...]


def families(context: Context) -> list[Family]:
    """The five families, prepared. Raises InputError where a set is absent."""
    encoder = context.encoder
    rng = np.random.default_rng(context.seed)
    gan = prepare_pairs(read_gan_bios(context.data), encoder)
    covered = np.flatnonzero(gan.positive.sum(axis=1) >= LEAST_COVERED).tolist()
    gan = PreparedPairs(gan.name, [gan.briefs[b] for b in covered], gan.creators, gan.positive[covered], {})
    channels, niches = read_youtube(context.data)
    lines = [Brief(brand=f"{niche} channel", description=text) for niche, text in DESCRIPTIONS.items()]
    of_niche = np.array([[own == niche for own in niches] for niche in DESCRIPTIONS])
    bios = [row for row in read_tides_bios(context.data) if row["commerceCategory"] not in ("none", "", None)]
    people = [Creator(creator_id=row["creator_id"], bio=row["bio"]) for row in bios]
    categories = [row["commerceCategory"] for row in bios]
    companies = read_shark_tank(context.data)
    return [
        Family("instagram_2017", (prepare_pairs(read_instagram(context.data), encoder),)),
        Family("gan_2019", (gan,)),
        Family(
            "youtube_2025",
            (
                _read(Pairs("niches", lines, channels, of_niche), encoder),
                _companies("companies", companies, channels, niches, SAME_NICHE[YOUTUBE], encoder, rng),
            ),
        ),
        Family(TIDES, (_companies("companies", companies, people, categories, SAME_NICHE[TIDES], encoder, rng),)),
        Family("sib200", (_read(made_creators(context, rng), encoder),)),
    ]


def _read(pairs: Pairs, encoder: Encoder) -> PreparedPairs:
    """Prepared pairs without creators of whom no text is left."""
    prepared = prepare_pairs(pairs, encoder)
    read = [c for c, creator in enumerate(prepared.creators) if creator.units]
    creators = [prepared.creators[c] for c in read]
    return PreparedPairs(prepared.name, prepared.briefs, creators, prepared.positive[:, read], {})


def _companies(
    name: str,
    companies: Sequence[Mapping[str, str]],
    creators: list[Creator],
    labels: Sequence[str],
    same: Mapping[str, tuple[str, ...]],
    encoder: Encoder,
    rng: np.random.Generator,
) -> PreparedPairs:
    briefs, positive = [], []
    for i in rng.permutation(len(companies)).tolist():
        niches = {niche for niche, categories in same.items() if companies[i]["category"] in categories}
        mask = [label in niches for label in labels]
        if any(mask) and len(briefs) < QUERIES:
            briefs.append(Brief(brand=companies[i]["title"], description=companies[i]["description"]))
            positive.append(mask)
    return _read(Pairs(name, briefs, creators, np.array(positive)), encoder)


def made_creators(context: Context, rng: np.random.Generator) -> Pairs:
    """Creators whose posts are English sentences of sib200, SHARES of them on one topic and the rest on the others."""
    rows = pq.read_table(context.data / "topics" / "sib200.parquet").to_pylist()
    texts = {topic: [row["text"] for row in rows if row["lang"] == "en" and row["topic"] == topic] for topic in TOPICS}
    creators, labels = [], []
    for topic, own in texts.items():
        other_texts = [text for other, some in texts.items() if other != topic for text in some]
        for i in range(MADE):
            n = int(rng.integers(*SENTENCES))
            on = max(1, round(float(rng.choice(SHARES)) * n))
            posts = [
                *rng.choice(own, on, replace=False).tolist(),
                *rng.choice(other_texts, n - on, replace=False).tolist(),
            ]
            creators.append(Creator(creator_id=f"{topic} {i}", posts=tuple(Post(caption=text) for text in posts)))
            labels.append(topic)
    briefs = [Brief(brand=f"about {topic}", description=line) for topic, line in TOPICS.items()]
    return Pairs("topics", briefs, creators, np.array([[own == topic for own in labels] for topic in TOPICS]))


def _fewer(pairs: PreparedPairs, rng: np.random.Generator) -> PreparedPairs:
    """The same with at most MOST_REAL real creators a brief; those over are left out and no negatives either."""
    if int(pairs.positive.sum(axis=1).max()) <= MOST_REAL:
        return pairs
    lost = np.zeros(pairs.positive.shape[1], dtype=bool)
    for real in pairs.positive:
        over = rng.permutation(np.flatnonzero(real & ~lost))[MOST_REAL:]
        lost[over] = True
    stay = np.flatnonzero(~lost).tolist()
    return PreparedPairs(pairs.name, pairs.briefs, [pairs.creators[c] for c in stay], pairs.positive[:, stay], {})


def left_out(context: Context) -> Iterator[Row]:
    """Rows of each family, by a head fitted on the others."""
    everything = families(context)
    rng = np.random.default_rng(context.seed)
    trained = {family.name: tuple(_fewer(pairs, rng) for pairs in family.sets) for family in everything}
    gains: list[float] = []
    everyone = [creator for family in everything for pairs in family.sets for creator in pairs.creators]
    reference = Reference.fit(everyone, levels=fit_levels(context.encoder, context.data))
    for family in everything:
        training_pairs = [pairs for other in everything if other is not family for pairs in trained[other.name]]
        examples = Examples.join(
            [
                sample_examples(pairs, reference, negatives=NEGATIVES, seed=context.seed, first_group=_GROUPS * i)
                for i, pairs in enumerate(training_pairs)
            ]
        )
        # every set weighs the same, whatever its number of pairs
        of_set = examples.group // _GROUPS
        weight = examples.weight / np.bincount(of_set, examples.weight)[of_set]
        examples = replace(examples, weight=weight / weight.mean())
        model = fit_travelling(examples)
        held_out = np.zeros(len(examples.y))
        for test_groups in group_folds(examples.group, seed=context.seed):
            test = np.isin(examples.group, test_groups)
            of_others = fit_travelling(examples.rows(~test))
            held_out[test] = of_others.predict(examples.X[test])
        calibrate = fit_calibration(held_out, examples.y, examples.weight)
        for pairs in family.sets:
            rows, gain = _judged(family, pairs, reference, model, calibrate, seed=context.seed)
            gains.append(gain)
            yield from rows
    yield _row("all", "mean", OURS, "auc_over_best_baseline", float(np.mean(gains)), len(gains))


def _judged(
    family: Family,
    pairs: PreparedPairs,
    reference: Reference,
    model: AdditiveModel,
    calibrate: CalibrationMap,
    *,
    seed: int,
) -> tuple[list[Row], float]:
    """Rows of one set left out, and our mean AUC over that of the best dull ranking."""
    briefs = list(range(len(pairs.briefs)))
    X = all_features(pairs, reference, briefs)
    own_scores = np.array([model.predict(of_brief) for of_brief in X])
    scores = dict(baseline_scores(pairs, reference, briefs, seed=seed))
    for name in SINGLE:
        column = X[..., _AT[name]]
        if not np.isnan(column).all():
            scores[name] = np.nan_to_num(column, nan=float(np.nanmin(column)))
    aucs = {method: _aucs(pairs, values) for method, values in {OURS: own_scores, **scores}.items()}
    rng = np.random.default_rng(seed)
    draws = rng.integers(len(aucs[OURS]), size=(DRAWS, len(aucs[OURS])))
    rows = []
    for method, values in aucs.items():
        rows.append(_row(family.name, pairs.name, method, "auc", float(values.mean()), len(values)))
        if method != OURS:
            ahead = aucs[OURS] - values
            low, high = np.quantile(ahead[draws].mean(axis=1), (0.025, 0.975))
            for metric, value in (("ahead", ahead.mean()), ("ahead_low", low), ("ahead_high", high)):
                rows.append(_row(family.name, pairs.name, method, f"auc_{metric}", float(value), len(values)))
    weights = even_weights(pairs.positive)
    ece = expected_calibration_error(
        pairs.positive.astype(np.int64).ravel(), calibrate(own_scores.ravel()), weights=weights.ravel()
    )
    rows.append(_row(family.name, pairs.name, OURS, "ece", ece, int(pairs.positive.sum())))
    best = max(float(aucs[method].mean()) for method in DULL if method in aucs)
    return rows, float(aucs[OURS].mean()) - best


def _aucs(pairs: PreparedPairs, scores: FloatArray) -> FloatArray:
    """AUC of each brief that has real creators and others."""
    return np.array(
        [
            roc_auc_score(real, values)
            for real, values in zip(pairs.positive, scores, strict=True)
            if 0 < real.sum() < len(real)
        ]
    )


def _row(dataset: str, split: str, method: str, metric: str, value: float, n: int) -> Row:
    return Cases(SUITE, "niche_fit", dataset, split).row(metric, value, n, method)


SUITES: dict[str, Suite] = {"leave_one_set_out/niche_fit": left_out}
