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

    def __init__(self, *, with_lines: bool = False) -> None:
        self._slots = array("Q", bytes(8 << 10))
        # where each id was, beside its digest: 6 to 11 bytes more
        self._lines = array("I", bytes(4 << 10)) if with_lines else None
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def add(self, identifier: str) -> bool:
        """True if the id is new."""
        return self.add_key(key_of(identifier))

    def add_key(self, key: int, line: int = 0) -> bool:
        """The same for the digest of an id. line : where it is, below 2**32."""
        at = self._slot(key or 1)
        if self._slots[at]:
            return False
        self._slots[at] = key or 1
        if self._lines is not None:
            self._lines[at] = line & 0xFFFFFFFF
        self._n += 1
        if self._n > _FULL * len(self._slots):
            self._grow()
        return True

    def line_of(self, key: int) -> int | None:
        """Where an id with this digest has gone by, 0 where lines are not held; None where none has."""
        at = self._slot(key or 1)
        if not self._slots[at]:
            return None
        return 0 if self._lines is None else self._lines[at]

    def _slot(self, key: int) -> int:
        """Where a digest stands, or the free place where it would."""
        slots = self._slots
        mask = len(slots) - 1
        at = key & mask
        while (held := slots[at]) != 0 and held != key:
            at = (at + 1) & mask
        return at

    def _grow(self) -> None:
        old, old_lines = self._slots, self._lines
        slots = array("Q", bytes(16 * len(old)))
        lines = None if old_lines is None else array(old_lines.typecode, bytes(8 * len(old)))
        mask = len(slots) - 1
        for place, key in enumerate(old):
            if key:
                at = key & mask
                while slots[at]:
                    at = (at + 1) & mask
                slots[at] = key
                if lines is not None and old_lines is not None:
                    lines[at] = old_lines[place]
        self._slots, self._lines = slots, lines


def key_of(identifier: str) -> int:
    """64-bit digest of an id."""
    return int.from_bytes(blake2b(identifier.encode(), digest_size=8).digest(), "little")


class SeenCreators:
    """Who has gone by: one person on two platforms has two audiences and is two; without a platform an id is one."""

    def __init__(self) -> None:
        self._ids = SeenIds(with_lines=True)
        self._pairs = SeenIds(with_lines=True)
        self._platforms: dict[str | None, int] = {}

    def add(self, identifier: str, platform: str | None, line: int) -> int | None:
        """None if this creator is new, else the line where it was first."""
        key = key_of(identifier)
        pair = key ^ self._of_platform(platform)
        if self._ids.add_key(key, line):
            self._pairs.add_key(pair, line)
            return None
        if platform is None:
            return self._ids.line_of(key)
        if (first := self._pairs.line_of(key ^ self._of_platform(None))) is not None:
            return first
        return None if self._pairs.add_key(pair, line) else self._pairs.line_of(pair)

    def _of_platform(self, platform: str | None) -> int:
        if platform not in self._platforms:
            # strangers' files may name as many as they have rows
            if len(self._platforms) > 1_000:
                self._platforms.clear()
            self._platforms[platform] = key_of(f"platform {platform or ''}")
        return self._platforms[platform]
