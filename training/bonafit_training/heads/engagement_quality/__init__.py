"""Training and evaluation of the engagement head."""

from bonafit_training.heads.engagement_quality.fit import fit

__all__ = ["fit"]
