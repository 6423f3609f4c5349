"""Posts of a file of their own go to whom they are of: ids differ by case, handles do not, names are asked last."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bonafit.io import posts_file
from bonafit.io.read import ReadReport, Reject, read_creators
from bonafit.records import Creator


def joined(
    tmp_path: Path, creators: list[dict[str, Any]] | None, posts: list[dict[str, Any] | str]
) -> tuple[dict[str, list[str]], ReadReport, list[Reject]]:
    """Captions by creator, of a file of creators with one of posts, or of the posts alone."""
    names = {"creators": creators, "posts": posts}
    for name, rows in names.items():
        lines = (row if isinstance(row, str) else json.dumps(row) for row in rows or ())
        (tmp_path / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines))
    rejects: list[Reject] = []
    report = ReadReport()
    shelf = tmp_path / "posts.jsonl"
    read = read_creators(
        shelf if creators is None else tmp_path / "creators.jsonl",
        posts=None if creators is None else shelf,
        on_reject=rejects.append,
        report=report,
    )
    everybody: list[Creator] = [creator for _, creator in read]
    captions = {creator.creator_id: [post.caption for post in creator.posts] for creator in everybody}
    return captions, report, rejects


def post(owner: str, caption: str, **more: Any) -> dict[str, Any]:
    return {"creator_id": owner, "caption": caption, "likes": 3, **more}


def test_ids_that_differ_by_case_alone_are_two_people(tmp_path: Path) -> None:
    posts: list[dict[str, Any] | str] = [post("UCabc", "of the first"), post("ucABC", "of the second")]
    captions, _, rejects = joined(tmp_path, [{"creator_id": "UCabc"}, {"creator_id": "ucabc"}], posts)
    assert captions == {"UCabc": ["of the first"], "ucabc": []}
    assert [(reject.line, "ucABC" in str(reject.found) + reject.reason) for reject in rejects] == [(2, True)]


def test_handles_differ_by_case_for_nobody(tmp_path: Path) -> None:
    posts: list[dict[str, Any] | str] = [
        {"username": name, "caption": name, "likes": 1} for name in ("Foo", "foo", "@FOO")
    ]
    captions, _, rejects = joined(tmp_path, [{"handle": "foo", "platform": "instagram"}], posts)
    assert list(captions.values()) == [["Foo", "foo", "@FOO"]]
    assert rejects == []


def test_a_name_is_asked_last_and_by_the_first_of_two_people(tmp_path: Path) -> None:
    posts: list[dict[str, Any] | str] = [post("Ana Lima", "by name"), post("b", "by id")]
    people = [
        {"creator_id": "a", "display_name": "Ana Lima"}, {"creator_id": "b", "display_name": "Ana Lima"},
        {"creator_id": "c", "display_name": "Ana Lima"}, {"creator_id": "d", "display_name": "Nobody Here"},
    ]  # fmt: skip
    captions, report, rejects = joined(tmp_path, people, posts)
    assert captions == {"a": ["by name"], "b": ["by id"], "c": [], "d": []}
    assert any("joined by the creator's name" in line for line in report.lines())
    assert rejects == []


def test_what_rows_of_posts_say_of_their_owner_is_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts_file, "_BATCH", 1)
    owner = {"handle": "mara", "platform": "instagram"}
    facts = {"likes": 2, "comments": 1, "posted_at": "2026-03-01T10:00:00Z"}
    posts: list[dict[str, Any] | str] = [
        {"owner": owner, "caption": "first", **facts},
        "not JSON",
        {"owner": {**owner, "followers": 900, "bio": "Rye"}, "caption": "second", **facts},
        {"owner": {**owner, "followers": 800}, "caption": "third", **facts},
    ]
    captions, _, rejects = joined(tmp_path, None, posts)
    assert list(captions.values()) == [["first", "second", "third"]]
    assert [reject.line for reject in rejects] == [2]
    [(_, creator)] = read_creators(tmp_path / "posts.jsonl", on_reject=lambda _: None)
    assert (creator.followers, creator.bio) == (900, "Rye")
