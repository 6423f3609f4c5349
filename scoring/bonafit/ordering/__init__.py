"""The last stage of a recommendation: from scores to the list that people see.

retrieve (bonafit.index) -> filter (bonafit.index.Filters) -> score (Scorer) -> order (here).
"""

from bonafit.ordering.order import Ordered, Placed, Unmet, order
from bonafit.ordering.policy import ATTRIBUTES, Ordering, Quota

__all__ = ["ATTRIBUTES", "Ordered", "Ordering", "Placed", "Quota", "Unmet", "order"]
