"""The page in a real browser: it is silent, filters, sorts, compares, weighs as the engine does, keeps and exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from bonafit.records import Weights
from bonafit.report.shortlist import shortlist_page
from tests.report.conftest import Sample, Watched

pytestmark = pytest.mark.slow

Opened = Callable[..., Watched]
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"


@pytest.fixture(scope="module")
def page_bytes(sample: Sample) -> bytes:
    return shortlist_page(sample.material())


@pytest.fixture
def page(opened: Opened, page_bytes: bytes) -> Any:
    watched = opened(page_bytes)
    yield watched.page
    assert watched.is_silent(), (watched.said, watched.asked)


def order(page: Any) -> list[int]:
    """Numbers of the cards that are shown, in their order."""
    return page.eval_on_selector_all(
        "#cards > .card:not([hidden])", "cards => cards.map(card => Number(card.dataset.n))"
    )


def cards(page: Any) -> list[dict[str, str]]:
    """The data of every card, in their order."""
    return page.eval_on_selector_all(
        "#cards > .card",
        "cards => cards.map(card => ({...card.dataset, label: card.querySelector('h3').textContent, "
        "place: card.querySelector('.by-score').textContent, said: card.querySelector('.score').textContent}))",
    )


def set_weights(page: Any, **weights: float) -> None:
    for name, value in weights.items():
        page.locator(f"#w-{name}").evaluate("(slider, value) => { slider.value = value }", str(value))
    page.locator(f"#w-{name}").dispatch_event("input", {"bubbles": True})
    page.locator("#w-niche_fit").evaluate("slider => slider.dispatchEvent(new Event('input', {bubbles: true}))")


def test_opens_without_a_message_or_a_request(page: Any, sample: Sample) -> None:
    assert page.evaluate("document.documentElement.dataset.ready") == "yes"
    assert page.locator("#cards > .card").count() == len(sample.results)
    assert page.locator("h1").inner_text() == sample.brief.brand
    assert page.locator(".dot").count() > len(sample.results) / 2
    assert page.evaluate(
        "(ids => ids.length === new Set(ids).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
    )


def test_the_first_view_is_shortlist_then_review_each_by_score(page: Any, sample: Sample) -> None:
    shown = [card["label"] for card in cards(page)[: len(order(page))]]
    wanted = [r for verdict in ("shortlist", "review") for r in sample.results if r.verdict == verdict]
    assert shown == [result.label for result in wanted]


def test_filters(page: Any, sample: Sample) -> None:
    page.locator("[name=verdict][value=pass]").check()
    page.locator("[name=verdict][value=not_judgeable]").check()
    assert len(order(page)) == len(sample.results)
    page.locator("#platform").select_option("tiktok")
    assert len(order(page)) == sum(r.profile.platform == "tiktok" for r in sample.results)
    page.locator("#platform").select_option("")
    page.locator("#least").fill("5000")
    page.locator("#largest").fill("20000")
    assert len(order(page)) == sum(5000 <= (r.profile.followers or 0) <= 20000 for r in sample.results)
    page.locator("#least").fill("")
    page.locator("#largest").fill("")
    page.locator("#dearest").fill("200")
    assert len(order(page)) == sum((r.profile.price or 1e9) <= 200 for r in sample.results)
    page.locator("#dearest").fill("")
    name = sample.results[5].label
    page.locator("#search").fill(name.upper())
    assert [card["label"] for card in cards(page) if int(card["n"]) in order(page)] == [name]
    assert "1 of" in page.locator("#shown").inner_text()


def test_where_nobody_is_to_be_booked_everybody_is_shown(opened: Opened, sample: Sample) -> None:
    material = sample.material()
    material.ranked = [result for result in material.ranked if result.verdict == "pass"]
    material.verdicts = {"pass": len(material.ranked), "not_judgeable": len(material.apart)}
    page = opened(shortlist_page(material)).page
    assert len(order(page)) == len(material.results)
    page.locator("#search").fill("nobody is called so")
    assert page.locator("#shown").inner_text().startswith("Nobody matches")


def test_sorts(page: Any, sample: Sample) -> None:
    for verdict in ("pass", "not_judgeable"):
        page.locator(f"[name=verdict][value={verdict}]").check()
    page.locator("#sort").select_option("followers")
    followers = {r.label: r.profile.followers or -1 for r in sample.results}
    labels = [card["label"] for card in cards(page)]
    assert [followers[label] for label in labels] == sorted(followers.values(), reverse=True)
    page.locator("#sort").select_option("authenticity")
    values = {r.label: -1.0 if r.authenticity.value is None else r.authenticity.value for r in sample.results}
    assert [values[card["label"]] for card in cards(page)] == sorted(values.values(), reverse=True)
    page.locator("#sort").select_option("cost")
    assert len(order(page)) == len(sample.results)


@pytest.mark.parametrize(
    "weights",
    [
        {"niche_fit": 0.2, "authenticity": 0.7, "engagement_quality": 0.4},
        {"niche_fit": 1.0, "authenticity": 0.01, "engagement_quality": 0.0},
        {"niche_fit": 0.0, "authenticity": 1.0, "engagement_quality": 0.0},
    ],
)
def test_weighs_again_to_the_numbers_of_the_engine(page: Any, sample: Sample, weights: dict[str, float]) -> None:
    set_weights(page, **weights)
    engine = sample.scored(msgspec.structs.replace(sample.brief, weights=Weights(**weights)))
    shown = {card["label"]: card for card in cards(page)}
    before = {result.label: result for result in sample.results}
    assert len(shown) == len(engine)
    newly_ranked = 0
    for result in engine:
        card = shown[result.label]
        assert card["verdict"] == result.verdict, result.label
        if result.score is None or result.interval is None:
            assert card["score"] == card["low"] == card["high"] == ""
            continue
        assert float(card["score"]) == pytest.approx(result.score, abs=1e-9)
        if before[result.label].score is None:
            # the intervals of somebody who could not be judged were widened when they were stored
            assert card["low"] == card["high"] == ""
            assert "interval unknown" in card["said"]
            newly_ranked += 1
            continue
        assert float(card["low"]) == pytest.approx(result.interval[0], abs=1e-9)
        assert float(card["high"]) == pytest.approx(result.interval[1], abs=1e-9)
    assert newly_ranked > 0 or weights["engagement_quality"] > 0
    places = {label: card["place"] for label, card in shown.items()}
    ranked = [result.label for result in engine if result.score is not None]
    assert [places[label] for label in ranked] == [f"rank {i} by score" for i in range(1, len(ranked) + 1)]
    assert page.locator(".why .other").first.is_visible()


def test_back_to_the_stored_weights_is_what_is_stored(page: Any, sample: Sample) -> None:
    set_weights(page, niche_fit=0.9, authenticity=0.1, engagement_quality=0.3)
    page.locator("#reset").click()
    shown = {card["label"]: card for card in cards(page)}
    for result in sample.results:
        assert shown[result.label]["score"] == ("" if result.score is None else repr(result.score).replace("e-0", "e-"))
        assert shown[result.label]["verdict"] == result.verdict
    assert page.locator(".why .other").first.is_hidden()


def test_no_weight_at_all_changes_nothing_and_says_so(page: Any) -> None:
    before = cards(page)
    set_weights(page, niche_fit=0, authenticity=0, engagement_quality=0)
    assert "at least one" in page.locator("#weights-said").inner_text()
    assert cards(page) == before


def test_compares_two_side_by_side(page: Any, sample: Sample) -> None:
    boxes = page.locator(".card:not([hidden]) input.compare")
    for i in range(3):
        boxes.nth(i).check()
    assert [boxes.nth(i).is_checked() for i in range(3)] == [False, True, True]
    page.locator("#tray-open").click()
    heads = page.locator("#side-table thead th").all_inner_texts()
    shown = [card["label"] for card in cards(page)]
    assert heads == shown[1:3]
    result = next(r for r in sample.results if r.label == heads[0])
    row = page.locator("#side-table tr", has=page.locator("th", has_text="Authenticity")).first.inner_text()
    assert f"{result.authenticity.value:.2f}" in row
    page.keyboard.press("Escape")
    assert page.locator("#side").is_hidden()


def test_packed_evidence_is_what_would_stand_there_unpacked(opened: Opened, page_bytes: bytes, sample: Sample) -> None:
    packed = opened(shortlist_page(sample.material(), inline=3))
    review = packed.page.locator(".card[data-verdict=review] details").last
    assert review.locator(".part").count() == 0
    review.locator("summary").click()
    review.locator(".part").first.wait_for()
    assert review.locator(".part").first.is_visible()
    bare = "inside(card, '.inside').innerHTML.replace(/>\\s+|\\s+</g, found => found.trim()).trim()"
    inner = f"cards.map(card => [card.n, {bare}]).sort()"
    assert packed.page.evaluate(f"cards.forEach(fill), {inner}") == opened(page_bytes).page.evaluate(inner)
    assert packed.is_silent(), packed.said


def test_notes_are_kept_and_exported_with_formulas_defused(opened: Opened, page_bytes: bytes, sample: Sample) -> None:
    watched = opened(page_bytes)
    page = watched.page
    best = next(r for r in sample.results if r.verdict == "shortlist")
    card = page.locator(".card", has=page.locator("h3", has_text=best.label)).first
    card.locator("select.decision").select_option("Book")
    card.locator("input.note").fill('=HYPERLINK("http://x","y"), wants "gifting"')
    assert "1 noted" in page.locator("#kept").inner_text()
    page.reload()
    assert card.locator("select.decision").input_value() == "Book"
    page.locator("#decided").select_option("Book")
    assert len(order(page)) == 1
    with page.expect_download() as download:
        page.locator("#export").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(sample.results)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@" and cell]
    row = next(row for row in rows if row["creator_id"] == best.creator_id)
    assert row["decision"] == "Book"
    assert row["note"] == '\'=HYPERLINK("http://x","y"), wants "gifting"'
    assert float(row["score"]) == best.score
    assert [float(r["score"]) for r in rows if r["verdict"] == "shortlist"] == sorted(
        (r.score for r in sample.results if r.verdict == "shortlist" and r.score is not None), reverse=True
    )
    assert not watched.said


def test_where_nothing_can_be_kept_the_page_says_so_and_works(opened: Opened, page_bytes: bytes) -> None:
    watched = opened(page_bytes, init=NO_STORAGE)
    page = watched.page
    page.locator(".card:not([hidden]) input.note").first.fill("ask for rates")
    assert "export before you close" in page.locator("#kept").inner_text()
    assert watched.is_silent(), watched.said


def test_prints_with_the_evidence_of_the_shortlist(page: Any, sample: Sample) -> None:
    details = page.locator(".card[data-verdict=shortlist] details").first
    details.locator("summary").click()
    assert details.get_attribute("open") is None
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert details.get_attribute("open") is not None
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert details.get_attribute("open") is None
    page.emulate_media(media="print")
    assert page.locator("aside").is_hidden()
    assert page.locator(".card:not([hidden]) .review").first.is_hidden()
    pdf = page.pdf()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page") > 3


def test_keyboard_reaches_the_list_and_what_a_card_holds(page: Any) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    review = page.locator(".card[data-verdict=review]:not([hidden]) summary").first
    review.focus()
    page.keyboard.press("Enter")
    assert page.locator(".card[data-verdict=review]:not([hidden]) details").first.get_attribute("open") is not None


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_serious(opened: Opened, page_bytes: bytes, scheme: str, width: int) -> None:
    axe_module = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = opened(page_bytes, color_scheme=scheme, viewport={"width": width, "height": 900}).page
    page.locator("#controls").evaluate("element => { element.open = true }")
    page.locator(".card:not([hidden]) summary").nth(1).evaluate("element => { element.parentElement.open = true }")
    found = axe_module.Axe().run(page)
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
