"""Tables and posts in shapes that programs and old tools write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bonafit.errors import InputError
from tests.io.reading import Read

NAMES = ["handle", "followers", "bio"]
ROWS = [["mara", 8_400, "Rye"], ["ole", 9_100, "Oats"]]


@pytest.mark.parametrize(
    "document",
    [
        {name: {str(i): row[k] for i, row in enumerate(ROWS)} for k, name in enumerate(NAMES)},
        {"columns": NAMES, "index": [0, 1], "data": ROWS},
        [NAMES, *ROWS],
    ],
)
def test_tables_as_json(put: Any, document: Any) -> None:
    assert Read(put("a.json", json.dumps(document))).values(*NAMES) == [tuple(row) for row in ROWS]


def test_json_that_is_no_table_is_refused_with_its_cause(put: Any) -> None:
    with pytest.raises(InputError, match=r"none of the first 2 rows can be read.*expected an object"):
        Read(put("a.json", json.dumps([["mara", 8_400], ["ole", 9_100]])))


def test_objects_of_mongodb(put: Any) -> None:
    post = {"caption": "x", "likes": {"$numberInt": "12"}, "timestamp": {"$date": "2026-11-01T00:00:00Z"}}
    row = {"_id": {"$oid": "65f0a"}, "username": "mara", "followers": {"$numberLong": "8400"}, "posts": [post]}
    [creator] = Read(put("a.jsonl", [row])).creators
    assert (creator.creator_id, creator.followers, creator.posts[0].likes) == ("65f0a", 8_400, 12)
    assert creator.posts[0].posted_at is not None


def test_lines_that_end_as_on_old_macs(put: Any) -> None:
    assert Read(put("a.csv", "handle,followers\rmara,8400\role,9100\r")).values("followers") == [8_400, 9_100]
    quoted = Read(put("q.csv", b'handle,followers,bio\r\nmara,8400,"Rye\rOats"\r\n'))
    assert quoted.values("bio") == ["Rye\rOats"]


def test_two_tables_in_one_file_are_refused(put: Any) -> None:
    with pytest.raises(InputError, match=r"line 3 names other columns \(platform, handle, followers\)"):
        Read(put("a.csv", "handle,followers,bio\nmara,8400,Rye\nplatform,handle,followers\ntiktok,ida,700\n"))


def test_posts_of_ones_own_export_are_owned_by_their_links(put: Any) -> None:
    header = "Video title,Video link,Post time,Total likes,Total comments,Total views\n"
    link = "https://www.tiktok.com/@mara.rot/video/730"
    rows = f'Rye,{link}1,2026-11-01,310,12,"9,800"\nOats,{link}2,2026-11-04,280,9,"8,100"\n'
    read = Read(put("a.csv", header + rows))
    assert read.values("handle", "platform") == [("mara.rot", "tiktok")]
    assert [post.views for post in read.creators[0].posts] == [9_800, 8_100]
    assert read.report.treated["posts: whose they are is read from their links"] == 2


def test_a_name_beside_a_link(put: Any) -> None:
    rows = "Mara,https://www.instagram.com/p/C1abc/,8400\nOle,https://www.instagram.com/ole.b/reel/C2/,9100\n"
    read = Read(put("a.csv", f"Influencer,Link,Followers\nIda Lund,https://www.instagram.com/p/C3/,5\n{rows}"))
    assert read.values("creator_id", "handle", "display_name", "platform") == [
        ("Ida Lund", None, "Ida Lund", "instagram"), ("mara@instagram", "Mara", None, "instagram"),
        ("ole.b@instagram", "ole.b", "Ole", "instagram"),
    ]  # fmt: skip


def test_units_and_countries_as_lists_write_them(put: Any) -> None:
    rows = "mara;12,5;D\nole;8,4;🇦🇹\nida;103;CH\nbo;9;🇸🇪 Sweden\n"
    read = Read(put("a.csv", f"👤 Handle;**Follower** (in Tsd.);📍 Land\n{rows}"))
    assert read.values("followers", "country") == [(12_500, "de"), (8_400, "at"), (103_000, "ch"), (9_000, "se")]


def test_comments_are_no_posts_of_those_who_wrote_them(put: Any) -> None:
    rows = "https://www.instagram.com/p/C1/,1,So nice!,pia,3,2026-11-01\nhttps://www.instagram.com/p/C1/,2,Yes,tom,0,2026-11-01\n"
    with pytest.raises(InputError, match="look like comments under posts"):
        Read(put("a.csv", f"post_url,comment_id,comment,username,likes,date\n{rows}"))


def test_channels_ids_differ_by_case(put: Any) -> None:
    ids = ["UCabcdefghijklmnopqrstuv", "UCabcdefghijklmnopqrstuV"]
    rows = "".join(f"https://www.youtube.com/channel/{i},8400\n" for i in ids)
    assert Read(put("a.csv", f"link,subscribers\n{rows}")).values("handle") == ids
