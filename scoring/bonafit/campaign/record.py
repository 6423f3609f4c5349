"""How sealed forecasts came out: each scored once against what happened, and the running record of all.

A forecast stands beside what simpler rules had said of the same posts; the record holds one line a count of each.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from bonafit.campaign.forecast import KEPT, Planned, Total, crps, total
from bonafit.campaign.outcomes import Outcome, by_creator, ran
from bonafit.campaign.sealing import GUESS, Sealed
from bonafit.campaign.shapes import shapes_digest
from bonafit.errors import InputError
from bonafit.io.streams import named


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """How one count of one forecast came out: a line of the record.

    posts, planned_posts : that ran and were counted, and that were planned; the forecast is of those that ran.
    covered  : whether the outcome lay in the 90 % interval. crps : of the forecast; rivals : absolute errors of the
    simpler rules for the same posts, which is what a CRPS is of a single figure.
    level    : share of the forecast's distribution under the outcome.
    """

    sha256: str
    brand: str
    month: str | None
    count: str
    outcome: float
    value: float
    low: float
    high: float
    covered: bool
    level: float
    crps: float
    rivals: dict[str, float]
    posts: int
    planned_posts: int
    chances: tuple[tuple[float, float, bool], ...] = ()


def scored(sealed: Sealed, outcomes: Iterable[Outcome]) -> list[Scored]:
    """How a forecast came out, one entry a count; the forecast and its rivals are those of the posts that ran.

    Posts beyond those planned are left out, the last rows first: they were not promised.
    """
    rows = by_creator(outcomes, ((entry.creator_id, entry.label) for entry in sealed.plan))
    out = []
    for promised in sealed.totals:
        came, plan = 0.0, []
        for entry in sealed.plan:
            counted = ran(rows.get(entry.creator_id, ()), promised.count)[: entry.posts]
            if promised.count in entry.counts and counted:
                came += math.fsum(counted)
                plan.append(msgspec.structs.replace(entry, posts=len(counted)))
        now = _of_posts(sealed, promised, plan)
        if now is not None:
            out.append(_scored(sealed, promised, now, came))
    return out


def _of_posts(sealed: Sealed, promised: Total, plan: Sequence[Planned]) -> Total | None:
    """The forecast of the posts that ran; None where none did. Raises InputError where only its own version can say."""
    posts = sum(entry.posts for entry in plan)
    if posts == promised.posts:
        return promised
    if sealed.method != shapes_digest():
        raise InputError(
            f"{posts} of {promised.posts} posts ran, and another version made this forecast; score it with that"
        )
    return total(plan, promised.count)


def _scored(sealed: Sealed, promised: Total, now: Total, came: float) -> Scored:
    rivals = {name: abs(value - came) for name, value in now.rivals.items()}
    whole = now.posts == promised.posts
    if GUESS in promised.rivals and whole:
        rivals[GUESS] = abs(promised.rivals[GUESS] - came)
    return Scored(
        sha256=sealed.sha256,
        brand=sealed.brand,
        month=sealed.month,
        count=promised.count,
        outcome=came,
        value=now.value,
        low=now.low,
        high=now.high,
        covered=now.low <= came <= now.high,
        level=float(np.interp(came, now.quantiles, KEPT, left=0.0, right=1.0)),
        crps=crps(now.quantiles, came),
        rivals=rivals,
        posts=now.posts,
        planned_posts=promised.posts,
        chances=tuple(
            (chance.target, chance.probability, came >= chance.target)
            for chance in sealed.chances
            if chance.count == promised.count and whole
        ),
    )


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """How forecasts of one count came out so far.

    covered  : share of outcomes within their 90 % intervals. against : mean CRPS over a rival's mean error, for the
    forecasts where the rival said something; under 1 is better than the rival. n_against : how many those are.
    promised, reached : mean probability of the targets, and the share that was reached.
    """

    count: str
    n: int
    covered: float
    against: dict[str, float]
    n_against: dict[str, int]
    promised: float | None
    reached: float | None


def record(entries: Sequence[Scored]) -> list[Record]:
    """The running record, entry entry a count, in the order of the counts' names."""
    out = []
    for count in sorted({entry.count for entry in entries}):
        of_count = [entry for entry in entries if entry.count == count]
        against, n_against = {}, {}
        for rival in sorted({name for entry in of_count for name in entry.rivals}):
            both = [entry for entry in of_count if rival in entry.rivals]
            error = math.fsum(entry.rivals[rival] for entry in both)
            n_against[rival] = len(both)
            if error > 0:
                against[rival] = math.fsum(entry.crps for entry in both) / error
        chances = [chance for entry in of_count for chance in entry.chances]
        out.append(
            Record(
                count=count,
                n=len(of_count),
                covered=sum(entry.covered for entry in of_count) / len(of_count),
                against=against,
                n_against=n_against,
                promised=sum(chance[1] for chance in chances) / len(chances) if chances else None,
                reached=sum(chance[2] for chance in chances) / len(chances) if chances else None,
            )
        )
    return out


def read_record(path: str | os.PathLike[str]) -> list[Scored]:
    """Every entry of a record file. Raises InputError where it is none."""
    try:
        lines = [line for line in Path(path).read_bytes().splitlines() if line.strip()]
        return [msgspec.json.decode(line, type=Scored) for line in lines]
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{named(path)}: is no record of forecasts ({error})") from error


def append_record(path: str | os.PathLike[str], entries: Sequence[Scored]) -> list[Scored]:
    """Add entries to a record file and return all it then holds. Raises InputError for a forecast it holds already."""
    place = Path(path)
    earlier = read_record(place) if place.exists() else []
    known = {(entry.sha256, entry.count) for entry in earlier}
    if again := [entry for entry in entries if (entry.sha256, entry.count) in known]:
        raise InputError(
            f"{place}: holds the outcome of this forecast ({again[0].count}) already; a forecast is scored once"
        )
    with place.open("ab") as handle:
        for entry in entries:
            handle.write(msgspec.json.encode(entry) + b"\n")
    return [*earlier, *entries]
