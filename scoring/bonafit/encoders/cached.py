"""An encoder that remembers: vectors by content hash, in memory and on disk."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bonafit.encoders.byte_store import DEFAULT_MAX_BYTES, ByteStore
from bonafit.encoders.encoder import Encoder
from bonafit.encoders.memo import Memo
from bonafit.encoders.tokenizer import storable
from bonafit.tables.arrays import Vectors

# 384 float32 are 1.5 kB: 13 MB at most in memory, some 500 creators with 12 captions each.
DEFAULT_MEMORY = 8192
# Texts encoded between two writes: a killed run loses at most these.
_CHUNK = 512
_DISK = np.dtype("<f4")
# A unit vector of float32 is off by some 1e-6 when squared; a graph's own normalisation by 1e-4 at most.
UNIT_SLACK = 1e-2


def default_cache_path() -> Path | None:
    """$BONAFIT_CACHE, or bonafit in the user's cache folder; None where $BONAFIT_CACHE is set to nothing."""
    folder = os.environ.get("BONAFIT_CACHE")
    if folder is not None:
        return Path(folder).expanduser() if folder else None
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "bonafit"
    except RuntimeError:  # a process without a home, as in some containers
        return None


class CachedEncoder(Encoder):
    """The same vectors, byte for byte, as the encoder inside; a text already seen isn't encoded again.

    path      : folder of the store on disk, shared by any number of processes and encoders; None for memory only.
    memory    : vectors kept in this process, the least recently used going first.
    max_bytes : size on disk beyond which the oldest quarter is deleted.

    A key is a hash of the text and the encoder's digest, so a text is never answered with another encoder's vector,
    and no text is stored. `hits` and `misses` count distinct texts asked for since the start. Safe between threads.
    """

    def __init__(
        self,
        encoder: Encoder,
        path: str | Path | None,
        *,
        memory: int = DEFAULT_MEMORY,
        max_bytes: int = DEFAULT_MAX_BYTES,
    ) -> None:
        self.encoder = encoder
        self.name = encoder.name
        self.digest = encoder.digest
        self.width = encoder.width
        self.hits = 0
        self.misses = 0
        self._salt = hashlib.sha256(encoder.digest.encode()).digest()
        self._store = None if path is None else ByteStore(Path(path), max_bytes=max_bytes)
        self._memory: Memo[bytes, Vectors] = Memo(memory)
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, width) float32, unit length, row i is texts[i]."""
        keys = [self._key(text) for text in texts]
        distinct = len(set(keys))
        known = self._found(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        with self._lock:
            self.hits += distinct - len(missing)
            self.misses += len(missing)
        fresh = list(missing)
        for start in range(0, len(fresh), _CHUNK):
            chunk = fresh[start : start + _CHUNK]
            vectors = self.encoder.encode([missing[key] for key in chunk])
            new = dict(zip(chunk, vectors, strict=True))
            if self._store is not None:
                self._store.put((key, vector.astype(_DISK).tobytes()) for key, vector in new.items())
            known.update(new)
            self._remember(new)
        out = np.empty((len(keys), self.width), np.float32)
        for row, key in enumerate(keys):
            out[row] = known[key]
        return out

    def recall(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Vectors of those texts that are remembered, (width,) float32 each, by text; nothing is encoded."""
        keys = {text: self._key(text) for text in texts}
        known = self._found(list(keys.values()))
        return {text: known[key] for text, key in keys.items() if key in known}

    def warm(self) -> None:
        """Pay the first call's costs now: a text that is remembered would be looked up, not encoded."""
        self.encoder.warm()

    def close(self) -> None:
        """Close the store on disk; the next call opens it again."""
        if self._store is not None:
            self._store.close()
        self.encoder.close()

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(storable(text).encode(), digest_size=20, key=self._salt).digest()

    def _found(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        known = self._memory.known(keys)
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing and self._store is not None:
            stored = self._read(self._store, missing)
            known.update(stored)
            self._remember(stored)
        return known

    def _remember(self, vectors: dict[bytes, Vectors]) -> None:
        # Copies: a row of a large array would keep all of that array in memory.
        self._memory.put({key: vector.copy() for key, vector in vectors.items()})

    def _read(self, store: ByteStore, keys: list[bytes]) -> dict[bytes, Vectors]:
        """Vectors on disk; what is not one of unit length counts as absent and is encoded again."""
        vectors: dict[bytes, Vectors] = {}
        for key, value in store.get(keys).items():
            if len(value) == self.width * _DISK.itemsize:
                vector = np.frombuffer(value, _DISK).astype(np.float32)
                # NaN compares as false
                if abs(float(vector @ vector) - 1.0) <= UNIT_SLACK:
                    vectors[key] = vector
        return vectors
