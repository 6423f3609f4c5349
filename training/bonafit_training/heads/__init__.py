"""Training, one folder a head: this table is what the pipeline and publishing go through.

A new head adds a row; bonafit.heads says what else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from bonafit_training.contracts import Context, HeadArtifact


@dataclass(frozen=True)
class HeadTraining:
    """How a part of a bundle is trained.

    name  : of the part: a head, or a further table that a head's folder makes.
    suite : `suite` of its rows among the bundle's figures.
    path  : `module:function`, given a Context and returning the HeadArtifact.
    """

    name: str
    suite: str
    path: str

    def fit(self, context: Context) -> HeadArtifact:
        """Train it; the module is imported here."""
        module, name = self.path.split(":")
        train = cast("Callable[[Context], HeadArtifact]", getattr(import_module(module), name))
        return train(context)


_NICHE_FIT = "bonafit_training.heads.niche_fit"
# In the order in which they are trained and stand in a bundle.
TRAININGS: dict[str, HeadTraining] = {
    row.name: row
    for row in (
        HeadTraining("niche_fit", "niche_fit", f"{_NICHE_FIT}.fit:fit"),
        HeadTraining("authenticity", "authenticity", "bonafit_training.heads.authenticity.fit:fit"),
        HeadTraining("engagement_quality", "engagement", "bonafit_training.heads.engagement_quality.fit:fit"),
        HeadTraining("safety", "safety", "bonafit_training.heads.safety.fit:fit"),
        HeadTraining("fast_fit", "fast_fit", f"{_NICHE_FIT}.fast:fit_fast"),
        HeadTraining("index_fit", "index", f"{_NICHE_FIT}.index_fit:fit_index"),
    )
}
