"""Results made by hand, as heads give them: for tests of what people see."""

from __future__ import annotations

from bonafit.results import (
    COMPONENTS,
    Commercial,
    Component,
    Contribution,
    CreatorScore,
    Evidence,
    Partner,
    Profile,
    Reason,
    Verdict,
)

COMMENTS = {"n": 30, "commenters": 28, "usual": {"same_phrase": 0.09, "same_commenter": 0.04, "comment_spam": 0.5}}


def part(name: str, value: float | None, *reasons: tuple[str, float | None, float], **more: object) -> Component:
    return Component(
        name=name, status="insufficient" if value is None else "ok", value=value,
        interval=None if value is None else (max(0.0, value - 0.1), min(1.0, value + 0.1)), sufficiency=0.5,
        reasons=tuple(
            Reason(feature=f, seen=s, effect=p, points=p, text=f"the term {f}", usual=0.97) for f, s, p in reasons
        ),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def result(
    name: str, score: float | None, verdict: Verdict, *, flags: tuple[str, ...] = (), why: tuple[str, ...] = ()
) -> CreatorScore:
    fit = part(
        "niche_fit", 0.9, ("baseline", None, 0.2), ("best_posts", 3.0, 0.7),
        detail={"posts_used": 13, "posts_on_niche": 9},
        evidence=(
            Evidence(kind="unit", text="my mineral\nsunscreen \x1b[31mroutine", weight=2.0, at="2026-03-01T10:00:00"),
            Evidence(kind="facet_missing", text="ceramides", weight=0.1),
        ),
    )  # fmt: skip
    genuine = part(
        "authenticity", 0.7, ("baseline", None, 0.5), ("same_phrase", 0.3, -0.1), ("followers", 8200.0, 0.3),
        detail={"account": {}, "comments": COMMENTS},
    )  # fmt: skip
    return CreatorScore(
        creator_id=f"id-{name}", score=score, interval=None if score is None else (score - 0.05, score + 0.05),
        sufficiency=0.6, verdict=verdict,
        verdict_reasons=why or ("The score is 0.90; the brief asks for at least 0.60.",),
        contributions=() if score is None else tuple(
            Contribution(component=c, weight=w, value=0.8, effective_weight=w, points=w * 0.8)
            for c, w in (("niche_fit", 0.5), ("authenticity", 0.25), ("engagement_quality", 0.25))
        ),
        **{name: part(name, None) for name in COMPONENTS} | {"niche_fit": fit, "authenticity": genuine}, flags=flags,
        commercial=Commercial(
            as_of="2026-03-31", n_posts=13, n_read=12, n_declared=3, ad_load=0.25,
            partners=(
                Partner(
                    brand="kettlebird", name="=kettlebird", category=None, first=None, last=None, n_posts=3,
                    n_declared=3, ambassador=False,
                ),
            ),
        ),
        input_digest="i" * 32, bundle_digest="b" * 64,
        profile=Profile(handle=name, platform="instagram", followers=8200, price=450.0, currency="EUR"),
    )  # fmt: skip


RANKED = [
    result("greta", 0.9, "shortlist"),
    result("名前名前名前名前名前名前名前名前名前", 0.8, "review", flags=("authenticity:few_commenters",)),
    result("a" * 60, 0.2, "pass", why=("The score is 0.20; below 0.30 creators are passed over.",)),
]
APART = [result("private", None, "not_judgeable", why=("The account is private and shows no posts.",))]
