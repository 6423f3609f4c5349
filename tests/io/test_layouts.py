"""Rows that hold more than one record: posts in numbered columns, one person's accounts on several platforms."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bonafit.io.read import ReadOptions
from tests.io.reading import Read

SPLIT = "rows: one person on several platforms, read as a record a platform"
WHO = ("platform", "handle", "followers")
ACCOUNTS = [("instagram", "lena.voss", 12_400), ("tiktok", "lenavoss", 45_000), ("instagram", "tom.adler", 8_100)]


@pytest.mark.parametrize(
    "text",
    [
        "Name,Instagram Handle,Instagram Followers,TikTok Handle,TikTok Followers\n"
        "Lena,@lena.voss,12.4K,@lenavoss,45K\nTom,@tom.adler,8.1K,,\n",
        "Name,IG,Followers (IG),TT,Followers (TT)\n"
        "Lena,@lena.voss,12.4K,https://www.tiktok.com/@lenavoss,45K\nTom,@tom.adler,8.1K,-,n/a\n",
        "Liste,,,,\n,Instagram,,TikTok,\nName,Handle,Follower,Handle,Follower\n"
        "Lena,lena.voss,12.4K,lenavoss,45K\nTom,tom.adler,8.1K,,\n",
        "Name;Instagram;;TikTok;\n;Handle;Follower;Handle;Follower\nLena;lena.voss;12,4K;lenavoss;45K\nTom;tom.adler;8,1K;;\n",
    ],
)
def test_columns_of_several_platforms(put: Any, text: str) -> None:
    read = Read(put("a.csv", text))
    assert read.values(*WHO) == ACCOUNTS
    assert read.values("display_name") == ["Lena", "Lena", "Tom"]
    assert read.report.treated[SPLIT] == 1
    assert (read.report.rows, read.rejects) == (3, [])


@pytest.mark.parametrize("one_document", [True, False])
def test_objects_and_lists_of_accounts(put: Any, one_document: bool) -> None:
    lena = {"username": "lena.voss", "followers": 12_400}, {"username": "lenavoss", "followers": 45_000}
    tom = {"username": "tom.adler", "followers": 8_100}
    named = [{"name": "Lena", "instagram": lena[0], "tiktok": lena[1]}, {"name": "Tom", "instagram": tom}]
    listed = [
        {"person": {"first_name": "Lena", "last_name": "Voss"}, "channels": [
            {"network": "instagram", **lena[0]}, {"network": "tiktok", **lena[1]}]},
        {"person": {"first_name": "Tom", "last_name": "Adler"}, "channels": [{"network": "instagram", **tom}]},
    ]  # fmt: skip
    for rows, last in ((named, "Tom"), (listed, "Tom Adler")):
        path = put("a.json", json.dumps({"items": rows})) if one_document else put("a.jsonl", rows)
        read = Read(path)
        assert read.values(*WHO) == ACCOUNTS
        assert read.creators[2].display_name == last
    alone = put("b.jsonl", listed[:1])
    assert Read(alone).values(*WHO) == ACCOUNTS[:2]


def test_columns_of_a_further_platform_are_not_the_rows_own(put: Any) -> None:
    rows = "username,followers,bio,tiktok_username,tiktok_followers\nmara,8400,Rye,mara.tt,45000\nole,12500,Oats,,\n"
    assert Read(put("a.csv", rows)).values(*WHO, "bio") == [
        (None, "mara", 8_400, "Rye"), ("tiktok", "mara.tt", 45_000, None), (None, "ole", 12_500, "Oats")
    ]  # fmt: skip
    links = "username,followers,bio,{}\nmara,8400,Rye,https://www.tiktok.com/@other\nole,9000,Oats,\n"
    read = Read(put("b.csv", links.format("tiktok_url")))
    assert read.values(*WHO) == [(None, "mara", 8_400), (None, "ole", 9_000)]
    assert read.report.unknown == {"tiktok_url": 1}
    own = links.format("tiktok_url").replace("@other", "@mara")
    assert Read(put("c.csv", own)).values("platform") == ["tiktok", "tiktok"]


def test_a_total_over_platforms_is_nobodys_count(put: Any) -> None:
    named = "Name,Handle,{},Instagram Followers,TikTok Followers\nMara,@mara,53400,8400,45000\n"
    for total in ("Total Followers", "Follower gesamt", "Followers"):
        read = Read(put("a.csv", named.format(total)))
        assert read.values(*WHO) == [("instagram", "mara", 8_400), ("tiktok", "mara", 45_000)]
        assert read.report.unknown == {total: 2}


def test_what_the_user_says_of_a_column_goes_before(put: Any) -> None:
    path = put("a.csv", "Name,Instagram Followers,TikTok Followers,Bio\nMara Rot,5,6,Rye\n")
    options = ReadOptions(names={"TikTok Followers": "followers", "Instagram Followers": ""})
    assert Read(path, options=options).values("followers") == [6]


def test_bare_platforms_with_counts_below_them(put: Any) -> None:
    read = Read(put("a.csv", "Name,Country,Instagram,TikTok,YouTube\nMara,DE,8.4k,45k,-\nOle,AT,12.5k,,3k\n"))
    assert read.values("display_name", "platform", "followers", "country") == [
        ("Mara", "instagram", 8_400, "de"), ("Mara", "tiktok", 45_000, "de"),
        ("Ole", "instagram", 12_500, "at"), ("Ole", "youtube", 3_000, "at"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        "post1_caption,post1_likes,post1_comments,post1_date,post2_caption,post2_likes,post2_comments,post2_date",
        "Caption 1,Likes 1,Comments 1,Date 1,Caption 2,Likes 2,Comments 2,Date 2",
        "Post 1,Likes Post 1,Comments Post 1,Date Post 1,Post 2,Likes Post 2,Comments Post 2,Date Post 2",
        "latest_post_0_text,latest_post_0_like_count,latest_post_0_comment_count,latest_post_0_timestamp,"
        "latest_post_1_text,latest_post_1_like_count,latest_post_1_comment_count,latest_post_1_timestamp",
    ],
)
def test_posts_in_numbered_columns(put: Any, header: str) -> None:
    rows = "a.kern,8400,Run,310,12,2026-11-01,Tempo,280,9,2026-10-28\nb.lund,9100,Rye,410,22,2026-11-02,,,,\n"
    read = Read(put("a.csv", f"username,followers,{header}\n{rows}"))
    first, second = read.creators
    assert [(post.caption, post.likes, post.comments) for post in first.posts] == [("Run", 310, 12), ("Tempo", 280, 9)]
    assert first.posts[1].posted_at == datetime(2026, 10, 28, tzinfo=UTC)
    assert len(second.posts) == 1
    assert "2 a row" in read.report.source["posts in numbered columns"]


def test_other_numbers_in_names_are_no_posts(put: Any) -> None:
    header = "username,followers,likes 7d,likes 30d,views 2025,views 2026,top 3 posts,note 1,note 2"
    read = Read(put("a.csv", f"{header}\nmara,8400,1,2,3,4,5,x,y\n"))
    assert read.creators[0].posts == ()
    assert len(read.report.unknown) == 7


@pytest.mark.parametrize(
    "header",
    ["Followers Jan 2026,Followers Feb 2026", "followers_2026_01,followers_2026_02", "Abonnés 1/2026,Abonnés 2/2026"],
)
def test_followers_by_month(put: Any, header: str) -> None:
    read = Read(put("a.csv", f"handle,bio,{header}\nmara,Rye,8.0K,8.4K\nole,Oats,9000,\n"))
    assert read.values("followers") == [8_400, 9_000]
    assert [point.followers for point in read.creators[0].follower_history] == [8_000, 8_400]
    assert read.creators[0].follower_history[1].at == datetime(2026, 2, 1, tzinfo=UTC)
    assert "the newest as followers" in read.report.source["followers by month"]
    now = Read(put("b.csv", f"handle,followers,{header}\nmara,8500,8000,8400\n"))
    assert now.values("followers") == [8_500]
    assert len(now.creators[0].follower_history) == 2


def test_one_platform_named_behind_its_columns(put: Any) -> None:
    header = "Name des Creators;Instagram-Link;Anzahl Follower IG;Sprache(n)"
    read = Read(put("a.csv", f"{header}\nMara Rot;www.instagram.com/mara.rot;12.500;Deutsch\n"))
    assert read.values(*WHO, "display_name", "language") == [("instagram", "mara.rot", 12_500, "Mara Rot", "de")]
