"""A creator index: who fits this brief, among millions, while a person waits."""

from bonafit.index.filters import Filters
from bonafit.index.segment import IndexRow

__all__ = ["Filters", "IndexRow"]
