"""Planted partnership histories: every date found, loads and costs as planted, labels by market, competitors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from bonafit.commercial.cost import ad_cost
from bonafit.commercial.disclosure import disclosure, markets
from bonafit.commercial.documented import documented
from bonafit.commercial.labels import find_labels
from bonafit.commercial.reading import read_post
from bonafit.commercial.xray import flags_of, judge_posts, x_ray
from bonafit.records import Brief, Creator, Post
from bonafit.results import Commercial

NOW = datetime(2026, 10, 1, tzinfo=UTC)
PLAIN = (
    "a slow morning by the river",
    "three things I learned this week",
    "bread, day four",
    "rain again and I like it",
)
BRIEF = Brief(brand="Aubelle", description="Gentle skincare.")


def creator_of(captions: list[str], **changes: object) -> Creator:
    posts = [
        Post(post_id=f"p{i}", caption=caption, posted_at=NOW - timedelta(days=3 * i), likes=200 + i % 7, comments=9)
        for i, caption in enumerate(captions)
    ]
    return Creator(creator_id="a", platform="instagram", posts=tuple(posts), **changes)  # type: ignore[arg-type]


def looked_at(creator: Creator, brief: Brief = BRIEF) -> Commercial:
    return x_ray(creator, brief, judge_posts(creator), as_of=NOW)


def planted(places: dict[int, str], n: int = 40) -> list[str]:
    return [places.get(i, PLAIN[i % len(PLAIN)]) for i in range(n)]


def test_a_partnership_history_with_its_dates() -> None:
    places = {
        2: "#ad serum by @nivora_de",
        9: "code ANNA10 for @nivora",
        20: "new mask #VellunePartner",
        31: "AD | @nivora",
    }
    found = looked_at(creator_of(planted(places)))
    assert {p.brand: p.posts for p in found.partners} == {"nivora": (2, 9, 31), "vellune": (20,)}
    nivora = found.partners[0]
    assert nivora.dates == tuple((NOW - timedelta(days=3 * i)).date().isoformat() for i in (31, 9, 2))
    assert (nivora.first, nivora.last, nivora.n_declared) == (nivora.dates[0], nivora.dates[-1], 2)
    assert nivora.ambassador
    assert not found.partners[1].ambassador


@pytest.mark.parametrize("load", [0.0, 0.1, 0.25, 0.6])
def test_the_ad_load_is_the_planted_one(load: float) -> None:
    rng = Random(4)
    ads = rng.sample(range(40), round(40 * load))
    found = looked_at(creator_of(planted(dict.fromkeys(ads, "Werbung | Creme von @nivora"))))
    assert found.ad_load == pytest.approx(load, abs=0.02)
    assert found.n_declared == len(ads)
    recent = sum(i < 20 for i in ads) / 20
    assert found.ad_load_recent == pytest.approx(recent)
    assert found.ad_load_earlier == pytest.approx(sum(i >= 20 for i in ads) / 20)
    assert ("commercial:mostly_ads" in flags_of(found, 90)) == (load >= 0.5)


def rival_state(captions: list[str], name: str = "Nivora", **changes: object) -> tuple[str, list[str]]:
    brief = msgspec.structs.replace(BRIEF, competitors=(name,), exclusivity_days=30)
    found = looked_at(creator_of(captions, **changes), brief)
    return found.competitors[0].state, flags_of(found, 30)


def test_competitors_by_what_the_tie_is() -> None:
    assert rival_state(planted({})) == ("none", [])
    assert rival_state(planted({3: "my nivora cream is empty"})) == ("mentioned", [])
    state, flags = rival_state(planted({3: "#ad @nivora cream"}))
    assert state == "in_window"
    assert "commercial:competitor_in_window:Nivora" in flags
    state, flags = rival_state(planted({30: "#ad @nivora cream"}))
    assert state == "earlier"
    assert not any("competitor" in flag for flag in flags)
    state, flags = rival_state(planted(dict.fromkeys((3, 12, 25), "#ad @nivora cream")))
    assert state == "ambassador"
    assert flags[:2] == ["commercial:competitor_ambassador:Nivora", "commercial:competitor_in_window:Nivora"]
    assert rival_state(planted({}), bio="Nivora ambassador | runner")[0] == "ambassador"
    assert rival_state(planted({}), bio="I like nivora")[0] == "mentioned"
    # another brand's ad that mentions the competitor is no ad for it
    assert rival_state(planted({3: "#ad #VellunePartner better than my nivora cream"}))[0] == "mentioned"


def test_the_window_is_counted_from_the_datas_own_date() -> None:
    creator = creator_of(planted({3: "#ad @nivora cream"}))
    brief = msgspec.structs.replace(BRIEF, competitors=("Nivora",))
    late = x_ray(creator, brief, judge_posts(creator), as_of=NOW + timedelta(days=365))
    assert late.competitors[0].state == "earlier"
    assert late.competitors[0].days == 365 + 9
    undated = msgspec.structs.replace(
        creator, posts=tuple(msgspec.structs.replace(p, posted_at=None) for p in creator.posts)
    )
    assert x_ray(undated, brief, judge_posts(undated), as_of=None).competitors[0].state == "undated"


def test_what_ads_cost_against_the_posts_around_them() -> None:
    rng = Random(7)
    posts, ads = [], []
    for i in range(80):
        ad = i % 5 == 0
        # the account grows tenfold meanwhile, which is no effect of ads
        likes = 100 * 10 ** (i / 80) * rng.lognormvariate(0, 0.25) * (0.6 if ad else 1.0)
        posts.append(Post(likes=round(likes), comments=0, posted_at=NOW + timedelta(days=i)))
        ads.append(ad)
    found = ad_cost(posts, ads)
    assert found is not None
    assert found.interval[0] < 0.6 < found.interval[1]
    assert found.interval[1] < 1
    assert (found.n_ads, found.n_organic) == (16, 64)
    assert ad_cost(posts[:4], ads[:4]) is None


@pytest.mark.parametrize(
    ("market", "caption", "state"),
    [
        ("us", "#ad my morning with @nivora", "clear"),
        ("us", "my morning with @nivora " + "and more of it " * 12 + "#ad", "unclear"),
        ("us", "my morning #a1 #b2 #c3 #d4 #ad", "unclear"),
        ("us", "mi mañana con mi crema favorita y un café, qué bien sienta. #publicidad", "clear"),
        ("us", "#collab my morning", "unclear"),
        ("us", "#NivoraPartner my morning", "clear"),
        ("us", "use code ANNA10", "missing"),
        ("gb", "#gifted my morning", "unclear"),
        ("gb", "AD: my morning", "clear"),
        ("de", "Werbung | mein Morgen", "clear"),
        ("de", "mein Morgen mit der neuen Creme, ganz ohne Eile #werbung", "unclear"),
        ("de", "#ad mein Morgen", "unclear"),
        ("fr", "Collaboration commerciale avec @nivora", "clear"),
        ("fr", "#sponso ma matinée", "missing"),
        ("es", "#publi mi mañana", "clear"),
        ("it", "la mia mattina con la crema nuova, che bella #nivora #adv", "clear"),
        ("nl", "#adv mijn ochtend", "clear"),
        ("pl", "#reklama mój poranek", "clear"),
        ("pl", "#współpraca mój poranek", "unclear"),
        ("br", "#publi minha manhã", "clear"),
        ("id", "pagiku dengan serum baru #iklan", "clear"),
        ("kr", "#광고 아침 루틴", "clear"),
    ],
)
def test_disclosure_by_market(market: str, caption: str, state: str) -> None:
    reading = read_post(Post(caption=caption))
    said = disclosure(market, reading, find_labels(reading), flagged=False, platform="instagram")
    assert said.state == state, said.why


def test_labels_that_are_not_seen_are_unclear() -> None:
    reading = read_post(Post(caption="my morning"))
    assert disclosure("gb", reading, (), flagged=True, platform=None).state == "unclear"
    spoken = read_post(Post(caption="my morning", transcript="this video is sponsored by nivora"))
    assert (
        disclosure("us", spoken, find_labels(spoken), flagged=False, platform=None).why
        == "said in the video, not written"
    )


def test_every_market_names_its_source() -> None:
    assert {"us", "gb", "de", "fr", "es", "it", "nl", "pl", "br", "id"} <= set(markets())
    for code, rules in markets().items():
        assert rules.source, code
        assert "." in rules.where, code
        assert rules.clear, code
        assert rules.place in ("start", "before_fold", "first_tags", "anywhere"), code


def test_the_page_holds_the_markets_of_the_code(repository: Path) -> None:
    page = (repository / "docs" / "methods" / "commercial.md").read_text(encoding="utf-8")
    assert documented(page) == page, "make docs"


def test_the_briefs_markets_else_the_creators_country() -> None:
    creator = creator_of(planted({0: "#ad @nivora"}), country="de")
    assert [m.market for m in looked_at(creator).markets] == ["de"]
    found = looked_at(creator, msgspec.structs.replace(BRIEF, markets=("us", "zz")))
    assert [(m.market, m.clear) for m in found.markets] == [("us", 1)]
    assert found.unknown_markets == ("zz",)
    assert "illegal" not in msgspec.json.encode(found).decode()


def test_a_likely_post_is_of_a_campaign_that_another_declares() -> None:
    like_an_ad = (
        "I'm so excited to share my new routine with @nivora! Shop, link in bio for your chance to win one #NivoraGlow"
    )
    alone = looked_at(creator_of(planted({4: "new routine from @nivora #NivoraGlow"})))
    assert alone.n_likely == 0
    creator = creator_of(
        planted({4: "#ad @nivora #NivoraGlow", 8: like_an_ad, 12: like_an_ad.replace(" #NivoraGlow", "")})
    )
    found = looked_at(creator)
    likely = [post for post in found.posts if post.kind == "likely"]
    assert [post.post for post in likely] == [8]
    assert likely[0].likelihood is not None
    assert likely[0].likelihood <= 0.797
    assert likely[0].disclosure == ()


@pytest.mark.parametrize(("declared", "n_likely"), [(1, 0), (2, 0), (3, 2)])
def test_most_others_of_a_campaign_declare_it(declared: int, n_likely: int) -> None:
    """Of five posts on one campaign, two of which say nothing: each sees the other undeclared beside those declared."""
    words = {n: f"{'#ad ' if n < declared else ''}step {n} with @nivora #NivoraGlow" for n in range(declared)}
    words |= {n + 10: f"morning {n} with @nivora #NivoraGlow" for n in range(2)}
    words |= {n + 20: f"an evening walk, number {n} @nivora #NivoraGlow" for n in range(3 - declared)}
    assert looked_at(creator_of(planted(words))).n_likely == n_likely


def test_what_was_not_looked_at_is_said() -> None:
    creator = Creator(creator_id="a", posts=(Post(kind="reel", likes=3), Post(kind="image", caption="a walk")))
    found = looked_at(creator)
    assert (found.n_posts, found.n_read) == (2, 1)
    assert found.ad_load is None
    assert "1 of 2 posts: no caption and no flag in the export" in found.not_read
    assert "what is said in 1 videos: no transcript in the export" in found.not_read
    spoken = Creator(creator_id="a", posts=(Post(kind="reel", transcript="hello there"),))
    assert not any("said" in line for line in looked_at(spoken).not_read)
