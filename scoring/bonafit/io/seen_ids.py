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
        return self.add_key(key_of(identifier))

    def add_key(self, key: int) -> bool:
        """The same for the digest of an id."""
        at = self._slot(key or 1)
        if self._slots[at]:
            return False
        self._slots[at] = key or 1
        self._n += 1
        if self._n > _FULL * len(self._slots):
            self._grow()
        return True

    def has_key(self, key: int) -> bool:
        """Whether an id with this digest has gone by."""
        return self._slots[self._slot(key or 1)] != 0

    def _slot(self, key: int) -> int:
        """Where a digest stands, or the free place where it would."""
        slots = self._slots
        mask = len(slots) - 1
        at = key & mask
        while (held := slots[at]) != 0 and held != key:
            at = (at + 1) & mask
        return at

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


def key_of(identifier: str) -> int:
    """64-bit digest of an id."""
    return int.from_bytes(blake2b(identifier.encode(), digest_size=8).digest(), "little")


class SeenCreators:
    """Who has gone by: one person on two platforms has two audiences and is two; without a platform an id is one."""

    def __init__(self) -> None:
        self._ids = SeenIds()
        self._pairs = SeenIds()
        self._platforms: dict[str | None, int] = {}

    def add(self, identifier: str, platform: str | None) -> bool:
        """True if this creator is new."""
        key = key_of(identifier)
        pair = key ^ self._of_platform(platform)
        if self._ids.add_key(key):
            self._pairs.add_key(pair)
            return True
        if platform is None or self._pairs.has_key(key ^ self._of_platform(None)):
            return False
        return self._pairs.add_key(pair)

    def _of_platform(self, platform: str | None) -> int:
        if platform not in self._platforms:
            # strangers' files may name as many as they have rows
            if len(self._platforms) > 1_000:
                self._platforms.clear()
            self._platforms[platform] = key_of(f"platform {platform or ''}")
        return self._platforms[platform]
