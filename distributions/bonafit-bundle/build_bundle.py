"""Build hook of the wheel `bonafit-bundle`: the published bundle named by BUNDLE, and the encoders beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Set by `make wheels`, whose Makefile names the bundle.
VARIABLE = "BUNDLE"
PACKAGE = "bonafit_bundle"
# Files that git needs and scoring does not.
LEFT_OUT = (".gitignore",)


def published() -> Path:
    """The bundle's folder. Raises RuntimeError where BUNDLE names none."""
    named = os.environ.get(VARIABLE)
    if not named or not (Path(named) / "manifest.json").is_file():
        raise RuntimeError(f"{VARIABLE}={named}: expected the folder of a published bundle; run `make wheels`")
    return Path(named).resolve()


class Bundle(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the bundle's folder and its `encoders/` into the package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        bundle = published()
        for folder in (bundle, *sorted((bundle.parent / "encoders").iterdir())):
            if folder.is_dir():
                for file in sorted(folder.iterdir()):
                    if file.name not in LEFT_OUT and not file.name.endswith(".fp32.onnx"):
                        target = f"{PACKAGE}/{file.relative_to(bundle.parent).as_posix()}"
                        build_data["force_include"][str(file)] = target
