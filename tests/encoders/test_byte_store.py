"""The store under a cache: a write is whole or not there, a child opens its own file, what cannot be used is said."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from bonafit.encoders.byte_store import ByteStore, CacheWarning


@pytest.fixture
def store(tmp_path: Path) -> ByteStore:
    return ByteStore(tmp_path, name="s")


def test_values_come_back_and_nothing_is_written_for_nothing(store: ByteStore, tmp_path: Path) -> None:
    store.put([])
    assert list(tmp_path.iterdir()) == []
    many = {f"k{i:05d}".encode(): bytes([i % 256]) * 9 for i in range(2_500)}
    store.put(many.items())
    assert store.get([*many, b"unknown"]) == many
    assert store.remove(b"k0000") == 10
    assert len(store.get(list(many))) == 2_490
    assert store.remove() == 2_490
    store.close()
    store.close()


def test_a_write_that_fails_leaves_nothing_of_itself(
    store: ByteStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store.put([(b"before", b"1")])

    def full(connection: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(store, "_evict", full)
    with pytest.warns(CacheWarning, match="cannot be used"):
        store.put([(b"after", b"2")])
    # given up for this process, and whole for the next
    assert store.get([b"before"]) == {}
    assert store.remove() is None
    assert ByteStore(tmp_path, name="s").get([b"before", b"after"]) == {b"before": b"1"}


def test_a_full_store_makes_room_by_its_oldest(tmp_path: Path) -> None:
    store = ByteStore(tmp_path, name="s", max_bytes=64 * 1024)
    for i in range(40):
        store.put([(f"{i:03d}".encode(), bytes(8 * 1024))])
    kept = store.get([f"{i:03d}".encode() for i in range(40)])
    assert b"039" in kept
    assert b"000" not in kept
    assert len(kept) < 20


def test_a_child_process_opens_the_file_for_itself(store: ByteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put([(b"a", b"1")])
    inherited = store._connection
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert store.get([b"a"]) == {b"a": b"1"}
    assert store._connection is not inherited


def test_a_file_that_is_no_store_is_begun_again_and_said(store: ByteStore, tmp_path: Path) -> None:
    store.put([(b"a", b"1")])
    store.close()
    [file] = [file for file in tmp_path.rglob("*") if file.is_file()]
    file.write_bytes(b"no database" * 500)
    with pytest.warns(CacheWarning, match="is damaged"):
        assert store.get([b"a"]) == {}
    store.put([(b"b", b"2")])
    assert store.get([b"b"]) == {b"b": b"2"}
