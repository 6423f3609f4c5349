"""Encoders in the serving encoder's place: quality on the niche-fit rows, languages, speed, memory, size.

A row's slice is the encoder; methods stand as in the niche-fit rows, so that `tfidf` and `random` are beside each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq
from benchmarks.measures.niches import SAME_NICHE, classify_bios, company_queries
from benchmarks.registry import Suite
from sklearn.feature_extraction.text import TfidfVectorizer

from bonafit.encoders import CachedEncoder, OnnxEncoder, StaticEncoder, load_encoder
from bonafit.encoders.encoder import Encoder
from bonafit.text.clean import clean
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.data.niche_fit import INSTAGRAM, TIDES, read_shark_tank, read_tides_bios
from bonafit_training.encoders.export import add_fp32
from bonafit_training.encoders.source import minilm_directory
from bonafit_training.heads.niche_fit.evaluate import baseline_rows, calibration_row, rank_rows
from bonafit_training.heads.niche_fit.fit import fit_head, held_out_answers, read_sets
from bonafit_training.metrics import ndcg_at

ROOT = Path(__file__).resolve().parent.parent.parent
ENCODERS = ROOT / "models" / "encoders"
PARALLEL = ROOT / "benchmarks" / "data" / "parallel_captions.toml"
SUITE = "encoder_bakeoff"
KEPT = ("auc", "map", "ece", "macro_f1", "ndcg@10")
TIMED = 200


def _only(name: str) -> Path:
    (folder,) = ENCODERS.glob(f"{name}-*")
    return folder


def _int8() -> Encoder:
    return OnnxEncoder.load(_only("all-MiniLM-L6-v2"))


def _fp32_folder() -> Path:
    published = _only("all-MiniLM-L6-v2")
    folder = ROOT / "build" / "encoders" / published.name
    if not (folder / "model.fp32.onnx").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for file in published.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        add_fp32(folder, minilm_directory())
    return folder


def _fp32() -> Encoder:
    return OnnxEncoder.load(_fp32_folder(), precision="fp32")


def _static() -> Encoder:
    return StaticEncoder.load(_only("static-MiniLM"))


CANDIDATES: dict[str, Callable[[], Encoder]] = {
    "minilm_int8": _int8,
    "minilm_fp32": _fp32,
    "static": _static,
    "door": lambda: load_encoder(_only("e5-door")),
}
# Any further exported encoder, such as an adapted one.
OTHER = os.environ.get("BAKEOFF_ENCODER")
if OTHER is not None:
    CANDIDATES["other"] = lambda: load_encoder(OTHER)


_cases = partial(Cases, SUITE)


def quality(context: Context, name: str) -> Iterator[Row]:
    """The niche-fit rows with this encoder, its own reference and its own head."""
    sets = read_sets(context)
    held_out = held_out_answers(sets, sets.judged, context)
    rows: list[Row] = []
    for judged, eta, p in zip(sets.judged, held_out.eta, held_out.p, strict=True):
        rows += [*rank_rows(judged, eta), calibration_row(judged, p)]
        rows += baseline_rows(judged, sets.reference, seed=context.seed)
    rows += classify_bios(context)
    rows += company_queries(context, fit_head(sets, context))
    for row in rows:
        if row.metric in KEPT:
            yield msgspec.structs.replace(row, suite=SUITE, slice=name)


def languages(context: Context, name: str) -> Iterator[Row]:
    """The invented captions: their niche from an English line, and their English original among all, by language.

    One wrong answer in seventeen is .059; chance is .059 too. Then English companies over bios in other languages.
    """
    niches = tomllib.loads(PARALLEL.read_text(encoding="utf-8"))
    lines = [clean(niche["line"]) for niche in niches.values()]
    english = [clean(niche["en"]) for niche in niches.values()]
    truth = np.arange(len(niches))
    own_vectors = [context.encoder.encode(texts).astype(np.float64) for texts in (lines, english)]
    tfidf = TfidfVectorizer(sublinear_tf=True).fit([*lines, *english])
    words = [tfidf.transform(texts).toarray() for texts in (lines, english)]
    codes = [code for code in next(iter(niches.values())) if code != "line"]
    for code in codes:
        texts = [clean(niche[code]) for niche in niches.values()]
        for method, (line, original), own in (
            (OURS, own_vectors, context.encoder.encode(texts).astype(np.float64)),
            ("tfidf", words, tfidf.transform(texts).toarray()),
        ):
            right = float(np.mean(np.argmax(own @ line.T, axis=1) == truth))
            yield _cases("parallel_captions", f"niche:{code}", name).row("accuracy", right, len(truth), method)
            if code != "en":
                recall = float(np.mean(np.argmax(own @ original.T, axis=1) == truth))
                yield _cases("parallel_captions", f"translation:{code}", name).row(
                    "accuracy", recall, len(truth), method
                )
    yield from _tides(context, name)


def _tides(context: Context, name: str) -> Iterator[Row]:
    rows = [row for row in read_tides_bios(context.data) if row["commerceCategory"] not in ("none", "", None)]
    companies = read_shark_tank(context.data)
    for split in ("en", "other"):
        part = [row for row in rows if (row["language"] == "English") == (split == "en") and clean(row["bio"])]
        texts, labels = [clean(row["bio"]) for row in part], [row["commerceCategory"] for row in part]
        tfidf = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit(texts)
        documents, vectors = tfidf.transform(texts), context.encoder.encode(texts).astype(np.float64)
        figures: dict[str, list[float]] = {OURS: [], "tfidf": []}
        for company in companies:
            same = {niche for niche, categories in SAME_NICHE[TIDES].items() if company["category"] in categories}
            relevance = np.array([float(label in same) for label in labels])
            if relevance.any():
                query = clean(company["description"])
                scores = vectors @ context.encoder.encode([query])[0].astype(np.float64)
                figures[OURS].append(ndcg_at(relevance, scores, 10))
                words = (documents @ tfidf.transform([query]).T).toarray()[:, 0]
                figures["tfidf"].append(ndcg_at(relevance, words, 10))
        for method, values in figures.items():
            yield _cases(TIDES, f"bios:{split}", name).row("ndcg@10", float(np.mean(values)), len(values), method)


# A process of its own that imports what serving imports, so that memory is the encoder's and not this suite's.
_COST = """
import json, sys, time
sys.path[:0] = json.loads(sys.argv[1])
texts = json.load(sys.stdin)
began = time.process_time()
{load}
encoder.encode(texts[:5])
loaded = time.process_time() - began
began = time.process_time()
encoder.encode(texts)
seconds = time.process_time() - began
# Not getrusage: its peak is inherited from the process that started this one.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([len(texts) / seconds, loaded, int(peak) / 1024]))
"""
_ONNX = "from bonafit.encoders import OnnxEncoder; encoder = OnnxEncoder.load({folder!r}, precision={p!r}, threads=1)"


def _loading(name: str) -> tuple[str, Path]:
    """Statement that makes `encoder`, and what must be on disk for it beside numpy and the runtime."""
    if name == "static":
        folder = _only("static-MiniLM")
        return f"from bonafit.encoders import StaticEncoder; encoder = StaticEncoder.load({str(folder)!r})", folder
    if name == "door":
        folder = _only("e5-door")
        return f"from bonafit.encoders import load_encoder; encoder = load_encoder({str(folder)!r}, threads=1)", folder
    if name == "other" and OTHER is not None:
        return f"from bonafit.encoders import load_encoder; encoder = load_encoder({OTHER!r})", Path(OTHER)
    precision = name.removeprefix("minilm_")
    folder = _fp32_folder() if precision == "fp32" else _only("all-MiniLM-L6-v2")
    return _ONNX.format(folder=str(folder), p=precision), folder


def cost_of(name: str, texts: Sequence[str]) -> tuple[float, float, float, float]:
    """Of a candidate: texts a second of processor time, seconds of it to load, peak memory and size in MB."""
    load, folder = _loading(name)
    done = subprocess.run(
        [sys.executable, "-c", _COST.format(load=load), json.dumps(sys.path)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    speed, loaded, peak = json.loads(done.stdout)
    left_out = "model.onnx" if name == "minilm_fp32" else ""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != left_out]
    size = sum(path.stat().st_size for path in files if path.suffix != ".pyc") / 1e6
    return speed, loaded, peak, size


def costs(context: Context, name: str) -> Iterator[Row]:
    """Texts a second of processor time on one thread, time to load, peak memory, size on disk."""
    captions = pq.read_table(context.data / "fit/instagram_2017/posts.parquet", columns=["caption"])["caption"]
    texts = sorted({text for caption in captions.to_pylist() if (text := clean(caption or ""))})
    sampled = [texts[i] for i in np.random.default_rng(context.seed).permutation(len(texts))[:TIMED]]
    speed, loaded, peak, size = cost_of(name, sampled)
    for metric, value, n in (
        ("texts_per_cpu_second", speed, TIMED),
        ("load_cpu_seconds", loaded, 1),
        ("peak_mb", peak, 1),
        ("mb", size, 1),
    ):
        yield _cases(INSTAGRAM, "encode", name).row(metric, value, n)


def _suite(name: str) -> Suite:
    def run(context: Context) -> Iterator[Row]:
        yield from costs(context, name)
        with closing(CachedEncoder(CANDIDATES[name](), ROOT / "build" / "vectors")) as encoder:
            own = replace(context, encoder=encoder)
            yield from languages(own, name)
            yield from quality(own, name)

    return run


SUITES: dict[str, Suite] = {f"{SUITE}/{name}": _suite(name) for name in CANDIDATES}
