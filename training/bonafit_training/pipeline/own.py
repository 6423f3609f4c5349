"""Training on one's own files alone, over a published bundle: what they say is fitted, all else stays as published.

Pairs and outcomes fit the niche head. Authenticity and engagement need many more accounts than a brand knows: they stay
the published ones here, and own labels and posts train them beside the public sets (`bonafit train --config`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from bonafit.bundle.manifest import Bundle, DatasetReference, door_folder, encoder_folder
from bonafit.errors import EncoderError, InputError
from bonafit.heads.niche_fit.head import NicheFitHead
from bonafit.scorer.load import find_door, find_fast_encoder, load_serving_encoder
from bonafit_training.contracts import Row
from bonafit_training.data.own import OwnFiles, read_own
from bonafit_training.heads.niche_fit.own import fit_own
from bonafit_training.publishing.encoders import encoder_beside
from bonafit_training.publishing.heads import TRAINED_ON, head_of
from bonafit_training.publishing.publish import Contents, Origin, current_commit, publish
from bonafit_training.tracking import NoTracker, Tracker
from bonafit_training.tracking.log import log_bundle, log_head

NICHE_FIT = NicheFitHead.name


@dataclass(frozen=True)
class OwnTraining:
    """How a bundle is trained on own files.

    name  : the bundle's name, a folder under `out`. seed : every random choice derives from it.
    cache : folder of cached vectors. invented : the files are no real people's; the card says so.
    """

    name: str
    out: Path
    seed: int = 7
    cache: Path | None = None
    invented: bool = False


def train_own(
    files: OwnFiles,
    base: Bundle,
    config: OwnTraining,
    *,
    log: Callable[[str], None] = print,
    tracker: Tracker | None = None,
) -> tuple[Path | None, list[Row]]:
    """Fit the niche head on own pairs and outcomes and publish it with the other heads of `base`.

    Returns the bundle's folder and the figures on held-out brands beside the published head's; no folder, and nothing
    published, where those are no better. Raises InputError for files that cannot be used and a name that is taken.
    """
    if files.pairs is None and files.outcomes is None:
        raise InputError("no pairs and no outcomes: nothing says who suits whom; expected at least one of the two")
    if (config.out / config.name).exists():
        raise InputError(f"{config.out / config.name}: exists; a published bundle is never changed, use --name")
    own = read_own(files)
    tracker = tracker or NoTracker()
    section = base.manifest.heads[NICHE_FIT]
    head = NicheFitHead.from_bundle(section, base.tables[NICHE_FIT])
    known = tuple(section.get(TRAINED_ON, [dataset.name for dataset in base.manifest.datasets]))
    with tracker.run(config.name), closing(load_serving_encoder(base, cache=config.cache)) as encoder:
        log(f"{NICHE_FIT}: {len(own.pairs)} pairs that suit, {len(own.failed)} that do not, {len(own.briefs)} brands")
        artifact, figures = fit_own(own, head, encoder, seed=config.seed, datasets=known)
        if artifact is None:
            log(f"{NICHE_FIT}: the published head foretells held-out brands as well; nothing is published")
            return None, figures
        log_head(tracker, artifact)
        target = publish(
            config.out,
            config.name,
            Contents(
                encoder=base.manifest.encoder,
                door=door_folder(base),
                datasets=_references(base, own.reference),
                artifacts=[artifact],
                kept=[head_of(base, other) for other in base.manifest.heads if other != NICHE_FIT],
            ),
            Origin(seed=config.seed, commit=current_commit(Path.cwd()), invented=config.invented),
        )
        for folder in _encoders(base):
            encoder_beside(folder, config.out)
        version = log_bundle(tracker, target)
    log(f"published {target}" + ("" if version is None else f", registered as version {version}"))
    return target, figures


def _references(base: Bundle, own: DatasetReference) -> list[DatasetReference]:
    named = {dataset.name: dataset for dataset in base.manifest.datasets} | {own.name: own}
    return [named[name] for name in sorted(named)]


def _encoders(base: Bundle) -> list[Path]:
    """Folders of the encoder, its door, and where there are such the fast encoder and its door."""
    folder = encoder_folder(base)
    folders = [folder, door_folder(base)]
    with suppress(EncoderError):
        from bonafit.encoders import StaticEncoder

        fast = find_fast_encoder(folder, base.manifest.encoder.digest)
        folders += [fast, find_door(fast, StaticEncoder.load(fast).digest)]
    return [folder for folder in folders if folder is not None]
