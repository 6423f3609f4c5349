"""`bonafit score`: creators and a brief in, scores and rejects out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from contextlib import closing

from bonafit.bundle.manifest import encoder_folder
from bonafit.cli.command import OK, REJECTS, Command
from bonafit.cli.languages import BestAndLanguages
from bonafit.cli.options import input_options, load_scorer, read_options, scorer_options
from bonafit.cli.progress import Progress
from bonafit.cli.render import apart_table, score_table
from bonafit.errors import InputError
from bonafit.io.brief import read_brief
from bonafit.io.read import OnReject, ReadReport, first_look, read_creators
from bonafit.io.write import check_output, rejects_file, write_lines
from bonafit.jobs.resumable import ShardedRun, job_of
from bonafit.jobs.shortlist import ShortlistedRun
from bonafit.records import Creator
from bonafit.scorer.load import load_fast

EXAMPLES = """
examples:
  bonafit score creators.jsonl --brief brief.toml --bundle models/2026.3 --out scores.jsonl
  bonafit score creators.csv --posts posts.csv --brief brief.toml --out scores.csv --top 20
  bonafit score creators.parquet --brief brief.toml --engine spark --master 'local[4]' --out scores.parquet
  bonafit score millions.parquet --brief brief.toml --shortlist 5000 --out scores.jsonl
  zcat creators.jsonl.gz | bonafit score - --format jsonl --brief brief.toml --out - > scores.jsonl
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    input_options(parser)
    scorer_options(parser)
    parser.add_argument(
        "--out",
        metavar="FILE",
        default="-",
        help="full results: JSONL, CSV or Parquet by its name, also .gz and .zst; rejects go to FILE.rejects.jsonl; "
        "- (the default) is JSONL on stdout with rejects on stderr",
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on where an earlier run of the same job was cut off (FILE.parts)"
    )
    parser.add_argument(
        "--shortlist",
        type=int,
        metavar="N",
        help="look at everyone with the fast encoder and score only the N likeliest in full; the others are listed in "
        "FILE.passed_over.jsonl (reads INPUT twice)",
    )
    parser.add_argument("--top", type=int, default=10, metavar="N", help="rows of the printed table, default 10")
    parser.add_argument(
        "--engine",
        choices=("local", "spark"),
        default="local",
        help="where to score; spark reads JSONL or Parquet, writes folders of part files, keeps vectors in memory "
        "(needs bonafit[spark] and Java 17)",
    )
    parser.add_argument("--master", metavar="URL", help="Spark's master, such as local[2]; default its configuration's")


def _run(arguments: argparse.Namespace) -> int:
    _check(arguments)
    if arguments.engine == "spark":
        from bonafit.cli.distributed import score_on_spark

        return score_on_spark(arguments)
    to_stdout = arguments.out == "-"
    check_output(arguments.out, arguments.input, arguments.posts, arguments.brief)
    brief = read_brief(arguments.brief)
    options = read_options(arguments)
    report = ReadReport()
    best = BestAndLanguages(arguments.top)
    passed = ""

    def read(on_reject: OnReject, report: ReadReport) -> Iterable[tuple[int, Creator]]:
        return read_creators(
            arguments.input,
            format=arguments.format,
            posts=arguments.posts,
            on_reject=on_reject,
            report=report,
            options=options,
            careful=True,
        )

    look = ReadReport()
    if "-" not in (arguments.input, arguments.posts):
        # before anything is written: a refused run leaves nothing behind
        look = first_look(
            arguments.input, format=arguments.format, posts=arguments.posts, options=options, careful=True
        )
    with load_scorer(arguments, deferred=True) as scorer:
        for line in (*scorer.languages.told(brief), *look.made_of_it()):
            print(line, file=sys.stderr)
        if to_stdout:
            with rejects_file("-") as on_reject, closing(Progress("creators", report)) as progress:
                creators = (creator for _, creator in read(on_reject, report))
                scored = write_lines("-", progress.watch(best.watch_lines(scorer.lines(creators, brief))))
        else:
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
                scored = run.finish(best)
                if isinstance(run, ShortlistedRun):
                    passed = f" + {run.n_passed_over:,} passed over"
                    if run.n_not_judged:
                        passed += f" ({run.n_not_judged:,} of them for too little text or an unread language)"
    table = sys.stderr if to_stdout else sys.stdout
    if arguments.top > 0 and (not to_stdout or sys.stderr.isatty()):
        print(score_table(best.ranked()) + apart_table(best.apart(), best.verdicts), file=table)
    for line in (*best.lines(), *report.lines()[1:], *report.commonest_causes()):
        print(line, file=sys.stderr)
    rejected = report.rejected + report.post_rows_rejected
    where = f", see {arguments.out}.rejects.jsonl" if rejected and not to_stdout else ""
    told = f"{report.rows:,} rows in = {scored:,} scored{passed} + {report.rejected:,} rejected{where}"
    print(told, file=sys.stderr)
    return REJECTS if rejected else OK


def _check(arguments: argparse.Namespace) -> None:
    if arguments.engine != "spark" and arguments.input == "-" and arguments.brief == "-":
        raise InputError("both INPUT and --brief are stdin; expected at most one of them as -")
    if arguments.shortlist is None:
        return
    if arguments.shortlist < 1:
        raise InputError(f"--shortlist {arguments.shortlist}; expected a count of at least 1")
    if arguments.engine == "spark":
        raise InputError("--shortlist with --engine spark; expected the local engine, which reads a million in minutes")
    if "-" in (arguments.input, arguments.posts, arguments.out):
        raise InputError("--shortlist reads INPUT twice and lists who is left out beside FILE; expected files, not -")


COMMAND = Command(
    name="score",
    help="score creators for a brief",
    description="Score every creator of a file for a brief, with reasons. Every row ends as a score or a reject."
    + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
