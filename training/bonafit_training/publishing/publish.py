"""Publishing: artifacts of all heads to one bundle directory, whole or not at all."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import joblib
import msgspec
import numpy as np

from bonafit.bundle.manifest import (
    MANIFEST,
    SCHEMA,
    DatasetReference,
    EncoderReference,
    Manifest,
    file_digest,
    read_bundle,
)
from bonafit.encoders.card import EncoderCard, read_card
from bonafit.errors import InputError
from bonafit_training.contracts import HeadArtifact, PublishedHead
from bonafit_training.publishing.card import model_card
from bonafit_training.publishing.heads import order_of, published_head

LIBRARIES = ("numpy", "scikit-learn", "interpret-core", "onnxruntime", "tokenizers", "msgspec", "pyarrow")
# Everything but the encoder must stay small enough to live in a repository and load in milliseconds. A wider encoder
# than the published one may have as much more: moments and maps have a row for each of its directions.
TABLES_LIMIT, USUAL_WIDTH = 5_000_000, 384


def current_commit(root: Path) -> str:
    """Commit of the checkout that trains, with `+changes` where tracked files differ from it; `unknown` outside git."""
    try:
        commit = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        dirty = subprocess.run(
            ["git", "-C", str(root), "diff", "--quiet", "HEAD", "--", "scoring", "training"], check=False
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("+changes" if dirty.returncode else "")


def library_versions() -> dict[str, str]:
    """Versions of the libraries that shape a bundle's numbers."""
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


@dataclass(frozen=True)
class Contents:
    """What goes into a bundle.

    encoder   : the serving encoder. door : directory of the encoder that reads other languages into its space.
    datasets  : every set that a head was trained on.
    artifacts : heads just trained. kept : heads of an earlier bundle that go in unchanged beside them.
    """

    encoder: EncoderReference
    datasets: Sequence[DatasetReference]
    artifacts: Sequence[HeadArtifact]
    kept: Sequence[PublishedHead] = ()
    door: Path | None = None


@dataclass(frozen=True)
class Origin:
    """Where a bundle comes from: the seed, the commit of the code, whether its data are invented.

    created : the stamp, default now; the only field that differs between two trainings of one seed and commit.
    """

    seed: int
    commit: str
    invented: bool = False
    created: datetime | None = None


def publish(out: Path, name: str, contents: Contents, origin: Origin) -> Path:
    """Write one bundle to out/name and return its path.

    Written to a temporary sibling, every file synced, the manifest last, then renamed and read back with all checks.
    Raises InputError where out/name exists (a bundle is never changed) or the tables exceed 5 MB, for an encoder wider
    than 384 as much more.
    """
    target = out / name
    encoder, door = contents.encoder, contents.door
    door_card = None if door is None else read_card(door)
    if target.exists():
        raise InputError(f"{target}: exists; a published bundle is never changed, choose another name or remove it")
    out.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=out))
    try:
        heads = sorted([*map(published_head, contents.artifacts), *contents.kept], key=lambda head: order_of(head.name))
        _write_heads(work, heads, limit=int(TABLES_LIMIT * max(1.0, encoder.width / USUAL_WIDTH)), target=target)
        card = model_card(name, heads, encoder, contents.datasets, invented=origin.invented, door=door_card)
        (work / "CARD.md").write_text(card, encoding="utf-8")
        manifest = Manifest(
            schema=SCHEMA,
            name=name,
            created=(origin.created or datetime.now(UTC)).isoformat(timespec="seconds"),
            commit=origin.commit,
            seed=origin.seed,
            encoder=encoder,
            datasets=tuple(contents.datasets),
            heads={head.name: head.section for head in heads},
            libraries=library_versions(),
            metrics=tuple(row for head in heads for row in head.metrics),
            files={file.name: file_digest(file) for file in sorted(work.iterdir())},
            invented=origin.invented,
            door=_reference(door, door_card),
        )
        _put_in_place(work, manifest, target)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    read_bundle(target)
    return target


def _put_in_place(work: Path, manifest: Manifest, target: Path) -> None:
    """Sync every file, the manifest last, and rename the folder."""
    for file in work.iterdir():
        _sync(file)
    raw = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    (work / MANIFEST).write_bytes(raw + b"\n")
    _sync(work / MANIFEST)
    work.chmod(0o755)
    os.replace(work, target)
    _sync(target.parent)


def _write_heads(work: Path, heads: Sequence[PublishedHead], *, limit: int, target: Path) -> None:
    """Tables and plots of every head. Raises InputError where the tables take more than `limit` bytes."""
    for head in heads:
        np.savez_compressed(work / f"{head.name}.npz", allow_pickle=False, **head.tables)
    size = sum(file.stat().st_size for file in work.iterdir())
    if size > limit:
        raise InputError(f"{target}: tables of {size:,} bytes; expected at most {limit:,}, use fewer bins or pairs")
    for head in heads:
        for file_name, svg in head.plots.items():
            (work / file_name).write_text(svg, encoding="utf-8")


def _reference(door: Path | None, card: EncoderCard | None) -> EncoderReference | None:
    if door is None or card is None:
        return None
    return EncoderReference(folder=door.name, digest=card.digest("int8"), precision="int8", width=card.width)


def store_estimators(store: Path, name: str, artifacts: Sequence[HeadArtifact]) -> Mapping[str, Path]:
    """Keep the fitted estimators for retraining and audit, as joblib files the scoring package cannot read."""
    folder = store / name
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for artifact in artifacts:
        if artifact.estimators:
            paths[artifact.name] = folder / f"{artifact.name}.joblib"
            joblib.dump(artifact.estimators, paths[artifact.name], compress=3)
    return paths


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
