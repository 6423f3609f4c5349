"""Training of the authenticity head."""

from bonafit_training.authenticity.fit import fit

__all__ = ["fit"]
