"""Which ids have gone by, in 12 to 23 bytes an id."""

from __future__ import annotations

from array import array
from hashlib import blake2b

_FULL = 0.7


class SeenIds:
    """A set of 64-bit digests of ids, open-addressed in one array.

    A Python set of ints takes some 100 bytes an id, this 12 to 23: ten million ids fit in 134 MB. Two different
    ids among n collide with probability n**2 / 2**65: 3e-8 for a million, 3e-6 for ten million; the second would
    then be rejected as a duplicate, in the open.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 << 10))
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def add(self, identifier: str) -> bool:
        """True if the id is new."""
        key = int.from_bytes(blake2b(identifier.encode(), digest_size=8).digest(), "little") or 1
        slots = self._slots
        mask = len(slots) - 1
        at = key & mask
        while (held := slots[at]) != 0:
            if held == key:
                return False
            at = (at + 1) & mask
        slots[at] = key
        self._n += 1
        if self._n > _FULL * len(slots):
            self._grow()
        return True

    def __contains__(self, identifier: str) -> bool:
        key = int.from_bytes(blake2b(identifier.encode(), digest_size=8).digest(), "little") or 1
        slots = self._slots
        mask = len(slots) - 1
        place = key & mask
        while (held := slots[place]) != 0:
            if held == key:
                return True
            place = (place + 1) & mask
        return False

    def _grow(self) -> None:
        old = self._slots
        slots = array("Q", bytes(16 * len(old)))
        mask = len(slots) - 1
        for key in old:
            if key:
                at = key & mask
                while slots[at]:
                    at = (at + 1) & mask
                slots[at] = key
        self._slots = slots


class SeenCreators:
    """Who has gone by: one person on two platforms has two audiences and is two; without a platform an id is one."""

    def __init__(self) -> None:
        self._ids = SeenIds()
        self._pairs = SeenIds()

    def add(self, identifier: str, platform: str | None) -> bool:
        """True if this creator is new."""
        pair = f"{platform or ''}\n{identifier}"
        if self._ids.add(identifier):
            self._pairs.add(pair)
            return True
        if platform is None or f"\n{identifier}" in self._pairs:
            return False
        return self._pairs.add(pair)
