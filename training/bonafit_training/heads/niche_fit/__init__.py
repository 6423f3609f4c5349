"""Training of the niche-fit head, of the fast encoder's and of the index's."""

from bonafit_training.heads.niche_fit.fast import fit_fast
from bonafit_training.heads.niche_fit.fit import fit
from bonafit_training.heads.niche_fit.index_fit import fit_index

__all__ = ["fit", "fit_fast", "fit_index"]
