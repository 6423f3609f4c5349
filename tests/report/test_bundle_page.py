"""The card of a bundle as a page: what is measured first, every feature drawn, nothing lost of the card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.bundle.manifest import Bundle, read_bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.cli import main
from bonafit.report.bundle_page import beside_rules, bundle_page, parts_of
from bonafit.report.shapes import effect_shapes, expected_curves
from bonafit.tables.additive import AdditiveModel
from tests.report.conftest import Watched

pytestmark = pytest.mark.slow

HOSTILE = (
    "# B\n\n## Judgement\n\n<script>window.hacked=1</script> [x](javascript:hacked=1)\n\n"
    "| a |\n|---|\n| <img src=x onerror=hacked=1> |\n"
)


@pytest.fixture(scope="module")
def bundle(repository: Path) -> Bundle:
    return read_bundle(newest_bundle(repository / "models"))


@pytest.fixture(scope="module")
def page(bundle: Bundle) -> str:
    return bundle_page(bundle).decode()


def test_the_tables_of_the_judge_and_of_sets_left_out_stand_first(page: str) -> None:
    places = [
        page.index(f'id="{name}"') for name in ("judged", "reliability", "shapes", "fairness", "languages", "limits")
    ]
    assert places == sorted(places)
    first = page[places[0] : places[1]]
    assert "Spelling is not evidence" in first
    assert "Each set from the others" in first
    assert "instafake_2019_accounts" in first


def test_nothing_of_the_card_is_lost(bundle: Bundle, page: str) -> None:
    parts = parts_of((Path(bundle.path) / "CARD.md").read_text(encoding="utf-8"))
    assert len(parts) > 10
    for part in parts:
        rows = [line for line in part.text.splitlines() if line.startswith("|")]
        cell = rows[-1].split("|")[1].strip() if rows else part.title
        if part.text.strip():
            assert cell.replace("`", "").replace("&", "&amp;") in page, part.title


def test_every_feature_of_an_additive_model_is_drawn_at_its_own_height(bundle: Bundle) -> None:
    groups = {group.title: group for group in effect_shapes(bundle)}
    model = AdditiveModel.from_tables(
        bundle.tables["niche_fit"], "model", n_columns=len(bundle.manifest.heads["niche_fit"]["columns"])
    )
    group = groups["niche_fit"]
    assert len(group.shapes) == sum(len(term.features) == 1 for term in model.terms)
    for term, shape in zip(model.terms, group.shapes, strict=True):
        heights = [float(point.split()[1]) for point in shape.line[1:].split("L")]
        scores = term.scores[1:]
        assert shape.high == f"{max(float(np.max(scores)), 0):+.2f}" or len(scores) > 48
        # higher up in the picture is a smaller coordinate: both columns rise with fit
        assert heights == sorted(heights, reverse=True)
    assert {title.split(":")[0].split(",")[0] for title in groups} >= {
        "authenticity",
        "engagement_quality",
        "niche_fit",
    }
    assert len(expected_curves(bundle)) >= 2


def test_figures_stand_beside_the_best_simple_rule() -> None:
    row = {"suite": "s", "dataset": "d", "split": "cv5", "slice": "all", "metric": "auc", "n": 9}
    rows = [
        row | {"method": "bonafit", "baseline": False, "value": 0.8},
        row | {"method": "dull", "baseline": True, "value": 0.6},
        row | {"method": "better", "baseline": True, "value": 0.7},
        row | {"metric": "ece", "method": "bonafit", "baseline": False, "value": 0.1},
    ]
    (found,) = beside_rules(rows)
    assert (found.value, found.rule, found.of_rule, found.n) == (0.8, "better", 0.7, 9)


def test_the_command_writes_it(bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "card.html"
    assert main(["bundle", "show", "--bundle", bundle.path, "--page", str(out)]) == 0
    assert out.read_bytes().startswith(b"<!doctype html>")
    assert main(["bundle", "show", "--bundle", bundle.path, "--page", str(tmp_path / "card.md")]) == 1
    assert "ends with .html" in capsys.readouterr().err


def test_opens_silently_and_axe_finds_nothing_serious(page: str, opened: Callable[..., Watched]) -> None:
    axe_module = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    # the colours of the light page are those of the shortlist, which is looked at in both
    watched = opened(page.encode(), color_scheme="dark", viewport={"width": 390, "height": 900})
    assert not watched.said
    assert all(address.startswith("data:image/svg") for address in watched.asked[1:])
    found = axe_module.Axe().run(watched.page)
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in serious] == []
    assert watched.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_markup_of_a_card_is_text(bundle: Bundle, tmp_path: Path, opened: Callable[..., Watched]) -> None:
    bare = Bundle(str(tmp_path), msgspec.structs.replace(bundle.manifest, heads={}), bundle.digest, {})
    (tmp_path / "CARD.md").write_text(HOSTILE, encoding="utf-8")
    watched = opened(bundle_page(bare))
    assert watched.page.evaluate("window.hacked") is None
    assert watched.page.locator("#judged script, #judged img, #judged a[href^=javascript]").count() == 0
    assert "<script>" in watched.page.locator("#judged").inner_text()
