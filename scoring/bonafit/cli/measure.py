"""`bonafit measure`: what a campaign brought for its money."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from bonafit.campaign.answer import read_portfolio
from bonafit.campaign.control import Effect, read_control
from bonafit.campaign.measure import Delivered, Measured, measure
from bonafit.campaign.outcomes import read_outcomes
from bonafit.campaign.sealing import read_sealed
from bonafit.campaign.terms import read_campaign_brief
from bonafit.cli.campaign_options import amount, table
from bonafit.cli.command import OK, Command
from bonafit.io.write import check_output

EXAMPLES = """
examples:
  bonafit measure outcomes.csv --brief brief.toml
  bonafit measure outcomes.csv --brief brief.toml --forecast forecast.json --portfolio portfolio.json \\
      --control regions.csv --out measured.json
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "outcomes",
        metavar="OUTCOMES",
        help="a row a post or a creator: creator_id or handle, and of impressions, reach, likes, comments, shares, "
        "saves, engagements, views, clicks, codes, conversions, revenue, cost, posted, tagged, code, disclosed what "
        "is known",
    )
    parser.add_argument("--brief", metavar="FILE", required=True, help="the brief with its [campaign] table")
    parser.add_argument("--forecast", metavar="FILE", help="the sealed forecast: what was promised")
    parser.add_argument("--portfolio", metavar="FILE", help="the portfolio: posts and costs that were agreed")
    parser.add_argument(
        "--control", metavar="FILE", help="unit, group (treated, control), period (before, after), value: what would "
        "have been without the campaign"
    )  # fmt: skip
    parser.add_argument("--out", metavar="FILE", help="the whole answer as JSON; - is stdout in place of the page")


def _run(arguments: argparse.Namespace) -> int:
    if arguments.out not in (None, "-"):
        check_output(arguments.out, arguments.outcomes, arguments.brief, arguments.forecast, arguments.portfolio)
    _, terms = read_campaign_brief(arguments.brief)
    outcomes, unread = read_outcomes(arguments.outcomes, terms)
    portfolio = None
    if arguments.portfolio is not None:
        portfolio = read_portfolio(arguments.portfolio)
    measured = measure(
        outcomes,
        terms,
        sealed=None if arguments.forecast is None else read_sealed(arguments.forecast),
        portfolio=portfolio,
        effect=None if arguments.control is None else read_control(arguments.control),
    )
    document = msgspec.json.format(msgspec.json.encode(measured), indent=1)
    if arguments.out == "-":
        print(document.decode())
    else:
        if arguments.out is not None:
            Path(arguments.out).write_bytes(document + b"\n")
        print("\n".join(measured_page(measured)))
    for line in unread:
        print(line, file=sys.stderr)
    return OK


COLUMNS = ("posts", "impressions", "engagements", "views", "clicks", "conv.", "cost", "CPE", "CPM", "CPV", "CPA", "ROI")


def measured_page(measured: Measured) -> list[str]:
    """A measured campaign as lines of text for the client."""
    rows: list[tuple[str, ...]] = [("creator", *COLUMNS)]
    rows += [_row(entry) for entry in (*measured.creators, measured.total)]
    lines = [f"amounts in {measured.currency}", "", *table(rows, right=tuple(range(1, len(rows[0]))))]
    lines.append("cost of an engagement (CPE), 1,000 impressions (CPM), a view (CPV), a conversion (CPA)")
    promises = [
        f"{p.count}: {p.delivered:,.0f} delivered of {p.promised:,.0f} promised, {p.ratio:.0%}"
        for p in measured.total.promises
        if p.delivered is not None and p.ratio is not None
    ]
    if promises:
        lines += ["", *promises]
    if measured.total.emv is not None:
        lines += ["", f"earned media value at your own rates: {amount(measured.total.emv)} {measured.currency}"]
    sold = [entry for entry in measured.creators if entry.conversion is not None]
    if sold:
        lines += [
            "",
            f"conversions for each of {sold[0].exposure}, drawn towards the campaign's where counts are small:",
        ]
        head = ("creator", "as counted", "drawn", "90 % interval", "own weight", "CPA drawn")
        lines += table(
            [
                head,
                *(
                    (
                        entry.label, f"{r.raw:.2%}", f"{r.value:.2%}", f"{r.low:.2%} - {r.high:.2%}", f"{r.own:.0%}",
                        amount(entry.cpa_shrunk),
                    )
                    for entry in sold
                    if (r := entry.conversion) is not None
                ),
            ],
            right=(1, 2, 3, 4, 5),
        )  # fmt: skip
    if measured.total.broken:
        lines += ["", "not done as agreed:", *(f"  {text}" for text in measured.total.broken)]
    if measured.total.unknown:
        lines += ["", f"no row says whether posts were: {', '.join(measured.total.unknown)}"]
    if measured.effect is not None:
        lines += ["", *_effect(measured.effect)]
    return [*lines, "", *measured.notes]


def _row(entry: Delivered) -> tuple[str, ...]:
    def whole(name: str) -> str:
        value = entry.sums[name]
        return "-" if value is None else f"{value:,.0f}"

    return (
        entry.label,
        str(entry.posts),
        *(whole(name) for name in ("impressions", "engagements", "views", "clicks", "conversions")),
        *(amount(value) for value in (entry.cost, entry.cpe, entry.cpm, entry.cpv, entry.cpa)),
        "-" if entry.roi is None else f"{entry.roi:+.0%}",
    )


def _effect(effect: Effect) -> list[str]:
    lines = [
        f"against the control: {effect.value:+,.4g} a unit and period "
        + (
            "(one unit in a group: nothing says how much of it is chance)"
            if effect.low is None or effect.high is None
            else f"[{effect.low:+,.4g} - {effect.high:+,.4g}]"
        ),
        f"  {effect.n_treated} treated units changed by {effect.treated_change:+,.4g}, {effect.n_control} of the "
        f"control by {effect.control_change:+,.4g}; holds where both would have changed alike without the campaign",
    ]
    if effect.low is not None and effect.high is not None and effect.low <= 0 <= effect.high:
        lines.append("  the interval holds zero: no effect is shown")
    return lines


COMMAND = Command(
    name="measure",
    help="say what a campaign brought for its money, against what was promised and a control",
    description="Cost for an engagement, a thousand impressions, a view and a conversion, return, contract check, and\n"
    "with a control the difference in differences; without one it says that nothing here is causal." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
