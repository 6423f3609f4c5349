"""The fast path under the learned head: how much of its first 50 it keeps, and at what speed, in one run.

The published bundle's niche head ranks the creators of instagram_2017 for each brand's description, once with every
text read by the serving encoder and once through `shortlist_fit`. Shares of the fast path were chosen on the briefs of
`chosen_on`; `held_out` are the others.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.registry import Suite

from bonafit.bundle.manifest import encoder_folder, read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.encoders import CachedEncoder, OnnxEncoder, StaticEncoder
from bonafit.encoders.encoder import Encoder
from bonafit.heads.niche_fit.head import Calibrations, NicheFitHead
from bonafit.heads.niche_fit.pair import pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.jobs.rounds import shortlist_fit
from bonafit.prepared import Prepared
from bonafit.records import Brief, Creator
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import INSTAGRAM, Pairs, read_instagram
from bonafit_training.heads.niche_fit.examples import prepare, prepare_brief

MODELS = Path(__file__).resolve().parent.parent.parent / "models"
TOP, TIMED = 50, 5
CACHE = MODELS.parent / "build" / "vectors"


def _row(split: str, method: str, metric: str, value: float, n: int) -> Row:
    return Cases("encoder", INSTAGRAM, "fast_fit", split).row(metric, value, n, method)


def _rank(head: NicheFitHead, creators: Sequence[Prepared], brief: Brief, encoder: Encoder) -> list[int]:
    view = head.view(prepare_brief(brief, encoder))
    eta = head.model.predict(np.array([pair_features(creator, view).row for creator in creators]))
    return np.argsort(-eta, kind="stable").tolist()


def chosen_on(n: int, seed: int) -> npt.NDArray[np.bool_]:
    """(n,) the briefs on which the shares were chosen, half of them."""
    return np.asarray(np.random.default_rng(seed).permutation(n) % 2 == 0)


def fast_fit(context: Context) -> Iterator[Row]:
    """Overlap of the first 50 with the full path's, time of both; beside it the fast encoder alone, and chance."""
    bundle = read_bundle(newest_bundle(MODELS))
    head = NicheFitHead.from_bundle(bundle.manifest.heads["niche_fit"], bundle.tables["niche_fit"])
    serving = OnnxEncoder.load(encoder_folder(bundle), precision=bundle.manifest.encoder.precision)
    (static,) = (MODELS / "encoders").glob("static-MiniLM-*")
    fast = StaticEncoder.load(static)
    pairs = read_instagram(context.data)
    yield from _overlaps(context, head, pairs, fast, CachedEncoder(serving, CACHE))
    yield from _times(head, pairs, fast, serving)


def _overlaps(
    context: Context, head: NicheFitHead, pairs: Pairs, fast: Encoder, serving: CachedEncoder
) -> Iterator[Row]:
    everyone, quick = prepare(pairs.creators, serving), prepare(pairs.creators, fast)
    known, swift = _Known(serving, everyone), _Known(fast, quick)
    plain = NicheFitHead(head.model, Calibrations(head.calibrate), Reference.fit(quick), prior=head.prior, languages=())
    overlap: dict[str, list[float]] = {OURS: [], "static alone": []}
    for brief in pairs.briefs:
        best = set(_rank(head, everyone, brief, known)[:TOP])
        overlap[OURS].append(len(best & set(_fast(head, pairs.creators, brief, swift, known))) / TOP)
        overlap["static alone"].append(len(best & set(_rank(plain, quick, brief, swift)[:TOP])) / TOP)
    serving.close()
    half = chosen_on(len(pairs.briefs), context.seed)
    for split, part in (("chosen_on", half), ("held_out", ~half)):
        for method, values in overlap.items():
            yield _row(split, method, "overlap@50", float(np.array(values)[part].mean()), int(part.sum()))
        yield _row(split, "chance", "overlap@50", TOP / len(pairs.creators), int(part.sum()))


def _times(head: NicheFitHead, pairs: Pairs, fast: Encoder, serving: Encoder) -> Iterator[Row]:
    """From records to the first TOP, nothing cached: the fast path for a few briefs, the full one for some of them."""
    seconds: dict[str, list[float]] = {"fast": [], "full": []}

    def timed(kind: str, brief: Brief) -> None:
        began = time.perf_counter()
        if kind == "fast":
            _fast(head, pairs.creators, brief, fast, CachedEncoder(serving, None, memory=20_000))
        else:
            _rank(head, prepare(pairs.creators, serving), brief, serving)
        seconds[kind].append(time.perf_counter() - began)

    for number, brief in enumerate(pairs.briefs[:TIMED]):
        timed("fast", brief)
        if number % 2 == 0:
            timed("full", brief)
    quick, whole = statistics.median(seconds["fast"]), statistics.median(seconds["full"])
    yield _row("all", OURS, "seconds", quick, TIMED)
    yield _row("all", "full path", "seconds", whole, len(seconds["full"]))
    yield _row("all", OURS, "ratio", whole / quick, TIMED)


def _fast(head: NicheFitHead, creators: Sequence[Creator], brief: Brief, fast: Encoder, full: Encoder) -> list[int]:
    """The first TOP by the fast path: the shortlist, then all of its texts."""
    best = shortlist_fit(creators, brief, head=head, fast=fast, full=full, k=TOP)
    ranked = _rank(head, prepare([creators[i] for i in best], full), brief, full)
    return [best[i] for i in ranked[:TOP]]


class _Known:
    """The serving encoder with every creator's vectors known: for what is measured in quality and not in time."""

    def __init__(self, inner: Encoder, creators: Sequence[Prepared]) -> None:
        self.name, self.digest, self.width = inner.name, inner.digest, inner.width
        self._inner = inner
        self._known = {
            unit.text: vector
            for creator in creators
            for unit, vector in zip(creator.units, creator.vectors, strict=True)
        }

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._inner.encode([text])[0]
        return np.array([self._known[text] for text in texts], np.float32).reshape(len(texts), self.width)


SUITES: dict[str, Suite] = {"encoder/instagram_2017/fast_fit": fast_fit}
