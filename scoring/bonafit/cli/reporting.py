"""What `bonafit report` does, and how `bonafit score` makes its page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable

from bonafit.bundle.manifest import Bundle, read_bundle
from bonafit.campaign.answer import read_portfolio
from bonafit.campaign.terms import page_brief
from bonafit.cli.command import OK
from bonafit.cli.options import read_options
from bonafit.cli.terminal import tell
from bonafit.encoders import default_cache_path
from bonafit.errors import BundleMissingError, InputError
from bonafit.io.read import OnReject, ReadReport, Reject, read_creators
from bonafit.records import Brief, Creator
from bonafit.report.material import Material, add_bundle, add_creators, read_material
from bonafit.report.page import check_page, write_page
from bonafit.report.shortlist import shortlist_page
from bonafit.scorer.scorer import Scorer
from bonafit.scorer.understood import Understood, understood

Read = Callable[[OnReject, ReadReport], Iterable[tuple[int, Creator]]]


def run(arguments: argparse.Namespace) -> int:
    check_page(arguments.out)
    if arguments.most < 1 or (arguments.inline or 0) < 0:
        raise InputError(f"--most {arguments.most}, --inline {arguments.inline}; expected at least 1 and at least 0")
    if arguments.posts is not None and arguments.creators is None:
        raise InputError("--posts without --creators; expected the creators that the posts belong to")
    brief, terms = (None, None) if arguments.brief is None else page_brief(arguments.brief)
    material = read_material(arguments.scores, most=arguments.most)
    material.brief, material.terms = brief, terms
    if arguments.portfolio is not None:
        material.portfolio = read_portfolio(arguments.portfolio)
    material.understood = _understood(brief, arguments.bundle)
    if arguments.creators is not None:
        _add_creators(material, arguments)
    _add_bundle(material, arguments)
    _write(material, arguments.out, inline=arguments.inline)
    return OK


def _add_creators(material: Material, arguments: argparse.Namespace) -> None:
    """The records of the creators on the page. Raises InputError for a file that holds none of them."""
    read_report, rejects = ReadReport(), list[Reject]()
    creators = read_creators(
        arguments.creators,
        format=arguments.format,
        posts=arguments.posts,
        on_reject=lambda reject: rejects.append(reject) if not rejects else None,
        report=read_report,
        options=read_options(arguments),
    )
    add_creators(material, creators)
    n = read_report.rejected + read_report.post_rows_rejected
    first = f"; {n:,} of its rows cannot be read, the first: {rejects[0].reason}" if rejects else ""
    if not material.creators:
        raise InputError(
            f"{arguments.creators}: holds none of the {len(material.results):,} creators of the page{first}; expected "
            "the file that was scored"
        )
    if rejects:
        tell(f"{arguments.creators}{first}")
    material.notes += read_report.lines()[1:]


def _understood(brief: Brief | None, bundle: str | None) -> Understood | None:
    """The brief as the bundle reads it; None without a brief or without a bundle."""
    if brief is None:
        return None
    try:
        with Scorer.load(bundle, cache=default_cache_path(), deferred=True) as scorer:
            return understood(scorer, brief)
    except BundleMissingError:
        if bundle is not None:
            raise
        return None


def _add_bundle(material: Material, arguments: argparse.Namespace) -> None:
    """The bundle's curve; without a bundle each creator's own expected engagement is drawn instead."""
    try:
        bundle = read_bundle(arguments.bundle)
    except BundleMissingError:
        if arguments.bundle is not None:
            raise
        return
    add_bundle(material, bundle)


def page_of_run(out: str, material: Material, *, bundle: Bundle, read: Read | None) -> None:
    """Write the page of a run of `bonafit score`. read : reads the input again; None where that cannot be done."""
    if read is None:
        material.notes.append("The input was a stream that cannot be read again: posts and curves are not shown.")
    else:
        add_creators(material, read(lambda _: None, ReadReport()))
    add_bundle(material, bundle)
    _write(material, out)


def _write(material: Material, out: str, *, inline: int | None = None) -> None:
    page = shortlist_page(material, inline=inline)
    write_page(out, page)
    print(f"{out}: {len(material.results):,} creators, {len(page):,} bytes", file=sys.stderr)
