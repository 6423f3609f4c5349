"""What the safety head makes of posts, floors and topics; the model is of words alone, so that answers are known."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from bonafit.errors import BundleCorruptError
from bonafit.heads.safety.categories import NAMES
from bonafit.heads.safety.floors import Captions, FreeTopic
from bonafit.heads.safety.head import SafetyHead
from bonafit.heads.safety.post_model import LIMITS, MIXED, NEAR, OWN_LEVEL, STANCES, PostModel, likeliest, together
from bonafit.heads.safety.words import COLUMNS, WordColumns
from bonafit.prepared import Prepared, prepare, prepare_brief
from bonafit.records import Brief, Creator, Post, SafetyFloors
from bonafit.results import Component
from bonafit.text.units import Unit
from bonafit.text.words import stem
from tests.tiny import HashEncoder

ENCODER = HashEncoder()
START = datetime(2026, 10, 1, tzinfo=UTC)
WORDS = {"gambling": ["casino"], "alcohol": ["wine"], "hate": ["vermin"], "against": ["ruined"], "offer": ["code"]}
CALM = [
    f"Bread number {n} came out of the oven golden" for n in ("one", "two", "three", "four", "five", "six", "seven")
]


def model() -> PostModel:
    """A word of a category says that a text is about it and promotes it, a word against takes the promoting back."""
    width = ENCODER.width
    rows = width + len(COLUMNS) + 1
    about, stance, promotes = np.zeros((rows, len(NAMES))), np.zeros((rows, len(STANCES))), np.zeros((rows, len(NAMES)))
    for j, name in enumerate(NAMES):
        about[width + COLUMNS.index(name), j] = 8.0
    about[-1] = -4.0
    mix = np.zeros((len(NAMES), len(MIXED)))
    mix[:, MIXED.index("word")], mix[:, MIXED.index("against")], mix[:, -1] = 8.0, -9.0, -4.0
    stance[width + COLUMNS.index("against"), STANCES.index("condemns")] = 5.0
    return PostModel(WordColumns(WORDS), about, stance, promotes, mix, np.full(len(NAMES), np.inf))


def head(measured: tuple[str, ...] = ("en",)) -> SafetyHead:
    captions = Captions(np.zeros(ENCODER.width), np.eye(ENCODER.width) / ENCODER.width)
    return SafetyHead(model=model(), captions=captions, own=("en",), measured=measured)


def creator(*captions: str, bio: str | None = None, language: str = "en") -> Prepared:
    posts = tuple(
        Post(post_id=str(i), caption=caption, posted_at=START - timedelta(days=i))
        for i, caption in enumerate((*captions, *CALM))
    )
    made = Creator(creator_id="c", posts=posts, bio=bio, language=language)
    return prepare([made], ENCODER)[0]


def answer(made: Prepared, *, excluded: tuple[str, ...] = (), **floors: object) -> Component:
    brief = Brief(brand="B", description="bread", excluded_topics=excluded, safety=SafetyFloors(**floors))
    return head().score([made], prepare_brief(brief, ENCODER))[0]


def test_two_posts_that_promote_what_is_never_borne() -> None:
    found = answer(creator("My casino code for you", "The casino was fun tonight"), gambling="never")
    assert found.flags == ("never_book", "promotes:gambling")
    assert [(e.kind, e.text) for e in found.evidence] == [
        ("unsafe_post", "My casino code for you"),
        ("unsafe_post", "The casino was fun tonight"),
    ]
    assert found.value == pytest.approx(7 / 9)
    assert sum(reason.points for reason in found.reasons) == pytest.approx(7 / 9)
    figures = found.detail["categories"]["gambling"]
    assert (figures["posts"], figures["first"], figures["last"]) == (2, "2026-09-30", "2026-10-01")
    assert figures["severity"] == "high"
    assert figures["trend"] == pytest.approx(0.5)


def test_one_post_asks_for_a_look() -> None:
    assert answer(creator("The casino was fun tonight"), gambling="never").flags == ("promotes_once:gambling",)


def test_a_caption_twice_is_two_posts() -> None:
    made = creator("The casino was fun tonight", "The casino was fun tonight")
    assert answer(made, gambling="never").flags == ("never_book", "promotes:gambling")


def test_posts_against_it_are_related_and_raise_nothing() -> None:
    found = answer(creator("The casino ruined my uncle", "That casino ruined us"), gambling="never")
    assert found.flags == ()
    assert found.value == 1.0
    assert {e.kind for e in found.evidence} == {"related_post"}
    assert "condemns" in (found.evidence[0].source or "")


@pytest.mark.parametrize(("floor", "flags"), [(0.5, ()), (0.1, ("above_limit:alcohol",)), ("no matter", ())])
def test_a_share_is_borne_up_to_its_floor(floor: object, flags: tuple[str, ...]) -> None:
    assert answer(creator("wine tonight", "more wine today"), alcohol=floor).flags == flags


def test_a_gate_of_no_matter_lowers_nothing() -> None:
    assert answer(creator("wine tonight", "more wine today"), alcohol="no matter").value == 1.0


def test_an_excluded_topic_becomes_its_category_and_says_so() -> None:
    found = answer(creator("wine tonight", "more wine today"), excluded=("wine and the like",))
    assert found.flags[0] == "never_book"
    assert found.detail["excluded_topics"] == {"wine and the like": "category alcohol"}


@pytest.mark.parametrize(
    ("topic", "category"),
    [
        ("hate speech", "hate"), ("Hassrede", "hate"), ("juegos de azar", "gambling"), ("bad language", "profanity"),
        ("multi-level marketing", "scams"), ("mowa nienawiści", "hate"), ("азартные игры", "gambling"),
        ("陰謀論", "conspiracy"), ("المخدرات", "drugs"), ("शराब", "alcohol"), ("흡연", "tobacco"),
    ],
)  # fmt: skip
def test_a_category_is_known_by_its_names_in_many_languages(topic: str, category: str) -> None:
    assert answer(creator("tea today"), excluded=(topic,)).detail["excluded_topics"] == {topic: f"category {category}"}


@pytest.mark.parametrize("topic", ["energy drinks", "board games", "trophy hunting", "payday loans"])
def test_what_only_sounds_like_a_category_is_judged_by_meaning(topic: str) -> None:
    assert answer(creator("tea today"), excluded=(topic,)).detail["excluded_topics"][topic].endswith("by meaning")


def test_a_topic_that_overrules_a_stated_floor_says_so() -> None:
    found = answer(creator("wine tonight", "more wine today"), excluded=("wine",), alcohol=0.02)
    assert found.flags[0] == "never_book"
    assert found.detail["excluded_topics"] == {
        "wine": "category alcohol, never in place of the 2% that [safety] states"
    }


def test_a_topic_outside_the_categories_is_found_by_its_words() -> None:
    found = answer(creator("A trampoline jump", "Best trampoline code"), excluded=("trampoline",))
    assert found.detail["excluded_topics"] == {"trampoline": "no category, judged by meaning"}
    figures = found.detail["categories"]["trampoline"]
    assert figures["related_posts"] + figures["posts"] == 2


def test_the_bio_alone_asks_for_a_look() -> None:
    assert answer(creator(bio="casino every night"), gambling="never").flags == ("in_bio:gambling",)


def test_a_language_that_was_not_measured_abstains() -> None:
    posts = tuple(Post(caption=f"Сегодня казино и хлеб, день {n} прошёл спокойно") for n in ("один", "два", "три"))
    made = prepare([Creator(creator_id="c", posts=posts, language="ru")], ENCODER)[0]
    found = answer(made, gambling="never")
    assert found.status == "insufficient"
    assert found.flags == ("language_not_measured:ru", "languages_not_measured", "floors_not_judged")
    assert answer(made, excluded=("casino",)).flags[-1] == "floors_not_judged"
    assert answer(made).flags == ("language_not_measured:ru", "languages_not_measured")


def test_posts_without_texts_are_said() -> None:
    made = prepare([Creator(creator_id="c", posts=(Post(likes=3), Post(likes=4)))], ENCODER)[0]
    found = answer(made)
    assert (found.status, found.flags, found.detail["posts_without_text"]) == (
        "insufficient",
        ("no_texts_of_posts",),
        2,
    )
    assert answer(made, gambling="never").flags == ("no_texts_of_posts", "floors_not_judged")


def test_several_posts_that_are_likely_promote_together_and_a_loud_one_alone_does_not() -> None:
    maybe = model()
    maybe.mix[:, MIXED.index("word")] = 3.0
    made = head()
    made.model = dataclasses.replace(maybe, together=np.full(len(NAMES), -2.0))
    brief = prepare_brief(Brief(brand="B", description="bread", safety=SafetyFloors(gambling="never")), ENCODER)
    nights = [f"The casino on night {n} was fun" for n in ("one", "two", "three", "four", "five")]
    several, few = made.score([creator(*nights, bio="casino every night"), creator(*nights[:2])], brief)
    assert several.flags == ("never_book", "promotes:gambling")
    assert {e.text for e in several.evidence if e.kind == "unsafe_post"} == set(nights)
    assert several.detail["categories"]["gambling"]["posts"] == 5
    assert few.flags == ()
    # where the brief itself bars nothing, none of them being certain alone, a person is asked
    usual = prepare_brief(Brief(brand="B", description="bread"), ENCODER)
    (asked,) = made.score([creator(*(f"All vermin on day {night}" for night in nights))], usual)
    assert "promotes:hate" in asked.flags
    assert "never_book" not in asked.flags
    assert {e.kind for e in asked.evidence if "hate, promotes" in e.source} == {"doubtful_post"}


def test_what_posts_say_together() -> None:
    calm, likely = np.full(35, -7.0), np.full(5, -1.0)
    assert together(np.concatenate([calm, likely])) == pytest.approx(-1.0)
    assert together(np.concatenate([calm + 3, likely])) == pytest.approx(-1.0 - 2 * OWN_LEVEL)
    assert together(np.concatenate([np.full(39, -7.0), [9.0]])) == pytest.approx(LIMITS[0] + NEAR)
    assert together(np.zeros(4)) == -np.inf
    assert [likeliest(n) for n in (5, 40, 41, 200)] == [5, 5, 6, 25]


def test_a_bundle_without_a_bound_judges_posts_one_by_one() -> None:
    section, tables = head().to_bundle()
    again = SafetyHead.from_bundle(section, {name: table for name, table in tables.items() if name != "together"})
    assert again.model.together.tolist() == [np.inf] * len(NAMES)


def test_the_head_comes_back_from_its_tables() -> None:
    section, tables = head().to_bundle()
    again = SafetyHead.from_bundle(section, tables)
    brief = prepare_brief(Brief(brand="B", description="bread", excluded_topics=("casino",)), ENCODER)
    made = creator("My casino code for you", "The casino was fun tonight")
    assert msgspec.json.encode(again.score([made], brief)) == msgspec.json.encode(head().score([made], brief))
    with pytest.raises(BundleCorruptError, match="categories"):
        SafetyHead.from_bundle({**section, "categories": ["other"]}, tables)
    with pytest.raises(BundleCorruptError, match="shapes"):
        SafetyHead.from_bundle(section, {**tables, "mix": tables["mix"][:, :2]})


@pytest.mark.parametrize(("topic", "said"), [("the", False), ("and a", False), ("pork", True), ("the pork", True)])
def test_words_that_everybody_uses_are_no_topic(topic: str, said: bool) -> None:
    words = frozenset(topic.split())
    free = FreeTopic(name=topic, vector=np.zeros(2), words=words, mean=0.0, deviation=1.0, wanted=np.zeros((1, 2)))
    (found,) = free.is_said((Unit(kind="caption", text="the pork and a pan", raw=""),))
    assert bool(found) is said


def test_nearness_to_a_free_topic_alone_asks_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def about(_: FreeTopic, vectors: np.ndarray, units: tuple[Unit, ...]) -> tuple[np.ndarray, np.ndarray]:
        return np.array(["coffee" in unit.text for unit in units]), np.full(len(units), 0.7)

    monkeypatch.setattr(FreeTopic, "is_about", about)
    made = head()
    made.model.stance[-1, 0] = 9.0
    brief = prepare_brief(Brief(brand="B", description="bread", excluded_topics=("coffee capsules",)), ENCODER)
    near = creator("Cinnamon rolls and a good coffee", "A coffee in the sun")
    spelt = creator("New coffee capsules are here", "My coffee with capsules, every day")
    assert made.score([near], brief)[0].flags == ("promotes:excluded_topic",)
    assert made.score([spelt], brief)[0].flags == ("never_book", "promotes:excluded_topic")


def test_what_is_nearer_to_the_wanted_subject_is_shown_apart() -> None:
    wanted, vector = np.array([[1.0, 0.0, 0.0]]), np.array([0.6, 0.8, 0.0])
    topic = FreeTopic("coffee capsules", vector, frozenset(map(stem, ("coffee", "capsules"))), 0.0, 0.05, wanted)
    assert topic.is_close
    assert not FreeTopic("pork", np.array([0.1, 0.0, 0.99]), frozenset(), 0.0, 0.05, wanted).is_close
    texts = ("Beans from a small roaster", "A machine that takes pods", "Coffee in capsules, still")
    units = tuple(Unit(kind="caption", text=text, raw=text) for text in texts)
    vectors = np.array([[0.9, 0.4359, 0.0], [0.5, 0.866, 0.0], [0.95, 0.3122, 0.0]])
    assert topic.is_about(vectors, units)[0].tolist() == [True, True, True]
    assert topic.is_nearest(vectors, units).tolist() == [False, True, True]
