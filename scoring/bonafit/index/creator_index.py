"""CreatorIndex: build it once, change it all day, ask it which creators fit a brief."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from types import TracebackType

import numpy as np

from bonafit.errors import IndexIncompatibleError
from bonafit.heads import HEADS
from bonafit.heads.niche_fit.summary import COLUMNS, INPUTS, SUMMARY, IndexHead, index_features, summarise
from bonafit.heads.niche_fit.view import BriefView
from bonafit.index import store
from bonafit.index.answer import Ranked, Ranking
from bonafit.index.approximate import Approximate
from bonafit.index.filters import Filters
from bonafit.index.layout import IndexManifest, read_manifest
from bonafit.index.products import Directions, products
from bonafit.index.ranking import Candidates, Found, Wanted, best_rows
from bonafit.index.segment import UNKNOWN, IndexRow
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.results import Reason
from bonafit.scorer.combine import normalised_weights
from bonafit.scorer.scorer import BATCH, Scorer
from bonafit.scorer.verdict import missing
from bonafit.tables.calibration import attribute

INDEX_HEAD = "index_fit"


class CreatorIndex:
    """A creator index on disk, read through memory maps. Thread-safe; many processes may read while one writes.

    A query answers from the generation that was current when `refresh` last looked (it looks before every query).
    """

    def __init__(self, path: str | os.PathLike[str], scorer: Scorer, *, threads: int | None = None) -> None:
        """Open an index with the scorer of the bundle that built it.

        threads : that rank, default the usable cores. Raises CreatorIndexError.
        """
        self.path = Path(path)
        self._scorer = scorer
        self._head = index_head(scorer)
        manifest = read_manifest(self.path)
        expected = (scorer.bundle.digest, scorer.encoder.digest, len(SUMMARY), INPUTS)
        if (manifest.bundle, manifest.encoder, manifest.vectors, manifest.inputs) != expected:
            raise IndexIncompatibleError(
                f"{self.path}: made by bundle {manifest.bundle[:12]}, this scorer's is {scorer.bundle.digest[:12]}; "
                "build the index again with this bundle"
            )
        self._view = store.open_view(self.path)
        self._threads = threads or len(os.sched_getaffinity(0))
        self._approximate: Approximate | None = None
        self._start()

    def _start(self) -> None:
        self._pid = os.getpid()
        self._lock = Lock()
        many = self._threads > 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="rank") if many else None

    def close(self) -> None:
        """End the threads that rank. The maps go when the last answer that uses them has gone."""
        if self._pool is not None:
            self._pool.shutdown()

    def __enter__(self) -> CreatorIndex:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self, brief: Brief | None = None) -> None:
        """Pay the first query's costs now: reads every page of the index once and builds the kernels."""
        self.rank(brief or Brief(brand="warm", description="A first call."), 1)

    @classmethod
    def build(
        cls,
        path: str | os.PathLike[str],
        scorer: Scorer,
        creators: Iterable[Creator] = (),
        *,
        dtype: str = "float32",
        threads: int | None = None,
    ) -> CreatorIndex:
        """Make an index and add creators. Raises InputError where one exists."""
        index_head(scorer)
        manifest = IndexManifest(
            encoder=scorer.encoder.digest,
            bundle=scorer.bundle.digest,
            vectors=len(SUMMARY),
            width=scorer.encoder.width,
            inputs=INPUTS,
            dtype=dtype,
        )
        store.create(Path(path), manifest)
        index = cls(path, scorer, threads=threads)
        index.upsert(creators)
        return index

    @property
    def manifest(self) -> IndexManifest:
        return self._view.manifest

    def __len__(self) -> int:
        return self._view.live

    def __contains__(self, creator_id: str) -> bool:
        return self._view.find(creator_id) is not None

    def refresh(self) -> None:
        """Take up what a writer has committed since."""
        if self._pid != os.getpid():
            # Threads do not survive a fork, and a lock may have been held by one that did not.
            self._start()
        if read_manifest(self.path).generation != self._view.manifest.generation:
            with self._lock:
                self._view = store.open_view(self.path, self._view)

    def upsert(self, creators: Iterable[Creator]) -> int:
        """Add creators or replace those with the same id; all become visible together. Returns how many."""
        with store.Writer(self.path) as writer:
            count = writer.upsert(self._rows(creators))
        self.refresh()
        return count

    def delete(self, creator_ids: Iterable[str]) -> int:
        """Delete creators; returns how many were there."""
        with store.Writer(self.path) as writer:
            count = writer.delete(creator_ids)
        self.refresh()
        return count

    def compact(self) -> int:
        """Merge segments and drop deleted rows; returns the rows kept."""
        size = store.compact(self.path)
        self.refresh()
        return size

    def _rows(self, creators: Iterable[Creator]) -> Iterator[IndexRow]:
        nobody = self._scorer.prepare_brief(Brief(brand="none", description="no brief"))
        batch: list[Creator] = []
        for creator in creators:
            batch.append(creator)
            if len(batch) >= BATCH:
                yield from self._summaries(batch, nobody)
                batch = []
        yield from self._summaries(batch, nobody)

    def _summaries(self, creators: list[Creator], nobody: PreparedBrief) -> Iterator[IndexRow]:
        prepared: list[Prepared] = self._scorer.prepare(creators)
        answers = {name: self._scorer.heads[name].score(prepared, nobody) for name in HEADS}
        weights = normalised_weights(nobody.brief.weights)
        for i, person in enumerate(prepared):
            parts = {name: column[i] for name, column in answers.items()}
            vectors, inputs = summarise(self._head.reference.level(person))
            creator = person.creator
            # as `score` would say of them for any brief
            unjudged = missing(creator, nobody.brief, parts, weights)
            genuine = parts["authenticity"].value
            yield IndexRow(
                creator_id=creator.creator_id,
                vectors=vectors,
                inputs=inputs,
                platform=creator.platform,
                language=creator.language,
                country=creator.country,
                followers=UNKNOWN if creator.followers is None else creator.followers,
                authenticity=float("nan") if unjudged or genuine is None else genuine,
            )

    def rank(
        self,
        brief: Brief | PreparedBrief,
        k: int = 100,
        *,
        filters: Filters | None = None,
        approximate: bool = False,
    ) -> Ranking:
        """The k creators that fit a brief best, exactly, with the learned head over every row that passes.

        Who cannot be judged (no posts, nothing recent, too little evidence for a head) is in no ranking.

        approximate : rank candidates alone in segments that `bonafit index approximate` has prepared, with the same
        head (`bonafit.index.approximate`). Raises CreatorIndexError where faiss is absent.
        Equal values are ordered by creator id. Reasons are of the index's own head; score the best with
        `Scorer.score` for the full evidence.
        """
        self.refresh()
        prepared = self._scorer.prepare_brief(brief) if isinstance(brief, Brief) else brief
        view_of_brief = BriefView(prepared, self._head.reference)
        view = self._view
        query = Wanted(
            view_of_brief, k, filters or Filters(), self._candidates(view_of_brief, k) if approximate else None
        )
        best_found, considered = best_rows(view, query, self._head, self._pool)
        items = [(float(eta), f, int(row)) for f in best_found for eta, row in zip(f.eta, f.rows, strict=True)]
        items.sort(key=lambda item: (-item[0], item[1].segment.creator_id(item[2])))
        best = tuple(self._ranked(i, eta, f, row, view_of_brief) for i, (eta, f, row) in enumerate(items[:k], start=1))
        return Ranking(best=best, considered=considered, generation=view.manifest.generation)

    def _candidates(self, brief: BriefView, k: int) -> Candidates:
        if self._approximate is None:
            self._approximate = Approximate()
        return self._approximate.candidates(brief, k)

    def _ranked(self, rank: int, eta: float, place: Found, row: int, brief: BriefView) -> Ranked:
        at = np.array([row])
        segment = place.segment
        X = index_features(products(segment, at, Directions(brief.targets)), segment.inputs[at], brief)
        effects, _ = self._head.model.effects(X)
        baseline, points = attribute(effects[0], self._head.model.intercept, self._head.calibrate)
        reasons = [
            Reason(
                feature="baseline",
                seen=None,
                effect=self._head.model.intercept,
                points=baseline,
                text="where every creator starts",
            )
        ]
        for term, effect, point in zip(self._head.model.terms, effects[0], points, strict=True):
            column = COLUMNS[term.features[0]]
            value = float(X[0, term.features[0]])
            reasons.append(
                Reason(
                    feature=column.name,
                    seen=None if np.isnan(value) else value,
                    effect=float(effect),
                    points=float(point),
                    text=column.description,
                )
            )
        stored = segment.row(row)
        return Ranked(
            rank=rank,
            creator_id=stored.creator_id,
            value=sum(reason.points for reason in reasons),
            log_odds=eta,
            reasons=tuple(reasons),
            platform=stored.platform,
            language=stored.language,
            country=stored.country,
            followers=None if stored.followers == UNKNOWN else stored.followers,
            authenticity=None if np.isnan(stored.authenticity) else stored.authenticity,
        )


def index_head(scorer: Scorer) -> IndexHead:
    """The index head of a scorer's bundle. Raises IndexIncompatibleError where the bundle has none."""
    bundle = scorer.bundle
    if INDEX_HEAD not in bundle.manifest.heads:
        raise IndexIncompatibleError(f"{bundle.path}: no {INDEX_HEAD} head; choose a bundle trained with one")
    section = bundle.manifest.heads[INDEX_HEAD]
    # Since 2026.3 the reference that both heads share is stored once, with the head that the section names.
    shared = bundle.tables[section["reference"]] if "reference" in section else {}
    return IndexHead.from_bundle(section, {**shared, **bundle.tables[INDEX_HEAD]})
