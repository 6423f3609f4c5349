"""Scoring with a published bundle."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bonafit.bundle.manifest import encoder_folder, read_bundle
from bonafit.errors import InputError
from bonafit.io.brief import validate_brief
from bonafit.prepared import Prepared, PreparedBrief
from bonafit.records import Brief, Creator
from bonafit.records.messages import shown
from bonafit.results import CreatorScore
from bonafit.scorer.border import checked
from bonafit.scorer.cached_scoring import CachedScoring
from bonafit.scorer.languages import Languages
from bonafit.scorer.load import FastPath, languages_of, load_fast, load_heads, load_serving_encoder
from bonafit.scorer.panel import CREATORS, Panel
from bonafit.scorer.result_cache import ResultCache
from bonafit.scorer.time_limit import TimeLimit, cut_short

if TYPE_CHECKING:
    from types import TracebackType

    import pyarrow as pa

    from bonafit.io.report import ReadReport

# Creators scored together: large enough to keep both cores encoding, small enough that 12 captions each stay under
# 50 MB of vectors.
BATCH = 256
# Milliseconds: nobody waits longer than a day for an answer.
MAX_BUDGET = 86_400_000
_decode = msgspec.json.Decoder(CreatorScore).decode


class Scorer:
    """Scores creators for briefs with one bundle. Thread-safe: nothing changes after construction but caches.

    Load it before a fork and use it after, or in spawned processes: it holds no thread between calls.
    Use `Scorer.load()`; the constructor takes the parts for tests and other loaders.
    panel           : the bundle's heads over their encoder.
    fast, budget_ms : the fast encoder with its head; `budget_ms` as in `load`.
    cache           : folder where results stay on disk, too.
    languages       : what the encoder reads, default any.
    """

    def __init__(
        self,
        panel: Panel,
        *,
        fast: FastPath | None = None,
        budget_ms: float | None = None,
        cache: Path | None = None,
        languages: Languages | None = None,
    ) -> None:
        self.panel = panel
        self.bundle = panel.bundle
        self.heads = panel.heads
        self.encoder = panel.encoder
        self.budget_ms = budget_ms
        self.languages = languages or Languages()
        self.time_limit = TimeLimit(panel, fast)
        self.cache = ResultCache((panel.bundle.digest, panel.encoder.digest), cache, limit=panel.remember)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        cache: str | os.PathLike[str] | None = None,
        threads: int | None = None,
        public_key: str | None = None,
        budget_ms: float | None = None,
        remember: int = CREATORS,
        deferred: bool = False,
    ) -> Scorer:
        """Load and verify a bundle and its encoder.

        path       : as in `read_bundle`; None is the default bundle, as it was installed.
        cache      : folder of the on-disk cache of vectors and results; None keeps both in memory only.
        threads    : native threads that encode, default the number of usable cores; heads use one.
        public_key : base64 Ed25519 key; where given, the bundle must be signed with it.
        budget_ms  : milliseconds that `score` may take where it isn't told otherwise; loads the fast encoder too.
        remember   : creators whose texts, vectors and results stay in memory; 0 computes every result anew and
                     keeps vectors alone on disk.
        deferred   : read the encoder's files at the first text to encode; a job answered from the cache has none.
        Raises BundleError or EncoderError; with `deferred`, what is wrong with those files at that first text.
        """
        bundle = read_bundle(path, public_key=public_key)
        folder = Path(cache) if cache is not None else None
        encoder = load_serving_encoder(bundle, cache=folder, threads=threads, deferred=deferred)
        panel = Panel(bundle, load_heads(bundle), encoder, remember=remember)
        fast = load_fast(bundle, encoder_folder(bundle)) if budget_ms is not None else None
        return cls(panel, fast=fast, budget_ms=budget_ms, cache=folder, languages=languages_of(bundle))

    def warm(self) -> None:
        """Pay the first call's costs now: encodes a short text, touches every head and the fast encoder."""
        brief = Brief(brand="warm", description="A first call.")
        people = [Creator(creator_id=f"warm-{i}", bio=f"A first call, {i}.") for i in range(2)]
        self.score_prepared(self.prepare(people), self.prepare_brief(brief))
        self.encoder.warm()
        if self.time_limit.fast is not None:
            self.score([msgspec.structs.replace(people[0], creator_id="warm-2")], brief, budget_ms=0)

    def prepare_brief(self, brief: Brief) -> PreparedBrief:
        """Facets of a brief and their vectors; those of the last briefs are remembered.

        Raises BriefError where the brief cannot be used.
        """
        brief = self._checked(brief)
        return self.panel.prepare_brief(brief)

    def prepare(self, creators: Sequence[Creator]) -> list[Prepared]:
        """Text units of creators and their vectors; equal texts are encoded once. Raises RecordError."""
        return self.panel.prepare(list(checked(creators)))

    def score_prepared(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[CreatorScore]:
        """Scores of prepared creators, in order."""
        return self.panel.score(prepared, brief)

    def stream(self, creators: Iterable[Creator], brief: Brief, *, batch: int = BATCH) -> Iterator[CreatorScore]:
        """Scores one by one in input order, holding at most three batches of creators.

        Same bytes for any batch size. Raises BriefError where the brief cannot be used, RecordError where a creator
        holds what a file's row would be rejected for.
        """
        for line in self.lines(creators, brief, batch=batch):
            yield _decode(line)

    def lines(self, creators: Iterable[Creator], brief: Brief, *, batch: int = BATCH) -> Iterator[bytes]:
        """The scores of `stream` as their JSON, which is how they are remembered: what is known is not parsed."""
        if batch < 1:
            raise InputError(f"batch is {batch}, expected at least 1")
        scoring = CachedScoring(self.panel, self.cache, self._checked(brief))
        source = checked(creators)
        current = list(islice(source, batch))
        following = list(islice(source, batch)) if len(current) == batch else []
        if not following:
            yield from scoring.lines(scoring.read(current))
            return
        # While one batch is scored and the next is read, the one between them is encoded.
        with ThreadPoolExecutor(1, thread_name_prefix="bonafit-prepare") as pool:
            waiting = pool.submit(scoring.read, current)
            while following:
                encoding = pool.submit(scoring.read, following)
                yield from scoring.lines(waiting.result())
                waiting = encoding
                following = list(islice(source, batch))
            yield from scoring.lines(waiting.result())

    def score(self, creators: Iterable[Creator], brief: Brief, *, budget_ms: float | None = None) -> list[CreatorScore]:
        """Scores of creators for a brief, in input order. Raises as `stream`.

        budget_ms : milliseconds this may take, default the scorer's own limit. Where texts cannot all be read in that
        time, the creators that the fast encoder finds likeliest are read, and the others are answered by the fast
        encoder and flagged (`bonafit.scorer.time_limit`). Results without the flag `budget:cut_short` have their usual
        bytes.
        """
        budget_ms = self.budget_ms if budget_ms is None else budget_ms
        if budget_ms is not None and not (isinstance(budget_ms, Real) and 0 <= budget_ms <= MAX_BUDGET):
            raise InputError(f"budget_ms: found {shown(budget_ms)}, expected milliseconds from 0 to {MAX_BUDGET:,}")
        if budget_ms is None:
            return list(self.stream(creators, brief))
        end = time.perf_counter() + budget_ms / 1000
        brief = self._checked(brief)
        scoring = CachedScoring(self.panel, self.cache, brief)
        lookup = scoring.look_up(list(checked(creators)))
        if lookup.missing:
            fresh = self.time_limit.score(list(lookup.missing.values()), brief, end)
            scoring.add(lookup, fresh, remembered=lambda result: not cut_short(result.flags))
        return [_decode(line) for line in lookup.lines()]

    def score_table(
        self,
        table: Any,
        brief: Brief,
        *,
        compact: bool = False,
        features: bool = False,
        report: ReadReport | None = None,
    ) -> pa.Table:
        """Scores of a table of creators as a flat Arrow table, a row for every row, in order (docs/table.md).

        table    : anything with `__arrow_c_stream__` (polars, pandas, duckdb, pyarrow), or a mapping of columns; named
                   as a file's columns may be.
        compact  : the foremost reasons alone, texts clipped: under 2 KB a row.
        features : a column with what every head saw, for a log.
        report   : is told of columns not known and values not read; without it a LostValuesWarning says so.
        A row that cannot be read has `rejected` and nothing else. `score_reader` gives the same batch by batch.
        Raises InputError for what is no table, BriefError where the brief cannot be used.
        """
        return self.score_reader(table, brief, compact=compact, features=features, report=report).read_all()

    def score_reader(
        self,
        table: Any,
        brief: Brief,
        *,
        compact: bool = False,
        features: bool = False,
        report: ReadReport | None = None,
    ) -> pa.RecordBatchReader:
        """`score_table` as a stream: rows are scored as the batches are taken."""
        from bonafit.scorer.table import score_reader

        return score_reader(self.stream, table, brief, compact=compact, features=features, report=report)

    def _checked(self, brief: Brief) -> Brief:
        brief = validate_brief(brief)
        self.languages.check(brief)
        return brief

    def close(self) -> None:
        """Release the caches' files and the encoder's threads."""
        self.cache.close()
        self.encoder.close()

    def __enter__(self) -> Scorer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
