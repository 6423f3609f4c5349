"""A text goes to the encoder that reads it, and comes back with the same bytes alone or among others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bonafit.encoders import (
    CachedEncoder,
    MappedEncoder,
    OnnxEncoder,
    RoutedEncoder,
    StaticEncoder,
    load_encoder,
    read_card,
)
from bonafit.encoders.routed import routed_digest
from bonafit.errors import EncoderError
from bonafit.scorer.load import find_door, open_encoder
from bonafit.tables.arrays import Vectors
from bonafit.text.language import tagged
from tests.tiny import HashEncoder

ENGLISH = "Gentle cleansers and sunscreen every day, this is my routine"
GERMAN = "Sanfte Reinigung und jeden Tag Sonnenschutz, das ist meine Routine"
JAPANESE = "毎日のやさしい洗顔と日焼け止め、わたしのスキンケア"


class Other(HashEncoder):
    """Another space's stand-in; keeps what it was asked."""

    name, digest = "other", "1" * 64

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return -super().encode(texts)


def test_english_never_reaches_the_door() -> None:
    door = Other()
    routed = RoutedEncoder(HashEncoder(), door, languages=("en",))
    assert routed.encode([ENGLISH, "Cheers"]).tobytes() == HashEncoder().encode([ENGLISH, "Cheers"]).tobytes()
    assert door.asked == []
    assert routed.digest == routed_digest("0" * 64, "1" * 64) != HashEncoder.digest


def test_each_text_by_its_own_language_and_by_its_tag() -> None:
    door = Other()
    routed = RoutedEncoder(HashEncoder(), door, languages=("en",))
    texts = [GERMAN, ENGLISH, tagged("Kaffee", "de"), tagged(GERMAN, "en"), JAPANESE]
    together = routed.encode(texts)
    assert door.asked == [GERMAN, tagged("Kaffee", "de"), JAPANESE]
    assert together.tobytes() == b"".join(routed.encode([text]).tobytes() for text in texts)


def test_both_caches_are_recalled(tmp_path: Path) -> None:
    routed = RoutedEncoder(CachedEncoder(HashEncoder(), tmp_path), CachedEncoder(Other(), tmp_path), languages=("en",))
    vectors = routed.encode([GERMAN, ENGLISH])
    known = routed.recall([ENGLISH, GERMAN, JAPANESE])
    assert set(known) == {ENGLISH, GERMAN}
    assert known[GERMAN].tobytes() == vectors[0].tobytes()
    routed.close()


def test_a_door_of_another_width_is_refused() -> None:
    wide = Other()
    wide.width = 64
    with pytest.raises(EncoderError, match=r"other: 64 wide, hash is 32 wide"):
        RoutedEncoder(HashEncoder(), wide, languages=("en",))


@pytest.fixture(scope="module")
def folders(repository: Path) -> tuple[Path, Path]:
    (minilm,) = (repository / "models" / "encoders").glob("all-MiniLM-*")
    door = find_door(minilm, read_card(minilm).digest("int8"))
    assert door is not None
    return minilm, door


@pytest.fixture(scope="module")
def door(folders: tuple[Path, Path]) -> MappedEncoder:
    return MappedEncoder.load(folders[1], threads=2)


@pytest.mark.slow
def test_the_door_gives_unit_vectors_of_the_same_bytes_alone_and_among_others(door: MappedEncoder) -> None:
    texts = [GERMAN, JAPANESE, "", "a" * 20_000, tagged("Kaffee", "de"), "Kaffee"]
    together = door.encode(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert together.tobytes() == b"".join(door.encode([text]).tobytes() for text in texts)
    assert together[4].tobytes() == together[5].tobytes()


@pytest.mark.slow
def test_the_door_leads_to_what_english_says_of_the_same(folders: tuple[Path, Path]) -> None:
    encoder = open_encoder(*folders)
    assert isinstance(encoder, RoutedEncoder)
    own, bread, german, japanese = encoder.encode([ENGLISH, "Fresh sourdough bread out of the oven", GERMAN, JAPANESE])
    assert own.tobytes() == OnnxEncoder.load(folders[0]).encode([ENGLISH])[0].tobytes()
    for mapped in (german, japanese):
        assert mapped @ own > 0.35 > mapped @ bread + 0.1
    encoder.close()


def test_the_fast_encoder_has_a_door_of_its_own(repository: Path) -> None:
    (folder,) = (repository / "models" / "encoders").glob("static-MiniLM-*")
    fast = StaticEncoder.load(folder)
    found = find_door(folder, fast.digest)
    assert found is not None
    door = StaticEncoder.load(found)
    texts = [GERMAN, JAPANESE, "", "a" * 20_000]
    together = door.encode(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert together.tobytes() == b"".join(door.encode([text]).tobytes() for text in texts)
    own, bread = fast.encode([ENGLISH, "Fresh sourdough bread out of the oven"])
    assert together[0] @ own > together[0] @ bread + 0.1


@pytest.mark.slow
def test_a_door_into_another_space_and_a_broken_map_are_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="leads into the space of another encoder than e5-door"):
        open_encoder(folders[1], folders[1])
    copy = tmp_path / folders[1].name
    copy.mkdir()
    for file in folders[1].iterdir():
        (copy / file.name).symlink_to(file)
    (copy / "map.npz").unlink()
    (copy / "map.npz").write_bytes(b"no map")
    with pytest.raises(EncoderError, match=r"map.npz: sha256 is"):
        load_encoder(copy)
