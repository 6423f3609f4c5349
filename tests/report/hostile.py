"""Texts that try to run or break a page, by chance and seed: markup, escapes, turned lines, broken characters."""

from __future__ import annotations

import random
from typing import Any

import msgspec

from bonafit.records import Brief
from bonafit.results import Commercial, Competitor, CreatorScore, Evidence, Naming, Partner

PIECES = (
    "<script>window.hacked=1</script>", "</script><script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>",
    "\"><svg onload=window.hacked=1>", "' onmouseover='window.hacked=1", "</title><h1>", "<!--", "-->", "]]>", "</style>",
    "</textarea>", "</bdi></h3>", "javascript:window.hacked=1", "<a href=javascript:hacked=1>", "<iframe src=//evil.example>",
    "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "{{ 7 * 7 }}", "{% raw %}", "${hacked=1}", "&lt;b&gt;",
    "&#x3c;script&#x3e;", "\\u003cscript\\u003e", "\x00", "\x08", "\x1b[2J", "\u202e", "\u2066", "\u2028", "\ufeff", "\ufffe",
    "=HYPERLINK(1)", "@SUM(1)", "data:text/html,<script>", "<style>*{display:none}</style>", "<form action=//evil.example>",
    "<plaintext>", "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>", "<math><mi xlink:href=javascript:x>",
    "a" * 300, "العربية", "日本語", "👩🏽‍🔬", "<", ">", "\"", "'", "&", "`", "\\", "\n", "\t", " ",
)  # fmt: skip


class Texts:
    """Hostile texts, seeded; `n` counts them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.n = 0

    def __call__(self) -> str:
        self.n += 1
        return "".join(self._random.choices(PIECES, k=self._random.randint(1, 5)))


class Harmless(Texts):
    """As many texts, each the same word: what the markup is without anybody's malice."""

    def __call__(self) -> str:
        self.n += 1
        return "word"


def spoilt(result: CreatorScore, text: Texts, number: int) -> CreatorScore:
    """A result whose every text of a stranger is hostile; numbers, verdict and lengths of lists as they were."""

    def evidence(items: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(msgspec.structs.replace(item, text=text(), source=text(), at=item.at) for item in items)

    profile = msgspec.structs.replace(
        result.profile, handle=text(), display_name=text(), platform=text(), country=text(), language="en",
        currency=text(), price=result.profile.price,
    )  # fmt: skip
    parts: dict[str, Any] = {
        part.name: msgspec.structs.replace(part, evidence=evidence(part.evidence)) for part in result.components
    }
    partner = Partner(
        brand=text(), name=text(), category=text(), first=None, last=None, n_posts=2, n_declared=1, ambassador=False
    )
    rival = Competitor(name=text(), state="earlier", named=(Naming(post=None, at=None, kind="bio", text=text()),))
    sold = Commercial(as_of=None, n_posts=4, n_read=4, n_declared=1, partners=(partner,), competitors=(rival,))
    reasons = tuple(text() for _ in result.verdict_reasons)
    return msgspec.structs.replace(
        result, creator_id=f"{number}{text()}", profile=profile, verdict_reasons=reasons, flags=(*result.flags, text()),
        commercial=sold, **parts,
    )  # fmt: skip


def spoilt_brief(text: Texts) -> Brief:
    """A brief of hostile texts that still says something."""
    words = tuple(f"skin {text()}" for _ in range(3))
    return Brief(
        brand=f"b {text()}"[:300], description=f"gentle skincare {text()}", keywords=words, values=words,
        excluded_topics=words, markets=(text(),), platforms=(text(),), languages=("en",),
        competitors=words,
    )  # fmt: skip
