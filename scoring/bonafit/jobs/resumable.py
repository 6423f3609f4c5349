"""Scoring a file shard by shard, so that a run that is cut off goes on where it stopped and ends with equal bytes.

    <out>.parts/lock                 held by the one run at work (flock)
    <out>.parts/job.json             what is scored for what, with which bundle: a run resumes only its own job
    <out>.parts/00000.jsonl          results of the first SHARD_ROWS input rows; its name appearing is the commit
    <out>.parts/00000.rejects.jsonl  rejects of the same rows

When all rows are done the parts become `<out>` and `<out>.rejects.jsonl` and the folder goes, job.json last: a folder
without it holds nothing that a run would take for its own.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Self

import msgspec

from bonafit.errors import InputError
from bonafit.io.read import ReadReport, Reject, format_of
from bonafit.io.write import rejects_file, write_lines, write_results
from bonafit.jobs.job import STREAM, Job, differences
from bonafit.jobs.ranking import Best
from bonafit.outputs.write import Write
from bonafit.records import Brief, Creator
from bonafit.results import CreatorScore
from bonafit.scorer.scorer import Scorer

JOB, BEFORE_JOB, LOCK = "job.json", ".job.json", "lock"

Read = Callable[[Callable[[Reject], None], ReadReport], Iterable[tuple[int, Creator]]]
Work = Callable[[Iterable[Creator]], Iterable[bytes]]


def locked_folder(folder: Path) -> IO[bytes]:
    """The folder, made where it is not there, locked for this process until the file returned is closed.

    Raises InputError where another run holds it.
    """
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / LOCK).open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise InputError(
                f"{folder}: another run to this output is at work; wait for it or choose another --out"
            ) from None
        try:
            # a run that ended in between has removed the file that was opened
            if os.path.samestat(os.fstat(handle.fileno()), (folder / LOCK).stat()):
                return handle
        except FileNotFoundError:
            pass
        handle.close()


class ShardedRun:
    """One run over an input, in shards. Close it, or leave it as a context, so that another run may take the folder.

    resume : go on from parts that an earlier run of the same job left; without it such parts are refused.
    Raises InputError where the parts on disk are another job's or nobody's, where another run is at work on them, and
    where a stream, which cannot be read again, is to be resumed.
    """

    def __init__(self, out: str | os.PathLike[str], job: Job, *, resume: bool) -> None:
        self.out = Path(out)
        self.parts = self.out.with_name(self.out.name + ".parts")
        self._job = job
        self._due = 0
        if resume and STREAM in (job.input, job.posts):
            raise InputError("--resume with - as input; expected a file, since a stream cannot be read again")
        self._lock = locked_folder(self.parts)
        try:
            self._take(resume=resume)
        except BaseException:
            self.close()
            raise
        self.done = 0
        while self._part(self.done).is_file():
            self.done += 1

    def _take(self, *, resume: bool) -> None:
        file = self.parts / JOB
        if file.is_file():
            if not resume:
                raise InputError(
                    f"{self.parts}: an earlier run was cut off; go on with --resume, "
                    "or remove the folder to start again"
                )
            try:
                earlier = msgspec.json.decode(file.read_bytes(), type=Job)
            except msgspec.DecodeError:
                raise InputError(
                    f"{file}: of no run of this version; remove the folder {self.parts} to start again"
                ) from None
            if differing := differences(earlier, self._job):
                raise InputError(
                    f"{self.parts}: left by a run that differs in {', '.join(differing)}; expected the same job, "
                    "remove the folder to start again"
                )
            return
        if strangers := sorted(entry.name for entry in self.parts.iterdir() if entry.name not in (LOCK, BEFORE_JOB)):
            raise InputError(f"{self.parts}: holds {strangers[0]} of no known run; remove the folder to start again")
        temporary = self.parts / BEFORE_JOB
        temporary.write_bytes(msgspec.json.encode(self._job))
        os.replace(temporary, file)

    def close(self) -> None:
        """Let another run take the folder; what is done stays in it."""
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.close()

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
        self._due = 0
        try:
            rows = iter(read(rejected.append, report))
            shard = 0
            while self._one_shard(shard, rows, rejected, work, report, step):
                shard += 1
        except InputError:
            if not any(self._finished()):
                # what cannot be read at all leaves nothing behind
                self._remove()
            raise

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
                self._due += 1
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

    def _finished(self) -> Iterator[Path]:
        """The finished parts, in order."""
        shard = 0
        while (part := self._part(shard)).is_file():
            yield part
            shard += 1

    def lines(self) -> Iterator[bytes]:
        """Every result of every part as JSON, in input order.

        Raises InputError at the end where there are more or fewer than creators were read: what is written from them
        is then not put in place.
        """
        count = 0
        for part in self._finished():
            with part.open("rb") as lines:
                for line in lines:
                    count += 1
                    yield line.removesuffix(b"\n")
        if count != self._due:
            raise InputError(
                f"{self.parts}: {count:,} results for {self._due:,} creators read; was it changed meanwhile? remove "
                "the folder to start again"
            )

    def finish(self, best: Best, write: Write | None = None) -> int:
        """Put the parts together as `out` and its rejects, remove them, and return the number of results.

        best : is shown every result. write : writes `out`, default as its name says, for programs.
        """
        watched = best.watch_lines(self.lines())
        if write is not None:
            count = write(self.out, watched)
        elif (format_of(self.out) or "jsonl") == "jsonl":
            count = write_lines(self.out, watched)
        else:
            count = write_results(self.out, map(msgspec.json.Decoder(CreatorScore).decode, watched))
        with rejects_file(self.out) as on_reject:
            for part in self._finished():
                rejects = part.with_suffix(".rejects.jsonl")
                if rejects.is_file():
                    with rejects.open("rb") as lines:
                        for line in lines:
                            on_reject(msgspec.json.decode(line, type=Reject))
        self._remove()
        return count

    def _remove(self) -> None:
        """Remove the parts, what they are of last."""
        for entry in self.parts.iterdir():
            if entry.name not in (JOB, LOCK):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        for name in (JOB, LOCK):
            (self.parts / name).unlink(missing_ok=True)
        self.parts.rmdir()
        self.close()
