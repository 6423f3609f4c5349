"""Outcomes: what a person works out on paper, small counts drawn in, promises, contract and control."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bonafit.campaign.control import read_control
from bonafit.campaign.measure import NOT_CAUSAL, measure
from bonafit.campaign.outcomes import Outcome, read_outcomes
from bonafit.campaign.sealing import Asked, forecast
from bonafit.campaign.shrinkage import shrunk_rates
from bonafit.campaign.terms import Terms
from bonafit.cli import main
from bonafit.errors import InputError
from tests.campaign.makers import result


def post(creator: str = "a", **values) -> Outcome:  # type: ignore[no-untyped-def]
    plain = {"impressions": 1_000.0, "likes": 90.0, "comments": 10.0, "views": 500.0, "clicks": 40.0, "cost": 50.0}
    return Outcome(creator=creator, **{**plain, "conversions": 2.0, "revenue": 75.0, **values})


def test_costs_are_what_they_say() -> None:
    measured = measure([post(post_id="1"), post(post_id="2")], Terms(emv={"likes": 0.1, "views": 0.01}))
    (one,) = measured.creators
    assert (one.posts, one.cost, one.sums["engagements"]) == (2, 100.0, 200.0)
    assert (one.cpe, one.cpm, one.cpv, one.cpa) == (0.5, 50.0, 0.1, 25.0)
    assert one.roi == 0.5
    assert one.emv == pytest.approx(180 * 0.1 + 1_000 * 0.01)
    assert measured.total.cost == 100.0
    assert NOT_CAUSAL in measured.notes


def test_nothing_absent_becomes_zero() -> None:
    measured = measure([Outcome(creator="a", likes=5.0)], Terms())
    (one,) = measured.creators
    assert one.sums["views"] is None
    assert (one.cost, one.cpe, one.roi, one.emv, one.conversion) == (None, None, None, None, None)
    assert any("no cost is known of a" in note for note in measured.notes)
    assert any("no earned media value" in note for note in measured.notes)


def test_promises_and_contract() -> None:
    sealed = forecast([result("a"), result("b")], {"a": 2, "b": 1}, Asked("x"))
    rows = [
        post("a", post_id="1", tagged=True, disclosed=False, code=True),
        post("a", post_id="2", posted=False, likes=999.0),
    ]
    measured = measure(rows, Terms(), sealed=sealed)
    first = next(one for one in measured.creators if one.creator_id == "a")
    likes = next(p for p in first.promises if p.count == "likes")
    assert (likes.promised, likes.delivered, likes.ratio) == (200.0, 90.0, 0.45)
    assert first.broken == ("1 of 2 posts ran", "not disclosed in 1 of 1 posts")
    assert "b: 0 of 1 posts ran" in measured.total.broken


def test_small_counts_are_drawn_in_and_large_ones_stand() -> None:
    rng = np.random.default_rng(3)
    true = rng.gamma(4.0, 0.01, 400)
    clicks = np.where(np.arange(400) % 2, 20.0, 4_000.0)
    sold = rng.poisson(true * clicks).astype(float)
    rates = [rate for rate in shrunk_rates(sold.tolist(), clicks.tolist()) if rate is not None]
    value, raw = (np.array([getattr(r, name) for r in rates]) for name in ("value", "raw"))
    small = clicks == 20
    assert np.mean(np.square(value - true)[small]) < 0.5 * np.mean(np.square(raw - true)[small])
    assert np.mean(np.square(value - true)) <= np.mean(np.square(raw - true))
    covered = np.mean([r.low <= t <= r.high for r, t in zip(rates, true.tolist(), strict=True)])
    assert 0.86 <= covered <= 0.94
    owns = [r.own for r in rates]
    assert max(owns[1::2]) < min(owns[0::2])


def test_rates_without_exposure_or_events() -> None:
    assert shrunk_rates([0.0, 1.0], [0.0, 0.0]) == [None, None]
    none = shrunk_rates([0.0, 0.0], [10.0, 20.0])
    assert [r.value for r in none if r is not None] == [0.0, 0.0]
    alike = shrunk_rates([10.0, 10.0], [100.0, 100.0])
    assert all(r is not None and r.value == pytest.approx(0.1) and r.low < 0.1 < r.high for r in alike)


def control(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "control.csv"
    path.write_text("unit,group,period,value\n" + text)
    return path


def test_difference_in_differences_takes_the_trend_off(tmp_path: Path) -> None:
    text = "".join(
        f"t{i},treated,before,{10 + i}\nt{i},treated,after,{17 + i + 0.1 * i}\nc{i},control,before,{20 + i}\n"
        f"c{i},control,after,{25 + i - 0.1 * i}\n"
        for i in range(4)
    )
    effect = read_control(control(tmp_path, text))
    assert effect.value == pytest.approx(7.15 - 4.85)
    assert effect.low is not None
    assert effect.high is not None
    assert 0 < effect.low < effect.value < effect.high
    measured = measure([post()], Terms(), effect=effect)
    assert NOT_CAUSAL not in measured.notes
    single = "a,treated,before,1\na,treated,after,5\nb,control,before,1\nb,control,after,2\n"
    assert read_control(control(tmp_path, single)).low is None


def test_the_interval_of_the_effect_covers() -> None:
    from bonafit.campaign.control import difference_in_differences

    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(600):
        values, group_of = {}, {}
        for group, shift, n in (("treated", 3.0, 5), ("control", 0.0, 8)):
            for i in range(n):
                unit, start = f"{group}{i}", rng.normal(10, 3)
                group_of[unit] = group
                values[unit, "before"] = [start]
                values[unit, "after"] = [start + 1 + shift + rng.normal(0, 1 + shift / 3)]
        effect = difference_in_differences(values, group_of, "x")
        hits += effect.low <= 3.0 <= effect.high  # type: ignore[operator]
    assert 0.88 <= hits / 600 <= 0.95


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,treated,before,1\n", "lacks a period"),
        ("a,test,before,1\n", "treated or control"),
        ("a,treated,before,1\na,treated,after,1\n", "units in both groups"),
        ("a,treated,before,x\n", "expected a number"),
        ("a,treated,before,1\na,control,after,1\n", "stands in both groups"),
    ],
)
def test_mistakes_in_a_control_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_control(control(tmp_path, text))


def test_the_verb_on_the_invented_outcomes(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examples = repository / "examples"
    run = ["measure", str(examples / "campaign_outcomes.csv"), "--brief", str(examples / "brief.toml")]
    assert main(run) == 0
    shown = capsys.readouterr().out
    assert "without a control, buyers who would have bought anyway are counted" in shown
    assert "not disclosed in 1 of 1 posts" in shown
    assert main([*run, "--control", str(examples / "campaign_regions.csv"), "--out", "-"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["effect"]["value"] == pytest.approx(44.0)
    assert len(read_outcomes(examples / "campaign_outcomes.csv", Terms())[0]) == 8


def test_engagements_are_those_stated_else_the_sum_of_what_is() -> None:
    assert Outcome(creator="a", engagements=7.0, likes=3.0).engaged() == 7.0
    assert Outcome(creator="a", likes=3.0, saves=1.0).engaged() == 4.0
    assert Outcome(creator="a", views=9.0).engaged() is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("creator_id,cost\na,10-20\n", "cost"),
        ("creator_id,cost\na,-5\n", "cost"),
        ("creator_id,cost\na,many\n", "cost"),
        ("creator_id,cost\na,$5\n", "USD"),
        ("creator_id,likes\n", "no row"),
        ("", "outcomes.csv"),
    ],
)
def test_outcomes_that_cannot_be_counted_are_named(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_outcomes(path, Terms())
