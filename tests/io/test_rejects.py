"""Each mistake becomes one reject with its line, id, field and remedy; every other row is read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bonafit.io.read import (
    ReadReport,
    Reject,
    read_creators,
)
from bonafit.io.streams import Peekable, lines
from bonafit.records import MAX_TEXT, Comment, Creator, FollowerPoint, Post
from bonafit.records.messages import FOUND_LENGTH

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def read(path: Path, **options: object) -> tuple[list[Creator], list[Reject], ReadReport]:
    rejects: list[Reject] = []
    report = ReadReport()
    creators = [c for _, c in read_creators(path, on_reject=rejects.append, report=report, now=NOW, **options)]
    assert report.rows == report.accepted + report.rejected == len(creators) + report.rejected
    assert report.post_rows == report.post_rows_attached + report.post_rows_rejected
    assert report.rejected + report.post_rows_rejected == len(rejects)
    return creators, rejects, report


MESSY = {
    "ok-plain": ("creator_id", "the id of line 1 once more"),
    "bad-json": ("", "text that is not JSON"),
}


# one bad value loses one value: row, path as told, what it says
LOST = {
    "bad-type": ("followers", "expected a whole number"),
    "bad-negative": ("posts[].likes", "found -3, expected a whole number >= 0"),
    "bad-early": ("posts[].posted_at", "expected a time from 2005-01-01 on"),
    "bad-long": ("handle", "found text of 501 characters, expected text of length <= 500"),
    "bad-infinite": ("price", "expected a finite number"),
    "bad-history": ("follower_history[].followers", "is missing"),
}


def test_the_messy_example(repository: Path) -> None:
    creators, rejects, report = read(repository / "examples" / "messy.jsonl")
    by_id = {c.creator_id: c for c in creators}
    assert {who: (r.field, MESSY[who][1] in r.reason) for r in rejects if (who := r.creator_id)} == {
        who: (field, True) for who, (field, _) in MESSY.items()
    }
    assert set(by_id) >= {"ok-plain", "ok-other-names", "ok-times", "ok-nulls", "bad-type", "bad-history", "bad-nan"}
    nameless = {r.line: (r.field, r.reason) for r in rejects if r.creator_id is None}
    assert nameless[16] == ("creator_id", "creator_id is missing; every row needs it, or a handle")
    assert nameless[17] == nameless[16]
    assert "found list" in nameless[24][1]
    assert report.blank_lines == 1
    other = by_id["ok-other-names"]
    assert (other.platform, other.handle, other.followers, other.verified) == ("instagram", "other.names", 8100, False)
    assert other.extra == {"newsletter": "weekly"}
    assert other.posts[0].post_id == "17"
    assert other.posts[0].posted_at == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert report.unknown == {"newsletter": 1, "posts[].filter": 1}
    assert report.aliases["posts[].like_count -> posts[].likes"] == 1
    times = [post.posted_at for post in by_id["ok-times"].posts]
    assert times == [datetime(2026, 2, 1, h, m, tzinfo=UTC) for h, m in ((9, 30), (7, 30), (0, 0))]


@pytest.mark.parametrize("who", LOST)
def test_one_bad_value_of_the_messy_example_loses_one_value(repository: Path, tmp_path: Path, who: str) -> None:
    [line] = [
        x for x in (repository / "examples" / "messy.jsonl").read_bytes().splitlines() if f'"{who}"'.encode() in x
    ]
    (tmp_path / "one.jsonl").write_bytes(line)
    [creator], _, report = read(tmp_path / "one.jsonl")
    assert creator.creator_id == who
    [(path, lost)] = report.lost.items()
    assert path == LOST[who][0]
    assert LOST[who][1] in lost.reason
    assert (lost.n, lost.line, lost.who) == (1, 1, who)


def test_a_caption_of_5_mb_costs_one_caption(tmp_path: Path) -> None:
    long = msgspec.json.encode({"creator_id": "long", "posts": [{"caption": "x" * 5_000_000}]})
    (tmp_path / "c.jsonl").write_bytes(long + b'\n{"creator_id": "next"}\n')
    creators, rejects, report = read(tmp_path / "c.jsonl")
    assert [(c.creator_id, len(c.posts)) for c in creators] == [("long", 1), ("next", 0)]
    assert not rejects
    assert "text of 5,000,000 characters" in report.lost["posts[].caption"].reason
    assert len(report.lost["posts[].caption"].reason) <= 2 * FOUND_LENGTH


def test_text_at_the_limit_is_read(tmp_path: Path) -> None:
    row = {"creator_id": "a", "posts": [{"caption": "é" * MAX_TEXT}]}
    (tmp_path / "c.jsonl").write_bytes(msgspec.json.encode(row))
    assert len(read(tmp_path / "c.jsonl")[0][0].posts[0].caption) == MAX_TEXT


def test_times_and_codes_are_put_right_wherever_they_stand(tmp_path: Path) -> None:
    naive, zoned, utc = "2026-02-01T09:30:00", "2026-02-01T11:30:00+02:00", datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
    for at in (naive, zoned):
        row = {
            "creator_id": "a",
            "platform": "TikTok",
            "posts": [
                {"posted_at": at, "counted_at": at, "kind": "VIDEO", "replies": [{"posted_at": at}]},
                {"likes": 1},
            ],
            "comments": [{"text": "x"}, {"posted_at": at}],
            "follower_history": [{"at": at, "followers": 1}],
        }
        (tmp_path / "c.jsonl").write_bytes(msgspec.json.encode(row))
        [creator], _, _ = read(tmp_path / "c.jsonl")
        assert creator == Creator(
            creator_id="a",
            platform="tiktok",
            posts=(
                Post(posted_at=utc, counted_at=utc, kind="video", replies=(Comment(posted_at=utc),)),
                Post(likes=1),
            ),
            comments=(Comment(text="x"), Comment(posted_at=utc)),
            follower_history=(FollowerPoint(at=utc, followers=1),),
        )


def test_of_two_names_for_one_field_the_first_is_read_and_the_other_kept(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": "a", "follower_count": 1, "followers_count": 2}', encoding="utf-8")
    [creator], _, report = read(tmp_path / "c.jsonl")
    assert (creator.followers, creator.extra) == (1, {"followers_count": 2})
    assert report.unknown == {"followers_count": 1}


CSV = """creator_id,followers,verified,price,bio,posts,colour
ok,1200.0,true,10.5,"a ""quoted"" bio
on two lines","[{""likes"": 3}]",blue

bad-count,many,,,,,
bad-negative,-4,,,,,
bad-flag,1,maybe,,,,
bad-price,1,,nan,,,
bad-json,1,,,,[{,
bad-cells,1,2
bad-utf8,1,,,caf\xe9,,
bad-quote,1,,,"a"b,,
ok,5,,,,,
,5,,,,,
last,7,no,,,,
"""


def test_csv_rows(tmp_path: Path) -> None:
    # latin-1 keeps the é a single byte, which is no UTF-8
    (tmp_path / "c.csv").write_bytes(CSV.encode("latin-1"))
    creators, rejects, report = read(tmp_path / "c.csv")
    assert report.source["encoding"] == "cp1252"
    assert [c.creator_id for c in creators] == [
        "ok", "bad-count", "bad-negative", "bad-flag", "bad-price", "bad-json", "bad-utf8", "last"
    ]  # fmt: skip
    first = creators[0]
    assert (first.followers, first.verified, first.price, first.posts[0].likes) == (1200, True, 10.5, 3)
    assert first.bio == 'a "quoted" bio\non two lines'
    assert first.extra == {"colour": "blue"}
    assert creators[6].bio == "café"
    assert report.blank_lines == 1
    assert {path: lost.n for path, lost in report.lost.items()} == {"followers": 2, "verified": 1, "posts": 1}
    assert [(r.line, r.creator_id, r.field) for r in rejects] == [
        (10, "bad-cells", ""),
        (12, None, ""),
        (13, "ok", "creator_id"),
        (14, None, "creator_id"),
    ]
    assert "found 3 cells, expected 7" in rejects[0].reason


def test_a_line_that_is_not_utf8_among_more_that_are_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("creator_id,bio\na,é\nb,ü\n".encode() + "c,ö\n".encode("latin-1"))
    creators, [reject], _ = read(tmp_path / "c.csv")
    assert [(c.creator_id, c.bio) for c in creators] == [("a", "é"), ("b", "ü")]
    assert (reject.line, reject.creator_id) == (4, "c")
    assert "not UTF-8" in reject.reason


def test_a_quote_that_never_closes_names_the_lines_it_swallowed(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text('creator_id,bio\na,fine\nb,"open\nc,lost\nd,lost\n', encoding="utf-8")
    creators, [reject], _ = read(tmp_path / "c.csv")
    assert [c.creator_id for c in creators] == ["a"]
    assert reject.line == 3
    assert "lines 3 to 5" in reject.reason


@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators(tmp_path: Path, mark: str) -> None:
    text = "\ufeff" + mark.join(["creator_id", "followers"]) + "\r\n" + mark.join(["a", "12"]) + "\r\n"
    (tmp_path / "c.csv").write_text(text, encoding="utf-8", newline="")
    [creator], _, _ = read(tmp_path / "c.csv")
    assert (creator.creator_id, creator.followers) == ("a", 12)


def test_posts_files_reject_their_own_rows(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("creator_id,posts\na,\nb,[{}]\nbad\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text(
        "creator_id,id,likes,tags,mood\na,1,5,x|y,good\na,2,-5,,\n,3,5,,\nnobody,4,1,,\nb,5,1,,\nbad,6,1,,\n",
        encoding="utf-8",
    )
    creators, rejects, report = read(tmp_path / "c.csv", posts=tmp_path / "p.csv")
    assert [(c.creator_id, c.posts) for c in creators] == [
        ("a", (Post(post_id="1", likes=5, tags=("x", "y")), Post(post_id="2")))
    ]
    assert [(path, lost.n, lost.line) for path, lost in report.lost.items()] == [("posts[].likes", 1, 3)]
    assert [(r.source, r.line, r.creator_id, r.field) for r in rejects] == [
        ("posts", 4, None, "creator_id"),
        ("creators", 3, "b", "posts"),
        ("creators", 4, "bad", ""),
        ("posts", 5, "nobody", "creator_id"),
        ("posts", 6, "b", "creator_id"),
        ("posts", 7, "bad", "creator_id"),
    ]
    assert (report.post_rows, report.post_rows_attached) == (6, 2)
    assert report.unknown == {"posts[].mood": 1}
    assert report.aliases == {"posts[].id -> posts[].post_id": 6}


def test_lines_of_any_length_in_bounded_memory() -> None:
    class Source:
        def __init__(self) -> None:
            self.left = [b"short\n", b"x" * 50, b"x" * 60 + b"\n\nend", b"ing"]

        def read(self, n: int, /) -> bytes:
            return self.left.pop(0) if self.left else b""

    assert list(lines(Peekable(Source()), limit=100)) == [(1, b"short"), (2, None), (3, b""), (4, b"ending")]


def test_report_says_all_in_words(repository: Path) -> None:
    _, _, report = read(repository / "examples" / "messy.jsonl")
    text = report.lines(all_of_it=True)
    assert text[0] == "23 rows = 18 read + 5 rejected"
    assert "1 blank lines skipped" in text
    assert "column newsletter: not known, kept in extra, in 1 rows" in text
    assert "column posts[].filter: not known, counted only, in 1 rows" in text
    assert "column username -> handle: read as given in 1 rows" in text
