"""Training of the niche-fit head."""

from bonafit_training.niche_fit.fit import fit

__all__ = ["fit"]
