"""bonafit: scores creators for a brand with a published bundle.

from bonafit import Brief, Creator, Scorer
scorer = Scorer.load()  # the installed bundle; or a folder
results = scorer.score([Creator(creator_id="a", bio="...")], Brief(brand="b", description="..."))
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bonafit.errors import BonafitError, BriefError, BundleError, EncoderError, InputError, RecordError
    from bonafit.explanations.explain import Explanation, explain
    from bonafit.jobs.ranking import rank
    from bonafit.records import AudienceAccount, Brief, Comment, Creator, FollowerPoint, Post, VerdictMarks, Weights
    from bonafit.results import Component, Contribution, CreatorScore, Evidence, Reason
    from bonafit.scorer.scorer import Scorer

__version__ = "0.1.0"

__all__ = [
    "AudienceAccount",
    "BonafitError",
    "Brief",
    "BriefError",
    "BundleError",
    "Comment",
    "Component",
    "Contribution",
    "Creator",
    "CreatorScore",
    "EncoderError",
    "Evidence",
    "Explanation",
    "FollowerPoint",
    "InputError",
    "Post",
    "Reason",
    "RecordError",
    "Scorer",
    "VerdictMarks",
    "Weights",
    "__version__",
    "explain",
    "rank",
]

# Where each name lives. Its module is imported when the name is first asked for: `bonafit --help` needs none of them.
_HOMES = {
    **dict.fromkeys(
        ("BonafitError", "BriefError", "BundleError", "EncoderError", "InputError", "RecordError"), "bonafit.errors"
    ),
    **dict.fromkeys(("Explanation", "explain"), "bonafit.explanations.explain"),
    **dict.fromkeys(("rank",), "bonafit.jobs.ranking"),
    **dict.fromkeys(
        (
            "AudienceAccount", "Brief", "Comment", "Creator", "FollowerPoint", "Post", "VerdictMarks", "Weights",
        ),
        "bonafit.records",
    ),
    **dict.fromkeys(("Component", "Contribution", "CreatorScore", "Evidence", "Reason"), "bonafit.results"),
    **dict.fromkeys(("Scorer",), "bonafit.scorer.scorer"),
}  # fmt: skip

if not TYPE_CHECKING:  # a type checker reads the imports above, and finds names that are spelt wrong

    def __getattr__(name: str) -> Any:
        """A public name, imported from its home."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
