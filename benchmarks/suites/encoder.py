"""Encoders: speed against sentence-transformers in the same run, closeness to it, size.

Every speed is of the whole machine: two runs of ours at a time, torch with its own threads. Pairs alternate, and a
ratio is the median of the pairs' ratios.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from benchmarks.registry import Suite

from bonafit.encoders import OnnxEncoder, StaticEncoder
from bonafit.encoders.encoder import Encoder
from bonafit.tables.arrays import Vectors
from bonafit_training.contracts import OURS, Cases, Context, Row
from bonafit_training.encoders.export import export_minilm
from bonafit_training.encoders.source import minilm_directory

ROOT = Path(__file__).resolve().parent.parent.parent / "models" / "encoders"
SAMPLE = 400
PAIRS = 3
# Tried on these captions; 8 is the fastest where captions differ in length, as padding costs more than calls.
BEST_BATCH = 8


def _only(name: str) -> Path:
    (folder,) = ROOT.glob(f"{name}-*")
    return folder


def _row(method: str, metric: str, value: float, n: int, *, baseline: bool = False) -> Row:
    return Cases("encoder", "instagram_2017", "encode", "all").row(metric, value, n, method, baseline=baseline)


def _seconds(encode: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    began = time.perf_counter()
    encode(texts)
    return time.perf_counter() - began


def encode(context: Context) -> Iterator[Row]:
    """Texts a second over sentence-transformers' default `encode` and its best batch; cosine to it; size on disk."""
    from sentence_transformers import SentenceTransformer

    table = pq.read_table(context.data / "fit/instagram_2017/posts.parquet", columns=["caption"])
    captions = sorted({caption for caption in table["caption"].to_pylist() if caption})
    texts = [captions[i] for i in np.random.default_rng(context.seed).permutation(len(captions))[:SAMPLE]]
    model = SentenceTransformer(str(minilm_directory()), device="cpu")

    def reference(batch: int) -> Callable[[Sequence[str]], Vectors]:
        return lambda part: model.encode(list(part), batch_size=batch, show_progress_bar=False)

    default, best = reference(32), reference(BEST_BATCH)
    expected = default(texts)
    with tempfile.TemporaryDirectory() as scratch:
        exported = export_minilm(Path(scratch), fp32=True)
        encoders: dict[str, tuple[Encoder, float]] = {
            OURS: (OnnxEncoder.load(_only("all-MiniLM-L6-v2")), _megabytes(_only("all-MiniLM-L6-v2"), "model.onnx")),
            "bonafit fp32": (OnnxEncoder.load(exported, precision="fp32"), _megabytes(exported, "model.fp32.onnx")),
            "bonafit static": (StaticEncoder.load(_only("static-MiniLM")), _megabytes(_only("static-MiniLM"))),
        }
        times: dict[str, list[float]] = {name: [] for name in (*encoders, "default", "best")}
        for _ in range(PAIRS):
            for name, (encoder, _) in encoders.items():
                times[name].append(_seconds(encoder.encode, texts))
            times["default"].append(_seconds(default, texts))
            times["best"].append(_seconds(best, texts))
        for name, (encoder, size) in encoders.items():
            for other, metric in (("default", "ratio"), ("best", "ratio_to_best_batch")):
                ratios = [slow / fast for slow, fast in zip(times[other], times[name], strict=True)]
                yield _row(name, metric, statistics.median(ratios), SAMPLE)
            yield _row(name, "seconds", statistics.median(times[name]), SAMPLE)
            yield _row(name, "mb", size, 1)
            if encoder.width == expected.shape[1]:
                cosine = (encoder.encode(texts) * expected).sum(axis=1)
                yield _row(name, "cosine_mean", float(cosine.mean()), SAMPLE)
                yield _row(name, "cosine_min", float(cosine.min()), SAMPLE)
    yield _row("sentence-transformers", "seconds", statistics.median(times["default"]), SAMPLE, baseline=True)
    best_batch = f"sentence-transformers batch {BEST_BATCH}"
    yield _row(best_batch, "seconds", statistics.median(times["best"]), SAMPLE, baseline=True)
    size = _megabytes(minilm_directory(), "model.safetensors")
    yield _row("sentence-transformers", "mb", size, 1, baseline=True)


def _megabytes(folder: Path, *names: str) -> float:
    """Size of the named files of a folder, or of all of them, with its tokenizer."""
    files = {*names, "tokenizer.json"} if names else {path.name for path in folder.iterdir()}
    return sum((folder / name).stat().st_size for name in files) / 1e6


SUITES: dict[str, Suite] = {"encoder/instagram_2017/encode": encode}
