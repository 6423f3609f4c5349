"""The serving encoder: a transformer graph in ONNX Runtime, one text a call."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bonafit.encoders.card import EncoderCard, read_card, read_checked
from bonafit.encoders.encoder import Encoder
from bonafit.encoders.graph_audit import audit_graph
from bonafit.encoders.tokenizer import load_tokenizer, storable
from bonafit.errors import EncoderError
from bonafit.tables.arrays import Vectors


class OnnxEncoder(Encoder):
    """Sentence vectors, float32 and of unit length, the same bytes alone or among others, from any thread.

    One text a call: a graph with dynamic int8 activations takes their range from the whole call, so in a batch a
    text's vector would depend on its neighbours (cosine to itself down to .979). Parallel work is one single-threaded
    run per text on at most `threads` threads at a time, however many threads call; that is also the fastest way
    (docs/decisions/002-encoder.md). An empty text is encoded as its two special tokens, as sentence-transformers does.

    No thread outlives a call and the session has no pool of its own, so an encoder made before a fork works after it.
    """

    # Of encoder.json.
    kind = "onnx"

    def __init__(
        self, card: EncoderCard, *, graph: bytes | Path, tokenizer: bytes, precision: str, threads: int
    ) -> None:
        import onnxruntime

        if threads < 1:
            raise EncoderError(f"threads is {threads}, expected at least 1")
        self.card = card
        self.name = card.name
        self.width = card.width
        self.precision = precision
        self.threads = threads
        self.digest = card.digest(precision)
        self._tokenizer = self._load_tokenizer(tokenizer)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Every text has its own length; a memory plan kept for each length seen only grows.
        options.enable_mem_pattern = False
        # A big graph stays in its file: its bytes beside the runtime's own copies would be the process's peak.
        audit_graph(graph if isinstance(graph, bytes) else np.memmap(graph, np.uint8, "r"))
        try:
            self._session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the C++ side raises classes of its own
            raise EncoderError(f"{card.name}: graph does not load ({error}); export the encoder again") from error
        self._start()

    def _start(self) -> None:
        self._slots = threading.BoundedSemaphore(self.threads)
        self._counting = threading.Lock()
        self._callers = 0
        self._pid = os.getpid()

    @classmethod
    def load(cls, path: str | Path, *, precision: str = "int8", threads: int | None = None) -> OnnxEncoder:
        """Load an encoder directory, checking every byte read against `encoder.json`.

        threads : runs at a time; by default the cores this process may use.
        Raises EncoderError if a file is absent, differs from its hash, or the precision is unknown.
        """
        folder = Path(path)
        card = read_card(folder)
        if card.kind != cls.kind:
            raise EncoderError(f"{folder}: an encoder of kind {card.kind!r}, expected {cls.kind!r}; use load_encoder")
        graph = read_checked(folder, card.graph(precision))
        tokenizer = read_checked(folder, card.tokenizer)
        return cls(card, graph=graph, tokenizer=tokenizer, precision=precision, threads=threads or usable_cores())

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, width) float32, unit length, row i is texts[i]; equal texts are encoded once."""
        rows: dict[str, int] = {}
        index = [rows.setdefault(text, len(rows)) for text in texts]
        out = np.empty((len(rows), self.width), np.float32)
        unique = list(rows)
        if self._pid != os.getpid():
            # A child forked while another thread held a slot would wait for it for ever.
            self._start()
        # Where several callers encode at once they are parallel already: more threads would wait for each other.
        with self._counting:
            self._callers += 1
            workers = min(self.threads + 1 - self._callers, len(unique))
        try:
            if workers <= 1:
                for row, text in enumerate(unique):
                    out[row] = self._encode_one(text)
            else:
                self._encode_parallel(unique, out, workers=workers)
        finally:
            with self._counting:
                self._callers -= 1
        return out if len(rows) == len(texts) else out[index]

    def warm(self) -> None:
        """Encode one text, so that the first real one doesn't pay for lazy allocations."""
        self._encode_one("warm")

    def _encode_parallel(self, texts: list[str], out: Vectors, *, workers: int) -> None:
        # Longest first: the last texts to finish are then short ones and no thread waits long for another.
        queue = iter(sorted(range(len(texts)), key=lambda row: -len(texts[row])))
        lock = threading.Lock()
        stop = threading.Event()

        def work() -> None:
            while not stop.is_set():
                with lock:
                    row = next(queue, None)
                if row is None:
                    return
                try:
                    out[row] = self._encode_one(texts[row])
                except BaseException:
                    stop.set()
                    raise

        with ThreadPoolExecutor(workers, thread_name_prefix="bonafit-encoder") as pool:
            futures = [pool.submit(work) for _ in range(workers)]
            try:
                for future in futures:
                    future.result()
            finally:
                stop.set()

    def _load_tokenizer(self, raw: bytes) -> Any:
        return load_tokenizer(raw, max_tokens=self.card.max_tokens)

    def _ids(self, text: str) -> list[int]:
        """Token ids of a text, special ones included."""
        ids: list[int] = self._tokenizer.encode(storable(text)).ids
        return ids

    def _encode_one(self, text: str) -> Vectors:
        ids = np.array([self._ids(text)], np.int64)
        with self._slots:
            try:
                vector: Vectors = self._session.run(None, {"input_ids": ids})[0].reshape(-1)
            except Exception as error:  # the C++ side raises classes of its own
                raise EncoderError(f"{self.name}: graph does not run ({error}); export the encoder again") from error
        if vector.shape != (self.width,) or not np.isfinite(vector).all():
            raise EncoderError(
                f"{self.name}: a vector of {vector.shape}; expected {self.width} finite numbers, restore the graph"
            )
        return vector


def usable_cores() -> int:
    """Cores this process may run on; a container's or a taskset's limit counts, where the system tells it."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
