"""`bonafit portfolio`: whom to book for a budget."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bonafit.campaign.answer import Booked, Infeasible, Portfolio
from bonafit.campaign.money import with_estimated_prices
from bonafit.campaign.overlap import read_overlaps
from bonafit.campaign.portfolio import COMPETITOR_TIE, check_budget, choose
from bonafit.cli.campaign_options import amount, read_campaign, scores_options, table
from bonafit.cli.command import FAILED, OK, Command
from bonafit.errors import InputError
from bonafit.explanations.sentences import say
from bonafit.io.printable import printable
from bonafit.io.write import check_output

EXAMPLES = """
examples:
  bonafit portfolio scores.jsonl --budget 20000 --brief brief.toml
  bonafit portfolio scores.jsonl --brief brief.toml --overlaps overlaps.csv --out portfolio.json
"""

# Of those who could not be chosen for one reason; the others are in the answer's `left_out`.
MOST_NAMED = 8


def _arguments(parser: argparse.ArgumentParser) -> None:
    scores_options(parser)
    parser.add_argument("--budget", type=float, metavar="AMOUNT", help="to spend, in place of the brief's")
    parser.add_argument(
        "--overlaps",
        metavar="FILE",
        help="audience that creators share: creator_a, creator_b and shared (people) or share (of the smaller one)",
    )
    parser.add_argument(
        "--estimate-prices",
        action="store_true",
        help="take the median price of creators of like size where none is given, and say so; else they are left out",
    )
    parser.add_argument(
        "--competitor-ties",
        action="store_true",
        help="book creators tied to a competitor of the brief as well; else they are left out, but for must_have",
    )
    parser.add_argument("--seconds", type=float, default=8.0, metavar="S", help="stop looking after so many, default 8")
    parser.add_argument("--out", metavar="FILE", help="the whole answer as JSON; - is stdout in place of the page")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.out not in (None, "-"):
        check_output(arguments.out, arguments.scores, arguments.brief, arguments.overlaps, arguments.client)
    if not arguments.seconds > 0:
        raise InputError(f"--seconds {arguments.seconds:g}: expected more than 0")
    _, _, terms, people = read_campaign(arguments)
    terms = check_budget(terms, arguments.budget)
    if arguments.competitor_ties:
        terms = msgspec.structs.replace(terms, competitor_ties=True)
    if arguments.estimate_prices:
        people = with_estimated_prices(people)
    given = None if arguments.overlaps is None else read_overlaps(arguments.overlaps)
    answer = choose(people, terms, given=given, seconds=arguments.seconds)
    document = msgspec.json.format(msgspec.json.encode(answer), indent=1)
    if arguments.out == "-":
        print(document.decode())
    else:
        if arguments.out is not None:
            Path(arguments.out).write_bytes(document + b"\n")
        print("\n".join(clash_page(answer) if isinstance(answer, Infeasible) else portfolio_page(answer)))
    for why, labels in answer.left_out.items():
        named = ", ".join(printable(label) for label in labels[:MOST_NAMED])
        more = f" and {len(labels) - MOST_NAMED:,} more" if len(labels) > MOST_NAMED else ""
        how = "; --competitor-ties or must_have lets them in" if why == COMPETITOR_TIE else ""
        print(f"could not be chosen, {why}: {named}{more}{how}", file=sys.stderr)
    return FAILED if isinstance(answer, Infeasible) else OK


def portfolio_page(answer: Portfolio) -> list[str]:
    """A portfolio as lines of text for the client."""
    lines = [
        f"{len(answer.booked)} creators for {amount(answer.spent)} of {amount(answer.budget)} {answer.currency}",
        f"expected {answer.goal} that are genuine and on niche: {answer.brings:,.0f}"
        + (f" to {answer.at_most:,.0f}" if answer.at_most > answer.brings * 1.0005 else ""),
        answer.near,
        *(f"taken for granted: {line}" for line in answer.assumptions),
        "",
        *_booked(answer.booked),
    ]
    if answer.worth_of_money > 0:
        lines += ["", f"the last {answer.currency} brings {answer.worth_of_money:.3g} {answer.goal}"]
    if answer.next_in_line:
        lines += ["", "who comes next, should somebody drop out:"]
        lines += table(
            [
                ("creator", "cost of a post", "would add", "enters at"),
                *(
                    (n.label, amount(n.cost), f"{n.adds:,.0f}", "-" if n.enters_at is None else amount(n.enters_at))
                    for n in answer.next_in_line
                ),
            ],
            right=(1, 2, 3),
        )
        lines.append(say("campaign", "enters_at"))
    lines += ["", "budget and what it brings" + _bound_note(any(p.is_bound for p in answer.frontier)) + ":"]
    lines += [
        f"  {amount(point.budget):>10}  {point.brings:>10,.0f}  "
        f"{'at most' if point.is_bound else f'{point.creators} creators'}"
        for point in answer.frontier
    ]
    if dear := [wish for wish in answer.wishes if wish.costs > 0.0005 * answer.brings]:
        lines += ["", f"what each wish costs, in {answer.goal}:"]
        lines += [f"  {wish.costs:>10,.0f}  {wish.name}" for wish in dear]
    if free := [wish.name for wish in answer.wishes if wish not in dear]:
        lines += ["", "cost nothing: " + "; ".join(free)]
    return lines


def _bound_note(is_bound: bool) -> str:
    return " (bounds: a list of whole posts brings a little less)" if is_bound else ""


def _booked(booked: Sequence[Booked]) -> list[str]:
    head = ("creator", "platform", "language", "tier", "verdict", "posts", "cost", "adds", "worth up to")
    rows = [
        (
            b.label,
            b.platform or "-",
            b.language or "-",
            b.tier or "-",
            b.verdict,
            str(b.posts),
            amount(b.cost) + ("*" if b.is_estimated else ""),
            f"{b.adds:,.0f}",
            "-" if b.worth_up_to is None else amount(b.worth_up_to),
        )
        for b in booked
    ]
    lines = [*table([head, *rows], right=(5, 6, 7, 8)), say("campaign", "worth_up_to")]
    if any(b.is_estimated for b in booked):
        lines.append(say("campaign", "estimated"))
    if tied := [b.label for b in booked if b.competitors]:
        lines += ["", say("campaign", "competitors_in", n=len(tied))]
    if looked_at := [b for b in booked if b.review]:
        lines += ["", "look before booking:"]
        lines += [f"  {printable(b.label)}: {printable(' '.join(b.review))}" for b in looked_at]
    return lines


def clash_page(answer: Infeasible) -> list[str]:
    """What clashes, as lines of text."""
    if len(answer.clash) == 1:
        return [f"no list of the {answer.candidates:,} candidates holds this: {printable(answer.clash[0])}"]
    return [
        f"no list of the {answer.candidates:,} candidates holds all of this; dropping any one of these would do:",
        *(f"  {name}" for name in answer.clash),
    ]


COMMAND = Command(
    name="portfolio",
    help="choose whom to book for a budget, with what every wish costs",
    description="The creators and posts that bring most genuine, on-niche people for a budget, nobody paid for\n"
    "twice as far as overlaps are known; quotas and caps stand in the brief's [campaign] table.\n"
    "Exit code 1 where no list holds every constraint; then it says which clash. Needs bonafit[campaign]." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
