"""Fit the niche head for the fast encoder: the same pairs, splits and columns, read with its vectors."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from bonafit.errors import InputError
from bonafit.scorer.load import FAST_FIT
from bonafit_training.contracts import Context, HeadArtifact
from bonafit_training.heads.niche_fit.fit import fit

CARD = """### fast_fit

`niche_fit` for the fast encoder's vectors, with a reference, a model and a calibration of its own: what answers where
a time limit leaves no time for the full encoder, and then says so (flag `niche_fit:fast_encoder`). Trained and judged
on the same pairs and splits as `niche_fit`; the fast encoder was fitted on these sets' texts among others, unlabelled.
"""


def fit_fast(context: Context) -> HeadArtifact:
    """The head. Raises InputError as `fit` does, and where there is no fast encoder fitted to the serving one."""
    if context.fast is None:
        raise InputError("fast_fit: no fast encoder in the context; expected one fitted to the serving encoder")
    artifact = fit(replace(context, encoder=context.fast))
    return replace(
        artifact,
        name=FAST_FIT,
        section={**artifact.section, "encoder": context.fast.digest},
        metrics=[msgspec.structs.replace(row, suite=FAST_FIT) for row in artifact.metrics],
        card=CARD,
        held_out=tuple(replace(held_out, title=f"{held_out.title}, fast encoder") for held_out in artifact.held_out),
    )
