"""Whatever a row or a file holds, it is a creator, a reject or an InputError, in bounded time and memory."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bonafit.errors import BriefError, InputError, RecordError
from bonafit.io import streams
from bonafit.io.brief import read_brief
from bonafit.io.formats import jsonl
from bonafit.io.printable import printable
from bonafit.io.read import ReadReport, Reject, creator_from_dict, read_creators
from bonafit.io.report import MAX_NAMES
from bonafit.io.rows import lists
from bonafit.records import Creator


def read(path: Path, **options: object) -> tuple[list[Creator], list[Reject], ReadReport]:
    rejects: list[Reject] = []
    report = ReadReport()
    creators = [c for _, c in read_creators(path, on_reject=rejects.append, report=report, **options)]
    assert report.rows == len(creators) + report.rejected
    return creators, rejects, report


def test_latin1_in_a_header_and_in_an_id(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes("creator_id,bio,Größe\nc1,I write,5\n".encode("latin-1"))
    [creator], _, _ = read(path)
    assert creator.extra == {"Größe": "5"}
    path.write_bytes("creator_id,bio\nìc1,one,two\nc2,fine\n".encode("latin-1"))
    [creator], [reject], _ = read(path)
    assert (creator.creator_id, reject.line) == ("c2", 2)
    json.dumps(reject.reason).encode()


@pytest.mark.parametrize("depth", [60, 400, 5_000])
def test_any_depth_is_a_reject(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text('{"creator_id": "a", "x": ' + "[" * depth + "]" * depth + '}\n{"creator_id": "b"}\n')
    creators, [reject], _ = read(path)
    assert [creator.creator_id for creator in creators] == ["b"]
    assert "nested" in reject.reason
    (tmp_path / "p.csv").write_text(f"creator_id,caption,tags\nb,hello,{'[' * depth}\n")
    (tmp_path / "d.csv").write_text("creator_id,bio\nb,I write\n")
    creators, _, _ = read(tmp_path / "d.csv", posts=tmp_path / "p.csv")
    assert creators[0].posts[0].caption == "hello"


def test_text_in_parquet_that_is_not_utf8_costs_one_value(tmp_path: Path) -> None:
    bad = pa.array([b"\xff\xfe", b"fine"], pa.binary()).view(pa.string())
    for name, column in (
        ("dictionary", pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), bad)),
        ("list", pa.ListArray.from_arrays([0, 1, 2], bad)),
    ):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table({"creator_id": ["a", "b"], "category": column}), path)
        creators, rejects, _ = read(path)
        assert [creator.creator_id for creator in creators] == ["a", "b"]
        assert not rejects


def test_damaged_footers_are_input_errors(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"creator_id": ["a", "b"], "bio": ["x", "y"]}), buffer, store_schema=False)
    whole = bytearray(buffer.getvalue())
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    path = tmp_path / "c.parquet"
    outcomes = set()
    for place in range(start, len(whole) - 8, 7):
        for value in (0, 0xFF, whole[place] ^ 1):
            damaged = bytearray(whole)
            damaged[place] = value
            path.write_bytes(damaged)
            try:
                read(path)
                outcomes.add("read")
            except InputError:
                outcomes.add("refused")
    assert outcomes == {"read", "refused"}


@pytest.mark.parametrize(
    "row",
    [{"creator_id": 10**5_000}, {"creator_id": "a", "followers": 10**5_000}, {"creator_id": "a", "price": 10**400}],
)
def test_numbers_of_any_size_from_programs(row: dict[str, object]) -> None:
    with pytest.raises(RecordError, match=r"found (a number of more than|inf)"):
        creator_from_dict(row)


def test_a_little_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RATIO_FROM", 1 << 20)
    path = tmp_path / "c.jsonl.zst"
    path.write_bytes(pa.compress(b"\n" * (64 << 20), codec="zstd", asbytes=True))
    with pytest.raises(InputError, match="grew more than 1,000 times"):
        read(path)


def test_names_of_columns_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(
        "\n".join(json.dumps({"creator_id": str(i), **{f"k{i}-{j}": 1 for j in range(100)}}) for i in range(30))
    )
    _, _, report = read(path)
    assert len(report.unknown) == MAX_NAMES + 1
    assert sum(report.unknown.values()) == 3_000


def test_strangers_text_is_printed_without_control_characters() -> None:
    assert printable("a\x1b[2J\x07\nb\u202ec") == "a\\x1b[2J\\x07\\nb\\u202ec"
    assert printable("Müller 日本 👍") == "Müller 日本 👍"


def test_rows_of_millions_of_values_are_rejects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_VALUES", 1_000)
    monkeypatch.setattr(lists, "MAX_ITEMS", 10)
    path = tmp_path / "c.jsonl"
    rows = [
        {"creator_id": "a", "x": [[]] * 2_000},
        {"creator_id": "b", "pages": [{"caption": "x"}] * 11},
        {"creator_id": "c", "latestPosts": [{"caption": "x"}] * 11},
        {"creator_id": "d", "latestPosts": [{"caption": "x"}] * 10},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    creators, rejects, _ = read(path)
    assert [creator.creator_id for creator in creators] == ["b", "d"]
    assert [reject.creator_id for reject in rejects] == ["a", "c"]
    assert "values or commas" in rejects[0].reason
    assert "expected at most 10" in rejects[1].reason


def test_a_header_longer_than_the_look_keeps_its_separator(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    columns = ["creator_id", "bio", *(f"column {i} {'x' * 50}" for i in range(1_200))]
    path.write_text(",".join(columns) + "\n" + ",".join(["a", "I write", *["1"] * 1_200]) + "\n")
    [creator], _, report = read(path)
    assert report.source["separator"] == "comma"
    assert creator.bio == "I write"


def test_a_brief_with_an_endless_number(tmp_path: Path) -> None:
    path = tmp_path / "brief.toml"
    path.write_text(f'brand = "x"\ndescription = "y"\nmin_followers = {"9" * 5_000}\n')
    with pytest.raises(BriefError, match="not valid TOML"):
        read_brief(path)


@pytest.mark.slow
def test_a_row_wider_than_any_may_be_is_refused_before_its_names_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    wide = "{" + ",".join(f'"k{i}":[]' for i in range(150_000)) + "}\n"
    path.write_text('{"creator_id": "a"}\n' + wide)
    began = time.process_time()
    [creator], [reject], _ = read(path)
    assert time.process_time() - began < 2.0
    assert creator.creator_id == "a"
    assert reject.reason == "found 150,000 columns, expected at most 20,000"
    began = time.process_time()
    with pytest.raises(RecordError, match="found 150,000 columns"):
        creator_from_dict(json.loads(wide))
    assert time.process_time() - began < 2.0


def test_names_of_a_map_that_are_not_utf8_cost_one_value(tmp_path: Path) -> None:
    bad = pa.array([b"\xff\xfe", b"fine"], pa.binary()).view(pa.string())
    pairs = pa.MapArray.from_arrays(pa.array([0, 1, 2], pa.int32()), bad, pa.array([1, 2]))
    pq.write_table(pa.table({"creator_id": ["a", "b"], "shoes": pairs}), tmp_path / "m.parquet")
    creators, rejects, _ = read(tmp_path / "m.parquet")
    assert [creator.creator_id for creator in creators] == ["a", "b"]
    assert rejects == []
    assert creators[1].extra == {"shoes": {"fine": 2}}


@pytest.mark.parametrize(
    "obj", [{"creator_id": "\ud800x"}, {"id": "a", "Bio": "\udfff"}, {"creator_id": "a", "x": "\udc80"}]
)
def test_texts_of_programs_that_no_result_could_be_written_with_are_refused(obj: dict[str, str]) -> None:
    with pytest.raises(RecordError, match="lone surrogate"):
        creator_from_dict(obj)


def test_a_lone_surrogate_in_a_comment_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(
        '{"creator_id": "a", "posts": [{"replies": [{"text": "y\\udfff"}]}], "comments": [{"text": "x\\ud800"}]}'
    )
    [creator], rejects, _ = read(path)
    assert rejects == []
    assert (creator.comments[0].text, creator.posts[0].replies[0].text) == ("x?", "y?")
