"""The niche head fitted on the user's own pairs and outcomes alone, over a published head; no public set is read.

Lines and calibration are the user's; the reference of similarities, the stance of posts and the languages stay the
published head's. Its answers on the same pairs are the baseline, and only where held-out brands are foretold better
does the new head take its place: few brands say little.
"""

from __future__ import annotations

import msgspec
import numpy as np
from sklearn.metrics import roc_auc_score

from bonafit.encoders.encoder import Encoder
from bonafit.errors import InputError
from bonafit.heads.niche_fit.head import Calibrations, NicheFitHead
from bonafit.heads.niche_fit.view import BriefView
from bonafit.tables.arrays import FloatArray
from bonafit.tables.calibration import CalibrationMap
from bonafit_training.contracts import OURS, HeadArtifact, Row
from bonafit_training.data.own import OwnData
from bonafit_training.heads.niche_fit.evaluate import final_calibration
from bonafit_training.heads.niche_fit.examples import Examples, full_row, prepare, prepare_brief
from bonafit_training.heads.niche_fit.model import FOLDS, fit_travelling, group_folds

# Brands and pairs that suit, from which held-out brands say anything.
LEAST_BRANDS, LEAST_PAIRS = 3, 15
# Other creators for each pair that suits; those known not to suit come first.
NEGATIVES = 10
OWN, PUBLISHED = "own", "published"
LEAST_P = 1e-6


def own_examples(own: OwnData, head: NicheFitHead, encoder: Encoder, *, seed: int) -> Examples:
    """A row a pair with the columns of the head: those that suit, those known not to, and random others of the brand.

    Within a brand both sides weigh the same, so that the linear predictor is stated at even odds. Brands without a
    pair that suits are left out. Raises InputError where too few brands or pairs are left.
    """
    rng = np.random.default_rng(seed)
    prepared = dict(zip((c.creator_id for c in own.creators), prepare(own.creators, encoder), strict=True))
    suits: dict[str, list[str]] = {}
    failed: dict[str, list[str]] = {}
    for pairs, of_brand in ((own.pairs, suits), (own.failed, failed)):
        for brand, creator_id in pairs:
            of_brand.setdefault(brand, []).append(creator_id)
    n_pairs = sum(map(len, suits.values()))
    if len(suits) < LEAST_BRANDS or n_pairs < LEAST_PAIRS:
        raise InputError(
            f"{n_pairs} pairs that suit, of {len(suits)} brands; expected {LEAST_PAIRS} of {LEAST_BRANDS} at least, or "
            "nothing can be said of brands that were held out"
        )
    rows, labels, groups, weights = [], [], [], []
    for group, brand in enumerate(sorted(suits)):
        view = BriefView(prepare_brief(own.briefs[brand], encoder), head.reference)
        true, false = suits[brand], failed.get(brand, [])
        unlabelled = [name for name in prepared if name not in {*true, *false}]
        n_negatives = max(0, min(NEGATIVES * len(true) - len(false), len(unlabelled)))
        false = [
            *false,
            *(unlabelled[i] for i in rng.choice(len(unlabelled), size=n_negatives, replace=False).tolist()),
        ]
        if not false:
            raise InputError(f"brand {brand!r}: every creator suits it; expected creators that do not, too")
        rows += [full_row(prepared[name], view, None) for name in (*true, *false)]
        labels += [1] * len(true) + [0] * len(false)
        groups += [group] * (len(true) + len(false))
        weights += [1.0] * len(true) + [len(true) / len(false)] * len(false)
    return Examples(
        X=np.array([row.row for row in rows]), y=np.array(labels), group=np.array(groups), weight=np.array(weights),
        n_posts=np.array([row.n_posts for row in rows]),
    )  # fmt: skip


def fit_own(
    own: OwnData, head: NicheFitHead, encoder: Encoder, *, seed: int, datasets: tuple[str, ...]
) -> tuple[HeadArtifact | None, list[Row]]:
    """The head over `head`, or None where it foretells held-out brands no better; and the figures that decided.

    datasets : sets behind the published head, which stay behind what is kept of it.
    """
    examples = own_examples(own, head, encoder, seed=seed)
    log_odds = np.zeros(len(examples.y))
    folds = group_folds(examples.group, seed=seed, folds=min(FOLDS, len(np.unique(examples.group))))
    for test_groups in folds:
        test = np.isin(examples.group, test_groups)
        log_odds[test] = fit_travelling(examples.rows(~test)).predict(examples.X[test])
    p = np.zeros(len(log_odds))
    for test_groups in folds:
        test = np.isin(examples.group, test_groups)
        p[test] = final_calibration(examples.rows(~test), log_odds[~test])(log_odds[test])
    published = _answers(head, examples)
    figures = [*_figures(examples, p, OURS), *_figures(examples, published, PUBLISHED)]
    if log_loss(examples, p) >= log_loss(examples, published):
        return None, figures
    own_head = NicheFitHead(
        fit_travelling(examples),
        Calibrations(final_calibration(examples, log_odds)),
        head.reference,
        prior=head.prior,
        languages=head.languages,
        topic_cosine=head.topic_cosine,
    )
    own_head.stance = head.stance
    section, tables = own_head.to_bundle()
    artifact = HeadArtifact(
        name=NicheFitHead.name,
        section=msgspec.to_builtins(section),
        tables=tables,
        metrics=figures,
        card=CARD,
        datasets=(*datasets, OWN),
    )
    return artifact, figures


def log_loss(examples: Examples, p: FloatArray) -> float:
    """Mean negative log-likelihood at even odds, in nats."""
    clipped = np.clip(p, LEAST_P, 1 - LEAST_P)
    losses = -np.where(examples.y == 1, np.log(clipped), np.log1p(-clipped))
    return float(np.average(losses, weights=examples.weight))


def _answers(head: NicheFitHead, examples: Examples) -> FloatArray:
    """Probabilities of the published head for the rows, opinions of posts left out as in the new one's."""
    log_odds = head.model.predict(examples.X)
    by_posts, by_bios = _called(head.calibrate, log_odds), _called(head.calibrate_bios, log_odds)
    return np.where(examples.n_posts > 0, by_posts, by_bios)


def _called(calibrate: CalibrationMap, log_odds: FloatArray) -> FloatArray:
    return np.asarray(calibrate(log_odds), dtype=np.float64)


def _figures(examples: Examples, p: FloatArray, method: str) -> list[Row]:
    """AUC a brand, averaged, and log loss of held-out brands."""
    brands = np.unique(examples.group)
    of_brand = [roc_auc_score(examples.y[rows], p[rows]) for rows in (examples.group == brand for brand in brands)]
    row = Row(
        suite="niche_fit", dataset=OWN, split="brands_held_out", slice="all", method=method, metric="auc",
        value=float(np.mean(of_brand)), n=int(examples.y.sum()), baseline=method != OURS,
    )  # fmt: skip
    return [row, msgspec.structs.replace(row, metric="log_loss", value=log_loss(examples, p))]


CARD = """### niche_fit

Probability that creator and brief suit each other rather than are a random pair, stated at even odds. Lines and
calibration were fitted on the user's own pairs and outcomes, split by brand; the reference of similarities, the stance
of posts and the languages are those of the published head, whose figures on the same pairs stand beside as `published`.
"""
