"""Feature columns: names, units, directions, and the functions that compute them."""

from bonafit.features.columns import Column, column_matrix

__all__ = ["Column", "column_matrix"]
