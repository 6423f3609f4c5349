"""Scoring a file shard by shard, so that a run that is cut off goes on where it stopped and ends with equal bytes.

    <out>.parts/job.json             what is scored for what, with which bundle: a run resumes only its own job
    <out>.parts/00000.jsonl          results of the first SHARD_ROWS input rows; its name appearing is the commit
    <out>.parts/00000.rejects.jsonl  rejects of the same rows

When all rows are done the parts become `<out>` and `<out>.rejects.jsonl` and the folder goes.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from bonafit.errors import InputError
from bonafit.io.read import ReadReport, Reject, format_of
from bonafit.io.write import rejects_file, write_lines, write_results
from bonafit.jobs.ranking import Best
from bonafit.records import Brief, Creator
from bonafit.results import CreatorScore
from bonafit.scorer.scorer import Scorer

# Input rows a shard: some minutes of encoding on two cores, the most a crash costs.
SHARD_ROWS = 10_000

Read = Callable[[Callable[[Reject], None], ReadReport], Iterable[tuple[int, Creator]]]
Work = Callable[[Iterable[Creator]], Iterable[bytes]]


class Job(msgspec.Struct, frozen=True):
    """What a run is of: the input's path, size and time of change (-1 for streams), brief, bundle, rows a shard.

    shortlist : creators that are scored in full, None for all.
    """

    input: str
    size: int
    changed: int
    posts: str | None
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
    stat = None if source == "-" or not os.path.exists(source) else os.stat(source)
    return Job(
        input=source if source == "-" else os.path.abspath(source),
        size=-1 if stat is None else stat.st_size,
        changed=-1 if stat is None else stat.st_mtime_ns,
        posts=posts if posts in (None, "-") else os.path.abspath(str(posts)),
        brief=hashlib.sha256(msgspec.json.encode(brief, order="sorted")).hexdigest(),
        bundle=scorer.bundle.digest,
        shard_rows=shard_rows,
        shortlist=shortlist,
    )


class ShardedRun:
    """One run over an input, in shards. Raises InputError where the parts on disk are another job's.

    resume : go on from parts that an earlier run of the same job left; without it such parts are refused.
    """

    def __init__(self, out: str | os.PathLike[str], job: Job, *, resume: bool) -> None:
        self.out = Path(out)
        self.parts = self.out.with_name(self.out.name + ".parts")
        self._job = job
        file = self.parts / "job.json"
        if file.is_file():
            if not resume:
                raise InputError(
                    f"{self.parts}: an earlier run was cut off; go on with --resume, "
                    "or remove the folder to start again"
                )
            earlier = msgspec.json.decode(file.read_bytes(), type=Job)
            if earlier != job:
                differing = [f for f in Job.__struct_fields__ if getattr(earlier, f) != getattr(job, f)]
                raise InputError(
                    f"{self.parts}: left by a run with another {', '.join(differing)}; expected the same job, "
                    "remove the folder to start again"
                )
        else:
            self.parts.mkdir(parents=True, exist_ok=True)
            temporary = self.parts / ".job.json"
            temporary.write_bytes(msgspec.json.encode(job))
            os.replace(temporary, file)
        self.done = 0
        while self._part(self.done).is_file():
            self.done += 1

    @property
    def rows_done(self) -> int:
        """Input rows that earlier runs have finished."""
        return self.done * self._job.shard_rows

    def _part(self, shard: int) -> Path:
        return self.parts / f"{shard:05d}.jsonl"

    def score(self, scorer: Scorer, brief: Brief, read: Read, report: ReadReport, step: Callable[[int], None]) -> None:
        """Read, skip what is done, score the rest shard by shard. step : told of rows as they are scored."""
        self.run(lambda creators: scorer.lines(creators, brief), read, report, step)

    def run(self, work: Work, read: Read, report: ReadReport, step: Callable[[int], None]) -> None:
        """As `score`, with any work that makes one line of JSON of each creator, in order."""
        rejected: list[Reject] = []
        rows = iter(read(rejected.append, report))
        shard = 0
        while True:
            full = self._one_shard(shard, rows, rejected, work, report, step)
            if not full:
                return
            shard += 1

    def _one_shard(
        self,
        shard: int,
        rows: Iterator[tuple[int, Creator]],
        rejected: list[Reject],
        work: Work,
        report: ReadReport,
        step: Callable[[int], None],
    ) -> bool:
        """Whether the shard was full; its rows are counted by the report, rejects included."""
        end = (shard + 1) * self._job.shard_rows
        ended = False

        def creators() -> Iterator[Creator]:
            nonlocal ended
            while report.rows < end:
                row = next(rows, None)
                if row is None:
                    ended = True
                    return
                yield row[1]

        if shard < self.done:
            for _ in creators():
                pass
        else:
            part = self._part(shard)
            pending = part.with_suffix(".pending")
            write_lines(pending, self._told(work(creators()), step))
            with rejects_file(part.with_suffix("")) as on_reject:
                for reject in rejected:
                    on_reject(reject)
            # Last, because this name says that the shard is done, rejects included.
            os.replace(pending, part)
        rejected.clear()
        return not ended

    @staticmethod
    def _told(lines: Iterable[bytes], step: Callable[[int], None]) -> Iterator[bytes]:
        for line in lines:
            yield line
            step(1)

    def lines(self) -> Iterator[bytes]:
        """Every result of every part as JSON, in input order."""
        for part in sorted(self.parts.glob("[0-9]*.jsonl")):
            if not part.name.endswith(".rejects.jsonl"):
                with part.open("rb") as lines:
                    for line in lines:
                        yield line.removesuffix(b"\n")

    def finish(self, best: Best) -> int:
        """Put the parts together as `out` and its rejects, remove them, and return the number of results.

        best : is shown every result.
        """
        with rejects_file(self.out) as on_reject:
            for part in sorted(self.parts.glob("*.rejects.jsonl")):
                with part.open("rb") as lines:
                    for line in lines:
                        on_reject(msgspec.json.decode(line, type=Reject))
            seen = best.watch_lines(self.lines())
            if (format_of(self.out) or "jsonl") == "jsonl":
                count = write_lines(self.out, seen)
            else:
                count = write_results(self.out, map(msgspec.json.Decoder(CreatorScore).decode, seen))
        shutil.rmtree(self.parts)
        return count
