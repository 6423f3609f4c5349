"""What a scorer is made of: a bundle's heads, and the fast encoder beside its encoder."""

from __future__ import annotations

from pathlib import Path

from bonafit.bundle.manifest import Bundle, bundle_errors
from bonafit.errors import BundleIncompatibleError, EncoderError
from bonafit.prepared import Encoder, Head
from bonafit.results import HEADS

# The niche head for the fast encoder's vectors; bundles up to 2026.2 have none.
FAST_FIT = "fast_fit"


def _head_classes() -> dict[str, type[Head]]:
    from bonafit.heads.authenticity.head import AuthenticityHead
    from bonafit.heads.engagement_quality.head import EngagementQualityHead
    from bonafit.heads.niche_fit.head import NicheFitHead

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
    with bundle_errors(bundle.path):
        return {name: classes[name].from_bundle(bundle.manifest.heads[name], bundle.tables[name]) for name in HEADS}


def load_fast(bundle: Bundle, folder: Path) -> tuple[Encoder, Head | None]:
    """The fast encoder beside the bundle's encoder in `folder`, and the bundle's niche head for it.

    Raises EncoderError where there is none, BundleIncompatibleError where the head was trained on another one.
    """
    from bonafit.encoders import StaticEncoder

    fast = StaticEncoder.load(find_fast_encoder(folder, bundle.manifest.encoder.digest))
    section = bundle.manifest.heads.get(FAST_FIT)
    if section is None:
        return fast, None
    with bundle_errors(bundle.path):
        if section["encoder"] != fast.digest:
            raise BundleIncompatibleError(
                f"{bundle.path}: fast encoder {fast.name} has digest {fast.digest[:12]}, {FAST_FIT} was trained on "
                f"{section['encoder'][:12]}; put that encoder beside the bundle or retrain"
            )
        return fast, _head_classes()["niche_fit"].from_bundle(section, bundle.tables[FAST_FIT])


def find_fast_encoder(folder: Path, digest: str) -> Path:
    """The static encoder beside `folder` that was fitted to the encoder of this digest. Raises EncoderError."""
    from bonafit.encoders.card import read_card

    for candidate in sorted(folder.parent.iterdir()):
        try:
            card = read_card(candidate)
        except EncoderError:
            continue
        if card.kind == "static" and card.source.get("reference") == digest:
            return candidate
    raise EncoderError(
        f"{folder.parent}: no fast encoder fitted to {digest[:12]}; fit one, or load without a latency budget"
    )
