"""`bonafit report`: results as one page for people."""

from __future__ import annotations

import argparse

from bonafit.cli.command import Command, run_of
from bonafit.cli.options import bundle_option, reading_options
from bonafit.report.limits import ALL_INLINE, INLINE, MOST

EXAMPLES = """
examples:
  bonafit report scores.jsonl -o shortlist.html
  bonafit report scores.jsonl --brief brief.toml --creators creators.csv --posts posts.csv -o shortlist.html
  bonafit report scores.jsonl --brief brief.toml --portfolio portfolio.json -o campaign.html
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scores", metavar="SCORES", help="results as JSON Lines, as `bonafit score` writes them")
    parser.add_argument("-o", "--out", metavar="FILE", required=True, help="the page, a name that ends with .html")
    parser.add_argument("--brief", metavar="FILE", help="the brief of the results, TOML or JSON")
    parser.add_argument(
        "--creators", metavar="FILE", help="the creators that were scored: charts of posts and followers need it"
    )
    parser.add_argument(
        "--portfolio", metavar="FILE",
        help="the list to show, as `bonafit portfolio --out` wrote it; else one is chosen for the brief's budget",
    )  # fmt: skip
    bundle_option(parser)
    parser.add_argument(
        "--most", type=int, default=MOST, metavar="N", help=f"creators on the page, best first; default {MOST}"
    )
    parser.add_argument(
        "--inline", type=int, metavar="N",
        help="creators, best first, whose quotes and charts can be read without scripts; those of others are packed "
        f"and drawn when they are opened; default all of {ALL_INLINE}, and {INLINE} of more",
    )  # fmt: skip
    reading_options(parser)


COMMAND = Command(
    name="report",
    help="make a page of results to read, weigh and send",
    description="Make one self-contained page of results: cards, charts, comparison, live weights, notes. It opens "
    "offline in any browser, loads nothing and sends nothing (needs bonafit[report])." + EXAMPLES,
    arguments=_arguments,
    run=run_of("bonafit.cli.reporting"),
)
