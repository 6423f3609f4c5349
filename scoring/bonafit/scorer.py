"""Scoring with a published bundle."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from bonafit.answers import CREATORS, Answers, content_digest
from bonafit.asking import Asking
from bonafit.budget import Pace, cut_short, find_fast_encoder, read_in_time
from bonafit.bundle import Bundle, encoder_folder, read_bundle
from bonafit.combine import brief_flags, combine, normalised_weights
from bonafit.errors import BundleIncompatibleError
from bonafit.memo import Memo
from bonafit.prepared import Encoder, Head, Prepared, PreparedBrief, Unit
from bonafit.records import Brief, Creator
from bonafit.results import HEADS, Component, CreatorScore
from bonafit.units import brief_facets, creator_units

if TYPE_CHECKING:
    from types import TracebackType

# Creators scored together: large enough to keep both cores encoding, small enough that 12 captions each stay under
# 50 MB of vectors.
BATCH = 256
_decode = msgspec.json.Decoder(CreatorScore).decode
# Heads that are given a brief and make no use of it, as tests/test_service_habits.py holds them to: their answers are
# remembered by creator.
BRIEF_FREE = ("authenticity", "engagement_quality")


def _head_classes() -> dict[str, type[Head]]:
    from bonafit.heads.authenticity import AuthenticityHead
    from bonafit.heads.engagement_quality import EngagementQualityHead
    from bonafit.heads.niche_fit import NicheFitHead

    return {
        "niche_fit": NicheFitHead,
        "authenticity": AuthenticityHead,
        "engagement_quality": EngagementQualityHead,
    }


def load_heads(bundle: Bundle) -> dict[str, Head]:
    """The bundle's heads, constructed. Raises BundleIncompatibleError where one is absent."""
    classes = _head_classes()
    missing = [name for name in HEADS if name not in bundle.manifest.heads]
    if missing:
        raise BundleIncompatibleError(
            f"{bundle.path}: no head {', '.join(missing)}; expected {', '.join(HEADS)}; retrain"
        )
    return {name: classes[name].from_bundle(bundle.manifest.heads[name], bundle.tables[name]) for name in HEADS}


class Scorer:
    """Scores creators for briefs with one bundle. Thread-safe: nothing changes after construction but caches.

    Load it before a fork and use it after, or in spawned processes: it holds no thread between calls.
    Use `Scorer.load(path)`; the constructor takes the parts for tests and other loaders.
    fast, budget_ms : as in `load`, the fast encoder already loaded. brief_free : heads whose answers are remembered.
    remember        : as in `load`. answers : where results stay on disk, too.
    """

    def __init__(
        self,
        bundle: Bundle,
        heads: Mapping[str, Head],
        encoder: Encoder,
        *,
        fast: Encoder | None = None,
        budget_ms: float | None = None,
        brief_free: Sequence[str] = (),
        remember: int = CREATORS,
        answers: Path | None = None,
    ) -> None:
        expected = bundle.manifest.encoder
        if encoder.digest != expected.digest:
            raise BundleIncompatibleError(
                f"{bundle.path}: encoder {encoder.name} has digest {encoder.digest[:12]}, the heads were trained on "
                f"{expected.digest[:12]}; use that encoder or retrain"
            )
        self.bundle = bundle
        self.heads = dict(heads)
        self.encoder = encoder
        self.fast = fast
        self.budget_ms = budget_ms
        self._pace = Pace()
        self._brief_free = frozenset(brief_free)
        self._units: Memo[tuple[tuple[Unit, ...], Any]] = Memo(remember)
        self._parts: Memo[dict[str, Component]] = Memo(remember)
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
        from bonafit.encoders import CachedEncoder, DeferredEncoder, StaticEncoder, load_encoder

        bundle = read_bundle(path, public_key=public_key)
        heads = load_heads(bundle)
        folder = encoder_folder(bundle)
        load: Callable[..., Encoder] = DeferredEncoder.load if deferred else load_encoder
        encoder = load(folder, precision=bundle.manifest.encoder.precision, threads=threads)
        fast = None
        if budget_ms is not None:
            fast = StaticEncoder.load(find_fast_encoder(folder, bundle.manifest.encoder.digest))
        place = Path(cache) if cache is not None else None
        return cls(
            bundle,
            heads,
            CachedEncoder(encoder, place),
            fast=fast,
            budget_ms=budget_ms,
            brief_free=BRIEF_FREE,
            remember=remember,
            answers=place,
        )

    def warm(self) -> None:
        """Pay the first call's costs now: encodes a short text, touches every head and the fast encoder."""
        brief = Brief(brand="warm", description="A first call.")
        people = [Creator(creator_id=f"warm-{i}", bio=f"A first call, {i}.") for i in range(2)]
        self.score_prepared(self.prepare(people), self.prepare_brief(brief))
        # What an earlier process left on disk would be looked up, not encoded.
        getattr(self.encoder, "encoder", self.encoder).encode(["A first call."])
        if self.fast is not None:
            self.fast.encode(["A first call."])

    def prepare_brief(self, brief: Brief) -> PreparedBrief:
        """Facets of a brief and their vectors; reuse it to score many batches for one brief."""
        facets = brief_facets(brief)
        return PreparedBrief(brief, facets, self.encoder.encode([facet.text for facet in facets]))

    def prepare(self, creators: Sequence[Creator]) -> list[Prepared]:
        """Text units of creators and their vectors; equal texts are encoded once."""
        keys = [content_digest(creator).digest() for creator in creators]
        found = self._units.get(keys, lambda places: self._read([creators[i] for i in places]))
        return [Prepared(creator, units, vectors) for creator, (units, vectors) in zip(creators, found, strict=True)]

    def _read(self, creators: Sequence[Creator]) -> list[tuple[tuple[Unit, ...], Any]]:
        units = [creator_units(creator) for creator in creators]
        texts = list(dict.fromkeys(unit.text for of_one in units for unit in of_one))
        vectors = self.encoder.encode(texts) if texts else np.zeros((0, self.encoder.width), dtype=np.float32)
        row = {text: i for i, text in enumerate(texts)}
        return [(of_one, self._rows(vectors, row, of_one)) for of_one in units]

    def _rows(self, vectors: Any, row: Mapping[str, int], units: Sequence[Unit]) -> Any:
        index = np.fromiter((row[unit.text] for unit in units), dtype=np.intp, count=len(units))
        return vectors[index]

    def score_prepared(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[CreatorScore]:
        """Scores of prepared creators, in order."""
        weights = normalised_weights(brief.brief.weights)
        digests = [content_digest(one.creator) for one in prepared]
        # A creator read in part is another case than the same creator read whole.
        keys = [b"%b%d" % (digest.digest(), len(one.units)) for digest, one in zip(digests, prepared, strict=True)]
        free = self._parts.get(keys, lambda places: self._free_parts([prepared[i] for i in places], brief))
        bound = {name: head.score(prepared, brief) for name, head in self.heads.items() if name not in self._brief_free}
        asked = msgspec.json.encode(brief.brief, order="sorted")
        results = []
        for i, one in enumerate(prepared):
            digests[i].update(asked)
            parts = {name: free[i][name] if name in self._brief_free else bound[name][i] for name in HEADS}
            results.append(self._result(one.creator, brief.brief, parts, weights, digests[i].hexdigest()))
        return results

    def _free_parts(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[dict[str, Component]]:
        columns = {name: self.heads[name].score(prepared, brief) for name in sorted(self._brief_free)}
        return [{name: column[i] for name, column in columns.items()} for i in range(len(prepared))]

    def _result(
        self, creator: Creator, brief: Brief, parts: Mapping[str, Component], weights: Mapping[str, float], digest: str
    ) -> CreatorScore:
        score, interval, sufficiency, contributions = combine(parts, weights)
        flags = brief_flags(creator, brief)
        flags += [f"{name}:{flag}" for name in HEADS for flag in parts[name].flags]
        return CreatorScore(
            creator_id=creator.creator_id,
            score=score,
            interval=interval,
            sufficiency=sufficiency,
            contributions=contributions,
            niche_fit=parts["niche_fit"],
            authenticity=parts["authenticity"],
            engagement_quality=parts["engagement_quality"],
            flags=tuple(flags),
            input_digest=digest,
            bundle_digest=self.bundle.digest,
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
        time, the creators that the fast encoder finds likeliest are read first, and results that rest on a part of a
        creator's texts are flagged `budget:read_N_of_M_texts`. Results without that flag have their usual bytes.
        """
        budget_ms = self.budget_ms if budget_ms is None else budget_ms
        if budget_ms is None:
            return list(self.stream(creators, brief))
        end = time.perf_counter() + budget_ms / 1000
        asking = Asking(self, brief)
        asked = asking.known(list(creators))
        if asked.missing:
            fresh = self._score_in_time(list(asked.missing.values()), asking.brief(), end)
            asking.take(asked, fresh, keep=lambda result: not cut_short(result.flags))
        return [_decode(line) for line in asked.lines()]

    def _score_in_time(self, creators: list[Creator], brief: PreparedBrief, end: float) -> list[CreatorScore]:
        units = [creator_units(creator) for creator in creators]
        reading, known = read_in_time(
            units,
            brief,
            full=self.encoder,
            fast=self.fast,
            deadline=end - self._pace.seconds * len(creators),
        )
        prepared = []
        for creator, of_one, read in zip(creators, units, reading.texts, strict=True):
            vectors = np.empty((read, self.encoder.width), dtype=np.float32)
            for row, unit in enumerate(of_one[:read]):
                vectors[row] = known[unit.text]
            prepared.append(Prepared(creator, of_one[:read], vectors))
        began = time.perf_counter()
        results = self.score_prepared(prepared, brief)
        self._pace.told(time.perf_counter() - began, len(creators))
        flags = [reading.flags(i, len(of_one)) for i, of_one in enumerate(units)]
        return [
            msgspec.structs.replace(result, flags=result.flags + extra) if extra else result
            for result, extra in zip(results, flags, strict=True)
        ]

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


def rank(scores: Iterable[CreatorScore]) -> list[CreatorScore]:
    """Best first; equal scores by creator id, so that the order never depends on the input's."""
    return sorted(scores, key=lambda s: (-s.score, s.creator_id))
