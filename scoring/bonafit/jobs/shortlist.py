"""Scoring the likeliest creators of a file of millions: all are looked at by the fast encoder, some scored in full.

    <out>.parts/looks.jsonl       the first look at every creator; while it is taken, looks.jsonl.parts
    <out>.passed_over.jsonl       who was not scored, with the fast encoder's fit and the reason

The input is read twice. Both passes go shard by shard, so that a run cut off in either goes on where it stopped and
ends with equal bytes (`bonafit.jobs.resumable`).
"""

from __future__ import annotations

import heapq
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Self

import msgspec

from bonafit.encoders.encoder import Encoder
from bonafit.heads.head import Head
from bonafit.io.read import OnReject, ReadReport
from bonafit.io.write import write_lines
from bonafit.jobs.first_look import NO_FIT, rough_fits
from bonafit.jobs.job import Job
from bonafit.jobs.ranking import Best
from bonafit.jobs.resumable import Read, ShardedRun
from bonafit.outputs.write import Write
from bonafit.records import Brief, Creator
from bonafit.scorer.scorer import Scorer

# Why somebody without a fit was passed over.
NOT_JUDGED = "no judgement by the fast encoder: too little text, or a language it does not read"


class Look(msgspec.Struct, frozen=True):
    """What the fast encoder says of a creator. fit : as in `preselect.rough_fits`; None where it cannot judge."""

    creator_id: str
    fit: float | None


class PassedOver(msgspec.Struct, frozen=True):
    """A creator that was not scored in full. fit : probability in [0, 1] by the bundle's head for the fast encoder."""

    creator_id: str
    fit: float | None
    reason: str


_look = msgspec.json.Decoder(Look).decode


class ShortlistedRun:
    """One run over an input for the `shortlist` likeliest of its job. Raises InputError as ShardedRun does."""

    def __init__(self, out: str | os.PathLike[str], job: Job, *, resume: bool) -> None:
        if job.shortlist is None or job.shortlist < 1:
            raise ValueError(f"shortlist is {job.shortlist}, expected a count of at least 1")
        self._keep = job.shortlist
        self._job = job
        self._run = ShardedRun(out, job, resume=resume)
        self._looks = self._run.parts / "looks.jsonl"
        self.passed_over = Path(f"{os.fspath(out)}.passed_over.jsonl")
        self.n_passed_over = 0
        # Of those passed over.
        self.n_not_judged = 0

    @property
    def rows_done(self) -> int:
        """Input rows that earlier runs have scored."""
        return self._run.rows_done

    def look(
        self,
        brief: Brief,
        fast: tuple[Encoder, Head | None],
        read: Read,
        report: ReadReport,
        step: Callable[[int], None],
    ) -> None:
        """The first pass, unless an earlier run has finished it. Rejects are those of the second pass.

        fast : the fast encoder and the bundle's niche head for it, as `bonafit.scorer.load.load_fast` gives them.
        """
        if self._looks.is_file():
            return
        with ShardedRun(self._looks, self._job, resume=True) as first:
            first.run(lambda creators: _look_lines(creators, brief, fast), read, report, step)
            write_lines(self._looks, first.lines())
            shutil.rmtree(first.parts)

    def close(self) -> None:
        """As ShardedRun.close."""
        self._run.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.close()

    def score(self, scorer: Scorer, brief: Brief, read: Read, report: ReadReport, step: Callable[[int], None]) -> None:
        """The second pass: the likeliest are scored, in input order."""
        shortlisted = self._chosen()

        def read_chosen(on_reject: OnReject, report: ReadReport) -> Iterator[tuple[int, Creator]]:
            for place, row in enumerate(read(on_reject, report)):
                if place in shortlisted:
                    yield row

        self._run.score(scorer, brief, read_chosen, report, step)

    def finish(self, best: Best, write: Write | None = None) -> int:
        """Put results, rejects and those passed over into their files; returns the number of results.

        best, write : as in ShardedRun.finish.
        """
        shortlisted = self._chosen()
        self.n_passed_over = write_lines(self.passed_over, self._passed_over(shortlisted))
        return self._run.finish(best, write)

    def _passed_over(self, shortlisted: frozenset[int]) -> Iterator[bytes]:
        reason = f"not among the {self._keep:,} likeliest by the fast encoder"
        self.n_not_judged = 0
        for place, look in enumerate(self._all()):
            if place not in shortlisted:
                self.n_not_judged += look.fit is None
                why = NOT_JUDGED if look.fit is None else reason
                yield msgspec.json.encode(PassedOver(look.creator_id, look.fit, why))

    def _all(self) -> Iterator[Look]:
        with self._looks.open("rb") as lines:
            for line in lines:
                yield _look(line)

    def _chosen(self) -> frozenset[int]:
        """Places of the likeliest among the creators read, the earlier of equal ones."""
        fits = (
            (NO_FIT if candidate.fit is None else candidate.fit, -place) for place, candidate in enumerate(self._all())
        )
        return frozenset(-place for _, place in heapq.nlargest(self._keep, fits))


def _look_lines(creators: Iterable[Creator], brief: Brief, fast: tuple[Encoder, Head | None]) -> Iterator[bytes]:
    encoder, head = fast
    for fit, creator in rough_fits(creators, brief, fast=encoder, head=head):
        yield msgspec.json.encode(Look(creator.creator_id, None if fit == NO_FIT else fit))
