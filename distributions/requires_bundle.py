"""Build hook of the wheel `bonafit`: what `make wheels` publishes requires the bundle that is published beside it."""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Set by `make wheels` alone: a checkout has its bundle in models/, and what is installed from it needs no other.
VARIABLE = "BONAFIT_REQUIRES"


class RequiresBundle(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the requirement in BONAFIT_REQUIRES, such as `bonafit-bundle==2026.8`, to a standard wheel's metadata."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        requirement = os.environ.get(VARIABLE)
        if requirement and version == "standard":
            build_data["dependencies"].append(requirement)
