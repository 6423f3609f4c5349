"""As tests of cases, for what files hold of posts: counts that are hidden, traces of collecting, joins, times."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bonafit.errors import InputError
from bonafit.io.read import ReadOptions
from tests.io.reading import CASES, Read, posts


def test_at_sign_join(put: Any) -> None:
    assert [len(creator.posts) for creator in Read(CASES / "at_sign_join.csv").creators] == [3, 3]
    links = put(
        "a.csv",
        "profile,bio,followers\nhttps://www.instagram.com/Mara.Rot/,x,5\nhttps://www.instagram.com/ole/,y,6\n",
        posts="username,caption,likes\nmara.rot,one,3\n@OLE,two,4\nole,three,5\n",
    )
    assert [len(creator.posts) for creator in Read(links).creators] == [1, 2]
    nobody = put("b.csv", "handle,followers\nmara,5\n", posts="handle,caption,likes\nole,one,3\n")
    with pytest.raises(InputError, match="none of 1 posts belongs to a creator"):
        Read(nobody)


def test_hidden_likes(put: Any) -> None:
    read = Read(CASES / "hidden_likes_minus_one.jsonl")
    assert len(read.creators) == 3
    assert [p.likes for p in read.creators[1].posts] == [None] * 10
    visible, three, absent = Read(CASES / "hidden_likes_three.jsonl").creators
    assert three.posts == absent.posts
    assert all(p.likes for p in visible.posts)
    some = put("a.jsonl", [{"handle": "mara", "followers": 9_000, "posts": posts([410, 3, 388, 402, 3, 377])}])
    [creator] = Read(some).creators
    assert [p.likes for p in creator.posts] == [410, None, 388, 402, None, 377]
    zeros = put("b.jsonl", [{"handle": "mara", "followers": 9_000, "posts": posts([0, 0, 0, 0])}])
    assert [p.likes for p in Read(zeros).creators[0].posts] == [None] * 4
    small = put(
        "c.jsonl", [{"handle": "mara", "followers": 20, "posts": [{"likes": n, "comments": 0} for n in (3, 2, 0, 3)]}]
    )
    assert [p.likes for p in Read(small).creators[0].posts] == [3, 2, 0, 3]


def test_hidden_subscribers(put: Any) -> None:
    zero, absent, shown = Read(CASES / "hidden_subscribers_zero.jsonl").creators
    assert (zero.followers, absent.followers, shown.followers) == (None, None, 8_400)
    unflagged = put("a.jsonl", [{"handle": "mara", "followers": 0, "posts": posts([90, 80, 120], views=4_000)}])
    assert Read(unflagged).creators[0].followers is None
    new = put("b.jsonl", [{"handle": "mara", "followers": 0, "posts": posts([1, 0, 2])}])
    assert Read(new).creators[0].followers == 0


def test_meta_export(put: Any) -> None:
    [creator] = Read(CASES / "meta_export.csv").creators
    first = creator.posts[0]
    assert (first.caption[:8], first.likes, first.views, first.saves, first.kind) == (
        "Cleanser",
        562,
        6_182,
        12,
        "reel",
    )
    assert first.posted_at == datetime(2026, 11, 11, 13, 25, tzinfo=UTC)
    assert creator.posts[1].likes == 1_521
    german = put(
        "a.csv",
        "handle,followers\nmara,9000\n",
        posts='Beitrags-ID,Benutzername,Beschreibung,Veröffentlichungszeit,Gefällt mir,Kommentare\n1,mara,Roggen,13/11/2026 09:10,"1.204",7\n',
    )
    post = Read(german).creators[0].posts[0]
    assert (post.caption, post.likes, post.comments) == ("Roggen", 1_204, 7)
    assert post.posted_at == datetime(2026, 11, 13, 9, 10, tzinfo=UTC)
    unread = put("b.csv", "handle,followers\nmara,9000\n", posts="handle,Foo,Bar\nmara,x,y\n")
    with pytest.raises(InputError, match=r"posts: no column holds anything.*--map"):
        Read(unread)


def test_one_post_in_future(put: Any) -> None:
    premiere, without = Read(CASES / "one_post_in_future.jsonl").creators
    assert premiere.posts == without.posts
    joined = put(
        "a.csv", "handle,followers\nmara,5\n", posts="handle,caption,date\nmara,now,2026-11-01\nmara,later,2027-01-01\n"
    )
    read = Read(joined)
    assert [p.caption for p in read.creators[0].posts] == ["now"]
    assert "of the future" in read.rejects[0].reason


def test_pinned_posts(put: Any) -> None:
    plain, pinned = Read(CASES / "pinned_old_posts.jsonl").creators
    assert pinned.posts == plain.posts
    recent = [{"caption": "hit", "posted_at": "2026-11-26", "likes": 900, "is_pinned": True}]
    path = put("a.jsonl", [{"handle": "mara", "followers": 9_000, "posts": recent + posts([40, 50, 60])}])
    assert len(Read(path).creators[0].posts) == 4
    unmarked = [{"caption": "old hit", "posted_at": f"2023-0{i}-01", "likes": 9_000} for i in (2, 1)]
    path = put("b.jsonl", [{"handle": "mara", "followers": 9_000, "posts": unmarked + posts([40, 50, 60, 70, 80, 90])}])
    assert [p.likes for p in Read(path).creators[0].posts] == [40, 50, 60, 70, 80, 90]


def test_posts_is_a_number(put: Any) -> None:
    read = Read(CASES / "posts_is_a_number.csv")
    assert read.values("posts_count") == [240, 911, 1_200]
    assert read.report.unknown == {"comments": 3}
    other = put("a.csv", "handle,followers,videos,audience,extra notes\nmara,5,12,women 25-34,likes rye\n")
    [creator] = Read(other).creators
    assert (creator.posts_count, creator.audience) == (12, ())


def test_same_post_twice(put: Any) -> None:
    once, twice = Read(CASES / "same_post_twice.jsonl").creators
    assert twice.posts == once.posts
    newer = [{"post_id": "1", "caption": "x", "likes": 90, "scraped_at": "2026-11-02"},
             {"post_id": "1", "caption": "x", "likes": 60, "views": 7, "scraped_at": "2026-11-01"}]  # fmt: skip
    [creator] = Read(put("a.jsonl", [{"handle": "mara", "followers": 5, "posts": newer}])).creators
    assert [(p.likes, p.views) for p in creator.posts] == [(90, 7)]
    nameless = [{"caption": "x", "posted_at": "2026-11-02", "likes": n} for n in (5, 9)]
    [creator] = Read(put("b.jsonl", [{"handle": "mara", "followers": 5, "posts": nameless}])).creators
    assert [p.likes for p in creator.posts] == [9]


def test_side_fields_of_another_shape(put: Any) -> None:
    read = Read(CASES / "side_field_wrong_type.jsonl")
    kinds, link, place, tags, _ = read.creators
    assert not read.rejects
    assert {p.kind for p in kinds.posts} == {"carousel"}
    assert link.external_url == "https://shop.example"
    assert place.posts[2].location == "Kiel"
    assert tags.posts[0].tags == ("skincare",)
    assert all(len(c.posts) == 10 for c in read.creators)
    odd = {"handle": "mara", "followers": 5, "category": ["Food", "Bread"], "price": {"amount": 90, "currency": "EUR"},
           "language": {"code": "de", "name": "German"}, "posts": [{"caption": "x", "mentions": [{"username": "ole"}], "location": []}]}  # fmt: skip
    [creator] = Read(put("a.jsonl", [odd])).creators
    assert (creator.category, creator.price, creator.currency, creator.language) == ("Food", 90.0, "EUR", "de")
    assert creator.posts[0].mentions == ("ole",)


def test_videos_as_creators(put: Any) -> None:
    [creator] = Read(CASES / "tiktok_videos_as_creators.jsonl").creators
    assert (creator.handle, creator.platform, creator.followers, len(creator.posts)) == (
        "kiel.haut",
        "tiktok",
        8_400,
        6,
    )
    table = put(
        "a.csv",
        "username,followers,caption,likes,comments,date\nmara,9000,one,30,3,13/11/2026\nole,800,two,20,1,02/11/2026\nmara,9000,three,40,4,01/11/2026\n",
    )
    assert [(c.handle, len(c.posts)) for c in Read(table).creators] == [("mara", 2), ("ole", 1)]
    means = put("b.csv", "username,followers,description,likes,comments\nmara,9000,Rye,350,12\n")
    read = Read(means)
    assert read.values("bio") == ["Rye"]
    assert read.report.unknown == {"likes": 1, "comments": 1}
    flattened = put(
        "c.csv",
        "id,text,createTime,diggCount,authorMeta/name,authorMeta/fans\n1,one,1790000000,30,mara,9000\n2,two,1790100000,40,mara,9000\n",
    )
    assert [(c.handle, c.followers, len(c.posts)) for c in Read(flattened).creators] == [("mara", 9_000, 2)]


def test_times_of_exports(put: Any) -> None:
    read = Read(CASES / "times_of_exports.csv")
    may = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    day = datetime(2026, 5, 1, tzinfo=UTC)
    times = [post.posted_at for post in read.creators[0].posts]
    assert times[1:] == [may, None, may, None, may, day, day, may]
    assert "--dates" in read.report.lost["posts[].posted_at"].reason
    options = ReadOptions(day_first=True, read_at=datetime(2026, 6, 3, tzinfo=UTC))
    times = [post.posted_at for post in Read(CASES / "times_of_exports.csv", options=options).creators[0].posts]
    assert times[2] == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert times[4] == datetime(2026, 6, 1, tzinfo=UTC)
    words = put(
        "a.csv",
        "handle,followers\nmara,5\n",
        posts='handle,caption,date\nmara,a,1. Mai 2026\nmara,b,1 de mayo de 2026\nmara,c,"Fri, 01 May 2026 00:00:00 GMT"\n',
    )
    assert [p.posted_at for p in Read(words).creators[0].posts] == [day, day, day]


def test_counts_of_posts_without_texts_are_posts(put: Any) -> None:
    counts = put("a.csv", "video_id,channel_id,view_count,like_count,comment_count\n1,c,900,80,7\n2,c,800,70,6\n")
    [creator] = Read(counts).creators
    assert (creator.creator_id, [post.views for post in creator.posts]) == ("c", [900, 800])


def test_lists_and_objects_beside_each_other(put: Any) -> None:
    post = {"caption": "One", "likes": 30, "comments": 2, "published_at": "2026-11-01"}
    beside = put("a.json", json.dumps([{"creator": {"handle": "kim", "followers": 5, "bio": "x"}, "content": [post]}]))
    [creator] = Read(beside).creators
    assert (creator.handle, len(creator.posts)) == ("kim", 1)
    videos = put(
        "b.json",
        json.dumps(
            {
                "itemList": [
                    {
                        "id": "1",
                        "desc": "One",
                        "createTime": 1_790_000_000,
                        "author": {"uniqueId": "kim"},
                        "stats": {"diggCount": 3},
                    }
                ]
            }
        ),
    )
    assert Read(videos).values("handle") == ["kim"]
    owned = put("c.json", json.dumps([{"user_posted": "kim", "description": "One", "num_comments": 4, "date_posted": "2026-11-01", "likes": 30,
                                       "followers": 12_400, "content_type": "Carousel"}]))  # fmt: skip
    [creator] = Read(owned).creators
    assert (creator.handle, creator.followers, creator.posts[0].comments) == ("kim", 12_400, 4)
