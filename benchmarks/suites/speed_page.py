"""The page of a shortlist: bytes of 500 creators, seconds to make it, seconds until a browser has it ready."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import msgspec
from benchmarks.speed.paired import row
from benchmarks.speed.population import ROOT, newest_bundle

from bonafit import Scorer
from bonafit.io.brief import read_brief
from bonafit.io.read import read_creators
from bonafit.jobs.ranking import rank
from bonafit.records import Creator
from bonafit.report.material import Material, add_bundle
from bonafit.report.shortlist import shortlist_page
from bonafit_training.contracts import Context, Row

CREATORS, OPENINGS = 500, 5
READY = "document.documentElement.dataset.ready === 'yes'"


def page(_: Context) -> Iterator[Row]:
    """500 creators, the invented sample two and a half times over under new ids, everything given."""
    page_material = material()
    start = time.perf_counter()
    page_bytes = shortlist_page(page_material)
    yield row("invented", "page", "seconds", time.perf_counter() - start, CREATORS)
    yield row("invented", "page", "bytes", len(page_bytes), CREATORS)
    if times := opening_times(page_bytes):
        by_clock, by_processor = zip(*times, strict=True)
        yield row("invented", "page", "seconds_to_open", statistics.median(by_clock), OPENINGS)
        # by the clock everything else that the machine does counts too
        yield row("invented", "page", "processor_seconds_to_open", statistics.median(by_processor), OPENINGS)


def material() -> Material:
    """Results of 500 creators with their records."""
    folder = ROOT / "examples"
    known = [creator for _, creator in read_creators(folder / "creators.jsonl", on_reject=lambda _: None)]
    brief = read_brief(folder / "brief.toml")
    with Scorer.load(newest_bundle(), cache=None) as scorer:
        results = scorer.score(known, brief)
        bundle = scorer.bundle
    creators: list[Creator] = []
    scored = []
    for i, (creator, result) in enumerate(islice(cycle(zip(known, results, strict=True)), CREATORS)):
        name = f"{creator.creator_id}-{i // len(known)}"
        creators.append(msgspec.structs.replace(creator, creator_id=name))
        scored.append(msgspec.structs.replace(result, creator_id=name))
    ordered = rank(scored)
    verdicts: dict[str, int] = {}
    for result in ordered:
        verdicts[result.verdict] = verdicts.get(result.verdict, 0) + 1
    ranked = [result for result in ordered if result.score is not None]
    built = Material(ranked, [result for result in ordered if result.score is None], verdicts, brief=brief)
    built.creators = {creator.creator_id: creator for creator in creators}
    add_bundle(built, bundle)
    return built


def opening_times(page_bytes: bytes) -> list[tuple[float, float]]:
    """Seconds from asking for the page until its script has put everything in order; none without a browser.

    By the clock, and of the processor in the page's own process.
    """
    path = shutil.which("chromium")
    if path is None:
        return []
    from playwright.sync_api import sync_playwright

    times = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_bytes(page_bytes)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for _ in range(OPENINGS):
            tab = browser.new_page()
            tools = tab.context.new_cdp_session(tab)
            tools.send("Performance.enable")
            start = time.perf_counter()
            tab.goto(file.as_uri())
            tab.wait_for_function(READY)
            by_clock = time.perf_counter() - start
            figures = {figure["name"]: figure["value"] for figure in tools.send("Performance.getMetrics")["metrics"]}
            times.append((by_clock, float(figures["ProcessTime"])))
            tab.close()
        browser.close()
    return times


SUITES = {"speed/page/invented": page}
