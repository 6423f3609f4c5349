"""`bonafit bundle list|show|verify`."""

from __future__ import annotations

import argparse
import sys
from importlib.metadata import entry_points
from pathlib import Path

from bonafit.bundle.manifest import door_folder, encoder_folder, read_bundle, read_manifest
from bonafit.bundle.resolve import VARIABLE, KnownBundle, default_bundle, known_bundles
from bonafit.cli.command import OK, Command
from bonafit.cli.options import bundle_option, signed_option
from bonafit.errors import BundleIncompatibleError, BundleMissingError

# Actions that installed distributions add, such as `register` where bonafit_training is there.
GROUP = "bonafit.bundle_actions"

# How the card of a set says that its source names no licence.
UNSTATED = "unstated"


def _arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    known = verbs.add_parser("list", help="print the bundles that need no path, the default marked by *")
    known.set_defaults(action_run=_list)
    show = verbs.add_parser("show", help="print what a bundle is: data, licences, encoder, columns, figures")
    bundle_option(show)
    show.add_argument(
        "--page", metavar="FILE", help="write its card as a page instead (FILE ends with .html; needs bonafit[report])"
    )
    show.set_defaults(action_run=_show)
    verify = verbs.add_parser("verify", help="check every hash, shape and the encoder of a bundle")
    bundle_option(verify)
    signed_option(verify)
    verify.set_defaults(action_run=_verify)
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        action: Command = entry.load()
        added = verbs.add_parser(action.name, help=action.help, description=action.description)
        action.arguments(added)
        added.set_defaults(action_run=action.run)


def _list(arguments: argparse.Namespace) -> int:
    try:
        default = default_bundle()
    except BundleMissingError as error:
        print(f"no default: {error}", file=sys.stderr)
        default = None
    rows = known_bundles()
    if default is not None and default not in [row.folder for row in rows]:
        rows.insert(0, KnownBundle(default.name, default, f"${VARIABLE}"))
    for row in rows:
        print(f"{'*' if row.folder == default else ' '} {row.name}  {row.folder}  ({row.origin})")
    return OK


def _show(arguments: argparse.Namespace) -> int:
    if arguments.page is not None:
        return _page(arguments)
    manifest = read_manifest(arguments.bundle)
    print(
        f"bundle {manifest.name}, schema {manifest.schema}, created {manifest.created}, commit {manifest.commit[:12]}"
    )
    if manifest.invented:
        print("trained on invented data: its numbers say nothing about real creators")
    print(f"encoder {manifest.encoder.folder}, {manifest.encoder.precision}, {manifest.encoder.width} wide")
    if manifest.door is not None:
        print(f"other languages through {manifest.door.folder}")
    print("data:")
    for dataset in manifest.datasets:
        print(f"  {dataset.name}: {dataset.rows:,} rows, licence {dataset.licence}, sha256 {dataset.sha256[:12]}")
    if unstated := sorted(d.name for d in manifest.datasets if UNSTATED in d.licence.lower()):
        print(f"licence unstated by the source: {', '.join(unstated)} (docs/dependencies.md)")
    for name, section in manifest.heads.items():
        print(f"{name}:")
        for column in section.get("columns", ()):
            sign = {1: "rises", -1: "falls", 0: "free"}[column["direction"]]
            print(f"  {column['name']} ({column['unit']}, {sign}): {column['description']}")
    print("figures:")
    for row in manifest.metrics:
        mark = " (baseline)" if row["baseline"] else ""
        print(
            f"  {row['dataset']} {row['split']} {row['slice']}: {row['method']}{mark} {row['metric']} "
            f"{row['value']:.4f}, n {row['n']:,}"
        )
    print("libraries: " + ", ".join(f"{k} {v}" for k, v in sorted(manifest.libraries.items())))
    return OK


def _page(arguments: argparse.Namespace) -> int:
    from bonafit.report.bundle_page import bundle_page
    from bonafit.report.page import check_page, write_page

    check_page(arguments.page)
    page = bundle_page(read_bundle(arguments.bundle))
    write_page(arguments.page, page)
    print(f"{arguments.page}: {len(page):,} bytes", file=sys.stderr)
    return OK


def _verify(arguments: argparse.Namespace) -> int:
    from bonafit.encoders import load_encoder
    from bonafit.scorer.load import load_heads

    bundle = read_bundle(arguments.bundle, public_key=arguments.require_signed)
    load_heads(bundle)
    manifest = bundle.manifest
    for folder, reference in ((encoder_folder(bundle), manifest.encoder), (door_folder(bundle), manifest.door)):
        if folder is None or reference is None:
            continue
        encoder = load_encoder(folder, precision=reference.precision, threads=1)
        if encoder.digest != reference.digest:
            raise BundleIncompatibleError(
                f"{folder}: encoder digest {encoder.digest[:12]}, "
                f"the bundle expects {reference.digest[:12]}; fetch the encoder that belongs to this bundle"
            )
    size = sum((Path(bundle.path) / name).stat().st_size for name in bundle.manifest.files)
    signed = "signature good" if arguments.require_signed else "signature not asked for"
    print(f"{bundle.path}: good; {len(bundle.manifest.files)} files, {size:,} bytes, {signed}, digest {bundle.digest}")
    return OK


COMMAND = Command(
    name="bundle",
    help="list, show or verify bundles",
    description="List the installed bundles, show what one is, or verify it: hashes, shapes, encoder, signature.",
    arguments=_arguments,
    run=lambda arguments: arguments.action_run(arguments),
)
