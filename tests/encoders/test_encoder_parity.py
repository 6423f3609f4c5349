"""The exported graphs against sentence-transformers, on invented texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bonafit.encoders import OnnxEncoder, read_card
from bonafit.tables.arrays import Vectors
from bonafit_training.encoders.export import export_minilm
from bonafit_training.encoders.source import minilm_directory
from tests.encoder_texts import invented_texts, published_minilm

pytestmark = pytest.mark.slow

TEXTS = invented_texts(510)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_minilm(tmp_path_factory.mktemp("encoders"), fp32=True)


@pytest.fixture(scope="module")
def reference() -> Vectors:
    import torch
    from sentence_transformers import SentenceTransformer

    threads = torch.get_num_threads()
    model = SentenceTransformer(str(minilm_directory()), device="cpu")
    # Sorted by length inside; 8 is its fastest batch here. The threads are put back for the tests that follow.
    vectors: Vectors = model.encode(TEXTS, batch_size=8, convert_to_numpy=True, show_progress_bar=False)
    torch.set_num_threads(threads)
    return vectors


def test_fp32_equals_sentence_transformers(exported: Path, reference: Vectors) -> None:
    ours = OnnxEncoder.load(exported, precision="fp32").encode(TEXTS)
    assert np.abs(ours - reference).max() < 1e-5


def test_int8_stays_close_to_sentence_transformers(exported: Path, reference: Vectors) -> None:
    ours = OnnxEncoder.load(exported).encode(TEXTS)
    cosine = (ours * reference).sum(axis=1)
    assert cosine.mean() >= 0.99
    assert cosine.min() >= 0.97


def test_published_graph_is_the_exporters(exported: Path, repository: Path) -> None:
    """fp32 is the same bytes anywhere; int8 is calibrated, so only its closeness can be asked of other processors."""
    published_folder = published_minilm(repository)
    fresh, published = read_card(exported), read_card(published_folder)
    assert fresh.graphs["fp32"] == published.graphs["fp32"]
    assert fresh.tokenizer == published.tokenizer
    assert fresh.source == published.source
    sample = TEXTS[::10]
    pairs = OnnxEncoder.load(exported).encode(sample) * OnnxEncoder.load(published_folder).encode(sample)
    assert pairs.sum(axis=1).min() > 0.99
