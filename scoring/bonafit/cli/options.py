"""Options that several commands share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bonafit.scorer.scorer import Scorer

BUNDLE_VARIABLE = "BONAFIT_BUNDLE"


def bundle_option(parser: argparse.ArgumentParser) -> None:
    default = os.environ.get(BUNDLE_VARIABLE)
    parser.add_argument(
        "--bundle",
        metavar="DIR",
        default=default,
        required=default is None,
        help=f"folder of the published bundle (or set {BUNDLE_VARIABLE})",
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
    parser.add_argument("input", metavar="INPUT", help="creators: JSONL, CSV or Parquet, also .gz and .zst; - is stdin")
    parser.add_argument("--brief", metavar="FILE", required=True, help="the brief, TOML or JSON; - is stdin")
    parser.add_argument("--format", choices=("jsonl", "csv", "parquet"), help="format of INPUT, default by its name")
    parser.add_argument("--posts", metavar="FILE", help="file of posts, joined to INPUT by creator_id")


def load_scorer(arguments: argparse.Namespace, *, deferred: bool = False) -> Scorer:
    """A Scorer as the shared options say. deferred : as in Scorer.load."""
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
