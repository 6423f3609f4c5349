"""Files as people really have them: wrong quotes, fixed widths, HTML called .xls, JSON of scripts, sheets beside sheets."""

from __future__ import annotations

import datetime as dt
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bonafit.errors import InputError
from bonafit.io.formats import workbook as workbooks
from bonafit.io.read import ReadOptions
from tests.io.reading import Read

BOTH = [("mara.rot", 8_400, "Rye"), ("ole", 12_500, "Oats")]


def three(path: Path) -> list[tuple[str | None, ...]]:
    return Read(path).values("handle", "followers", "bio")


@pytest.mark.parametrize(
    "text",
    [
        '"handle,followers,bio"\n"mara.rot,8400,Rye"\n"ole,""12,500"",Oats"\n',
        "'handle';'followers';'bio'\n'mara.rot';'8400';'Rye'\n'ole';'12500';'Oats'\n",
        "handle^followers^bio\nmara.rot^8400^Rye\nole^12500^Oats\n",
        "handle          followers  bio\nmara.rot            8400  Rye\nole               12,500  Oats\n",
        "Our list\n\nHANDLE       FOLLOWERS  BIO\n-----------  ---------  ----\nmara.rot          8400  Rye\n"
        "ole             12,500  Oats\n",
        "Handle,mara.rot,ole\nFollowers,8400,12500\nBio,Rye,Oats\n",
        "metric,mara.rot,ole\nfollowers,8400,12500\nbio,Rye,Oats\n",
    ],
)
def test_tables_of_text(put: Any, text: str) -> None:
    read = Read(put("a.txt", text))
    assert read.values("handle", "followers", "bio") == BOTH
    assert not read.rejects


def test_backslashes_before_quotes(put: Any) -> None:
    read = Read(put("a.csv", 'handle,followers,bio\nmara,8400,"says \\"hi\\", all"\nole,9100,"a \\ b"\n'))
    assert read.values("bio") == ['says "hi", all', "a \\ b"]
    doubled = Read(put("b.csv", 'handle,followers,bio\nmara,8400,"a path\\"\nole,9100,"b"\n'))
    assert doubled.values("bio") == ["a path\\", "b"]


def test_a_word_across_columns_of_fixed_width_is_a_reject(put: Any) -> None:
    rows = "".join(f"mara{i:<12}{i:>9}  Rye\n" for i in range(50))
    path = put("a.txt", f"handle          followers  bio\n{rows}a.very.long.handle.of.somebody 9  Oats\n")
    read = Read(path)
    assert len(read.creators) == 50
    assert "fixed width" in read.rejects[0].reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_tables_in_html(put: Any, tmp_path: Path, encoding: str) -> None:
    rows = "<tr><td>mara.rot</td><td>8,400</td><td>Rye<br>bread &amp; salt</td></tr><tr><td>ole</td><td>12,500</td><td></td></tr>"
    head = "<tr><th colspan=3>Report</th></tr><tr><th>Handle</th><th>Followers</th><th>Bio</th></tr>"
    path = tmp_path / "a.xls"
    path.write_text(f"<table><tr><td>menu</td></tr></table><table>{head}{rows}</table>", encoding=encoding)
    assert three(path) == [("mara.rot", 8_400, "Rye\nbread & salt"), ("ole", 12_500, None)]
    merged = (
        '<table><tr><th>Platform<th>Handle<th>Followers<tr><td rowspan="2">TikTok<td>mara<td>1<tr><td>ole<td>2</table>'
    )
    assert Read(put("b.html", merged)).values("creator_id") == ["mara@tiktok", "ole@tiktok"]
    cells = "<Row><Cell><Data>{}</Data></Cell><Cell ss:Index='3'><Data>{}</Data></Cell></Row>"
    xml = f"<?xml version='1.0'?><Workbook><Worksheet><Table>{cells.format('handle', 'followers')}{cells.format('mara', 8400)}</Table>"
    assert Read(put("c.xml", f"{xml}</Worksheet></Workbook>")).values("handle", "followers") == [("mara", 8_400)]


ROWS = [
    {"username": "mara.rot", "followers": 8400, "bio": "Rye"},
    {"username": "ole", "followers": 12500, "bio": "Oats"},
]
LINES = [json.dumps(row) for row in ROWS]


@pytest.mark.parametrize(
    "text",
    [
        ",\n".join(LINES) + ",\n",
        "[\n" + ",\n".join(LINES) + ",\n]\n",
        "\n".join("\x1e" + line for line in LINES),
        f"window.data = [{','.join(LINES)}];",
        f"callback([{','.join(LINES)}]);",
        f"// exported\n[{','.join(LINES)}]",
        "\ufeff" + json.dumps(ROWS),
        json.dumps({"status": "ok", "foo": {"bar": ROWS}}),
        json.dumps({"search": {"hits": {"hits": [{"_id": str(i), "_source": row} for i, row in enumerate(ROWS)]}}}),
        "\n".join(json.dumps({"page": i, "items": [row]}) for i, row in enumerate(ROWS)),
    ],
)
def test_json_of_scripts(put: Any, text: str) -> None:
    read = Read(put("a.json", text))
    assert read.values("handle", "followers", "bio") == BOTH
    assert not read.rejects


def test_json_that_is_cut_short_is_refused(put: Any) -> None:
    with pytest.raises(InputError, match="cut short"):
        Read(put("a.json", "[" + ", ".join(LINES)))


def test_a_profile_and_its_posts_are_one_row_under_any_key(put: Any) -> None:
    profile = {"foo": {"username": "mara", "followers": 8400}, "bar": [{"caption": "Rye", "likes": 3, "comments": 1}]}
    assert Read(put("a.jsonl", [profile, profile | {"foo": {"username": "ole", "followers": 1}}])).values("handle") == [
        "mara", "ole"
    ]  # fmt: skip


def test_archives_with_what_lies_beside_a_table(tmp_path: Path) -> None:
    table = "handle,followers,bio\nmara.rot,8400,Rye\nole,12500,Oats\n"
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export/list.csv", table)
        for junk in ("__MACOSX/export/._list.csv", "export/.DS_Store", "export/README.txt", "export/terms.pdf"):
            archive.writestr(junk, "junk")
    assert three(path) == BOTH
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("export/more.csv", table)
    with pytest.raises(InputError, match="an archive of 4 files"):
        three(path)
    packed = tmp_path / "export.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("list.csv"), io.BytesIO())
    with pytest.raises(InputError, match=r"is a tar archive.*unpack it"):
        three(packed)


def workbook(path: Path, sheets: dict[str, list[list[Any]]], *, hidden: str = "", merged: str = "") -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)
            if name == hidden:
                sheet.hide()
            if merged:
                sheet.merge_range(merged, rows[1][0])
    return path


HEADER = ["Handle", "Followers", "Bio"]
MARA, OLE = ["mara.rot", 8400, "Rye"], ["ole", 12500, "Oats"]


def test_sheets(tmp_path: Path) -> None:
    hidden = {
        "Now": [HEADER, MARA, OLE],
        "Lists": [[*HEADER, "Country"], *([f"old{i}", 1, "x", "DE"] for i in range(3))],
    }
    path = workbook(tmp_path / "a.xlsx", hidden, hidden="Lists")
    assert three(path) == BOTH
    assert Read(path, options=ReadOptions(sheet="Lists")).values("handle") == ["old0", "old1", "old2"]
    platforms = {"Instagram": [HEADER, MARA], "TikTok": [HEADER, OLE], "Notes": [["call back"]]}
    read = Read(workbook(tmp_path / "b.xlsx", platforms))
    assert read.values("creator_id", "platform") == [("mara.rot@instagram", "instagram"), ("ole@tiktok", "tiktok")]
    others = {"Old": [["Handle", "Followers", "City"], ["eva", 1, "Bonn"]], "New": [HEADER, MARA, OLE]}
    read = Read(workbook(tmp_path / "c.xlsx", others))
    assert read.values("handle") == ["mara.rot", "ole"]
    assert read.report.source["sheets not read"].startswith("Old")


def test_posts_in_a_sheet_of_their_own(tmp_path: Path) -> None:
    posts = [
        ["Handle", "Caption", "Likes", "Comments", "Views"],
        ["@ole", "Oats", 9, 1, 70],
        ["mara.rot", "Rye", 12, 3, 99],
    ]
    read = Read(workbook(tmp_path / "a.xlsx", {"Posts": posts, "Creators": [HEADER, MARA, OLE]}))
    assert read.values("handle", "followers", "bio") == BOTH
    assert [post.caption for creator in read.creators for post in creator.posts] == ["Rye", "Oats"]
    alone = Read(workbook(tmp_path / "b.xlsx", {"Posts": posts}))
    assert [creator.handle for creator in alone.creators] == ["ole", "mara.rot"]


def test_cells_merged_downwards_are_each_rows(tmp_path: Path) -> None:
    rows = [["Platform", *HEADER], ["TikTok", *MARA], ["", *OLE]]
    assert Read(workbook(tmp_path / "a.xlsx", {"S": rows}, merged="A2:A3")).values("platform") == ["tiktok", "tiktok"]
    posts = [
        ["Handle", "Followers", "Caption", "Likes", "Comments"],
        ["mara", 8400, "Rye", 12, 1],
        ["", 8400, "Oats", 9, 2],
    ]
    [creator] = Read(workbook(tmp_path / "b.xlsx", {"S": posts}, merged="A2:A3")).creators
    assert [post.likes for post in creator.posts] == [12, 9]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", "%PDF-1.4\n", "is a PDF"),
        ("a.txt", "@mara.rot\n@ole.b\n", "put a line of names above"),
        ("a.csv", "mara.rot,8400,Rye\nole.b,9100,Oats\n", "put a line of names above"),
        ("a.csv", "handle,metric,value\nmara,followers,8400\n", "pivot them"),
        ("a.csv", "handle\nmara\nole\n", "no column holds anything that a score is made of"),
        ("a.csv", "handle,followers\n", "holds no row"),
    ],
)
def test_what_is_no_table_of_creators_is_said(put: Any, name: str, content: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Read(put(name, content))


def test_who_a_row_is_of_shows_in_its_cells(put: Any) -> None:
    read = Read(put("a.csv", "Whoever,Followers,Note\nmara.rot,8400,good\nole_b,9100,ok\nida,12000,call back\n"))
    assert read.values("handle") == ["mara.rot", "ole_b", "ida"]
    assert "Whoever: taken for the handle, as its cells can be nothing else" in read.report.assumed


@pytest.mark.parametrize(
    "cells",
    [
        ("12.5K followers · 340 posts", "8400 followers · 22 posts"),
        ('"12,500 followers, 340 posts"', '"8,400 followers, 22 posts"'),
        ("Follower: 12.500 | Beiträge: 340", "Follower: 8.400 | Beiträge: 22"),
        ("340 Beiträge 12.500 Follower", "22 Beiträge 8.400 Follower"),
    ],
)
def test_counts_inside_one_cell(put: Any, cells: tuple[str, str]) -> None:
    read = Read(put("a.csv", f"Profile,Stats\n@mara.rot,{cells[0]}\n@ole,{cells[1]}\n"))
    assert read.values("handle", "followers", "posts_count") == [("mara.rot", 12_500, 340), ("ole", 8_400, 22)]
    assert read.report.source["counts in words"] == "Stats"


def test_counts_of_several_platforms_inside_one_cell(put: Any) -> None:
    read = Read(put("a.csv", "Influencer;Reichweite\nMara (@mara.rot);IG: 12,5K / TikTok: 3K\nOle (@ole);IG: 8K\n"))
    assert read.values("creator_id", "followers") == [
        ("mara.rot@instagram", 12_500), ("mara.rot@tiktok", 3_000), ("ole@instagram", 8_000)
    ]  # fmt: skip
    texts = Read(put("b.csv", "handle,bio\nmara,2 dogs · 3 cats\nole,10K followers on TikTok\n"))
    assert texts.values("bio") == ["2 dogs · 3 cats", "10K followers on TikTok"]


def test_a_second_row_of_somebody_names_the_first(put: Any) -> None:
    read = Read(
        put(
            "a.csv",
            "id,handle,platform,followers\n7,mara,ig,1\n8,ole,ig,2\n7,mara,ig,3\n8,ole,tiktok,4\n7,x,tt,5\n7,x,tt,6\n",
        )
    )
    assert len(read.creators) == 4
    assert [(reject.line, reject.reason.split(",")[0]) for reject in read.rejects] == [
        (4, "the id of line 2 once more"), (7, "the id of line 6 once more")
    ]  # fmt: skip
    assert read.report.commonest_causes()[0].startswith("rejected 2: creator_id: the id of an earlier line once more")


def test_files_the_wrong_way_round_are_said(put: Any) -> None:
    put("a.posts.csv", "handle,followers,bio\nmara,8400,Rye\n")
    with pytest.raises(InputError, match="the other way round"):
        Read(put("a.csv", "handle,caption,likes,comments,date\nmara,Rye,12,3,2026-05-01\n"))


def test_a_mapping_that_no_column_has_is_said(put: Any) -> None:
    path = put("a.csv", "handle,followers,Charge\nmara,8400,200\n")
    read = Read(path, options=ReadOptions(names={"Charge": "price", "Chrge": "price"}))
    assert read.values("price") == [200.0]
    assert "--map Chrge: no column is called so" in read.report.assumed
    assert not any("--map Charge" in line for line in read.report.assumed)


def test_a_post_of_nobody_is_named_by_its_link(put: Any) -> None:
    put(
        "a.posts.csv",
        "Post URL,Caption,Likes,Comments\nhttps://instagram.com/p/Cabc/,Oats,9,1\nhttps://instagram.com/mara/p/Cxy/,Rye,3,1\n",
    )
    [reject] = Read(put("a.csv", "handle,followers\nmara,8400\n")).rejects
    assert (reject.source, "instagram.com/p/Cabc" in reject.found) == ("posts", True)


def test_cells_of_workbooks_that_are_no_text_and_no_number(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        time_of_day, span = book.add_format({"num_format": "hh:mm:ss"}), book.add_format({"num_format": "[h]:mm:ss"})
        sheet.write_row(0, 0, ["Handle", "Followers", "Bio", "Verified", "Shift", "Watched"])
        sheet.write_row(1, 0, ["mara", 8400.0, 12.5])
        sheet.write_boolean(1, 3, True)
        sheet.write_datetime(1, 4, dt.time(9, 30), time_of_day)
        sheet.write_datetime(1, 5, dt.timedelta(hours=30), span)
    [creator] = Read(path).creators
    assert (creator.followers, creator.bio, creator.verified) == (8400, "12.5", True)
    assert set(creator.extra) == {"Shift", "Watched"}
    assert creator.extra["Watched"] == 108_000.0


def test_a_sheet_called_after_a_platform_says_it_where_no_cell_does(tmp_path: Path) -> None:
    with_column = [["Platform", *HEADER], ["YouTube", *MARA]]
    sheets = {"Instagram": with_column, "TikTok": [with_column[0], ["", *OLE]]}
    assert Read(workbook(tmp_path / "a.xlsx", sheets)).values("platform") == ["youtube", "tiktok"]
    other = {"Spring": [HEADER, MARA], "Autumn": [HEADER, OLE]}
    assert Read(workbook(tmp_path / "b.xlsx", other)).values("platform") == [None, None]


def test_a_workbook_too_large_to_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [HEADER, MARA]})
    monkeypatch.setattr(workbooks, "MAX_BYTES", 1_000)
    with pytest.raises(InputError, match="save the sheet as CSV UTF-8"):
        Read(path)
