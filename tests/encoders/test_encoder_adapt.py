"""Contrastive adaptation: which texts are drawn together, what a step changes, when the result is kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.bundle.manifest import encoder_folder, read_bundle
from bonafit.encoders import read_card
from bonafit.records import Creator, Post
from bonafit_training.contracts import Context, Row
from bonafit_training.data.niche_fit import Pairs
from bonafit_training.encoders.adapt import Adaptation, adapt, creator_pairs, title_pairs
from bonafit_training.encoders.export import publish_encoder
from bonafit_training.encoders.source import minilm_directory
from bonafit_training.heads.niche_fit.adaptation import AFTER, BEFORE, wins
from bonafit_training.pipeline import train as pipeline
from tests.rehearsal import quick_config, quick_fits

pytestmark = pytest.mark.slow

CREATORS = [
    Creator(
        creator_id=f"c{i}",
        bio=f"all the best about {topic} here",
        posts=tuple(Post(caption=f"my {topic} day number {word} again") for word in ("one", "two", "three")),
    )
    for i, topic in enumerate(("bread", "running", "lipstick"))
]


def test_pairs_are_of_one_creator_and_leave_out_posts_that_made_a_pair() -> None:
    positive = np.zeros((1, len(CREATORS)), dtype=bool)
    pairs = Pairs("invented", [], CREATORS, positive, {(0, 0): frozenset({1}), (3, 0): frozenset({2})})
    for seed in range(20):
        found = creator_pairs(pairs, seed=seed)
        # The first creator has one usable post left: too few for a pair of captions.
        assert [a.split()[1] for a, _ in found["captions"]] == ["running", "lipstick"]
        assert all(a != b and a.split()[1] == b.split()[1] for a, b in found["captions"])
        assert found["bio"][0] == ("all the best about bread here", "my bread day number one again")


def test_titles_go_with_their_tags() -> None:
    video = Post(title="how to bake real bread", tags=("bread baking", "sourdough", "flour"))
    channels = [Creator(creator_id="a", posts=(video,)), Creator(creator_id="b", posts=(Post(title="no tags at all"),))]
    assert title_pairs(channels, seed=0) == [("how to bake real bread", "bread baking, sourdough, flour")]


def _rows(name: str, auc: float, map_: float, *, method: str = "bonafit") -> list[Row]:
    def row(metric: str, value: float) -> Row:
        return Row(
            suite="encoder_adaptation", dataset="d", split="cv5", slice=name, method=method, metric=metric,
            value=value, n=9, baseline=method != "bonafit",
        )  # fmt: skip

    return [row("auc", auc), row("map", map_)]


def test_it_is_kept_only_where_both_figures_of_the_learned_head_rise() -> None:
    before = [*_rows(BEFORE, 0.8, 0.1), *_rows(BEFORE, 0.7, 0.05, method="cosine")]
    assert wins([*before, *_rows(AFTER, 0.81, 0.11)])
    assert not wins([*before, *_rows(AFTER, 0.81, 0.1)])
    assert not wins([*before, *_rows(AFTER, 0.79, 0.2)])
    assert not wins([*before, *_rows(AFTER, 0.8, 0.1), *_rows(AFTER, 0.9, 0.9, method="cosine")])


def test_a_few_steps_draw_the_pairs_together(tmp_path: Path) -> None:
    for package in ("accelerate", "datasets"):
        pytest.importorskip(package, reason="sentence-transformers' trainer needs it; it is part of bonafit[train]")
    from sentence_transformers import SentenceTransformer

    pairs = [
        (f"{word} every day", f"#{word[::-1]} and nothing else") for word in ("bread", "marathon", "lipstick", "piano")
    ]
    settings = Adaptation(steps=6, batch=4, learning_rate=5e-4, frozen_layers=5)
    folder = adapt(pairs * 6, tmp_path / "out", settings, seed=1)

    def margin(source: Path) -> float:
        model = SentenceTransformer(str(source), device="cpu")
        a, b = (model.encode(list(side), normalize_embeddings=True) for side in zip(*pairs, strict=True))
        cosines = a @ b.T
        return float(np.diag(cosines).mean() - cosines.mean())

    assert margin(folder) > margin(minilm_directory()) + 0.05
    assert SentenceTransformer(str(folder), device="cpu").max_seq_length == 256


@pytest.mark.parametrize("won", [True, False])
def test_the_pipeline_keeps_the_encoder_that_won_and_shows_why(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch, won: bool
) -> None:
    models = tmp_path / "models" / "encoders"
    models.mkdir(parents=True)
    (base,) = (repository / "models" / "encoders").glob("all-MiniLM-L6-v2-*")
    (models / base.name).symlink_to(base)
    files = {file.name: file.read_bytes() for file in base.iterdir() if file.name != "encoder.json"}
    rows = [*_rows(BEFORE, 0.8, 0.1), *_rows(AFTER, 0.9, 0.2)]

    def choose(
        context: Context, settings: Adaptation, out: Path, *, cache: Path | None, precision: str
    ) -> tuple[Path | None, list[Row]]:
        assert settings.steps == 9
        card = msgspec.structs.replace(read_card(base), name=f"{context.encoder.name}-adapted")
        adapted = publish_encoder(card, files, out)
        return (adapted if won else None), rows

    monkeypatch.setattr(pipeline, "choose_encoder", choose)
    monkeypatch.setattr(pipeline, "FITS", quick_fits())
    config = msgspec.structs.replace(quick_config(tmp_path, "b"), adapt=Adaptation(steps=9))
    bundle = read_bundle(pipeline.train(config, log=lambda line: None)[0])
    assert ("adapted" in bundle.manifest.encoder.folder) == won
    assert encoder_folder(bundle) == models / bundle.manifest.encoder.folder
    shown = [row["slice"] for row in bundle.manifest.metrics if row["suite"] == "encoder_adaptation"]
    assert shown == [row.slice for row in rows]
