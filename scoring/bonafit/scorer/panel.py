"""A bundle's heads over one encoder: who prepares, who answers, what is put together; no clock and no results kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec

from bonafit.bundle.manifest import Bundle
from bonafit.commercial.xray import flags_of, judge_posts, x_ray
from bonafit.encoders.encoder import Encoder
from bonafit.encoders.memo import Memo
from bonafit.errors import BundleIncompatibleError
from bonafit.heads import HEADS
from bonafit.heads.engagement_quality.series import as_of
from bonafit.heads.head import Head
from bonafit.prepared import Prepared, PreparedBrief, no_brief, prepare, prepare_brief, without_texts
from bonafit.records import Brief, Creator
from bonafit.results import Commercial, Component, Contribution, CreatorScore, Profile, Verdict
from bonafit.scorer.combine import brief_flags, combine, normalised_weights, sufficiency_of
from bonafit.scorer.digests import content_digest, input_digest
from bonafit.scorer.load import expected_digest
from bonafit.scorer.verdict import freshness_unknown, missing, never, unsafe_posts, verdict_of, widened
from bonafit.text.units import Unit, creator_units

# Units, vectors and answers of a creator with 12 captions are some 40 kB, their result 30 kB of JSON: 35 MB at most.
CREATORS = 512
# Briefs whose facets and vectors stay in memory.
BRIEFS = 32
# Heads that make no use of the brief they are given: their answers are remembered by creator
# (tests/end_to_end/test_service_habits.py holds the published ones to it).
BRIEF_FREE = tuple(name for name, entry in HEADS.items() if not entry.reads_brief)
# Those of them that read no vectors either: they answer while texts are being encoded.
VECTOR_FREE = tuple(name for name in BRIEF_FREE if not HEADS[name].reads_vectors)


class Panel:
    """The heads of one bundle and the encoder that they read. Thread-safe: nothing changes but what is remembered.

    heads      : by name, all of HEADS. brief_free : those whose answers do not depend on the brief.
    remember   : creators whose units, vectors and brief-free answers stay in memory; 0 for none.
    Raises BundleIncompatibleError where the heads were trained on another encoder.
    """

    def __init__(
        self,
        bundle: Bundle,
        heads: Mapping[str, Head],
        encoder: Encoder,
        *,
        brief_free: Sequence[str] = BRIEF_FREE,
        remember: int = CREATORS,
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
        self.remember = remember
        self._brief_free = frozenset(brief_free)
        self._early_heads = self._brief_free.intersection(VECTOR_FREE if remember else ())
        self._read: Memo[bytes, tuple[tuple[Unit, ...], Any]] = Memo(remember)
        self._answers: Memo[bytes, dict[str, Component]] = Memo(remember)
        self._early: Memo[bytes, Component] = Memo(remember)
        self._commercial: Memo[bytes, Commercial] = Memo(remember)
        self._briefs: Memo[bytes, PreparedBrief] = Memo(BRIEFS if remember else 0)

    def prepare_brief(self, brief: Brief, encoder: Encoder | None = None) -> PreparedBrief:
        """Facets of a brief and their vectors; the last BRIEFS briefs are remembered.

        encoder : another one than the panel's. Raises BriefError where the brief says nothing.
        """
        encoder = encoder or self.encoder
        key = encoder.digest.encode() + msgspec.json.encode(brief, order="sorted")
        return self._briefs.get([key], lambda _: [prepare_brief(brief, encoder)])[0]

    def prepare(self, creators: Sequence[Creator]) -> list[Prepared]:
        """Text units of creators and their vectors; equal texts are encoded once."""
        keys = [content_digest(creator).digest() for creator in creators]
        read = self._read.get(keys, lambda places: self._encoded([creators[i] for i in places]))
        return [Prepared(creator, units, vectors) for creator, (units, vectors) in zip(creators, read, strict=True)]

    def _encoded(self, creators: Sequence[Creator]) -> list[tuple[tuple[Unit, ...], Any]]:
        units = [creator_units(creator) for creator in creators]
        # Encoding leaves one core idle while its last text is read: heads without vectors answer on it.
        with ThreadPoolExecutor(1, thread_name_prefix="bonafit-early") as pool:
            early = pool.submit(self._answer_early, creators, units)
            prepared = prepare(creators, self.encoder, units=units)
            early.result()
        return [(creator.units, creator.vectors) for creator in prepared]

    def _answer_early(self, creators: Sequence[Creator], units: Sequence[tuple[Unit, ...]]) -> None:
        """Remember what the heads say that read neither vectors nor the brief."""
        prepared = [without_texts(creator, own) for creator, own in zip(creators, units, strict=True)]
        for name in self._early_heads:
            self._of_head(name, prepared, no_brief())

    def _of_head(self, name: str, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[Component]:
        if name not in self._early_heads:
            return self.heads[name].score(prepared, brief)
        keys = [name.encode() + _key_of(creator) for creator in prepared]
        return self._early.get(keys, lambda places: self.heads[name].score([prepared[i] for i in places], brief))

    def brief_free(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[dict[str, Component]]:
        """Answers of the heads that make no use of the brief, by head, in order; remembered by creator."""

        def answer(places: list[int]) -> list[dict[str, Component]]:
            creators = [prepared[i] for i in places]
            columns = {name: self._of_head(name, creators, brief) for name in sorted(self._brief_free)}
            return [{name: column[i] for name, column in columns.items()} for i in range(len(creators))]

        return self._answers.get([_key_of(creator) for creator in prepared], answer)

    def known_brief_free(self, prepared: Prepared) -> dict[str, Component] | None:
        """The same for one creator, where it is remembered."""
        key = _key_of(prepared)
        return self._answers.known([key]).get(key)

    def components(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[dict[str, Component]]:
        """Every head's answer, by head in the order of HEADS, for each creator in order."""
        free = self.brief_free(prepared, brief)
        bound = {name: head.score(prepared, brief) for name, head in self.heads.items() if name not in self._brief_free}
        return [
            {name: free[i][name] if name in self._brief_free else bound[name][i] for name in HEADS}
            for i in range(len(prepared))
        ]

    def score(self, prepared: Sequence[Prepared], brief: PreparedBrief) -> list[CreatorScore]:
        """Results of prepared creators, in order."""
        answers = self.components(prepared, brief)
        return [
            self.result(creator.creator, brief.brief, components)
            for creator, components in zip(prepared, answers, strict=True)
        ]

    def _commercial_of(self, creator: Creator, brief: Brief) -> Commercial:
        """What the creator sold before. Remembered where the brief names no competitors, who are looked for anew."""
        when = as_of(creator)
        if brief.competitors:
            return x_ray(creator, brief, judge_posts(creator), as_of=when)
        key = content_digest(creator).digest() + repr((brief.markets, brief.as_of)).encode()
        return self._commercial.get([key], lambda _: [x_ray(creator, brief, judge_posts(creator), as_of=when)])[0]

    def result(
        self, creator: Creator, brief: Brief, parts: Mapping[str, Component], *, look_at_ads: bool = True
    ) -> CreatorScore:
        """The heads' answers put together. Raises BriefError where all of the brief's weights are zero.

        look_at_ads : False where there is no time for it; the result then has no `commercial` and none of its flags.
        """
        weights = normalised_weights(brief.weights)
        flags = brief_flags(creator, brief)
        flags += ["freshness_unknown"] if freshness_unknown(creator, brief) else []
        flags += [f"{name}:{flag}" for name in HEADS for flag in parts[name].flags]
        commercial = self._commercial_of(creator, brief) if look_at_ads else None
        if commercial is not None:
            flags += flags_of(commercial, brief.exclusivity_days)
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
            else:
                parts = {name: widened(part) for name, part in parts.items()}
        return CreatorScore(
            creator_id=creator.creator_id,
            score=score,
            interval=interval,
            sufficiency=sufficiency_of(parts, weights),
            verdict=verdict,
            verdict_reasons=tuple(reasons),
            contributions=contributions,
            flags=tuple(flags),
            input_digest=input_digest(creator, brief),
            bundle_digest=self.bundle.digest,
            profile=profile_of(creator),
            commercial=commercial,
            **parts,
        )


def profile_of(creator: Creator) -> Profile:
    """Who a creator is to people."""
    given = {name: getattr(creator, name) for name in Profile.__struct_fields__ if hasattr(creator, name)}
    when = as_of(creator)
    return Profile(**given, as_of=None if when is None else when.date().isoformat())


def _key_of(prepared: Prepared) -> bytes:
    # A creator whose texts were not read is another case than the same creator read whole.
    return b"%b%d" % (content_digest(prepared.creator).digest(), len(prepared.units))
