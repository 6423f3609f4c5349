"""The rules of the judgement contract as rows: what is measured on every base, and the bounds it must keep.

A row measures one number a base. It holds where the mean keeps the bounds and at least 95 % of the bases do, or every
base where the contract says "never" or "no". NaN is a judgement that was asked for and not given: it keeps no bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import msgspec
import numpy as np
from benchmarks.judge.bases import Base
from benchmarks.judge.changes import CADENCES, HIDEABLE, POSTS_HIDE, SHELL_DOSES, SPELLED, SPELLINGS
from benchmarks.judge.texts import EXCLUDED, LANGUAGES

from bonafit import CreatorScore

FIGURES = {"A": "authenticity", "E": "engagement_quality", "F": "niche_fit"}
ENOUGH = 0.95
# Falls are asked of creators who were believed before.
BELIEVED = 0.4
# What rounding may do to a figure that must not move.
EPSILON = 1e-9
# Log-odds by which an interval may be narrower and still pass for as wide.
SAME_WIDTH = 0.01

Answers = Mapping[str, CreatorScore | None]
Measure = Callable[[Base, Answers], float | None]


@dataclass(frozen=True)
class Row:
    """One line of the table. low, high : bounds of the measure. every : no base may break them."""

    rule: int
    name: str
    figure: str
    measure: Measure
    low: float = -math.inf
    high: float = math.inf
    every: bool = False

    def bound(self) -> str:
        if self.low == self.high:
            return f"= {self.low:g}"
        if self.low == -self.high:
            return f"|.| <= {self.high:g}"
        parts = [f">= {self.low:g}"] if self.low > -math.inf else []
        parts += [f"<= {self.high:g}"] if self.high < math.inf else []
        return ", ".join(parts)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a row came to. mean, worst : over the judged bases; None where there is none. n : bases it applies to."""

    rule: int
    name: str
    figure: str
    bound: str
    mean: float | None
    worst: float | None
    share: float
    n: int
    unjudged: int
    holds: bool


def outcome(row: Row, values: list[float | None]) -> Outcome:
    """A row over all bases; None does not apply."""
    asked = np.array([v for v in values if v is not None], dtype=float)
    judged = asked[~np.isnan(asked)]
    kept = (judged >= row.low - EPSILON) & (judged <= row.high + EPSILON)
    share = float(kept.sum()) / len(asked) if len(asked) else 0.0
    mean = float(judged.mean()) if len(judged) else None
    worst = None
    if len(judged):
        over = np.maximum(judged - row.high, row.low - judged)
        worst = float(judged[int(np.argmax(over))])
    holds = len(asked) > 0 and mean is not None and share >= (1.0 if row.every else ENOUGH)
    holds = holds and row.low - EPSILON <= (mean or 0.0) <= row.high + EPSILON
    return Outcome(
        rule=row.rule, name=row.name, figure=row.figure, bound=row.bound() + (", every base" if row.every else ""),
        mean=mean, worst=worst, share=share, n=len(asked), unjudged=len(asked) - len(judged), holds=holds,
    )  # fmt: skip


def value(result: CreatorScore, figure: str) -> float | None:
    """A, E, F or T of a result; None where it gives no number."""
    if figure == "T":
        return result.score
    part = getattr(result, FIGURES[figure])
    return None if part.value is None else float(part.value)


def change_of(figure: str, change: str, against: str = "clean", *, falls: bool = False) -> Measure:
    """Figure after the change less the figure before it; a change that ends in no number counts as a fall to 0.

    falls : only creators whose figure stood at BELIEVED or above.
    Where there was no number before, the rows "honest bases are judged" say so once, and this one does not apply.
    """

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers[against]
        if after is None or before is None:
            return None
        start = value(before, figure)
        if start is None or (falls and start < BELIEVED):
            return None
        return (value(after, figure) or 0.0) - start

    return measure


def figure_of(figure: str, change: str) -> Measure:
    """The figure itself; NaN where there is none."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        figure_value = value(result, figure)
        return math.nan if figure_value is None else figure_value

    return measure


def judged(figure: str) -> Measure:
    """1 where the clean creator has the figure."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers["clean"]
        return None if result is None else float(value(result, figure) is not None)

    return measure


def same_bytes(some: list[str], against: str) -> Measure:
    """Share of the changes that give the same bytes as another."""

    def measure(base: Base, answers: Answers) -> float | None:
        results, other = [answers[change] for change in some], answers[against]
        if other is None or any(result is None for result in results):
            return None
        expected = msgspec.json.encode(other)
        return sum(msgspec.json.encode(result) == expected for result in results) / len(results)

    return measure


def new_flag(change: str, against: str = "clean", *, head: str = "") -> Measure:
    """1 where the change raises a signal that the creator did not have."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers[against]
        if after is None or before is None:
            return None
        return float(any(flag.startswith(head) for flag in set(after.flags) - set(before.flags)))

    return measure


def narrower(figure: str, change: str) -> Measure:
    """Log-odds by which the interval is narrower than the clean creator's; at most 0 where hiding does not pay."""

    def width(result: CreatorScore) -> float:
        part = getattr(result, FIGURES[figure])
        if part.interval is None:
            return math.inf
        low, high = (min(max(end, 1e-6), 1 - 1e-6) for end in part.interval)
        return math.log(high / (1 - high)) - math.log(low / (1 - low))

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers["clean"]
        if after is None or before is None or value(before, figure) is None:
            return None
        wide = width(after)
        narrower_by = width(before) - wide
        return narrower_by if narrower_by > SAME_WIDTH else 0.0

    return measure


def sufficiency(change: str, *, heads: tuple[str, ...] = tuple(FIGURES)) -> Measure:
    """Largest change of a head's sufficiency where hiding must not raise it, in the heads named."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers["clean"]
        if after is None or before is None:
            return None
        return max(
            float(getattr(after, FIGURES[h]).sufficiency) - float(getattr(before, FIGURES[h]).sufficiency)
            for h in heads
        )

    return measure


def apart(change: str) -> Measure:
    """1 where the creator is said to be not judgeable and stands in no ranking, with what is missing."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        verdict = getattr(result, "verdict", None)
        return float(verdict == "not_judgeable" and result.score is None and bool(result.verdict_reasons))

    return measure


def head_width(change: str, figure: str) -> Measure:
    """Width of a head's interval where it gives a value."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        interval = getattr(result, FIGURES[figure]).interval
        return 1.0 if interval is None else float(interval[1] - interval[0])

    return measure


def never(change: str) -> Measure:
    """1 where the creator is listed as never to be booked, with the posts."""

    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        if result is None:
            return None
        return float(getattr(result, "verdict", None) == "never" and bool(result.verdict_reasons))

    return measure


def _steps(figure: str, names: list[str]) -> Measure:
    """Largest rise of a figure from one name to the next."""

    def measure(base: Base, answers: Answers) -> float | None:
        answered = [answers[name] for name in names]
        values = [value(result, figure) for result in answered if result is not None]
        if any(v is None for v in values):
            return math.nan
        known = [v for v in values if v is not None]
        return max((b - a for a, b in pairwise(known)), default=None)

    return measure


def table(languages: tuple[str, ...] = LANGUAGES) -> list[Row]:
    """Every row of rules 1 to 14 and 16 that compares one creator before and after a change."""
    rows: list[Row] = []

    def add(rule: int, name: str, figure: str, measure: Measure, **bounds: float | bool) -> None:
        rows.append(Row(rule, name, figure, measure, **bounds))  # type: ignore[arg-type]

    for field in SPELLED:
        spelt = [f"{field}: {spelling!r}" for spelling in SPELLINGS]
        add(1, f"{field} in {len(spelt)} spellings", "bytes", same_bytes(spelt, f"{field}: absent"), low=1, every=True)
    for change in (
        "link: set", "link: absent", "picture: none", "bio: 6 letters", "bio: three times as long",
        "handle: with digits", "display name: absent", "display name: emoji", "places: none", "places: on every post",
        "hashtags: none", "hashtags: six a post", "kind: image", "kind: reel",
    ):  # fmt: skip
        add(2, change, "A", change_of("A", change), low=-0.03, high=0.03)
    add(2, "all bare together", "A", change_of("A", "all bare together"), low=-0.08, high=0.08)

    for dose, high in ((3, 0.0), (5, -0.1), (10, -0.1)):
        add(3, f"likes x{dose}", "A", change_of("A", f"likes x{dose}", falls=high < 0), high=high, every=high == 0)
        add(3, f"likes x{dose}", "E", change_of("E", f"likes x{dose}"), high=0.02, every=True)
        add(3, f"likes x{dose}", "T", change_of("T", f"likes x{dose}"), high=0.0, every=True)
    for figure, high in (("E", 0.02), ("T", 0.0)):
        add(3, "likes and views x5", figure, change_of(figure, "likes and views x5"), high=high)
    add(3, "likes x10 against x5", "A", change_of("A", "likes x10", "likes x5"), high=0.0)
    add(3, "honest bases", "A", figure_of("A", "clean"), low=0.5)
    for figure, low in (("A", -0.01), ("E", 0.0)):
        add(4, "comments x2, other people", figure, change_of(figure, "comments x2, other people"), low=low, every=True)
    add(4, "comments halved", "A", change_of("A", "comments halved"), high=0.01)

    hides = [f"hidden: {field}" for field in HIDEABLE] + [f"hidden: posts' {', '.join(f)}" for f in POSTS_HIDE]
    for change in hides:
        for figure in FIGURES:
            add(5, change, figure, change_of(figure, change), high=0.02, every=True)
            add(5, change + ", width", figure, narrower(figure, change), high=0.0, every=True)
        add(5, change, "T", change_of("T", change), high=0.02, every=True)
        add(5, change + ", sufficiency", "-", sufficiency(change), high=0.0, every=True)
    for change, head in (
        ("hidden: audience", "A"), ("hidden: follower_history", "A"), ("hidden: comments", "A"),
        ("hidden: posts' comments", "A"), ("hidden: posts' likes", "A"), ("hidden: posts' likes", "E"),
        ("hidden: followers", "A"), ("hidden: posts' posted_at", "A"), ("hidden: posts' caption", "F"),
        ("hidden: posts' views", "A"),
    ):  # fmt: skip
        add(5, change + ", sufficiency falls", head, sufficiency(change, heads=(head,)), high=-0.001)
    for figure in ("A", "T"):
        add(5, "likes x5, comments hidden, against likes x5", figure,
            change_of(figure, "likes x5, comments hidden", "likes x5"), high=0.0)  # fmt: skip

    for cadence in CADENCES:
        clean = f"{cadence}, clean"
        for share in ("15%", "30%"):
            change = f"{cadence}, +{share}"
            add(6, change, "A", change_of("A", change, clean), low=-0.05, high=0.05)
        for change, high in (
            (f"{cadence}, +100%", -0.1), (f"{cadence}, +186%", -0.1), (f"{cadence}, +400%", -0.1),
            (f"{cadence}, +186%, decay", -0.25),
        ):  # fmt: skip
            add(6, change, "A", change_of("A", change, clean, falls=True), high=high)
            add(6, change, "E", change_of("E", change, clean), high=0.0, every=True)
            add(6, change, "flag", new_flag(change, clean), low=1, high=1)
            add(11, change, "T", change_of("T", change, clean), high=0.0, every=True)
        change, post = f"{cadence}, big post, +100%", f"{cadence}, big post"
        add(6, f"{change}, against the post", "A", change_of("A", change, post), low=-0.05, high=0.05)

    shells = [f"{k} shells of 60" for k in SHELL_DOSES]
    add(7, "more shells, largest rise", "A", _steps("A", shells), high=0.0)
    add(7, "29 to 31 shells of 60", "A", change_of("A", "31 shells of 60", "29 shells of 60"), low=-0.03, high=0.03)
    add(7, "60 shells of 60", "A", figure_of("A", "60 shells of 60"), high=0.15)
    add(7, "30 shells of 60", "A", figure_of("A", "30 shells of 60"), high=0.45)
    add(7, "10 shells of 10", "A", change_of("A", "10 shells of 10", "0 shells of 10", falls=True), high=-0.02)
    add(7, "60 of 60 against 10 of 10", "A", change_of("A", "60 shells of 60", "10 shells of 10"), high=0.0)
    add(7, "no sample against a clean one", "A", change_of("A", "no sample", "0 shells of 60"), high=0.02, every=True)

    for change in ("pod: 8 authors, three phrases", "pod: 8 authors, own words", "repeated phrases, many authors"):
        add(8, change, "A", change_of("A", change, falls=True), high=-0.1)
        add(8, change, "flag", new_flag(change, head="authenticity"), low=1, high=1)
    add(8, "varied comments against none", "A", change_of("A", "clean", "no comments"), low=0.0)
    add(9, "clock", "A", change_of("A", "clock"), low=-0.03)
    add(9, "clock, captions, bursts", "A", change_of("A", "clock, captions, bursts", falls=True), high=-0.15)

    for change in ("private, no posts", "no posts", "nothing for 14 months", "no text"):
        for figure in FIGURES:
            add(10, f"{change}, width where a value is given", figure, head_width(change, figure), low=0.6, every=True)
        add(10, change, "listed apart", apart(change), low=1, high=1, every=True)
    for change in (
        "likes x3", "likes x5", "likes x10", "pod: 8 authors, three phrases", "pod: 8 authors, own words",
        "repeated phrases, many authors", "clock, captions, bursts", "everything", "likes x5, comments hidden",
    ):  # fmt: skip
        add(11, change, "T", change_of("T", change), high=0.0, every=True)
    for k in SHELL_DOSES[1:]:
        add(11, f"{k} shells of 60", "T", change_of("T", f"{k} shells of 60", "0 shells of 60"), high=0.0, every=True)
    add(11, "everything together", "T", _total_or_apart("everything"), high=0.3)

    for change, against in (("at 9,000", "at 30,000"), ("at 90,000", "at 30,000"), ("at 9,000", "at 90,000")):
        add(12, f"{change} against {against}", "A", change_of("A", change, against), low=-0.05, high=0.05)
    for change in ("country: other", "language: other", *(f"label {p}" for p in ("instagram", "tiktok", "youtube"))):
        add(12, change, "A", change_of("A", change), low=-0.02, high=0.02)
    for language in languages:
        change = f"in {language}"
        add(12, change, "A", change_of("A", change), low=-0.02, high=0.02)
        add(12, change, "F", _same_fit(change), low=-0.07, high=0.07)

    for share in ("30%", "60%"):
        for kind in ("loathing", "against the brand"):
            change = f"{kind} {share}"
            add(13, f"{change} against an unrelated creator", "T", _below_unrelated(change), high=0.0)
            add(13, change, "flag", new_flag(change), low=1, high=1)
    for figure in ("A", "E", "F", "T"):
        add(14, "honest bases are judged", figure, judged(figure), low=1)
    for change in ("emoji alone", "hashtags alone"):
        add(13, f"{change}, sufficiency", "F", _sufficiency_of(change), high=0.3)
    add(13, "brief copied", "F", change_of("F", "brief copied"), high=0.0)
    add(13, "brief copied", "flag", new_flag("brief copied"), low=1, high=1)
    for category in EXCLUDED:
        add(16, f"promotes {category}", "never", never(f"promotes {category}"), low=1, high=1)
    add(16, "sounds like it", "never", never("sounds like it"), high=0.05)
    return rows


def _total_or_apart(change: str) -> Measure:
    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        return None if result is None else result.score or 0.0

    return measure


def _same_fit(change: str) -> Measure:
    """Change of fit with the language; an abstention on either side is NaN, a failure."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, before = answers[change], answers["clean"]
        if after is None or before is None:
            return None
        a, b = value(after, "F"), value(before, "F")
        return math.nan if a is None or b is None else a - b

    return measure


def _sufficiency_of(change: str) -> Measure:
    def measure(base: Base, answers: Answers) -> float | None:
        result = answers[change]
        return None if result is None else float(result.niche_fit.sufficiency)

    return measure


def _below_unrelated(change: str) -> Measure:
    """Total less that of the same creator with the posts of another niche; nobody ranked stands at 0."""

    def measure(base: Base, answers: Answers) -> float | None:
        after, other = answers[change], answers["unrelated"]
        if after is None or other is None or other.score is None:
            return None
        return (after.score or 0.0) - other.score

    return measure
