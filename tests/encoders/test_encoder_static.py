"""The fast encoder and its fit, on a small invented world."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bonafit.encoders import CachedEncoder, EncoderCard, OnnxEncoder, StaticEncoder, load_encoder, read_card
from bonafit.encoders.card import directory_name, encode_card
from bonafit.encoders.encoder import Encoder
from bonafit.encoders.tokenizer import load_tokenizer
from bonafit.errors import EncoderError
from bonafit.records import Creator
from bonafit.scorer.load import find_fast_encoder
from bonafit_training.encoders.static import fast_encoder_of, fit_static_encoder, fit_token_vectors, token_shares
from tests.encoder_texts import EDGES, invented_texts, published_minilm

TEXTS = invented_texts(700, seed=3)


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    (found,) = (repository / "models" / "encoders").glob("static-MiniLM-*")
    return found


@pytest.fixture(scope="module")
def encoder(folder: Path) -> StaticEncoder:
    return StaticEncoder.load(folder)


def test_same_bytes_alone_and_among_others(encoder: StaticEncoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert together.tobytes() == alone.tobytes()
    assert encoder.encode(TEXTS[::-1])[::-1].tobytes() == together.tobytes()


def test_edge_texts_are_finite_unit_vectors(encoder: StaticEncoder) -> None:
    assert isinstance(encoder, Encoder)
    vectors = encoder.encode([*EDGES, "\ud83d"])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, encoder.width)


def test_one_vector_is_the_obvious_sum(encoder: StaticEncoder, folder: Path) -> None:
    with np.load(folder / "vectors.npz") as file:
        table = file["codes"].astype(np.float64) * file["scale"]
    tokenizer = load_tokenizer((folder / "tokenizer.json").read_bytes(), max_tokens=256)
    for text in ("vegan ramen", "", "#run4fun ☕️"):
        total = table[tokenizer.encode(text).ids].sum(axis=0)
        assert np.allclose(encoder.encode([text])[0], total / np.linalg.norm(total), atol=1e-5)


def test_cosines_follow_the_reference(encoder: StaticEncoder, repository: Path) -> None:
    reference = OnnxEncoder.load(published_minilm(repository))
    texts = [
        "vegan ramen recipe",
        "plant based noodle soup",
        "marathon training plan",
        "running 10k every day",
        "lipstick",
    ]
    slow, fast = (vectors @ vectors.T for vectors in (reference.encode(texts), encoder.encode(texts)))
    pairs = np.triu_indices(len(texts), 1)
    assert np.corrcoef(slow[pairs], fast[pairs])[0, 1] > 0.9


def test_load_encoder_knows_both_kinds(folder: Path, repository: Path) -> None:
    assert isinstance(load_encoder(folder), StaticEncoder)
    assert isinstance(load_encoder(published_minilm(repository), threads=1), OnnxEncoder)
    with pytest.raises(EncoderError, match="no precision 'fp32'"):
        load_encoder(folder, precision="fp32")


def test_the_other_kind_is_refused(folder: Path, repository: Path) -> None:
    with pytest.raises(EncoderError, match="kind 'static', expected 'onnx'"):
        OnnxEncoder.load(folder)
    with pytest.raises(EncoderError, match="kind 'onnx', expected 'static'"):
        StaticEncoder.load(published_minilm(repository))


def test_unknown_kind_and_schema_are_refused(folder: Path, tmp_path: Path) -> None:
    card = read_card(folder)
    values = {field: getattr(card, field) for field in card.__struct_fields__}
    with pytest.raises(EncoderError, match="kind 'oracle', this version knows"):
        load_encoder(_write_card(EncoderCard(**{**values, "kind": "oracle"}), tmp_path))
    with pytest.raises(EncoderError, match="schema 99, this version reads 1"):
        load_encoder(_write_card(EncoderCard(**{**values, "schema": 99}), tmp_path))


def test_flipped_byte_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / folder.name))
    raw = bytearray((copy / "vectors.npz").read_bytes())
    raw[1000] ^= 1
    (copy / "vectors.npz").write_bytes(raw)
    with pytest.raises(EncoderError, match=r"vectors\.npz: sha256 is"):
        StaticEncoder.load(copy)


@pytest.mark.slow
def test_fit_recovers_a_reference_that_is_itself_a_sum(encoder: StaticEncoder, folder: Path, tmp_path: Path) -> None:
    """Its own answers are in reach, so the fit has to find them, on texts it hasn't seen too."""
    reference = CachedEncoder(encoder, None, memory=40_000)
    refitted = StaticEncoder.load(
        fit_static_encoder({"invented": TEXTS[:600]}, reference, folder, tmp_path, name="again", width=64)
    )
    for texts, least in ((TEXTS[:600], 0.95), (TEXTS[600:], 0.93)):
        slow, fast = (vectors @ vectors.T for vectors in (encoder.encode(texts), refitted.encode(texts)))
        assert np.corrcoef(slow.ravel(), fast.ravel())[0, 1] > least
    assert read_card(next(tmp_path.iterdir())).training_sets == ("invented",)


@pytest.mark.slow
def test_a_missing_fast_encoder_is_fitted_on_what_there_is_and_found_the_next_time(
    encoder: StaticEncoder, folder: Path, tmp_path: Path
) -> None:
    reference = CachedEncoder(encoder, None, memory=40_000)
    alone = tmp_path / "mine" / folder.name
    shutil.copytree(folder, alone)
    out = tmp_path / "models" / "encoders"
    data = tmp_path / "data" / "fit" / "youtube_2025"
    data.mkdir(parents=True)
    pq.write_table(pa.table({"bio": [*TEXTS[:200], None]}), data / "creators.parquet")
    people = [Creator(creator_id=str(i), bio=text) for i, text in enumerate(TEXTS[200:300])]
    with pytest.raises(EncoderError, match=r"texts, expected at least 256 to fit"):
        fast_encoder_of(reference, alone, out, data=tmp_path / "data")
    fitted = fast_encoder_of(reference, alone, out, data=tmp_path / "data", creators=people)
    card = read_card(fitted)
    assert (fitted.parent, card.kind, card.source["reference"]) == (out, "static", encoder.digest)
    assert card.training_sets == ("youtube_2025", "own")
    assert fast_encoder_of(reference, alone, out, data=tmp_path / "nowhere") == fitted
    assert find_fast_encoder(out / "any", encoder.digest) == fitted


def test_fit_needs_more_texts_than_dimensions(encoder: StaticEncoder, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="10 texts, expected at least 256 to fit"):
        fit_static_encoder({"few": TEXTS[:10]}, encoder, folder, tmp_path, name="few")


def test_token_shares_sum_to_one(folder: Path) -> None:
    tokenizer = load_tokenizer((folder / "tokenizer.json").read_bytes(), max_tokens=256)
    shares = token_shares(["a a b", ""], tokenizer)
    assert np.allclose(shares.sum(axis=1), 1)
    assert np.isclose(shares[0, tokenizer.token_to_id("a")], 2 / 5)


@pytest.mark.slow
def test_fit_is_repeatable(encoder: StaticEncoder, folder: Path) -> None:
    tokenizer = load_tokenizer((folder / "tokenizer.json").read_bytes(), max_tokens=256)
    reference = CachedEncoder(encoder, None, memory=40_000)
    tables = [fit_token_vectors(TEXTS[:300], reference, tokenizer, width=8) for _ in range(2)]
    assert tables[0].tobytes() == tables[1].tobytes()


def _write_card(card: EncoderCard, root: Path) -> Path:
    folder = root / directory_name(card)
    folder.mkdir()
    (folder / "encoder.json").write_bytes(encode_card(card))
    return folder
