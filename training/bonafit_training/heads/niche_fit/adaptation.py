"""Does an adapted encoder rank creators better for brands that nothing was fitted on? It is kept only then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from bonafit.encoders import CachedEncoder, OnnxEncoder
from bonafit_training.contracts import Context, Row
from bonafit_training.data.niche_fit import INSTAGRAM
from bonafit_training.encoders.adapt import YOUTUBE_CHARTS, Adaptation, adapt, text_pairs
from bonafit_training.encoders.behind import encoder_languages
from bonafit_training.encoders.export import Provenance, export_encoder
from bonafit_training.heads.niche_fit.baselines import baseline_scores
from bonafit_training.heads.niche_fit.evaluate import rank_rows
from bonafit_training.heads.niche_fit.fit import held_out_answers, read_sets

BEFORE, AFTER = "as_published", "adapted"
_JUDGED_BY = ("auc", "map")


def adapted_encoder(context: Context, settings: Adaptation, out: Path) -> Path:
    """Adapt and export; returns the encoder directory, below out. The texts are unlabelled, the brands unseen."""
    pairs = text_pairs(context.data, settings.steps * settings.batch, seed=context.seed)
    saved = adapt(pairs, out / "sentence-transformers", settings, seed=context.seed)
    origin = Provenance(
        name=f"{context.encoder.name}-adapted",
        upstream=f"{settings.source or 'all-MiniLM-L6-v2'}, {settings.steps} contrastive steps",
        licence="Apache-2.0; the licences of the training sets are their own",
        languages=encoder_languages(context.encoder),
        training_sets=(INSTAGRAM, YOUTUBE_CHARTS),
    )
    return export_encoder(saved, out, origin)


def ranking_rows(context: Context, name: str) -> Iterator[Row]:
    """AUC and MAP on held-out brands with this encoder: the learned head, fitted anew, and the plain cosine.

    name : what the encoder is called in the rows' slice.
    """
    sets = read_sets(context)
    held_out = held_out_answers(sets, sets.judged, context)
    for judged, eta in zip(sets.judged, held_out.eta, strict=True):
        rows = list(rank_rows(judged, eta))
        for method, scores in baseline_scores(judged.pairs, sets.reference, judged.briefs.tolist(), seed=context.seed):
            rows += rank_rows(judged, scores, method=method)
        for row in rows:
            if row.metric in _JUDGED_BY:
                yield msgspec.structs.replace(row, suite="encoder_adaptation", slice=name)


def wins(rows: Sequence[Row]) -> bool:
    """Whether the learned head ranks better with the adapted encoder: AUC and MAP, each as a mean over the sets.

    Both must rise: an encoder of one's own costs 23 MB, a calibration, and every vector that is cached or indexed.
    """

    def mean(name: str, metric: str) -> float:
        values = [row.value for row in rows if row.slice == name and row.metric == metric and not row.baseline]
        return float(np.mean(values))

    return all(mean(AFTER, metric) > mean(BEFORE, metric) for metric in _JUDGED_BY)


def choose_encoder(
    context: Context, settings: Adaptation, out: Path, *, cache: Path | None, precision: str
) -> tuple[Path | None, list[Row]]:
    """The adapted encoder's directory where it wins, else None; and the figures that decided, of both."""
    folder = adapted_encoder(context, settings, out)
    with closing(CachedEncoder(OnnxEncoder.load(folder, precision=precision), cache)) as encoder:
        rows = [*ranking_rows(context, BEFORE), *ranking_rows(replace(context, encoder=encoder), AFTER)]
    return (folder if wins(rows) else None), rows
