"""Costs, comparisons and offers are what a person works out on paper, and nothing is made up."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import pytest

from bonafit.campaign.candidates import candidates, converted, tier_label, why_no_price
from bonafit.campaign.money import Market, money, with_estimated_prices
from bonafit.campaign.terms import Terms, read_campaign_brief, terms_from_dict
from bonafit.cli import main
from bonafit.errors import BriefError, InputError
from bonafit.io.stored_results import read_results
from bonafit.results import Reason
from tests.campaign.makers import BRIEF, result

TERMS = Terms(currency="EUR", rates={"USD": 0.5}, max_cost_per_engagement=1.0, usage_rights=0.25)


def of(*results, terms=TERMS):  # type: ignore[no-untyped-def]
    return money(candidates(results, BRIEF, terms), terms)


def test_a_cost_is_price_over_what_is_foreseen_with_both_ends() -> None:
    (row,) = of(result("a", price=220.0, currency="usd"))
    engagement, views = row.costs
    assert row.price == 110.0
    assert "220.00 USD x 0.5 EUR" in row.price_from
    assert (engagement.value, engagement.low, engagement.high) == (1.0, 0.5, 2.0)
    assert engagement.against == "open"
    assert row.weight == pytest.approx(0.72)
    assert views.value == pytest.approx(110.0 / 2_000 * 1_000)
    assert [(line.what, line.amount) for line in row.lines] == [
        ("fee for one post", 110.0), ("usage rights", 27.5), ("exclusivity", None),
    ]  # fmt: skip
    assert row.lines[2].source == "not agreed in the brief"


@pytest.mark.parametrize(("price", "against"), [(40.0, "under"), (110.0, "open"), (300.0, "over")])
def test_the_ceiling_is_met_only_by_a_whole_interval(price: float, against: str) -> None:
    assert of(result("a", price=price))[0].costs[0].against == against


def test_like_size_is_of_the_file_on_the_same_platform_first() -> None:
    crowd = [result(f"p{i}", price=100.0 * (i + 1), followers=9_000 + i) for i in range(5)]
    far = [result(f"f{i}", price=9_999.0, followers=90_000) for i in range(9)]
    other = [result(f"o{i}", price=9_999.0, platform="tiktok") for i in range(9)]
    row = of(result("a", price=110.0), *crowd, *far, *other)[0]
    peers = row.costs[0].peers
    assert peers is not None
    assert (peers.n, peers.of, peers.median) == (5, "on instagram", pytest.approx(300 / 110))
    assert row.costs[0].times_peers == pytest.approx(110 / 300)
    assert of(result("a"), *crowd[:4])[0].costs[0].peers is None


def test_an_offer_says_from_what_and_where_the_price_lies() -> None:
    stated = msgspec.structs.replace(TERMS, value_per_engagement=2.0)
    offer = of(result("a", price=100.0), terms=stated)[0].offer
    assert offer is not None
    weight = 0.8 * 0.9
    assert (offer.opening, offer.at_most) == (pytest.approx(110.0 * weight), pytest.approx(220.0 * weight))
    assert offer.asked == "within"
    assert "worth in the brief" in offer.source
    ceiling = of(result("a", price=100.0))[0].offer
    assert ceiling is not None
    assert "ceiling" in ceiling.source
    assert (ceiling.at_most, ceiling.asked) == (pytest.approx(110.0 * weight), "above")
    bare = of(result("a"), terms=Terms())[0]
    assert bare.offer is None
    assert "neither the brief" in (bare.no_offer or "")


def test_no_price_is_guessed_unless_asked_for_and_then_it_says_from_what() -> None:
    crowd = [result(f"p{i}", price=100.0 * (i + 1)) for i in range(5)]
    people = candidates([result("a", price=None), result("b", currency="XTS"), *crowd], BRIEF, TERMS)
    none, strange = money(people, TERMS)[:2]
    assert none.price is None
    assert none.costs == ()
    assert "add XTS to [campaign.rates]" in strange.price_from
    guessed, still = with_estimated_prices(people)[:2]
    assert guessed.price == 300.0
    assert guessed.price_from == "estimated: median of 5 creators of like size on instagram, not asked for"
    assert still.price is None
    assert Market(people).price(msgspec.structs.replace(people[0], followers=None)) is None


def test_likes_that_nothing_bears_out_do_not_count() -> None:
    plain = result("a")
    unborne = Reason(feature="comments_against_likes", seen=0.1, effect=-2.0, points=-0.2, text="few comments")
    bought = msgspec.structs.replace(
        plain, engagement_quality=msgspec.structs.replace(plain.engagement_quality, reasons=(unborne,))
    )
    rows = of(plain, bought)
    assert rows[1].weight == pytest.approx((rows[0].weight or 0) * math.exp(-2.0))


def test_a_creator_without_forecast_has_no_cost() -> None:
    (row,) = of(result("a", likes=None))
    assert (row.engagements, row.costs, row.no_offer) == (None, (), "no engagements foreseen")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"budgget": 3}, "did you mean budget"),
        ({"budget": -3}, "campaign.budget: found -3"),
        ({"bounds": [{"platform": "tiktok", "country": "de"}]}, "exactly one of"),
        ({"bounds": [{"platform": "tiktok", "at_least": 3, "at_most": 2}]}, "more are asked for than allowed"),
        ({"must_have": ["a"], "excluded": ["a"]}, "stand in excluded as well"),
        ({"creators_at_least": 3, "creators_at_most": 2}, "swap them"),
    ],
)
def test_mistakes_in_the_campaign_table_are_named(table: dict[str, object], message: str) -> None:
    with pytest.raises(BriefError, match=message):
        terms_from_dict(table)


def test_a_tier_needs_a_scheme(tmp_path: Path) -> None:
    path = tmp_path / "brief.toml"
    path.write_text('brand = "a"\ndescription = "b"\n[campaign]\nbounds = [{tier = "micro", at_least = 1}]\n')
    with pytest.raises(BriefError, match="without a tier_scheme"):
        read_campaign_brief(path)


def test_results_are_read_back_and_anything_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    path.write_bytes(b"\n".join(msgspec.json.encode(result(name)) for name in "ab"))
    assert [r.creator_id for r in read_results(path)] == ["a", "b"]
    path.write_bytes(msgspec.json.encode(result("a")) + b"\n" + msgspec.json.encode(result("a")))
    with pytest.raises(InputError, match="line 2: creator a was in line 1"):
        read_results(path)
    path.write_text('{"creator_id":"a","followers":3}\n')
    with pytest.raises(InputError, match="line 1: no result"):
        read_results(path)
    path.write_text("")
    with pytest.raises(InputError, match="holds no result"):
        read_results(path)


def test_the_verb_prints_what_it_wrote(tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores, out = tmp_path / "scores.jsonl", tmp_path / "money.csv"
    rows = [result("a"), result("b", price=None), result("c", currency="INR")]
    scores.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    brief = str(repository / "examples" / "brief.toml")
    assert main(["money", str(scores), "--brief", brief, "--out", str(out)]) == 0
    shown = capsys.readouterr()
    assert "0.909 [0.455 - 1.82]" in shown.out
    assert "1 of 3 creators: no price given" in shown.err
    assert "currencies without a rate: INR (1)" in shown.err
    lines = out.read_text().splitlines()
    assert len(lines) == 4
    assert "add INR to [campaign.rates]" in lines[3]


def test_a_result_that_is_not_utf_8_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    path.write_bytes(msgspec.json.encode(result("a")).replace(b'"creator_id":"a"', b'"creator_id":"\xff"'))
    with pytest.raises(InputError, match="line 1: no result"):
        read_results(path)


def test_the_campaign_table_is_told_in_words() -> None:
    terms = terms_from_dict(
        {
            "currency": "eur", "rates": {"usd": 0.9}, "budget": 20_000, "usage_rights": 0.25, "emv": {"likes": 0.1},
            "must_have": ["ann"], "bounds": [{"language": "German", "at_least": 2}],
        }
    )  # fmt: skip
    told = terms.told()
    assert told[:2] == ["Amounts are in EUR.", "Your own rates: 1 USD is 0.9 EUR."]
    for line in ("Budget: 20,000.", "Usage rights: 25% of the fee.", "Emv: likes 0.1.", "Must have: ann."):
        assert line in told
    assert told[-1] == "Language de: at least 2."
    assert Terms().told() == ["Amounts are in EUR."]


def test_terms_say_in_words_what_differs_from_none() -> None:
    terms = terms_from_dict(
        {
            "goal": "views", "max_cost_per_thousand_views": 12.5, "value_per_thousand_views": 20, "rates": {"USD": 0.9},
            "usage_rights": 0.25, "must_have": ["a", "b"], "competitor_ties": True, "emv": {"likes": 0.1},
            "bounds": [{"platform": "tiktok", "at_least": 2}],
        }
    )  # fmt: skip
    assert (terms.ceiling(), terms.worth(), terms.times_fee()) == (0.0125, 0.02, 1.25)
    told = terms.told()
    for line in ("Your own rates: 1 USD is 0.9 EUR.", "Must have: a, b.", "Competitor ties: yes.", "Emv: likes 0.1."):
        assert line in told, line
    assert any(line.startswith("Usage rights: 25%") for line in told)
    engaged = terms_from_dict({"max_cost_per_engagement": 2.0, "value_per_engagement": 3.0})
    assert (engaged.ceiling(), engaged.worth()) == (2.0, 3.0)
    assert (Terms(goal="views").ceiling(), Terms(goal="views").worth()) == (None, None)
    with pytest.raises(BriefError, match="expected a table"):
        terms_from_dict([1])


def test_the_table_says_how_many_more_there_are_and_the_file_has_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores, brief, out = tmp_path / "s.jsonl", tmp_path / "b.json", tmp_path / "money.jsonl"
    people = [result(f"c{i}", price=100.0 + i) for i in range(5)]
    scores.write_bytes(b"".join(msgspec.json.encode(person) + b"\n" for person in people))
    brief.write_bytes(msgspec.json.encode({"brand": "b", "description": "d"}))
    assert main(["money", str(scores), "--brief", str(brief), "--top", "2", "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "and 3 more, see --out" in shown
    rows = [msgspec.json.decode(line) for line in out.read_bytes().splitlines()]
    assert [row["creator_id"] for row in rows] == [person.creator_id for person in people]
    assert main(["money", str(scores), "--brief", str(brief), "--out", "-"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    scores.write_bytes(msgspec.json.encode(result("c", price=None)) + b"\n")
    assert main(["money", str(scores), "--brief", str(brief)]) == 0
    assert "more, see --out" not in capsys.readouterr().out


def test_a_price_needs_a_currency_and_a_rate_and_why_it_has_none_is_said() -> None:
    assert converted(10.0, "eur", Terms()) == (10.0, "10.00 EUR as given")
    assert converted(10.0, "USD", Terms(rates={"USD": 0.5})) == (5.0, "10.00 USD x 0.5 EUR, the rate in the brief")
    for price, currency, why in (
        (None, "EUR", "no price given"),
        (10.0, None, "a price without a currency, which a column currency would name"),
        (10.0, "USD", "a price in a currency without a rate in the brief"),
    ):
        amount, source = converted(price, currency, Terms())
        assert amount is None
        assert why_no_price(source) == why


def test_tiers_of_candidates_are_those_of_the_brief() -> None:
    assert tier_label(5_000, msgspec.structs.replace(BRIEF, tier_scheme=None)) is None
    named = msgspec.structs.replace(BRIEF, tier_scheme="10k_50k")
    assert (tier_label(None, named), tier_label(20_000, named), tier_label(5_000, named)) == (None, "micro", "nano")
    custom = msgspec.structs.replace(BRIEF, tier_scheme="custom", min_followers=100, max_followers=900)
    assert [tier_label(n, custom) for n in (99, 500, 901)] == ["below", "micro", "above"]
