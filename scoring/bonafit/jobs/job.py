"""What a run is of, so that a run resumes only its own job."""

from __future__ import annotations

import hashlib
import os

import msgspec

from bonafit.records import Brief
from bonafit.scorer.scorer import Scorer

# Input rows a shard: some minutes of encoding on two cores, the most a crash costs.
SHARD_ROWS = 10_000
STREAM = "-"
# What a job's fields are called in a refusal, where their names do not say it.
WORDS = {
    "input_digest": "content of the input",
    "posts": "posts file",
    "posts_digest": "content of the posts file",
    "shard_rows": "size of its shards",
}


class Job(msgspec.Struct, frozen=True):
    """What a run is of: the files read with the BLAKE2b of their bytes (None for streams), brief, bundle, shard rows.

    shortlist : creators that are scored in full, None for all.
    """

    input: str
    input_digest: str | None
    posts: str | None
    posts_digest: str | None
    brief: str
    bundle: str
    shard_rows: int
    shortlist: int | None = None


def job_of(
    scorer: Scorer,
    brief: Brief,
    source: str,
    posts: str | None,
    *,
    shard_rows: int = SHARD_ROWS,
    shortlist: int | None = None,
) -> Job:
    """The job of scoring a source for a brief, all of it or a shortlist of so many."""
    return Job(
        input=source if source == STREAM else os.path.abspath(source),
        input_digest=_digest(source),
        posts=posts if posts in (None, STREAM) else os.path.abspath(str(posts)),
        posts_digest=_digest(posts),
        brief=hashlib.sha256(msgspec.json.encode(brief, order="sorted")).hexdigest(),
        bundle=scorer.bundle.digest,
        shard_rows=shard_rows,
        shortlist=shortlist,
    )


def _digest(source: str | None) -> str | None:
    """Hex BLAKE2b of a file's bytes, some 1 s a GB; None for a stream and for what is no file."""
    if source is None or source == STREAM or not os.path.isfile(source):
        return None
    with open(source, "rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=20)).hexdigest()


def differences(job: Job, other: Job) -> list[str]:
    """What two jobs differ in, in words."""
    fields = (field for field in Job.__struct_fields__ if getattr(job, field) != getattr(other, field))
    return [WORDS.get(field, field) for field in fields]
