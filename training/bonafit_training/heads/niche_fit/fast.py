"""Fit the niche head for the fast encoder: the same pairs, splits and columns, read with its vectors."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from bonafit.scorer.load import FAST_FIT
from bonafit_training.contracts import Context, HeadArtifact
from bonafit_training.heads.niche_fit.fit import fit

CARD = """### fast_fit

`niche_fit` for the fast encoder's vectors, with a reference, a model and a calibration of its own: what answers where
a time limit leaves no time for the full encoder, and then says so (flag `niche_fit:fast_encoder`). Trained and judged
on the same pairs and splits as `niche_fit`; the fast encoder was fitted on these sets' texts among others, unlabelled.
"""


def fit_fast(context: Context) -> HeadArtifact:
    """The head; only where a fast encoder was fitted to the serving one. Raises InputError as `fit` does."""
    assert context.fast is not None
    artifact = fit(replace(context, encoder=context.fast))
    return replace(
        artifact,
        name=FAST_FIT,
        section={**artifact.section, "encoder": context.fast.digest},
        metrics=[msgspec.structs.replace(row, suite=FAST_FIT) for row in artifact.metrics],
        card=CARD,
        held_out=tuple(replace(one, title=f"{one.title}, fast encoder") for one in artifact.held_out),
    )
