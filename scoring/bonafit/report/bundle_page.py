"""The card of a bundle as a page: what it was judged by first, then how reliable, how, for whom, and where it ends."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bonafit.bundle.manifest import Bundle
from bonafit.errors import InputError
from bonafit.heads import HEADS
from bonafit.report.page import rendered
from bonafit.report.shapes import effect_shapes, expected_curves

CARD = "CARD.md"
STYLE = ("common.css", "bundle.css")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_IMAGE = re.compile(r"!\[([^\]\[]{0,200})\]\(([^)\s]{1,200})\)")
# Parts of a card that come before the heads' own, by heading.
FIRST = (
    re.compile("^Judgement$"),
    re.compile("^Every set left out$"),
    re.compile("each set from the others", re.IGNORECASE),
)
FAIRNESS = re.compile("genuine creators called fake", re.IGNORECASE)
OWN_PLACE = {"Languages": "languages", "Limits": "limits", "Data": "data"}
# A figure that rises with quality, by which a head is held against the best simple rule.
MAIN = {"auc": "AUC", "r2": "R2"}
SAME = ("suite", "dataset", "split", "slice", "metric")


@dataclass(frozen=True)
class Part:
    """One heading of a card with the text below it, up to the next heading."""

    level: int
    title: str
    text: str


@dataclass(frozen=True)
class Beside:
    """A figure of ours beside the best of the simple rules on the same cases."""

    suite: str
    dataset: str
    split: str
    slice: str
    metric: str
    n: int
    value: float
    rule: str
    of_rule: float


def bundle_page(bundle: Bundle) -> bytes:
    """The page, UTF-8. Raises InputError where Jinja2 or markdown-it-py is not installed."""
    folder = Path(bundle.path)
    card = folder / CARD
    parts = parts_of(card.read_text(encoding="utf-8")) if CARD in bundle.manifest.files else []
    places: dict[str, list[Part]] = {name: [] for name in ("first", "fairness", "languages", "limits", "data", "rest")}
    for part in parts:
        places[_place(part)].append(part)
    markdown = _markdown()
    return rendered(
        "bundle.html",
        style=STYLE,
        script=(),
        manifest=bundle.manifest,
        digest=bundle.digest,
        heads={name: HEADS[name].question for name in bundle.manifest.heads if name in HEADS},
        places=places,
        as_html=lambda part: _html(markdown, _IMAGE.sub("", part.text)),
        beside=beside_rules(bundle.manifest.metrics),
        pictures=_pictures(parts, folder, bundle.manifest.files),
        calibration=[row for row in bundle.manifest.metrics if row["metric"] == "ece" and not row["baseline"]],
        shapes=effect_shapes(bundle),
        expected=expected_curves(bundle),
    )


def parts_of(text: str) -> list[Part]:
    """A card taken apart at its headings."""
    parts: list[Part] = []
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line.rstrip())
        if heading is not None:
            parts.append(Part(len(heading[1]), heading[2], ""))
        elif parts:
            last = parts[-1]
            parts[-1] = Part(last.level, last.title, f"{last.text}{line}\n")
    return parts


def _place(part: Part) -> str:
    if any(pattern.search(part.title) for pattern in FIRST):
        return "first"
    if FAIRNESS.search(part.title):
        return "fairness"
    return OWN_PLACE.get(part.title, "rest")


def beside_rules(metrics: Sequence[dict[str, Any]]) -> list[Beside]:
    """Every main figure that was measured beside simple rules, with the best of these."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in metrics:
        if row["metric"] in MAIN:
            groups.setdefault(tuple(str(row[name]) for name in SAME), []).append(row)
    out = []
    for (suite, dataset, split, of, metric), rows in groups.items():
        own_rows = [row for row in rows if not row["baseline"]]
        rules = [row for row in rows if row["baseline"]]
        if not own_rows or not rules:
            continue
        best = max(rules, key=lambda row: float(row["value"]))
        n, value = int(own_rows[0]["n"]), float(own_rows[0]["value"])
        out.append(Beside(suite, dataset, split, of, MAIN[metric], n, value, str(best["method"]), float(best["value"])))
    return out


def _pictures(parts: Sequence[Part], folder: Path, files: dict[str, str]) -> list[tuple[str, str]]:
    """(what it shows, picture as data) of every picture of the card that the manifest vouches for."""
    out = []
    for part in parts:
        for caption, name in _IMAGE.findall(part.text):
            if name in files and name.endswith(".svg"):
                data = base64.b64encode((folder / name).read_bytes()).decode()
                out.append((caption, f"data:image/svg+xml;base64,{data}"))
    return out


def _markdown() -> Any:
    """A renderer of cards that lets no markup of theirs through."""
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise InputError("the page of a bundle needs markdown-it-py; pip install 'bonafit[report]'") from None
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _html(markdown: Any, text: str) -> Any:
    """A part of a card as markup: the renderer has escaped all of it; wide tables get a frame to scroll in."""
    from markupsafe import Markup

    html = markdown.render(text)
    frame = '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table class="sheet">'
    return Markup(html.replace("<table>", frame).replace("</table>", "</table></div>"))
