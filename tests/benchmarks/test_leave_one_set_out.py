"""Leaving a niche-fit set out: nothing of it trains, and its rows carry differences with intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.leave_one_set_out import niche_fit as suite

from bonafit.records import Brief, Creator, Post
from bonafit_training.contracts import OURS, Context
from bonafit_training.data.niche_fit import Pairs
from bonafit_training.heads.niche_fit.examples import PreparedPairs, prepare_pairs
from tests.tiny import HashEncoder

WORDS = {
    "bread": "sourdough rye crust flour oven bakery baguette proofing",
    "surf": "wave board reef swell tide paddle wetsuit beach",
    "chess": "opening endgame gambit knight rook checkmate pawn blitz",
}


def made(seed: int, encoder: HashEncoder) -> PreparedPairs:
    """Three briefs and forty creators a brief whose posts use its words."""
    rng = np.random.default_rng(seed)
    creators, labels = [], []
    for niche, words in WORDS.items():
        for i in range(40):
            texts = [" ".join(rng.choice(words.split(), 4)) for _ in range(6)]
            creators.append(Creator(creator_id=f"{niche}{i}", posts=tuple(Post(caption=text) for text in texts)))
            labels.append(niche)
    positive = np.array([[label == niche for label in labels] for niche in WORDS])
    briefs = [Brief(brand=f"Acme {seed}", description=words) for words in WORDS.values()]
    return prepare_pairs(Pairs(f"set {seed}", briefs, creators, positive), encoder)


def test_few_real_creators_train_and_those_over_are_nobodys_negatives() -> None:
    pairs = made(0, HashEncoder())
    fewer = suite._fewer(pairs, np.random.default_rng(0))
    assert fewer.positive.sum(axis=1).tolist() == [suite.MOST_REAL] * 3
    assert fewer.positive.any(axis=0).all()
    kept = {creator.creator.creator_id for creator in fewer.creators}
    by_id = dict(zip([creator.creator.creator_id for creator in pairs.creators], pairs.positive.T, strict=True))
    for creator, real in zip(fewer.creators, fewer.positive.T, strict=True):
        assert np.array_equal(by_id[creator.creator.creator_id], real)
    assert len(kept) == fewer.positive.shape[1]


@pytest.mark.slow
def test_every_family_is_judged_by_what_never_saw_it(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = HashEncoder()
    told = [suite.Family(name, (made(seed, encoder),)) for seed, name in enumerate(("one", "two", "three"))]
    monkeypatch.setattr(suite, "families", lambda context: told)
    seen: list[set[str]] = []
    sample = suite.sample_examples

    def watched(pairs: PreparedPairs, *args: object, **settings: object) -> object:
        seen.append({brief.brief.brand for brief in pairs.briefs})
        return sample(pairs, *args, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(suite, "sample_examples", watched)
    context = Context(data=Path(), seed=0, encoder=encoder, config={"ebm": {"outer_bags": 1, "max_rounds": 40}})
    rows = {row.key: row for row in suite.left_out(context)}
    assert [*map(sorted, seen)] == [["Acme 1"], ["Acme 2"], ["Acme 0"], ["Acme 2"], ["Acme 0"], ["Acme 1"]]
    for name, pairs in (("one", "set 0"), ("two", "set 1"), ("three", "set 2")):
        place = f"{suite.SUITE}/niche_fit/{name}/{pairs}"
        assert rows[f"{place}/{OURS}/auc"].value > 0.9
        assert 0 <= rows[f"{place}/{OURS}/ece"].value <= 1
        low, ahead, high = (
            rows[f"{place}/random/auc_{metric}"].value for metric in ("ahead_low", "ahead", "ahead_high")
        )
        assert low <= ahead <= high
        assert ahead == pytest.approx(rows[f"{place}/{OURS}/auc"].value - rows[f"{place}/random/auc"].value)
