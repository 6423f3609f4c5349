"""Fit the index's head: the pairs of the niche head, seen through summaries of a few vectors a creator."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.summary import COLUMNS, IndexHead, index_features, summarise
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared
from bonafit.tables.arrays import FloatArray
from bonafit_training.contracts import Context, HeadArtifact, Row
from bonafit_training.data.niche_fit import GAN, INSTAGRAM, TIDES
from bonafit_training.heads.niche_fit.evaluate import (
    Boosted,
    baseline_rows,
    calibration_row,
    cross_validate,
    final_calibration,
    rank_rows,
)
from bonafit_training.heads.niche_fit.examples import PairRow
from bonafit_training.heads.niche_fit.fit import read_sets
from bonafit_training.heads.niche_fit.model import fit_ebm, tables_of

SUITE = "index"

CARD = """\
The same question as `niche_fit`, answered from four vectors a creator (mean of the posts, bio, two main subjects) so
that an index can rank millions exactly. Trained on the same pairs with the same splits. It reads no words and cannot
leave out the posts that name the brand: rank with it, then score the best with `niche_fit`.
"""


def summary_row(creator: Prepared, view: BriefView, keep: npt.NDArray[np.bool_] | None) -> PairRow:
    """Features of one pair as an index computes them, (len(COLUMNS),)."""
    vectors, inputs = summarise(view.level(creator), keep=keep)
    row: FloatArray = index_features((vectors @ view.targets)[None], inputs[None], view)[0]
    return PairRow(row)


def fit_index(context: Context) -> HeadArtifact:
    """The index's fit head. Raises InputError where a training set is absent."""
    sets = read_sets(context, row_of=summary_row)
    settings = context.config.get("ebm")
    held_out = cross_validate(
        sets.examples,
        sets.judged,
        sets.reference,
        seed=context.seed,
        boosted=Boosted(COLUMNS, summary_row, settings),
    )
    machine = fit_ebm(sets.examples, seed=context.seed, settings=settings, columns=COLUMNS)
    head = IndexHead(tables_of(machine, sets.examples), final_calibration(sets.examples, held_out.oof), sets.reference)
    section, tables = head.to_bundle()
    # The niche head's training reads the same sets with the same seed: its reference is this one.
    section["reference"] = NicheFitHead.name
    tables = {name: table for name, table in tables.items() if not name.startswith("reference.")}
    metrics: list[Row] = []
    for judged, eta, p in zip(sets.judged, held_out.eta, held_out.p, strict=True):
        rows = [
            *rank_rows(judged, eta),
            calibration_row(judged, p),
            *baseline_rows(judged, sets.reference, seed=context.seed),
        ]
        metrics += [msgspec.structs.replace(row, suite=SUITE) for row in rows]
    return HeadArtifact(
        name=IndexHead.name,
        section=section,
        tables=tables,
        metrics=metrics,
        card=CARD,
        datasets=(INSTAGRAM, GAN, TIDES),
        estimators={"ebm": machine},
    )
