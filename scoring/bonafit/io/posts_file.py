"""A posts file beside a table of creators: one post a row, joined by creator_id in bounded memory and any order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.formats.jsonl import Plain
from bonafit.io.report import OnReject, ReadReport, reject_from
from bonafit.io.rows.check import check_post, latest_instant
from bonafit.io.rows.convert import converted, fold, id_of
from bonafit.io.rows.flat import parse_json_columns
from bonafit.records import Post

_BATCH = 2_000


class PostShelf:
    """Posts by creator, on disk beyond 64 MB of cache (SQLite's private temporary database)."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._decode = msgspec.msgpack.Decoder(Post).decode

    def posts_of(self, creator_id: str) -> tuple[Post, ...]:
        """The creator's posts in the order of the file."""
        found = self._database.execute("SELECT body FROM posts WHERE creator_id = ? ORDER BY line", (creator_id,))
        posts = tuple(self._decode(body) for (body,) in found)
        if posts:
            self._database.execute("INSERT OR IGNORE INTO taken VALUES (?)", (creator_id,))
        return posts

    def orphans(self) -> Iterator[tuple[int, str]]:
        """Line and creator_id of the posts that nobody took, in the order of the file."""
        yield from self._database.execute(
            "SELECT line, creator_id FROM posts WHERE creator_id NOT IN (SELECT creator_id FROM taken) ORDER BY line"
        )


@contextmanager
def shelved(
    rows: Iterator[Plain], *, report: ReadReport, on_reject: OnReject, now: datetime | None
) -> Iterator[PostShelf]:
    """Read the whole posts file; a bad row is a reject of its own and the creator keeps the other posts."""
    # a reader may be advanced by another thread than the one that opened it
    database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
    try:
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -65536",
            "CREATE TABLE posts (creator_id TEXT, line INTEGER, body BLOB)",
            "CREATE TABLE taken (creator_id TEXT PRIMARY KEY) WITHOUT ROWID",
        ):
            database.execute(statement)
        for batch in _batched(rows, report, on_reject, now):
            database.execute("BEGIN")
            database.executemany("INSERT INTO posts VALUES (?, ?, ?)", batch)
            database.execute("COMMIT")
        database.execute("CREATE INDEX by_creator ON posts (creator_id, line)")
        yield PostShelf(database)
    finally:
        database.close()


def reject_orphans(shelf: PostShelf, *, report: ReadReport, on_reject: OnReject) -> None:
    """Posts that belong to no creator that was read become rejects; call when all creators are through."""
    for line, creator_id in shelf.orphans():
        report.post_rows_attached -= 1
        report.post_rows_rejected += 1
        reason = "found a creator_id that no creator read has: absent from the creators file, or rejected there"
        error = RecordError(reason, line=line, creator_id=creator_id, field="creator_id", found=creator_id)
        on_reject(reject_from(error, source="posts"))


def _batched(
    rows: Iterator[Plain], report: ReadReport, on_reject: OnReject, now: datetime | None
) -> Iterator[list[tuple[str, int, bytes]]]:
    latest = latest_instant(now)
    encode = msgspec.msgpack.Encoder().encode
    batch: list[tuple[str, int, bytes]] = []
    for line, plain in rows:
        report.post_rows += 1
        try:
            if isinstance(plain, RecordError):
                raise plain
            creator_id, post = _post(plain, line, latest, report)
        except RecordError as error:
            report.post_rows_rejected += 1
            on_reject(reject_from(error, source="posts"))
            continue
        report.post_rows_attached += 1
        batch.append((creator_id, line, encode(post)))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _post(plain: dict[str, Any], line: int, latest: datetime, report: ReadReport) -> tuple[str, Post]:
    """One row as the id of its creator and the post. Raises RecordError."""
    who = id_of({"creator_id": plain.get("creator_id")})
    unknown: set[str] = set()
    aliases: set[str] = set()
    try:
        if who is None:
            raise RecordError("creator_id is missing; every post needs it to find its creator", field="creator_id")
        rest = {name: value for name, value in plain.items() if name != "creator_id"}
        parse_json_columns(rest, Post, line)
        post: Post = converted(fold(rest, Post, "", "posts[].", unknown, aliases), Post)
        return who, check_post(post, None, latest)
    except RecordError as error:
        raise RecordError(error.reason, line=line, creator_id=who, field=error.field, found=error.found) from error
    finally:
        report.unknown.update(unknown)
        report.aliases.update(aliases)
