"""What `bonafit score` does: creators and a brief in, scores and rejects out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from contextlib import closing

from bonafit.bundle.manifest import encoder_folder
from bonafit.campaign.terms import page_brief
from bonafit.cli.command import OK, REJECTS
from bonafit.cli.languages import BestAndLanguages
from bonafit.cli.options import brief_as_asked, load_scorer, read_options
from bonafit.cli.progress import Progress
from bonafit.cli.render import apart_table, counts_line, score_table
from bonafit.cli.reporting import page_of_run
from bonafit.cli.terminal import columns, tell, wants_colour, wrapped
from bonafit.errors import InputError
from bonafit.io.brief import read_brief
from bonafit.io.read import OnReject, ReadReport, first_look, read_creators
from bonafit.io.write import check_output, rejects_file, write_lines
from bonafit.jobs.job import job_of
from bonafit.jobs.ranking import Best
from bonafit.jobs.resumable import ShardedRun
from bonafit.jobs.shortlist import ShortlistedRun
from bonafit.outputs.write import for_people
from bonafit.records import Brief, Creator
from bonafit.report.limits import MOST
from bonafit.report.material import material_of
from bonafit.report.page import check_page
from bonafit.scorer.load import load_fast
from bonafit.scorer.scorer import Scorer
from bonafit.scorer.understood import understood

Read = Callable[[OnReject, ReadReport], Iterable[tuple[int, Creator]]]


def run(arguments: argparse.Namespace) -> int:
    _check(arguments)
    if arguments.engine == "spark":
        from bonafit.cli.distributed import score_on_spark

        return score_on_spark(arguments)
    check_output(arguments.out, arguments.input, arguments.posts, arguments.brief, named=False)
    if arguments.out != "-":
        # raises for a name that says no format
        for_people(arguments.out, full=arguments.full)
    if arguments.report is not None:
        check_page(arguments.report)
    on_page = arguments.report is not None and arguments.brief != "-"
    brief, terms = page_brief(arguments.brief) if on_page else (read_brief(arguments.brief), None)
    brief = brief_as_asked(brief, arguments)
    reading = {
        "format": arguments.format,
        "posts": arguments.posts,
        "options": read_options(arguments),
        "careful": True,
    }
    look = ReadReport()
    if "-" not in (arguments.input, arguments.posts):
        # before anything is written: a refused run leaves nothing behind
        look = first_look(arguments.input, **reading)

    def read(on_reject: OnReject, report: ReadReport) -> Iterable[tuple[int, Creator]]:
        return read_creators(arguments.input, on_reject=on_reject, report=report, **reading)

    report, best = ReadReport(), BestAndLanguages(arguments.top, page=None if arguments.report is None else Best(MOST))
    with load_scorer(arguments, deferred=True) as scorer:
        for line in (*scorer.languages.told(brief), *look.made_of_it()):
            tell(line)
        score = _to_stdout if arguments.out == "-" else _to_file
        scored = score(arguments, scorer, brief, read, report, best)
        bundle = scorer.bundle
        read_as = None if best.page is None else understood(scorer, brief)
    if best.page is not None and read_as is not None:
        again = None if "-" in (arguments.input, arguments.posts) else read
        material = material_of(best.page, arguments.out)
        material.understood, material.brief, material.terms = read_as, read_as.brief, terms
        material.notes += report.lines()[1:]
        page_of_run(arguments.report, material, bundle=bundle, read=again)
    _say(arguments, scored, report, best)
    return REJECTS if report.rejected + report.post_rows_rejected else OK


def _to_stdout(
    arguments: argparse.Namespace, scorer: Scorer, brief: Brief, read: Read, report: ReadReport, best: BestAndLanguages
) -> str:
    """Score into stdout, line by line; returns how many, in words."""
    with rejects_file("-") as on_reject, closing(Progress("creators", report)) as progress:
        creators = (creator for _, creator in read(on_reject, report))
        scored = write_lines("-", progress.watch(best.watch_lines(scorer.lines(creators, brief))))
    return f"{scored:,} scored"


def _to_file(
    arguments: argparse.Namespace, scorer: Scorer, brief: Brief, read: Read, report: ReadReport, best: BestAndLanguages
) -> str:
    """Score into a file by parts, of a shortlist alone where one is asked for; returns how many, in words."""
    job = job_of(scorer, brief, arguments.input, arguments.posts, shortlist=arguments.shortlist)
    kind = ShardedRun if arguments.shortlist is None else ShortlistedRun
    with kind(arguments.out, job, resume=arguments.resume) as run:
        if run.rows_done:
            print(f"{run.rows_done:,} rows were done before, going on", file=sys.stderr)
        if isinstance(run, ShortlistedRun):
            fast = load_fast(scorer.bundle, encoder_folder(scorer.bundle))
            first = ReadReport()
            with closing(Progress("creators looked at", first)) as progress:
                run.look(brief, fast, read, first, progress.step)
        with closing(Progress("creators", report)) as progress:
            run.score(scorer, brief, read, report, progress.step)
        words = f"{run.finish(best, for_people(arguments.out, full=arguments.full)):,} scored"
        if isinstance(run, ShortlistedRun):
            words += f" + {run.n_passed_over:,} passed over"
            if run.n_not_judged:
                words += f" ({run.n_not_judged:,} of them for too little text or an unread language)"
    return words


def _say(arguments: argparse.Namespace, scored: str, report: ReadReport, best: BestAndLanguages) -> None:
    """The printed table, what was told of the input, and where every row went."""
    to_stdout = arguments.out == "-"
    if arguments.top > 0 and (not to_stdout or sys.stderr.isatty()):
        stream = sys.stderr if to_stdout else sys.stdout
        colour = wants_colour(stream)
        counts = "\n".join(wrapped(counts_line(best.verdicts), columns(), indent=""))
        remedies = ("\n".join(wrapped(line, columns(), indent="")) for line in best.remedies())
        parts = (counts, *remedies, score_table(best.ranked(), colour=colour))
        print("\n\n".join(filter(None, parts)) + apart_table(best.apart(), best.verdicts, colour=colour), file=stream)
    for line in (*best.lines(), *report.lines()[1:], *report.commonest_causes()):
        tell(line)
    rejected = report.rejected + report.post_rows_rejected
    where = f", see {arguments.out}.rejects.jsonl" if rejected and not to_stdout else ""
    print(f"{report.rows:,} rows in = {scored} + {report.rejected:,} rejected{where}", file=sys.stderr)


def _check(arguments: argparse.Namespace) -> None:
    if arguments.engine != "spark" and arguments.input == "-" and arguments.brief == "-":
        raise InputError("both INPUT and --brief are stdin; expected at most one of them as -")
    if arguments.report is not None and arguments.engine == "spark":
        raise InputError("--report with --engine spark; expected the local engine, or `bonafit report` of its results")
    if arguments.shortlist is None:
        return
    if arguments.shortlist < 1:
        raise InputError(f"--shortlist {arguments.shortlist}; expected a count of at least 1")
    if arguments.engine == "spark":
        raise InputError("--shortlist with --engine spark; expected the local engine, which reads a million in minutes")
    if "-" in (arguments.input, arguments.posts, arguments.out):
        raise InputError("--shortlist reads INPUT twice and lists who is left out beside FILE; expected files, not -")
