"""Options that several commands share. What they are read into is imported then: help needs none of it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from bonafit.bundle.resolve import VARIABLE
from bonafit.errors import InputError
from bonafit.io.formats import FORMATS
from bonafit.io.streams import MAX_ROW

if TYPE_CHECKING:
    from bonafit.io.rows.context import ReadOptions
    from bonafit.records import Brief
    from bonafit.scorer.scorer import Scorer


# Bytes of a line that may be asked for: it is held whole, and some times over while it is read.
LARGEST_ROW = 1 << 30


def valid_text(given: str) -> str:
    """An argument that ends up in a file, as argparse reads it: what the terminal sent may be no text at all."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("no valid text; expected UTF-8") from None
    return given


def bundle_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bundle",
        metavar="DIR",
        help=f"folder of a published bundle, or name of an installed one; default {VARIABLE}, then the installed one",
    )


def signed_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--require-signed", metavar="KEY", help="refuse a bundle not signed with this Ed25519 public key (base64)"
    )


def scorer_options(parser: argparse.ArgumentParser) -> None:
    bundle_option(parser)
    signed_option(parser)
    parser.add_argument(
        "--cache",
        metavar="DIR",
        help="keep vectors of texts and results in this folder; default the user's cache folder",
    )
    parser.add_argument("--no-cache", action="store_true", help="keep nothing on disk")
    parser.add_argument("--threads", type=int, metavar="N", help="threads that encode, default the usable cores")


def input_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "input",
        metavar="INPUT",
        help="creators, or posts with who made them: JSON, CSV, Parquet, a workbook, also .gz, .zst, .zip; - is stdin",
    )
    parser.add_argument("--brief", metavar="FILE", required=True, help="the brief, TOML or JSON; - is stdin")
    parser.add_argument(
        "--without",
        metavar="HEAD",
        action="append",
        default=[],
        help="rank without niche_fit, authenticity or engagement_quality, for a file that lacks what it reads; the "
        "others share its weight",
    )
    reading_options(parser)


def reading_options(parser: argparse.ArgumentParser) -> None:
    """How an input is read, for every command that reads one."""
    parser.add_argument("--format", choices=tuple(FORMATS), help="format of INPUT, default by its first bytes and name")
    parser.add_argument("--posts", metavar="FILE", help="file of posts, joined to INPUT by id or handle")
    parser.add_argument(
        "--map",
        metavar="COLUMN=FIELD",
        action="append",
        default=[],
        help="read a column into a field (followers, posts.likes), or leave it out (COLUMN=); repeatable; also a file "
        "of such lines, as `inspect --write-map` makes it",
    )
    parser.add_argument("--decimal", choices=(".", ","), help="the decimal mark, where columns do not say it")
    parser.add_argument("--dates", choices=("dmy", "mdy"), help="order of 05/11/2026, where columns do not say it")
    parser.add_argument(
        "--read-at",
        metavar="TIME",
        help="when INPUT was made: from then `2 days ago` counts, and posts are new or old where nothing else says it",
    )
    parser.add_argument(
        "--max-row", type=int, metavar="BYTES", help="bytes of one line, beyond which it is a reject; default 64 MB"
    )
    parser.add_argument(
        "--max-text", type=int, metavar="N", help="characters of one text, beyond which it is not read; default 50,000"
    )
    parser.add_argument(
        "--sheet", metavar="NAME", help="sheet of a workbook, default the one with the most known columns"
    )


def brief_as_asked(brief: Brief, arguments: argparse.Namespace) -> Brief:
    """The brief without the heads that are left out, and read on the day of `--read-at` where it names none.

    Raises InputError for a head that is none, BriefError where none is left.
    """
    import msgspec

    from bonafit.heads import WEIGHTED
    from bonafit.scorer.combine import normalised_weights

    if unknown := [name for name in arguments.without if name not in WEIGHTED]:
        raise InputError(
            f"--without {unknown[0]}: no head that a score averages; expected one of {', '.join(WEIGHTED)}"
        )
    read_at = read_options(arguments).read_at
    if read_at is not None and brief.as_of is None:
        brief = msgspec.structs.replace(brief, as_of=read_at.date())
    if arguments.without:
        weights = msgspec.structs.replace(brief.weights, **dict.fromkeys(arguments.without, 0.0))
        brief = msgspec.structs.replace(brief, weights=weights)
        normalised_weights(weights)
    return brief


def read_options(arguments: argparse.Namespace) -> ReadOptions:
    """What the reading options say. Raises InputError for a mapping or a time that cannot be read."""
    from bonafit.io.rows.context import ReadOptions
    from bonafit.io.rows.times import instant_of
    from bonafit.records import MAX_TEXT

    max_row = MAX_ROW if arguments.max_row is None else arguments.max_row
    max_text = MAX_TEXT if arguments.max_text is None else arguments.max_text
    if not 1 <= max_row <= LARGEST_ROW:
        raise InputError(f"--max-row {max_row}: expected bytes from 1 to {LARGEST_ROW:,}, all of which memory holds")
    if not 1 <= max_text <= MAX_TEXT:
        raise InputError(f"--max-text {max_text}: expected characters from 1 to {MAX_TEXT:,}, the most a record holds")
    names: dict[str, str] = {}
    for given in arguments.map:
        names.update(_mapping(given))
    read_at = None
    if arguments.read_at is not None:
        try:
            read_at = instant_of(arguments.read_at)
        except ValueError as error:
            raise InputError(f"--read-at: {error}") from error
    return ReadOptions(
        names=names,
        decimal=arguments.decimal,
        day_first=None if arguments.dates is None else arguments.dates == "dmy",
        read_at=read_at,
        sheet=arguments.sheet,
        max_row=max_row,
        max_text=max_text,
    )


def _mapping(given: str) -> dict[str, str]:
    """One COLUMN=FIELD, or all lines of a file of them."""
    from bonafit.io.rows.programs import is_field

    lines = [given]
    if os.path.isfile(given):
        try:
            lines = Path(given).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"--map {given}: cannot be read ({error}); expected lines of COLUMN=FIELD in UTF-8"
            ) from error
    names: dict[str, str] = {}
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        column, mark, field = line.rpartition("=")
        if not mark or not column.strip():
            raise InputError(
                f"--map {line!r}: expected COLUMN=FIELD, such as 'Follower Count=followers', or a file of them"
            )
        name = field.strip()
        if name and not is_field(name):
            raise InputError(
                f"--map {line!r}: {name!r} is no field; docs/formats.md lists them, those of posts as posts.likes"
            )
        names[column.strip()] = name
    return names


def load_scorer(arguments: argparse.Namespace, *, deferred: bool = False) -> Scorer:
    """A Scorer as the shared options say. deferred : as in Scorer.load."""
    from bonafit.scorer.scorer import Scorer

    if arguments.no_cache:
        cache = None
    elif arguments.cache is not None:
        cache = Path(arguments.cache)
    else:
        from bonafit.encoders import default_cache_path

        cache = default_cache_path()
    return Scorer.load(
        arguments.bundle,
        cache=cache,
        threads=arguments.threads,
        public_key=arguments.require_signed,
        deferred=deferred,
    )
