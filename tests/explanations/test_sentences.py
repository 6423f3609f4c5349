"""A reading test: every sentence of the catalogue, and those of the sample creators, can be read once by a client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonafit import Creator, CreatorScore, Scorer
from bonafit.bundle.resolve import newest_bundle
from bonafit.explanations.explain import Explanation, explain
from bonafit.explanations.figures import beside, moves, number, percentile, share, times
from bonafit.explanations.flags import FLAGS
from bonafit.explanations.sentences import SENTENCES, say
from bonafit.io.brief import read_brief
from bonafit.io.read import read_creators

LONGEST = 20
FORBIDDEN = (
    "log-odds", "log odds", "logit", "deviation", "quotient", "ratio", "display cell", "fraud", "fake", "cheat",
    "standard error", "percentile", "quantile", "median", "calibrat", "feature", "vector", "cosine", "embedding",
    "encoder", "predictor", "coefficient", "intercept", "baseline", "prior", "posterior", "variance", "effect",
    "z-score", "lift", "harmonic", "regression", "null", "none", "nan", "insufficient", "sufficiency",
    "component", "_",
)  # fmt: skip
# As long as the longest figure or word that a place is filled with; what a signal does takes four words.
PLACES = {
    "moves": "raises authenticity a lot",
    "missing": "Enough posts to see how much they differ are missing",
    "about": "Portuguese",
    "reactions": "likes and comments",
    "counts": "",
}
PLACES["counts"] = "12,345 followers, 1,234 accounts followed and 1,234 posts"


class Filled(dict[str, str]):
    def __missing__(self, place: str) -> str:
        return "12,345"


def catalogue() -> Iterator[tuple[str, str]]:
    """Every sentence with its places filled, by where it stands."""
    for head, sentences in SENTENCES.items():
        yield from ((f"{head}.{what}", text.format_map(Filled(PLACES))) for what, text in sentences.items())
    for flag in FLAGS:
        yield from ((f"flag {flag.name}", text.format_map(Filled(PLACES))) for text in (flag.sentence, flag.do))


def faults(sentence: str) -> list[str]:
    """What keeps a client from reading a sentence once."""
    found = [word for word in FORBIDDEN if re.search(rf"\b{re.escape(word)}", sentence.lower())]
    found += [f"{n} words"] if (n := len(sentence.split())) > LONGEST else []
    found += (
        ["no whole sentence"] if not (sentence[0].isupper() or sentence[0].isdigit()) or sentence[-1] != "." else []
    )
    found += ["a place left open"] if "{" in sentence or "}" in sentence else []
    return found


@pytest.fixture(scope="module")
def results(repository: Path) -> list[CreatorScore]:
    """The first creators of the sample, with those among the rest whose records lack most."""
    path = repository / "examples" / "creators.jsonl"
    creators = [creator for _, creator in read_creators(path, on_reject=lambda reject: pytest.fail(str(reject)))]
    chosen = [*creators[:24], *(c for c in creators[24:] if not c.posts or not c.comments)][:36]
    with Scorer.load(newest_bundle(repository / "models"), cache=None) as scorer:
        return scorer.score(chosen, read_brief(repository / "examples" / "brief.toml"))


@pytest.fixture(scope="module")
def explanations(results: list[CreatorScore]) -> list[Explanation]:
    return list(map(explain, results))


def said(explanation: Explanation) -> Iterator[str]:
    """Every sentence of an explanation that is ours."""
    yield explanation.verdict_sentence
    if explanation.verdict != "never":
        # each reason is one sentence or two; a figure's point is followed by no space
        yield from (f"{part.removesuffix('.')}." for reason in explanation.why for part in reason.split(". "))
    for head in explanation.heads:
        yield head.sentence
        yield from (signal.sentence for signal in head.signals)
        yield from head.not_looked_at
    for note in (*explanation.to_look_at, *explanation.notes):
        yield from (note.sentence, note.do)


def test_every_sentence_of_the_catalogue_can_be_read_once() -> None:
    told = list(catalogue())
    assert {f"{where}: {sentence}": found for where, sentence in told if (found := faults(sentence))} == {}
    assert len(told) > 150


def test_a_sentence_that_a_client_would_stumble_over_is_found() -> None:
    assert faults("Its log-odds are 3.") == ["log-odds"]
    assert faults("this is fine.") == ["no whole sentence"]
    assert faults("Word " * 20 + "too many.") == ["22 words"]
    assert faults("It stands 1.4 deviations above.") == ["deviation"]


@pytest.mark.slow
def test_every_sentence_said_of_the_sample_can_be_read_once(explanations: list[Explanation]) -> None:
    sentences = {sentence for explanation in explanations for sentence in said(explanation)}
    assert {sentence: found for sentence in sentences if (found := faults(sentence))} == {}
    assert len(sentences) > 150


@pytest.mark.slow
def test_signals_are_few_and_sum_to_the_value_with_every_term_under_one(
    results: list[CreatorScore], explanations: list[Explanation]
) -> None:
    for result, explanation in zip(results, explanations, strict=True):
        for part, head in zip(result.components, explanation.heads, strict=True):
            assert len(head.signals) <= 8
            assert len({signal.name for signal in head.signals}) == len(head.signals)
            terms = [term for signal in head.signals for term in signal.terms]
            assert sorted(map(repr, terms)) == sorted(map(repr, part.reasons))
            if part.value is not None:
                assert sum(signal.points for signal in head.signals) == pytest.approx(part.value, abs=1e-12)
            for signal in head.signals:
                assert signal.points == pytest.approx(sum(term.points for term in signal.terms), abs=1e-12)
                assert signal.name != "other"


@pytest.mark.slow
def test_nothing_that_was_not_seen_is_among_the_reasons(
    results: list[CreatorScore], explanations: list[Explanation]
) -> None:
    unseen = 0
    for explanation in explanations:
        for head in explanation.heads:
            assert all(term.seen is not None for signal in head.reasons for term in signal.terms)
            unseen += any(signal.name == "not_shown" for signal in head.signals)
    assert unseen > 10
    bare = explain(
        next(r for r in results if r.authenticity.value is not None and "audience" not in r.authenticity.detail)
    )
    assert "A sample of followers is missing." in bare.heads[1].not_looked_at


@pytest.mark.slow
def test_points_of_all_signals_at_what_their_heads_count_for_give_the_score(
    results: list[CreatorScore], explanations: list[Explanation]
) -> None:
    judged = [pair for pair in zip(results, explanations, strict=True) if pair[0].score is not None]
    assert len(judged) > 10
    for result, explanation in judged:
        weight_left = sum(part.weight - part.effective_weight for part in result.contributions)
        total = weight_left + sum(signal.share_of_score for head in explanation.heads for signal in head.signals)
        assert total == pytest.approx(result.score, abs=1e-12)
        shares = [abs(signal.share_of_score) for _, signal in explanation.reasons(5)]
        assert shares == sorted(shares, reverse=True)


def test_an_unknown_creator_is_told_without_reasons(repository: Path) -> None:
    with Scorer.load(newest_bundle(repository / "models"), cache=None, deferred=True) as scorer:
        result = scorer.score([Creator(creator_id="nobody")], read_brief(repository / "examples" / "brief.toml"))[0]
    explanation = explain(result)
    assert explanation.title == "nobody"
    assert explanation.reasons() == ()
    assert explanation.heads[0].sentence == "There is no answer about fit."
    assert "Posts are missing." in explanation.heads[0].not_looked_at


def test_figures_are_one_word_each() -> None:
    assert [share(x) for x in (0, 0.41, 0.018, 0.0004, 1)] == ["0%", "41%", "1.8%", "0.04%", "100%"]
    assert [percentile(x) for x in (0.0, 0.5, 0.9999)] == ["1%", "50%", "99%"]
    assert [number(x) for x in (0.004, 0.5, 3.84, 274.4, 12_345)] == ["0.004", "0.50", "3.8", "274", "12,345"]
    assert [times(x) for x in (0.0, 0.02, -3.0, 2.0)] == ["1.00", "1.02", "0.050", "7.4"]


def test_what_a_signal_does_is_said_by_its_size_and_direction() -> None:
    assert moves(0.004, "fit") == "hardly changes fit"
    assert moves(-0.02, "fit") == "lowers fit a little"
    assert moves(0.05, "fit") == "raises fit"
    assert moves(-0.3, "fit") == "lowers fit a lot"


def test_a_place_that_is_not_given_is_refused() -> None:
    with pytest.raises(KeyError, match="moves"):
        say("niche_fit", "words", share="3%")


def test_a_value_just_under_its_mark_does_not_look_like_it() -> None:
    assert beside(0.42, 0.5) == ("0.42", "0.50")
    assert beside(0.1997, 0.2) == ("0.1997", "0.2000")
    assert beside(0.5, 0.5) == ("0.50", "0.50")
