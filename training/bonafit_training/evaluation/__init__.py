"""A published bundle measured on labelled cases: figures with baselines, slices, and two bundles compared."""

from bonafit_training.evaluation.cases import Cases, read_cases
from bonafit_training.evaluation.compare import Comparison, compare
from bonafit_training.evaluation.figures import figures
from bonafit_training.evaluation.predictions import Answers, answers_of
from bonafit_training.evaluation.run import evaluate

__all__ = ["Answers", "Cases", "Comparison", "answers_of", "compare", "evaluate", "figures", "read_cases"]
