"""Creators who comment on each other are found over a file, whatever their order, and nobody else."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

from bonafit.cli import main
from bonafit.jobs.pods import Pair, groups
from bonafit.records import Comment, Creator


def creator(name: str, *commenters: str, posts: int = 4, platform: str = "instagram") -> Creator:
    comments = tuple(
        Comment(text="wow", author=author, post_id=f"{name}-{k}") for author in commenters for k in range(posts)
    )
    return Creator(creator_id=name, handle=f"{name}.official", platform=platform, comments=comments)


FILE = [
    creator("a", "@B.official", "c", "a"),
    creator("b", "a.OFFICIAL"),
    creator("c", "b", "reader"),
    creator("d", "a"),
    creator("e", "f", posts=2),
    creator("f", "e"),
]


def test_mutual_comments_tie_creators_and_one_way_does_not() -> None:
    assert [g.creators for g in groups(FILE)] == [("a", "b")]
    found = groups(FILE, least_posts=2)
    assert [g.creators for g in found] == [("a", "b"), ("e", "f")]
    assert found[0].pairs == (Pair(("a", "b"), (4, 4)),)
    assert found[1].pairs == (Pair(("e", "f"), (4, 2)),)
    assert found[0].share_of_comments == {"a": 0.5, "b": 1.0}


def test_the_order_of_the_file_says_nothing_and_groups_grow_through_their_members() -> None:
    ring = [creator(f"r{k}", f"r{(k + 1) % 5}", f"r{(k - 1) % 5}", "fan") for k in range(5)]
    mixed = [*FILE, *ring]
    random.Random(3).shuffle(mixed)
    found = groups(mixed)
    assert [set(g.creators) for g in found] == [{f"r{k}" for k in range(5)}, {"a", "b"}]
    assert set(found[0].share_of_comments.values()) == {2 / 3}
    assert len(found[0].pairs) == 5


def test_names_of_other_platforms_and_names_of_two_are_nobodys() -> None:
    assert groups([creator("a", "b"), creator("b", "a", platform="tiktok")]) == []
    twice = [creator("a", "b"), creator("b", "a"), msgspec.structs.replace(creator("x"), handle="b")]
    assert groups(twice) == []


def test_the_command_prints_groups_and_tells_of_what_it_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "creators.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode(c) for c in FILE) + b"\n{not json}\n")
    assert main(["pods", str(path)]) == 3
    out, err = capsys.readouterr()
    assert msgspec.json.decode(out)["creators"] == ["a", "b"]
    assert "6 creators have comments with an author" in err
    assert main(["pods", str(path), "--least-posts", "0"]) != 0
