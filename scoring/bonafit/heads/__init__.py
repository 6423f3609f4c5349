"""The heads: one folder a question, none knows another. Everything that goes through all heads reads this table.

A new head is a folder here and one in bonafit_training/heads, and four edits: its row below, its field in
bonafit.results.score, its weight in bonafit.records.brief (a gate, which stops rather than adds, has none) and
its row in bonafit_training/heads/__init__.py. Bundles published before it still load: the head then abstains in every
result, with the flag `not_in_bundle`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

import msgspec

from bonafit.records import Weights

if TYPE_CHECKING:
    # help names heads and needs none of what they are made of
    from bonafit.heads.head import Head


@dataclass(frozen=True)
class HeadEntry:
    """What everybody may know of a head without loading it.

    name          : as in the bundle, in CreatorScore and in Weights.
    label         : short name in tables and sentences for people.
    question      : what its value answers, for model cards.
    reads_brief   : whether an answer depends on the brief; others are remembered by creator.
    reads_vectors : whether an answer depends on the texts' vectors; others are computed while texts are encoded.
    signals       : whether its flags ask that a person looks before the creator is booked.
    path          : `module:class` of the head, imported when a bundle is loaded.
    """

    name: str
    label: str
    question: str
    reads_brief: bool
    reads_vectors: bool
    signals: bool
    path: str

    @property
    def default_weight(self) -> float | None:
        """Weight in the combined score where the brief states none; None for a gate, which is not averaged."""
        return cast("float | None", getattr(Weights(), self.name, None))

    def head_class(self) -> type[Head]:
        """The class, imported."""
        module, name = self.path.split(":")
        return cast("type[Head]", getattr(import_module(module), name))


# In the order of contributions, columns and flags in every output.
HEADS: dict[str, HeadEntry] = {
    entry.name: entry
    for entry in (
        HeadEntry(
            name="niche_fit",
            label="fit",
            question="would this creator be the affine one of a real and a random brand-creator pair?",
            reads_brief=True,
            reads_vectors=True,
            signals=True,
            path="bonafit.heads.niche_fit.head:NicheFitHead",
        ),
        HeadEntry(
            name="authenticity",
            label="authenticity",
            question="do the account's signals look like a genuine account's? Signals for review, never an accusation.",
            reads_brief=False,
            reads_vectors=False,
            signals=True,
            path="bonafit.heads.authenticity.head:AuthenticityHead",
        ),
        HeadEntry(
            name="engagement_quality",
            label="engagement",
            question="where does the predicted engagement lie among creators of this size and platform?",
            reads_brief=False,
            reads_vectors=True,
            # they say how the value was computed
            signals=False,
            path="bonafit.heads.engagement_quality.head:EngagementQualityHead",
        ),
        HeadEntry(
            name="safety",
            label="safety",
            question="which share of the posts promotes nothing that the brief keeps away from? A gate, not averaged.",
            reads_brief=True,
            reads_vectors=True,
            signals=True,
            path="bonafit.heads.safety.head:SafetyHead",
        ),
    )
}

# The heads that are averaged; gates are not among them.
WEIGHTED = tuple(name for name in HEADS if name in Weights.__struct_fields__)


def weights_of(weights: Weights) -> dict[str, float]:
    """The weight of every averaged head, as given."""
    fields = msgspec.structs.asdict(weights)
    return {name: float(fields[name]) for name in WEIGHTED}
