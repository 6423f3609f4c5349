"""Safety as a client meets it: a brief's file, transcripts, verdicts, and that nobody else's figures move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bonafit.bundle.resolve import newest_bundle
from bonafit.cli import main
from bonafit.errors import BriefError
from bonafit.io.brief import read_brief
from bonafit.records import Brief, Creator, Post, SafetyFloors
from bonafit.results import CreatorScore
from bonafit.scorer.scorer import Scorer

CALM = tuple(
    Post(post_id=f"p{i}", caption=caption, likes=120 + i, comments=9, posted_at=f"2026-10-{28 - i:02d}T10:00:00Z")
    for i, caption in enumerate(
        (
            "Sourdough from this morning, crust like glass", "Rye and walnut, proofed overnight in the cold",
            "My starter turned five, we had cake", "Baguettes for the neighbours, three hours of work",
            "How I fold a wet dough without tears", "Focaccia with rosemary from the balcony",
            "Burnt the first batch, the second one sang", "Flour from the mill down the road, stone ground",
            "Milk rolls for a birthday breakfast", "Crackers out of discard, nothing goes to waste",
        )
    )
)  # fmt: skip
CASINO = (
    "Online casino bonus: 50 free spins with my code MIRA10, sign up now",
    "Sports betting bonus with my code, register today",
)
SAFETY = """
brand = "Oven"
description = "Flour and tools for people who bake bread at home."
[safety]
gambling = "never"
alcohol = 0.4
tobacco = "no matter"
"""


def creator(*captions: str, name: str = "c", transcript: bool = False) -> Creator:
    said = [
        Post(post_id=f"s{i}", likes=100, comments=8, posted_at=f"2026-10-{29 + i}T10:00:00Z")
        for i in range(len(captions))
    ]
    field = "transcript" if transcript else "caption"
    posts = (
        *(msgspec.structs.replace(post, **{field: text}) for post, text in zip(said, captions, strict=True)),
        *CALM,
    )
    return Creator(creator_id=name, platform="instagram", followers=8_000, bio="bread, every day", posts=posts)


@pytest.fixture(scope="module")
def scorer(repository: Path) -> Iterator[Scorer]:
    with Scorer.load(newest_bundle(repository / "models"), threads=1, remember=0) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    place = tmp_path_factory.mktemp("brief") / "brief.toml"
    place.write_text(SAFETY, encoding="utf-8")
    return read_brief(place)


def found(scorer: Scorer, brief: Brief, *creators: Creator) -> list[CreatorScore]:
    return scorer.score(creators, brief)


def test_floors_are_read_from_a_briefs_file(brief: Brief, tmp_path: Path) -> None:
    assert (brief.safety.gambling, brief.safety.alcohol, brief.safety.tobacco) == ("never", 0.4, "no matter")
    assert brief.safety.hate == SafetyFloors().hate
    for line, said in (("alcohol = 1.4", "1.4"), ('alcohol = "often"', "often"), ("smoking = 0.1", "smoking")):
        place = tmp_path / "wrong.toml"
        place.write_text(SAFETY.replace("alcohol = 0.4", line), encoding="utf-8")
        with pytest.raises(BriefError, match=said):
            read_brief(place)


def test_two_posts_strike_off_one_asks_and_a_transcript_is_read_alike(scorer: Scorer, brief: Brief) -> None:
    honest, once, twice, spoken = found(
        scorer, brief, creator(), creator(CASINO[0]), creator(*CASINO), creator(*CASINO, transcript=True)
    )
    assert not [flag for flag in honest.flags if flag.startswith("safety:promotes")]
    assert "safety:promotes_once:gambling" in once.flags
    assert once.verdict in ("review", "pass")
    for result in (twice, spoken):
        assert result.verdict == "never"
        assert "safety:promotes:gambling" in result.flags
        assert {item.text for item in result.safety.evidence if item.kind == "unsafe_post"} == set(CASINO)


def test_posts_that_say_the_same_are_all_read_and_a_category_is_known_by_its_own_name(
    scorer: Scorer, brief: Brief
) -> None:
    asked = msgspec.structs.replace(brief, excluded_topics=("hate", "Death, injury and violence"))
    (repeated,) = found(scorer, asked, creator(*[CASINO[0]] * 3, transcript=True))
    detail = repeated.safety.detail
    assert detail["posts_read"] == 3 + len(CALM)
    assert detail["categories"]["gambling"]["share"] == pytest.approx(3 / (3 + len(CALM)))
    assert detail["excluded_topics"] == {"hate": "category hate", "Death, injury and violence": "category injury"}


def test_a_creator_of_whom_nothing_could_be_judged_is_not_shortlisted_for_a_brief_with_floors(
    scorer: Scorer, brief: Brief
) -> None:
    czech = (
        "Dnes jsem upekla žitný chléb a celý dům krásně voní", "Kváskový chléb kynul přes noc v lednici",
        "Jak skládám řídké těsto, aby se netrhalo", "Mouka z mlýna za vesnicí, mletá na kameni",
        "Housky k narozeninové snídani pro celou rodinu",
    )  # fmt: skip
    posts = tuple(
        msgspec.structs.replace(post, caption=text) for post, text in zip(CALM[: len(czech)], czech, strict=True)
    )
    made = Creator(creator_id="cs", platform="instagram", followers=8_000, language="cs", posts=posts)
    (asked,) = found(scorer, brief, made)
    (plain,) = found(scorer, msgspec.structs.replace(brief, safety=SafetyFloors()), made)
    assert "safety:floors_not_judged" in asked.flags
    assert asked.verdict != "shortlist"
    assert "safety:floors_not_judged" not in plain.flags


def test_a_gate_moves_no_score_and_nobody_elses_bytes(scorer: Scorer, brief: Brief) -> None:
    loose = msgspec.structs.replace(brief, safety=SafetyFloors(gambling="no matter"))
    made = [creator(*CASINO, name="a"), creator(name="b"), creator(CASINO[1], name="c")]
    together = found(scorer, brief, *made)
    alone = [found(scorer, brief, one)[0] for one in made]
    backwards = found(scorer, brief, *made[::-1])[::-1]
    assert msgspec.json.encode(together) == msgspec.json.encode(alone) == msgspec.json.encode(backwards)
    borne = found(scorer, loose, *made)
    assert [result.score for result in borne[1:]] == [result.score for result in together[1:]]
    assert borne[0].score is not None
    assert borne[0].verdict != "never"


@pytest.mark.slow
def test_explain_shows_the_posts(tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = str(newest_bundle(repository / "models"))
    (tmp_path / "brief.toml").write_text(SAFETY, encoding="utf-8")
    (tmp_path / "creators.jsonl").write_bytes(msgspec.json.encode(creator(*CASINO)) + b"\n")
    files = [str(tmp_path / "creators.jsonl"), "--brief", str(tmp_path / "brief.toml"), "--bundle", bundle]
    assert main(["explain", "c", *files, "--safety"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "gambling 2 posts promote it (17%)" in told
    assert "borne: never" in told
    assert all(caption in told for caption in CASINO)
    assert "Not looked at" in told
