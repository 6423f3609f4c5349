"""Mistakes that analysts' own files have, one kind a test: cells as spreadsheets and lists write them, headings,
headers of two rows, words for nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bonafit.records import Creator
from tests.io.reading import Read


def test_cells_that_say_something_else_than_they_show(put: Any) -> None:
    formulas = put(
        "a.csv",
        'Handle,Followers,Bio\n"=HYPERLINK(""https://www.tiktok.com/@mara.rot"",""mara"")","8,400",Rye\n'
        '\'ole.b,"12,500",[Oats](https://oats.example)\n[ida](https://www.instagram.com/ida/),"9,100",\'90s tea\n',
    )
    assert Read(formulas).values("handle", "platform", "bio") == [
        ("mara.rot", "tiktok", "Rye"), ("ole.b", None, "Oats"), ("ida", "instagram", "'90s tea")
    ]  # fmt: skip
    ids = put("b.csv", 'id,handle,followers\n"=""17841400000000001""",mara,8400\n')
    assert Read(ids).values("creator_id") == ["17841400000000001"]


@pytest.mark.parametrize(
    "text",
    [
        "handle, followers, bio\nmara , 8400, Rye bread\nole, 12500, Oats\n",
        'handle, followers, bio\nmara, "8,400", "Rye bread"\nole, 12500, Oats\n',
        "| handle | followers | bio |\n|---|---:|:---|\n| mara | 8400 | Rye bread |\n| ole | 12500 | Oats |\n",
        "handle;followers;bio\n mara;8400;Rye bread\nole  ;12500;Oats\n",
    ],
)
def test_spaces_around_cells_are_nobodys(put: Any, text: str) -> None:
    read = Read(put("a.txt", text))
    assert read.values("handle", "followers", "bio") == [("mara", 8_400, "Rye bread"), ("ole", 12_500, "Oats")]
    assert not read.rejects


def test_headings_and_headers_between_rows_are_nobody(put: Any) -> None:
    blocks = put(
        "a.csv", "Tier 1 - Macro,,\nhandle,followers,bio\nmara,840000,Rye\n,,\nTier 2 - Micro,,\nole,12500,Oats\n"
    )
    read = Read(blocks)
    assert read.values("handle") == ["mara", "ole"]
    assert [(reject.line, reject.found) for reject in read.rejects] == [(5, "Tier 2 - Micro")]
    pasted = put("b.csv", "handle,followers,bio\nmara,8400,Rye\nhandle,followers,bio\nole,12500,Oats\n")
    read = Read(pasted)
    assert read.values("handle") == ["mara", "ole"]
    assert "header once more" in read.rejects[0].reason
    alone = put("c.csv", "handle,followers,bio\nmara,8400,Rye\nole,,\n")
    assert Read(alone).values("handle") == ["mara", "ole"]


@pytest.mark.parametrize(
    "text",
    [
        "Liste;;;;\n;;Instagram;;\nName;Handle;Follower;ER;Land\nMara Rot;@mara;12,5 k;3 %;DE\n",
        "Name;Handle;Instagram;;Land\n;;Follower;ER;\nMara Rot;@mara;12,5 k;3 %;DE\n",
        ";;Instagram;;\nName;Handle;Follower;ER;Land\nMara Rot;@mara;12,5 k;3 %;DE\n",
    ],
)
def test_headers_of_two_rows(put: Any, text: str) -> None:
    [creator] = Read(put("a.csv", text)).creators
    assert (creator.handle, creator.display_name, creator.followers, creator.platform, creator.country) == (
        "mara", "Mara Rot", 12_500, "instagram", "de"
    )  # fmt: skip


@pytest.mark.parametrize("word", ["k. A.", "keine Angabe", "unbekannt", "N.C.", "non communiqué", "sem dados", "TBD"])
def test_words_for_nothing_in_other_languages(put: Any, word: str) -> None:
    read = Read(put("a.csv", f"handle;Follower;Bio;Land\nmara;{word};{word};{word}\nole;8.400;Brot;DE\n"))
    assert read.values("followers", "bio", "country") == [(None, None, None), (8_400, "Brot", "de")]
    assert not read.report.lost


def test_counts_that_a_word_says_are_hidden(put: Any) -> None:
    rows = [
        {"username": "a", "followers": "hidden", "posts": [{"caption": "x", "likes": "others", "comments": 3}]},
        {"username": "b", "followers": "ausgeblendet", "posts": [{"caption": "x", "likes": "40", "comments": 3}]},
    ]
    read = Read(put("a.jsonl", rows))
    assert read.values("followers") == [None, None]
    assert [creator.posts[0].likes for creator in read.creators] == [None, 40]
    assert read.report.treated["followers: hidden, as a word says, read as absent"] == 2


def test_words_that_say_rounded(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers\na,ca. 15.000\nb,etwa 12 Tsd.\nc,~8.400\nd,approx 9100\n"))
    assert read.values("followers") == [15_000, 12_000, 8_400, 9_100]
    assert read.report.treated["followers: rounded where they were written, such as 8.4K"] == 4
    bounds = Read(put("b.csv", "handle,bio,followers\na,x,10k-50k\nb,y,>100k\nc,z,8400\n"))
    assert bounds.values("followers") == [None, None, 8_400]
    assert bounds.report.lost["followers"].n == 2


def test_day_numbers_with_a_comma(put: Any) -> None:
    read = Read(put("a.csv", "Account;Datum;Text;Likes\nmara;45970,5;Brot;12\nmara;45963;Roggen;9\n"))
    assert [post.posted_at for post in read.creators[0].posts] == [
        datetime(2025, 11, 9, 12, tzinfo=UTC), datetime(2025, 11, 2, tzinfo=UTC)
    ]  # fmt: skip


def test_several_platforms_in_a_cell_are_none_of_them(put: Any) -> None:
    read = Read(
        put("a.csv", 'handle,platform,followers\nmara,Instagram / TikTok,8400\nole,"IG, YouTube",5\nida,IG,6\n')
    )
    assert read.values("creator_id", "platform") == [("mara", None), ("ole", None), ("ida@instagram", "instagram")]
    assert "one platform" in read.report.lost["platform"].reason


def test_handles_differ_by_case_for_nobody(put: Any) -> None:
    rows = (
        "handle,platform,followers\n@Mara.Rot,instagram,8400\nmara.rot,Instagram,8500\ninstagram.com/mara.rot,IG,8500\n"
    )
    read = Read(put("a.csv", rows))
    assert read.values("creator_id", "handle") == [("mara.rot@instagram", "Mara.Rot")]
    assert [reject.line for reject in read.rejects] == [3, 4]


def test_one_person_under_two_ids_is_told(put: Any) -> None:
    rows = "1,mara,instagram,8400\n2,@Mara,IG,8400\n3,mara,tiktok,5\n4,ole,tiktok,6\n"
    read = Read(put("a.csv", f"creator_id,handle,platform,followers\n{rows}"))
    assert len(read.creators) == 4
    assert read.report.treated["handle: that of an earlier row under another id, read as another creator"] == 1


def facts(creator: Creator) -> dict[str, float]:
    return {fact["name"]: fact["value"] for fact in creator.extra.get("vendor_facts", [])}


@pytest.mark.parametrize(
    ("header", "cells", "fractions", "assumed"),
    [
        ("ER", ["3 %", "0.041", "2.9%"], [0.03, 0.041, 0.029], "a fraction, percent where a cell has its mark"),
        ("Engagement Rate", ["3.1", "0.8", "12"], [0.031, 0.008, 0.12], "in percent"),
        ("engagement_rate", ["0.031", "0.008", "0.12"], [0.031, 0.008, 0.12], "a fraction"),
        ("engagement rate (%)", ["0.31", "0.8", "0.12"], [0.0031, 0.008, 0.0012], "in percent"),
        ("Taux d'engagement", ["3,125 %", "0,9 %", "12%"], [0.03125, 0.009, 0.12], "in percent"),
        ("engagement", ["0.31", "0.8", "0.12"], [], "percent or fraction, the column does not say; kept as it stands"),
    ],
)
def test_percent_or_fraction_is_the_columns_affair(
    put: Any, header: str, cells: list[str], fractions: list[float], assumed: str
) -> None:
    rows = "".join(f"{who};8400;{cell}\n" for who, cell in zip("abc", cells, strict=True))
    read = Read(put("a.csv", f"handle;followers;{header}\n{rows}"))
    assert [value for creator in read.creators for value in facts(creator).values()] == fractions
    assert [creator.extra[header] for creator in read.creators] == cells
    assert f"{header}: {assumed}" in read.report.assumed


def test_other_rates_are_no_engagement_rates(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers,growth rate,tiktoker,exchange rate\nmara,8400,3%,x,1.1\n"))
    assert facts(read.creators[0]) == {}
    assert "growth rate" in read.report.unknown


def test_a_pages_description_is_no_profile_text(put: Any) -> None:
    mara = "8,400 Followers, 390 Following, 240 Posts - See Instagram photos and videos from Mara (@mara.rot)"
    ole = '12.4K Followers, 1,020 Following, 911 Posts - Ole (@ole) on Instagram: "Bread and rye"'
    ida = "8.100 Follower, 390 gefolgt, 20 Beiträge – Sieh dir Fotos an"
    expected = [(8_400, 390, 240, None), (12_400, 1_020, 911, "Bread and rye"), (8_100, 390, 20, None)]
    rows = [{"creator_id": str(i), "bio": text} for i, text in enumerate((mara, ole, ida))]
    read = Read(put("a.jsonl", rows))
    assert read.values("followers", "following", "posts_count", "bio") == expected
    assert sum("page's description" in note for note in read.report.treated) == 1
    own = Read(put("b.jsonl", [{"creator_id": "a", "bio": "8,400 followers and counting, 3 dogs, 2 cats - hello"}]))
    assert own.values("followers", "bio")[0][0] is None


def test_texts_in_a_wrong_encoding_are_told(put: Any) -> None:
    read = Read(put("a.csv", "handle,followers,bio\nmara,8400,MÃ¼ller backt fÃ¼r euch\nole,9100,Brötchen\n"))
    assert any("those of 1 rows look as if read in a wrong encoding" in line for line in read.report.assumed)
    assert not Read(put("b.csv", "handle,followers,bio\nole,9100,São Brötchen Ã\n")).report.assumed


def test_a_channel_is_a_platform_or_an_account_by_what_its_cells_say(put: Any) -> None:
    platforms = Read(put("a.csv", "Profil;Kanal;Follower\n@mara;Instagram;8.400\n@ole;TikTok;5.100\n"))
    assert platforms.values("creator_id", "platform") == [("mara@instagram", "instagram"), ("ole@tiktok", "tiktok")]
    english = Read(put("b.csv", "Handle,Full name,Channel,Followers\nmara,Mara Rot,Instagram,8400\n"))
    assert english.values("display_name", "platform") == [("Mara Rot", "instagram")]
    accounts = Read(put("c.csv", "Kanal,Follower\nmara,8400\nInstagram,5100\n"))
    assert accounts.values("handle", "platform") == [("mara", None), ("Instagram", None)]
