"""Whatever a record holds, the X-ray answers, in time."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bonafit.commercial.posts import judge_post
from bonafit.commercial.xray import flags_of, judge_posts, x_ray
from bonafit.explanations.flags import flag_note
from bonafit.records import Brief, Creator, Post
from bonafit.results import Commercial
from tests.record_strategies import CREATORS

PIECES = st.sampled_from([
    "#ad", "AD |", "@nivora", "#NivoraPartner", "Code NIVO10", "20 % Rabatt", "İ", "ß", "ﬁ", "\u202e", "👩‍👩‍👧", "क्षि",
    "ｗｅｒｂｕｎｇ", "www.nivora.com/?ref=a", "danke", "\n", "not", "sponsored by", "()", "@", "#", "광고", "広告",
])  # fmt: skip
BRIEF = Brief(
    brand="a", description="b", competitors=("Nivora", "Target|ニヴォラ", "On", "%&"), markets=("de", "us", "kr")
)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CREATORS, st.lists(st.lists(PIECES, max_size=12), max_size=4))
def test_any_creator_has_an_answer(creator: Creator, captions: list[list[str]]) -> None:
    posts = (*creator.posts, *(Post(caption=" ".join(pieces), title="".join(pieces[:2])) for pieces in captions))
    creator = msgspec.structs.replace(creator, posts=posts)
    found = x_ray(creator, BRIEF, judge_posts(creator), as_of=None)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Commercial) == found
    assert found.n_declared + found.n_hinted + found.n_likely == len(found.posts) <= found.n_read <= found.n_posts
    assert all(flag_note(flag).severity in ("look", "note") for flag in flags_of(found, 90))


@pytest.mark.parametrize(
    "text",
    ["#target " * 6_000, "@a" * 20_000, "new " * 12_000, "code " * 10_000, "a" * 50_000, "ad | " * 10_000, "न" * 40_000,
     "#" * 50_000, "www." * 12_000, "thanks @a " * 5_000, "not " * 12_000],
)  # fmt: skip
def test_long_texts_take_no_longer_than_they_are(text: str) -> None:
    began = time.process_time()
    judge_post(Post(caption=text[:50_000]))
    creator = Creator(creator_id="a", posts=(Post(caption=text[:50_000]),))
    x_ray(creator, BRIEF, judge_posts(creator), as_of=None)
    assert time.process_time() - began < 1.0
