"""What the commands of campaigns share: their inputs, and amounts and tables as text."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bonafit.campaign.candidates import Candidate, Estimate, candidates
from bonafit.campaign.client import Client, read_client
from bonafit.campaign.terms import Terms, read_campaign_brief
from bonafit.errors import InputError
from bonafit.io.printable import printable
from bonafit.io.stored_results import read_results
from bonafit.records import Brief
from bonafit.results import CreatorScore


def scores_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scores", metavar="SCORES", help="results as `bonafit score --out scores.jsonl` wrote them")
    parser.add_argument(
        "--brief",
        metavar="FILE",
        required=True,
        help="the brief with its [campaign] table (docs/methods/campaign.md); - is stdin",
    )
    parser.add_argument(
        "--client",
        metavar="FILE",
        help="what this client's measured campaigns taught, as `bonafit train --forecasts` wrote it",
    )


def chosen_client(arguments: argparse.Namespace, brief: Brief) -> Client | None:
    """What the client's campaigns taught; None where no file is named. Raises InputError for another brand's."""
    if arguments.client is None:
        return None
    client = read_client(arguments.client)
    if client.brand != brief.brand:
        raise InputError(f"{arguments.client}: is of {client.brand}, the brief of {brief.brand}; expected one brand")
    return client


def read_campaign(arguments: argparse.Namespace) -> tuple[list[CreatorScore], Brief, Terms, list[Candidate]]:
    """Results, brief, terms and candidates that the shared options name."""
    if arguments.scores == "-" and arguments.brief == "-":
        raise InputError("both SCORES and --brief are stdin; expected at most one of them as -")
    brief, terms = read_campaign_brief(arguments.brief)
    results = read_results(arguments.scores)
    client = chosen_client(arguments, brief)
    corrected = results if client is None else [client.applied(result) for result in results]
    return results, brief, terms, candidates(corrected, brief, terms)


def amount(value: float | None) -> str:
    """An amount as people write it: cents where they matter, none where they do not."""
    if value is None:
        return "-"
    return f"{value:,.3f}" if abs(value) < 1 else f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def spread(value: float, low: float, high: float) -> str:
    """A figure with its 90 % interval."""
    return f"{amount(value)} [{amount(low)} - {amount(high)}]"


def count(estimate: Estimate | None) -> str:
    """A foreseen count with its 90 % interval."""
    if estimate is None:
        return "-"
    return f"{estimate.value:,.0f} [{estimate.low:,.0f} - {estimate.high:,.0f}]"


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Rows as aligned lines, the first a head over a rule. right : columns set flush right."""
    clean = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in clean) for i in range(len(clean[0]))]
    lines = [
        "  ".join(
            cell.rjust(w) if i in right else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in clean
    ]
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]
