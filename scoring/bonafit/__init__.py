"""bonafit: scores creators for a brand with a published bundle.

from bonafit import Brief, Creator, Scorer
scorer = Scorer.load()  # the installed bundle; or a folder
results = scorer.score([Creator(creator_id="a", bio="...")], Brief(brand="b", description="..."))
"""

from bonafit.errors import BonafitError, BriefError, BundleError, EncoderError, InputError, RecordError
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
    "FollowerPoint",
    "InputError",
    "Post",
    "Reason",
    "RecordError",
    "Scorer",
    "VerdictMarks",
    "Weights",
    "__version__",
    "rank",
]
