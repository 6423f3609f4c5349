"""A creator index: who fits this brief, among millions, while a person waits."""

from bonafit.index.answer import Ranked, Ranking, merged
from bonafit.index.creator_index import CreatorIndex
from bonafit.index.filters import Filters
from bonafit.index.segment import IndexRow

__all__ = ["CreatorIndex", "Filters", "IndexRow", "Ranked", "Ranking", "merged"]
