"""A browser, and results of the invented sample by the published bundle."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bonafit.bundle.manifest import Bundle
from bonafit.bundle.resolve import newest_bundle
from bonafit.campaign.terms import Terms, page_brief
from bonafit.io.read import read_creators
from bonafit.jobs.ranking import rank
from bonafit.records import Brief, Creator
from bonafit.report.material import Material, add_bundle
from bonafit.results import CreatorScore
from bonafit.scorer.scorer import Scorer

# the light environment of `make test-light` has nothing to make pages with
collect_ignore_glob = [] if find_spec("jinja2") and find_spec("markdown_it") else ["test_*.py"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Of the sample: ranked ones of every platform, some without posts, some whose likes are hidden.
N_CREATORS = 36


class Sample:
    """Creators, their brief, and their results; more results of the same creators for briefs with other weights."""

    def __init__(self, scorer: Scorer, creators: list[Creator], brief: Brief, terms: Terms | None) -> None:
        self.scorer, self.creators, self.brief, self.terms = scorer, creators, brief, terms
        self.results = self.scored(brief)
        self.bundle: Bundle = scorer.bundle

    def scored(self, brief: Brief) -> list[CreatorScore]:
        """Results of all creators in the order of `rank`."""
        return rank(self.scorer.score(self.creators, brief))

    def material(self) -> Material:
        """Everything a page can be given."""
        ranked = [result for result in self.results if result.score is not None]
        apart = [result for result in self.results if result.score is None]
        verdicts: dict[str, int] = {}
        for result in self.results:
            verdicts[result.verdict] = verdicts.get(result.verdict, 0) + 1
        material = Material(ranked, apart, verdicts, brief=self.brief, terms=self.terms)
        material.creators = {creator.creator_id: creator for creator in self.creators}
        add_bundle(material, self.bundle)
        return material


@pytest.fixture(scope="session")
def sample(repository: Path) -> Iterator[Sample]:
    creators = [c for _, c in read_creators(repository / "examples" / "creators.jsonl", on_reject=lambda _: None)]
    with Scorer.load(newest_bundle(repository / "models"), cache=None, threads=1) as scorer:
        yield Sample(scorer, creators[:N_CREATORS], *page_brief(repository / "examples" / "brief.toml"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The machine's own Chromium, headless; skips with a reason where there is none.

    Closed after each module: while playwright is at work no other test of the process may run an event loop.
    """
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed; apt-get install chromium to run this test")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watched:
    """A page opened from a file, with everything that it said, asked for or threw."""

    def __init__(self, browser: Any, file: Path, **options: Any) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.address = file.as_uri()

    def open(self) -> Any:
        self.page.goto(self.address)
        return self.page

    def is_silent(self) -> bool:
        """Whether nothing was said and nothing but the page itself was asked for."""
        return not self.said and set(self.asked) == {self.address}


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    """A function from bytes of a page, and options of a browser's context, to the page watched."""
    made: list[Watched] = []

    def of(page: bytes, *, init: str | None = None, **options: Any) -> Watched:
        file = tmp_path / f"page-{len(made)}.html"
        file.write_bytes(page)
        watched = Watched(chromium, file, **options)
        made.append(watched)
        if init is not None:
            watched.context.add_init_script(init)
        watched.open()
        return watched

    yield of
    for watched in made:
        watched.context.close()
