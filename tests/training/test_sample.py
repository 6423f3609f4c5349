"""The invented sample: the same bytes every time, labelled, with the planted problems really in it."""

from __future__ import annotations

import json
from itertools import islice, pairwise
from pathlib import Path
from statistics import median

import pytest

from bonafit.io.read import ReadReport, read_creators, validate_creator
from bonafit.records import Creator
from bonafit_training.sample.creators import generate, iter_creators, main
from bonafit_training.sample.personas import PLANTED, planted_labels

SEED, N = 7, 200


@pytest.fixture(scope="module")
def creators() -> list[Creator]:
    return generate(N, SEED)


@pytest.fixture(scope="module")
def problems() -> dict[str, str | None]:
    return {who: truth["planted"] for who, truth in planted_labels(N, SEED).items()}


def of(creators: list[Creator], problems: dict[str, str | None], problem: str | None) -> list[Creator]:
    return [creator for creator in creators if problems[creator.creator_id] == problem]


def test_the_examples_are_made_again_byte_for_byte(tmp_path: Path, repository: Path) -> None:
    assert main(["--n", str(N), "--seed", str(SEED), "--out", str(tmp_path)]) == 0
    for name in ("creators.jsonl", "planted.json"):
        assert (tmp_path / name).read_bytes() == (repository / "examples" / name).read_bytes()
    assert (tmp_path / "creators.jsonl").stat().st_size < 2_500_000


@pytest.mark.slow
def test_the_examples_are_read_whole_and_labelled(repository: Path, creators: list[Creator]) -> None:
    report = ReadReport()
    read = [
        c for _, c in read_creators(repository / "examples" / "creators.jsonl", on_reject=pytest.fail, report=report)
    ]
    assert read == creators
    assert report.unknown == report.aliases == {}
    assert all(creator.extra == {"invented": True} for creator in read)
    assert all(creator.creator_id.startswith("invented-") for creator in read)
    truth = json.loads((repository / "examples" / "planted.json").read_text(encoding="utf-8"))
    assert truth["invented"] is True
    assert set(truth["labels"]) == {creator.creator_id for creator in read}


def test_creators_do_not_depend_on_how_many_are_made(creators: list[Creator]) -> None:
    assert list(islice(iter_creators(10**9, SEED), 30)) == creators[:30]
    assert generate(30, SEED + 1) != creators[:30]


def test_every_creator_is_valid(creators: list[Creator]) -> None:
    assert [validate_creator(creator) for creator in creators[:50]] == creators[:50]


def test_the_sample_is_varied(creators: list[Creator], problems: dict[str, str | None]) -> None:
    assert {c.platform for c in creators} == {"instagram", "tiktok", "youtube"}
    assert {"en", "es", "de", "fr", "pt", "ar", "hi", "ja"} <= {c.language for c in creators}
    followers = sorted(c.followers or 0 for c in creators)
    assert followers[0] >= 1_000
    assert followers[-1] <= 500_000
    assert median(followers) < 10_000
    captions = [post.caption for c in of(creators, problems, None) for post in c.posts]
    assert len(set(captions)) > 0.97 * len(captions)
    assert not any("{" in caption for caption in captions)


def test_every_problem_is_planted_as_often(problems: dict[str, str | None]) -> None:
    labels = list(problems.values())
    assert all(labels.count(problem) == N // 20 for problem in PLANTED)


def rate(creator: Creator) -> float:
    return median((post.likes or 0) / (creator.followers or 1) for post in creator.posts)


def spread(creator: Creator) -> float:
    likes = [post.likes or 0 for post in creator.posts]
    return (max(likes) - min(likes)) / (median(likes) or 1)


def test_bought_followers_show(creators: list[Creator], problems: dict[str, str | None]) -> None:
    bought, clean = (of(creators, problems, which) for which in ("bought_followers", None))
    assert median(map(rate, bought)) < 0.5 * median(rate(c) for c in clean if c.posts)

    def jump(creator: Creator) -> float:
        counts = [point.followers for point in creator.follower_history]
        return max((b / a for a, b in pairwise(counts)), default=1.0)

    assert min(map(jump, bought)) > 2
    assert max(map(jump, clean)) < 1.2
    assert all(len(creator.audience) >= 30 for creator in bought)
    assert all(len(creator.follower_history) >= 14 for creator in bought)


def test_an_absent_link_is_spelt_in_both_ways(repository: Path, creators: list[Creator]) -> None:
    rows = [json.loads(line) for line in (repository / "examples" / "creators.jsonl").read_text("utf-8").splitlines()]
    empty = [row["creator_id"] for row in rows if row.get("external_url") == ""]
    left_out = [row["creator_id"] for row in rows if "external_url" not in row]
    assert len(empty) > 20
    assert len(left_out) > 20
    links = {creator.creator_id: creator.external_url for creator in creators}
    assert all(links[creator_id] is None for creator_id in (*empty, *left_out))


def test_bought_likes_show(creators: list[Creator], problems: dict[str, str | None]) -> None:
    visible = [c for c in of(creators, problems, "bought_likes") if c.posts[0].likes is not None]
    assert visible
    assert max(map(spread, visible)) < 0.1
    assert min(spread(c) for c in of(creators, problems, None) if (c.posts[0].likes or 0) > 50) > 0.3


def test_machine_posting_shows(creators: list[Creator], problems: dict[str, str | None]) -> None:
    for creator in of(creators, problems, "machine_posting"):
        times = [post.posted_at for post in creator.posts]
        assert len({b - a for a, b in pairwise(times)}) == 1
        assert len({post.caption for post in creator.posts}) == 3


def test_a_stuffed_bio_shows(creators: list[Creator], problems: dict[str, str | None]) -> None:
    for creator in of(creators, problems, "stuffed_bio"):
        assert (creator.bio or "").count("#") >= 16


def test_too_little_data_shows(creators: list[Creator], problems: dict[str, str | None]) -> None:
    for creator in of(creators, problems, "too_little_data"):
        assert creator.bio is None
        assert len(creator.posts) <= 1
