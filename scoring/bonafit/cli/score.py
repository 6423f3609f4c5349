"""`bonafit score`: creators and a brief in, scores and rejects out."""

from __future__ import annotations

import argparse

from bonafit.cli.command import Command, run_of
from bonafit.cli.options import input_options, scorer_options

EXAMPLES = """
examples:
  bonafit score creators.jsonl --brief brief.toml --out scores.jsonl
  bonafit score creators.csv --posts posts.csv --brief brief.toml --out shortlist.xlsx --top 20
  bonafit score creators.parquet --brief brief.toml --engine spark --master 'local[4]' --out scores.parquet
  bonafit score creators.csv --posts posts.csv --brief brief.toml --out scores.jsonl --report shortlist.html
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
        help="by its name: a ranked .csv or .xlsx for people, full results as .jsonl or .parquet, also .gz and .zst; "
        "rejects go to FILE.rejects.jsonl; - (the default) is JSONL on stdout with rejects on stderr",
    )
    parser.add_argument(
        "--full", action="store_true", help="a .csv with every column in the order of INPUT, for programs"
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
    parser.add_argument(
        "--report",
        metavar="FILE",
        help="also make a page of the results (FILE ends with .html; `bonafit report --help`)",
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


COMMAND = Command(
    name="score",
    help="score creators for a brief",
    description="Score every creator of a file for a brief, with reasons. Every row ends as a score or a reject."
    + EXAMPLES,
    arguments=_arguments,
    run=run_of("bonafit.cli.scoring"),
)
