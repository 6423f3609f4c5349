"""`bonafit forget`: one creator out of caches, indexes and results, and the proof."""

from __future__ import annotations

import argparse
from pathlib import Path

from bonafit.cli.command import FAILED, OK, Command
from bonafit.errors import InputError
from bonafit.io.printable import printable

EXAMPLES = """
example:
  bonafit forget cr-0001 --cache build/vectors --index creators.index --results scores.jsonl
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("creator_id", metavar="CREATOR_ID", help="id of the creator, as results and index have it")
    parser.add_argument("--cache", metavar="DIR", action="append", default=[], help="a cache of vectors and results")
    parser.add_argument(
        "--index", metavar="INDEX", action="append", default=[], help="an index; its segments are merged"
    )
    parser.add_argument(
        "--results",
        metavar="FILE",
        action="append",
        default=[],
        help="a file of results (JSONL, CSV, Parquet), with the rejects and those passed over beside it",
    )
    parser.add_argument(
        "--keep-vectors",
        action="store_true",
        help="leave the vectors of a cache, which are found by hashes of texts and say nobody's name; default they all "
        "go, and cost the time of encoding again",
    )


def _run(arguments: argparse.Namespace) -> int:
    from bonafit.index.store import forget
    from bonafit.jobs.forget import Removed, forget_in_cache, forget_in_results, occurrences

    creator_id = arguments.creator_id
    if not creator_id:
        raise InputError("CREATOR_ID is empty; expected an id")
    if not (arguments.cache or arguments.index or arguments.results):
        raise InputError("nothing to look through; name --cache, --index or --results")
    removed = []
    for folder in arguments.cache:
        removed += forget_in_cache(Path(folder), creator_id, keep_vectors=arguments.keep_vectors)
    for path in map(Path, arguments.index):
        n = forget(path, creator_id)
        removed.append(Removed(str(path), "rows", n, occurrences(path, creator_id)))
    for path in arguments.results:
        removed += forget_in_results(Path(path), creator_id)
    for item in removed:
        print(printable(f"{item.place}: {item.n:,} {item.what} removed, the id stands there {item.left:,} times now"))
    return FAILED if any(item.left for item in removed) else OK


COMMAND = Command(
    name="forget",
    help="remove a creator from caches, indexes and results, and look whether anything is left",
    description="Remove one creator everywhere that is named, then search every byte there for the id. Exit code 1\n"
    "where it is still found, as in another creator's texts." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
