"""Promotion: the challenger becomes champion unless it is worse beyond noise somewhere that is protected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bonafit.bundle.manifest import read_bundle
from bonafit.errors import InputError
from bonafit.scorer.scorer import Scorer
from bonafit_training.evaluation import Answers, Cases, Comparison, answers_of, compare
from bonafit_training.evaluation.cases import check_unseen
from bonafit_training.evaluation.compare import comparison_table
from bonafit_training.tracking.registry import CHAMPION, PREVIOUS, Version, by_alias, fetch
from bonafit_training.tracking.where import Place, Tracking, place_of

if TYPE_CHECKING:
    from mlflow import MlflowClient


@dataclass(frozen=True)
class Outcome:
    """What promotion did. comparison : None where there was no champion to compare with."""

    promoted: bool
    challenger: Version
    champion: Version | None
    comparison: Comparison | None

    def lines(self) -> list[str]:
        """The outcome for people: the table, then the decision and every reason for it."""
        lines = []
        if self.comparison is None:
            lines.append("no champion yet: nothing to compare with")
        else:
            lines.append(comparison_table(self.comparison))
            lines.append(
                f"bounds are one-sided at {self.comparison.level:.4f}: 5 % over all {len(self.comparison.differences)}"
            )
            lines += [
                f"refused: {d.head} {d.metric} on {d.slice}: {d.champion:.4f} to {d.challenger:.4f}, "
                f"at best {d.high:+.4f} (n {d.n:,})"
                for d in self.comparison.worse
            ]
        before = f", was version {self.champion.version}" if self.champion else ""
        verb = "is now" if self.promoted else "is not"
        return [*lines, f"{self.challenger.name} version {self.challenger.version} {verb} @{CHAMPION}{before}"]


def promote(
    tracking: Tracking,
    cases: Cases,
    *,
    alias: str,
    load: Callable[[Path], Scorer] = Scorer.load,
    seed: int = 7,
) -> Outcome:
    """Compare the version that `alias` names with the champion on labelled cases, and move the alias unless worse.

    The old champion keeps the alias `previous`, for `rollback`. Raises InputError where there is no such version, or
    no slice has cases enough to compare.
    """
    place, client = _open(tracking)
    challenger = by_alias(client, tracking.model, alias)
    if challenger is None:
        raise InputError(f"models:/{tracking.model}@{alias}: no such version at {place.uri}; train one first")
    champion = by_alias(client, tracking.model, CHAMPION)
    if champion == challenger:
        raise InputError(f"models:/{tracking.model}@{alias}: is the champion already")
    comparison = None
    if champion is not None:
        old, new = (_answers(fetch(client, place, version), cases, load) for version in (champion, challenger))
        comparison = compare(old, new, seed=seed)
        if not comparison.differences:
            raise InputError("no slice has cases enough to compare; add labelled cases (docs/mlflow.md)")
    promoted = comparison is None or not comparison.worse
    if promoted:
        _crown(client, challenger, champion)
    return Outcome(promoted, challenger, champion, comparison)


def rollback(tracking: Tracking) -> tuple[Version, Version]:
    """Make the previous champion champion again; returns it and the one it replaces, which is now `previous`.

    Raises InputError where there is none.
    """
    place, client = _open(tracking)
    previous = by_alias(client, tracking.model, PREVIOUS)
    champion = by_alias(client, tracking.model, CHAMPION)
    if previous is None or champion is None:
        raise InputError(f"models:/{tracking.model}@{PREVIOUS}: nothing to roll back to at {place.uri}")
    _crown(client, previous, champion)
    return previous, champion


def _crown(client: MlflowClient, version: Version, old: Version | None) -> None:
    # previous first: cut off between the two, the champion is still the old one
    if old is not None:
        client.set_registered_model_alias(old.name, PREVIOUS, old.version)
    client.set_registered_model_alias(version.name, CHAMPION, version.version)


def _answers(folder: Path, cases: Cases, load: Callable[[Path], Scorer]) -> list[Answers]:
    check_unseen(cases, read_bundle(folder).manifest)
    with load(folder) as scorer:
        return answers_of(scorer, cases)


def _open(tracking: Tracking) -> tuple[Place, MlflowClient]:
    try:
        from bonafit_training.tracking.store import open_client
    except ImportError as error:
        raise InputError(f"a registry needs MLflow ({error}); pip install 'bonafit[track]'") from None
    place = place_of(tracking)
    return place, open_client(place)
