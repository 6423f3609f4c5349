"""Scoring with a published bundle."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from bonafit.bundle.manifest import Bundle, encoder_folder, read_bundle
from bonafit.errors import BundleIncompatibleError
from bonafit.heads import HEADS
from bonafit.heads.head import Head
from bonafit.prepared import Encoder, Prepared, PreparedBrief, Unit
from bonafit.records import Brief, Creator
from bonafit.results import Component, Contribution, CreatorScore, Profile, Verdict
from bonafit.scorer.cached_scoring import Asking
from bonafit.scorer.combine import brief_flags, combine, normalised_weights, sufficiency_of
from bonafit.scorer.languages import Languages
from bonafit.scorer.load import expected_digest, languages_of, load_fast, load_heads, load_serving_encoder
from bonafit.scorer.memo import Memo
from bonafit.scorer.result_cache import CREATORS, Answers, content_digest
from bonafit.scorer.time_limit import Pace, cut_short, score_in_time
from bonafit.scorer.verdict import missing, never, unsafe_posts, verdict_of
from bonafit.text.units import brief_facets, creator_units, for_encoder

if TYPE_CHECKING:
    from types import TracebackType

# Creators scored together: large enough to keep both cores encoding, small enough that 12 captions each stay under
# 50 MB of vectors.
BATCH = 256
_decode = msgspec.json.Decoder(CreatorScore).decode
# Heads that are given a brief and make no use of it, as tests/end_to_end/test_service_habits.py holds them to: their
# answers are remembered by creator.
BRIEF_FREE = tuple(name for name, entry in HEADS.items() if not entry.reads_brief)
# Those of them that read no vectors either: they answer while texts are being encoded.
VECTOR_FREE = tuple(name for name in BRIEF_FREE if not HEADS[name].reads_vectors)


# Briefs whose facets and vectors stay in memory.
BRIEFS = 32


class Scorer:
    """Scores creators for briefs with one bundle. Thread-safe: nothing changes after construction but caches.

    Load it before a fork and use it after, or in spawned processes: it holds no thread between calls.
    Use `Scorer.load(path)`; the constructor takes the parts for tests and other loaders.
    fast, budget_ms : as in `load`, the fast encoder already loaded; fast_fit : the niche head for its vectors.
    brief_free      : heads whose answers are remembered.
    remember        : as in `load`. answers : where results stay on disk, too.
    languages       : what the encoder reads, default any.
    """

    def __init__(
        self,
        bundle: Bundle,
        heads: Mapping[str, Head],
        encoder: Encoder,
        *,
        fast: Encoder | None = None,
        fast_fit: Head | None = None,
        budget_ms: float | None = None,
        brief_free: Sequence[str] = (),
        remember: int = CREATORS,
        answers: Path | None = None,
        languages: Languages | None = None,
    ) -> None:
        expected = expected_digest(bundle)
        if encoder.digest != expected:
            raise BundleIncompatibleError(
                f"{bundle.path}: encoder {encoder.name} has digest {encoder.digest[:12]}, the heads were trained on "
                f"{expected[:12]}; use that encoder or retrain"
            )
        self.bundle = bundle
        self.heads = dict(heads)
        self.encoder = encoder
        self.fast = fast
        self.fast_fit = fast_fit
        self.budget_ms = budget_ms
        self.languages = languages or Languages()
        self.pace = Pace()
        self._brief_free = frozenset(brief_free)
        self._first = self._brief_free.intersection(VECTOR_FREE if remember else ())
        self._units: Memo[tuple[tuple[Unit, ...], Any]] = Memo(remember)
        self._parts: Memo[dict[str, Component]] = Memo(remember)
        self._early: Memo[Component] = Memo(remember)
        self._briefs: Memo[PreparedBrief] = Memo(BRIEFS if remember else 0)
        self.answers = Answers((bundle.digest, encoder.digest), answers, limit=remember)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        cache: str | os.PathLike[str] | None = None,
        threads: int | None = None,
        public_key: str | None = None,
        budget_ms: float | None = None,
        remember: int = CREATORS,
        deferred: bool = False,
    ) -> Scorer:
        """Load and verify a bundle and its encoder.

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
        heads = load_heads(bundle)
        place = Path(cache) if cache is not None else None
        encoder = load_serving_encoder(bundle, cache=place, threads=threads, deferred=deferred)
        fast, fast_fit = load_fast(bundle, encoder_folder(bundle)) if budget_ms is not None else (None, None)
        return cls(
            bundle,
            heads,
            encoder,
            fast=fast,
            fast_fit=fast_fit,
            budget_ms=budget_ms,
            brief_free=BRIEF_FREE,
            remember=remember,
            answers=place,
            languages=languages_of(bundle),
        )

    def warm(self) -> None:
        """Pay the first call's costs now: encodes a short text, touches every head and the fast encoder."""
        brief = Brief(brand="warm", description="A first call.")
        people = [Creator(creator_id=f"warm-{i}", bio=f"A first call, {i}.") for i in range(2)]
        self.score_prepared(self.prepare(people), self.prepare_brief(brief))
        # What an earlier process left on disk would be looked up, not encoded.
        getattr(self.encoder, "encoder", self.encoder).encode(["A first call."])
        if self.fast is not None:
            self.score([msgspec.structs.replace(people[0], creator_id="warm-2")], brief, budget_ms=0)

    def prepare_brief(self, brief: Brief) -> PreparedBrief:
        """Facets of a brief and their vectors; the last BRIEFS briefs are remembered."""
        return self._prepared_brief(brief, self.encoder)

    def prepare_fast_brief(self, brief: Brief) -> PreparedBrief:
        """The same with the fast encoder's vectors; only where the scorer has one."""
        assert self.fast is not None
        return self._prepared_brief(brief, self.fast)

    def _prepared_brief(self, brief: Brief, encoder: Encoder) -> PreparedBrief:
        def make(_: list[int]) -> list[PreparedBrief]:
            self.languages.check(brief)
            facets = brief_facets(brief)
            return [PreparedBrief(brief, facets, encoder.encode([for_encoder(facet) for facet in facets]))]

        key = encoder.digest.encode() + msgspec.json.encode(brief, order="sorted")
        return self._briefs.get([key], make)[0]

    def prepare(self, creators: Sequence[Creator]) -> list[Prepared]:
        """Text units of creators and their vectors; equal texts are encoded once."""
        keys = [content_digest(creator).digest() for creator in creators]
        found = self._units.get(keys, lambda places: self._read([creators[i] for i in places]))
        return [Prepared(creator, units, vectors) for creator, (units, vectors) in zip(creators, found, strict=True)]

    def _read(self, creators: Sequence[Creator]) -> list[tuple[tuple[Unit, ...], Any]]:
        units = [creator_units(creator) for creator in creators]
        texts = list(dict.fromkeys(for_encoder(unit) for of_one in units for unit in of_one))
        with ThreadPoolExecutor(1, thread_name_prefix="bonafit-early") as pool:
            early = pool.submit(self._answer_early, creators, units)
            vectors = self.encoder.encode(texts) if texts else np.zeros((0, self.encoder.width), dtype=np.float32)
            early.result()
        row = {text: i for i, text in enumerate(texts)}
        return [(of_one, self._rows(vectors, row, of_one)) for of_one in units]

    def _answer_early(self, creators: Sequence[Creator], units: Sequence[tuple[Unit, ...]]) -> None:
        """Remember what VECTOR_FREE heads say: encoding leaves one core idle while its last text is read."""
        none = np.empty((0, 0), dtype=np.float32)
        prepared = [Prepared(creator, of_one, none) for creator, of_one in zip(creators, units, strict=True)]
        for name in self._first:
            self._of_head(name, prepared, PreparedBrief(Brief(brand="none", description=""), (), none))

    def _of_head(self, name: str, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        if name not in self._first:
            return self.heads[name].score(prepared, brief)
        keys = [name.encode() + _key_of(one) for one in prepared]
        return self._early.get(keys, lambda places: self.heads[name].score([prepared[i] for i in places], brief))

    def _rows(self, vectors: Any, row: Mapping[str, int], units: Sequence[Unit]) -> Any:
        index = np.fromiter((row[for_encoder(unit)] for unit in units), dtype=np.intp, count=len(units))
        return vectors[index]

    def score_prepared(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[CreatorScore]:
        """Scores of prepared creators, in order."""
        digests = [content_digest(one.creator) for one in prepared]
        free = self.free_parts(prepared, brief)
        bound = {name: head.score(prepared, brief) for name, head in self.heads.items() if name not in self._brief_free}
        asked = msgspec.json.encode(brief.brief, order="sorted")
        results = []
        for i, one in enumerate(prepared):
            digests[i].update(asked)
            parts = {name: free[i][name] if name in self._brief_free else bound[name][i] for name in HEADS}
            results.append(self.result(one.creator, brief.brief, parts, digests[i].hexdigest()))
        return results

    def free_parts(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[dict[str, Component]]:
        """Answers of the heads that make no use of the brief, by head, in order; remembered by creator."""
        return self._parts.get(
            [_key_of(one) for one in prepared], lambda places: self._free_parts([prepared[i] for i in places], brief)
        )

    def known_parts(self, prepared: Prepared) -> dict[str, Component] | None:
        """The same for one creator, where it is remembered."""
        return self._parts.known(_key_of(prepared))

    def _free_parts(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[dict[str, Component]]:
        columns = {name: self._of_head(name, prepared, brief) for name in sorted(self._brief_free)}
        return [{name: column[i] for name, column in columns.items()} for i in range(len(prepared))]

    def result(self, creator: Creator, brief: Brief, parts: Mapping[str, Component], digest: str) -> CreatorScore:
        """The heads' answers put together. Raises BriefError where all of the brief's weights are zero."""
        weights = normalised_weights(brief.weights)
        flags = brief_flags(creator, brief)
        flags += [f"{name}:{flag}" for name in HEADS for flag in parts[name].flags]
        score: float | None = None
        interval: tuple[float, float] | None = None
        contributions: tuple[Contribution, ...] = ()
        verdict: Verdict = "never"
        reasons: Sequence[str] = unsafe_posts(parts)
        if not never(parts):
            verdict, reasons = "not_judgeable", missing(creator, brief, parts, weights)
            if not reasons:
                score, interval, contributions = combine(parts, weights)
                verdict, reasons = verdict_of(brief, parts, weights, score, flags)
        return CreatorScore(
            creator_id=creator.creator_id,
            score=score,
            interval=interval,
            sufficiency=sufficiency_of(parts, weights),
            verdict=verdict,
            verdict_reasons=tuple(reasons),
            contributions=contributions,
            flags=tuple(flags),
            input_digest=digest,
            bundle_digest=self.bundle.digest,
            **parts,
            profile=Profile(**{name: getattr(creator, name) for name in Profile.__struct_fields__}),
        )

    def stream(self, creators: Iterable[Creator], brief: Brief, *, batch: int = BATCH) -> Iterator[CreatorScore]:
        """Scores one by one in input order, holding at most three batches of creators.

        Same bytes for any batch size. Raises BriefError where the brief cannot be used.
        """
        for line in self.lines(creators, brief, batch=batch):
            yield _decode(line)

    def lines(self, creators: Iterable[Creator], brief: Brief, *, batch: int = BATCH) -> Iterator[bytes]:
        """The scores of `stream` as their JSON, which is how they are remembered: what is known is not parsed."""
        asking = Asking(self, brief)
        source = iter(creators)
        held = list(islice(source, batch))
        following = list(islice(source, batch)) if len(held) == batch else []
        if not following:
            yield from asking.answered(asking.read(held))
            return
        # While one batch is scored and the next is read, the one between them is encoded.
        with ThreadPoolExecutor(1, thread_name_prefix="bonafit-prepare") as pool:
            waiting = pool.submit(asking.read, held)
            while following:
                encoding = pool.submit(asking.read, following)
                yield from asking.answered(waiting.result())
                waiting = encoding
                following = list(islice(source, batch))
            yield from asking.answered(waiting.result())

    def score(self, creators: Iterable[Creator], brief: Brief, *, budget_ms: float | None = None) -> list[CreatorScore]:
        """Scores of creators for a brief, in input order. Raises BriefError where the brief cannot be used.

        budget_ms : milliseconds this may take, default the scorer's own limit. Where texts cannot all be read in that
        time, the creators that the fast encoder finds likeliest are read, and the others are answered by the fast
        encoder and flagged (`bonafit.scorer.time_limit`). Results without the flag `budget:cut_short` have their usual
        bytes.
        """
        budget_ms = self.budget_ms if budget_ms is None else budget_ms
        if budget_ms is None:
            return list(self.stream(creators, brief))
        end = time.perf_counter() + budget_ms / 1000
        asking = Asking(self, brief)
        asked = asking.known(list(creators))
        if asked.missing:
            fresh = score_in_time(self, list(asked.missing.values()), brief, end)
            asking.take(asked, fresh, keep=lambda result: not cut_short(result.flags))
        return [_decode(line) for line in asked.lines()]

    def close(self) -> None:
        """Release the caches' files and the encoder's threads."""
        self.answers.close()
        close = getattr(self.encoder, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> Scorer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _key_of(one: Prepared) -> bytes:
    # A creator whose texts were not read is another case than the same creator read whole.
    return b"%b%d" % (content_digest(one.creator).digest(), len(one.units))
