"""Invented results of scoring, as a campaign reads them."""

from __future__ import annotations

from typing import Any

from bonafit.records import Brief
from bonafit.results import COMPONENTS, Component, CreatorScore, Profile

BRIEF = Brief(brand="Aubelle", description="gentle skincare", tier_scheme="1k_100k")


def part(name: str, value: float | None, detail: dict[str, Any] | None = None) -> Component:
    """A head's answer without reasons."""
    return Component(
        name=name,
        status="insufficient" if value is None else "ok",
        value=value,
        interval=None if value is None else (value * 0.9, min(1.0, value * 1.1)),
        sufficiency=0.0 if value is None else 0.8,
        detail=detail or {},
    )


def result(
    creator_id: str,
    *,
    likes: float | None = 100.0,
    comments: float | None = 10.0,
    views: float | None = 2_000.0,
    width: float = 2.0,
    price: float | None = 100.0,
    currency: str | None = "EUR",
    fit: float | None = 0.8,
    genuine: float | None = 0.9,
    verdict: Any = "shortlist",
    bundle: str = "b" * 64,
    **profile: Any,
) -> CreatorScore:
    """A creator whose next post is foreseen between 1/width and width times the middle."""
    profile = {"platform": "instagram", "followers": 10_000, "language": "en", "as_of": "2026-03-31", **profile}
    said = {"likes": likes, "comments": comments, "views": views}
    post = {
        name: {"value": v, "interval": [v / width, v * width], "own_last_8": v}
        for name, v in said.items()
        if v is not None
    }
    detail = {
        "platform_model": profile["platform"],
        "next_post": post,
        "predicted_rate": 0.01,
        "expected_rate": 0.008,
        "predicted_rate_interval": [0.01 / width, 0.01 * width],
        "typical_rate_interval": [0.01 / width**0.6, 0.01 * width**0.6],
        "ledger": [
            {
                "interactions": "likes_comments", "denominator": "followers", "statistic": "mean", "window": "last_12",
                "value": 0.011, "n": 12, "hidden_share": 0.0,
            }
        ],
    }  # fmt: skip
    heads = {
        "niche_fit": part("niche_fit", fit),
        "authenticity": part("authenticity", genuine),
        "engagement_quality": part("engagement_quality", None if likes is None else 0.7, detail),
    }
    heads |= {name: part(name, None) for name in COMPONENTS if name not in heads}
    return CreatorScore(
        creator_id=creator_id,
        score=0.8,
        interval=(0.7, 0.9),
        sufficiency=0.8,
        verdict=verdict,
        verdict_reasons=(),
        contributions=(),
        **heads,
        flags=(),
        input_digest="0" * 32,
        bundle_digest=bundle,
        profile=Profile(price=price, currency=currency, **profile),
    )
