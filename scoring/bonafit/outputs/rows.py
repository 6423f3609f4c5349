"""One creator as a row that people read: who, what for, how good, why, and what to look at."""

from __future__ import annotations

from dataclasses import dataclass

from bonafit.explanations.explain import Explanation, explain
from bonafit.heads import HEADS
from bonafit.results import CreatorScore

REASONS = 3
# Brands named of those that paid before.
PARTNERS = 8
Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """One column. kind : text, count, money, link or value (in [0, 1]). width : in characters, for workbooks."""

    title: str
    kind: str
    width: int


def columns() -> tuple[Column, ...]:
    """The columns of a row, in order."""
    heads = [
        column
        for entry in HEADS.values()
        for column in (
            Column(entry.label, "value", 12), Column(f"{entry.label} from", "value", 8),
            Column(f"{entry.label} to", "value", 8),
        )
    ]  # fmt: skip
    return (
        Column("rank", "count", 6),
        Column("handle", "text", 26),
        Column("name", "text", 20),
        Column("link", "link", 34),
        Column("platform", "text", 11),
        Column("followers", "count", 11),
        Column("price", "money", 10),
        Column("currency", "text", 9),
        Column("verdict", "text", 13),
        Column("score", "value", 8),
        Column("score from", "value", 8),
        Column("score to", "value", 8),
        *heads,
        Column("ads", "value", 8),
        Column("promoted before", "text", 30),
        *(Column(f"reason {i}", "text", 48) for i in range(1, REASONS + 1)),
        Column("look before booking", "text", 48), Column("why", "text", 48), Column("good to know", "text", 48),
        Column("not looked at", "text", 48), Column("id", "text", 18),
    )  # fmt: skip


def row(rank: int | None, result: CreatorScore) -> tuple[Cell, ...]:
    """Cells of a result in the order of `columns`; None where nothing is known. rank : None where there is none."""
    explanation, profile = explain(result), result.profile
    low, high = result.interval or (None, None)
    heads = [figure for part in result.components for figure in (part.value, *(part.interval or (None, None)))]
    reasons = [signal.sentence for _, signal in explanation.reasons(REASONS)]
    return (
        rank, profile.handle, profile.display_name, profile.link, profile.platform, profile.followers, profile.price,
        profile.currency, result.verdict.replace("_", " "), result.score, low, high, *heads,
        None if result.commercial is None else result.commercial.ad_load, promoted(result) or None,
        *(reasons + [None] * (REASONS - len(reasons))),
        " ".join(f"{note.sentence} {note.do}" for note in explanation.to_look_at) or None,
        " ".join(explanation.why) or None,
        " ".join(note.sentence for note in explanation.notes) or None,
        not_looked_at(explanation) or None,
        result.creator_id,
    )  # fmt: skip


def promoted(result: CreatorScore) -> str:
    """Who paid for posts before, most posts first; a result that is older than that question says nothing."""
    return "" if result.commercial is None else ", ".join(result.commercial.partner_names[:PARTNERS])


def not_looked_at(explanation: Explanation) -> str:
    """What was not looked at, each sentence once."""
    return " ".join(dict.fromkeys(sentence for head in explanation.heads for sentence in head.not_looked_at))
