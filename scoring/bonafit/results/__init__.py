"""What scoring returns: typed, frozen, and additive down to the last reason."""

from __future__ import annotations

from bonafit.results.commercial import (
    AdCost,
    Commercial,
    CommercialPost,
    Competitor,
    Disclosure,
    MarketDisclosure,
    Naming,
    Partner,
    Sign,
)
from bonafit.results.profile import PROFILE_LINKS, Profile
from bonafit.results.score import (
    COMPONENTS,
    NO_SAFETY,
    Component,
    Contribution,
    CreatorScore,
    Evidence,
    Placed,
    Reason,
    Status,
    Verdict,
    place_of,
)

__all__ = [
    "COMPONENTS",
    "NO_SAFETY",
    "PROFILE_LINKS",
    "AdCost",
    "Commercial",
    "CommercialPost",
    "Competitor",
    "Component",
    "Contribution",
    "CreatorScore",
    "Disclosure",
    "Evidence",
    "MarketDisclosure",
    "Naming",
    "Partner",
    "Placed",
    "Profile",
    "Reason",
    "Sign",
    "Status",
    "Verdict",
    "place_of",
]
