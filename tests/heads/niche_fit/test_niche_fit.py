"""The niche head: additive, monotone, order-independent, with evidence; abstains rather than guesses."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from benchmarks.measures.stuffing import ATTACKS, rank_gain

from bonafit.encoders.encoder import Encoder
from bonafit.errors import BundleIncompatibleError, ShapeError
from bonafit.heads.niche_fit.head import Calibrations, NicheFitHead
from bonafit.heads.niche_fit.pair import COLUMNS, pair_features
from bonafit.heads.niche_fit.reference import Reference
from bonafit.heads.niche_fit.view import BriefView
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator, Post
from bonafit.tables.additive import AdditiveModel
from bonafit.tables.arrays import Vectors
from bonafit.text.units import Unit
from bonafit.text.words import words_of
from bonafit_training.data.niche_fit import Pairs, mask_names
from bonafit_training.heads.niche_fit.baselines import bm25
from bonafit_training.heads.niche_fit.evaluate import Judged, calibrations, cross_validate, even_weights
from bonafit_training.heads.niche_fit.examples import (
    Examples,
    prepare,
    prepare_brief,
    prepare_pairs,
    sample_examples,
    without_posts,
)
from bonafit_training.heads.niche_fit.model import fit_travelling

DAY = datetime(2026, 1, 1, tzinfo=UTC)
TOPICS = {
    "baking": "sourdough bread oven flour baking butter pastry dough crust kneading loaf cake",
    "running": "marathon running trail shoes pace sprint training race kilometres coach stride finish",
    "makeup": "lipstick mascara makeup palette blush eyeliner foundation glow skincare serum brows contour",
    "gaming": "controller console gaming stream quest keyboard pixel boss level arcade multiplayer joystick",
}


class WordEncoder(Encoder):
    """A tiny encoder: the mean of pseudo-random vectors of a text's words, of which those of a topic lie together."""

    name = "words"
    digest = "0" * 64
    width = 24

    def __init__(self) -> None:
        self._topic = {word: topic for topic, words in TOPICS.items() for word in words.split()}

    def _vector(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "little")
        own = np.random.default_rng(seed).normal(size=self.width)
        if word in self._topic:
            own = own + 3 * self._vector(f"topic {self._topic[word]}")
        return np.asarray(own, dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        out = np.zeros((len(texts), self.width), dtype=np.float32)
        for i, text in enumerate(texts):
            total = np.sum([self._vector(word) for word in (*words_of(text), "text")], axis=0)
            out[i] = total / np.linalg.norm(total)
        return out


def creator(seed: int, topic: str, *, n_posts: int = 12, purity: float = 0.7) -> Creator:
    rng = np.random.default_rng(seed)
    filler = ["today", "with", "friends", "some", "new", "things", "from", "the", "weekend", "and", "happy"]

    def line() -> str:
        words = TOPICS[topic].split() if rng.random() < purity else TOPICS[str(rng.choice(list(TOPICS)))].split()
        return " ".join(rng.choice(words + filler, size=8))

    posts = tuple(
        Post(post_id=f"p{i}", caption=line(), posted_at=DAY - timedelta(days=int(3 * i))) for i in range(n_posts)
    )
    return Creator(creator_id=f"c{seed}", bio=line(), posts=posts, followers=1_000)


def brief(topic: str, *, seed: int = 0, **fields: object) -> Brief:
    words = np.random.default_rng(seed).permutation(TOPICS[topic].split())[:6]
    return Brief(brand="Acmebrand", description=" ".join(words), **fields)  # type: ignore[arg-type]


ENCODER = WordEncoder()


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    topics = list(TOPICS)
    creators = [creator(i, topics[i % 4], purity=0.3 + 0.5 * (i % 3) / 2) for i in range(80)]
    briefs = [brief(topics[b % 4], seed=b) for b in range(16)]
    positive = np.zeros((len(briefs), len(creators)), dtype=bool)
    for b in range(len(briefs)):
        for k in range(5):
            positive[b, (b % 4 + 4 * (b + 3 * k)) % 80] = True
    made_by = {(int(b), int(c)): frozenset({0}) for b, c in np.argwhere(positive)}
    return Pairs("invented", briefs, creators, positive, made_by)


@pytest.fixture(scope="module")
def trained(pairs: Pairs) -> tuple[NicheFitHead, Examples, Judged]:
    prepared = prepare_pairs(pairs, ENCODER)
    reference = Reference.fit(prepared.creators)
    parts = (prepared, without_posts(prepared, "bios"))
    examples = Examples.join([sample_examples(part, reference, negatives=6, seed=0) for part in parts])
    judged = Judged(prepared, np.arange(len(pairs.briefs)), 0, "cv5")
    held_out = cross_validate(examples, [judged], reference, seed=0)
    by_posts, by_bios = calibrations(examples, held_out, [judged])
    head = NicheFitHead(
        fit_travelling(examples),
        Calibrations(by_posts, by_bios),
        reference,
        prior=0.5,
        languages=("en",),
    )
    return head, examples, judged


@pytest.fixture(scope="module")
def head(trained: tuple[NicheFitHead, Examples, Judged]) -> NicheFitHead:
    return trained[0]


def scored(head: NicheFitHead, creators: Sequence[Creator], wanted: Brief) -> list[bytes]:
    return [msgspec.json.encode(c) for c in head.score(prepare(creators, ENCODER), prepare_brief(wanted, ENCODER))]


def test_creators_of_the_niche_score_above_others(head: NicheFitHead) -> None:
    creators = [creator(100 + i, topic, purity=0.9) for i, topic in enumerate([*TOPICS] * 3)]
    answers = head.score(prepare(creators, ENCODER), prepare_brief(brief("running"), ENCODER))
    values = np.array([answer.value for answer in answers], dtype=float)
    on = np.array([topic == "running" for topic in [*TOPICS] * 3])
    assert values[on].min() > values[~on].max()


def test_reasons_sum_and_bytes_do_not_depend_on_neighbours(head: NicheFitHead) -> None:
    creators = [creator(200 + i, topic) for i, topic in enumerate([*TOPICS] * 2)]
    wanted = brief("makeup")
    for answer in head.score(prepare(creators, ENCODER), prepare_brief(wanted, ENCODER)):
        assert answer.value is not None
        assert answer.interval is not None
        assert 0 <= answer.interval[0] <= answer.value <= answer.interval[1] <= 1
        assert sum(r.points for r in answer.reasons) == pytest.approx(answer.value, abs=1e-9)
        assert sum(r.effect for r in answer.reasons) == pytest.approx(answer.detail["log_odds"], abs=1e-9)
    together = scored(head, creators, wanted)
    assert scored(head, creators[::-1], wanted)[::-1] == together
    assert [scored(head, [one], wanted)[0] for one in creators] == together


def test_same_after_save_and_load(head: NicheFitHead) -> None:
    section, tables = head.to_bundle()
    again = NicheFitHead.from_bundle(msgspec.json.decode(msgspec.json.encode(section)), tables)
    creators = [creator(300 + i, topic) for i, topic in enumerate(TOPICS)]
    assert scored(again, creators, brief("gaming")) == scored(head, creators, brief("gaming"))


def test_other_columns_are_refused(head: NicheFitHead) -> None:
    section, tables = head.to_bundle()
    section["columns"] = section["columns"][1:]
    with pytest.raises(BundleIncompatibleError, match="retrain"):
        NicheFitHead.from_bundle(section, tables)


def test_model_never_falls_with_a_similarity(head: NicheFitHead) -> None:
    rng = np.random.default_rng(0)
    for j, column in enumerate(COLUMNS):
        if column.direction:
            rows = np.tile(rng.normal(size=len(COLUMNS)), (60, 1))
            rows[:, j] = np.linspace(-4, 6, 60)
            assert np.all(np.diff(head.model.predict(rows)) * column.direction >= -1e-12), column.name


def test_evidence_names_posts_with_dates_facets_and_excluded_topics(head: NicheFitHead) -> None:
    wanted = brief("baking", keywords=("joystick arcade",), excluded_topics=("marathon",))
    posts = tuple(
        Post(post_id=f"p{i}", caption=text, posted_at=DAY - timedelta(days=i))
        for i, text in enumerate(
            [
                "sourdough bread flour oven",
                "kneading dough for a loaf",
                "my marathon was fun",
                "butter cake pastry crust",
            ]
        )
    )
    one = Creator(creator_id="a", bio="baking bread and cake", posts=posts)
    answer = head.score(prepare([one], ENCODER), prepare_brief(wanted, ENCODER))[0]
    units = [e for e in answer.evidence if e.kind == "unit"]
    assert units
    assert len(units) <= 5
    assert [e.weight for e in units] == sorted((e.weight for e in units), reverse=True)
    assert any(e.at == DAY.isoformat() and e.source == "caption of p0" for e in units)
    assert [e.text for e in answer.evidence if e.kind == "facet_missing"] == ["joystick arcade"]
    topics = [e for e in answer.evidence if e.kind == "excluded_topic"]
    assert [(e.text, e.source) for e in topics] == [("my marathon was fun", "marathon: caption of p2")]
    assert "excluded_topic_found" in answer.flags


@pytest.mark.parametrize(
    ("one", "flag"),
    [
        (Creator(creator_id="nothing"), "too_little_text"),
        (Creator(creator_id="emoji", bio="😍😍", posts=(Post(caption="@a"),)), "too_little_text"),
        (
            Creator(creator_id="es", bio="las mejores recetas de mi cocina para la vida y el amor"),
            "language_outside_encoder:es",
        ),
        (
            Creator(creator_id="ru", posts=(Post(caption="мои рецепты и путешествия по миру"),)),
            "language_outside_encoder:ru",
        ),
    ],
)
def test_abstains_with_the_reason(head: NicheFitHead, one: Creator, flag: str) -> None:
    answer = head.score(prepare([one], ENCODER), prepare_brief(brief("baking"), ENCODER))[0]
    assert (answer.status, answer.value, answer.interval) == ("insufficient", None, None)
    assert flag in answer.flags
    assert not [one.kind for one in answer.evidence if one.kind == "facet_missing"]
    if flag.startswith("language"):
        assert not [one.kind for one in answer.evidence if one.kind == "unit"]


def test_fewer_posts_mean_less_sufficiency(head: NicheFitHead) -> None:
    many, few = creator(1, "baking", n_posts=30), creator(1, "baking", n_posts=2)
    a, b = head.score(prepare([many, few], ENCODER), prepare_brief(brief("baking"), ENCODER))
    assert a.sufficiency > b.sufficiency


def test_texts_that_name_the_brand_or_repeat_the_brief_do_not_count() -> None:
    wanted = brief("baking")
    one = creator(5, "running")
    praise = Creator(
        creator_id=one.creator_id,
        bio=wanted.description,
        posts=(*one.posts, Post(caption=f"I love #AcmeBrand {TOPICS['baking']}", posted_at=DAY)),
    )
    prepared = prepare([one, praise], ENCODER)
    view = BriefView(prepare_brief(wanted, ENCODER), Reference.fit(prepared))
    plain, praised = (pair_features(p, view) for p in prepared)
    # the post names the brand in the brief's own words: written to it, told as such
    assert (praised.named, praised.copied, praised.has_bio) == (0, 2, False)
    names = [column.name for column in COLUMNS]
    shared = [j for j, name in enumerate(names) if not name.startswith("bio")]
    np.testing.assert_array_equal(plain.row[shared], praised.row[shared])
    assert praised.row[names.index("bio_fit")] == 0.0


@pytest.mark.parametrize(
    "text", ["acme brandは最低", "私はAcmeBrandを買う", "acmebrand가 좋다", "acmebrand就是贵", "#AcmeBrand!"]
)
def test_a_brand_is_named_where_scripts_set_no_spaces(text: str) -> None:
    view = BriefView(prepare_brief(brief("baking"), ENCODER), Reference.fit(prepare([creator(5, "running")], ENCODER)))
    _, named = view.find([Unit(kind="caption", text=said, raw=said) for said in (text, "acmebrandish things")])
    assert named.tolist() == [True, False]


def test_features_agree_with_a_slow_reference() -> None:
    people = prepare([creator(i, topic, n_posts=6) for i, topic in enumerate(TOPICS)], ENCODER)
    reference = Reference.fit(people)
    wanted = prepare_brief(brief("makeup"), ENCODER)
    row = pair_features(people[2], BriefView(wanted, reference)).row
    posts = [v.astype(float) for u, v in zip(people[2].units, people[2].vectors, strict=True) if u.kind != "bio"]
    query = wanted.vectors.astype(float).mean(axis=0)
    query /= np.linalg.norm(query)
    mean, sd = reference.posts.of(query)
    z = sorted(((float(v @ query) - mean) / sd for v in posts), reverse=True)
    centre = np.mean(posts, axis=0)
    centre /= np.linalg.norm(centre)
    centre_mean, centre_sd = reference.centres.of(query)
    expected = {
        "post_fit": len(posts) / (len(posts) + 3) * (float(centre @ query) - centre_mean) / centre_sd,
        "best_posts": sum(z[: math.ceil(0.3 * len(z))]) / (math.ceil(0.3 * len(z)) + 1),
        "share_on_niche": sum(value >= 1.5 for value in z) / (len(posts) + 3),
    }
    for name, value in expected.items():
        assert row[[c.name for c in COLUMNS].index(name)] == pytest.approx(value, abs=1e-4), name


def test_wrong_widths_are_named(head: NicheFitHead) -> None:
    wanted = PreparedBrief(brief("baking"), (Unit("sentence", "a", "a"),), np.zeros((1, 5), dtype=np.float32))
    with pytest.raises(ShapeError, match=r"expected \(1, 24\)"):
        BriefView(wanted, head.reference)
    view = BriefView(prepare_brief(brief("baking"), ENCODER), head.reference)
    one = Prepared(Creator(creator_id="a"), (Unit("bio", "a", "a"),), np.zeros((2, 24), dtype=np.float32))
    with pytest.raises(ShapeError, match=r"expected \(1, 24\)"):
        pair_features(one, view)


def test_training_rows_leave_out_what_made_the_pair(
    pairs: Pairs, trained: tuple[NicheFitHead, Examples, Judged]
) -> None:
    _, examples, judged = trained
    assert set(np.unique(examples.y)) == {0, 1}
    for group in np.unique(examples.group):
        mine = examples.group == group
        assert examples.weight[mine & (examples.y == 1)].sum() == pytest.approx(
            examples.weight[mine & (examples.y == 0)].sum()
        )
    b, c = np.argwhere(pairs.positive)[0]
    keep = judged.pairs.keep(int(b), int(c))
    assert keep is not None
    assert [u.post for u, k in zip(judged.pairs.creators[c].units, keep, strict=True) if not k] == [0]


def test_names_are_masked_in_stretches_of_words() -> None:
    assert mask_names("we love Philz Coffee and bread", frozenset({"philzcoffee"})) == "we love and bread"


def test_bm25_prefers_rare_words() -> None:
    scores = bm25(["bread bread cake", "bread tea", "sourdough"], "sourdough bread")
    assert scores[2] > scores[0] > 0


def test_even_weights_balance_each_brief() -> None:
    positive = np.array([[True, False, False], [True, True, False]])
    weights = even_weights(positive)
    assert (weights * positive).sum(axis=1) == pytest.approx((weights * ~positive).sum(axis=1))


def test_additive_model_is_what_is_published(head: NicheFitHead) -> None:
    assert isinstance(head.model, AdditiveModel)
    assert {len(term.features) for term in head.model.terms} == {1}


def test_stuffing_gains_little(head: NicheFitHead) -> None:
    creators = [creator(400 + i, topic, n_posts=8) for i, topic in enumerate([*TOPICS] * 15)]
    briefs = [brief("makeup", seed=1), brief("running", seed=2)]
    gains = rank_gain(head, ENCODER, creators, briefs, victims=6, seed=0)["bonafit"]
    assert gains.keys() == ATTACKS.keys()
    for attack, values in gains.items():
        assert float(np.median(values)) <= 0.05, attack


def test_sentences_about_the_company_are_no_part_of_what_is_wanted() -> None:
    from dataclasses import replace

    people = prepare([creator(i, "running") for i in range(6)], ENCODER)
    plain = Reference.fit(people)
    wanted = prepare_brief(
        Brief(brand="Velt", description="Trail running shoes. Founded long ago by friends."), ENCODER
    )
    assert BriefView(wanted, plain).wanted == (0, 1)
    about = np.append(wanted.vectors[0] - wanted.vectors[1], 0.0).astype(np.float64)
    assert BriefView(wanted, replace(plain, about=about)).wanted == (0,)
    # where nothing would be left, all of it is kept
    none = np.append(-wanted.vectors.sum(axis=0), -9.0).astype(np.float64)
    assert BriefView(wanted, replace(plain, about=none)).wanted == (0, 1)
    read = Reference.from_tables(replace(plain, about=about).to_tables())
    assert read.about is not None
    np.testing.assert_array_equal(read.about, about)


def test_a_post_in_the_words_of_a_sentence_of_the_brief_is_told_even_with_the_brands_name() -> None:
    people = prepare([creator(i, "running") for i in range(6)], ENCODER)
    wanted = prepare_brief(Brief(brand="Velt", description="Light trail running shoes for muddy mornings."), ENCODER)
    view = BriefView(wanted, Reference.fit(people))
    assert view.repeats_sentence("velt light trail running shoes for muddy mornings")
    assert not view.repeats_sentence("my trail running this morning was muddy")
    assert not view.repeats_sentence("muddy mornings, running shoes, light trail: what is it all for")
