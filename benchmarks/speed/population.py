"""Populations for the speed suites: an index of random vectors, files of invented creators, the newest bundle."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from bonafit import Brief, Creator, Scorer
from bonafit.bundle import resolve
from bonafit.heads.niche_fit.summary import INPUTS, SUMMARY
from bonafit.index.layout import MANIFEST, IndexManifest, read_manifest
from bonafit.index.segment import IndexRow
from bonafit.index.store import Writer, create
from bonafit_training.sample.creators import iter_creators

ROOT = Path(__file__).resolve().parent.parent.parent
SCRATCH = ROOT / "build" / "speed"
BLOCK = 4_096
# Invented creators that differ in more than id and captions' numbers.
POOL = 20_000
# Captions that a lifelike creator is made of, and the length of what each is moved by.
POSTS, MOVED = 12, 0.35
SUBJECTS = (
    "gentle skincare for sensitive skin",
    "trail running shoes for muddy hills",
    "sourdough baking at home",
    "indie games with a story",
    "houseplants for dark rooms",
    "specialty coffee and slow brewing",
    "second-hand fashion and mending",
    "family camping with small children",
    "home cinema and film photography",
    "budget travel by night train",
    "strength training for beginners",
    "woodworking with hand tools",
)
QUALITIES = ("honest reviews", "step by step guides", "everyday routines", "plain words", "local makers")


def newest_bundle() -> Path:
    """The last published bundle by name."""
    return resolve.newest_bundle(ROOT / "models")


def briefs(n: int, *, facets: int = 5, brand: str = "Invented") -> list[Brief]:
    """n different briefs of `facets` facets each: a description of one sentence and keywords."""
    pairs = itertools.cycle(itertools.permutations(range(len(SUBJECTS)), 2))
    out = []
    for i, (a, b) in zip(range(n), pairs, strict=False):
        words = [SUBJECTS[b], *QUALITIES, *SUBJECTS]
        words = list(dict.fromkeys(word for word in words if word != SUBJECTS[a]))
        shift = i // 132
        description = f"{SUBJECTS[a]} {'and more ' * shift}for readers of issue {i}"
        out.append(Brief(brand=brand, description=description, keywords=tuple(words[: facets - 1])))
    return out


def random_index(path: Path, scorer: Scorer, n: int, *, dtype: str, seed: int = 0) -> None:
    """An index of n creators of random unit vectors, the same for a seed whatever the storage."""
    _made(path, scorer, _random_blocks(n, scorer.encoder.width, seed), dtype=dtype)


def lifelike_index(
    path: Path, scorer: Scorer, n: int, *, dtype: str, captions: Sequence[np.ndarray], seed: int = 0
) -> None:
    """An index of n creators that lie as real ones do: each made of some captions of one real creator, moved a little.

    captions : vectors of each real creator's captions, (posts, width) each.
    """
    _made(path, scorer, _lifelike_blocks(n, captions, seed), dtype=dtype)


def _made(path: Path, scorer: Scorer, blocks: Iterator[np.ndarray], *, dtype: str) -> None:
    shutil.rmtree(path, ignore_errors=True)
    manifest = IndexManifest(
        encoder=scorer.encoder.digest,
        bundle=scorer.bundle.digest,
        vectors=len(SUMMARY),
        width=scorer.encoder.width,
        inputs=INPUTS,
        dtype=dtype,
    )
    create(path, manifest)
    with Writer(path) as writer:
        writer.upsert(_rows(blocks))


def is_built(path: Path, scorer: Scorer, n: int, *, dtype: str) -> bool:
    """Whether an earlier run left that index for this bundle."""
    if not (path / MANIFEST).is_file():
        return False
    manifest = read_manifest(path)
    live = sum(segment.live for segment in manifest.segments)
    return (manifest.bundle, manifest.dtype, live) == (scorer.bundle.digest, dtype, n)


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Vectors along the last axis at length 1."""
    lengths: np.ndarray = np.sqrt(np.einsum("...w,...w->...", vectors, vectors))[..., None]
    return vectors / lengths


def _random_blocks(n: int, width: int, seed: int) -> Iterator[np.ndarray]:
    rng = np.random.default_rng(seed)
    for start in range(0, n, BLOCK):
        yield _unit(rng.standard_normal((min(BLOCK, n - start), len(SUMMARY), width), dtype=np.float32))


def _lifelike_blocks(n: int, captions: Sequence[np.ndarray], seed: int) -> Iterator[np.ndarray]:
    """Centre, bio and the two halves' centres of POSTS captions a creator; the bio is a caption."""
    rng = np.random.default_rng(seed)
    first = np.cumsum([0, *(len(part) for part in captions)])
    every, sizes = np.concatenate(captions), np.diff(first)
    for start in range(0, n, BLOCK):
        count = min(BLOCK, n - start)
        who = rng.integers(0, len(captions), count)
        at = first[who, None] + rng.integers(0, 2**31, (count, POSTS)) % sizes[who, None]
        moved = rng.standard_normal((count, POSTS, every.shape[1]), dtype=np.float32)
        posts = _unit(every[at] + np.float32(MOVED / np.sqrt(every.shape[1])) * moved)
        halves = posts.reshape(count, 2, POSTS // 2, -1).mean(axis=2)
        yield _unit(np.stack([posts.mean(axis=1), posts[:, 0], halves[:, 0], halves[:, 1]], axis=1))


def _rows(blocks: Iterator[np.ndarray]) -> Iterator[IndexRow]:
    rng = np.random.default_rng(1)
    platforms = ("instagram", "tiktok", "youtube")
    place = itertools.count()
    for vectors in blocks:
        count = len(vectors)
        inputs = np.ones((count, len(INPUTS)), dtype=np.float32)
        inputs[:, 0] = rng.integers(1, 200, count)
        followers = rng.integers(1_000, 1_000_000, count)
        for i, at in zip(range(count), place, strict=False):
            yield IndexRow(
                creator_id=f"random-{at:07d}",
                vectors=vectors[i],
                inputs=inputs[i],
                platform=platforms[at % 3],
                followers=int(followers[i]),
                authenticity=0.5,
            )


def invented(n: int, *, seed: int = 11, captions: int | None = None) -> Iterator[Creator]:
    """n creators of the invented sample; with `captions`, each has so many posts, its own over and over with a number.

    The sample's sentences repeat from creator to creator more than people's do, so a number in each caption keeps
    every text a text of its own: nothing is gained from a cache that real input would not give.
    """
    # Inventing takes longer than scoring: beyond POOL creators come again under other ids, so with other captions.
    pool = list(iter_creators(min(n, POOL), seed))
    for place in range(n):
        creator = pool[place % len(pool)]
        if place >= len(pool):
            creator = msgspec.structs.replace(creator, creator_id=f"{creator.creator_id}-{place // len(pool)}")
        posts = creator.posts
        if captions is not None and posts:
            posts = tuple(
                msgspec.structs.replace(posts[k % len(posts)], post_id=f"{creator.creator_id}-{k}")
                for k in range(captions)
            )
        numbered = tuple(
            msgspec.structs.replace(post, caption=f"{post.caption} {creator.creator_id} {k}", replies=())
            for k, post in enumerate(posts)
        )
        yield msgspec.structs.replace(creator, posts=numbered, comments=())


def invented_file(n: int) -> Path:
    """`invented(n)` as JSONL, written once."""
    path = SCRATCH / f"invented-{n}.jsonl"
    if not path.is_file():
        SCRATCH.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        with temporary.open("wb") as out:
            for creator in invented(n):
                out.write(msgspec.json.encode(creator) + b"\n")
        temporary.rename(path)
    return path
