"""Which ids have gone by, in 12 to 23 bytes an id."""

from __future__ import annotations

from array import array
from hashlib import blake2b

_FULL = 0.7
_BITS = 24
_MASK = (1 << _BITS) - 1


class SeenIds:
    """A set of 64-bit digests of ids, open-addressed in one array.

    A Python set of ints takes some 100 bytes an id, this 12 to 23: ten million ids fit in 134 MB. Two different
    ids among n collide with probability n**2 / 2**65: 3e-8 for a million, 3e-6 for ten million; the second would
    then be rejected as a duplicate, in the open.
    """

    def __init__(self, *, with_values: bool = False) -> None:
        self._slots = array("Q", bytes(8 << 10))
        # what is held beside each digest, 12 to 23 bytes more
        self._values = array("Q", bytes(8 << 10)) if with_values else None
        self._mask = len(self._slots) - 1
        self._limit = int(_FULL * len(self._slots))
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def add(self, identifier: str) -> bool:
        """True if the id is new."""
        return self.add_key(key_of(identifier))

    def add_key(self, key: int, value: int = 0) -> bool:
        """The same for the digest of an id. value : held beside a new one, below 2**64."""
        # every row comes here twice, and a call of _slot is half of what it takes
        key = key or 1
        slots, mask = self._slots, self._mask
        at = key & mask
        while (stored := slots[at]) != 0:
            if stored == key:
                return False
            at = (at + 1) & mask
        slots[at] = key
        if self._values is not None:
            self._values[at] = value
        self._n += 1
        if self._n > self._limit:
            self._grow()
        return True

    def value_of(self, key: int) -> int:
        """What is held beside the digest of an id that has gone by."""
        return 0 if self._values is None else self._values[self._slot(key or 1)]

    def _slot(self, key: int) -> int:
        """Where a digest stands, or the free place where it would."""
        slots, mask = self._slots, self._mask
        at = key & mask
        while (stored := slots[at]) != 0 and stored != key:
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        old, old_values = self._slots, self._values
        slots = array("Q", bytes(16 * len(old)))
        values = None if old_values is None else array("Q", bytes(16 * len(old)))
        mask = len(slots) - 1
        for place, key in enumerate(old):
            if key:
                at = key & mask
                while slots[at]:
                    at = (at + 1) & mask
                slots[at] = key
                if values is not None and old_values is not None:
                    values[at] = old_values[place]
        self._slots, self._values = slots, values
        self._mask, self._limit = mask, int(_FULL * len(slots))


def key_of(identifier: str) -> int:
    """64-bit digest of an id."""
    return int.from_bytes(blake2b(identifier.encode(), digest_size=8).digest(), "little")


class SeenCreators:
    """Who has gone by: one person on two platforms has two audiences and is two; without a platform an id is one."""

    def __init__(self) -> None:
        # beside each id the line where it was first and the platform there
        self._ids = SeenIds(with_values=True)
        # who shares an id with somebody on another platform
        self._others = SeenIds(with_values=True)
        self._platforms: dict[str | None, int] = {}

    def add(self, identifier: str, platform: str | None, line: int) -> int | None:
        """None if this creator is new, else the line where it was first. line : below 2**40."""
        key, number = key_of(identifier), self._number_of(platform)
        if self._ids.add_key(key, line << _BITS | number):
            return None
        first = self._ids.value_of(key)
        if number == 0 or first & _MASK in (0, number):
            return first >> _BITS
        pair = key ^ number << _BITS
        return None if self._others.add_key(pair, line) else self._others.value_of(pair)

    def _number_of(self, platform: str | None) -> int:
        """A number of 24 bits for a platform, 0 for none."""
        if platform not in self._platforms:
            # strangers' files may name as many as they have rows
            if len(self._platforms) > 1_000:
                self._platforms.clear()
            self._platforms[platform] = 0 if platform is None else key_of(platform) & _MASK or 1
        return self._platforms[platform]
