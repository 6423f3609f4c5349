"""Values as programs box, hide and misspell them: each is read, or left out and told, and never takes its row along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bonafit.io.read import ReadReport, read_creators
from bonafit.records import Creator


def read(row: dict[str, Any], tmp_path: Path) -> tuple[Creator, str]:
    """The creator that a row is, and what was told beside what was read."""
    path = tmp_path / "creators.jsonl"
    path.write_text(json.dumps({"creator_id": "a", **row}) + "\n")
    report = ReadReport()
    [(_, creator)] = read_creators(path, on_reject=pytest.fail, report=report)
    return creator, "\n".join(report.lines()[1:])


@pytest.mark.parametrize(
    ("row", "read_as", "told"),
    [
        ({"bio": {"text": None, "value": ""}}, {"bio": None}, ""),
        ({"bio": True}, {"bio": None}, "found True, expected text"),
        ({"bio": 12.5}, {"bio": "12.5"}, ""),
        ({"creator_id": {"id": "abc"}}, {"creator_id": "abc"}, ""),
        ({"followers": {"count": "n/a"}}, {"followers": None}, ""),
        ({"followers": "hidden"}, {"followers": None}, "hidden, as a word says"),
        ({"followers": -1}, {"followers": None}, "-1 for a count that is hidden"),
        ({"followers": -7}, {"followers": None}, "found -7, expected a whole number >= 0"),
        ({"followers": 10**17}, {"followers": None}, "expected a whole number <="),
        ({"followers": float("nan")}, {"followers": None}, ""),
        ({"price": "on request"}, {"price": None}, "on request, as words say"),
        ({"price": "€200-300"}, {"price": 300.0, "currency": "EUR"}, "a range, read as its upper end"),
        ({"price": True}, {"price": None}, "found True, expected a number"),
        ({"country": {"code": "DE"}}, {"country": "de"}, ""),
        ({"country": {"code": None}}, {"country": None}, ""),
        ({"country": 12}, {"country": None}, "found 12, expected text"),
        ({"country": "Nowhereland"}, {"country": None}, "expected a country by name or ISO code"),
        ({"platform": "instagram/tiktok"}, {"platform": None}, "expected one platform; write a row for each"),
        ({"default_profile_image": True}, {"has_picture": False}, ""),
        ({"no_picture": True}, {"has_picture": None, "extra": {"no_picture": True}}, "no_picture: not known"),
        ({"owner": "n/a"}, {"handle": None}, ""),
        ({"user": 5}, {"handle": "5"}, ""),
        ({"posts": "n/a"}, {"posts": ()}, ""),
        ({"creator_id": "https://instagram.com/foo/"}, {"handle": "foo", "platform": "instagram"}, ""),
    ],
)
def test_of_a_creator(row: dict[str, Any], read_as: dict[str, Any], told: str, tmp_path: Path) -> None:
    creator, lines = read(row, tmp_path)
    assert {name: getattr(creator, name) for name in read_as} == read_as
    assert (told in lines) if told else "not read" not in lines


@pytest.mark.parametrize(
    ("post", "read_as", "told"),
    [
        ({"tags": "#first #second words"}, {"tags": ("first", "second")}, ""),
        ({"tags": "a|b| c"}, {"tags": ("a", "b", "c")}, ""),
        ({"tags": [{"name": "x"}, 3, "-"]}, {"tags": ("x", "3")}, ""),
        ({"tags": {"a": {"name": "x"}, "b": {"name": "y"}}}, {"tags": ("x", "y")}, ""),
        ({"tags": 5}, {"tags": ()}, "found 5, expected a list"),
        ({"mentions": "@a, @b; c"}, {"mentions": ("a", "b", "c")}, ""),
        ({"posted_at": {"value": None}}, {"posted_at": None}, ""),
        ({"posted_at": {"value": "2026-03-01T10:00:00Z"}}, {"posted_at": "2026-03-01T10:00:00Z"}, ""),
        ({"posted_at": 20260301}, {"posted_at": "2026-03-01T00:00:00Z"}, ""),
        ({"posted_at": "2026年3月1日"}, {"posted_at": "2026-03-01T00:00:00Z"}, ""),
        ({"posted_at": "1 March 2026 10:00 UTC+2"}, {"posted_at": "2026-03-01T08:00:00Z"}, ""),
        ({"posted_at": "2001-01-01"}, {"posted_at": None}, "when the first platform opened"),
        ({"posted_at": "x" * 80}, {"posted_at": None}, "found 'xxx"),
        ({"posted_at": "3 days ago"}, {"posted_at": None}, "but not when the file was"),
        ({"kind": 2}, {"kind": "video"}, ""),
        ({"kind": "Reels"}, {"kind": "reel"}, ""),
        ({"comments": 0, "comments_disabled": True}, {"comments": None}, "switched off by the creator"),
    ],
)
def test_of_a_post(post: dict[str, Any], read_as: dict[str, Any], told: str, tmp_path: Path) -> None:
    creator, lines = read({"posts": [{"caption": "x", **post}]}, tmp_path)
    [only] = creator.posts
    values = msgspec.to_builtins(only)
    assert {name: values[name] for name in read_as} == read_as
    assert (told in lines) if told else "not read" not in lines


def test_of_lists_what_is_no_record_is_left_out_and_told(tmp_path: Path) -> None:
    creator, lines = read(
        {
            "posts": {"0": {"caption": "x"}, "1": {"caption": "y"}},
            "comments": [{"author": "x"}, None, {"text": "ok"}, "plain", 7],
            "follower_history": {"2026-01-01": 10},
        },
        tmp_path,
    )
    assert [post.caption for post in creator.posts] == ["x", "y"]
    assert [(comment.author, comment.text) for comment in creator.comments] == [("x", ""), (None, "ok")]
    assert "comments: 2 values not read" in lines
    # no list of points: kept as it is
    assert creator.extra == {"follower_history": {"2026-01-01": 10}}
    creator, lines = read({"posts": [None, 3, {"caption": "z"}]}, tmp_path)
    assert [post.caption for post in creator.posts] == ["z"]
    assert "found 3, expected an object" in lines


MARA = {"username": "mara", "followers": 900}
FAN, THANKS = {"text": "hi", "ownerUsername": "fan"}, {"text": "thanks", "ownerUsername": "mara"}


@pytest.mark.parametrize(
    ("row", "captions", "told"),
    [
        ({"posts": [{"caption": name, "ownerUsername": name} for name in ("mara", "zoe")]}, ["mara"],
         "of somebody else (shared or tagged), left out: 1 times"),
        # an account renamed since
        ({"posts": [{"caption": name, "ownerUsername": "old"} for name in "ab"]}, ["a", "b"], ""),
        ({"posts": [{"caption": "late", "timestamp": "2099-01-01T00:00:00Z"}, {"caption": "now"}]}, ["now"],
         "of the future (scheduled), left out: 1 times"),
        ({"posts": [{"caption": "old", "pinned": True, "timestamp": "2020-01-01T00:00:00Z"},
                    {"caption": "a", "timestamp": "2026-01-01T00:00:00Z"},
                    {"caption": "b", "timestamp": "2026-01-08T00:00:00Z"}]}, ["a", "b"],
         "pinned and older than all others, left out: 1 times"),
        ({"sponsoredPosts": [{"caption": "ad"}]}, ["ad"], ""),
    ],
)  # fmt: skip
def test_posts_that_are_not_the_creators_now_are_left_out_and_told(
    row: dict[str, Any], captions: list[str], told: str, tmp_path: Path
) -> None:
    creator, lines = read({**MARA, **row}, tmp_path)
    assert [post.caption for post in creator.posts] == captions
    assert all(post.is_sponsored is True for post in creator.posts) == ("sponsoredPosts" in row)
    assert (told in lines) if told else "left out" not in lines


def test_comments_within_a_post_are_its_own_and_the_creators_answers_are_replies(tmp_path: Path) -> None:
    posts = [{"id": "p1", "caption": "a", "latestComments": [FAN, THANKS, {"ownerUsername": "x"}]}]
    creator, _ = read({**MARA, "posts": posts}, tmp_path)
    assert [(comment.text, comment.author, comment.post_id) for comment in creator.comments] == [("hi", "fan", "p1")]
    assert [reply.text for reply in creator.posts[0].replies] == ["thanks"]
    creator, _ = read({**MARA, "posts": [{"caption": "a", "latestComments": [FAN]}]}, tmp_path)
    assert [comment.post_id for comment in creator.comments] == [None]


@pytest.mark.parametrize(
    ("row", "read_as", "told"),
    [
        ({"posts": [{"likes": 5, "views": 7, "like_and_view_counts_disabled": True}]}, {}, "likes: hidden by"),
        ({"channelTitle": "x", "hiddenSubscriberCount": True, "subscriberCount": 0, "followers": None},
         {"followers": None}, "followers: the platform hides them"),
        ({"bio": "1,204 Followers, 300 Following, 12 Posts - See Instagram photos and videos from Mara (@mara)"},
         {"bio": None, "following": 300, "posts_count": 12}, "the page's description"),
        ({"price": "¥300", "country": "China"}, {"price": 300.0, "currency": "CNY"}, ""),
        ({"price": "¥300", "country": "Japan"}, {"price": 300.0, "currency": "JPY"}, ""),
    ],
)  # fmt: skip
def test_what_a_platform_or_a_page_says_in_its_own_way(
    row: dict[str, Any], read_as: dict[str, Any], told: str, tmp_path: Path
) -> None:
    creator, lines = read({**MARA, **row}, tmp_path)
    assert {name: getattr(creator, name) for name in read_as} == read_as
    assert (creator.posts[0].likes, creator.posts[0].views) == (None, None) if creator.posts else True
    assert told in lines


def test_a_stated_rate_is_kept_as_the_vendors_figure(tmp_path: Path) -> None:
    creator, _ = read({**MARA, "engagement_rate": "3.2%"}, tmp_path)
    [fact] = creator.extra["vendor_facts"]
    assert fact["value"] == pytest.approx(0.032)
    creator, _ = read({**MARA, "audience": [{"username": "f", "default_profile_image": True}]}, tmp_path)
    assert [(account.handle, account.has_picture) for account in creator.audience] == [("f", False)]


def dated(*days: str, **more: Any) -> list[dict[str, Any]]:
    return [{"caption": f"of {day}", "timestamp": f"{day}T10:00:00Z", **more} for day in days]


NEWEST_FIRST = dated(*(f"2026-0{month}-01" for month in range(7, 1, -1)))


@pytest.mark.parametrize(
    ("posts", "left_out"),
    [
        # up to three at the front, each older than all others by more than a month
        ([*dated("2025-03-01", "2024-03-01"), *NEWEST_FIRST, *dated("2026-01-20")], 2),
        # not so old
        ([*dated("2026-01-10"), *NEWEST_FIRST, *dated("2026-01-20")], 0),
        # in no order, undated, or too few
        ([*dated("2024-03-01", "2026-01-20"), *NEWEST_FIRST[::-1], *dated("2025-01-01")], 0),
        ([*dated("2024-03-01"), {"caption": "undated"}, *NEWEST_FIRST], 0),
        (dated("2024-03-01", "2026-03-01", "2026-02-01"), 0),
    ],
)
def test_old_posts_at_the_front_of_a_list_that_nothing_marks_are_pins(
    posts: list[dict[str, Any]], left_out: int, tmp_path: Path
) -> None:
    creator, lines = read({**MARA, "posts": posts}, tmp_path)
    assert [post.caption for post in creator.posts] == [post["caption"] for post in posts[left_out:]]
    assert ("older than all others (pinned), left out" in lines) == bool(left_out)


def test_a_post_that_comes_twice_is_kept_once_with_its_newest_counts(tmp_path: Path) -> None:
    [first] = dated("2026-03-01")
    rows = [
        {**first, "id": "p1", "likes": 5}, {**first, "id": "https://www.instagram.com/p/p1xx/", "likes": 6},
        {**first, "id": "p1", "likes": 9}, {**first, "likes": 9}, {"id": "p1", "likes": 7},
    ]  # fmt: skip
    creator, lines = read({**MARA, "posts": rows}, tmp_path)
    assert [(post.post_id, post.likes) for post in creator.posts] == [
        ("p1", 9), ("https://www.instagram.com/p/p1xx/", 6),
    ]  # fmt: skip
    assert "posts: twice in the file, read once with the newest counts: 3 times" in lines
