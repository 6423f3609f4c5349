"""`bonafit evaluate`, `promote` and `bundle register`: a bundle measured, made champion, put into a registry."""

from __future__ import annotations

import argparse
from pathlib import Path

from bonafit.cli.command import FAILED, OK, Command
from bonafit.cli.options import bundle_option
from bonafit.errors import InputError
from bonafit_training.cli.train import chosen_tracking, tracking_options

EVALUATE_EXAMPLES = """
examples:
  bonafit evaluate --cases cases.toml
  bonafit evaluate --bundle models:/bonafit@champion --cases cases.toml --no-tracking
"""
PROMOTE_EXAMPLES = """
examples:
  bonafit promote --from challenger --cases cases.toml
  bonafit promote --rollback
"""


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    bundle_option(parser)
    _cases_option(parser, required=True)
    tracking_options(parser)


def _cases_option(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--cases", metavar="FILE", required=required, help="labelled cases, TOML (docs/mlflow.md)")


def _evaluate(arguments: argparse.Namespace) -> int:
    from bonafit.scorer.scorer import Scorer
    from bonafit_training.evaluation import evaluate, read_cases
    from bonafit_training.publishing.card import metric_table
    from bonafit_training.tracking import Tracking, open_tracker

    cases = read_cases(Path(arguments.cases))
    tracker = open_tracker(chosen_tracking(arguments, Tracking()))
    with Scorer.load(arguments.bundle) as scorer:
        print(metric_table(evaluate(scorer, cases, dataset=Path(arguments.cases).stem, tracker=tracker)))
    return OK


def _promote_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="alias", metavar="ALIAS", default="challenger", help="alias to promote, default challenger"
    )
    parser.add_argument("--model", metavar="NAME", default="bonafit", help="registered model, default bonafit")
    _cases_option(parser, required=False)
    parser.add_argument("--seed", type=int, default=7, help="seed of the bootstrap, default 7")
    parser.add_argument("--rollback", action="store_true", help="make the previous champion champion again")
    tracking_options(parser, optional=False)


def _promote(arguments: argparse.Namespace) -> int:
    from bonafit_training.evaluation import read_cases
    from bonafit_training.publishing.promote import promote, rollback
    from bonafit_training.tracking import Tracking

    tracking = chosen_tracking(arguments, Tracking(model=arguments.model)) or Tracking()
    if arguments.rollback:
        now, before = rollback(tracking)
        print(f"{now.name} version {now.version} is now @champion, was version {before.version}")
        return OK
    if arguments.cases is None:
        raise InputError("promote compares on labelled cases; give --cases FILE, or --rollback")
    outcome = promote(tracking, read_cases(Path(arguments.cases)), alias=arguments.alias, seed=arguments.seed)
    print("\n".join(outcome.lines()))
    return OK if outcome.promoted else FAILED


def _register_arguments(parser: argparse.ArgumentParser) -> None:
    bundle_option(parser)
    parser.add_argument("--model", metavar="NAME", default="bonafit", help="registered model, default bonafit")
    parser.add_argument("--alias", default="challenger", help="alias that the version gets, default challenger")
    tracking_options(parser, optional=False)


def _register(arguments: argparse.Namespace) -> int:
    from bonafit.bundle.manifest import read_bundle
    from bonafit_training.tracking import Tracking, open_tracker
    from bonafit_training.tracking.log import log_bundle

    bundle = read_bundle(arguments.bundle)
    tracking = chosen_tracking(arguments, Tracking(model=arguments.model, alias=arguments.alias))
    tracker = open_tracker(tracking)
    with tracker.run(f"register {bundle.manifest.name}"):
        version = log_bundle(tracker, Path(bundle.path))
    print(f"{bundle.manifest.name} is version {version} of {arguments.model}, @{arguments.alias}")
    return OK


REGISTER = Command(
    name="register",
    help="put a published bundle into an MLflow registry (needs bonafit[train,track])",
    description="Verify a bundle, log its card, manifest and data, and register it as a version of a model.",
    arguments=_register_arguments,
    run=_register,
)
EVALUATE = Command(
    name="evaluate",
    help="measure a bundle on labelled cases, beside baselines (needs bonafit[train])",
    description="Figures of every head on your labelled cases, slice by slice, beside dull baselines."
    + EVALUATE_EXAMPLES,
    arguments=_evaluate_arguments,
    run=_evaluate,
)
PROMOTE = Command(
    name="promote",
    help="make a registered bundle champion unless it is worse somewhere (needs bonafit[train,track])",
    description="Compare the version behind an alias with the champion on labelled cases, slice by slice, by a paired "
    "bootstrap. Exit code 1 and the reasons where it is worse beyond noise on any protected slice." + PROMOTE_EXAMPLES,
    arguments=_promote_arguments,
    run=_promote,
)
