"""Indexes, caches and bundles that are damaged, and outputs that find the disk full."""

from __future__ import annotations

import json
import random
import shutil
import warnings
from pathlib import Path
from typing import Any

from benchmarks.faults.count import Count, in_child
from benchmarks.faults.readers import seeds
from benchmarks.faults.stores import change_index, contents, index_at

from bonafit.bundle.manifest import file_digest, read_bundle
from bonafit.cli import main
from bonafit.encoders.byte_store import ByteStore
from bonafit.errors import BonafitError
from bonafit.io.write import write_creators
from bonafit.scorer.load import load_heads


def corrupted_indexes(folder: Path, *, limit: int) -> Count:
    """One change to one file of an index: refused, or the same answer."""
    count, rng = Count("corruptions of an index"), random.Random(4)
    path = index_at(folder / "i")
    whole = contents(path)
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and file.name != "lock"]
    while count.tried < limit:
        file = rng.choice(files)
        raw = file.read_bytes()
        file.write_bytes(_damaged(raw, rng))
        try:
            answer = contents(path)
            loss = None if isinstance(answer, str) or answer == whole else f"{file.name}: another answer"
            count.add(loss, refused=isinstance(answer, str))
        except Exception as error:
            count.add(f"{file.name}: {type(error).__name__}: {error}")
        file.write_bytes(raw)
    return count


def corrupted_caches(folder: Path, *, limit: int) -> Count:
    """One change to a cache's file: what is found is right, and the cache goes on."""
    count, rng = Count("corruptions of a cache"), random.Random(5)
    values = {bytes([i]) * 20: bytes([i]) * 1_500 for i in range(40)}
    cache = ByteStore(folder / "cache")
    cache.put(values.items())
    cache.close()
    (file,) = (folder / "cache").rglob("*.sqlite")
    raw = file.read_bytes()
    while count.tried < limit:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        file.parent.mkdir(parents=True)
        file.write_bytes(_damaged(raw, rng))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                cache = ByteStore(folder / "cache")
                answers = cache.get(list(values))
                cache.close()
            count.add(None if all(values[key] == value for key, value in answers.items()) else "a wrong value")
        except Exception as error:
            count.add(f"{type(error).__name__}: {error}")
    return count


def _damaged(raw: bytes, rng: random.Random) -> bytes:
    """The bytes with one flipped bit, cut short, with more behind, zeroed in a block, or a block twice."""
    if not raw:
        return b"\0"
    place, kind = rng.randrange(len(raw)), rng.randrange(6)
    if kind < 2:
        return raw[:place] + bytes([raw[place] ^ 1 << rng.randrange(8)]) + raw[place + 1 :]
    if kind == 2:
        return raw[:place]
    if kind == 3:
        return raw + bytes(rng.randrange(1, 64))
    size = min(64, len(raw) - place)
    block = bytes(size) if kind == 4 else raw[:size]
    changed = raw[:place] + block + raw[place + size :]
    return changed if changed != raw else raw[:-1]


def full_disks(folder: Path, *, limit: int) -> Count:
    """The disk full after so many bytes: one sentence and exit code 1, and the old file as it was, or all of it."""
    count, source = Count("disk full while an output is written"), folder / "in.jsonl"
    write_creators(source, seeds())
    for name in ("o.jsonl", "o.csv", "o.parquet", "o.jsonl.gz", "o.csv.zst"):
        out = folder / name
        if main(["convert", str(source), "-o", str(out)]) != 0:
            count.add(f"{name}: not written at all")
            continue
        size = out.stat().st_size
        for part in range(limit):
            out.write_bytes(b"old")
            status = in_child(lambda out=out: main(["convert", str(source), "-o", str(out)]),
                              file_bytes=size * part // limit)  # fmt: skip
            left = [path.name for path in folder.glob(f".{name}*")]
            old = out.read_bytes() == b"old"
            count.add(None if status == 1 and old and not left else f"{name}: exit {status}, old {old}, left {left}")
    path = folder / "i"
    for part in range(limit):
        before = contents(index_at(path))
        status = in_child(lambda: change_index(path, "e", range(40)), file_bytes=64 * part)
        answer = contents(path)
        count.add(None if answer == before or status == 0 else f"index: exit {status}, {str(answer)[:80]}")
    return count


def attacked_bundles(bundle: Path, folder: Path, *, limit: int) -> Count:
    """A stranger's changes to a bundle, hashes made to fit: it loads, or is refused as a BundleError."""
    count, rng = Count("attacked bundles"), random.Random(6)
    target = folder / "models" / bundle.name
    shutil.copytree(bundle, target)
    manifest = json.loads((target / "manifest.json").read_text())
    manifest["metrics"] = manifest["metrics"][:1]
    values: tuple[Any, ...] = (None, "", "x", -1, 10**30, 1.5, True, [], {}, [[]], {"x": None}, "../x", "\ud800", 1e308)
    tables = [name for name in manifest["files"] if name.endswith(".npz")]
    while count.tried < limit:
        changed = json.loads(json.dumps(manifest))
        if rng.random() < 0.3:
            name = rng.choice(tables)
            raw = (bundle / name).read_bytes()
            (target / name).write_bytes(_damaged(raw, rng))
            changed["files"][name] = file_digest(target / name)
        else:
            name = None
            _replace_somewhere(changed, rng, values)
        (target / "manifest.json").write_text(json.dumps(changed))
        try:
            load_heads(read_bundle(target))
            count.add(None)
        except BonafitError as error:
            count.add("several lines" if "\n" in str(error) else None, refused=True)
        except Exception as error:
            count.add(f"{type(error).__name__}: {error}")
        if name is not None:
            shutil.copy(bundle / name, target / name)
    return count


def _replace_somewhere(value: Any, rng: random.Random, values: tuple[Any, ...]) -> None:
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = rng.choice(keys)
        inner = value[key]
        if isinstance(inner, dict | list) and inner and rng.random() < 0.75:
            value = inner
            continue
        if rng.random() < 0.2 and isinstance(value, dict):
            del value[key]
        else:
            value[key] = rng.choice(values)
        return
