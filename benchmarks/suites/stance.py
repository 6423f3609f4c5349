"""Stance of single texts by the published bundle, on public sets that it was not fitted on: AUC of the adverse."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow.parquet as pq
from benchmarks.registry import Suite
from benchmarks.suites.bakeoff import ROOT
from sklearn.metrics import roc_auc_score

from bonafit.bundle.resolve import newest_bundle
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.scorer.scorer import Scorer
from bonafit.text.clean import clean
from bonafit.text.units import Unit, for_encoder
from bonafit_training.contracts import Cases, Context, Row

SUITE, TARGETS, TWEETS = "stance", "tweeteval_stance_2016", "umsab_2021"
# Of umsab's tweets every such one, in the file's order.
EVERY = 4
_cases = partial(Cases, SUITE)


def _rows(context: Context, name: str, group: str, adverse: str, every: int) -> Iterator[Row]:
    rows = pq.read_table(context.data / "stance" / f"{name}.parquet", columns=["text", "label", group]).to_pylist()
    # half of umsab's Hindi is written in Latin letters; a tweet that is empty when cleaned says nothing
    rows = [row for row in rows[::every] if clean(row["text"])]
    languages = [row["lang"][:2] if group == "lang" else "en" for row in rows]
    units = [
        Unit("caption", clean(row["text"]), row["text"], language=code)
        for row, code in zip(rows, languages, strict=True)
    ]
    with Scorer.load(newest_bundle(ROOT / "models"), cache=None) as scorer:
        head = scorer.heads["niche_fit"]
        assert isinstance(head, NicheFitHead)
        assert head.stance is not None
        vectors = scorer.encoder.encode([for_encoder(unit) for unit in units])
        levels = head.reference.levels
        odds = head.stance.log_odds(units, vectors if levels is None else levels.vectors(units, vectors))
    y = np.array([row["label"] == adverse for row in rows])
    part = np.array([row[group] for row in rows])
    for value in sorted(set(part.tolist())):
        in_part = part == value
        yield _cases(name, "all", value).row("auc", roc_auc_score(y[in_part], odds[in_part]), int(in_part.sum()))
    yield _cases(name, "all", "all").row("auc", roc_auc_score(y, odds), len(y))


def towards_targets(context: Context) -> Iterator[Row]:
    """Tweets against a target beside those in favour or neither, by target."""
    yield from _rows(context, TARGETS, "target", "against", 1)


def by_language(context: Context) -> Iterator[Row]:
    """Negative tweets beside others, by language: of what is related, the set that there is in eight of them."""
    yield from _rows(context, TWEETS, "lang", "negative", EVERY)


SUITES: dict[str, Suite] = {f"{SUITE}/{TARGETS}": towards_targets, f"{SUITE}/{TWEETS}": by_language}
