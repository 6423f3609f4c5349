"""What a campaign brought for its money: by creator, against what was promised and against a control."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bonafit.campaign.answer import Portfolio
from bonafit.campaign.candidates import COUNTS
from bonafit.campaign.control import Effect
from bonafit.campaign.outcomes import AMOUNTS, CHECKS, Outcome, by_creator
from bonafit.campaign.sealing import Sealed
from bonafit.campaign.shrinkage import ShrunkRate, shrunk_rates
from bonafit.campaign.terms import Terms

# What conversions are counted against: the first of these that somebody states.
EXPOSURES = ("clicks", "impressions", "reach", "views")
NOT_CAUSAL = (
    "What sold is not what the campaign caused: without a control, buyers who would have bought anyway are counted. "
    "Give --control for a difference in differences."
)


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """One count against what was promised. ratio : delivered over promised; None where nothing was counted."""

    count: str
    promised: float
    delivered: float | None
    ratio: float | None


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """One creator, or all of them as `label` total; sums are of the posts that state a figure, None where none does.

    cpe, cpm, cpv, cpa : cost for an engagement, a thousand impressions, a view, a conversion. roi : (revenue - cost) /
    cost. emv : by the user's own rates alone.
    conversion, engagement : rates drawn towards the campaign's, conversions for each unit of `exposure` and engagements
    for each impression. cpa_shrunk : cost over the conversions that the drawn rate stands for.
    broken : what was agreed and not done. unknown : what no row says.
    """

    creator_id: str
    label: str
    posts: int
    sums: dict[str, float | None]
    revenue: float | None
    cost: float | None
    cpe: float | None
    cpm: float | None
    cpv: float | None
    cpa: float | None
    roi: float | None
    emv: float | None
    exposure: str | None = None
    conversion: ShrunkRate | None = None
    engagement: ShrunkRate | None = None
    cpa_shrunk: float | None = None
    promises: tuple[Promise, ...] = ()
    broken: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as it went. notes : what must be known to read it; effect : against a control, None without one."""

    currency: str
    total: Delivered
    creators: tuple[Delivered, ...]
    effect: Effect | None
    notes: tuple[str, ...]


def measure(
    outcomes: Iterable[Outcome],
    terms: Terms,
    *,
    sealed: Sealed | None = None,
    portfolio: Portfolio | None = None,
    effect: Effect | None = None,
) -> Measured:
    """Everything that outcomes say of a campaign.

    sealed    : the forecast, whose middles are what was promised. portfolio : the list, for posts that were agreed and
    for costs that no row states. effect : of a control (bonafit.campaign.control).
    """
    labels, posts, costs = _agreed(sealed, portfolio)
    rows = by_creator(outcomes, labels.items())
    ids = sorted({*rows, *labels})
    parts = [
        _delivered(name, labels.get(name, name), rows.get(name, []), terms, costs.get(name), posts.get(name))
        for name in ids
    ]
    promised = {entry.creator_id: entry for entry in sealed.plan} if sealed is not None else {}
    parts = [
        msgspec.structs.replace(
            part,
            promises=tuple(
                _promise(count, estimate.value * promised[part.creator_id].posts, part.sums[count])
                for count, estimate in promised[part.creator_id].counts.items()
            ),
        )
        if part.creator_id in promised
        else part
        for part in parts
    ]
    exposure = next((name for name in EXPOSURES if any(part.sums[name] for part in parts)), None)
    parts = _with_rates(parts, exposure)
    every = [entry for name in ids for entry in rows.get(name, ())]
    paid = [part.cost for part in parts if part.cost is not None]
    every = [msgspec.structs.replace(entry, cost=None) for entry in every]
    total = _delivered("", "total", every, terms, math.fsum(paid) if paid else None, None)
    total = _put_together(total, parts, sealed)
    return Measured(
        currency=terms.currency,
        total=total,
        creators=tuple(sorted(parts, key=lambda part: (-(part.sums["engagements"] or 0.0), part.creator_id))),
        effect=effect,
        notes=tuple(_strangers(labels, rows) + _notes(parts, terms, effect, exposure)),
    )


def _agreed(
    sealed: Sealed | None, portfolio: Portfolio | None
) -> tuple[dict[str, str], dict[str, int], dict[str, float]]:
    """Labels, posts and costs that were agreed, by creator."""
    labels, posts, costs = dict[str, str](), dict[str, int](), dict[str, float]()
    for planned in sealed.plan if sealed is not None else ():
        labels[planned.creator_id], posts[planned.creator_id] = planned.label, planned.posts
    for booked in portfolio.booked if portfolio is not None else ():
        labels[booked.creator_id], posts[booked.creator_id] = booked.label, booked.posts
        costs[booked.creator_id] = booked.cost
    return labels, posts, costs


def _sum(rows: Sequence[Outcome], name: str) -> float | None:
    values = [row.engaged() if name == "engagements" else getattr(row, name) for row in rows if row.posted is not False]
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _per(cost: float | None, amount: float | None, times: float = 1.0) -> float | None:
    return None if cost is None or not amount else cost * times / amount


def _delivered(
    creator_id: str, label: str, rows: Sequence[Outcome], terms: Terms, agreed: float | None, posts: int | None
) -> Delivered:
    sums = {name: _sum(rows, name) for name in AMOUNTS}
    stated = [row.cost for row in rows if row.cost is not None]
    # whoever posted nothing and of whom no row states a cost is not taken to have been paid
    cost = math.fsum(stated) if stated else agreed if rows else None
    revenue = _sum(rows, "revenue")
    worth = [terms.emv[name] * (sums[name] or 0.0) for name in terms.emv]
    went = [row for row in rows if row.posted is not False]
    broken, unknown = _contract(rows, len(went), posts)
    return Delivered(
        creator_id=creator_id,
        label=label,
        posts=len(went),
        sums=sums,
        revenue=revenue,
        cost=cost,
        cpe=_per(cost, sums["engagements"]),
        cpm=_per(cost, sums["impressions"], 1_000),
        cpv=_per(cost, sums["views"]),
        cpa=_per(cost, sums["conversions"]),
        roi=None if not cost or revenue is None else (revenue - cost) / cost,
        emv=math.fsum(worth) if worth else None,
        broken=broken,
        unknown=unknown,
    )


def _contract(rows: Sequence[Outcome], went: int, posts: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was agreed and not done, and what no row says."""
    broken = [] if posts is None or went >= posts else [f"{went} of {posts} posts ran"]
    unknown = []
    for name in CHECKS[1:]:
        answers = [getattr(row, name) for row in rows if row.posted is not False]
        if missed := sum(value is False for value in answers):
            broken.append(
                f"not {name} in {missed} of {len(answers)} posts" if name != "code" else f"no code in {missed} posts"
            )
        elif answers and all(value is None for value in answers):
            unknown.append(name)
    return tuple(broken), tuple(unknown)


def _promise(count: str, promised: float, delivered: float | None) -> Promise:
    return Promise(
        count=count, promised=promised, delivered=delivered,
        ratio=None if delivered is None or not promised else delivered / promised,
    )  # fmt: skip


def _with_rates(parts: Sequence[Delivered], exposure: str | None) -> list[Delivered]:
    def rates(events: str, over: str | None) -> list[ShrunkRate | None]:
        if over is None:
            return [None] * len(parts)
        stated = [part.sums[events] is not None for part in parts]
        exposed = [(part.sums[over] or 0.0) if known else 0.0 for part, known in zip(parts, stated, strict=True)]
        return shrunk_rates([part.sums[events] or 0.0 for part in parts], exposed)

    conversions, engagements = rates("conversions", exposure), rates("engagements", "impressions")
    out = []
    for part, sold, engaged in zip(parts, conversions, engagements, strict=True):
        expected = None if sold is None or exposure is None else sold.value * (part.sums[exposure] or 0.0)
        out.append(
            msgspec.structs.replace(
                part, exposure=exposure, conversion=sold, engagement=engaged, cpa_shrunk=_per(part.cost, expected)
            )
        )
    return out


def _put_together(total: Delivered, parts: Sequence[Delivered], sealed: Sealed | None) -> Delivered:
    """The total, with costs of whoever has one and the promises of the forecast's own totals."""
    promises: tuple[Promise, ...] = ()
    if sealed is not None:
        # what somebody brought of whom nothing was promised keeps no promise
        ids = {count: {entry.creator_id for entry in sealed.plan if count in entry.counts} for count in COUNTS}
        counted = {count: [part.sums[count] for part in parts if part.creator_id in of] for count, of in ids.items()}
        promises = tuple(
            _promise(promised.count, promised.value, _known_sum(counted[promised.count])) for promised in sealed.totals
        )
    return msgspec.structs.replace(
        total,
        promises=promises,
        broken=tuple(f"{part.label}: {text}" for part in parts for text in part.broken),
        unknown=tuple(
            name for name in CHECKS[1:] if parts and all(name in part.unknown for part in parts if part.posts)
        ),
    )


def _known_sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _strangers(labels: Mapping[str, str], rows: Mapping[str, Sequence[Outcome]]) -> list[str]:
    """That rows are of creators with whom nothing was agreed, where a list says with whom it was."""
    if not labels or not (strange := sorted(set(rows) - set(labels))):
        return []
    return [f"not on the list, and in the total: {_some(strange)}; check the spelling if they should be on it"]


def _notes(parts: Sequence[Delivered], terms: Terms, effect: Effect | None, exposure: str | None) -> list[str]:
    notes = [NOT_CAUSAL] if effect is None else []
    if missing := [part.label for part in parts if part.cost is None and part.posts]:
        notes.append(f"no cost is known of {_some(missing)}: the total's costs are without theirs")
    if silent := [part.label for part in parts if not part.posts]:
        notes.append(f"no post that ran is known of {_some(silent)}")
    if exposure is not None and any(part.sums["conversions"] is not None for part in parts):
        notes.append(
            f"conversions are drawn towards the campaign's by {exposure}: few of them say little of one creator"
        )
    if not terms.emv:
        notes.append("no earned media value: write what a like or a view is worth to you under [campaign.emv]")
    for name in ("impressions", "revenue", "conversions"):
        known = sum((part.revenue if name == "revenue" else part.sums[name]) is not None for part in parts)
        if 0 < known < len(parts):
            notes.append(f"{name} are stated of {known} of {len(parts)} creators, and the total is of those")
    return notes


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
