"""The cache gives the encoder's own bytes, whatever happens to its file."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bonafit.encoders import CachedEncoder, CacheWarning, default_cache_path
from bonafit.encoders.byte_store import ByteStore
from bonafit.encoders.encoder import Encoder
from bonafit.tables.arrays import Vectors
from tests.tiny import HashEncoder

WIDTH = 8
FOLDER = "vectors-1"


class CountingEncoder(Encoder):
    """Vectors that depend on the text alone; counts the texts it was asked for."""

    name = "counting"
    width = WIDTH

    def __init__(self, digest: str = "a1") -> None:
        self.digest = digest
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        rows = [np.random.default_rng(list(f"{self.digest}{text}".encode())).normal(size=WIDTH) for text in texts]
        matrix = np.array(rows).reshape(len(texts), WIDTH)
        return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


TEXTS = [f"text {i} ☕️" for i in range(1500)]
EXPECTED = CountingEncoder().encode(TEXTS).tobytes()


def database(folder: Path) -> Path:
    return folder / FOLDER / "vectors.sqlite"


def filled(folder: Path) -> None:
    cache = CachedEncoder(CountingEncoder(), folder)
    cache.encode(TEXTS)
    cache.close()


def test_second_process_asks_the_encoder_for_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    inner = CountingEncoder()
    cache = CachedEncoder(inner, tmp_path)
    assert isinstance(cache, Encoder)
    assert cache.encode(TEXTS).tobytes() == EXPECTED
    assert (inner.asked, cache.hits, cache.misses) == (0, len(TEXTS), 0)
    assert (cache.name, cache.digest, cache.width) == (inner.name, inner.digest, WIDTH)


def test_each_distinct_text_is_asked_for_once() -> None:
    inner = CountingEncoder()
    cache = CachedEncoder(inner, None)
    vectors = cache.encode(["a", "b", "a"])
    assert vectors.tobytes() == CountingEncoder().encode(["a", "b", "a"]).tobytes()
    assert (inner.asked, cache.hits, cache.misses) == (2, 0, 2)
    assert cache.encode([]).shape == (0, WIDTH)


def test_another_encoder_shares_the_file_but_no_vector(tmp_path: Path) -> None:
    filled(tmp_path)
    other = CountingEncoder("b2")
    assert (
        CachedEncoder(other, tmp_path).encode(TEXTS[:5]).tobytes() == CountingEncoder("b2").encode(TEXTS[:5]).tobytes()
    )
    assert other.asked == 5


def test_the_file_holds_no_text(tmp_path: Path) -> None:
    filled(tmp_path)
    assert b"text 7" not in database(tmp_path).read_bytes()


def test_memory_keeps_the_latest_and_forgets_the_oldest() -> None:
    inner = CountingEncoder()
    cache = CachedEncoder(inner, None, memory=2)
    cache.encode(["a", "b"])
    cache.encode(["a"])
    cache.encode(["c"])
    cache.encode(["a", "c"])
    assert inner.asked == 3
    cache.encode(["b"])
    assert inner.asked == 4


def test_changing_a_result_does_not_change_the_cache() -> None:
    cache = CachedEncoder(CountingEncoder(), None)
    cache.encode(["a"])[:] = 0
    cache.encode(["a"])[:] = 0
    assert cache.encode(["a"]).tobytes() == CountingEncoder().encode(["a"]).tobytes()


def test_full_store_drops_the_oldest(tmp_path: Path) -> None:
    store = ByteStore(tmp_path, max_bytes=200_000)
    for start in range(0, 1000, 50):
        store.put((str(i).encode(), bytes(1000)) for i in range(start, start + 50))
    store.close()
    assert not store.get([b"0"])
    assert store.get([b"999"])
    assert database(tmp_path).stat().st_size < 400_000


def test_lone_surrogates_have_a_key(tmp_path: Path) -> None:
    inner = CountingEncoder()
    inner.encode = lambda texts: np.full((len(texts), WIDTH), WIDTH**-0.5, np.float32)  # type: ignore[method-assign]
    assert CachedEncoder(inner, tmp_path).encode(["\ud83d", "\udc00x"]).shape == (2, WIDTH)


def _fill_in_child(folder: Path, start: int) -> None:
    texts = TEXTS[start:] + TEXTS[:start]
    expected = CountingEncoder().encode(texts).tobytes()
    for _ in range(3):
        cache = CachedEncoder(CountingEncoder(), folder, memory=10)
        for first in range(0, len(texts), 100):
            if (
                cache.encode(texts[first : first + 100]).tobytes()
                != expected[first * WIDTH * 4 : (first + 100) * WIDTH * 4]
            ):
                os._exit(1)
        cache.close()


@pytest.mark.slow
def test_many_processes_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=_fill_in_child, args=(tmp_path, start)) for start in (0, 400, 800, 1200)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0, 0]
    inner = CountingEncoder()
    assert CachedEncoder(inner, tmp_path).encode(TEXTS).tobytes() == EXPECTED
    assert inner.asked == 0


@pytest.mark.slow
def test_many_threads_at_once(tmp_path: Path) -> None:
    cache = CachedEncoder(CountingEncoder(), tmp_path, memory=100)
    with ThreadPoolExecutor(8) as pool:
        results = set(pool.map(lambda _: cache.encode(TEXTS).tobytes(), range(16)))
    assert results == {EXPECTED}


def _put_for_ever(folder: Path) -> None:
    store = ByteStore(folder)
    for i in range(10**9):
        store.put((f"{i}-{j}".encode(), bytes(500)) for j in range(20))


def test_a_killed_writer_leaves_a_whole_store(tmp_path: Path) -> None:
    filled(tmp_path)
    child = multiprocessing.get_context("spawn").Process(target=_put_for_ever, args=(tmp_path,))
    child.start()
    probe = ByteStore(tmp_path)
    while not probe.get([b"5-0"]):
        child.join(0.01)
    child.kill()
    child.join()
    assert len(probe.get([f"5-{j}".encode() for j in range(20)])) == 20
    inner = CountingEncoder()
    assert CachedEncoder(inner, tmp_path).encode(TEXTS).tobytes() == EXPECTED
    assert inner.asked == 0


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_open_store_survives_a_fork(tmp_path: Path) -> None:
    cache = CachedEncoder(CountingEncoder(), tmp_path, memory=10)
    cache.encode(TEXTS)
    context = multiprocessing.get_context("fork")
    children = [context.Process(target=_expect_hits, args=(cache,)) for _ in range(2)]
    for child in children:
        child.start()
    assert cache.encode(TEXTS).tobytes() == EXPECTED
    for child in children:
        child.join(30)
    assert [child.exitcode for child in children] == [0, 0]


def _expect_hits(cache: CachedEncoder) -> None:
    before = cache.misses
    if cache.encode(TEXTS).tobytes() != EXPECTED or cache.misses != before:
        raise SystemExit(1)


@pytest.mark.parametrize("damage", [b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_damaged_file_is_begun_again(tmp_path: Path, damage: bytes) -> None:
    filled(tmp_path)
    database(tmp_path).write_bytes(damage)
    cache = CachedEncoder(CountingEncoder(), tmp_path)
    with pytest.warns(CacheWarning, match="is damaged .* and is begun again"):
        assert cache.encode(TEXTS).tobytes() == EXPECTED
    inner = CountingEncoder()
    assert CachedEncoder(inner, tmp_path).encode(TEXTS).tobytes() == EXPECTED
    assert inner.asked == 0
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]


def test_damaged_pages_are_begun_again(tmp_path: Path) -> None:
    filled(tmp_path)
    raw = bytearray(database(tmp_path).read_bytes())
    raw[4096:] = b"\xaa" * (len(raw) - 4096)
    database(tmp_path).write_bytes(raw)
    cache = CachedEncoder(CountingEncoder(), tmp_path)
    with pytest.warns(CacheWarning, match="is begun again"):
        assert cache.encode(TEXTS).tobytes() == EXPECTED


def test_foreign_table_is_begun_again(tmp_path: Path) -> None:
    database(tmp_path).parent.mkdir()
    connection = sqlite3.connect(database(tmp_path))
    connection.execute("CREATE TABLE vectors (something TEXT)")
    connection.close()
    with pytest.warns(CacheWarning, match="is begun again"):
        filled(tmp_path)


def test_damaged_value_is_encoded_again(tmp_path: Path) -> None:
    filled(tmp_path)
    connection = sqlite3.connect(database(tmp_path))
    connection.execute("UPDATE vectors SET value = zeroblob(length(value) - 4) || x'01020304' WHERE id = 3")
    connection.execute("UPDATE vectors SET value = x'00' WHERE id = 4")
    connection.commit()
    connection.close()
    for asked in (2, 0):
        inner = CountingEncoder()
        assert CachedEncoder(inner, tmp_path).encode(TEXTS).tobytes() == EXPECTED
        assert inner.asked == asked


def test_folder_removed_under_way(tmp_path: Path) -> None:
    cache = CachedEncoder(CountingEncoder(), tmp_path, memory=1)
    cache.encode(TEXTS[:10])
    shutil.rmtree(tmp_path / FOLDER)
    assert cache.encode(TEXTS).tobytes() == EXPECTED


def test_unusable_folder_is_given_up_with_one_warning(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    cache = CachedEncoder(CountingEncoder(), blocked, memory=0)
    with pytest.warns(CacheWarning, match="cannot be used"):
        assert cache.encode(TEXTS).tobytes() == EXPECTED
    # Warnings are errors here, so a second one would fail.
    assert cache.encode(TEXTS).tobytes() == EXPECTED


def test_default_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BONAFIT_CACHE", str(tmp_path))
    assert default_cache_path() == tmp_path
    monkeypatch.setenv("BONAFIT_CACHE", "")
    assert default_cache_path() is None
    monkeypatch.delenv("BONAFIT_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache_path() == tmp_path / "xdg" / "bonafit"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache_path() == tmp_path / ".cache" / "bonafit"


@pytest.mark.parametrize("planted", [np.full(32, np.nan), np.zeros(32), np.full(32, 9.0), np.full(31, 0.1)])
def test_a_planted_vector_that_is_none_is_encoded_again(tmp_path: Path, planted: np.ndarray) -> None:
    encoder = HashEncoder()
    expected = encoder.encode(["a text"])
    cached = CachedEncoder(encoder, tmp_path)
    assert cached._store is not None
    cached._store.put([(cached._key("a text"), planted.astype("<f4").tobytes())])
    np.testing.assert_array_equal(cached.encode(["a text"]), expected)
    assert cached.misses == 1
    cached.close()
