"""What a campaign on a page costs and brings: each creator's price, the list that a budget buys, what it will get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bonafit.campaign.answer import Booked, Infeasible, Point, Portfolio
from bonafit.campaign.candidates import COUNTS, candidates
from bonafit.campaign.forecast import Planned, Total, planned, total
from bonafit.campaign.money import Cost, Money, money
from bonafit.campaign.portfolio import choose
from bonafit.campaign.terms import Terms
from bonafit.errors import BriefError, InputError
from bonafit.explanations.sentences import say
from bonafit.records import Brief
from bonafit.report.material import Material
from bonafit.report.texts import MISSING, count, stranger
from bonafit.report.texts import money as amount
from bonafit.results import CreatorScore

CURRENCY_LENGTH = 3
# A page holds few creators and is made once: long enough that the clock never decides what stands on it.
SECONDS = 40.0
NOBODY = Brief(brand="-", description="-")


@dataclass(frozen=True)
class Figure:
    """A line of a card. what : its name. value : as people write it; beside : in small print."""

    what: str
    value: str
    beside: str = ""


@dataclass(frozen=True)
class Plan:
    """The list that the brief's budget buys. why_not : why there is none; clash : wishes that cannot hold together.

    totals : what the list gets. numbers : of the cards that names lead to. left_out : who could not be chosen,
    by reason.
    """

    answer: Portfolio | None = None
    clash: tuple[str, ...] = ()
    why_not: str | None = None
    totals: tuple[Total, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def most(self) -> float:
        """What the largest budget brings."""
        return max((point.brings for point in self.answer.frontier), default=0.0) if self.answer else 0.0

    @property
    def frontier(self) -> list[Point]:
        """Budgets up to the first that brings as much as any."""
        points = self.answer.frontier if self.answer else ()
        enough = [point.budget for point in points if point.brings >= self.most * (1 - 1e-9)]
        return [point for point in points if not enough or point.budget <= enough[0]]

    @property
    def looked_at(self) -> list[Booked]:
        """Booked creators on whom a person has to look before."""
        return [booked for booked in self.answer.booked if booked.review] if self.answer else []


def moneys(results: Sequence[CreatorScore], brief: Brief | None, terms: Terms | None) -> dict[str, Money]:
    """Costs and offers by creator: in the campaign's currency, else each in the currency of their own price."""
    brief_or_none = brief or NOBODY
    if terms is not None:
        return {row.creator_id: row for row in money(candidates(results, brief_or_none, terms), terms)}
    groups: dict[str, list[CreatorScore]] = {}
    for result in results:
        code = (result.profile.currency or "").strip().upper()
        if result.profile.price is not None and len(code) == CURRENCY_LENGTH:
            groups.setdefault(code, []).append(result)
    out: dict[str, Money] = {}
    for code, members in groups.items():
        alone = Terms(currency=code)
        out |= {row.creator_id: row for row in money(candidates(members, brief_or_none, alone), alone)}
    return out


def figures_of(result: CreatorScore, row: Money | None) -> list[Figure]:
    """Price, what an engagement costs beside creators of like size and the ceiling, and what could be offered."""
    profile = result.profile
    price = "not given" if profile.price is None else amount(profile.price, profile.currency)
    figures = [Figure("Price of a post", price)]
    if row is None:
        return figures
    if row.price is None and profile.price is not None:
        return [Figure("Price of a post", figures[0].value, "no rate for this currency in the brief")]
    figures += [_cost(cost, row.currency) for cost in row.costs]
    if row.offer is not None and result.verdict != "never":
        places = {
            "below": "the price is below that",
            "within": "the price lies within",
            "above": "the price is above that",
        }
        place = places.get(row.offer.asked or "", "")
        low, high = amount(row.offer.opening, ""), amount(row.offer.at_most, row.currency)
        figures.append(Figure("Could be offered for a post", f"{low}–{high}", place))
    return figures


def _cost(cost: Cost, currency: str) -> Figure:
    beside = f"{amount(cost.low, '')}–{amount(cost.high, '')}"
    if cost.peers is not None:
        beside += f"; others of this size {amount(cost.peers.median, '')}"
    if cost.against in ("under", "over"):
        beside += f"; {cost.against} the ceiling"
    label = "Cost of an engagement" if cost.unit == "engagement" else f"Cost of a {cost.unit}"
    return Figure(label, amount(cost.value, currency), beside)


def plan_of(material: Material, numbers: Mapping[str, int]) -> Plan | None:
    """The list that was given, else the one that the budget buys; None where the brief has no budget.

    numbers : places of the cards that names on the list lead to. Raises InputError where a given list books somebody
    who is not on the page.
    """
    results, brief, terms = material.results, material.brief, material.terms
    by_id = {result.creator_id: result for result in results}
    answer: Portfolio | Infeasible | None = material.portfolio
    if answer is None:
        if brief is None or terms is None or terms.budget is None:
            return None
        try:
            answer = choose(candidates(results, brief, terms), terms, seconds=SECONDS)
        except (BriefError, InputError) as error:
            return Plan(why_not=stranger(str(error), 400))
    if isinstance(answer, Infeasible):
        return Plan(clash=answer.clash, left_out=answer.left_out)
    if strange := [booked.label for booked in answer.booked if booked.creator_id not in by_id]:
        raise InputError(
            f"the portfolio books {', '.join(strange[:3])}, not on the page; expected the list made of these scores, "
            "and --most large enough"
        )
    plan: list[Planned] = [planned(by_id[booked.creator_id], booked.posts) for booked in answer.booked]
    totals = [forecast for name in COUNTS if (forecast := total(plan, name)) is not None]
    return Plan(answer=answer, totals=tuple(totals), numbers=numbers, left_out=answer.left_out)


def offers_from(rows: Mapping[str, Money]) -> list[str]:
    """From what the offers on the page were made, each source once."""
    sources = {row.offer.source for row in rows.values() if row.offer is not None}
    worths = {"what creators of like size ask" if "of like size" in source else source for source in sources}
    return [say("campaign", "offer", worth=worth) for worth in sorted(worths)]


def rival(forecast: Total, name: str) -> str:
    """What a simpler rule says of a total; a dash where it says nothing of all of them."""
    return count(forecast.rivals[name]) if name in forecast.rivals else MISSING
