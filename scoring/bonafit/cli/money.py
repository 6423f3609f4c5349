"""`bonafit money`: what creators cost for what they are foreseen to bring, and what could be offered."""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Sequence

from bonafit.campaign.candidates import why_no_price
from bonafit.campaign.money import Cost, Money, money
from bonafit.campaign.terms import Terms
from bonafit.cli.campaign_options import amount, count, read_campaign, scores_options, spread, table
from bonafit.cli.command import OK, Command
from bonafit.io.write import check_output, defused, write_records

EXAMPLES = """
examples:
  bonafit money scores.jsonl --brief brief.toml
  bonafit money scores.jsonl --brief brief.toml --out money.csv
"""
RANKED = ("shortlist", "review")


def _arguments(parser: argparse.ArgumentParser) -> None:
    scores_options(parser)
    parser.add_argument("--out", metavar="FILE", help="every creator in full: JSONL, CSV or Parquet by its name")
    parser.add_argument("--top", type=int, default=20, metavar="N", help="rows of the printed table, default 20")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.out is not None:
        check_output(arguments.out, arguments.scores, arguments.brief, arguments.client)
    _, _, terms, people = read_campaign(arguments)
    rows = money(people, terms)
    if arguments.out is not None:
        write_records(arguments.out, rows, kind=Money, columns=_columns)
    if arguments.out != "-":
        print("\n".join(_table(rows, terms, arguments.top)))
    for line in _told(rows):
        print(line, file=sys.stderr)
    return OK


def _cost(row: Money, unit: str) -> Cost | None:
    return next((cost for cost in row.costs if cost.unit == unit), None)


def _table(rows: Sequence[Money], terms: Terms, top: int) -> list[str]:
    """Shortlisted creators and those for review with a price, cheapest for what is genuine and on niche first."""
    unit = "engagement" if terms.goal == "engagements" else "thousand views"
    priced = [
        (cost.value / row.weight if row.weight else math.inf, row, cost)
        for row in rows
        if row.verdict in RANKED and (cost := _cost(row, unit)) is not None
    ]
    priced.sort(key=lambda item: (item[0], item[1].creator_id))
    head = (
        "creator",
        "verdict",
        "price",
        f"{terms.goal} of a post",
        f"for one {unit}",
        "genuine, on niche",
        "like size",
        "ceiling",
        "offer",
    )
    cells = [head]
    for weighed, row, cost in priced[:top]:
        cells.append(
            (
                row.label,
                row.verdict,
                amount(row.price),
                count(row.engagements if terms.goal == "engagements" else row.views),
                spread(cost.value, cost.low, cost.high),
                amount(weighed),
                f"x {cost.times_peers:.2f} of {cost.peers.n}" if cost.peers and cost.times_peers else "-",
                cost.against or "-",
                _offered(row),
            )
        )
    lines = [f"one post each, in {terms.currency}; 90 % intervals in brackets", "", *table(cells, right=(2,))]
    if len(priced) > top:
        lines.append(f"and {len(priced) - top:,} more, see --out")
    if priced:
        lines += ["", *_legend([row for _, row, _ in priced], terms, unit)]
    return lines


def _legend(rows: Sequence[Money], terms: Terms, unit: str) -> list[str]:
    """What each column says, and what is paid beside the fee."""
    sources = Counter(row.offer.source for row in rows if row.offer)
    legend = [
        (f"for one {unit}", f"price over the {terms.goal} foreseen of a post"),
        ("genuine, on niche", "the same over the part of them that counts as genuine and on niche"),
        ("like size", "times the median of so many creators with half to twice the followers"),
    ]
    if terms.ceiling() is not None:
        legend.append(("ceiling", "under or over where the whole interval is; open where it holds the ceiling"))
    legend += [("offer", f"low end to middle of that part, at {text} ({n:,} creators)") for text, n in _merged(sources)]
    legend += [
        (line.what, line.source + ("" if line.amount is None else ", beside the fee")) for line in rows[0].lines[1:]
    ]
    width = max(len(name) for name, _ in legend)
    return [f"{name:{width}}  {text}" for name, text in legend]


def _offered(row: Money) -> str:
    if row.offer is None:
        return "-"
    place = {"below": ", price below", "above": ", price above"}.get(row.offer.asked or "", "")
    return f"{amount(row.offer.opening)} to {amount(row.offer.at_most)}{place}"


def _merged(sources: Counter[str]) -> list[tuple[str, int]]:
    """Sources with how often, those of like size as one line."""
    merged: Counter[str] = Counter()
    for source, n in sources.items():
        merged["what creators of like size in this file ask for one" if "of like size" in source else source] += n
    return merged.most_common()


def _told(rows: Sequence[Money]) -> list[str]:
    """Who has no cost and why, counted."""
    why: Counter[str] = Counter()
    for row in rows:
        if row.price is None:
            why[why_no_price(row.price_from)] += 1
        elif not row.costs:
            why["a price and nothing foreseen of the next post"] += 1
    out = [f"{n:,} of {len(rows):,} creators: {text}, so no cost" for text, n in why.most_common()]
    currencies = Counter(row.price_from.rsplit("add ", 1)[1].split()[0] for row in rows if "no rate" in row.price_from)
    if currencies:
        names = ", ".join(f"{code} ({n:,})" for code, n in currencies.most_common())
        out.append(f"currencies without a rate: {names}; write what one is worth under [campaign.rates] in the brief")
    return out


def _columns(row: Money) -> dict[str, object]:
    cells: dict[str, object] = {
        "creator_id": defused(row.creator_id),
        "label": defused(row.label),
        "platform": row.platform and defused(row.platform),
        "followers": row.followers,
        "verdict": row.verdict,
        "currency": row.currency,
        "price": row.price,
        "price_from": defused(row.price_from),
    }
    for name, estimate in (("engagements", row.engagements), ("views", row.views)):
        for side in ("value", "low", "high"):
            cells[f"{name}_{side}"] = None if estimate is None else getattr(estimate, side)
    for unit in ("engagement", "thousand views"):
        cost, name = _cost(row, unit), unit.replace(" ", "_")
        for side in ("value", "low", "high", "times_peers", "ceiling", "against"):
            cells[f"cost_per_{name}_{side}"] = None if cost is None else getattr(cost, side)
    for side in ("opening", "at_most", "asked", "source"):
        cells[f"offer_{side}"] = None if row.offer is None else getattr(row.offer, side)
    cells["no_offer"] = row.no_offer
    for line in row.lines[1:]:
        cells[line.what.replace(" ", "_")] = line.amount
    return cells


COMMAND = Command(
    name="money",
    help="say what creators cost for what they are foreseen to bring, and what could be offered",
    description="Cost for each predicted engagement and for each thousand predicted views with its 90 % interval,\n"
    "beside creators of like size and the brief's ceiling, and an offer range. Each line says from what it was made."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
