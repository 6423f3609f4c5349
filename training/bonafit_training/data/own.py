"""The user's own files as training data, in the formats that scoring reads."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bonafit.bundle.manifest import DatasetReference, file_digest
from bonafit.errors import InputError
from bonafit.io.brief import read_brief
from bonafit.io.read import Reject, read_creators
from bonafit.records import Brief, Creator

PAIR = ("brand", "creator_id")


class OwnFiles(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[own]` table of a training configuration, and the files of `bonafit train --own`.

    creators : file of creators, any format that `bonafit score` reads.
    briefs   : folder of briefs, TOML or JSON; a brief's `brand` is its id. Without one, pairs and outcomes have a
               column `description` that says what the brand looks for.
    pairs    : CSV with columns brand, creator_id: creators known to suit the brand; trains niche fit.
    outcomes : CSV with columns brand, creator_id, outcome: 1 where working together was worth repeating, else 0;
               trains niche fit. Without public sets those of 0 are what does not suit, before random others;
               beside public sets they are others like any.
    labels   : CSV with columns creator_id, genuine (1 or 0); trains authenticity.
    licence  : stated in the model card.
    """

    creators: str
    briefs: str | None = None
    pairs: str | None = None
    outcomes: str | None = None
    labels: str | None = None
    licence: str = "own data"


@dataclass(frozen=True)
class OwnData:
    """Own files, read. pairs, failed : (brand, creator_id) that suit and that do not. genuine : creator_id to label."""

    creators: tuple[Creator, ...]
    briefs: dict[str, Brief]
    pairs: tuple[tuple[str, str], ...]
    genuine: dict[str, bool]
    reference: DatasetReference
    failed: tuple[tuple[str, str], ...] = ()


def read_own(files: OwnFiles) -> OwnData:
    """Read own files, whole: a row that would be rejected in scoring stops training with its reason.

    Raises InputError, naming file and row, for bad rows and for pairs or labels of unknown brands or creators.
    """
    creators = _creators(Path(files.creators))
    ids = {creator.creator_id for creator in creators}
    briefs = _briefs(Path(files.briefs)) if files.briefs is not None else {}
    pairs: dict[tuple[str, str], None] = {}
    failed: dict[tuple[str, str], None] = {}
    for path, columns in ((files.pairs, PAIR), (files.outcomes, (*PAIR, "outcome"))):
        for line, row in _table(path, columns):
            if files.briefs is None:
                _described(row, briefs, f"{path} line {line}")
            pair = row["brand"], row["creator_id"]
            if row["brand"] not in briefs or row["creator_id"] not in ids:
                raise InputError(
                    f"{path} line {line}: pair ({', '.join(pair)}) names an unknown brand or "
                    "creator; expected a brand of `briefs` and an id of `creators`"
                )
            if row.get("outcome", "1") not in ("0", "1"):
                raise InputError(f"{path} line {line}: outcome {row['outcome']!r}; expected 0 or 1")
            (pairs if row.get("outcome", "1") == "1" else failed)[pair] = None
    if both := sorted(pairs.keys() & failed.keys()):
        raise InputError(
            f"{files.outcomes}: ({', '.join(both[0])}) both suits and does not; expected one outcome a pair"
        )
    genuine = {}
    for line, row in _table(files.labels, ("creator_id", "genuine")):
        if row["creator_id"] not in ids or row["genuine"] not in ("0", "1"):
            raise InputError(
                f"{files.labels} line {line}: ({row['creator_id']}, {row['genuine']}); expected an id of "
                "`creators`, and 0 or 1"
            )
        genuine[row["creator_id"]] = row["genuine"] == "1"
    reference = _reference(files, len(creators))
    return OwnData(tuple(creators), briefs, tuple(pairs), genuine, reference, tuple(failed))


def _described(row: dict[str, str], briefs: dict[str, Brief], where: str) -> None:
    """Make the brief of a row's brand from its column `description`. Raises InputError where none says it."""
    brand, description = row["brand"], (row.get("description") or "").strip()
    if brand not in briefs:
        if not description:
            raise InputError(
                f"{where}: nothing says what brand {brand!r} looks for; add a column description, or give a folder of "
                "briefs"
            )
        briefs[brand] = Brief(brand=brand, description=description)
    elif description and briefs[brand].description != description:
        raise InputError(f"{where}: another description of brand {brand!r}; expected one for all of its rows")


def _creators(path: Path) -> list[Creator]:
    rejects: list[Reject] = []
    creators = [creator for _, creator in read_creators(str(path), on_reject=rejects.append)]
    if rejects:
        first = rejects[0]
        raise InputError(
            f"{path}: {len(rejects)} rows cannot be read, first at line {first.line}, {first.field}: {first.reason}; "
            "mend or remove them before training"
        )
    return creators


def _briefs(folder: Path) -> dict[str, Brief]:
    files = sorted(p for p in folder.iterdir() if p.suffix in (".toml", ".json")) if folder.is_dir() else []
    if not files:
        raise InputError(f"{folder}: no briefs; expected a folder of .toml or .json files")
    briefs = {}
    for file in files:
        brief = read_brief(str(file))
        if brief.brand in briefs:
            raise InputError(f"{file}: brand {brief.brand!r} again; expected one brief a brand")
        briefs[brief.brand] = brief
    return briefs


def _table(path: str | None, columns: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    if path is None:
        return []
    try:
        with Path(path).open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            if missing := [c for c in columns if c not in (reader.fieldnames or ())]:
                raise InputError(f"{path}: no column {', '.join(missing)}; expected {', '.join(columns)}")
            return [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}; expected a CSV file in UTF-8") from None


def _reference(files: OwnFiles, rows: int) -> DatasetReference:
    digest = hashlib.sha256()
    paths = [Path(p) for p in (files.creators, files.pairs, files.outcomes, files.labels) if p is not None]
    if files.briefs is not None:
        paths += sorted(p for p in Path(files.briefs).iterdir() if p.is_file())
    for path in paths:
        digest.update(f"{path.name}\0{file_digest(path)}\n".encode())
    return DatasetReference(name="own", sha256=digest.hexdigest(), rows=rows, licence=files.licence)
