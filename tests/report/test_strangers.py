"""Whatever strangers write, a page is the same page: no script of theirs runs, no markup of theirs stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import cycle, islice

import msgspec
import pytest

from bonafit.io.report import Reject
from bonafit.report.material import Material
from bonafit.report.packed import tree_of
from bonafit.report.shortlist import shortlist_page
from bonafit.report.texts import stranger
from tests.report.conftest import Sample, Watched
from tests.report.hostile import Harmless, Texts, spoilt, spoilt_brief

pytestmark = pytest.mark.slow

# Creators on a page of hostile texts, and how many such pages: more than 10,000 texts together.
N_ON_PAGE, N_PAGES = 170, 3


class Skeleton(HTMLParser):
    """Elements of a page with the names of their attributes, in order; texts and values left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.depth = 0
        self.comments = 0
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(name for name, _ in attrs)] += 1
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")]

    def handle_comment(self, data: str) -> None:
        self.comments += 1


def skeleton(page: bytes) -> Skeleton:
    parser = Skeleton()
    parser.feed(page.decode())
    parser.close()
    return parser


def material(sample: Sample, text: Texts) -> Material:
    results = [spoilt(r, text, i) for i, r in enumerate(islice(cycle(sample.results), N_ON_PAGE))]
    ranked = [result for result in results if result.score is not None]
    apart = [result for result in results if result.score is None]
    rejects = [Reject(line=i, creator_id=text(), field=text(), reason=text(), found=text()) for i in range(1, 9)]
    verdicts = Counter(str(result.verdict) for result in results)
    return Material(
        ranked, apart, verdicts, brief=spoilt_brief(text), rejects=rejects, n_rejects=8, notes=[text()], bundle=text()
    )


@pytest.fixture(scope="module")
def hostile(sample: Sample) -> list[bytes]:
    texts = [Texts(seed) for seed in range(N_PAGES)]
    # the evidence of some stands there, that of the others is packed
    pages = [shortlist_page(material(sample, text), inline=60) for text in texts]
    assert sum(text.n for text in texts) >= 10_000
    return pages


def test_hostile_texts_leave_the_markup_as_harmless_ones_do(sample: Sample, hostile: list[bytes]) -> None:
    allowed = skeleton(shortlist_page(material(sample, Harmless(0)), inline=60))
    known = set(allowed.tags)
    for page in hostile:
        found = skeleton(page)
        # texts that clean to nothing or to equal ones leave out an element of ours, never add another kind
        assert set(found.tags) <= known
        assert found.tags["article", ("aria-labelledby",)] == allowed.tags["article", ("aria-labelledby",)]
        for tag in ("script", "style", "iframe", "img", "base", "form", "svg", "title", "meta"):
            counts = [
                sum(n for (name, _), n in s.tags.items() if name == tag and name != "svg") for s in (found, allowed)
            ]
            assert tag == "title" or counts[0] <= counts[1], tag
        assert found.comments == 0
        assert all(address.startswith(("#", "data:,", "https://www.")) for address in found.addresses)


def test_hostile_texts_run_nothing_in_a_browser(hostile: list[bytes], opened: Callable[..., Watched]) -> None:
    for page_bytes in hostile:
        watched = opened(page_bytes)
        page = watched.page
        assert page.evaluate("document.documentElement.dataset.ready") == "yes"
        assert page.locator("#cards > .card").count() == N_ON_PAGE
        page.evaluate("cards.forEach(fill)")
        assert page.locator("#cards .inside .part").count() > N_ON_PAGE
        assert page.locator("#cards .inside script, #cards .inside img, #cards .inside iframe").count() == 0
        page.locator("#sort").select_option("name")
        page.locator(".card:not([hidden]) input.compare").nth(0).check()
        page.locator(".card:not([hidden]) input.compare").nth(1).check()
        page.locator("#tray-open").click()
        assert page.evaluate("window.hacked") is None
        assert page.locator("#side-table thead bdi").count() == 2
        assert watched.is_silent(), (watched.said[:3], set(watched.asked))


def test_the_text_shown_is_the_text_written(opened: Callable[..., Watched], sample: Sample) -> None:
    text = '<b>not bold</b> & "quoted" {{ brand }}'
    result = spoilt(sample.results[0], Harmless(0), 0)
    result = msgspec.structs.replace(result, profile=msgspec.structs.replace(result.profile, handle=text))
    page = opened(shortlist_page(Material([result], [], {result.verdict: 1}))).page
    assert page.locator("h3").first.text_content() == text


def test_only_whole_markup_of_ours_is_packed() -> None:
    markup = '<p class="a">1 &lt; 2 <b>&amp;amp;</b></p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'
    drawn = ["svg", {"viewBox": "0 0 1 1"}, ["path", {"d": "M0 0"}]]
    assert tree_of(markup) == [["p", {"class": "a"}, "1 < 2 ", ["b", {}, "&amp;"]], drawn]
    for broken in ("<p>", "</p>", "<p><b></p></b>"):
        with pytest.raises(ValueError, match="markup of ours"):
            tree_of(broken)


def test_what_breaks_or_turns_a_line_is_left_out() -> None:
    assert stranger("a\x00b\u202ec\ud800d\n e") == "abcd e"
    assert stranger("x" * 300, 10) == "x" * 9 + "…"
    assert stranger(None) == ""
