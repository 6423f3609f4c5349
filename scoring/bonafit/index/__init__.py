"""A creator index: who fits this brief, among millions, while a person waits."""

from bonafit.index.creator_index import CreatorIndex, Ranked, Ranking, merged
from bonafit.index.filters import Filters
from bonafit.index.segment import IndexRow

__all__ = ["CreatorIndex", "Filters", "IndexRow", "Ranked", "Ranking", "merged"]
