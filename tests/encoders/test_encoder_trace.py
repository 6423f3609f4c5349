"""Models of other architectures are recorded, served by the light runtime, and agree with sentence-transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bonafit.encoders import OnnxEncoder, read_card
from bonafit.errors import EncoderError
from bonafit_training.cli.train import encoder_folder
from bonafit_training.encoders import trace as encoder_trace
from bonafit_training.encoders.export import Provenance, add_fp32, export_encoder
from bonafit_training.encoders.source import minilm_directory
from bonafit_training.encoders.trace import trace

pytestmark = pytest.mark.slow

TEXTS = ["a small model", "", "OF Two Layers! ☕️ #and @some #hashtags", "word " * 100]
SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def _model(kind: str) -> Any:
    from transformers import (
        DistilBertConfig,
        DistilBertModel,
        ElectraConfig,
        ElectraModel,
        MPNetConfig,
        MPNetModel,
        RobertaConfig,
        RobertaModel,
    )

    if kind == "mpnet":
        return MPNetModel(MPNetConfig(vocab_size=30522, **SIZES))
    if kind == "distilbert":
        return DistilBertModel(DistilBertConfig(vocab_size=30522, dim=16, n_layers=2, n_heads=2, hidden_dim=32))
    if kind == "electra":
        return ElectraModel(ElectraConfig(vocab_size=30522, embedding_size=8, **SIZES))
    # The fused graph knows RoBERTa, but not this activation.
    config = {**SIZES, "hidden_act": "relu", "max_position_embeddings": 40, "type_vocab_size": 1, "pad_token_id": 0}
    return RobertaModel(RobertaConfig(vocab_size=30522, **config))


def _save(folder: Path, kind: str, *, pooling: str = "mean", dense: bool = False, prompt: str = "") -> Any:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
    from transformers import AutoTokenizer

    torch.manual_seed(0)
    _model(kind).save_pretrained(folder / kind)
    AutoTokenizer.from_pretrained(minilm_directory()).save_pretrained(folder / kind)
    modules: list[Any] = [Transformer(str(folder / kind), max_seq_length=32), Pooling(16, pooling_mode=pooling)]
    if dense:
        modules.append(Dense(16, 24))
    prompts = {"prompts": {"given": prompt}, "default_prompt_name": "given"} if prompt else {}
    sentences = SentenceTransformer(modules=[*modules, Normalize()], device="cpu", **prompts)
    sentences.save(str(folder / "saved"), create_model_card=False)
    return sentences


def _vectors(sentences: Any) -> np.ndarray[Any, Any]:
    return np.asarray(sentences.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False))


def _export(folder: Path) -> Path:
    return export_encoder(folder / "saved", folder / "out", Provenance("tiny", "invented", "none", ()), fp32=True)


@pytest.mark.parametrize(
    ("kind", "pooling", "dense"),
    [
        ("mpnet", "mean", False),
        ("distilbert", "cls", False),
        ("roberta-relu", "mean", False),
        ("electra", "max", False),
        ("mpnet", "mean", True),
    ],
)
def test_other_architectures_agree(tmp_path: Path, kind: str, pooling: str, dense: bool) -> None:
    expected = _vectors(_save(tmp_path, kind, pooling=pooling, dense=dense))
    folder = _export(tmp_path)
    exact = OnnxEncoder.load(folder, precision="fp32")
    assert np.abs(exact.encode(TEXTS) - expected).max() < 1e-5
    assert (exact.width, exact.card.max_tokens) == (24 if dense else 16, 32)
    quick = OnnxEncoder.load(folder)
    assert (quick.encode(TEXTS) * expected).sum(axis=1).min() > 0.98
    assert quick.encode(TEXTS[::-1])[::-1].tobytes() == quick.encode(TEXTS).tobytes()


def test_int8_is_smaller_and_its_float32_can_be_made_again(tmp_path: Path) -> None:
    _save(tmp_path, "mpnet")
    folder = _export(tmp_path)
    whole = folder / "model.fp32.onnx"
    before = whole.read_bytes()
    assert (folder / "model.onnx").stat().st_size < len(before) / 3
    whole.unlink()
    assert add_fp32(folder, tmp_path / "saved").read_bytes() == before


def test_the_command_line_takes_it(tmp_path: Path) -> None:
    _save(tmp_path, "distilbert")
    folder = encoder_folder(tmp_path / "saved", tmp_path, ["en"], fp32=True)
    assert read_card(folder).languages == ("en",)
    assert (folder / "model.fp32.onnx").is_file()


def test_a_model_without_a_fast_tokenizer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sentence_transformers import SentenceTransformer

    class Slow:
        is_fast = False

    _save(tmp_path, "mpnet")
    monkeypatch.setattr(SentenceTransformer, "tokenizer", property(lambda self: Slow()))
    with pytest.raises(EncoderError, match="its tokenizer Slow is not a fast one, and the light runtime has only"):
        trace(tmp_path / "saved")


def test_a_model_with_a_prompt_of_its_own_is_refused(tmp_path: Path) -> None:
    _save(tmp_path, "mpnet", prompt="query: ")
    with pytest.raises(EncoderError, match="puts 'query: ' before every text"):
        trace(tmp_path / "saved")


def test_a_folder_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    _save(tmp_path, "mpnet")
    (tmp_path / "saved" / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EncoderError, match="saved: sentence-transformers cannot load it"):
        trace(tmp_path / "saved")


def test_a_graph_that_would_answer_otherwise_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _save(tmp_path, "mpnet")
    whole = encoder_trace._tokenizer

    def without_special_tokens(folder: Path, model: Any) -> bytes:
        return json.dumps({**json.loads(whole(folder, model)), "post_processor": None}).encode()

    monkeypatch.setattr(encoder_trace, "_tokenizer", without_special_tokens)
    monkeypatch.setattr(encoder_trace, "_PROBES", ("a small model", "another"))
    with pytest.raises(
        EncoderError, match=r"vectors differ from sentence-transformers' by .*, expected at most 0\.0001"
    ):
        trace(tmp_path / "saved")
