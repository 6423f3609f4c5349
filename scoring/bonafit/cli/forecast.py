"""`bonafit forecast seal|check|score|record`: what a list will get, sealed, and how such forecasts came out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bonafit.campaign.answer import read_portfolio
from bonafit.campaign.outcomes import by_creator, read_outcomes
from bonafit.campaign.record import Record, Scored, append_record, read_record, record, scored
from bonafit.campaign.sealing import Asked, Sealed, check, forecast, read_sealed, signed
from bonafit.campaign.terms import read_campaign_brief
from bonafit.cli.campaign_options import chosen_client, scores_options, table
from bonafit.cli.command import OK, Command
from bonafit.cli.options import valid_text
from bonafit.errors import InputError
from bonafit.io.side_files import MAX_AMOUNT
from bonafit.io.stored_results import read_results
from bonafit.io.write import check_output

EXAMPLES = """
examples:
  bonafit forecast seal scores.jsonl --brief brief.toml --portfolio portfolio.json --month 2026-04 \\
      --target likes=20000 --guess likes=15000 --out forecast.json
  bonafit forecast check forecast.json
  bonafit forecast score forecast.json outcomes.csv --record record.jsonl
  bonafit forecast record record.jsonl
"""
RIVALS = {"followers_x_rate": "followers x rate", "own_last_8": "own last 8", "analyst_guess": "analyst's guess"}


def _arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    text = "make a forecast of a list and seal it"
    seal = verbs.add_parser("seal", help=text, description=text)
    scores_options(seal)
    listed = seal.add_mutually_exclusive_group(required=True)
    listed.add_argument("--portfolio", metavar="FILE", help="the list, as `bonafit portfolio --out` wrote it")
    listed.add_argument("--creators", metavar="ID", nargs="+", help="ids or handles, each with --posts posts")
    seal.add_argument("--posts", type=int, default=1, metavar="N", help="posts of each of --creators, default 1")
    seal.add_argument(
        "--month", type=valid_text, metavar="NAME", help="when the posts run, kept as it is written, such as 2026-04"
    )
    for name, text_of in (
        ("target", "a total whose probability is wanted"),
        ("guess", "your own guess, kept beside it"),
    ):
        seal.add_argument(f"--{name}", metavar="COUNT=N", action="append", default=[], help=f"{text_of}: likes=20000")
    seal.add_argument("--sign", metavar="KEYFILE", help="sign with the Ed25519 private key in this file (base64)")
    seal.add_argument("--out", metavar="FILE", required=True, help="the sealed forecast, a JSON document")
    seal.set_defaults(action_run=_seal)
    text = "whether a forecast is as it was sealed, and what it says"
    look = verbs.add_parser("check", help=text, description=text)
    look.add_argument("sealed", metavar="SEALED", help="a sealed forecast")
    look.add_argument("--public-key", metavar="KEY", help="refuse a forecast not signed with this Ed25519 key (base64)")
    look.set_defaults(action_run=_check)
    text = "score a forecast against what happened, beside simpler rules"
    after = verbs.add_parser("score", help=text, description=text)
    after.add_argument("sealed", metavar="SEALED", help="a sealed forecast")
    after.add_argument("outcomes", metavar="OUTCOMES", help="posts: creator_id, likes, comments, views")
    after.add_argument("--record", metavar="FILE", help="add the outcome to this running record and print all of it")
    after.set_defaults(action_run=_score)
    text = "print a running record: coverage, CRPS beside simpler rules, targets reached"
    log = verbs.add_parser("record", help=text, description=text)
    log.add_argument("record", metavar="RECORD", help="a record that `score --record` keeps")
    log.set_defaults(action_run=_record)


def _run(arguments: argparse.Namespace) -> int:
    code: int = arguments.action_run(arguments)
    return code


def _seal(arguments: argparse.Namespace) -> int:
    check_output(arguments.out, arguments.scores, arguments.brief, arguments.portfolio, arguments.client)
    brief, _ = read_campaign_brief(arguments.brief)
    results = read_results(arguments.scores)
    if arguments.portfolio is not None:
        posts = _list_of(arguments.portfolio)
    else:
        if arguments.posts < 1:
            raise InputError(f"--posts {arguments.posts}: expected 1 or more")
        ids = {result.label: result.creator_id for result in results}
        posts = {ids.get(name, name): arguments.posts for name in arguments.creators}
    wish = Asked(
        brief.brand,
        month=arguments.month,
        targets=_amounts(arguments.target, "--target"),
        guesses=_amounts(arguments.guess, "--guess"),
    )
    sealed = forecast(results, posts, wish, client=chosen_client(arguments, brief))
    if arguments.sign is not None:
        sealed = signed(sealed, Path(arguments.sign).read_text(encoding="ascii", errors="replace"))
    Path(arguments.out).write_bytes(msgspec.json.format(msgspec.json.encode(sealed), indent=1) + b"\n")
    print("\n".join(forecast_page(sealed)))
    return OK


def _list_of(path: str) -> dict[str, int]:
    return {booked.creator_id: booked.posts for booked in read_portfolio(path).booked}


def _amounts(written: Sequence[str], option: str) -> dict[str, float]:
    out = {}
    for text in written:
        name, mark, number = text.partition("=")
        try:
            out[name.strip()] = float(number)
        except ValueError:
            mark = ""
        if not mark or not 0 <= out[name.strip()] <= MAX_AMOUNT:
            raise InputError(f"{option} {text!r}: expected COUNT=N such as likes=20000")
    return out


def _check(arguments: argparse.Namespace) -> int:
    sealed = read_sealed(arguments.sealed)
    check(sealed, public_key=arguments.public_key)
    print("\n".join(forecast_page(sealed)))
    return OK


def _score(arguments: argparse.Namespace) -> int:
    sealed = read_sealed(arguments.sealed)
    outcomes, notes = read_outcomes(arguments.outcomes)
    entries = scored(sealed, outcomes)
    ids = {entry.creator_id for entry in sealed.plan}
    strange = sorted(set(by_creator(outcomes, ((entry.creator_id, entry.label) for entry in sealed.plan))) - ids)
    if strange:
        notes.append(f"not in the forecast, and left out: {', '.join(strange[:5])}{' ...' if strange[5:] else ''}")
    for note in notes:
        print(note, file=sys.stderr)
    if not entries:
        raise InputError(f"{arguments.outcomes}: counts no post of the forecast's creators; expected their creator_id")
    print("\n".join(outcome_page(entries)))
    if arguments.record is not None:
        print("\n".join(["", *record_page(record(append_record(arguments.record, entries)))]))
    return OK


def _record(arguments: argparse.Namespace) -> int:
    print("\n".join(record_page(record(read_record(arguments.record)))))
    return OK


def forecast_page(sealed: Sealed) -> list[str]:
    """A sealed forecast as lines of text for the client."""
    when = f" in {sealed.month}" if sealed.month else ""
    lines = [
        f"{sealed.brand}: {len(sealed.plan)} creators, {sum(entry.posts for entry in sealed.plan)} posts{when}",
        f"from data of {sealed.dated or 'an unknown day'}; sealed {sealed.sha256[:16]}, "
        + ("signed" if sealed.signature else "not signed"),
        "",
    ]
    head = ("count", "forecast", "90 % interval", *RIVALS.values())
    rows = [
        (
            entry.count,
            f"{entry.value:,.0f}",
            f"{entry.low:,.0f} - {entry.high:,.0f}",
            *(f"{entry.rivals[name]:,.0f}" if name in entry.rivals else "-" for name in RIVALS),
        )
        for entry in sealed.totals
    ]
    lines += table([head, *rows], right=(1, 2, 3, 4, 5))
    lines += [f"P({c.count} of at least {c.target:,.0f}) = {c.probability:.0%}" for c in sealed.chances]
    for entry in sealed.totals:
        if entry.missing:
            lines.append(
                f"{entry.count} are of {entry.creators} creators; nothing is foreseen of {', '.join(entry.missing[:5])}"
                + (f" and {len(entry.missing) - 5} more" if len(entry.missing) > 5 else "")
            )
    return lines


def outcome_page(entries: Sequence[Scored]) -> list[str]:
    """How one forecast came out, as lines of text."""
    head = ("count", "came", "forecast", "90 % interval", "covered", "CRPS", *(f"off: {n}" for n in RIVALS.values()))
    rows = [
        (
            entry.count,
            f"{entry.outcome:,.0f}",
            f"{entry.value:,.0f}",
            f"{entry.low:,.0f} - {entry.high:,.0f}",
            "yes" if entry.covered else "no",
            f"{entry.crps:,.0f}",
            *(f"{entry.rivals[name]:,.0f}" if name in entry.rivals else "-" for name in RIVALS),
        )
        for entry in entries
    ]
    lines = table([head, *rows], right=(1, 2, 3, 5, 6, 7, 8))
    for entry in entries:
        if entry.posts < entry.planned_posts:
            lines.append(f"{entry.count}: {entry.posts} of {entry.planned_posts} posts ran; scored for those")
        lines += [
            f"{entry.count}: at least {target:,.0f} had {p:.0%} and was {'reached' if hit else 'missed'}"
            for target, p, hit in entry.chances
        ]
    return lines


def record_page(records: Sequence[Record]) -> list[str]:
    """A running record as lines of text. Errors are beside the rivals': under 1 the forecasts were nearer."""
    head = ("count", "forecasts", "in the 90 % interval", *(f"error against {n}" for n in RIVALS.values()), "targets")
    rows = [
        (
            entry.count,
            str(entry.n),
            f"{entry.covered:.0%}",
            *(
                f"x {entry.against[name]:.2f} of {entry.n_against[name]}" if name in entry.against else "-"
                for name in RIVALS
            ),
            "-"
            if entry.promised is None or entry.reached is None
            else f"{entry.promised:.0%} said, {entry.reached:.0%} reached",
        )
        for entry in records
    ]
    return table([head, *rows], right=(1, 2))


COMMAND = Command(
    name="forecast",
    help="seal what a list will get, and score it afterwards beside simpler rules",
    description="A sealed forecast of likes, comments and views of a chosen list: hashed, dated by its data, signed\n"
    "on request, scored afterwards by CRPS and coverage and kept in a running record." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
