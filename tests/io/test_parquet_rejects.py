"""Rows and values of Parquet that cannot be read are lost alone, and named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bonafit.io.read import (
    ReadReport,
    creators_from_batch,
)
from bonafit.records import Creator, Post
from tests.io.test_rejects import NOW, read


def test_parquet_rows(tmp_path: Path) -> None:
    posts = pa.array([[{"likes": 1, "filter": "x"}], None, [{"likes": -1, "filter": None}], [], None])
    table = pa.table(
        {
            "id": ["a", "b", "c", "a", None],
            "followers": pa.array([1.0, None, 3.0, 4.0, 5.0]),
            "posts": posts,
            "colour": ["red", None, None, None, None],
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    creators, rejects, report = read(tmp_path / "c.parquet")
    assert [(c.creator_id, c.followers, len(c.posts), c.extra) for c in creators] == [
        ("a", 1, 1, {"colour": "red"}),
        ("b", None, 0, {}),
        ("c", 3, 1, {}),
    ]
    assert [(r.line, r.creator_id, r.field) for r in rejects] == [
        (4, "a", "creator_id"),
        (5, None, "creator_id"),
    ]
    assert report.unknown == {"colour": 1, "posts[].filter": 1}


def test_parquet_values_of_other_types() -> None:
    broken = pa.array([b"fine", b"\xff", None], pa.binary()).view(pa.string())
    batch = pa.record_batch(
        {
            "creator_id": pa.array([1, 2, 3]),
            "bio": broken,
            "posts": pa.array(
                [
                    [{"posted_at": datetime(2026, 1, 1), "kind": "REEL"}],
                    None,
                    [{"posted_at": datetime(2026, 1, 1), "kind": None}],
                ],
                pa.list_(pa.struct([("posted_at", pa.timestamp("ns")), ("kind", pa.string())])),
            ),
        }
    )
    first, second, third = creators_from_batch(batch, first_row=11, now=NOW)
    assert isinstance(first, Creator)
    assert first.posts == (Post(posted_at=datetime(2026, 1, 1, tzinfo=UTC), kind="reel"),)
    assert first.bio == "fine"
    assert second == Creator(creator_id="2")
    assert isinstance(third, Creator)


def test_garbage_under_nulls_is_not_read() -> None:
    posts = pa.StructArray.from_arrays([pa.array([1, 2, 3])], names=["likes"])
    lists = pa.ListArray.from_arrays([0, 2, 3], posts, mask=pa.array([True, False]))
    first, second = creators_from_batch(pa.record_batch({"creator_id": ["a", "b"], "posts": lists}), now=NOW)
    assert first == Creator(creator_id="a")
    assert second == Creator(creator_id="b", posts=(Post(likes=3),))


def test_instants_outside_the_calendar_are_lost() -> None:
    at = pa.array([10**15], pa.int64()).cast(pa.timestamp("s"))
    point = pa.StructArray.from_arrays([at, pa.array([1])], names=["at", "followers"])
    batch = pa.record_batch({"creator_id": ["a"], "follower_history": pa.ListArray.from_arrays([0, 1], point)})
    report = ReadReport()
    assert creators_from_batch(batch, now=NOW, report=report) == [Creator(creator_id="a")]
    assert set(report.lost) == {"follower_history[].at"}
