"""A client's measured campaigns: what was foreseen of each creator before, and what was counted afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bonafit.campaign.candidates import COUNTS
from bonafit.campaign.forecast import Planned
from bonafit.campaign.outcomes import Outcome, by_creator, ran, read_outcomes
from bonafit.campaign.sealing import Sealed, read_sealed
from bonafit.errors import InputError

# Share of counts that equal what was foreseen to the digit from which they are not taken for counted.
COPIED = 0.5


@dataclass(frozen=True)
class Case:
    """One booked creator. plan : what was foreseen, uncorrected. got : of each count, the posts that ran.

    paid : whether the client would book them again; None where nobody said.
    """

    plan: Planned
    got: dict[str, tuple[float, ...]]
    paid: bool | None


@dataclass(frozen=True)
class Campaign:
    """One measured campaign. forecast : digest of its sealed forecast."""

    forecast: str
    brand: str
    cases: tuple[Case, ...]


def campaign_of(sealed: Sealed, outcomes: Sequence[Outcome], where: str) -> Campaign:
    """A forecast with its outcomes. Raises InputError where these are none, or copies of what was foreseen."""
    rows = by_creator(outcomes, ((entry.creator_id, entry.label) for entry in sealed.plan))
    cases = []
    for entry in sealed.plan:
        creator_rows = rows.get(entry.creator_id, [])
        got = {count: tuple(ran(creator_rows, count)[: entry.posts]) for count in COUNTS if count in entry.counts}
        answers = {row.worth_repeating for row in creator_rows if row.worth_repeating is not None}
        if len(answers) > 1:
            raise InputError(f"{where}: {entry.label} both is and is not worth repeating; expected one answer each")
        plan = entry
        if entry.before:
            # what a client's earlier campaigns had corrected is learnt from as it was before: never twice
            plan = Planned(**{name: getattr(entry, name) for name in FIELDS}, counts=entry.before)
        cases.append(Case(plan, {count: values for count, values in got.items() if values}, next(iter(answers), None)))
    if not any(case.got or case.paid is not None for case in cases):
        raise InputError(f"{where}: counts no post of the forecast's creators; expected their creator_id")
    pairs = [
        (value, entry.counts[count].value)
        for entry, case in zip(sealed.plan, cases, strict=True)
        for count, values in case.got.items()
        for value in values
    ]
    copied = sum(abs(value - foreseen) <= 0.5 for value, foreseen in pairs if foreseen >= 100)
    if copied > COPIED * max(len(pairs), 1):
        raise InputError(
            f"{where}: {copied} of {len(pairs)} counts are what was foreseen, to the digit; nothing is learnt from "
            "forecasts, expected what was counted"
        )
    return Campaign(sealed.sha256, sealed.brand, tuple(cases))


FIELDS = ("creator_id", "label", "platform", "posts", "vendor", "own_last_8", "fit")


def read_campaigns(forecasts: Sequence[str], outcomes: Sequence[str]) -> list[Campaign]:
    """Campaigns of sealed forecasts and the outcomes of each, in one order.

    Raises InputError for files that cannot be read, a forecast that was changed after it was sealed or is named twice,
    outcomes that are none of it, and forecasts of several brands.
    """
    if len(forecasts) != len(outcomes):
        raise InputError(
            f"{len(forecasts)} forecasts and {len(outcomes)} files of outcomes; expected one of outcomes for each "
            "forecast, in the same order"
        )
    campaigns: dict[str, Campaign] = {}
    for path, counted in zip(forecasts, outcomes, strict=True):
        sealed = read_sealed(path)
        if sealed.sha256 in campaigns:
            raise InputError(f"{path}: the same forecast as an earlier one; expected each campaign once")
        campaigns[sealed.sha256] = campaign_of(sealed, read_outcomes(counted)[0], str(Path(counted)))
    brands = sorted({campaign.brand for campaign in campaigns.values()})
    if len(brands) > 1:
        raise InputError(f"forecasts of {', '.join(brands)}; expected one client's")
    return list(campaigns.values())
