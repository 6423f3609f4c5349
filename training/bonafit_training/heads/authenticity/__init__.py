"""Training of the authenticity head."""

from bonafit_training.heads.authenticity.fit import fit

__all__ = ["fit"]
