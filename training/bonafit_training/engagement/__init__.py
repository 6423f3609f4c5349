"""Training and evaluation of the engagement head."""

from bonafit_training.engagement.fit import fit

__all__ = ["fit"]
