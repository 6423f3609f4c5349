"""Vectors and results on disk by content hash: SQLite in write-ahead mode, shared by any number of processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import uuid
import warnings
import weakref
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

# The folder's name carries the layout's number: another layout is another folder, never a migration.
FOLDER, FILE = "{}-1", "{}.sqlite"
DEFAULT_MAX_BYTES = 4 * 2**30
# SQLite allows 32,766 parameters since 3.32 and 999 before.
_BATCH = 900
_BUSY_SECONDS = 30.0
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_FORMAT)
_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL)"

# Connections made before a fork. SQLite forbids a child even to close them, so they are kept until it ends.
_inherited: list[sqlite3.Connection] = []


class CacheWarning(UserWarning):
    """The cache on disk was damaged or cannot be used; scores are unaffected, only slower to come."""


class ByteStore:
    """Bytes by key, in a folder named for what they are.

    Losing it costs time, never a result: nothing it meets on disk raises.
    A damaged store is discarded and begun again; a folder that cannot be used (full, read-only) is given up for this
    process; both with a CacheWarning. A value damaged in place fails its checksum and counts as absent.
    Safe to share between threads and across forks. A crash loses at most the last writes.
    """

    def __init__(self, folder: Path, *, name: str = "vectors", max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._folder = folder / FOLDER.format(name)
        self._file = self._folder / FILE.format(name)
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._finalizer: weakref.finalize[[sqlite3.Connection, int], ByteStore] | None = None
        self._given_up = False

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values of the keys that are stored and whole."""

        def read(connection: sqlite3.Connection) -> dict[bytes, bytes]:
            values_by_key: dict[bytes, bytes] = {}
            for start in range(0, len(keys), _BATCH):
                batch = keys[start : start + _BATCH]
                marks = ",".join("?" * len(batch))
                rows = connection.execute(f"SELECT key, value FROM vectors WHERE key IN ({marks})", batch)
                values_by_key.update((key, value[:-4]) for key, value in rows if _whole(value))
            return values_by_key

        return self._attempt(read) or {}

    def put(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Store values; all of one call or none of it. Makes room first where the store is full."""
        rows = [(key, value + zlib.crc32(value).to_bytes(4, "little")) for key, value in items]

        def write(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                # Replace, so that a damaged value is mended by the next run.
                connection.executemany("INSERT OR REPLACE INTO vectors (key, value) VALUES (?, ?)", rows)
                self._evict(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

        if rows:
            self._attempt(write)

    def remove(self, prefix: bytes = b"") -> int | None:
        """Remove the values whose keys begin so, overwritten on the disk and in its log; returns how many.

        None where the store cannot be used.
        """

        def forget(connection: sqlite3.Connection) -> int:
            connection.execute("PRAGMA secure_delete = ON")
            after = prefix + b"\xff" * 64
            n = connection.execute("DELETE FROM vectors WHERE key >= ? AND key <= ?", (prefix, after)).rowcount
            # The log may hold pages as they were before.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return int(n)

        return self._attempt(forget)

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        with self._lock:
            self._drop()

    def _evict(self, connection: sqlite3.Connection) -> None:
        """Delete the oldest quarter where the store is over its size; freed pages are used again."""
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * size > self._max_bytes:
            first, last = connection.execute("SELECT min(id), max(id) FROM vectors").fetchone()
            connection.execute("DELETE FROM vectors WHERE id <= ?", (first + (last - first) // 4,))

    def _attempt(self, action: Callable[[sqlite3.Connection], T]) -> T | None:
        with self._lock:
            if os.getpid() != self._pid:
                self._forget_inherited()
            for _ in range(2):
                if self._given_up:
                    return None
                try:
                    return action(self._connect())
                except sqlite3.Error as error:
                    self._recover(error)
                except OSError as error:
                    self._give_up(str(error))
            return None

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._file
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._connection = connection
            self._finalizer = weakref.finalize(self, _close, connection, os.getpid())
            self._opened = _identity(path)
            connection.execute("PRAGMA journal_mode=WAL")
            # With a write-ahead log this cannot damage the file; power loss may drop the last commits.
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(_SCHEMA)
        return self._connection

    def _recover(self, error: sqlite3.Error) -> None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        # A file that someone removed (READONLY_DBMOVED) is no damage: it is opened anew.
        if code & 0xFF not in _DAMAGED and code != sqlite3.SQLITE_READONLY_DBMOVED:
            self._give_up(str(error))
            return
        opened = self._opened
        self._drop()
        # Where another process has begun a new file meanwhile, that one is used.
        if opened is not None and _identity(self._file) == opened:
            self._warn(f"is damaged ({error}) and is begun again")
            # The file and its log go in one step, so no process ever pairs one file's log with another file.
            aside = self._folder.with_name(f"{self._folder.name}.damaged-{uuid.uuid4().hex}")
            try:
                self._folder.rename(aside)
            except OSError as failure:
                self._give_up(str(failure))
                return
            shutil.rmtree(aside, ignore_errors=True)

    def _give_up(self, reason: str) -> None:
        self._drop()
        self._given_up = True
        self._warn(f"cannot be used ({reason}); going on without it")

    def _warn(self, problem: str) -> None:
        warnings.warn(f"cache {self._folder} {problem}", CacheWarning, stacklevel=5)

    def _drop(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._connection = self._finalizer = self._opened = None

    def _forget_inherited(self) -> None:
        if self._connection is not None:
            _inherited.append(self._connection)
        self._connection = self._finalizer = self._opened = None
        self._pid = os.getpid()


def _close(connection: sqlite3.Connection, pid: int) -> None:
    if pid == os.getpid():
        connection.close()


def _whole(value: object) -> bool:
    # A damaged row may even have another type.
    if not isinstance(value, bytes):
        return False
    return len(value) > 4 and zlib.crc32(value[:-4]).to_bytes(4, "little") == value[-4:]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
