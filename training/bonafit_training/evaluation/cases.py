"""Labelled cases that a bundle is measured on, and the slices that each of them belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bonafit.bundle.manifest import Manifest
from bonafit.errors import InputError
from bonafit.records import Creator
from bonafit_training.data.own import OwnData, OwnFiles, read_own

ALL = "all"
PROTECTED = ("language", "platform", "size")
# Follower decades: labels for slices only, no score depends on one.
SIZES = ((1_000, "0-1k"), (10_000, "1k-10k"), (100_000, "10k-100k"), (None, "100k+"))


class CasesFile(OwnFiles, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cases file (TOML): the keys of a training configuration's `[own]`, and what is protected.

    protected : columns whose every value is a slice: language, platform, country, category, or size (of following).
    """

    protected: tuple[str, ...] = PROTECTED


@dataclass(frozen=True)
class Cases:
    """Labelled creators. slices : for each creator of `data.creators`, the names of its slices, `all` first."""

    data: OwnData
    slices: tuple[tuple[str, ...], ...]

    @property
    def digest(self) -> str:
        return self.data.reference.sha256


def read_cases(path: Path) -> Cases:
    """Read a cases file; paths in it are relative to it. Raises InputError naming what is wrong."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), CasesFile)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise InputError(f"{path}: {error}; expected a cases file, see docs/mlflow.md") from None
    if unknown := [name for name in file.protected if name not in (*Creator.__struct_fields__, "size")]:
        raise InputError(f"{path}: protected {', '.join(unknown)}; expected columns of creators or size")
    names = ("creators", "briefs", "pairs", "labels")
    given = {name: getattr(file, name) for name in names}
    own = OwnFiles(
        **{name: str(path.parent / value) for name, value in given.items() if value is not None}, licence=file.licence
    )
    data = read_own(own)
    if not data.pairs and not data.genuine:
        raise InputError(f"{path}: neither pairs nor labels; expected at least one of them to measure against")
    return Cases(data, tuple(slices_of(creator, file.protected) for creator in data.creators))


def slices_of(creator: Creator, protected: Sequence[str]) -> tuple[str, ...]:
    """`all` and one `column=value` for every protected column that the creator has."""
    slices = [ALL]
    for name in protected:
        value = size_of(creator.followers) if name == "size" else getattr(creator, name)
        if value is not None:
            slices.append(f"{name}={value}")
    return tuple(slices)


def size_of(followers: int | None) -> str | None:
    """The follower decade, None where the count is not known."""
    if followers is None:
        return None
    return next(label for bound, label in SIZES if bound is None or followers < bound)


def check_unseen(cases: Cases, manifest: Manifest) -> None:
    """Raise InputError where the bundle was trained on these very files: figures on them would flatter it."""
    if any(dataset.sha256 == cases.digest for dataset in manifest.datasets):
        raise InputError(f"bundle {manifest.name}: was trained on these cases; measure it on cases it has not seen")
