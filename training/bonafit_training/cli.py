"""`bonafit train`: heavy imports wait until the command runs, so that `bonafit --help` stays light."""

from __future__ import annotations

import argparse
from pathlib import Path

from bonafit.cli.command import OK, Command

EXAMPLES = """
examples:
  bonafit train --config training/published.toml
  bonafit train --config training/published.toml --name mine --data ../data --encoder models/encoders/my-encoder
"""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", metavar="FILE", required=True, help="training configuration, TOML (docs/training.md)"
    )
    parser.add_argument("--name", help="the bundle's name, instead of the configuration's")
    parser.add_argument("--data", metavar="DIR", help="folder of the public sets, instead of the configuration's")
    parser.add_argument("--out", metavar="DIR", help="folder to publish into, instead of the configuration's")
    parser.add_argument("--seed", type=int, help="seed of every random choice, instead of the configuration's")
    parser.add_argument(
        "--encoder",
        metavar="DIR",
        help="an exported encoder, or a sentence-transformers folder, which is exported to OUT/encoders first",
    )


def _run(arguments: argparse.Namespace) -> int:
    import msgspec

    from bonafit_training.card import metric_table
    from bonafit_training.pipeline import read_config, train

    config = read_config(Path(arguments.config))
    changes = {k: v for k in ("name", "data", "out", "seed") if (v := getattr(arguments, k)) is not None}
    config = msgspec.structs.replace(config, **changes)
    if arguments.encoder is not None:
        config = msgspec.structs.replace(config, encoder=str(_encoder(Path(arguments.encoder), Path(config.out))))
    target, artifacts = train(config)
    print(f"# {target}\n")
    print(metric_table(row for artifact in artifacts for row in artifact.metrics))
    return OK


def _encoder(folder: Path, out: Path) -> Path:
    if (folder / "encoder.json").is_file():
        return folder
    from bonafit_training.export_encoder import export_encoder

    return export_encoder(folder, out / "encoders")


TRAIN = Command(
    name="train",
    help="train every head and publish a bundle (needs bonafit[train])",
    description="Read, split, embed, fit, calibrate, evaluate beside baselines, publish." + EXAMPLES,
    arguments=_arguments,
    run=_run,
)
