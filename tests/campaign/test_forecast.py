"""Forecasts: sums that move together, seals that break, outcomes scored beside simpler rules."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.campaign.candidates import Estimate
from bonafit.campaign.forecast import KEPT, Planned, crps, planned, total, totals_of
from bonafit.campaign.outcomes import Outcome, by_creator, read_outcomes
from bonafit.campaign.record import append_record, record, scored
from bonafit.campaign.sealing import Asked, check, digest_of, forecast, signed
from bonafit.campaign.shapes import LEVELS, NORMAL, SCORES, SHAPES, Shape, shape_of
from bonafit.campaign.terms import Terms
from bonafit.cli import main
from bonafit.errors import InputError
from tests.campaign.makers import result

NOWHERE = "a platform without a public set"


def plan(n: int, *, posts: int = 1, width: float = 2.0) -> list[Planned]:
    said = Estimate(value=1_000.0, low=1_000.0 / width, high=1_000.0 * width)
    return [
        Planned(creator_id=f"c{i}", label=f"c{i}", platform=NOWHERE, posts=posts, counts={"likes": said})
        for i in range(n)
    ]


def test_one_post_has_its_own_interval_where_nothing_else_is_known() -> None:
    one = total(plan(1), "likes")
    assert one is not None
    assert one.value == pytest.approx(1_000, rel=0.03)
    assert (one.low, one.high) == (pytest.approx(500, rel=0.05), pytest.approx(2_000, rel=0.05))


def test_posts_move_together() -> None:
    """The deviation of a sum falls more slowly than that of independent posts, and posts of one creator more slowly."""
    spread = {
        name: float(np.std(np.log(totals_of(chosen, "likes"))))
        for name, chosen in (("one", plan(1)), ("sixteen", plan(16)), ("of one creator", plan(1, posts=16)))
    }
    assert spread["sixteen"] > 1.05 * spread["one"] / 4
    assert spread["of one creator"] > 1.5 * spread["sixteen"]
    assert spread["of one creator"] < spread["one"]


def test_the_same_list_gives_the_same_bytes() -> None:
    rows = [result("a"), result("b", platform="tiktok")]
    first, second = (msgspec.json.encode(forecast(rows, {"a": 1, "b": 2}, Asked(brand="x"))) for _ in range(2))
    assert first == second


def test_every_shape_is_a_distribution() -> None:
    assert len(LEVELS) == len(SCORES)
    for shape in (*SHAPES.values(), NORMAL):
        assert list(shape.quantiles) == sorted(shape.quantiles)
        assert len(shape.quantiles) == len(LEVELS)
        assert 0 <= shape.month < 0.2
        assert 0 < shape.creator + shape.month < 1
    assert shape_of("nowhere", "likes") is NORMAL
    assert shape_of(None, "views") is NORMAL


def test_where_much_is_foreseen_less_comes_of_it_and_no_farther_than_is_known() -> None:
    shape = Shape(tuple(SCORES.tolist()), 0.2, 0.01, size=np.log(1_001), tilt=-0.1, spread=0.05)
    scores = np.array([-1.0, 0.0, 1.0])
    assert shape.errors(scores, 1_000).tolist() == pytest.approx([-1.0, 0.0, 1.0])
    far = shape.errors(scores, 10_009)
    assert far[1] == pytest.approx(-0.1 * np.log(10), rel=1e-3)
    assert far[2] - far[0] == pytest.approx(2 * 10**0.05, rel=1e-3)
    assert shape.errors(scores, 1e9).tolist() == shape.errors(scores, 1e8).tolist()


def test_crps_is_that_of_a_normal() -> None:
    """Gneiting & Raftery 2007, equation 21: of a standard normal at its mean (sqrt 2 - 1) / sqrt pi."""
    draws = np.random.default_rng(0).standard_normal(400_000)
    quantiles = np.quantile(draws, KEPT)
    assert crps(quantiles.tolist(), 0.0) == pytest.approx((2**0.5 - 1) / np.pi**0.5, rel=0.03)
    assert crps([5.0] * len(KEPT), 8.0) == pytest.approx(3.0, rel=0.02)


def test_rivals_are_what_the_trade_says() -> None:
    one = planned(result("a", likes=200.0), 2)
    assert one.own_last_8["likes"] == 200.0
    both = forecast([result("a", likes=200.0)], {"a": 3}, Asked(brand="x", guesses={"likes": 50.0}))
    likes = next(t for t in both.totals if t.count == "likes")
    assert likes.rivals == {"own_last_8": 600.0, "analyst_guess": 50.0}


def test_a_seal_breaks_when_anything_is_rewritten() -> None:
    sealed = forecast([result("a")], {"a": 1}, Asked(brand="x", targets={"likes": 50.0}))
    check(sealed)
    assert sealed.dated == "2026-03-31"
    changed = msgspec.structs.replace(sealed, totals=(msgspec.structs.replace(sealed.totals[0], value=9e9),))
    with pytest.raises(InputError, match="changed after it was sealed"):
        check(changed)


def test_signatures() -> None:
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    key, stranger = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
    plain = forecast([result("a")], {"a": 1}, Asked(brand="x"))
    sealed = signed(plain, base64.b64encode(key.private_bytes_raw()).decode())
    public, other = (base64.b64encode(k.public_key().public_bytes_raw()).decode() for k in (key, stranger))
    check(sealed, public_key=public)
    assert digest_of(sealed) == sealed.sha256
    with pytest.raises(InputError, match="does not match the key"):
        check(sealed, public_key=other)
    with pytest.raises(InputError, match="is not signed"):
        check(plain, public_key=public)
    with pytest.raises(InputError, match="no base64 of an Ed25519"):
        signed(plain, "secret")


def test_outcomes_are_scored_for_the_posts_that_ran(tmp_path: Path) -> None:
    sealed = forecast([result("a"), result("b")], {"a": 2, "b": 1}, Asked(brand="x", targets={"likes": 250.0}))
    rows = [Outcome(creator="a", post_id="1", likes=120.0), Outcome(creator="a", post_id="2", likes=90.0)]
    (half,) = scored(sealed, rows)
    assert (half.posts, half.planned_posts, half.outcome, half.chances) == (2, 3, 210.0, ())
    assert half.rivals["own_last_8"] == pytest.approx(10.0)
    (whole,) = scored(sealed, [*rows, Outcome(creator="b", likes=50.0), Outcome(creator="b", likes=9e9)])
    assert (whole.posts, whole.outcome, whole.covered) == (3, 260.0, True)
    assert whole.chances[0][2] is True
    assert 0 < whole.level < 1
    place = tmp_path / "record.jsonl"
    append_record(place, [whole])
    with pytest.raises(InputError, match="scored once"):
        append_record(place, [whole])
    (kept,) = record(append_record(place, [msgspec.structs.replace(whole, sha256="other", covered=False)]))
    assert (kept.n, kept.covered, kept.reached) == (2, 0.5, 1.0)
    assert kept.against["own_last_8"] == pytest.approx(whole.crps / whole.rivals["own_last_8"])


def test_whoever_has_no_forecast_is_named() -> None:
    sealed = forecast([result("a"), result("b", views=None)], {"a": 1, "b": 1}, Asked(brand="x"))
    views = next(t for t in sealed.totals if t.count == "views")
    assert (views.creators, views.missing) == (1, ("b",))
    with pytest.raises(InputError, match="in no row of the scores"):
        forecast([result("a")], {"z": 1}, Asked(brand="x"))
    with pytest.raises(InputError, match="nothing is foreseen"):
        forecast([result("a", likes=None)], {"a": 1}, Asked(brand="x"))
    with pytest.raises(InputError, match="saves: is foreseen of nobody"):
        forecast([result("a")], {"a": 1}, Asked(brand="x", targets={"saves": 3.0}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("creator_id,likes\na,1.200 likes\n", "line 2: likes: found '1.200 likes'"),
        ("creator_id,likes\na,-3\n", "expected a plain number of at least 0"),
        ("post,likes\np,3\n", "has no creator_id"),
        ("creator_id,post_id,likes\na,p,3\na,p,4\n", "stands in two rows"),
        ("creator_id,cost,currency\na,3,XTS\n", "no rate for it"),
        ("creator_id,disclosed\na,perhaps\n", "disclosed"),
    ],
)
def test_mistakes_in_outcomes_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_outcomes(path, Terms())


def test_an_agency_s_own_table_of_outcomes_is_read_as_it_means(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(
        "Handle;Beitrag;Likes;Kommentare;Aufrufe;Klicks;Umsatz;Kosten;Notiz\n"
        '@Anna.K;p1;1.612;21;"9.812";41;"1.312,50";445 USD;x\n'
        "https://www.instagram.com/bo/;p2;12;;;;;60 EUR;\n",
        encoding="utf-8",
    )
    rows, notes = read_outcomes(path, Terms(rates={"USD": 0.9}))
    assert (rows[0].likes, rows[0].comments, rows[0].views, rows[0].clicks) == (1612.0, 21.0, 9812.0, 41.0)
    assert (rows[0].revenue, rows[0].cost, rows[1].cost) == (1312.5, pytest.approx(400.5), 60.0)
    assert "column Kommentare is read as comments" in notes
    assert any("Notiz is not known" in note for note in notes)
    listed = [("anna.k@instagram", "anna.k"), ("bo@instagram", "bo")]
    assert {name: len(of) for name, of in by_creator(rows, listed).items()} == dict.fromkeys(
        ("anna.k@instagram", "bo@instagram"), 1
    )
    with pytest.raises(InputError, match="is the handle of 2 creators; write the creator_id"):
        by_creator(rows, [*listed, ("bo@tiktok", "bo")])
    path.write_text("handle,cost\na,12 kr\n")
    with pytest.raises(InputError, match="names no single currency"):
        read_outcomes(path, Terms())


def test_counts_are_read_without_a_rate_for_the_money_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text("creator_id,likes,cost,currency\na,3,120,XTS\n")
    assert read_outcomes(path)[0] == [Outcome(creator="a", likes=3.0)]


def test_the_verbs_from_seal_to_record(tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores, sealed = tmp_path / "scores.jsonl", tmp_path / "forecast.json"
    scores.write_bytes(b"\n".join(msgspec.json.encode(result(name)) for name in "abc"))
    brief = str(repository / "examples" / "brief.toml")
    seal = ["forecast", "seal", str(scores), "--brief", brief, "--out", str(sealed), "--creators", "a", "b"]
    assert main([*seal, "--posts", "2", "--target", "likes=300", "--month", "2026-04"]) == 0
    assert "P(likes of at least 300)" in capsys.readouterr().out
    assert main(["forecast", "check", str(sealed)]) == 0
    outcomes, kept = tmp_path / "outcomes.csv", tmp_path / "record.jsonl"
    outcomes.write_text("creator_id,post_id,likes\na,1,90\na,2,100\nb,3,110\nb,4,95\n")
    assert main(["forecast", "score", str(sealed), str(outcomes), "--record", str(kept)]) == 0
    assert "error against own last 8" in capsys.readouterr().out
    assert main(["forecast", "record", str(kept)]) == 0
    assert main(["forecast", "score", str(sealed), str(outcomes), "--record", str(kept)]) == 1
    document = json.loads(sealed.read_text())
    document["totals"][0]["value"] = 1e9
    sealed.write_text(json.dumps(document))
    assert main(["forecast", "check", str(sealed)]) == 1
    assert "changed after it was sealed" in capsys.readouterr().err
    assert main([*seal, "--target", "likes"]) == 1


@pytest.fixture
def sealing(tmp_path: Path) -> list[str]:
    """Arguments that seal two creators' forecast into sealed.json."""
    scores, brief = tmp_path / "scores.jsonl", tmp_path / "brief.json"
    scores.write_bytes(b"".join(msgspec.json.encode(result(name)) + b"\n" for name in "ab"))
    brief.write_bytes(msgspec.json.encode({"brand": "b", "description": "d"}))
    return ["forecast", "seal", str(scores), "--brief", str(brief), "--creators", "a", "b"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--posts", "0"], "--posts 0: expected 1 or more"),
        (["--target", "likes"], "--target 'likes': expected COUNT=N"),
        (["--target", "likes=many"], "--target 'likes=many': expected COUNT=N"),
        (["--guess", "likes=-3"], "--guess 'likes=-3': expected COUNT=N"),
    ],
)
def test_what_cannot_be_foretold_is_refused(
    more: list[str], message: str, sealing: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*sealing, "--out", str(tmp_path / "sealed.json"), *more]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "sealed.json").exists()


def test_outcomes_of_nobody_foretold_are_refused_and_of_others_told(
    sealing: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed, outcomes, kept = tmp_path / "sealed.json", tmp_path / "outcomes.csv", tmp_path / "record.jsonl"
    assert main([*sealing, "--out", str(sealed), "--target", "likes=150"]) == 0
    assert "a" in capsys.readouterr().out
    outcomes.write_text("creator_id,likes\nz,100\n")
    assert main(["forecast", "score", str(sealed), str(outcomes)]) == 1
    told = capsys.readouterr().err
    assert "not in the forecast, and left out: z" in told
    assert "counts no post of the forecast's creators" in told
    outcomes.write_text("creator_id,likes\na,100\nb,90\n" + "".join(f"z{i},1\n" for i in range(7)))
    assert main(["forecast", "score", str(sealed), str(outcomes), "--record", str(kept)]) == 0
    shown = capsys.readouterr()
    assert "z0, z1, z2, z3, z4 ..." in shown.err
    assert kept.exists()
    assert main(["forecast", "record", str(kept)]) == 0
    assert capsys.readouterr().out.strip() in shown.out
