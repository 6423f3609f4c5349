"""A portfolio as the analyst meets it: wishes held, overlaps taken off, and a clash named."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.campaign import portfolio
from bonafit.campaign.answer import Infeasible, Portfolio, read_portfolio
from bonafit.campaign.candidates import candidates
from bonafit.campaign.overlap import groups_of, pairs_of, read_overlaps
from bonafit.campaign.portfolio import COMPETITOR_TIE, build, check_budget, choose
from bonafit.campaign.search import search
from bonafit.campaign.solver import Program
from bonafit.campaign.terms import Terms, terms_from_dict
from bonafit.cli import main
from bonafit.cli.portfolio import portfolio_page
from bonafit.errors import BriefError, InputError
from tests.campaign.makers import BRIEF, result

PLATFORMS = ("instagram", "tiktok")


def crowd(n: int = 12) -> list:  # type: ignore[type-arg]
    """Creators whose later ones bring more and cost more; languages and platforms alternate."""
    return [
        result(
            f"c{i}", likes=100.0 + 37 * i, price=80.0 + 20 * i, platform=PLATFORMS[i % 2],
            language=("en", "de", "fr")[i % 3], followers=900 if i == 0 else 5_000 + i,
        )
        for i in range(n)
    ]  # fmt: skip


def chosen(results, table, **more):  # type: ignore[no-untyped-def]
    terms = terms_from_dict({"budget": 1_000, "same_group_overlap": 0, **table})
    # a busy machine's clock is not what is tested
    return choose(candidates(results, BRIEF, terms), terms, seconds=120.0, **more)


def test_wishes_are_held_and_priced() -> None:
    table = {
        "bounds": [
            {"platform": "TikTok", "at_least": 3},
            {"language": "de", "at_most": 1},
            {"tier": "nano", "at_most": 0},
        ],
        "must_have": ["c1"],
        "excluded": ["c11"],
        "max_share": 0.3,
        "creators_at_most": 5,
    }
    answer = chosen(crowd(), table)
    assert isinstance(answer, Portfolio)
    names = {b.creator_id for b in answer.booked}
    assert "c1" in names
    assert "c11" not in names
    assert len(names) <= 5
    assert sum(b.platform == "tiktok" for b in answer.booked) >= 3
    assert sum(b.language == "de" for b in answer.booked) <= 1
    assert all(b.tier != "nano" for b in answer.booked)
    assert all(b.cost <= 300 for b in answer.booked)
    assert answer.spent <= 1_000
    assert answer.proven
    assert {w.name for w in answer.wishes} >= {"must have c1", "at most 5 creators", "platform tiktok: at least 3"}
    free = chosen(crowd(), {"max_share": 0.3})
    assert isinstance(free, Portfolio)
    assert free.brings > answer.brings
    assert list(answer.left_out) == ["excluded by the brief"]
    assert len(answer.left_out["excluded by the brief"]) == 1
    brings = [point.brings for point in free.frontier]
    assert brings == sorted(brings)


def test_who_is_booked_though_a_person_has_to_look_is_told_with_the_reason() -> None:
    reason = "They posted an ad for a competitor four days ago."
    people = [
        msgspec.structs.replace(one, verdict="review", verdict_reasons=(reason,)) if one.creator_id == "c1" else one
        for one in crowd()
    ]
    answer = chosen(people, {"must_have": ["c1"]})
    assert isinstance(answer, Portfolio)
    assert {b.creator_id: b.review for b in answer.booked}["c1"] == (reason,)
    assert sum(reason in line for line in portfolio_page(answer)) == 1


def test_who_is_tied_to_a_competitor_is_booked_only_where_that_was_asked_for() -> None:
    flags = ("commercial:competitor_in_window:Rival: Co",)
    people = [
        msgspec.structs.replace(one, flags=flags, verdict="review") if one.creator_id == "c1" else one
        for one in crowd(4)
    ]
    plain = chosen(people, {})
    assert isinstance(plain, Portfolio)
    assert plain.left_out == {COMPETITOR_TIE: ["c1"]}
    for table in ({"must_have": ["c1"]}, {"competitor_ties": True}):
        answer = chosen(people, table)
        assert isinstance(answer, Portfolio)
        assert {b.creator_id: b.competitors for b in answer.booked}["c1"] == ("Rival: Co",)
        assert "Creators with ties to a competitor are on the list, as was asked for: 1." in portfolio_page(answer)


def test_a_clash_is_no_list_to_promise(tmp_path: Path) -> None:
    answer = chosen(crowd(), {"creators_at_least": 40})
    assert isinstance(answer, Infeasible)
    path = tmp_path / "portfolio.json"
    path.write_bytes(msgspec.json.encode(answer))
    with pytest.raises(InputError, match="holds no list, since these wishes clash: at least 40 creators"):
        read_portfolio(path)


def test_agreed_rights_are_paid_from_the_budget() -> None:
    answer = chosen([result("a", price=100.0)], {"usage_rights": 0.5, "exclusivity": 0.1, "budget": 160})
    assert isinstance(answer, Portfolio)
    (booked,) = answer.booked
    assert (booked.cost, booked.fee, booked.usage_rights) == (pytest.approx(160), 100.0, 50.0)
    assert any("fee x 1.6" in text for text in answer.assumptions)
    dear = chosen([result("a", price=100.0)], {"usage_rights": 0.5, "exclusivity": 0.2, "budget": 160})
    assert isinstance(dear, Portfolio)
    assert dear.booked == ()


def test_the_same_people_are_not_paid_twice(tmp_path: Path) -> None:
    twins = [result("a", likes=500.0, price=100.0), result("b", likes=490.0, price=100.0), result("c", price=100.0)]
    path = tmp_path / "overlaps.csv"
    path.write_text("creator_a,creator_b,share\na,b,0.95\n")
    apart = chosen(twins, {"budget": 200})
    together = chosen(twins, {"budget": 200}, given=read_overlaps(path))
    assert isinstance(apart, Portfolio)
    assert isinstance(together, Portfolio)
    assert {b.creator_id for b in apart.booked} == {"a", "b"}
    assert {b.creator_id for b in together.booked} == {"a", "c"}
    assert any("1 given pairs" in text for text in together.assumptions)


def test_without_overlaps_a_group_is_assumed_and_said() -> None:
    answer = chosen([result(f"c{i}", likes=100.0 + 9 * i) for i in range(8)], {"same_group_overlap": 0.1})
    assert isinstance(answer, Portfolio)
    assert any("assumed, not measured" in text for text in answer.assumptions)
    assert answer.brings < sum(b.brings for b in answer.booked)


def test_a_clash_is_named_and_must_haves_are_checked() -> None:
    answer = chosen(crowd(), {"bounds": [{"platform": "tiktok", "at_least": 5}], "creators_at_most": 3})
    assert isinstance(answer, Infeasible)
    assert set(answer.clash) == {"platform tiktok: at least 5", "at most 3 creators"}
    with pytest.raises(BriefError, match="stand in no row"):
        chosen(crowd(), {"must_have": ["nobody"]})
    with pytest.raises(BriefError, match=r"c0 cannot be booked \(no price given\)"):
        chosen([result("c0", price=None)], {"must_have": ["c0"]})
    with pytest.raises(BriefError, match="cannot be booked"):
        chosen([result("c0", verdict="never")], {"must_have": ["c0"]})
    with pytest.raises(BriefError, match="budget: is missing"):
        choose(candidates(crowd(), BRIEF, Terms()), Terms())


def test_search_comes_near_the_proven_best() -> None:
    results = crowd(30)
    terms = terms_from_dict({"budget": 1_500, "posts": 2, "creators_at_most": 8})
    people = candidates(results, BRIEF, terms)
    given = {(f"c{i}", f"c{j}"): (None, ((i * j) % 7) / 10) for i in range(30) for j in range(i + 1, 30)}
    problem, _ = build(people, terms, given)
    best = Program(problem).solve(gap=1e-3, seconds=6)
    found = search(problem)
    assert best is not None
    assert found is not None
    assert problem.broken(found) == []
    assert problem.outcome(found) >= 0.97 * best.value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("creator_a,creator_b,share\na,a,0.1\n", "two different creators"),
        ("creator_a,creator_b,share\na,b,30\n", "not percent"),
        ("creator_a,creator_b\na,b\n", "expected one of shared"),
        ("creator_a,creator_b,shared\na,b,many\n", "expected a number"),
        ("creator_a,creator_b,shared\na,b,1\nb,a,2\n", "given before with another figure"),
    ],
)
def test_mistakes_in_overlaps_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "overlaps.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_overlaps(path)


def test_pairs_and_groups_count_in_units_of_the_goal() -> None:
    people = candidates([result("a", followers=1_000), result("b", followers=2_000), result("c")], BRIEF, Terms())
    gain = np.array([10.0, 10.0, 5.0])
    pairs = pairs_of(people, gain, {("a", "b"): (100.0, None), ("a", "stranger"): (5.0, None)})
    assert len(pairs) == 1
    assert pairs.shared[0] == pytest.approx(100 * 10 / 2_000)
    groups = groups_of(people, gain, pairs, 0.04)
    assert len(groups.people) == 0, "one creator without pairs makes no group"


@pytest.mark.slow
def test_the_verb_writes_json_and_exits_1_on_a_clash(
    tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = tmp_path / "scores.jsonl"
    scores.write_bytes(b"\n".join(map(msgspec.json.encode, crowd())))
    brief = tmp_path / "brief.toml"
    brief.write_text('brand = "a"\ndescription = "b"\n[campaign]\ncreators_at_most = 4\n')
    assert main(["portfolio", str(scores), "--brief", str(brief), "--budget", "900", "--out", "-"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["spent"] <= 900
    assert main(["portfolio", str(scores), "--brief", str(brief), "--budget", "900"]) == 0
    shown = capsys.readouterr().out
    assert "creators for" in shown
    assert "who comes next" in shown
    brief.write_text(brief.read_text() + "creators_at_least = 4\n")
    assert main(["portfolio", str(scores), "--brief", str(brief), "--budget", "100"]) == 1
    assert "dropping any one of these would do" in capsys.readouterr().out
    monkeypatch.setitem(sys.modules, "scipy", None)
    assert main(["portfolio", str(scores), "--brief", str(brief), "--budget", "900"]) == 1
    assert "pip install 'bonafit[campaign]'" in capsys.readouterr().err


def test_where_nobody_can_be_chosen_the_reasons_are_said() -> None:
    with pytest.raises(InputError, match="none of 2 creators can be chosen: 2 no price given"):
        chosen([result("a", price=None), result("b", price=None)], {})


def test_where_no_post_fits_its_share_of_the_budget_the_amounts_are_said() -> None:
    with pytest.raises(InputError, match=r"the cheapest costs 900.00 EUR, and one creator may take 300.00"):
        chosen([result("a", price=900.0)], {"max_share": 0.3})


def test_who_brings_nothing_asked_for_or_costs_more_than_it_may_is_left_out_with_the_reason() -> None:
    people = [*crowd(4), result("silent", likes=None), result("dear", likes=10.0, price=900.0)]
    answer = chosen(people, {"goal": "engagements", "max_cost_per_engagement": 2.0})
    assert isinstance(answer, Portfolio)
    reasons = {label: why for why, labels in answer.left_out.items() for label in labels}
    assert reasons["silent"] == "no engagements foreseen"
    assert "over the brief's ceiling" in reasons["dear"]


def test_a_share_of_the_budget_bounds_what_a_group_may_cost() -> None:
    answer = chosen(crowd(), {"bounds": [{"platform": "tiktok", "at_most_share": 0.2}]})
    assert isinstance(answer, Portfolio)
    assert sum(b.cost for b in answer.booked if b.platform == "tiktok") <= 200


@pytest.mark.parametrize("budget", [0.0, -3.0, float("inf"), float("nan")])
def test_a_budget_that_is_none_is_refused(budget: float) -> None:
    with pytest.raises(InputError, match="expected an amount above 0"):
        check_budget(Terms(), budget)
    assert check_budget(Terms(budget=5.0), None).budget == 5.0
    assert check_budget(Terms(budget=5.0), 9.0).budget == 9.0


def test_with_too_many_pairs_a_good_list_is_given_with_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {(f"c{i}", f"c{i + 1}"): (None, 0.3) for i in range(11)}
    exact = chosen(crowd(), {}, given=given)
    monkeypatch.setattr(portfolio, "MOST_PAIRS", 3)
    near = chosen(crowd(), {}, given=given)
    assert isinstance(exact, Portfolio)
    assert isinstance(near, Portfolio)
    assert near.spent <= 1_000
    assert 0.9 * exact.brings <= near.brings <= exact.brings + 1e-6
    clash = {"creators_at_least": 5, "creators_at_most": 5, "budget": 100}
    assert isinstance(chosen(crowd(), clash, given=given), Infeasible)
    monkeypatch.setattr(portfolio, "search", lambda problem: None)
    with pytest.raises(InputError, match=r"no list of 12 creators was found in 120 seconds; give more with --seconds"):
        chosen(crowd(), {}, given=given)


def test_how_near_the_best_a_list_is_is_said_in_words() -> None:
    answer = chosen(crowd(4), {})
    assert isinstance(answer, Portfolio)
    for gap, proven, words in (
        (0.0, True, "the best list there is"),
        (0.004, True, "the best list there is, to within 0.40%"),
        (0.2, False, "20% above this one; a better list may exist"),
    ):
        assert msgspec.structs.replace(answer, gap=gap, proven=proven).near.endswith(words)


def test_a_list_of_nobody_is_no_list(tmp_path: Path) -> None:
    answer = chosen(crowd(4), {})
    assert isinstance(answer, Portfolio)
    path = tmp_path / "portfolio.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(answer, booked=())))
    with pytest.raises(InputError, match="books nobody"):
        read_portfolio(path)
    path.write_bytes(msgspec.json.encode(answer))
    assert read_portfolio(path) == answer


@pytest.mark.parametrize("seconds", ["0", "-1", "nan"])
def test_time_to_choose_has_to_be_some(seconds: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores, brief = tmp_path / "s.jsonl", tmp_path / "b.json"
    scores.write_bytes(msgspec.json.encode(result("a")))
    brief.write_bytes(msgspec.json.encode({"brand": "b", "description": "d"}))
    assert main(["portfolio", str(scores), "--brief", str(brief), "--budget", "900", "--seconds", seconds]) == 1
    assert "--seconds" in capsys.readouterr().err
    assert main(["portfolio", "-", "--brief", "-", "--budget", "900"]) == 1
    assert "stdin" in capsys.readouterr().err
