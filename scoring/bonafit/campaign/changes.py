"""What moved between two scorings, and why: the creators' data, the bundle or the brief.

The digest of an input covers creator and brief together, and no result says them apart. Where any creator has the same
digest in both, the brief is the same. Where none has, and heads that read no brief answer some creators exactly as
before, the brief is another. What neither settles is said to be open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from bonafit.heads import HEADS
from bonafit.results import Component, CreatorScore

BRIEF_FREE = tuple(name for name, entry in HEADS.items() if not entry.reads_brief)
REASONS = 5
# A change below this is the last bit of another machine's arithmetic.
LEAST = 1e-9


class ReasonMoved(msgspec.Struct, frozen=True, kw_only=True):
    """One reason's part of the combined score before and after; 0 where it was not there."""

    component: str
    feature: str
    text: str
    before: float
    after: float
    seen_before: float | None
    seen_after: float | None


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """One creator in both files. parts : change of points by head; they sum to the change of the score.

    causes : of data, bundle and brief those that changed; `data or brief` where the files cannot tell them apart.
    reasons : those that moved most, by their part of the score.
    """

    creator_id: str
    label: str
    before: float | None
    after: float | None
    verdict_before: str
    verdict_after: str
    causes: tuple[str, ...]
    parts: dict[str, float]
    reasons: tuple[ReasonMoved, ...]

    @property
    def change(self) -> float:
        """Change of the score; 0 where one of the two is missing."""
        return 0.0 if self.before is None or self.after is None else self.after - self.before


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """Two files of results compared. brief : same, changed or open. moved : who changed, most first."""

    brief: str
    bundle_changed: bool
    common: int
    unchanged: int
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]
    moved: tuple[Moved, ...]


def changes(before: Sequence[CreatorScore], after: Sequence[CreatorScore]) -> Changes:
    """What moved between two scorings of the same or other creators."""
    old, new = ({result.creator_id: result for result in results} for results in (before, after))
    common = [name for name in old if name in new]
    brief = _brief(old, new, common)
    moved = [_moved(old[name], new[name], brief) for name in common]
    moved = [entry for entry in moved if _has_moved(entry)]
    moved.sort(key=lambda entry: (-abs(entry.change), entry.verdict_before == entry.verdict_after, entry.creator_id))
    return Changes(
        brief=brief,
        bundle_changed=any(old[name].bundle_digest != new[name].bundle_digest for name in common),
        common=len(common),
        unchanged=len(common) - len(moved),
        appeared=tuple(name for name in new if name not in old),
        vanished=tuple(name for name in old if name not in new),
        moved=tuple(moved),
    )


def _has_moved(entry: Moved) -> bool:
    appeared = (entry.before is None) != (entry.after is None)
    return appeared or abs(entry.change) > LEAST or entry.verdict_before != entry.verdict_after


def _brief(old: Mapping[str, CreatorScore], new: Mapping[str, CreatorScore], common: Sequence[str]) -> str:
    if any(old[name].input_digest == new[name].input_digest for name in common):
        return "same"
    same_bundle = [name for name in common if old[name].bundle_digest == new[name].bundle_digest]
    if any(_same_data(old[name], new[name]) for name in same_bundle):
        return "changed"
    return "open"


def _same_data(old: CreatorScore, new: CreatorScore) -> bool:
    """Whether heads that read no brief saw the same creator, as far as their answers tell: under one bundle."""
    same = all(_answer(getattr(old, name)) == _answer(getattr(new, name)) for name in BRIEF_FREE)
    return same and old.profile == new.profile


def _answer(part: Component) -> tuple[object, ...]:
    return part.value, part.reasons


def _causes(old: CreatorScore, new: CreatorScore, brief: str) -> tuple[str, ...]:
    causes = ["bundle"] if old.bundle_digest != new.bundle_digest else []
    if old.input_digest == new.input_digest:
        return tuple(causes)
    if brief == "same":
        return (*causes, "data")
    if brief == "changed":
        if old.bundle_digest == new.bundle_digest and _same_data(old, new):
            return (*causes, "brief")
        return (*causes, "brief", "data")
    return (*causes, "data or brief")


def _moved(old: CreatorScore, new: CreatorScore, brief: str) -> Moved:
    sides = [{c.component: c for c in result.contributions} for result in (old, new)]
    parts = {}
    for name in {**sides[0], **sides[1]}:
        points = [side[name].points if name in side else 0.0 for side in sides]
        parts[name] = points[1] - points[0]
    return Moved(
        creator_id=new.creator_id,
        label=new.label,
        before=old.score,
        after=new.score,
        verdict_before=old.verdict,
        verdict_after=new.verdict,
        causes=_causes(old, new, brief),
        parts=parts,
        reasons=_reasons(old, new),
    )


def _reasons(old: CreatorScore, new: CreatorScore) -> tuple[ReasonMoved, ...]:
    tables = []
    for result in (old, new):
        weights = {c.component: c.effective_weight for c in result.contributions}
        tables.append(
            {
                (part.name, reason.feature): (weights.get(part.name, 0.0) * reason.points, reason)
                for part in result.components
                for reason in part.reasons
            }
        )
    reasons = []
    for key in {**tables[0], **tables[1]}:
        before, after = (table.get(key) for table in tables)
        points = [0.0 if side is None else side[0] for side in (before, after)]
        if abs(points[1] - points[0]) <= LEAST:
            continue
        reason = (after or before or (0.0, None))[1]
        reasons.append(
            ReasonMoved(
                component=key[0],
                feature=key[1],
                text="" if reason is None else reason.text,
                before=points[0],
                after=points[1],
                seen_before=None if before is None else before[1].seen,
                seen_after=None if after is None else after[1].seen,
            )
        )
    reasons.sort(key=lambda change: (-abs(change.after - change.before), change.component, change.feature))
    return tuple(reasons[:REASONS])
