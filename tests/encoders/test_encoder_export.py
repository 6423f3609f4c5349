"""The fused graph takes any BERT or RoBERTa with mean or first-token pooling and names what it cannot express."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bonafit.encoders import OnnxEncoder, read_card
from bonafit.errors import EncoderError
from bonafit_training.cli.train import encoder_folder
from bonafit_training.encoders.export import Provenance, add_fp32, export_encoder
from bonafit_training.encoders.source import minilm_directory, read_source

pytestmark = pytest.mark.slow

TEXTS = ["a small model", "of two layers", ""]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, np.ndarray[Any, Any]]:
    """A tiny random model as sentence-transformers itself saves it, and its vectors."""
    return _save(tmp_path_factory.mktemp("tiny"), "bert", "mean")


def _save(folder: Path, kind: str, pooling: str) -> tuple[Path, np.ndarray[Any, Any]]:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    if kind == "bert":
        model = BertModel(BertConfig(vocab_size=30522, **sizes))
    else:
        model = XLMRobertaModel(
            XLMRobertaConfig(vocab_size=30522, max_position_embeddings=40, type_vocab_size=1, pad_token_id=0, **sizes)
        )
    model.save_pretrained(folder / kind)
    AutoTokenizer.from_pretrained(minilm_directory()).save_pretrained(folder / kind)
    transformer = Transformer(str(folder / kind), max_seq_length=32)
    sentences = SentenceTransformer(modules=[transformer, Pooling(16, pooling_mode=pooling)], device="cpu")
    sentences.save(str(folder / "saved"))
    vectors = sentences.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    return folder / "saved", np.asarray(vectors)


@pytest.mark.parametrize(("kind", "pooling"), [("bert", "cls"), ("xlm-roberta", "mean"), ("xlm-roberta", "cls")])
def test_other_families_and_poolings_agree(tmp_path: Path, kind: str, pooling: str) -> None:
    source, expected = _save(tmp_path, kind, pooling)
    folder = _export(source, tmp_path)
    add_fp32(folder, source)
    encoder = OnnxEncoder.load(folder, precision="fp32")
    assert np.abs(encoder.encode(TEXTS) - expected).max() < 1e-5
    assert encoder.card.max_tokens == 32


def test_a_saved_model_can_be_named_on_the_command_line(
    saved: tuple[Path, np.ndarray[Any, Any]], tmp_path: Path
) -> None:
    folder = encoder_folder(saved[0], tmp_path, ["en", "de"])
    assert folder.parent == tmp_path / "encoders"
    assert read_card(folder).languages == ("en", "de")
    assert encoder_folder(folder, tmp_path, []) == folder


def test_another_model_exports_and_agrees(saved: tuple[Path, np.ndarray[Any, Any]], tmp_path: Path) -> None:
    source, expected = saved
    folder = _export(source, tmp_path)
    add_fp32(folder, source)
    encoder = OnnxEncoder.load(folder, precision="fp32")
    assert np.abs(encoder.encode(TEXTS) - expected).max() < 1e-5
    assert (encoder.width, encoder.card.max_tokens) == (16, 32)
    cosine = (OnnxEncoder.load(folder).encode(TEXTS) * expected).sum(axis=1)
    assert cosine.min() > 0.98


def test_exporting_again_is_the_same_directory(saved: tuple[Path, np.ndarray[Any, Any]], tmp_path: Path) -> None:
    folder = _export(saved[0], tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert _export(saved[0], tmp_path) == folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert set(before) == {"encoder.json", "model.onnx", "tokenizer.json"}
    assert not read_card(folder).graphs["fp32"].stored


def test_fp32_of_other_weights_is_refused(saved: tuple[Path, np.ndarray[Any, Any]], tmp_path: Path) -> None:
    folder = _export(saved[0], tmp_path)
    with pytest.raises(EncoderError, match="was made from"):
        add_fp32(folder, minilm_directory())


def _export(source: Path, out: Path) -> Path:
    return export_encoder(source, out, Provenance("tiny", "invented", "none", ("en",)))


def _set(file: str, key: str, value: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / file
        path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))

    return change


def _dense(folder: Path) -> None:
    path = folder / "modules.json"
    modules = json.loads(path.read_text())
    modules.append({"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    path.write_text(json.dumps(modules))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("config.json", "model_type", "mpnet"), r"model_type is 'mpnet', the exporter knows 'bert'"),
        (_set("config.json", "hidden_act", "relu"), r"hidden_act is 'relu'"),
        (_set("1_Pooling/config.json", "pooling_mode", "max"), r"pooling is max, the exporter knows mean and cls"),
        (_dense, r"modules are Transformer \+ Pooling \+ Dense"),
        (lambda folder: (folder / "modules.json").unlink(), r"modules\.json: absent"),
        (lambda folder: (folder / "config.json").write_text("{"), r"config\.json: not JSON"),
        (lambda folder: (folder / "model.safetensors").unlink(), r"model\.safetensors: absent; the fused graph"),
    ],
)
def test_what_the_fused_graph_cannot_express_is_named(
    saved: tuple[Path, np.ndarray[Any, Any]], tmp_path: Path, change: Callable[[Path], None], message: str
) -> None:
    for path in saved[0].rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(saved[0])
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    change(tmp_path)
    with pytest.raises(EncoderError, match=message):
        read_source(tmp_path)
