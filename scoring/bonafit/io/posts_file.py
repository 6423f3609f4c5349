"""Posts in a file of their own, one a row: joined to creators, or grouped by who made them, in bounded memory and any
order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from bonafit.errors import RecordError
from bonafit.io.report import OnReject, ReadReport, reject_from
from bonafit.io.rows.finish import OwnedPost
from bonafit.io.rows.identity import derived_id, join_key
from bonafit.io.rows.reader import RowReader
from bonafit.io.rows.traces import Note, collected, without_old_pins
from bonafit.records import Comment, Creator, Post

_BATCH = 2_000


class ShelvedPost(msgspec.Struct, frozen=True, array_like=True):
    """A post as it lies on the shelf."""

    post: Post
    comments: tuple[Comment, ...]
    pinned: bool


class PostShelf:
    """Posts by who made them, on disk beyond 64 MB of cache (SQLite's private temporary database).

    A post is found by its owner's id or handle, else by a name of several words, without regard to @, links and case;
    where ids differ by case alone, by the exact one. With a platform it belongs to that platform's creator only.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._decode = msgspec.msgpack.Decoder(ShelvedPost).decode
        self._owner = msgspec.msgpack.Decoder(Creator).decode

    def with_posts(self, creator: Creator, note: Note) -> Creator:
        """The creator with the posts that belong to it, in the order of the file, and the comments under them."""
        for name in dict.fromkeys(n for n in (creator.creator_id, creator.handle) if n is not None):
            shelved = self._posts_of(name, creator.platform)
            if shelved:
                return _joined(creator, shelved, note)
        # no handle has a space; of two people of one name the first gets what no id and no handle asked for
        name = (creator.display_name or "").strip()
        if " " in name and self._is_free(name):
            shelved = self._posts_of(name, creator.platform)
            if shelved:
                note("posts: joined by the creator's name")
                return _joined(creator, shelved, note)
        return creator

    def _is_free(self, name: str) -> bool:
        """Whether no creator has taken posts of this name yet."""
        query = "SELECT 1 FROM posts JOIN taken USING (line) WHERE key = ? LIMIT 1"
        return self._database.execute(query, (join_key(name),)).fetchone() is None

    def _posts_of(self, name: str, platform: str | None) -> list[ShelvedPost]:
        rows = self._database.execute(
            "SELECT name, body, line FROM posts WHERE (key = :key OR other = :key) AND "
            "(platform IS NULL OR :platform IS NULL OR platform = :platform) ORDER BY line",
            {"key": join_key(name), "platform": platform},
        ).fetchall()
        names = {row[0] for row in rows}
        if len(names) > 1 and name in names:
            rows = [row for row in rows if row[0] == name]
        elif len({other.removeprefix("@") for other in names}) > 1 and len({other.casefold() for other in names}) < len(
            names
        ):
            # several people whose ids differ by case alone, and none of them this one
            return []
        self._database.executemany("INSERT OR IGNORE INTO taken VALUES (?)", [(row[2],) for row in rows])
        return [self._decode(body) for _, body, _ in rows]

    def orphans(self) -> Iterator[tuple[int, str]]:
        """Line and owner's name of the posts that nobody took, in the order of the file."""
        yield from self._database.execute(
            "SELECT line, name FROM posts WHERE line NOT IN (SELECT line FROM taken) ORDER BY line"
        )

    def creators(self, note: Note) -> Iterator[tuple[int, Creator]]:
        """First line and creator of every owner, with all their posts, in the order of their first posts."""
        owners = self._database.execute(
            "SELECT key, platform, MIN(line) FROM posts GROUP BY key, platform ORDER BY MIN(line)"
        ).fetchall()
        for key, platform, line in owners:
            rows = self._database.execute(
                "SELECT owner, body FROM posts WHERE key = ? AND platform IS ? ORDER BY line", (key, platform)
            )
            creator: Creator | None = None
            shelved: list[ShelvedPost] = []
            for owner, body in rows:
                read = self._owner(owner)
                creator = read if creator is None else _filled(creator, read)
                shelved.append(self._decode(body))
            if creator is not None:
                yield line, _joined(creator, shelved, note)


def _joined(creator: Creator, shelved: list[ShelvedPost], note: Note) -> Creator:
    own_posts = without_old_pins(shelved, [s.post.posted_at for s in shelved], [s.pinned for s in shelved], note)
    comments = tuple(comment for item in shelved for comment in item.comments)
    posts = tuple(item.post for item in own_posts)
    whole = msgspec.structs.replace(creator, posts=posts, comments=creator.comments + comments)
    return collected(whole, note)


def _filled(first: Creator, second: Creator) -> Creator:
    """The first reading of an owner, filled up from a later one; counts are the largest: they were read last."""
    changed: dict[str, Any] = {}
    for name in (
        "platform",
        "handle",
        "display_name",
        "bio",
        "followers",
        "following",
        "posts_count",
        "verified",
        "is_private",
        "country",
        "language",
    ):
        old, new = getattr(first, name), getattr(second, name)
        if old is None and new is not None:
            changed[name] = new
    return msgspec.structs.replace(first, **changed) if changed else first


@contextmanager
def shelved(
    rows: Iterable[tuple[int, Mapping[str, Any] | RecordError]],
    reader: RowReader,
    *,
    report: ReadReport,
    on_reject: OnReject,
) -> Iterator[PostShelf]:
    """Read a whole file of posts; a bad row is a reject of its own and the creator keeps the other posts."""
    # a reader may be advanced by another thread than the one that opened it
    database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
    try:
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA cache_size = -65536",
            "CREATE TABLE posts (key TEXT, other TEXT, name TEXT, platform TEXT, line INTEGER, owner BLOB, body BLOB)",
            "CREATE TABLE taken (line INTEGER PRIMARY KEY) WITHOUT ROWID",
        ):
            database.execute(statement)
        for batch in _batched(rows, reader, report, on_reject):
            database.execute("BEGIN")
            database.executemany("INSERT INTO posts VALUES (?, ?, ?, ?, ?, ?, ?)", batch)
            database.execute("COMMIT")
        database.execute("CREATE INDEX by_key ON posts (key, line)")
        database.execute("CREATE INDEX by_other ON posts (other, line)")
        yield PostShelf(database)
    finally:
        database.close()


def reject_orphans(shelf: PostShelf, *, report: ReadReport, on_reject: OnReject) -> None:
    """Posts that belong to no creator that was read become rejects; call when all creators are through."""
    for line, name in shelf.orphans():
        report.post_rows_attached -= 1
        report.post_rows_rejected += 1
        reason = (
            "found a creator_id that no creator read has: absent from the creators file, or rejected there; "
            "give both files the same id or handle"
        )
        error = RecordError(reason, line=line, creator_id=name, field="creator_id", found=name)
        reject = reject_from(error, source="posts")
        report.reject(reject)
        on_reject(reject)


def _batched(
    rows: Iterable[tuple[int, Mapping[str, Any] | RecordError]],
    reader: RowReader,
    report: ReadReport,
    on_reject: OnReject,
) -> Iterator[list[tuple[Any, ...]]]:
    encode = msgspec.msgpack.Encoder().encode
    batch: list[tuple[Any, ...]] = []
    for line, plain in rows:
        report.post_rows += 1
        try:
            if isinstance(plain, RecordError):
                raise plain
            owned: OwnedPost = reader.post(plain, line)
        except RecordError as error:
            report.post_rows_rejected += 1
            reject = reject_from(error, source="posts")
            report.reject(reject)
            on_reject(reject)
            continue
        report.post_rows_attached += 1
        owner = owned.owner
        body = encode(ShelvedPost(owned.post, owned.comments, owned.pinned))
        derived = owner.handle is not None and owner.creator_id in (
            owner.handle,
            derived_id(owner.handle, owner.platform),
        )
        # handles differ by case for nobody, ids may
        name = join_key(str(owner.handle)) if derived else owner.creator_id
        other = None if derived or owner.handle is None else join_key(owner.handle)
        batch.append((join_key(name), other, name, owner.platform, line, encode(owner), body))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
