"""Any other sentence-transformers model as a graph: traced by torch from its own modules, then held to their vectors.

Where `encoder_source` knows the architecture, `encoder_graph` builds a faster, fused graph. Everything else (MPNet,
DistilBERT, further modules such as a dense layer, other poolings) is run once by sentence-transformers and recorded.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bonafit.encoders.tokenizer import load_tokenizer
from bonafit.errors import EncoderError
from bonafit_training.encoders.graph import INPUT
from bonafit_training.encoders.source import FloatArray

# Largest difference in a coordinate of unit vectors between the graph and sentence-transformers; float32 rounding of
# twelve layers stays below 1e-6, a tokenizer or a branch that the graph misses is far above.
TOLERANCE = 1e-4
_OPSET = 17
# Tokens where a model names no limit of its own.
_LIMIT = 512
_PROBES = (
    "A short text.",
    "",
    "MORNING Coffee ☕️ with @friend, #cleanbeauty and 3 vegan ramen recipes: so good!!",
    "Olá! Hoje tem receita de pão de queijo; 今日は新しいカフェに行きました",
    " ".join(f"word{i} and another one" for i in range(400)),
)


@dataclass(frozen=True)
class TracedEncoder:
    """A model as recorded. graph : float32 ONNX. tokenizer : tokenizers JSON. sha256 : of each file in the folder."""

    graph: bytes
    tokenizer: bytes
    max_tokens: int
    width: int
    sha256: dict[str, str]


def trace(folder: Path) -> TracedEncoder:
    """Record the model that sentence-transformers saved in folder, with unit vectors as its output.

    Raises EncoderError where it cannot be served: no fast tokenizer, a prompt of its own, an operation that ONNX lacks,
    or a graph whose vectors are not those of sentence-transformers.
    """
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # whatever transformers, safetensors or torch raise for a folder they cannot read
        raise EncoderError(f"{folder}: sentence-transformers cannot load it ({error}); save the model again") from error
    model.eval()
    if prompt := model.prompts.get(model.default_prompt_name or "", ""):
        raise EncoderError(
            f"{folder}: it puts {prompt!r} before every text, which the light runtime does not; choose another model"
        )
    max_tokens = _max_tokens(model)
    tokenizer = _tokenizer(folder, model)
    traced = TracedEncoder(
        graph=_graph(folder, model, max_tokens),
        tokenizer=tokenizer,
        max_tokens=max_tokens,
        width=int(model.get_embedding_dimension()),
        sha256={
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in (".json", ".safetensors", ".bin", ".model", ".txt")
        },
    )
    expected = model.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False, batch_size=1)
    difference = float(np.abs(vectors_of(traced.graph, traced, _PROBES) - expected).max())
    if not difference <= TOLERANCE:
        raise EncoderError(
            f"{folder}: the recorded graph's vectors differ from sentence-transformers' by {difference:.2g}, expected "
            f"at most {TOLERANCE}; this architecture branches on its input and cannot be recorded"
        )
    return traced


def vectors_of(graph: bytes, encoder: TracedEncoder, texts: Sequence[str]) -> FloatArray:
    """(n, width) float32 vectors of the texts by a graph, one text a call, as the light runtime computes them."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    tokenizer = load_tokenizer(encoder.tokenizer, max_tokens=encoder.max_tokens)
    rows = [session.run(None, {INPUT: np.array([tokenizer.encode(text).ids], np.int64)})[0][0] for text in texts]
    return np.array(rows, np.float32)


def _max_tokens(model: Any) -> int:
    limit = model.max_seq_length
    # transformers writes 1e30 for "no limit".
    return int(limit) if limit is not None and limit < 1_000_000 else _LIMIT


def _tokenizer(folder: Path, model: Any) -> bytes:
    tokenizer = model.tokenizer
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if not getattr(tokenizer, "is_fast", False) or backend is None:
        raise EncoderError(
            f"{folder}: its tokenizer {type(tokenizer).__name__} is not a fast one, and the light runtime has only the "
            "library tokenizers; save the model with a fast tokenizer (tokenizer.json), or choose another"
        )
    spec = json.loads(backend.to_str())
    spec.update(padding=None, truncation=None, decoder=None)
    return json.dumps(spec, ensure_ascii=False, separators=(",", ":")).encode()


def _graph(folder: Path, model: Any, max_tokens: int) -> bytes:
    import onnx
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any) -> Any:
            features = {INPUT: input_ids, "attention_mask": torch.ones_like(input_ids)}
            return torch.nn.functional.normalize(self.model(features)["sentence_embedding"], dim=-1)

    sample = model.tokenizer("one two three four five", return_tensors="pt", truncation=True, max_length=max_tokens)
    with TemporaryDirectory() as scratch, torch.no_grad(), warnings.catch_warnings():
        # The tracer warns of every branch it cannot follow and of its successor, which needs a further package; what
        # it got wrong shows in the comparison of vectors.
        warnings.simplefilter("ignore")
        path = Path(scratch, "model.onnx")
        try:
            torch.onnx.export(
                Whole().eval(),
                (sample[INPUT],),
                str(path),
                input_names=[INPUT],
                output_names=["vector"],
                dynamic_axes={INPUT: {1: "tokens"}},
                opset_version=_OPSET,
                dynamo=False,
            )
        except Exception as error:  # the tracer raises many kinds, from torch and from C++
            raise EncoderError(f"{folder}: cannot be recorded as ONNX ({error}); choose another model") from error
        raw: bytes = onnx.load(path).SerializeToString(deterministic=True)
    return raw
