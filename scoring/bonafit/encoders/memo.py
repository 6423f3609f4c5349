"""Values remembered by key, the least recently used going first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """The values of the keys last used, `limit` of them. Safe between threads; values are shared, so never changed."""

    def __init__(self, limit: int) -> None:
        self._limit = max(limit, 0)
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, keys: Iterable[K]) -> dict[K, V]:
        """The values that are remembered, by key."""
        with self._lock:
            values = {key: self._values[key] for key in keys if key in self._values}
            for key in values:
                self._values.move_to_end(key)
        return values

    def put(self, values: Mapping[K, V]) -> None:
        """Remember values by key."""
        with self._lock:
            for key, value in values.items():
                self._values[key] = value
                self._values.move_to_end(key)
            while len(self._values) > self._limit:
                self._values.popitem(last=False)

    def get(self, keys: Sequence[K], make: Callable[[list[int]], Sequence[V]]) -> list[V]:
        """The value of each key. make : given the places of those not known, their values in order."""
        values = self.known(keys)
        missing: dict[K, int] = {}
        for place, key in enumerate(keys):
            if key not in values:
                missing.setdefault(key, place)
        if missing:
            fresh = dict(zip(missing, make(list(missing.values())), strict=True))
            self.put(fresh)
            values |= fresh
        return [values[key] for key in keys]
