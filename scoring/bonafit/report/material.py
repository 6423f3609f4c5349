"""What a page is made of: results, and the brief, records, rejects and curves that go with them, as far as given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bonafit.bundle.manifest import Bundle
from bonafit.campaign.answer import Portfolio
from bonafit.campaign.terms import Terms
from bonafit.errors import InputError
from bonafit.heads.engagement_quality.expected import Curve
from bonafit.io.report import Reject
from bonafit.io.stored_results import result_lines
from bonafit.jobs.ranking import Best
from bonafit.records import Brief, Creator
from bonafit.report.limits import MOST
from bonafit.results import CreatorScore
from bonafit.scorer.understood import Understood

REJECTS_SHOWN = 50


@dataclass
class Material:
    """Everything that a page of results shows.

    ranked, apart : results on the page, best first, and those in no ranking. verdicts : of everybody, by verdict.
    creators      : records by id, where they were given. brief : None where it was not given.
    portfolio     : the list that was chosen, where it was given; else the page chooses one where there is a budget.
    terms         : the brief's `[campaign]` table; None where it has none.
    understood    : the brief as the bundle reads it; None where no bundle was there to read it.
    curves        : expected log rate at log size by platform model, where a bundle was given.
    rejects       : the first rows that were not scored; n_rejects : how many there were.
    n_passed_over : creators that a first look left out. notes : how the input was read, a line each.
    """

    ranked: list[CreatorScore]
    apart: list[CreatorScore]
    verdicts: Mapping[str, int]
    brief: Brief | None = None
    terms: Terms | None = None
    portfolio: Portfolio | None = None
    understood: Understood | None = None
    creators: dict[str, Creator] = field(default_factory=dict)
    curves: Mapping[str, Curve] = field(default_factory=dict)
    bundle: str | None = None
    rejects: list[Reject] = field(default_factory=list)
    n_rejects: int = 0
    n_passed_over: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def results(self) -> list[CreatorScore]:
        """All results on the page."""
        return [*self.ranked, *self.apart]

    @property
    def n_results(self) -> int:
        """Creators with a result, on the page or not."""
        return sum(self.verdicts.values())


def read_material(scores: str | os.PathLike[str], *, most: int = MOST) -> Material:
    """Results of `bonafit score` as JSON Lines, with the rejects and the list of a first look that lie beside them.

    most : results that the page holds, the best of them and as many of those in no ranking.
    Raises InputError where the file holds something else, naming the line.
    """
    best = Best(most)
    for _, result in result_lines(scores):
        best.add(result)
    return material_of(best, scores)


def material_of(best: Best, scores: str | os.PathLike[str]) -> Material:
    """The results that a run kept, with what lies beside its output. Raises InputError where there is nobody."""
    material = Material(best.ranked(), best.apart(), best.verdicts)
    if not material.n_results:
        raise InputError(f"{os.fspath(scores)}: holds no result; score some creators first")
    _rejects_beside(material, f"{os.fspath(scores)}.rejects.jsonl")
    passed_over = Path(f"{os.fspath(scores)}.passed_over.jsonl")
    if passed_over.is_file():
        with passed_over.open("rb") as rows:
            material.n_passed_over = sum(1 for row in rows if row.strip())
    return material


def _rejects_beside(material: Material, path: str) -> None:
    if not Path(path).is_file():
        return
    with open(path, "rb") as rows:
        for row in rows:
            material.n_rejects += 1
            if len(material.rejects) < REJECTS_SHOWN:
                try:
                    material.rejects.append(msgspec.json.decode(row, type=Reject))
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                    raise InputError(f"{path}: line {material.n_rejects} is no reject ({error})") from error


def add_creators(material: Material, creators: Iterable[tuple[int, Creator]]) -> None:
    """Keep the records of the creators on the page; the first of each id, as results have it."""
    ids = {result.creator_id for result in material.results}
    for _, creator in creators:
        if creator.creator_id in ids and creator.creator_id not in material.creators:
            material.creators[creator.creator_id] = creator
    if missing := ids - material.creators.keys():
        material.notes.append(
            f"{len(missing):,} creators of the results are not in the file of creators: their posts are not shown"
        )


def add_bundle(material: Material, bundle: Bundle) -> None:
    """The expected engagement by size that the bundle's heads were fitted with."""
    section, tables = bundle.manifest.heads.get("engagement_quality"), bundle.tables.get("engagement_quality")
    material.bundle = bundle.manifest.name
    if section is None or tables is None:
        return
    material.curves = {name: Curve.from_tables(tables, f"{name}.curve") for name in section.get("platforms", ())}
    made_by = {result.bundle_digest for result in material.results}
    if made_by != {bundle.digest}:
        material.curves = {}
        material.notes.append(
            f"the results were made by another bundle than {bundle.manifest.name}: its expected curve is not drawn"
        )
