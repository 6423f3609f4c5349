"""Tables in several files, several tables in one document, and posts that stand in cells."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bonafit.errors import InputError
from bonafit.io.read import ReadOptions
from bonafit.io.write import check_output
from tests.io.reading import Read

BOTH = [("mara", 8_400), ("ole", 12_500)]


def written(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows[0]))
    else:
        lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
        path.write_text("\n".join(lines))


@pytest.mark.parametrize("ending", ["snappy.parquet", "csv", "json"])
def test_folders_of_parts(tmp_path: Path, ending: str) -> None:
    for i, (who, followers) in enumerate(BOTH):
        written(tmp_path / "d" / f"part-{i:05}.{ending}", [{"username": who, "followers": followers}])
    (tmp_path / "d" / "_SUCCESS").touch()
    (tmp_path / "d" / ".part-00000.crc").touch()
    read = Read(tmp_path / "d")
    assert read.values("handle", "followers") == BOTH
    assert read.report.source["files"] == 2


def test_what_folders_are_called_is_said_of_their_rows(tmp_path: Path) -> None:
    for platform in ("instagram", "tiktok"):
        written(tmp_path / "d" / f"platform={platform}" / "x.parquet", [{"username": "mara", "followers": 8}])
    assert Read(tmp_path / "d").values("creator_id") == ["mara@instagram", "mara@tiktok"]


def test_folders_and_archives_of_several_tables_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "d" / "creators.csv", [{"handle": "mara", "followers": 8, "bio": "Rye"}])
    written(tmp_path / "d" / "posts.csv", [{"handle": "mara", "caption": "x", "likes": 3, "comments": 1}])
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for name in ("creators.csv", "posts.csv"):
            archive.write(tmp_path / "d" / name, name)
    for name in ("d", "d.zip"):
        with pytest.raises(InputError, match=r"posts.csv has other columns .* --posts"):
            Read(tmp_path / name)
    (tmp_path / "d" / "notes.docx").touch()
    with pytest.raises(InputError, match=r"is a folder that holds \.csv, \.docx"):
        Read(tmp_path / "d")


def test_archives_of_a_file_a_creator(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for who, followers in BOTH:
            archive.writestr(f"dump/{who}.json", json.dumps({"username": who, "followers": followers}, indent=1))
        archive.writestr("__MACOSX/dump/._mara.json", b"\0")
    assert Read(tmp_path / "d.zip").values("handle", "followers") == BOTH


def test_creators_and_posts_in_lists_of_one_document(put: Any) -> None:
    users = [{"id": 7, "username": "mara", "followers": 8400}, {"id": 8, "username": "ole", "followers": 12500}]
    post = {"caption": "Rye", "like_count": 310, "comment_count": 12}
    for owner in ({"user_id": "7"}, {"ownerUsername": "Mara"}, {"owner": {"id": 7}}):
        posts = [{"id": str(i), **owner, **post} for i in range(3)]
        read = Read(put("a.json", json.dumps({"data": {"users": users, "posts": posts}})))
        assert [len(creator.posts) for creator in read.creators] == [3, 0]
        assert read.values("handle", "followers") == BOTH
    read = Read(put("b.json", json.dumps({"users": users, "posts": [*posts, {"id": "9", "user_id": "x", **post}]})))
    assert [(reject.creator_id, reject.field) for reject in read.rejects] == [("x", "posts")]
    with pytest.raises(InputError, match="none of 1 posts"):
        Read(put("c.json", json.dumps({"users": users, "posts": [{"id": "9", **post}]})))


def test_columns_as_lists_and_objects_on_one_line(put: Any) -> None:
    columns = {"username": ["mara", "ole"], "followers": [8400, 12500], "bio": ["Rye", None]}
    assert Read(put("a.json", json.dumps(columns))).values("handle", "followers") == BOTH
    rows = [{"username": who, "followers": followers, "bio": "a }{ b"} for who, followers in BOTH]
    assert Read(put("b.json", "".join(map(json.dumps, rows)))).values("handle", "followers") == BOTH
    items = [{"username": {"S": who}, "followers": {"N": str(followers)}} for who, followers in BOTH]
    assert Read(put("c.json", json.dumps({"Items": items, "Count": 2}))).values("handle", "followers") == BOTH


def test_types_of_databases_in_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "username": pa.array([b"mara"], pa.binary()),
            "followers": pa.array([Decimal("8400")]),
            "price": pa.array([Decimal("250.50")]),
            "posts": [[{"caption": "Rye", "likes": Decimal(310), "timestamp": datetime(2026, 11, 2, tzinfo=UTC)}]],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    read = Read(tmp_path / "a.parquet")
    assert read.values("handle", "followers", "price") == [("mara", 8_400, 250.5)]
    assert read.creators[0].posts[0].likes == 310


@pytest.mark.parametrize(
    "cell",
    [
        "1. Rye bread\n2. Oats, at eight",
        "Rye bread | Oats, at eight",
        "Rye bread; Oats, at eight",
        "['Rye bread', 'Oats, at eight']",
    ],
)
def test_texts_of_posts_in_one_cell(put: Any, cell: str) -> None:
    [creator] = Read(put("a.csv", f'handle,followers,Recent captions\nmara,8400,"{cell}"\n')).creators
    assert [post.caption for post in creator.posts] == ["Rye bread", "Oats, at eight"]
    mapped = Read(
        put("b.csv", f'handle,followers,words\nmara,8400,"{cell}"\n'), options=ReadOptions({"words": "posts"})
    )
    assert [post.caption for post in mapped.creators[0].posts] == ["Rye bread", "Oats, at eight"]


def test_columns_of_counts_without_one_stop_the_run(put: Any) -> None:
    ranges = "".join(f"{who},x,{cell}\n" for who, cell in zip("abc", ["10k-50k", "50k-100k", "1k-10k"], strict=True))
    with pytest.raises(InputError, match=r"column followers: none of its cells can be read .*followers=") as caught:
        Read(put("a.csv", f"handle,bio,followers\n{ranges}"))
    assert "10k" in str(caught.value)
    texts = "".join(f"{who},8400,Rye bread; Oats\n" for who in "abc").replace("b,8400,Rye", "b,8400,White")
    texts += "d,9,Corn bread; Tea\n"
    with pytest.raises(InputError, match='--map "posts=posts"'):
        Read(put("b.csv", f"handle,followers,posts\n{texts}"))


def test_an_output_does_not_lie_among_the_parts_that_are_read(tmp_path: Path) -> None:
    written(tmp_path / "d" / "p.csv", [{"handle": "mara", "followers": 8}])
    with pytest.raises(InputError, match="lies in the folder that this run reads"):
        check_output(tmp_path / "d" / "out.csv", tmp_path / "d")
    check_output(tmp_path / "out.csv", tmp_path / "d")
