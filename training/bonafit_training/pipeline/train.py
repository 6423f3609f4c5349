"""The training pipeline: read, split, embed, features, fit, calibrate, evaluate beside baselines, publish.

Each head's package owns its steps from reading to evaluation; this module runs them with one seed and one encoder and
publishes what they return.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from bonafit.bundle.manifest import Bundle, DatasetReference, EncoderReference
from bonafit.encoders import CachedEncoder, StaticEncoder, load_encoder, read_card
from bonafit.errors import EncoderError, InputError
from bonafit.scorer.load import FAST_FIT, find_door, find_fast_encoder, open_encoder
from bonafit_training.contracts import Context, HeadArtifact, PublishedHead, Row
from bonafit_training.data.catalogue import DATASETS, UNSTATED, reference
from bonafit_training.data.own import OwnData, OwnFiles, read_own
from bonafit_training.encoders.adapt import Adaptation
from bonafit_training.encoders.static import fast_encoder_of
from bonafit_training.heads import TRAININGS
from bonafit_training.heads.niche_fit.adaptation import choose_encoder
from bonafit_training.publishing.encoders import encoder_beside
from bonafit_training.publishing.heads import TRAINED_ON, head_of
from bonafit_training.publishing.publish import Contents, Origin, current_commit, publish, store_estimators
from bonafit_training.tracking import NoTracker, Tracker, Tracking
from bonafit_training.tracking.log import flattened, log_bundle, log_head

FITS: dict[str, Callable[[Context], HeadArtifact]] = {name: training.fit for name, training in TRAININGS.items()}


class TrainingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A training configuration file (TOML). Paths are relative to the working directory.

    name    : the bundle's name, a folder under `out`.
    encoder : folder of an exported encoder.
    data    : folder of the public sets. store : where fitted estimators are kept for audit. cache : cached vectors.
    own     : the user's own files, which train beside the public sets (docs/formats.md).
    options : per head, passed to its `fit`.
    adapt   : contrastive adaptation of the encoder before anything is fitted, kept only where it wins; default none.
    fast_encoder : whether a fast encoder is fitted where none is there for this encoder; without one the bundle has no
              `fast_fit`, so that neither time limits nor shortlists can be had.
    unstated_licences : whether sets whose source states no licence may have taught any head of the bundle; false
              publishes nothing that one of them did, kept heads included, and names head and sets.
    tracking: where runs are kept (docs/mlflow.md).
    """

    name: str
    seed: int = 7
    encoder: str
    precision: str = "int8"
    data: str = "../shared/data"
    out: str = "models"
    store: str = "build/training"
    cache: str | None = "build/vectors"
    own: OwnFiles | None = None
    options: dict[str, dict[str, Any]] = {}
    adapt: Adaptation | None = None
    fast_encoder: bool = True
    unstated_licences: bool = True
    tracking: Tracking = Tracking()


def read_config(path: Path) -> TrainingConfig:
    """Parse a configuration. Raises InputError naming the field that is wrong."""
    try:
        config = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), TrainingConfig)
    except FileNotFoundError:
        raise InputError(
            f"{path}: no such file; expected a training configuration, see training/published.toml"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(f"{path}: {error}; see training/published.toml for a working one") from None
    if unknown := sorted(set(config.options) - set(FITS)):
        raise InputError(f"{path}: options for {', '.join(unknown)}; expected heads among {', '.join(FITS)}")
    return config


def train(
    config: TrainingConfig,
    *,
    heads: Sequence[str] = (),
    base: Bundle | None = None,
    log: Callable[[str], None] | None = None,
    tracker: Tracker | None = None,
) -> tuple[Path, list[HeadArtifact]]:
    """Train every head and publish the bundle; returns its path and the artifacts with their figures.

    heads   : names of FITS to train, default all. base : the bundle that the other heads come from, unchanged.
    tracker : keeps the run, nested runs of heads and folds, and registers the bundle; default NoTracker.
    Raises InputError where `heads` names no head or leaves heads out that no base gives.
    """
    trained = list(heads) or list(FITS)
    _check(config, trained, base)
    tracker = tracker or NoTracker()
    say = log or (lambda line: print(line, file=sys.stderr, flush=True))
    data = Path(config.data)
    own = read_own(config.own) if config.own is not None else None
    folder, adaptation = _chosen_encoder(config, data, say)
    digest = read_card(folder).digest(config.precision)
    door_folder = find_door(folder, digest)
    cache = Path(config.cache) if config.cache is not None else None
    encoder = open_encoder(folder, door_folder, precision=config.precision, cache=cache)
    fast_folder = _fast_encoder(config, folder, own, say, fit=FAST_FIT in trained)
    fast = None if fast_folder is None else StaticEncoder.load(fast_folder)
    published_heads = _kept(base, trained, config) if base is not None else []
    with tracker.run(config.name), closing(encoder):
        tracker.params(flattened(msgspec.to_builtins(config)))
        context = Context(data=data, seed=config.seed, encoder=encoder, own=own, fast=fast)
        artifacts = []
        for name in FITS:
            if name not in trained or (name == FAST_FIT and fast is None):
                continue
            with tracker.run(name):
                artifact = _fit(name, config, context, say)
                if name == "niche_fit":
                    artifact = replace(artifact, metrics=[*artifact.metrics, *adaptation])
                if not config.unstated_licences:
                    check_licences(name, artifact.datasets)
                artifacts.append(artifact)
                log_head(tracker, artifact)
        target = publish(
            Path(config.out),
            config.name,
            Contents(
                encoder=EncoderReference(
                    folder=folder.name, digest=digest, precision=config.precision, width=encoder.width
                ),
                door=door_folder,
                datasets=_references(data, artifacts, own, published_heads, base),
                artifacts=artifacts,
                kept=published_heads,
            ),
            Origin(seed=config.seed, commit=current_commit(Path.cwd())),
        )
        fast_door = None if fast is None or fast_folder is None else find_door(fast_folder, fast.digest)
        for used in filter(None, (folder, door_folder, fast_folder, fast_door)):
            encoder_beside(used, Path(config.out))
        store_estimators(Path(config.store), config.name, artifacts)
        say(f"published {target}")
        version = log_bundle(tracker, target)
        if version is not None:
            say(f"registered {config.tracking.model} version {version} as @{config.tracking.alias}")
    return target, artifacts


def _kept(base: Bundle, trained: Sequence[str], config: TrainingConfig) -> list[PublishedHead]:
    """The base's heads that are not trained. Raises InputError for sets that the configuration does not allow."""
    published_heads = [head_of(base, name) for name in base.manifest.heads if name not in trained]
    if not config.unstated_licences:
        licences = {dataset.name: dataset.licence for dataset in base.manifest.datasets}
        for head in published_heads:
            check_licences(head.name, head.section[TRAINED_ON], licences)
    return published_heads


def check_licences(head: str, datasets: Sequence[str], licences: Mapping[str, str] | None = None) -> None:
    """Raise InputError where a head learned from a set whose source states no licence.

    licences : of sets by name, as a bundle states them; of others the catalogue's, and own data has its own.
    """
    known = {name: dataset.licence for name, dataset in DATASETS.items()} | dict(licences or {})
    if unstated := sorted(name for name in datasets if UNSTATED in known.get(name, "").lower()):
        raise InputError(
            f"{head}: learns from {', '.join(unstated)}, whose licence is unstated, and unstated_licences is false; "
            "leave the head to a bundle that was trained on other sets (--heads, --base), or allow them"
        )


def _check(config: TrainingConfig, trained: Sequence[str], base: Bundle | None) -> None:
    """Raise InputError for what would stop a training at its end."""
    if unknown := sorted(set(trained) - set(FITS)):
        raise InputError(f"--heads {' '.join(unknown)}: expected names among {', '.join(FITS)}")
    if base is None and len(trained) < len(FITS):
        raise InputError("--heads trains some heads alone: the others come from a published bundle, name it by --base")
    if not Path(config.data).is_dir():
        raise InputError(
            f"{config.data}: no such folder; expected the public sets, set `data` in the configuration or --data"
        )
    if (Path(config.out) / config.name).exists():
        raise InputError(f"{Path(config.out) / config.name}: exists; a published bundle is never changed, use --name")


def _cached(folder: Path, config: TrainingConfig) -> CachedEncoder:
    cache = Path(config.cache) if config.cache is not None else None
    return CachedEncoder(load_encoder(folder, precision=config.precision), cache)


def _chosen_encoder(config: TrainingConfig, data: Path, say: Callable[[str], None]) -> tuple[Path, list[Row]]:
    """The configured encoder, or its adaptation where one is asked for and wins; and the figures that decided."""
    folder = Path(config.encoder)
    if config.adapt is None:
        return folder, []
    say("encoder: adapting")
    with closing(_cached(folder, config)) as base:
        adapted, rows = choose_encoder(
            Context(data=data, seed=config.seed, encoder=base),
            config.adapt,
            Path(config.store) / config.name / "encoder",
            cache=Path(config.cache) if config.cache is not None else None,
            precision=config.precision,
        )
    say("encoder: the adapted one wins" if adapted else f"encoder: {folder.name} stays, adaptation did not win")
    return adapted or folder, rows


def _fast_encoder(
    config: TrainingConfig, folder: Path, own: OwnData | None, say: Callable[[str], None], *, fit: bool
) -> Path | None:
    """The fast encoder fitted to the serving one; where there is none it is fitted, if its head is to be trained."""
    if not (fit and config.fast_encoder):
        with suppress(EncoderError):
            return find_fast_encoder(folder, read_card(folder).digest(config.precision))
        return None
    creators = own.creators if own is not None else ()
    try:
        with closing(_cached(folder, config)) as reference:
            return fast_encoder_of(
                reference,
                folder,
                Path(config.out) / "encoders",
                data=Path(config.data),
                creators=creators,
                seed=config.seed,
            )
    except EncoderError as error:
        say(f"fast_fit: left out, {error}")
        return None


def _fit(name: str, config: TrainingConfig, context: Context, say: Callable[[str], None]) -> HeadArtifact:
    began = time.monotonic()
    say(f"{name}: training")
    artifact = FITS[name](replace(context, config=dict(config.options.get(name, {}))))
    say(f"{name}: {time.monotonic() - began:.0f} s, sets {', '.join(artifact.datasets)}")
    return artifact


def _references(
    data: Path,
    artifacts: list[HeadArtifact],
    own: OwnData | None,
    published_heads: list[PublishedHead],
    base: Bundle | None,
) -> list[DatasetReference]:
    """The sets behind a bundle: read anew for heads just trained, as the base names them for the others."""
    named = {dataset.name: dataset for dataset in base.manifest.datasets} if base is not None else {}
    references = {name: named[name] for head in published_heads for name in head.section[TRAINED_ON]}
    references |= {name: reference(data, name) for artifact in artifacts for name in artifact.datasets}
    if own is not None:
        references[own.reference.name] = own.reference
    return [references[name] for name in sorted(references)]
