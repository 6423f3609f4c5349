"""`bonafit index build|add|remove|compact|approximate|export|rank|info`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bonafit.cli.command import OK, REJECTS, Command
from bonafit.cli.options import load_scorer, read_options, reading_options, scorer_options
from bonafit.cli.progress import Progress
from bonafit.errors import InputError
from bonafit.io.brief import read_brief
from bonafit.io.printable import printable
from bonafit.io.read import ReadReport, Reject, read_creators
from bonafit.io.write import check_output, output_format
from bonafit.records import Creator

EXAMPLES = """
examples:
  bonafit index build creators.index creators.parquet --store int8
  bonafit index add creators.index changed.jsonl
  bonafit index rank creators.index --brief brief.toml --top 100 --platform tiktok
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    def verb(name: str, text: str, *, scorer: bool = True) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=text, description=text)
        sub.add_argument("index", metavar="INDEX", help="folder of the index")
        if scorer:
            scorer_options(sub)
        return sub

    for name, text in (("build", "make an index and add creators"), ("add", "add creators, or replace those known")):
        sub = verb(name, text)
        sub.add_argument("input", metavar="INPUT", help="creators or posts in any format; - is stdin")
        reading_options(sub)
        if name == "build":
            sub.add_argument(
                "--store",
                choices=("float32", "float16", "int8"),
                default="float32",
                help="how vectors are kept: exact, a half or a quarter of the size (docs/index.md states the loss)",
            )
        sub.set_defaults(action_run=_build if name == "build" else _add)
    remove = verb("remove", "delete creators by id", scorer=False)
    remove.add_argument("creator_ids", metavar="CREATOR_ID", nargs="+", help="ids; - reads one a line from stdin")
    remove.set_defaults(action_run=_remove)
    verb("compact", "merge segments and drop deleted rows", scorer=False).set_defaults(action_run=_compact)
    verb(
        "approximate", "prepare approximate ranking of large segments (needs bonafit[approximate])", scorer=False
    ).set_defaults(action_run=_approximate)
    exported = verb("export", "write every creator with the vectors to Parquet, for other vector stores", scorer=False)
    exported.add_argument("out", metavar="FILE", help="a Parquet file, vectors as lists of fixed size")
    exported.set_defaults(action_run=_export)
    verb("info", "print what an index holds", scorer=False).set_defaults(action_run=_info)
    rank = verb("rank", "the creators that fit a brief best, over every row that passes the filters")
    rank.add_argument("--brief", metavar="FILE", required=True, help="the brief, TOML or JSON; - is stdin")
    rank.add_argument("--top", type=int, default=100, metavar="K", help="creators to return, default 100")
    rank.add_argument("--platform", action="append", default=[], help="only this platform; may be repeated")
    rank.add_argument("--language", action="append", default=[], help="only this language; may be repeated")
    rank.add_argument("--country", action="append", default=[], help="only this country; may be repeated")
    rank.add_argument("--min-followers", type=int, metavar="N", help="only creators with at least N followers")
    rank.add_argument("--max-followers", type=int, metavar="N", help="only creators with at most N followers")
    rank.add_argument(
        "--min-authenticity", type=float, metavar="P", help="only creators with at least this authenticity"
    )
    rank.add_argument(
        "--approximate", action="store_true", help="rank candidates alone where the index was prepared for it"
    )
    rank.add_argument("--json", action="store_true", help="print JSON Lines with reasons instead of a table")
    rank.set_defaults(action_run=_rank)


def _creators(arguments: argparse.Namespace, report: ReadReport, progress: Progress) -> Iterator[Creator]:
    def on_reject(reject: Reject) -> None:
        print(msgspec.json.encode(reject).decode(), file=sys.stderr)

    for _, creator in read_creators(
        arguments.input,
        format=arguments.format,
        posts=arguments.posts,
        on_reject=on_reject,
        report=report,
        options=read_options(arguments),
        careful=True,
    ):
        progress.step()
        yield creator


def _build(arguments: argparse.Namespace) -> int:
    from bonafit.index import CreatorIndex

    report = ReadReport()
    progress = Progress("creators", report)
    with load_scorer(arguments) as scorer:
        creators = _creators(arguments, report, progress)
        index = CreatorIndex.build(arguments.index, scorer, creators, dtype=arguments.store, threads=arguments.threads)
    progress.close()
    return _told(report, f"{len(index):,} in {arguments.index}")


def _add(arguments: argparse.Namespace) -> int:
    from bonafit.index import CreatorIndex

    report = ReadReport()
    progress = Progress("creators", report)
    with load_scorer(arguments) as scorer:
        index = CreatorIndex(arguments.index, scorer, threads=arguments.threads)
        before = len(index)
        added = index.upsert(_creators(arguments, report, progress))
    progress.close()
    fresh = len(index) - before
    return _told(report, f"{fresh:,} new and {added - fresh:,} replaced, {len(index):,} in {arguments.index}")


def _told(report: ReadReport, noun: str) -> int:
    for line in report.lines():
        print(line, file=sys.stderr)
    print(noun)
    return REJECTS if report.rejected else OK


def _remove(arguments: argparse.Namespace) -> int:
    from bonafit.index.store import Writer

    ids = arguments.creator_ids
    if ids == ["-"]:
        ids = [line.rstrip("\n") for line in sys.stdin if line.strip()]
    with Writer(Path(arguments.index)) as writer:
        removed = writer.delete(ids)
    print(f"{removed:,} removed, {len(ids) - removed:,} were not there")
    return OK


def _compact(arguments: argparse.Namespace) -> int:
    from bonafit.index.store import compact

    print(f"{compact(Path(arguments.index)):,} kept in one segment")
    return OK


def _approximate(arguments: argparse.Namespace) -> int:
    from bonafit.index.approximate import LEAST_ROWS, build_approximate

    covered = build_approximate(Path(arguments.index))
    print(f"{covered:,} prepared; segments of fewer than {LEAST_ROWS:,} are scanned")
    return OK


def _export(arguments: argparse.Namespace) -> int:
    from bonafit.index.export import export

    check_output(arguments.out)
    if output_format(arguments.out) != "parquet":
        raise InputError(f"{arguments.out}: expected the name of a Parquet file, such as creators.parquet")
    print(f"{export(Path(arguments.index), Path(arguments.out)):,} in {arguments.out}")
    return OK


def _info(arguments: argparse.Namespace) -> int:
    from bonafit.index.store import open_view, size_on_disk

    path = Path(arguments.index)
    view = open_view(path)
    m = view.manifest
    size = size_on_disk(path)
    print(f"{view.live:,} creators in {len(view.segments)} segments, generation {m.generation}")
    print(
        f"{m.vectors} vectors of {m.width} a creator as {m.dtype}; {size:,} bytes, "
        f"{size / max(view.live, 1):,.0f} a creator"
    )
    print(f"bundle {m.bundle[:16]}, encoder {m.encoder[:16]}")
    return OK


def _rank(arguments: argparse.Namespace) -> int:
    from bonafit.index import CreatorIndex, Filters

    if arguments.top < 1:
        raise InputError(f"--top {arguments.top}: expected 1 or more")
    filters = Filters(
        platforms=tuple(arguments.platform),
        languages=tuple(arguments.language),
        countries=tuple(arguments.country),
        min_followers=arguments.min_followers,
        max_followers=arguments.max_followers,
        min_authenticity=arguments.min_authenticity,
    )
    with load_scorer(arguments) as scorer:
        index = CreatorIndex(arguments.index, scorer, threads=arguments.threads)
        brief = read_brief(arguments.brief)
        for line in scorer.languages.told(brief):
            print(line, file=sys.stderr)
        answer = index.rank(brief, arguments.top, filters=filters, approximate=arguments.approximate)
    if arguments.json:
        for entry in answer.best:
            sys.stdout.write(msgspec.json.encode(entry).decode() + "\n")
    else:
        print(f"{'#':>4}  {'creator':<28}  {'fit':>5}  {'followers':>10}  platform")
        for entry in answer.best:
            followers = "-" if entry.followers is None else f"{entry.followers:,}"
            line = (
                f"{entry.rank:>4}  {entry.creator_id:<28}  {entry.value:5.3f}  {followers:>10}  {entry.platform or '-'}"
            )
            print(printable(line))
    which = "were looked at" if arguments.approximate else "passed the filters and were ranked"
    print(f"{answer.considered:,} of {len(index):,} creators {which}", file=sys.stderr)
    return OK


COMMAND = Command(
    name="index",
    help="build, change and ask a creator index",
    description="An index of creators on disk that ranks all of them for a brief." + EXAMPLES,
    arguments=_arguments,
    run=lambda arguments: arguments.action_run(arguments),
)
