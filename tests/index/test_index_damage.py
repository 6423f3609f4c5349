"""A damaged index is refused or answers as before, and what is not of the index is left alone."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from bonafit.errors import CreatorIndexError
from bonafit.index import store
from bonafit.index.layout import MANIFEST, SEGMENTS, remove_unnamed
from tests.index.test_index_store import contents, empty, row


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Two segments, one of them with deleted rows."""
    path = empty(tmp_path / "i", "int8")
    with store.Writer(path) as writer:
        writer.upsert(row(f"c{i}", i, platform="tiktok", country="de") for i in range(20))
    with store.Writer(path) as writer:
        writer.upsert(row(f"d{i}", i, language="en") for i in range(10))
        writer.delete(["c3", "c7"])
    return path


def answers(path: Path) -> dict[str, bytes] | None:
    """What the index holds; None where it is refused."""
    try:
        return contents(path)
    except CreatorIndexError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return None


@pytest.mark.slow
def test_any_single_corruption_is_refused_or_harmless(index: Path, tmp_path: Path) -> None:
    expected = answers(index)
    assert expected is not None
    assert len(expected) == 28
    files = [file for file in sorted(index.rglob("*")) if file.is_file() and file.name != "lock"]
    chosen = random.Random(5)
    refused = tried = 0
    for file in files:
        raw = file.read_bytes()
        changes = [b"", raw[:-1], raw + b"\0", b"\0" * len(raw)]
        for _ in range(12):
            place, flip = chosen.randrange(len(raw)), 1 << chosen.randrange(8)
            changes.append(raw[:place] + bytes([raw[place] ^ flip]) + raw[place + 1 :])
        for change in changes:
            if change == raw:
                continue
            file.write_bytes(change)
            found = answers(index)
            tried += 1
            refused += found is None
            assert found in (None, expected), f"{file.name}: answered otherwise"
        file.write_bytes(raw)
    assert tried > 300
    assert refused == tried
    assert answers(index) == expected


@pytest.mark.parametrize("name", ["vectors.bin", "codes.json"])
def test_what_is_no_file_is_refused(index: Path, name: str) -> None:
    (file, *_) = sorted(index.rglob(name))
    file.unlink()
    file.mkdir()
    assert answers(index) is None
    file.rmdir()
    file.symlink_to("/dev/zero")
    assert answers(index) is None


def test_strangers_in_the_folder_are_left_alone(index: Path, tmp_path: Path) -> None:
    expected = answers(index)
    other = tmp_path / "photos"
    other.mkdir()
    (other / "a.jpg").write_bytes(b"x")
    segments = index / SEGMENTS
    (segments / ".DS_Store").write_bytes(b"x")
    (segments / "0123456789abcdef").symlink_to(other)
    shutil.copytree(other, segments / "holiday")
    (segments / "fedcba9876543210").mkdir()  # as a writer that crashed leaves it
    with pytest.warns(UserWarning, match=r"\.DS_Store, 0123456789abcdef, holiday is not of this index"):
        assert remove_unnamed(index, store.read_manifest(index)) == 1
    assert (other / "a.jpg").exists()
    assert (segments / "holiday" / "a.jpg").exists()
    assert not (segments / "fedcba9876543210").exists()
    assert answers(index) == expected


def test_a_manifest_of_another_index_is_refused(index: Path) -> None:
    raw = (index / MANIFEST).read_bytes()
    (index / MANIFEST).write_bytes(raw.replace(b'"live":18', b'"live":20'))
    assert answers(index) is None
