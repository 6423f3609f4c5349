"""Results already given, by everything they rest on: asked again, a creator costs a look-up instead of a scoring."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bonafit.encoders.memo import Memo

if TYPE_CHECKING:
    from bonafit.encoders.byte_store import ByteStore

STORE = "results"
# On disk results are compressed, 8 kB each: a quarter of a million of them, then the oldest go.
MAX_BYTES = 2 * 2**30
# Bytes of one result's JSON that are unpacked: two hundred posts with their evidence take 100 kB.
MAX_RESULT = 16 * 2**20
# What computes a result besides this package and its bundle; another version may differ in the last bit.
COMPUTED_BY = ("numpy", "onnxruntime", "tokenizers")
# The whole package, not this folder of it: a change in any room must end in another digest.
PACKAGE = Path(__file__).resolve().parents[1]


class ResultCache:
    """Results as their JSON, by input digest. Safe between threads; losing them costs time, never a result.

    of     : what the results rest on besides their input: the bundle's digest, the encoder's.
    folder : where results stay between processes, any number of them at once; None for memory only.
    limit  : results kept in memory, the least recently used going first; 0 keeps none, on disk neither.

    A result on disk is found again only by the code that computed it, byte for byte: the key is made of the input's
    digest, the bundle, the encoder, the package's own source and the versions of COMPUTED_BY. It is read again only by
    who has its input: the value is enciphered with the input's digest, which is not on the disk. Keys begin with a
    keyed hash of the creator's id, by which `forget` finds all that is kept of one creator.
    """

    def __init__(self, of: Sequence[str], folder: Path | None, *, limit: int) -> None:
        self._of = tuple(of)
        self._folder = folder if limit else None
        self._memory: Memo[str, bytes] = Memo(limit)
        self._store: ByteStore | None = None
        self._salt = b""

    def find(self, ids: Mapping[str, str]) -> dict[str, bytes]:
        """JSON of the results that are known, by input digest. asked : digest -> the creator's id."""
        results = self._memory.known(list(ids))
        store = self._opened()
        missing = [digest for digest in ids if digest not in results] if store is not None else []
        if store is not None and missing:
            keys = {self._key(digest, ids[digest]): digest for digest in missing}
            read = ((keys[key], value) for key, value in store.get(list(keys)).items())
            unpacked = ((digest, _unpacked(self._ciphered(value, digest))) for digest, value in read)
            # What is no result of this very input counts as absent, whatever its sum says.
            stored = {digest: line for digest, line in unpacked if line is not None and _is_of(line, digest)}
            self._memory.put(stored)
            results.update(stored)
        return results

    def keep(self, results: Mapping[str, bytes], ids: Mapping[str, str]) -> None:
        """Keep results by input digest. asked : digest -> the creator's id."""
        self._memory.put(results)
        store = self._opened()
        if store is not None:
            store.put(
                [
                    (self._key(digest, ids[digest]), self._ciphered(_packed(value), digest))
                    for digest, value in results.items()
                ]
            )

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._store is not None:
            self._store.close()

    def _opened(self) -> ByteStore | None:
        if self._store is None and self._folder is not None:
            source = source_digest()
            if source is None:
                self._folder = None
                return None
            from bonafit.encoders.byte_store import ByteStore

            self._salt = hashlib.sha256("\n".join((*self._of, source)).encode()).digest()
            # What earlier versions kept in clear.
            shutil.rmtree(self._folder / "answers-1", ignore_errors=True)
            self._store = ByteStore(self._folder, name=STORE, max_bytes=MAX_BYTES)
        return self._store

    def _key(self, digest: str, creator_id: str) -> bytes:
        return owner_tag(creator_id) + hashlib.blake2b(digest.encode(), digest_size=20, key=self._salt).digest()

    def _ciphered(self, value: bytes, digest: str) -> bytes:
        """A value XORed with SHAKE-256 of salt and digest: in clear enciphered, enciphered in clear.

        A stream is used for one value alone: the same digest under the same salt is the same result.
        """
        stream = hashlib.shake_256(self._salt + digest.encode()).digest(len(value))
        return (np.frombuffer(value, np.uint8) ^ np.frombuffer(stream, np.uint8)).tobytes()


def owner_tag(creator_id: str) -> bytes:
    """What the keys of a creator's results begin with, 8 bytes."""
    return hashlib.blake2b(creator_id.encode("utf-8", "replace"), digest_size=8, key=b"bonafit creator").digest()


def forget_results(folder: Path, creator_id: str) -> int | None:
    """Remove every result of a creator from a cache's folder; returns how many, None where it cannot be used."""
    from bonafit.encoders.byte_store import ByteStore

    shutil.rmtree(folder / "answers-1", ignore_errors=True)
    store = ByteStore(folder, name=STORE, max_bytes=MAX_BYTES)
    try:
        return store.remove(owner_tag(creator_id))
    finally:
        store.close()


@cache
def source_digest() -> str | None:
    """sha256 over this package's own files and the versions of what it computes with; None where it has no files.

    25 ms for 112 files, once a process and only where results are kept on disk.
    """
    from importlib import metadata

    sources = sorted(path for path in PACKAGE.rglob("*") if path.suffix not in (".pyc", "") and path.is_file())
    if not sources:
        return None
    digest = hashlib.sha256()
    for path in sources:
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    for name in COMPUTED_BY:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    return digest.hexdigest()


def _packed(value: bytes) -> bytes:
    import pyarrow as pa

    # Zstandard at level 1: 70 us for 30 kB, a third of what zlib takes, and 30 us back.
    return len(value).to_bytes(4, "little") + bytes(pa.compress(value, "zstd", asbytes=True))


def _unpacked(value: bytes) -> bytes | None:
    """A value as it was packed; None where it was not packed here."""
    import pyarrow as pa

    size = int.from_bytes(value[:4], "little")
    if size > MAX_RESULT:
        return None
    try:
        return bytes(pa.decompress(value[4:], size, "zstd", asbytes=True))
    except (pa.ArrowException, OSError, ValueError):
        return None


def _is_of(line: bytes, digest: str) -> bool:
    return b'"input_digest":"%b"' % digest.encode() in line and line.endswith(b"}")
