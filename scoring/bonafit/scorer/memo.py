"""What does not depend on a brief, remembered by a creator's content: a second brief pays for the fit alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

# Units, vectors and two heads' answers of a creator with 12 captions are some 40 kB: 20 MB at most.
CREATORS = 512


class Memo(Generic[T]):
    """The values of the keys last used, `limit` of them. Safe between threads; values are shared, so never changed."""

    def __init__(self, limit: int = CREATORS) -> None:
        self._limit = limit
        self._values: OrderedDict[bytes, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, keys: Sequence[bytes], make: Callable[[list[int]], Sequence[T]]) -> list[T]:
        """The value of each key. make : given the places of those not known, their values in order."""
        with self._lock:
            known = {key: self._values[key] for key in keys if key in self._values}
            for key in known:
                self._values.move_to_end(key)
        missing: dict[bytes, int] = {}
        for place, key in enumerate(keys):
            if key not in known:
                missing.setdefault(key, place)
        if missing:
            made = dict(zip(missing, make(list(missing.values())), strict=True))
            known.update(made)
            with self._lock:
                self._values.update(made)
                while len(self._values) > self._limit:
                    self._values.popitem(last=False)
        return [known[key] for key in keys]

    def known(self, key: bytes) -> T | None:
        """The value of a key, where it is remembered."""
        with self._lock:
            return self._values.get(key)
