"""The default bundle of bonafit with its encoders, as files beside this module; nothing here computes anything."""

from pathlib import Path


def folder() -> Path:
    """The bundle's folder; its encoders lie beside it in `encoders/`. `bonafit.bundles` finds this function."""
    (manifest,) = Path(__file__).resolve().parent.glob("*/manifest.json")
    return manifest.parent
