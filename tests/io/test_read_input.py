"""Whole inputs that cannot be read, memory, and the small parts under the readers."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonafit.errors import InputError
from bonafit.io.read import read_creators
from bonafit.io.seen_ids import SeenIds
from bonafit.io.streams import Peekable, lines
from bonafit.io.write import write_creators
from bonafit.records import Creator, Post


def consume(path: Path | str, **options: object) -> list[Creator]:
    def fail(reject: object) -> None:
        raise AssertionError(reject)

    return [creator for _, creator in read_creators(path, on_reject=fail, **options)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("c.csv", b"id,bio,bio\nx,1,2\n", "the columns bio appear more than once"),
        ("c.xls", b"<table><tr><td>creator_id</td></tr></table>", r"markup \(HTML or XML\) without a table"),
        ("c.xlsx", b"PK\x03\x04 cut short", "a damaged archive"),
        ("c.parquet", b"PAR1 not really", "cannot be read as Parquet"),
        ("c.parquet", b"", "cannot be read as Parquet"),
    ],
)
def test_whole_inputs(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=reason):
        consume(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.txt", b'{"creator_id": "a"}'),
        ("creators", b"creator_id\na\n"),
        ("c.jsonl", b'[{"creator_id": "a"}]'),
        ("c.json", b'{"items": [{"creator_id": "a"}]}'),
        ("c.json", b'{\n  "creator_id": "a"\n}'),
        ("c.jsonl", '{"creator_id": "a"}'.encode("utf-16")),
        ("c.csv", "creator_id\na\n".encode("utf-16")),
        ("c.csv", "creator_id\na\n".encode("utf-16-le")),
    ],
)
def test_containers(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert consume(tmp_path / name) == [Creator(creator_id="a")]


def test_absent_files_and_unknown_formats(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        consume(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="is a folder that holds nothing"):
        consume(tmp_path, format="jsonl")
    with pytest.raises(InputError, match="format 'xml': expected one of jsonl, csv, html, parquet, workbook"):
        consume(tmp_path / "c.jsonl", format="xml")
    with pytest.raises(InputError, match="cannot both come from standard input"):
        consume("-", posts="-")


def test_the_format_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "export.txt").write_text('{"creator_id": "a"}\n', encoding="utf-8")
    assert consume(tmp_path / "export.txt", format="jsonl") == [Creator(creator_id="a")]


@pytest.mark.parametrize("name", ["c.jsonl", "c.csv"])
def test_an_empty_input_has_no_rows(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")
    assert consume(tmp_path / name) == []


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_stream_cut_short_yields_what_was_before_the_cut_and_then_fails(tmp_path: Path, suffix: str) -> None:
    whole = tmp_path / f"c.jsonl{suffix}"
    # incompressible ids, so that a cut in the bytes is a cut in the rows
    write_creators(whole, creators_of_noise(40_000))
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) * 3 // 4])
    read: list[str] = []
    with pytest.raises(InputError, match=r"cut short.*rows before the damage were delivered"):
        read.extend(creator.creator_id for _, creator in read_creators(whole, on_reject=lambda _: None))
    assert read == [creator.creator_id for creator in creators_of_noise(len(read))]
    assert 10_000 < len(read) < 35_000


def test_a_corrupt_byte_fails(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl.gz"
    data = bytearray(gzip.compress(b'{"creator_id": "a"}\n' * 10))
    data[-8] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="gzip stream is damaged"):
        consume(path)


def creators_of_noise(n: int) -> Iterator[Creator]:
    from hashlib import sha256

    return (Creator(creator_id=sha256(str(i).encode()).hexdigest()) for i in range(n))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["c.jsonl", "c.jsonl.zst", "c.csv", "c.parquet"])
def test_memory_does_not_grow_with_the_input(tmp_path: Path, name: str) -> None:
    def creators(n: int) -> Iterator[Creator]:
        post = Post(caption="x" * 500, likes=1)
        return (Creator(creator_id=str(i), posts=(post, post)) for i in range(n))

    peaks = []
    for n in (3_000, 12_000):
        path = tmp_path / f"{n}-{name}"
        write_creators(path, creators(n))
        tracemalloc.start()
        for _ in read_creators(path, on_reject=lambda _: None):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # four times the rows are 9 MB more
    assert peaks[1] < peaks[0] + 1_000_000


@settings(max_examples=60, deadline=None)
@given(
    data=st.lists(st.sampled_from([b"\n", b"\r", b"a", b"bc", b"\xef\xbb\xbf"]), max_size=30).map(b"".join),
    sizes=st.lists(st.integers(1, 9)),
)
def test_lines_do_not_depend_on_chunks(data: bytes, sizes: list[int]) -> None:
    class Source:
        def __init__(self) -> None:
            self.at = 0
            self.sizes = list(sizes)

        def read(self, n: int, /) -> bytes:
            size = self.sizes.pop() if self.sizes else 7
            out = data[self.at : self.at + size]
            self.at += len(out)
            return out

    expected = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if expected[-1] == b"":
        expected.pop()
    assert list(lines(Peekable(Source()))) == list(enumerate(expected, start=1))


@settings(max_examples=30, deadline=None)
@given(ids=st.lists(st.text(max_size=3), max_size=300))
def test_seen_ids_is_a_set(ids: list[str]) -> None:
    seen, slow = SeenIds(), set()
    for identifier in ids:
        assert seen.add(identifier) == (identifier not in slow)
        slow.add(identifier)
    assert len(seen) == len(slow)


def test_seen_ids_survives_growth() -> None:
    seen = SeenIds()
    assert all(seen.add(str(i)) for i in range(5_000))
    assert not any(seen.add(str(i)) for i in range(5_000))


def test_reading_is_lazy(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(msgspec.json.encode({"creator_id": "a"}) + b"\n[")
    rows = read_creators(path, on_reject=lambda _: None)
    assert next(rows) == (1, Creator(creator_id="a"))
