"""Learning back: what measured campaigns teach, on campaigns that it was not learnt from, and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.campaign.candidates import Estimate, candidates
from bonafit.campaign.client import SCHEMA, Client, Correction, FitMap, corrected, read_client
from bonafit.campaign.forecast import planned
from bonafit.campaign.outcomes import Outcome
from bonafit.campaign.sealing import Asked, Sealed, check, forecast
from bonafit.campaign.terms import Terms
from bonafit.cli import main
from bonafit.errors import InputError
from tests.campaign.makers import BRIEF, result

pytest.importorskip("scipy")
held = pytest.importorskip("bonafit_training.campaign.held_out")
learning = pytest.importorskip("bonafit_training.campaign.learn")
measured = pytest.importorskip("bonafit_training.campaign.measured")

PLATFORM = "a platform without a public set"
SHIFT = 0.7


def sealed_campaign(k: int, rng: np.random.Generator, n: int = 8, shift: float = SHIFT) -> tuple[Sealed, list[Outcome]]:
    """A list whose counts come out exp(shift) times what was foreseen, and of whom good fits alone pay."""
    fits = rng.uniform(0.2, 0.95, n)
    people = [
        result(f"c{k}_{i}", platform=PLATFORM, likes=float(np.exp(rng.normal(6, 1))), fit=float(fits[i]), views=None)
        for i in range(n)
    ]
    sealed = forecast(people, {person.creator_id: 1 for person in people}, Asked(BRIEF.brand, month=f"month {k}"))
    rows = [
        Outcome(
            creator=entry.creator_id,
            likes=float(round(entry.counts["likes"].value * np.exp(shift + rng.normal(0, 0.3)))),
            comments=float(round(entry.counts["comments"].value * np.exp(rng.normal(0, 0.3)))),
            worth_repeating=bool(rng.random() < (0.9 if (entry.fit or 0) > 0.6 else 0.05)),
        )
        for entry in sealed.plan
    ]
    return sealed, rows


def history(n: int, *, shift: float = SHIFT, seed: int = 3) -> list:  # type: ignore[type-arg]
    rng = np.random.default_rng(seed)
    return [measured.campaign_of(*sealed_campaign(k, rng, shift=shift), f"{k}.csv") for k in range(n)]


@pytest.mark.slow
def test_what_is_learnt_foretells_held_out_campaigns_better() -> None:
    campaigns = history(12)
    client = learning.learn(campaigns)
    (likes,) = (entry for entry in client.corrections if entry.count == "likes")
    assert likes.shift == pytest.approx(SHIFT, abs=0.12)
    assert likes.width < 1, "errors were narrower than the interval said"
    assert client.fit is not None
    assert client.fit.slope > 1.2
    rows, better = held.held_out(campaigns)
    assert better["likes"]
    assert better["fit"]
    figures = {(row.slice, row.metric, row.method): row.value for row in rows}
    assert figures["likes", "crps", held.AFTER] < 0.7 * figures["likes", "crps", held.BEFORE]
    assert abs(figures["likes", "log_bias", held.AFTER]) < 0.2 < figures["likes", "log_bias", held.BEFORE]
    assert figures["fit", "brier", held.AFTER] < figures["fit", "brier", held.BEFORE]


def test_where_nothing_differs_next_to_nothing_is_learnt() -> None:
    client = learning.learn(history(12, shift=0.0))
    assert all(abs(entry.shift) < 0.15 for entry in client.corrections)
    adopted = learning.adopted(client, {"likes": False, "comments": False, "fit": False})
    assert (adopted.corrections, adopted.own, adopted.fit) == ((), {}, None)


def test_few_campaigns_teach_nothing() -> None:
    with pytest.raises(InputError, match=r"4 campaigns with 32 creators .*expected 5"):
        learning.learn(history(4))
    few = [case for campaign in history(1) for case in campaign.cases]
    assert learning.fit_map(few) is None


def test_forecasts_are_no_outcomes() -> None:
    sealed, _ = sealed_campaign(0, np.random.default_rng(1))
    copies = [
        Outcome(creator=entry.creator_id, likes=float(round(entry.counts["likes"].value))) for entry in sealed.plan
    ]
    with pytest.raises(InputError, match="nothing is learnt from forecasts"):
        measured.campaign_of(sealed, copies, "copies.csv")


def test_what_was_corrected_is_learnt_from_as_it_was_before() -> None:
    entry = Correction(platform=PLATFORM, count="likes", shift=1.0, width=1.5, posts=40, campaigns=6)
    client = Client(schema=SCHEMA, brand=BRIEF.brand, forecasts=("f",), corrections=(entry,), own={"a": {"likes": 0.2}})
    person = result("a", platform=PLATFORM, likes=100.0)
    plan = planned(person, 1, client)
    assert plan.counts["likes"].value == pytest.approx(101 * np.exp(1.2) - 1)
    assert plan.counts["comments"] == plan.before["comments"]
    sealed = forecast([person], {"a": 1}, Asked(BRIEF.brand), client=client)
    check(sealed)
    assert sealed.client == client.digest
    campaign = measured.campaign_of(sealed, [Outcome(creator="a", likes=500.0)], "o.csv")
    assert campaign.cases[0].plan.counts["likes"].value == pytest.approx(100.0)
    said = Estimate(value=100.0, low=50.0, high=200.0)
    wide = corrected(said, entry, 0.0)
    assert wide.high / wide.value > said.high / said.value
    assert wide.low < wide.value < wide.high


def test_fits_and_counts_of_candidates_are_the_clients_and_scores_stay() -> None:
    fit = FitMap(intercept=-1.0, slope=2.0, n=60)
    entry = Correction(platform="instagram", count="likes", shift=-0.5, width=1.0, posts=40, campaigns=6)
    client = Client(schema=SCHEMA, brand=BRIEF.brand, forecasts=("f",), corrections=(entry,), fit=fit)
    before = result("a", fit=0.8)
    after = client.applied(before)
    assert (after.score, after.verdict, after.contributions) == (before.score, before.verdict, before.contributions)
    seen = [candidates([one], BRIEF, Terms())[0] for one in (before, after)]
    assert seen[1].fit == pytest.approx(1 / (1 + np.exp(1 - 2 * np.log(0.8 / 0.2))))
    assert seen[1].engagements is not None
    assert seen[0].engagements is not None
    assert seen[1].engagements.value < seen[0].engagements.value


def test_the_verb_learns_and_the_campaign_verbs_take_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(4)
    forecasts, outcomes = [], []
    for k in range(8):
        sealed, rows = sealed_campaign(k, rng)
        forecasts.append(tmp_path / f"f{k}.json")
        forecasts[-1].write_bytes(msgspec.json.encode(sealed))
        outcomes.append(tmp_path / f"o{k}.csv")
        with outcomes[-1].open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["creator_id", "likes", "comments", "worth_repeating"])
            writer.writerows([r.creator, r.likes, r.comments, "yes" if r.worth_repeating else "no"] for r in rows)
    client = tmp_path / "client.json"
    files = ["--forecasts", *map(str, forecasts), "--outcomes", *map(str, outcomes)]
    assert main(["train", *files, "--out", str(client)]) == 0
    shown = capsys.readouterr()
    assert "held_out_campaigns" in shown.out
    assert "corrects fit, likes" in shown.err.replace("likes, fit", "fit, likes")
    assert read_client(client).fit is not None
    assert main(["train", *files[:9], "--outcomes", str(outcomes[0]), "--out", str(tmp_path / "no.json")]) == 1
    assert "8 forecasts and 1 files of outcomes" in capsys.readouterr().err
    scores = tmp_path / "scores.jsonl"
    scores.write_bytes(msgspec.json.encode(result("a", platform=PLATFORM, likes=100.0)))
    brief = tmp_path / "brief.toml"
    brief.write_text(f'brand = "{BRIEF.brand}"\ndescription = "b"\n')
    sealed_at = tmp_path / "next.json"
    asked = [str(scores), "--brief", str(brief), "--client", str(client)]
    assert main(["forecast", "seal", *asked, "--creators", "a", "--out", str(sealed_at)]) == 0
    document = json.loads(sealed_at.read_bytes())
    assert document["client"] == read_client(client).digest
    assert document["plan"][0]["counts"]["likes"]["value"] > 150
    assert main(["money", *asked]) == 0
    brief.write_text('brand = "somebody else"\ndescription = "b"\n')
    assert main(["money", *asked]) == 1
    assert "expected one brand" in capsys.readouterr().err
