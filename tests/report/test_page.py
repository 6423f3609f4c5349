"""What a page holds, how it is made, and what the command says where it cannot be."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import sys
from pathlib import Path

import msgspec
import pytest

from bonafit.campaign.answer import Portfolio
from bonafit.campaign.candidates import candidates
from bonafit.campaign.portfolio import choose
from bonafit.cli import main
from bonafit.errors import InputError
from bonafit.io.write import write_creators, write_results
from bonafit.records import Brief, VerdictMarks, Weights
from bonafit.report.charts import Scale, followers_chart, posts_chart
from bonafit.report.material import read_material
from bonafit.report.shortlist import shortlist_page
from bonafit.report.weights import weights_data
from bonafit.results import place_of
from bonafit.scorer.understood import understood
from tests.report.conftest import Sample


@pytest.fixture(scope="module")
def page(sample: Sample) -> str:
    return shortlist_page(sample.material()).decode()


@pytest.fixture
def scores(sample: Sample, tmp_path: Path) -> Path:
    path = tmp_path / "scores.jsonl"
    write_results(path, sample.results)
    return path


def test_same_results_give_the_same_bytes(sample: Sample, page: str) -> None:
    assert shortlist_page(sample.material()).decode() == page


def test_the_policy_allows_these_bytes_and_no_request(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert inside is not None
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1].replace("&#39;", "'")
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert "style=" not in page
    assert not re.search(r"\son\w+=", page.split("<script>", 1)[0])


def test_everybody_stands_on_the_page_and_nobody_is_accused(sample: Sample, page: str) -> None:
    for result in sample.results:
        assert result.label in page
    assert "fraud" not in page.lower()
    for reason in sample.results[0].verdict_reasons:
        assert reason.split(";")[0][:40] in page.replace("&#39;", "'")
    for sentence in ("weighted harmonic mean", "They accuse nobody", "90 % interval"):
        assert sentence in page


def test_verdicts_made_with_other_marks_are_left_as_they_are(sample: Sample) -> None:
    strict = msgspec.structs.replace(sample.brief, verdict=VerdictMarks(shortlist_score=0.99, shortlist_niche_fit=0.99))
    followed = weights_data(sample.results, sample.brief)["creators"]
    other = weights_data(sample.results, strict)["creators"]
    assert not any(known["fixed"] for known in followed)
    shortlisted = [i for i, result in enumerate(sample.results) if result.verdict == "shortlist"]
    assert shortlisted
    assert all(other[i]["fixed"] for i in shortlisted)


@pytest.mark.slow
def test_report_of_scores_alone_and_with_everything(
    sample: Sample, scores: Path, tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "shortlist.html"
    assert main(["report", str(scores), "-o", str(out), "--bundle", sample.bundle.path]) == 0
    alone = out.read_text(encoding="utf-8")
    assert "The brief was not given" in alone
    assert "<figcaption>Each post" not in alone
    creators = tmp_path / "creators.jsonl"
    write_creators(creators, sample.creators)
    brief = str(repository / "examples" / "brief.toml")
    asked = ["report", str(scores), "--creators", str(creators), "--brief", brief, "--bundle", sample.bundle.path]
    assert main([*asked, "-o", str(out), "--inline", "5"]) == 0
    whole = out.read_text(encoding="utf-8")
    assert whole.count("<figcaption>Each post") == 5
    assert "evidence is shown of the first 5 creators alone" in whole
    assert f"{len(sample.results):,} creators" in capsys.readouterr().err


@pytest.mark.slow
def test_score_makes_the_page_of_its_results(
    sample: Sample, tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    creators = tmp_path / "creators.jsonl"
    write_creators(creators, sample.creators[:3])
    out = tmp_path / "page.html"
    code = main([
        "score", str(creators), "--brief", str(repository / "examples" / "brief.toml"), "--bundle", sample.bundle.path,
        "--no-cache", "--out", str(tmp_path / "scores.csv"), "--report", str(out), "--top", "0",
    ])  # fmt: skip
    assert code == 0
    page = out.read_text(encoding="utf-8")
    assert all((creator.handle or creator.creator_id) in page for creator in sample.creators[:3])
    assert "<figcaption>Each post" in page
    assert "3 creators" in capsys.readouterr().err


def test_most_keeps_the_best_and_counts_everybody(sample: Sample, scores: Path) -> None:
    material = read_material(scores, most=2)
    assert [r.creator_id for r in material.ranked] == [r.creator_id for r in sample.results[:2]]
    assert material.n_results == len(sample.results)
    assert "more creators of the results are not on this page" in shortlist_page(material).decode()


def test_rejects_beside_the_results_are_told(scores: Path) -> None:
    reject = '{"line":7,"creator_id":"c<7>","field":"followers","reason":"found many, expected a number"}\n'
    scores.with_name("scores.jsonl.rejects.jsonl").write_text(reject, encoding="utf-8")
    page = shortlist_page(read_material(scores)).decode()
    assert "Rows that were not scored: 1" in page
    assert "c&lt;7&gt;" in page


def test_without_the_extra_the_remedy_is_said(
    scores: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert main(["report", str(scores), "-o", str(tmp_path / "page.html")]) == 1
    assert "pip install 'bonafit[report]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "page.txt"], "ends with .html"),
        (["-o", "nowhere/page.html"], "no such folder"),
        (["-o", "page.html", "--most", "0"], "at least 1"),
        (["-o", "page.html", "--posts", "posts.csv"], "--creators"),
    ],
)
def test_what_cannot_be_is_said_before_any_work(
    scores: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(scores.parent)
    assert main(["report", str(scores), *arguments]) == 1
    assert said in capsys.readouterr().err


def test_a_line_that_is_no_result_is_named(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    path.write_text('{"creator_id": "a"}\n')
    with pytest.raises(InputError, match=r"line 1: no result of .*score: is missing"):
        read_material(path)
    path.write_text("")
    with pytest.raises(InputError, match="holds no result"):
        read_material(path)


def test_a_scale_holds_what_lies_beyond_it_and_ticks_within() -> None:
    scale = Scale(1000.0, 100_000.0, 0.0, 100.0, log=True)
    assert (scale(1000), scale(10_000), scale(100_000), scale(1), scale(1e9)) == (0, 50, 100, 0, 100)
    assert scale.ticks() == [1000, 3000, 10_000, 30_000, 100_000]
    assert Scale(0.0, 9.0, 0.0, 90.0).ticks() == [0, 5]


def test_charts_hold_every_dated_post_and_mark_every_jump(sample: Sample) -> None:
    creators = {creator.creator_id: creator for creator in sample.creators}
    drawn = jumps = 0
    for result in sample.results:
        creator = creators[result.creator_id]
        chart = posts_chart(creator, result.engagement_quality)
        if chart is not None:
            drawn += 1
            assert 2 <= len(chart.dots) <= len(creator.posts)
        curve = followers_chart(creator.follower_history, result.authenticity)
        assert (curve is None) == (len(creator.follower_history) < 2)
        found = (result.authenticity.detail.get("follower_history") or {}).get("jumps") or []
        if curve is not None:
            assert len(curve.jumps) == len(found)
            jumps += len(found)
    assert drawn > len(sample.results) / 2
    assert jumps > 0


def test_a_page_without_a_brief_weighs_as_stored(sample: Sample) -> None:
    data = weights_data(sample.results, None)
    assert data["weights"] == {c.component: c.weight for c in sample.results[0].contributions}
    assert weights_data(sample.results, Brief(brand="b", description="d"))["weights"] == data["weights"]


def test_a_brief_with_other_weights_than_the_results_is_told(sample: Sample) -> None:
    material = sample.material()
    assert "other weights than the brief has" not in shortlist_page(material).decode()
    material.brief = msgspec.structs.replace(sample.brief, weights=Weights(niche_fit=0.1))
    assert "other weights than the brief has" in shortlist_page(material).decode()


def test_sentences_that_say_who_asks_are_counted_and_not_quoted(sample: Sample) -> None:
    material = sample.material()
    contact = "Our company was founded in Hamburg in 1987; write to Julia Petersen at offers@example.com."
    material.brief = msgspec.structs.replace(
        sample.brief, description=f"{sample.brief.description} {contact}", excluded_topics=["gambling"]
    )
    material.understood = understood(sample.scorer, material.brief)
    page = shortlist_page(material).decode()
    assert len(material.understood.left_out) == 2
    assert "Petersen" not in page
    assert "<li>2 sentences</li>" in page
    never = re.search(r"<dt>Safety, never</dt><dd>(.*?)</dd>", page)
    assert never is not None
    assert "<li>gambling</li>" in never[1]
    material.understood = None
    assert "<dt>From the description</dt>" in shortlist_page(material).decode()


@pytest.mark.slow
def test_the_budgets_list_its_forecast_and_offers_are_on_the_page(sample: Sample) -> None:
    pytest.importorskip("scipy")
    material = sample.material()
    assert material.terms is not None
    terms = msgspec.structs.replace(material.terms, bounds=(), budget=3_000.0)
    material.terms = terms
    page = html.unescape(shortlist_page(material).decode())
    answer = choose(candidates(sample.results, sample.brief, terms), terms)
    assert isinstance(answer, Portfolio)
    part = page[page.index('id="campaign"') : page.index('id="creators"')]
    assert f"{len(answer.booked)} creators for " in part
    for booked in answer.booked:
        assert booked.label in part
    assert "Likes</th>" in part
    assert "Followers x rate" in part
    assert "Could be offered" in page
    assert "An offer is what counts as genuine and on the subject" in page
    material.portfolio = msgspec.structs.replace(answer, booked=answer.booked[:2])
    assert "2 creators for " in shortlist_page(material).decode()
    material.portfolio = msgspec.structs.replace(
        answer, booked=(msgspec.structs.replace(answer.booked[0], creator_id="stranger"),)
    )
    with pytest.raises(InputError, match="not on the page"):
        shortlist_page(material)
    material.portfolio = None
    clashing = msgspec.structs.replace(terms, creators_at_least=30, creators_at_most=None, max_share=None, budget=500.0)
    material.terms = clashing
    assert "No list of creators whose price is known holds this wish:" in shortlist_page(material).decode()
    material.terms = msgspec.structs.replace(terms, budget=None)
    assert 'id="campaign"' not in shortlist_page(material).decode()


def test_every_creator_has_a_card_numbered_in_the_order_shown(sample: Sample) -> None:
    material = sample.material()
    first = material.ranked.pop()
    never = msgspec.structs.replace(first, verdict="never", score=None, interval=None, contributions=())
    material.apart.append(never)
    page = shortlist_page(material).decode()
    places = [int(place) for place in re.findall(r'class="place">(\d+)<', page)]
    assert places == list(range(1, len(sample.results) + 1))
    assert page.count('class="chip" data-verdict="never"') == 1
    assert "by score" in page


def test_who_cannot_be_judged_stands_by_fit_as_in_every_list(sample: Sample, page: str) -> None:
    places = {result.label: page.index(f">{result.label}<", page.index('<h3 id="t0">')) for result in sample.results}
    apart = [result for result in sample.results if result.verdict == "not_judgeable"]
    assert len(apart) > 1
    assert sorted(apart, key=lambda result: places[result.label]) == sorted(apart, key=place_of)
