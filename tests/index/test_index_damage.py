"""A damaged index is refused or answers as before, and what is not of the index is left alone."""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from bonafit.errors import CreatorIndexError
from bonafit.index import store
from bonafit.index.layout import MANIFEST, SEGMENTS, FileSum, commit, read_manifest, remove_unnamed
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


def forged(path: Path, **changes: object) -> None:
    """The index with a manifest whose own sum is right, of which the first segment is described otherwise."""
    manifest = read_manifest(path)
    first, *others = manifest.segments
    changed = msgspec.structs.replace(first, **changes)
    commit(path, msgspec.structs.replace(manifest, generation=manifest.generation + 1, segments=(changed, *others)))


def sums(path: Path, **sizes: int) -> tuple[FileSum, ...]:
    """The files of the first segment as they are, but for the bytes that some are said to have."""
    return tuple(
        msgspec.structs.replace(file, size=sizes.get(file.name.removesuffix(".bin"), file.size))
        for file in read_manifest(path).segments[0].files
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda path: {"name": read_manifest(path).segments[1].name}, "a segment is named twice"),
        (lambda path: {"name": "segment-that-is-not-there"}, "a segment that the manifest names is absent"),
        (lambda path: {"files": (FileSum("../manifest.json", 1, 0),)}, "expected a plain name"),
        (lambda path: {"files": sums(path, followers=10**6)}, "bytes, expected 1,000,000"),
        (lambda path: {"rows": 19}, "expected"),
        (lambda path: {"deleted": deleted_of(path, b"\0")}, "1 bytes for 20 rows"),
    ],
)  # fmt: skip
def test_a_forged_manifest_is_refused_with_what_is_wrong(
    index: Path, change: Callable[[Path], dict[str, object]], says: str
) -> None:
    forged(index, **change(index))
    with pytest.raises(CreatorIndexError, match=says):
        contents(index)


def deleted_of(path: Path, raw: bytes) -> FileSum:
    """A bit map of deleted rows, as it is written, of other bytes."""
    file = path / SEGMENTS / read_manifest(path).segments[0].name / "deleted-99.bin"
    file.write_bytes(raw)
    return FileSum(file.name, len(raw), zlib.crc32(raw))


def test_rows_are_copied_block_by_block(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(index)
    monkeypatch.setattr(store, "COPY_ROWS", 3)
    assert store.compact(index) == len(before) == 28
    assert contents(index) == before
    # nothing is left to merge
    assert store.compact(index) == 28
    with store.Writer(index) as writer:
        assert writer.upsert(row(f"e{i}", i) for i in range(7)) == 7
        assert writer.upsert([]) == 0
    assert set(contents(index)) == {*before, *(f"e{i}" for i in range(7))}
