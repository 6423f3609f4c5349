"""How a suite enters `make benchmark`.

A module in benchmarks/suites defines `SUITES`, a dict from a key `suite/dataset/split` to a function that takes a
bonafit_training.contracts.Context and yields Rows. `make benchmark ONLY=substring` runs the suites one of whose rows'
keys can contain the substring: those whose own key contains it, or is contained in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bonafit_training.contracts import Context, Row

Suite = Callable[[Context], Iterable[Row]]
