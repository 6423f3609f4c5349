"""Files of every format, mutated: each row is a creator or a reject, or the file is refused in words, and quickly."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.faults.count import Count

from bonafit.errors import BonafitError
from bonafit.io.read import ReadReport, Reject, read_creators
from bonafit.io.write import write_creators
from bonafit.records import Comment, Creator, Post

# Seconds that a file of a hundred kilobytes may take.
SLOW = 20.0
ROWS = 40
MUTATED = "mutated files: "
# Rows of a file that is mutated: what is wrong with a byte is wrong in three rows as in forty, and ten times as soon.
FEW = 3
TOKENS = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\ud800", b"\\u0000", b"NaN", b"1e999", b"-0",
    b"9" * 400, b"[" * 60, b"{" * 60, b'"', b"'", b"\r", b"\n", b"\r\n", b"\t", b";", b"|", b",", b"null", b"true",
    b"{}", b"[]", b"\x1b[2J", "㌖".encode() * 20, "\u202e".encode(), b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"(\xb5/\xfd",
    b"<html>", b"1,234.5K", b"05/11/2026", b'"posts":', b'"creator_id":', b"12,5 Mio", b"2 days ago",
    b"=cmd|' /C calc'!A0",
)  # fmt: skip


def seeds(n: int = ROWS) -> list[Creator]:
    """Creators with something in every field."""
    post = Post(caption="sunscreen, honest: 12,5 %", likes=310, comments=24, replies=(Comment(text="nice"),))
    return [
        Creator(
            creator_id=f"c{i}",
            handle=f"mara.{i}",
            platform="instagram",
            bio="Skincare for dry skin; SPF daily",
            followers=8_200 + i,
            following=300,
            posts_count=50,
            country="de",
            posts=(post, post),
            comments=(Comment(text="where from?", author="ole"),),
            extra={"Shoe size": 39},
        )
        for i in range(n)
    ]


def corpus(folder: Path) -> dict[str, bytes]:
    """One file a format and layout, by the ending of its name."""
    people = seeds(FEW)
    files: dict[str, bytes] = {}
    for name in ("jsonl", "csv", "parquet"):
        path = folder / f"seed.{name}"
        write_creators(path, people)
        files[name] = path.read_bytes()
    plain = [json.loads(line) for line in files["jsonl"].splitlines()]
    files["json"] = json.dumps({"data": {"items": plain}}).encode()
    files["posts.csv"] = b"username,caption,likes,timestamp\n" + b"".join(
        b"mara.%d,hello sun,%d,2026-05-0%d\n" % (i % 7, i, i % 9 + 1) for i in range(FEW)
    )
    files["german.csv"] = "Name;Follower;Über mich\n".encode("cp1252") + b"".join(
        f"mara{i};1.{i:03d};Müller\n".encode("cp1252") for i in range(FEW)
    )
    plain_columns = {"creator_id": [f"c{i}" for i in range(FEW)], "followers": list(range(FEW)), "bio": ["x"] * FEW}
    sink = io.BytesIO()
    pq.write_table(pa.table(plain_columns), sink, store_schema=False)
    files["plain.parquet"] = sink.getvalue()
    files["jsonl.gz"] = gzip.compress(files["jsonl"], 1)
    files["jsonl.zst"] = pa.compress(files["jsonl"], codec="zstd", asbytes=True)
    files["jsonl.bz2"] = bz2.compress(files["jsonl"])
    files["csv.xz"] = lzma.compress(files["csv"], preset=0)
    return files


def mutated(raw: bytes, rng: random.Random, *, lines: bool) -> bytes:
    """The bytes with a few changes; in a file of lines one in most of them, so that every row is tried."""
    if lines:
        return b"\n".join(_changed(line, rng) if rng.random() < 0.9 else line for line in raw.split(b"\n"))
    for _ in range(rng.choice((1, 1, 2, 8))):
        raw = _changed(raw, rng)
    return raw


def _changed(raw: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(raw) + 1)
    kind = rng.randrange(7)
    if kind == 0 and raw:
        place = min(place, len(raw) - 1)
        return raw[:place] + bytes([raw[place] ^ 1 << rng.randrange(8)]) + raw[place + 1 :]
    if kind == 1:
        return raw[:place] + rng.choice(TOKENS) + raw[place:]
    if kind == 2:
        return raw[:place] + raw[place + rng.randrange(1, 20) :]
    if kind == 3:
        end = place + rng.randrange(1, 40)
        return raw[:end] + raw[place:end] * rng.randrange(1, 4) + raw[end:]
    if kind == 4:
        return raw[:place]
    if kind == 5:
        return raw[:place] + rng.choice(TOKENS) + raw[place + rng.randrange(1, 8) :]
    other = rng.randrange(len(raw) + 1)
    return raw[:place] + raw[other : other + 30] + raw[place:]


def read(path: Path, **options: Any) -> tuple[str | None, bool, int]:
    """What went wrong or None, whether the file was refused in words, and how many rows were gone through."""
    report, rejects, creators = ReadReport(), list[Reject](), 0
    began = time.process_time()
    try:
        for _, creator in read_creators(path, on_reject=rejects.append, report=report, **options):
            msgspec.json.encode(creator)
            creators += 1
        for reject in rejects:
            msgspec.json.encode(reject)
        refused = False
    except BonafitError as error:
        if "\n" in str(error):
            return f"an error of several lines: {error!r}", True, report.rows
        refused = True
    except Exception as error:
        return f"{type(error).__name__}: {error}", False, report.rows
    n_rejects = sum(reject.source == "creators" for reject in rejects)
    if not refused and report.rows != creators + n_rejects:
        return f"{report.rows} rows in, {creators} creators and {n_rejects} rejects out", False, report.rows
    if (seconds := time.process_time() - began) > SLOW:
        return f"took {seconds:.1f} s", refused, report.rows
    return None, refused, report.rows


def fuzz(folder: Path, *, seconds: float, seed: int) -> Iterator[Count]:
    """Mutated files of each format for so long together, on every core; a count of files, then of rows gone through."""
    files = corpus(folder)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    each = seconds * cores / len(files)
    rows = Count("rows gone through in them")
    with ProcessPoolExecutor(cores) as pool:
        for count, n in pool.map(_fuzz_one, repeat(folder), files.items(), repeat(each), repeat(seed)):
            rows.tried += n
            yield count
    yield rows


def _fuzz_one(folder: Path, file: tuple[str, bytes], seconds: float, seed: int) -> tuple[Count, int]:
    """Mutated files of one format for so long, and how many rows were gone through."""
    name, raw = file
    count, rng, path = Count(f"{MUTATED}{name}"), random.Random(f"{seed} {name}"), folder / f"mutated.{name}"
    lines, rows, end = name in ("jsonl", "csv", "posts.csv", "german.csv"), 0, time.monotonic() + seconds
    while time.monotonic() < end:
        change = mutated(raw, rng, lines=lines)
        path.write_bytes(change)
        loss, refused, n = read(path)
        if loss is not None:
            (folder / f"lost-{count.lost}.{name}").write_bytes(change)
        count.add(loss, refused=refused)
        rows += n
    return count, rows
