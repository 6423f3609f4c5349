"""Every vendor's shape gives the same creator, within what the vendor leaves out."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bonafit.io.documented import fields_of
from bonafit.io.read import ReadReport, read_creators
from bonafit.io.rows.vendors import vendors
from bonafit.records import Brief, Creator, Post
from tests.io.vendor_shapes import CREATOR, shapes
from tests.tiny_scorer import tiny_scorer

NOW = datetime(2026, 11, 27, tzinfo=UTC)
PROFILE = {"bio", "followers", "following", "posts_count"}
# what each leaves out of a creator and of a post, or says otherwise
LEAVES_OUT: dict[str, tuple[set[str], set[str]]] = {
    "Apify Instagram": (set(), set()),
    "Apify Instagram posts": (PROFILE, set()),
    "Apify TikTok": (set(), set()),
    "TikTok-Api": (set(), set()),
    "YouTube Data API": ({"following", "posts"}, set()),
    "YouTube Data API videos": ({*PROFILE, "handle"}, {"caption"}),
    "yt-dlp": ({"bio", "following", "posts_count"}, {"caption"}),
    "Instagram Graph API": (set(), {"views"}),
    "instagrapi": (PROFILE, {"post_id"}),
    "instagrapi profile": ({"posts"}, set()),
    "instaloader": (set(), set()),
    "Bright Data": ({"creator_id"}, set()),
    "Bright Data TikTok": ({"creator_id"}, set()),
    "Bright Data X": (set(), {"post_id"}),
    "Bright Data posts": ({"creator_id"}, {"post_id"}),
    "Meta Business Suite": (PROFILE, set()),
    "StarNgage": ({*PROFILE - {"followers"}, "creator_id", "display_name", "posts"}, set()),
    "StarNgage list": ({*PROFILE - {"followers"}, "creator_id", "display_name", "posts"}, set()),
    "Modash": ({"following"}, set()),
    "HypeAuditor": ({"posts"}, set()),
    "IQData": (set(), set()),
    "InsightIQ": (set(), {"post_id"}),
    "influencers.club": ({"creator_id", "posts"}, set()),
}
COMPARED = ("creator_id", "handle", "display_name", "bio", "followers", "following", "posts_count")
POST_COMPARED = ("post_id", "posted_at", "caption", "likes", "comments", "views")


def read(path: Path) -> tuple[Creator, ReadReport]:
    report = ReadReport()
    [(_, creator)] = read_creators(path, on_reject=pytest.fail, report=report, now=NOW, careful=True)
    return creator, report


@pytest.mark.parametrize("vendor", shapes())
def test_the_same_creator_in_every_vendors_shape(tmp_path: Path, vendor: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(shapes()[vendor]), encoding="utf-8")
    creator, report = read(path)
    without, post_without = LEAVES_OUT[vendor]
    assert report.source["vendor"].split(" ")[0] == vendor.split(" ", maxsplit=1)[0]
    for name in set(COMPARED) - without:
        assert getattr(creator, name) == getattr(CREATOR, name), name
    assert len(creator.posts) == (0 if "posts" in without else len(CREATOR.posts))
    for post, expected in zip(creator.posts, CREATOR.posts, strict=False):
        for name in set(POST_COMPARED) - post_without:
            assert close(name, post, expected), name
    assert not report.lost


# vendors whose exports are tables
TABLES = ("Apify Instagram posts", "yt-dlp", "Meta Business Suite", "StarNgage", "StarNgage list", "influencers.club")


@pytest.mark.parametrize("vendor", TABLES)
def test_tables_read_as_json_of_the_same_cells(tmp_path: Path, vendor: str) -> None:
    rows = shapes()[vendor]
    (tmp_path / "export.json").write_text(json.dumps(rows), encoding="utf-8")
    with (tmp_path / "export.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(
            {name: json.dumps(cell) if isinstance(cell, list) else cell for name, cell in row.items()} for row in rows
        )
    of_json, of_table = read(tmp_path / "export.json")[0], read(tmp_path / "export.csv")[0]
    assert alike(of_table) == alike(of_json)


def alike(creator: Creator) -> dict[str, Any]:
    """What all vendors that give it whole give alike."""
    posts = [{name: getattr(post, name) for name in POST_COMPARED} for post in creator.posts]
    return {**{name: getattr(creator, name) for name in COMPARED}, "posts": posts}


def test_what_is_whole_is_one_record_and_one_score(tmp_path: Path) -> None:
    whole = [vendor for vendor, without in LEAVES_OUT.items() if without == (set(), set())]
    assert {"Apify Instagram", "Apify TikTok", "instaloader", "IQData"} <= set(whole)
    read_ones = []
    for vendor in whole:
        path = tmp_path / "export.json"
        path.write_text(json.dumps(shapes()[vendor]), encoding="utf-8")
        read_ones.append(read(path)[0])
    assert all(alike(creator) == alike(CREATOR) for creator in read_ones)
    # not every vendor says when it read
    brief = Brief(brand="Fjordspor", description="Trail running shoes", as_of=NOW.date())
    with tiny_scorer() as scorer:
        [expected] = scorer.score([CREATOR], brief)
        assert expected.score is not None
        for creator in read_ones:
            [score] = scorer.score([creator], brief)
            assert (score.score, score.interval, score.verdict) == (expected.score, expected.interval, expected.verdict)


def close(name: str, post: Post, expected: Post) -> bool:
    value, wanted = getattr(post, name), getattr(expected, name)
    # yt-dlp's day without the hour, where its timestamp is absent
    return bool(value == wanted or (name == "posted_at" and abs(value - wanted) < timedelta(days=1)))


@pytest.mark.parametrize("vendor", ["Modash", "HypeAuditor", "IQData", "InsightIQ"])
def test_histories_of_followers(tmp_path: Path, vendor: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(shapes()[vendor]), encoding="utf-8")
    creator, _ = read(path)
    assert [(point.at, point.followers) for point in creator.follower_history] == [
        (datetime(2026, 9, 1, tzinfo=UTC), 22_900), (datetime(2026, 10, 1, tzinfo=UTC), 23_480)
    ]  # fmt: skip


def platform_of(name: str) -> str | None:
    return next(vendor.platform for vendor in vendors() if vendor.name == name)


def test_the_table_of_fields_by_vendors_is_what_is_read(tmp_path: Path) -> None:
    read_of: dict[str, set[str]] = {}
    for shape in shapes().values():
        path = tmp_path / "export.json"
        path.write_text(json.dumps(shape), encoding="utf-8")
        creator, report = read(path)
        fields = {name for name in ("platform", *COMPARED, "follower_history", "comments") if getattr(creator, name)}
        # a handle with its platform, and a name for want of one, serve as id
        fields -= {"creator_id"} if any(note.startswith("creator_id: absent") for note in report.treated) else set()
        fields |= {f"posts.{name}" for post in creator.posts for name in POST_COMPARED if getattr(post, name)}
        if not platform_of(report.source["vendor"]):
            # links to posts say it
            fields -= {"platform"} if report.source["rows"] == "posts" else set()
        read_of.setdefault(report.source["vendor"], set()).update(fields)
    for vendor in vendors():
        assert read_of[vendor.name] <= fields_of(vendor), vendor.name
        assert fields_of(vendor) & set(COMPARED) <= read_of[vendor.name] | {"creator_id"}, vendor.name


def test_vendors_own_figures_are_facts_with_a_definition(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(shapes()["HypeAuditor"]), encoding="utf-8")
    creator, _ = read(path)
    facts = {fact["name"]: fact for fact in creator.extra["vendor_facts"]}
    assert facts["user.aqs"] == {
        "vendor": "HypeAuditor", "name": "user.aqs", "value": 81,
        "definition": "HypeAuditor's Audience Quality Score, 1 to 100",
    }  # fmt: skip
    assert facts["audience_type.susp"]["value"] == 12.0


def test_prices_of_a_vendor_are_ranges_by_kind(tmp_path: Path) -> None:
    row = shapes()["InsightIQ"]
    path = tmp_path / "export.json"
    path.write_text(json.dumps(row), encoding="utf-8")
    creator, report = read(path)
    assert (creator.price, creator.currency) == (500.0, "USD")
    assert report.treated["price: a range, read as its upper end"] == 1
    row["pricing"]["post_type"]["static_post"] = {"price_range": {"min": 100, "max": 150}}
    path.write_text(json.dumps(row), encoding="utf-8")
    assert read(path)[0].price == 150.0


def test_comments_of_others_and_replies_of_ones_own(tmp_path: Path) -> None:
    row = shapes()["Apify Instagram"][0]
    row["latestPosts"][0]["latestComments"].append({"text": "Wool ones", "ownerUsername": row["username"]})
    path = tmp_path / "export.json"
    path.write_text(json.dumps([row]), encoding="utf-8")
    creator, _ = read(path)
    assert {comment.author for comment in creator.comments} == {"pia"}
    assert [reply.text for reply in creator.posts[0].replies] == ["Wool ones"]


def test_every_vendor_has_a_name_and_marks() -> None:
    assert len({vendor.name for vendor in vendors()}) == len(vendors())
    assert all(vendor.marks and all(vendor.marks) for vendor in vendors())
    assert msgspec.json.encode([vendor.facts for vendor in vendors()])
