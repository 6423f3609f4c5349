"""What verbs show of results that have everything, and of those that have nothing."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from bonafit.campaign.control import Effect
from bonafit.campaign.drift import Column, Drift
from bonafit.campaign.measure import measure
from bonafit.campaign.outcomes import Outcome
from bonafit.campaign.sealing import Asked, forecast
from bonafit.campaign.terms import Terms
from bonafit.cli import main
from bonafit.cli.commercial import commercial
from bonafit.cli.drift import drift_page
from bonafit.cli.explained import in_full
from bonafit.cli.measure import measured_page
from bonafit.cli.safety import safety
from bonafit.io.write import write_creators
from bonafit.records import Creator
from bonafit.results import (
    Commercial,
    CommercialPost,
    Competitor,
    Evidence,
)
from bonafit.results.commercial import AdCost, Disclosure, MarketDisclosure, Naming, Partner, Sign
from tests.campaign.makers import result as estimated
from tests.sample_results import part, result
from tests.tiny_scorer import tiny_scorer


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_safety_shows_each_category_with_its_posts_and_what_was_not_looked_at() -> None:
    figures = {"posts": 3, "related_posts": 1, "floor": 0.1, "share": 0.25}
    judged = part(
        "safety", 0.75, flags=("promotes",),
        detail={
            "posts_read": 12, "excluded_topics": {"betting": "as gambling"},
            "categories": {
                "gambling": {**figures, "first": "2026-01-02", "last": "2026-03-04", "trend": -0.5},
                "alcohol": {**figures, "floor": "never"},
            },
        },
        evidence=(
            Evidence(kind="unsafe_post", text="bet now " * 60, weight=0.9, at="2026-03-04T08:00:00",
                     source="gambling, promotes: caption"),
            Evidence(kind="unsafe_post", text="a wine", weight=0.9, source="alcohol, promotes: caption"),
            Evidence(kind="unsafe_post", text="of no category", weight=0.9),
        ),
    )  # fmt: skip
    shown = safety(msgspec.structs.replace(result("a", 0.7, "review"), safety=judged), width=400)
    text = squeezed(shown)
    assert "safety of 12 posts" in text
    assert "excluded topic “betting”: as gambling" in text
    assert "borne: at most 10% of posts; 2026-01-02 to 2026-03-04; newer half less older half -50%" in text
    assert "borne: never" in text
    assert "2026-03-04 promotes, caption: “bet now" in text
    assert "…”" in text
    assert "undated promotes, caption: “a wine”" in text
    assert "of no category" not in text
    quiet = msgspec.structs.replace(result("a", 0.7, "shortlist"), safety=part("safety", 1.0))
    assert "no post is about any of the categories" in safety(quiet)


def test_what_a_creator_sold_is_shown_with_signs_markets_partners_and_rivals() -> None:
    def partner(i: int, **more: object) -> Partner:
        plain = {"category": None, "first": None, "last": None, "n_posts": 1, "n_declared": 0, "ambassador": False}
        return Partner(brand=f"brand{i}", name=f"Brand {i}", **{**plain, **more})  # type: ignore[arg-type]

    dated = partner(0, category="home_goods", first="2026-01-01", last="2026-02-01", n_posts=4, ambassador=True)
    sold = Commercial(
        as_of="2026-03-31", n_posts=20, n_read=18, n_declared=2, n_hinted=1, n_likely=1, ad_load=0.2,
        ad_load_earlier=0.1, ad_load_recent=0.3,
        cost=AdCost(times_organic=0.8, interval=(0.6, 1.1), n_ads=3, n_organic=12),
        markets=(MarketDisclosure(market="de", clear=1, unclear=1, missing=0),), unknown_markets=("aq",),
        partners=(dated, *(partner(i) for i in range(1, 40))),
        competitors=(
            Competitor(name="Rival", state="in_window", days=9, named=(
                Naming(post=None, at=None, kind="bio", text="ambassador of Rival"),
                Naming(post=3, at="2026-03-22", kind="declared", text="with Rival"),
                Naming(post=4, at=None, kind="mention", text="Rival again"),
            )),
            Competitor(name="Other", state="none"),
        ),
        posts=(
            CommercialPost(post=3, post_id="p3", at="2026-03-22", kind="declared", signs=(Sign(kind="ad", text="#ad"),),
                           brands=("rival",), disclosure=(Disclosure(market="de", state="clear", why="#ad leads"),)),
            CommercialPost(post=5, post_id=None, at=None, kind="likely", likelihood=0.9),
        ),
    )  # fmt: skip
    text = squeezed(commercial(msgspec.structs.replace(result("a", 0.7, "review"), commercial=sold), width=300))
    for words in (
        "18 of 20 posts looked at", "ad load 20%; of the older half 10%, of the newer 30%",
        "ads get 0.80 times the reactions", "1 clear, 1 unclear, 0 missing", "aq: no rules of this market are known",
        "Brand 0: 4 posts, 0 declared, 2026-01-01 to 2026-02-01, home goods, a standing tie",
        "Brand 1: 1 post, 0 declared, undated", " more", "the newest 9 days old", "bio, bio: ambassador of Rival",
        "2026-03-22, declared: with Rival", "undated, mention: Rival again", "ad: #ad", "de: clear, #ad leads",
        "undated post 6:", "90% of such posts say they are", "nothing that the export holds",
    ):  # fmt: skip
        assert words in text, words
    bare = Commercial(as_of=None, n_posts=2, n_read=0, n_declared=0, ad_load=None, not_read=("2 posts without text",))
    text = squeezed(commercial(msgspec.structs.replace(result("a", 0.7, "review"), commercial=bare)))
    assert "2 posts without text" in text
    assert not any(title in text for title in ("ad load", "Disclosure", "Who paid", "Competitors", "Posts"))
    old = msgspec.structs.replace(result("a", 0.7, "review"), commercial=None)
    assert "older than the X-ray" in commercial(old)


def outcome(creator: str, **more: object) -> Outcome:
    return Outcome(creator=creator, **more)  # type: ignore[arg-type]


def test_a_measured_campaign_is_shown_with_promises_contract_and_effect() -> None:
    sealed = forecast([estimated("a"), estimated("b")], {"a": 1, "b": 1}, Asked("x"))
    rows = [
        outcome("a", post_id="1", likes=90.0, comments=10.0, clicks=40.0, cost=50.0, conversions=2.0, tagged=False),
        outcome("b", post_id="2", likes=10.0, comments=1.0, clicks=20.0, cost=50.0, conversions=1.0),
    ]
    chance = Effect(value=1.0, low=None, high=None, treated_change=2.0, control_change=1.0, n_treated=1, n_control=1)
    measured = measure(rows, Terms(emv={"likes": 0.5}), sealed=sealed, effect=chance)
    text = squeezed("\n".join(measured_page(measured)))
    promised = next(promise.promised for promise in measured.total.promises if promise.count == "likes")
    assert f"likes: 100 delivered of {promised:,.0f} promised, {100 / promised:.0%}" in text
    assert "earned media value at your own rates: 50" in text
    assert "conversions for each of" in text
    assert "nothing says how much of it is chance" in text
    assert "the interval holds zero" not in text
    wide = msgspec.structs.replace(chance, low=-1.0, high=3.0)
    assert "the interval holds zero: no effect is shown" in "\n".join(
        measured_page(msgspec.structs.replace(measured, effect=wide))
    )
    clear = msgspec.structs.replace(chance, low=0.5, high=1.5)
    assert "holds zero" not in "\n".join(measured_page(msgspec.structs.replace(measured, effect=clear)))
    plain = measured_page(measure([outcome("a", likes=5.0)], Terms()))
    assert not any("promised" in line or "earned media value at" in line for line in plain)


def test_drift_is_shown_with_what_was_compared_and_what_was_not() -> None:
    column = Column(
        kind="score", name="score", test="place", before="0.5", after="0.9", size=0.4, p=0.001, adjusted=0.01,
        drifted=True,
    )  # fmt: skip
    found = Drift(n_before=80, n_after=90, level=0.04, columns=(column,), skipped=tuple(f"c{i}" for i in range(9)))
    text = squeezed("\n".join(drift_page(found)))
    assert "80 creators before, 90 after, 1 tests" in text
    assert "score score place 0.5 0.9 0.40 0.01" in text
    assert "c7 ..." in text
    near = msgspec.structs.replace(found, columns=(msgspec.structs.replace(column, drifted=False),))
    assert "nearest: score score, adjusted p 0.01" in "\n".join(drift_page(near))
    nothing = Drift(n_before=1, n_after=1, level=0.04, columns=(), skipped=())
    assert "nothing drifted" in drift_page(nothing)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "creators.jsonl"
    rows = [{"creator_id": "a", "followers": 9_900}, {"creator_id": "b"}, {"creator_id": "c", "followers": 300}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_tiers_of_a_file_and_of_counts(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tiers", str(people), "--near", "0.05"]) == 0
    shown = capsys.readouterr()
    assert "a: 9,900 followers, the schemes disagree" in shown.out
    assert "c: 300" not in shown.out
    assert "1 creators without a follower count have no tier" in shown.err
    assert main(["tiers", "--followers", "300", "--custom", "100", "500"]) == 0
    assert "custom" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--followers", "-3"], "--followers -3: expected a count of 0 or more"),
        (["--followers", "3", "--custom", "5", "2"], "expected 0 <= LOW <= HIGH"),
        ([], "expected exactly one of them"),
        (["{people}", "--followers", "3"], "expected exactly one of them"),
    ],
)
def test_tiers_that_cannot_be_are_refused(
    arguments: list[str], message: str, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tiers", *(argument.format(people=people) for argument in arguments)]) == 1
    assert message in capsys.readouterr().err


def test_what_moved_between_two_scorings_is_shown_most_first_and_written_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = [estimated(name, genuine=0.9) for name in "abcdefgh"]
    later = [estimated(name, genuine=0.9 - 0.1 * min(i, 5)) for i, name in enumerate("abcdxyzuvw")]
    after = [msgspec.structs.replace(one, score=0.5 - 0.05 * i, input_digest="9" * 32) for i, one in enumerate(later)]
    files = [tmp_path / "before.jsonl", tmp_path / "after.jsonl"]
    for file, results in zip(files, (before, after), strict=True):
        file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in results))
    out = tmp_path / "moved.jsonl"
    assert main(["diff", *map(str, files), "--top", "1", "--out", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "6 new: x, y, z, u, v ..." in shown
    assert "4 gone: e, f, g, h" in shown
    moved = [json.loads(line) for line in out.read_text().splitlines()]
    assert f"and {len(moved) - 1} more, see --out" in shown
    assert main(["diff", *map(str, files), "--out", "-"]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == moved


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "-", "--brief", "-"], "both INPUT and --brief are stdin"),
        (["score", "a.csv", "--brief", "b", "--engine", "spark", "--report", "r.html"], "--report with --engine spark"),
        (
            ["score", "a.csv", "--brief", "b", "--engine", "spark", "--shortlist", "5"],
            "--shortlist with --engine spark",
        ),
        (["score", "a.csv", "--brief", "b", "--shortlist", "0"], "expected a count of at least 1"),
        (["score", "-", "--brief", "b", "--shortlist", "5"], "--shortlist reads INPUT twice"),
        (["drift", "a", "b", "--level", "1.5"], "expected a probability between 0 and 1"),
        (["report", "a", "-o", "b.html", "--most", "0"], "expected at least 1"),
        (["report", "a", "-o", "b.html", "--posts", "p"], "--posts without --creators"),
        (["report", "a", "-o", "b.txt"], ".html"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_is_read(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_everything_of_a_head_is_shown_in_full() -> None:
    head = part(
        "engagement_quality", 0.6, ("baseline", None, 0.5), ("level", 2.0, 0.1), flags=("few_posts",),
        detail={
            "jumps": [{"at": "2026-01-01", "growth": 0.41234}], "rate": 0.0123456, "parts": {"own": {"n": 3}},
            "ledger": [
                {"window": "last_12", "value": 0.01, "definition": "median of likes", "n": 9, "hidden_share": 0.25},
                {"window": "all", "value": 0.02, "definition": "mean of likes", "n": 90, "hidden_share": 0.0},
            ],
        },
        evidence=(Evidence(kind="post", text="a post", weight=0.5, at="2026-02-03T00:00:00"),),
    )  # fmt: skip
    one = msgspec.structs.replace(result("a", 0.7, "review", flags=("niche_fit:x",)), engagement_quality=head)
    text = in_full(one, width=300)
    for words in (
        "- at 2026-01-01, growth 0.4123", "rate: 0.01235", "n: 3", "median of likes, n 9, counts hidden in 25%",
        "all 2 definitions in --json", "post (2026-02-03): a post  [+0.500]", "flags: few_posts", "flags: niche_fit:x",
        "= value",
    ):  # fmt: skip
        assert words in text, words
    assert "mean of likes" not in text
    bare = msgspec.structs.replace(one, flags=(), engagement_quality=part("engagement_quality", None))
    assert "engagement_quality (weight 0.25): insufficient evidence" in in_full(bare)
    assert "\nflags: " not in in_full(bare)


def test_drift_compares_what_creators_write_about_where_their_files_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("scipy", reason="the tests of drift are scipy's")
    monkeypatch.setattr("bonafit.scorer.scorer.Scorer.load", lambda *_, **__: tiny_scorer())
    files = {}
    for side, texts in (("before", "sunscreen and serum"), ("after", "mountain bike trails")):
        people = [Creator(creator_id=f"c{i}", bio=f"{texts} {i}") for i in range(40)]
        files[side] = tmp_path / f"{side}.creators.jsonl"
        write_creators(files[side], [*people, Creator(creator_id="silent")])
        results = [estimated(person.creator_id) for person in people]
        (tmp_path / f"{side}.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in results))
    out = tmp_path / "drift.json"
    run = ["drift", str(tmp_path / "before.jsonl"), str(tmp_path / "after.jsonl"), "--out", str(out)]
    assert main(run) == 0
    assert "nothing drifted" in capsys.readouterr().out
    assert main([*run, "--texts", str(files["before"]), str(files["after"])]) == 4
    drifted = json.loads(out.read_bytes())
    assert any(column["drifted"] and "text" in column["name"] for column in drifted["columns"])
    files["after"].write_text('{"followers": 3}\n')
    assert main([*run, "--texts", str(files["before"]), str(files["after"])]) == 1
    assert "holds no creator that can be read; expected the file that was scored" in capsys.readouterr().err
