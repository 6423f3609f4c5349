"""`bonafit train`: heavy imports wait until the command runs, so that `bonafit --help` stays light."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bonafit.cli.command import FAILED, OK, Command
from bonafit.errors import InputError

if TYPE_CHECKING:
    from bonafit_training.tracking import Tracking

# A name in the place of a folder: the encoder of the extra of that name.
EXAMPLES = """
examples:
  bonafit train --own creators.jsonl --pairs pairs.csv --outcomes outcomes.csv --name mine
  bonafit train --forecasts may.json june.json --outcomes may.csv june.csv --out client.json
  bonafit train --config training/published.toml
  bonafit train --config training/published.toml --name mine --heads authenticity --base models/2026.8
  bonafit train --config training/published.toml --name mine --data ../data --encoder models/encoders/my-encoder
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--config", metavar="FILE", help="training configuration, TOML (docs/training.md)")
    source.add_argument(
        "--own",
        metavar="FILE",
        help="your own creators, in any format that scoring reads: with --pairs or --outcomes fit the niche head, over "
        "the published bundle and without any public set",
    )
    source.add_argument(
        "--forecasts",
        nargs="+",
        metavar="FILE",
        help="sealed forecasts of one client's measured campaigns: with --outcomes, a file of what was counted for "
        "each in the same order, learn what corrects counts and fits for this client; writes one file, no bundle",
    )
    _own_arguments(parser)
    _bundle_arguments(parser)
    tracking_options(parser)


def _own_arguments(parser: argparse.ArgumentParser) -> None:
    """What goes with --own and --forecasts."""
    parser.add_argument("--pairs", metavar="FILE", help="CSV of brand,creator_id: who is known to suit the brand")
    parser.add_argument(
        "--outcomes",
        nargs="+",
        metavar="FILE",
        help="with --own a CSV of brand,creator_id,outcome: 1 where it was worth repeating, else 0; with --forecasts "
        "what `bonafit measure` reads, with likes, comments, views and worth_repeating",
    )
    parser.add_argument(
        "--briefs", metavar="DIR", help="briefs of those brands; without it the CSVs have a column description"
    )
    parser.add_argument("--invented", action="store_true", help="the own files are invented: the card says so")


def _bundle_arguments(parser: argparse.ArgumentParser) -> None:
    """What is made from which data, and which parts of it."""
    parser.add_argument("--name", help="the bundle's name, instead of the configuration's; with --own default own")
    parser.add_argument("--data", metavar="DIR", help="folder of the public sets, instead of the configuration's")
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="folder to publish into, instead of the configuration's; with --own default bundles",
    )
    parser.add_argument("--seed", type=int, help="seed of every random choice, instead of the configuration's")
    parser.add_argument(
        "--encoder",
        metavar="DIR",
        help="an exported encoder; or a sentence-transformers folder, which is exported to OUT/encoders first",
    )
    parser.add_argument(
        "--heads",
        nargs="+",
        default=[],
        metavar="HEAD",
        help="train these heads alone and take the others from --base; default all",
    )
    parser.add_argument(
        "--base",
        metavar="DIR",
        help="published bundle that the heads not trained come from, unchanged; with --own default the installed one",
    )
    parser.add_argument(
        "--languages",
        nargs="+",
        default=[],
        metavar="CODE",
        help="languages that a sentence-transformers folder knows, such as en de; default any",
    )


def tracking_options(parser: argparse.ArgumentParser, *, optional: bool = True) -> None:
    """The options of every command that keeps runs or names models; `--no-tracking` where it can do without."""
    parser.add_argument(
        "--tracking-uri",
        metavar="URI",
        help="where runs and models are kept, an MLflow tracking URI; default the configuration's, then "
        "MLFLOW_TRACKING_URI, then a SQLite file in the user's data folder (or BONAFIT_TRACKING)",
    )
    if optional:
        parser.add_argument("--no-tracking", action="store_true", help="keep no run; MLflow is not imported")


def chosen_tracking(arguments: argparse.Namespace, configured: Tracking) -> Tracking | None:
    """The tracking that the options ask for, None for --no-tracking."""
    if getattr(arguments, "no_tracking", False):
        return None
    if arguments.tracking_uri is None:
        return configured
    import msgspec

    return msgspec.structs.replace(configured, uri=arguments.tracking_uri)


def _run(arguments: argparse.Namespace) -> int:
    import msgspec

    from bonafit.bundle.manifest import read_bundle

    if arguments.forecasts is not None:
        return _run_forecasts(arguments)
    if arguments.own is not None:
        return _run_own(arguments)
    _only_with_own(arguments)
    from bonafit_training.pipeline.train import read_config, train
    from bonafit_training.publishing.card import metric_table
    from bonafit_training.tracking import open_tracker

    config = read_config(Path(arguments.config))
    changes = {k: v for k in ("name", "data", "out", "seed") if (v := getattr(arguments, k)) is not None}
    config = msgspec.structs.replace(config, **changes)
    if arguments.encoder is not None:
        config = msgspec.structs.replace(
            config,
            encoder=str(
                encoder_folder(
                    Path(arguments.encoder),
                    Path(config.out),
                    arguments.languages,
                    fp32=config.precision == "fp32",
                )
            ),
        )
    tracking = chosen_tracking(arguments, config.tracking)
    if tracking is not None:
        config = msgspec.structs.replace(config, tracking=tracking)
    base = read_bundle(Path(arguments.base)) if arguments.base is not None else None
    target, artifacts = train(config, heads=arguments.heads, base=base, tracker=open_tracker(tracking))
    print(f"# {target}\n")
    print(metric_table(row for artifact in artifacts for row in artifact.metrics))
    return OK


def _run_own(arguments: argparse.Namespace) -> int:
    if given := [f"--{name}" for name in ("data", "encoder", "heads", "languages") if getattr(arguments, name)]:
        raise InputError(f"{', '.join(given)}: not with --own, which trains over a published bundle; use --config")
    from bonafit.bundle.manifest import read_bundle
    from bonafit.encoders import default_cache_path
    from bonafit_training.data.own import OwnFiles
    from bonafit_training.pipeline.own import OwnTraining, train_own
    from bonafit_training.publishing.card import metric_table
    from bonafit_training.tracking import Tracking, open_tracker

    if len(arguments.outcomes or ()) > 1:
        raise InputError(f"--outcomes: {len(arguments.outcomes)} files; expected one with --own")
    outcomes = arguments.outcomes[0] if arguments.outcomes else None
    files = OwnFiles(creators=arguments.own, briefs=arguments.briefs, pairs=arguments.pairs, outcomes=outcomes)
    target, figures = train_own(
        files,
        read_bundle(arguments.base),
        OwnTraining(
            name=arguments.name or "own",
            out=Path(arguments.out or "bundles"),
            seed=7 if arguments.seed is None else arguments.seed,
            cache=default_cache_path(),
            invented=arguments.invented,
        ),
        log=lambda line: print(line, file=sys.stderr, flush=True),
        tracker=open_tracker(chosen_tracking(arguments, Tracking())),
    )
    print(metric_table(figures))
    return OK if target is not None else FAILED


def _run_forecasts(arguments: argparse.Namespace) -> int:
    options = ("pairs", "briefs", "invented", "name", "data", "seed", "encoder", "heads", "base", "languages")
    if given := [f"--{name}" for name in options if getattr(arguments, name)]:
        raise InputError(f"{', '.join(given)}: not with --forecasts, which train no head")
    if not arguments.outcomes:
        raise InputError("--outcomes: is missing; expected a file of what was counted for each forecast")
    import msgspec

    from bonafit.io.write import check_output
    from bonafit_training.campaign.held_out import held_out
    from bonafit_training.campaign.learn import adopted, learn
    from bonafit_training.campaign.measured import read_campaigns
    from bonafit_training.publishing.card import metric_table

    target = arguments.out or "client.json"
    check_output(target, *arguments.forecasts, *arguments.outcomes)
    campaigns = read_campaigns(arguments.forecasts, arguments.outcomes)
    client = learn(campaigns)
    figures, better = held_out(campaigns)
    client = adopted(client, better)
    print(metric_table(figures))
    if not client.corrections and client.fit is None:
        print("held-out campaigns are foretold no better; nothing is written", file=sys.stderr)
        return FAILED
    Path(target).write_bytes(msgspec.json.format(msgspec.json.encode(client), indent=1) + b"\n")
    parts = sorted({entry.count for entry in client.corrections}) + (["fit"] if client.fit is not None else [])
    print(f"wrote {target}: corrects {', '.join(parts)}; use it with --client", file=sys.stderr)
    return OK


def _only_with_own(arguments: argparse.Namespace) -> None:
    if given := [f"--{name}" for name in ("pairs", "outcomes", "briefs", "invented") if getattr(arguments, name)]:
        raise InputError(f"{', '.join(given)}: with --own; a configuration names them in its [own] table")


def encoder_folder(folder: Path, out: Path, languages: list[str], *, fp32: bool = False) -> Path:
    """The folder itself where it holds an exported encoder; else a sentence-transformers folder's export in out.

    fp32 : write the float32 graph too. Raises EncoderError where it is neither, or a model that cannot be served.
    """
    if (folder / "encoder.json").is_file():
        return folder
    from bonafit_training.encoders.export import Provenance, export_encoder

    origin = Provenance(folder.resolve().name, "own folder", "not stated to the exporter", tuple(languages))
    return export_encoder(folder, out / "encoders", origin, fp32=fp32)


TRAIN = Command(
    name="train",
    help="train every head and publish a bundle (needs bonafit[train])",
    description="Read, split, embed, fit, calibrate, evaluate beside baselines, publish.\n"
    "With --own the exit code is 1, and nothing is published, where the published head foretells as well." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
