"""Training of the niche-fit head and of the index's."""

from bonafit_training.niche_fit.fit import fit
from bonafit_training.niche_fit.index_fit import fit_index

__all__ = ["fit", "fit_index"]
