"""The machine's limits, and encoding against them and against sentence-transformers."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import numpy as np
import pyarrow.parquet as pq
from benchmarks.speed.machine import copy_rate, read_rate, sgemm_rate
from benchmarks.speed.paired import in_turns, ratio, row
from benchmarks.speed.population import ROOT

from bonafit.encoders import OnnxEncoder, StaticEncoder, read_card
from bonafit.encoders.tokenizer import load_tokenizer
from bonafit.text.clean import clean
from bonafit_training.contracts import Context, Row
from bonafit_training.encoders.source import minilm_directory

SAMPLE = 128
ROUNDS = 3
# 8 is sentence-transformers' fastest batch where lengths differ: padding costs more than calls.
BEST_BATCH = 8
# all-MiniLM-L6-v2: layers, width, feed-forward width.
LAYERS, WIDTH, INNER = 6, 384, 1_536


def limits(context: Context) -> Iterator[Row]:
    """Bytes a second read and copied by all cores, and floating point operations of their matrix products."""
    yield row("none", "limits", "gb_a_second", read_rate() / 1e9, 5, slice="read")
    yield row("none", "limits", "gb_a_second", copy_rate() / 1e9, 5, slice="copy")
    yield row("none", "limits", "gflop_a_second", sgemm_rate() / 1e9, 3, slice="sgemm")


def _operations(tokens: int) -> float:
    """Multiplications and additions of one text's matrix products."""
    return LAYERS * (2 * tokens * (4 * WIDTH**2 + 2 * WIDTH * INNER) + 4 * tokens**2 * WIDTH)


def encode(context: Context) -> Iterator[Row]:
    """Captions encoded by each encoder and by sentence-transformers, taking turns; share of the sgemm rate."""
    from sentence_transformers import SentenceTransformer

    table = pq.read_table(context.data / "fit/instagram_2017/posts.parquet", columns=["caption"])
    captions = sorted({clean(caption) for caption in table["caption"].to_pylist() if caption} - {""})
    texts = [captions[i] for i in np.random.default_rng(context.seed).permutation(len(captions))[:SAMPLE]]
    folders = {read_card(p).kind: p for p in (ROOT / "models" / "encoders").iterdir() if p.is_dir()}
    full, fast = OnnxEncoder.load(folders["onnx"]), StaticEncoder.load(folders["static"])
    model = SentenceTransformer(str(minilm_directory()), device="cpu")
    expected = model.encode(texts, batch_size=BEST_BATCH, show_progress_bar=False)
    cosine = (full.encode(texts) * expected).sum(axis=1)
    fast.encode(texts)
    many = texts * 20
    times = in_turns(
        {
            "full": lambda: full.encode(texts),
            "fast": lambda: fast.encode(many),
            "default": lambda: model.encode(texts, show_progress_bar=False),
            "best": lambda: model.encode(texts, batch_size=BEST_BATCH, show_progress_bar=False),
        },
        rounds=ROUNDS,
    )
    times["fast"] = [seconds / 20 for seconds in times["fast"]]
    rate = sgemm_rate()
    tokenizer = load_tokenizer(
        (folders["onnx"] / full.card.tokenizer.file).read_bytes(), max_tokens=full.card.max_tokens
    )
    lengths = [len(tokens.ids) for tokens in tokenizer.encode_batch(texts)]
    work = sum(_operations(n) for n in lengths)
    for name, method in (("full", "bonafit"), ("fast", "bonafit fast")):
        yield row(
            "instagram_2017", "encode", "texts_a_second", SAMPLE / statistics.median(times[name]), SAMPLE, method=method
        )
        yield row("instagram_2017", "encode", "ratio", ratio(times["default"], times[name]), ROUNDS, method=method)
        yield row(
            "instagram_2017", "encode", "ratio_to_best_batch", ratio(times["best"], times[name]), ROUNDS, method=method
        )
    yield row("instagram_2017", "encode", "cosine_mean", cosine.mean(), SAMPLE)
    yield row("instagram_2017", "encode", "cosine_min", cosine.min(), SAMPLE)
    yield row("instagram_2017", "encode", "tokens_mean", float(np.mean(lengths)), SAMPLE)
    for name, method in (("full", "bonafit"), ("best", f"sentence-transformers batch {BEST_BATCH}")):
        share = work / statistics.median(times[name]) / rate
        yield row(
            "instagram_2017", "encode", "share_of_sgemm_rate", share, SAMPLE, method=method, baseline=name != "full"
        )
    for name in ("default", "best"):
        method = "sentence-transformers" + (f" batch {BEST_BATCH}" if name == "best" else "")
        yield row(
            "instagram_2017",
            "encode",
            "texts_a_second",
            SAMPLE / statistics.median(times[name]),
            SAMPLE,
            method=method,
            baseline=True,
        )


SUITES = {"speed/machine/limits": limits, "speed/machine/encode": encode}
