"""Tables as people keep them: lines that are no rows, two encodings in one file, headers twice, a table on its side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bonafit.errors import InputError
from bonafit.io.read import ReadOptions, ReadReport, Reject, read_creators

HEADER = "handle,followers,bio\n"


def read(text: str | bytes, tmp_path: Path, **options: Any) -> tuple[list[tuple[Any, ...]], list[Reject], ReadReport]:
    """Handle, followers, bio and platform of each creator, the rejects, and what was told."""
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    rejects: list[Reject] = []
    report = ReadReport()
    creators = [
        (creator.handle, creator.followers, creator.bio, creator.platform)
        for _, creator in read_creators(path, on_reject=rejects.append, report=report, options=ReadOptions(**options))
    ]
    assert report.rows == len(creators) + len(rejects)
    return creators, rejects, report


ANA, BEA = ("ana", 3, "x", None), ("bea", 4, "y", None)


@pytest.mark.parametrize(
    ("text", "creators", "rejects"),
    [
        (HEADER + "ana,3,x\nTotal,3,\n", [ANA], {3: "a row of totals"}),
        (HEADER + "ana,3,x\n" + HEADER + "bea,4,y\n", [ANA, BEA], {3: "the header once more"}),
        (
            HEADER + "ana,3,x\nSpring,,\n" + HEADER + "bea,4,y\n",
            [ANA, BEA],
            {3: "a heading", 4: "the header"},
        ),
        (HEADER + "ana,3,x\nbea,4\n", [ANA], {3: "found 2 cells, expected 3"}),
        (HEADER + "ana,3,x,more\n", [], {2: "found 4 cells, expected 3"}),
        (HEADER, [], {}),
        ("", [], {}),
        ("handle,ana,bea\nfollowers,3,4\nbio,x,y\n", [ANA, BEA], {}),
    ],
)
def test_lines_that_are_no_rows(
    text: str, creators: list[tuple[Any, ...]], rejects: dict[int, str], tmp_path: Path
) -> None:
    found, refused, _ = read(text, tmp_path)
    assert found == creators
    assert [reject.line for reject in refused] == list(rejects)
    for reject in refused:
        assert rejects[reject.line] in reject.reason


@pytest.mark.parametrize("marks", ["", ",,"])
def test_a_line_that_names_a_platform_says_it_of_the_rows_below(marks: str, tmp_path: Path) -> None:
    text = f"TikTok{marks}\n{HEADER}ana,3,x\nInstagram{marks}\nbea,4,y\n"
    creators, rejects, report = read(text, tmp_path)
    assert creators == [("ana", 3, "x", "tiktok"), ("bea", 4, "y", "instagram")]
    assert rejects == []
    assert report.source["platform"] == "named by lines between the rows"


def test_where_a_column_names_platforms_a_line_does_not(tmp_path: Path) -> None:
    creators, rejects, _ = read("platform,handle,followers\ntiktok,ana,3\nInstagram,,\n", tmp_path)
    assert creators == [("ana", 3, None, "tiktok")]
    assert [reject.line for reject in rejects] == [3]


def test_text_of_an_old_encoding_after_plain_lines_is_read_and_said(tmp_path: Path) -> None:
    text = (HEADER + "ana,3,x\nbea,4,Café\ncea,5,plain\ndea,6,über\n").encode("cp1252")
    creators, rejects, report = read(text, tmp_path)
    assert [bio for _, _, bio, _ in creators] == ["x", "Café", "plain", "über"]
    assert rejects == []
    assert report.source["encoding"] == "cp1252"


def test_a_line_that_is_not_utf_8_among_those_that_are_is_a_reject(tmp_path: Path) -> None:
    creators, rejects, _ = read((HEADER + "ana,3,Café\n").encode() + b"bea,4,Caf\xe9\n", tmp_path)
    assert [bio for _, _, bio, _ in creators] == ["Café"]
    assert [(reject.line, "not UTF-8" in reject.reason) for reject in rejects] == [(3, True)]


def test_a_line_too_long_is_a_reject_and_the_next_is_read(tmp_path: Path) -> None:
    creators, rejects, _ = read(HEADER + "ana,3," + "x" * 5_000 + "\nbea,4,y\n", tmp_path, max_row=2_000)
    assert creators == [BEA]
    assert [(reject.line, "longer than 2,000 bytes" in reject.reason) for reject in rejects] == [(2, True)]


def test_columns_of_one_name_and_different_values_stop_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="followers appear more than once and differ"):
        read("handle,followers,followers\nana,3,4\n", tmp_path)


WIDE = """handle        followers  bio
------------  ---------  ------------
ana                   3  x
bea                   4  Café
cea                   5  {bio}
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_columns_of_fixed_width_are_cut_where_their_rules_say(encoding: str, tmp_path: Path) -> None:
    creators, rejects, report = read(WIDE.format(bio="y").encode(encoding), tmp_path)
    assert [(handle, bio) for handle, _, bio, _ in creators] == [("ana", "x"), ("bea", "Café"), ("cea", "y")]
    assert rejects == []
    assert report.source["encoding"] == encoding
    assert report.source["separator"] == "none, columns of fixed width"


def test_lines_that_do_not_keep_to_the_width_are_rejects(tmp_path: Path) -> None:
    creators, rejects, _ = read(WIDE.format(bio="y" * 3_000), tmp_path, max_row=2_000)
    assert [handle for handle, *_ in creators] == ["ana", "bea"]
    assert "longer than 2,000 bytes" in rejects[0].reason
    across = WIDE.format(bio="y").replace("bea  ", "beatrice-the-long-one")
    creators, rejects, _ = read(across, tmp_path)
    assert [handle for handle, *_ in creators] == ["ana", "cea"]
    assert "across the end of a column of fixed width" in rejects[0].reason


A, B = {"username": "a", "followers": 3}, {"username": "b", "followers": 4}


@pytest.mark.parametrize(
    ("document", "handles", "reasons"),
    [
        ([[A, B]], ["a", "b"], []),
        ([{"users": [A]}, {"users": [B]}], ["a", "b"], []),
        ({"a": {"followers": 3, "bio": "x"}, "b": {"followers": 4, "bio": "y"}, "total": 2}, ["a", "b"], []),
        ({"data": {"users": [A, B]}, "page": 1}, ["a", "b"], []),
        ([A, 5, None], ["a"], ["found 5, expected an object", "found None, expected an object"]),
        # of several lists one is read, and what the others hold is told
        ({"users": [A, B], "accounts": [{"username": "c"}]}, ["a", "b"], ["1 more rows in the list 'accounts'"]),
        ({"users": [A], "posts": [{"username": "a", "caption": "x"}], "accounts": [B, {"username": "c"}]}, ["b", "c"],
         ["1 more rows in the list 'users'", "1 more rows in the list 'posts'"]),
        ({"users": [A], "links": [{"href": "x"}], "items": [{"rel": "next"}]}, ["a"], []),
    ],
)  # fmt: skip
def test_documents_around_rows(document: Any, handles: list[str], reasons: list[str], tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_text(json.dumps(document))
    rejects: list[Reject] = []
    creators = [creator.handle for _, creator in read_creators(path, on_reject=rejects.append)]
    assert creators == handles
    for reject, expected in zip(rejects, reasons, strict=True):
        assert expected in reject.reason
