"""The serving encoder: the same bytes alone, among others, from any thread; damage is refused."""

from __future__ import annotations

import multiprocessing
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonafit.encoders import OnnxEncoder, find_encoder, read_card
from bonafit.encoders.encoder import Encoder
from bonafit.errors import EncoderError
from tests.encoder_texts import EDGES, invented_texts, published_minilm

TEXTS = invented_texts(60, seed=1)


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return published_minilm(repository)


@pytest.fixture(scope="module")
def encoder(folder: Path) -> OnnxEncoder:
    return OnnxEncoder.load(folder, threads=2)


def test_is_an_encoder(encoder: OnnxEncoder) -> None:
    assert isinstance(encoder, Encoder)
    assert encoder.width == 384


@pytest.mark.slow
def test_same_bytes_alone_and_among_others_and_in_any_order(encoder: OnnxEncoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    backwards = encoder.encode(TEXTS[::-1])[::-1]
    assert together.tobytes() == alone.tobytes() == backwards.tobytes()


@pytest.mark.slow
def test_same_bytes_from_eight_threads(encoder: OnnxEncoder) -> None:
    texts = TEXTS[-20:]
    expected = encoder.encode(texts).tobytes()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: encoder.encode(texts).tobytes(), range(8)))
    assert set(results) == {expected}


def test_same_bytes_with_one_thread(encoder: OnnxEncoder, folder: Path) -> None:
    single = OnnxEncoder.load(folder, threads=1)
    assert single.encode(TEXTS[-20:]).tobytes() == encoder.encode(TEXTS[-20:]).tobytes()


def test_repeated_texts_get_the_same_row(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(["a", "b", "a", "a"])
    assert vectors[0].tobytes() == vectors[2].tobytes() == vectors[3].tobytes()
    assert vectors[0].tobytes() != vectors[1].tobytes()


def test_no_texts_give_no_rows(encoder: OnnxEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_edge_texts_are_finite_unit_vectors(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(EDGES)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_what_lies_beyond_the_limit_changes_nothing(encoder: OnnxEncoder) -> None:
    vectors = encoder.encode(["coffee " * 400, "coffee " * 500])
    assert vectors[0].tobytes() == vectors[1].tobytes()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec=None), max_size=80))
def test_any_string_at_all_has_a_vector(encoder: OnnxEncoder, text: str) -> None:
    """Lone surrogates included: they come out of broken JSON escapes."""
    vector = encoder.encode([text])
    assert np.isfinite(vector).all()
    assert abs(float(np.linalg.norm(vector)) - 1) < 1e-5


def _encode_in_child(encoder: OnnxEncoder, expected: bytes) -> None:
    if encoder.encode(TEXTS[:20]).tobytes() != expected:
        raise SystemExit(1)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_works_after_a_fork(encoder: OnnxEncoder) -> None:
    """A service that loads before it forks its workers; even with every slot taken at that moment."""
    expected = encoder.encode(TEXTS[:20]).tobytes()
    for _ in range(encoder.threads):
        encoder._slots.acquire()
    child = multiprocessing.get_context("fork").Process(target=_encode_in_child, args=(encoder, expected))
    child.start()
    for _ in range(encoder.threads):
        encoder._slots.release()
    child.join(30)
    assert child.exitcode == 0


def test_digest_tells_precisions_apart(folder: Path) -> None:
    card = read_card(folder)
    assert card.digest("int8") != card.digest("fp32")


def test_unknown_precision_is_refused(folder: Path) -> None:
    with pytest.raises(EncoderError, match=r"no precision 'int4'.*fp32, int8"):
        OnnxEncoder.load(folder, precision="int4")


def test_absent_fp32_says_how_to_make_it(folder: Path, tmp_path: Path) -> None:
    copy = _copy(folder, tmp_path)
    with pytest.raises(EncoderError, match=r"model\.fp32\.onnx: absent; make it with .*add_fp32"):
        OnnxEncoder.load(copy, precision="fp32")


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_one_flipped_byte_is_refused(folder: Path, tmp_path: Path, file: str) -> None:
    copy = _copy(folder, tmp_path)
    raw = bytearray((copy / file).read_bytes())
    raw[len(raw) // 2] ^= 1
    (copy / file).write_bytes(raw)
    with pytest.raises(EncoderError, match=rf"{file}: sha256 is \w+…, encoder\.json expects"):
        OnnxEncoder.load(copy)


def test_edited_card_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = _copy(folder, tmp_path)
    card = copy / "encoder.json"
    card.write_bytes(card.read_bytes().replace(b'"max_tokens": 256', b'"max_tokens": 255'))
    with pytest.raises(EncoderError, match="its hash starts"):
        OnnxEncoder.load(copy)


@pytest.mark.parametrize(("content", "message"), [(None, "cannot be read"), (b"{", "not an encoder card")])
def test_absent_or_broken_card_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / "encoder.json").write_bytes(content)
    with pytest.raises(EncoderError, match=message):
        read_card(tmp_path)


def test_threads_must_be_positive(folder: Path) -> None:
    with pytest.raises(EncoderError, match="threads is -1"):
        OnnxEncoder.load(folder, threads=-1)


def test_find_encoder_by_hash(folder: Path, tmp_path: Path) -> None:
    assert find_encoder(folder.parent, folder.name[-12:]) == folder
    with pytest.raises(EncoderError, match="no encoder whose hash is 000000000000"):
        find_encoder(folder.parent, "000000000000")
    with pytest.raises(EncoderError, match="no encoder whose hash"):
        find_encoder(tmp_path / "absent", "000000000000")


def _copy(folder: Path, target: Path) -> Path:
    copy = target / folder.name
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.fp32.onnx"))
    return copy
