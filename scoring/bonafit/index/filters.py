"""Filters that leave creators out before ranking."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from bonafit.errors import BonafitError, FiltersError
from bonafit.index.segment import UNKNOWN, Segment
from bonafit.records import Count, Share
from bonafit.records.checked import Checked


class Filters(Checked, frozen=True, kw_only=True):
    """Which creators are ranked at all; a creator whose value is not known fails a filter on it.

    platforms, languages, countries : any of these, case folded; empty means no filter.
    min_followers, max_followers    : inclusive.
    min_authenticity                : floor in [0, 1].
    Raises FiltersError for a filter that there is not, with the nearest name, and for a value of the wrong kind.
    """

    raises: ClassVar[type[BonafitError]] = FiltersError

    platforms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    min_followers: Count | None = None
    max_followers: Count | None = None
    min_authenticity: Share | None = None


def passing(segment: Segment, filters: Filters) -> npt.NDArray[np.bool_] | None:
    """(rows,) bool of the live rows that can be judged and pass, or None where all do."""
    tests = []
    if segment.deleted is not None:
        tests.append(~segment.deleted)
    if segment.unjudged is not None:
        tests.append(~segment.unjudged)
    # In the order of segment.CODES.
    for i, values in enumerate((filters.platforms, filters.languages, filters.countries)):
        if values:
            folded = {w.casefold() for w in values}
            known = [code for code, value in enumerate(segment.values[i]) if value in folded]
            tests.append(np.isin(segment.codes[:, i], known))
    if filters.min_followers is not None:
        tests.append(segment.followers >= max(filters.min_followers, 0))
    if filters.max_followers is not None:
        tests.append((segment.followers <= filters.max_followers) & (segment.followers != UNKNOWN))
    if filters.min_authenticity is not None:
        tests.append(segment.authenticity >= filters.min_authenticity)
    return np.logical_and.reduce(tests) if tests else None
