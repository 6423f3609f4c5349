"""Evaluation as a run that is kept."""

from __future__ import annotations

from bonafit.scorer.scorer import Scorer
from bonafit_training.contracts import Row
from bonafit_training.evaluation.cases import Cases, check_unseen
from bonafit_training.evaluation.figures import figures, held_out
from bonafit_training.evaluation.predictions import answers_of
from bonafit_training.tracking import NoTracker, Tracker
from bonafit_training.tracking.plots import reliability_figure


def evaluate(scorer: Scorer, cases: Cases, *, dataset: str, tracker: Tracker | None = None) -> list[Row]:
    """Figures of a bundle on labelled cases, kept as one run with its parameters, digests and reliability plots.

    Raises InputError where the bundle was trained on these cases.
    """
    tracker = tracker or NoTracker()
    manifest = scorer.bundle.manifest
    check_unseen(cases, manifest)
    with tracker.run(f"evaluate {manifest.name}"):
        tracker.params({"bundle": manifest.name, "bundle.digest": scorer.bundle.digest, "cases": dataset})
        tracker.params({"cases.sha256": cases.digest, "cases.creators": len(cases.data.creators)})
        tracker.tags({"commit": manifest.commit, "data.licence": cases.data.reference.licence})
        answers = answers_of(scorer, cases)
        rows = figures(answers, dataset=dataset)
        tracker.metrics(rows)
        if tracker.keeps:
            for i, row in enumerate(held_out(answers, dataset=dataset)):
                tracker.figure(reliability_figure(row), f"reliability/{i}.png")
    return rows
