"""Whole jobs: against the obvious script, growing files on the fast path, longer creators, runs killed and resumed.

SPEED_PEER (default 20,000) creators go to the obvious script, which takes an hour for them on two cores; SPEED_STREAM
(default 1,000,000) is the longest file of the fast path, SPEED_KILLED (default 1,000,000) the one whose run is killed.
Rows state the numbers that were run.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from benchmarks.speed.paired import exponent, row, seconds
from benchmarks.speed.population import ROOT, SCRATCH, briefs, invented, invented_file, newest_bundle

from bonafit import Brief, Scorer
from bonafit.bundle.manifest import encoder_folder
from bonafit.encoders import CachedEncoder
from bonafit.encoders.encoder import Encoder
from bonafit.heads.head import Head
from bonafit.jobs.first_look import rough_fits
from bonafit.scorer.load import load_fast
from bonafit_training.contracts import OURS, Context, Row
from bonafit_training.encoders.source import minilm_directory

PEER = int(os.environ.get("SPEED_PEER", "20000"))
STREAM = int(os.environ.get("SPEED_STREAM", "1000000"))
KILLED = int(os.environ.get("SPEED_KILLED", "1000000"))
TOP = 50
# Share of the creators that the fast path scores in full, and lengths of lists at which its first look is judged.
KEEP = 0.33
LISTS = (0.05, 0.1, 0.2, 0.25, 0.33)
# Briefs over which the first look is judged.
BRIEFS = 4
OBVIOUS = ROOT / "benchmarks" / "speed" / "obvious.py"
# Creators that a shortlist scores in full where the first look is what is measured.
LISTED = 100

SHORTLIST = """
import resource, sys, time
import msgspec
from bonafit import Scorer
from bonafit.jobs.ranking import Best
from bonafit.io.brief import read_brief
from bonafit.bundle.manifest import encoder_folder
from bonafit.scorer.load import load_fast
from bonafit.io.read import ReadReport, read_creators
from bonafit.jobs.job import job_of
from bonafit.jobs.shortlist import ShortlistedRun
source, brief, bundle, keep, out = sys.argv[1:]
brief = read_brief(brief)
began = time.perf_counter()
def read(on_reject, report):
    return read_creators(source, on_reject=on_reject, report=report)
with Scorer.load(bundle) as scorer:
    run = ShortlistedRun(out, job_of(scorer, brief, source, None, shortlist=int(keep)), resume=True)
    fast = load_fast(scorer.bundle, encoder_folder(scorer.bundle))
    run.look(brief, fast, read, ReadReport(), lambda n: None)
    middle = time.perf_counter()
    run.score(scorer, brief, read, ReadReport(), lambda n: None)
    run.finish(Best(0))
print(msgspec.json.encode({"first": middle - began, "all": time.perf_counter() - began,
      "processor": time.process_time(), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}).decode())
"""


def _brief_file(brief: Brief) -> Path:
    SCRATCH.mkdir(parents=True, exist_ok=True)
    path = SCRATCH / "brief.json"
    path.write_bytes(msgspec.json.encode(brief))
    return path


def _command(source: Path, brief: Path, keep: int, out: Path) -> list[str]:
    return [sys.executable, "-c", SHORTLIST, *map(str, (source, brief, newest_bundle(), keep, out))]


def _fast_path(source: Path, brief: Path, keep: int, out: Path) -> dict[str, float]:
    done = subprocess.run(_command(source, brief, keep, out), check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _ids(path: Path, key: str) -> list[str]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    ordered = sorted(rows, key=lambda r: (-(r[key]["value"] or 0.0), r["creator_id"]))
    return [row["creator_id"] for row in ordered[:TOP]]


def against_the_script(context: Context) -> Iterator[Row]:
    """Seconds of whole processes: `bonafit score`, the fast path (KEEP of them scored in full), the obvious script.

    Two overlaps: of the script's own formula over our vectors with the script (does the encoder change the ranking?),
    and of the learned head's ranking on the fast path with the same on the full path (does the first stage lose any?).
    The learned head's order differs from a cosine's on purpose; that overlap is printed too. So is how much of the full
    path's first the first look keeps in lists of several lengths, by the fast head, by cosines and by chance.
    """
    source, brief = invented_file(PEER), briefs(1)[0]
    file = _brief_file(brief)
    out, quick, script_out = (SCRATCH / name for name in ("full.jsonl", "fast.jsonl", "obvious.json"))
    score = ["score", str(source), "--brief", str(file), "--bundle", str(newest_bundle()), "--out", str(out)]
    full = seconds(
        lambda: subprocess.run(
            [sys.executable, "-m", "bonafit", *score, "--no-cache", "--top", "0"], check=True, capture_output=True
        )
    )
    fast = seconds(lambda: _fast_path(source, file, max(2 * TOP, int(KEEP * PEER)), quick))
    script = [sys.executable, str(OBVIOUS), str(source), str(file), str(script_out), str(minilm_directory())]
    obvious = seconds(lambda: subprocess.run(script, check=True, capture_output=True, cwd=ROOT))
    ranked = [row["creator_id"] for row in json.loads(script_out.read_text())[:TOP]]
    name = f"invented_{PEER}"
    yield row(name, "end_to_end", "seconds", full, PEER)
    yield row(name, "end_to_end", "seconds", fast, PEER, method="bonafit fast path")
    yield row(name, "end_to_end", "seconds", obvious, PEER, method="sentence-transformers script", baseline=True)
    yield row(name, "end_to_end", "ratio", obvious / full, 1)
    yield row(name, "end_to_end", "ratio", obvious / fast, 1, method="bonafit fast path")
    head = _ids(out, "niche_fit")
    share = _share(head, _ids(quick, "niche_fit"))
    yield row(name, "end_to_end", f"overlap@{TOP}_with_full", share, TOP, method="bonafit fast path")
    yield row(name, "end_to_end", f"overlap@{TOP}_with_script", _share(head, ranked), TOP)
    with Scorer.load(newest_bundle()) as scorer:
        # Every text once; further rankings find its vector.
        encoder = CachedEncoder(getattr(scorer.encoder, "encoder", scorer.encoder), None, memory=30 * PEER)
        formula = _order(brief, encoder, None)[:TOP]
        yield row(name, "end_to_end", f"overlap@{TOP}_same_formula", _share(formula, ranked), TOP)
        yield from _first_looks(name, scorer, encoder)


def _first_looks(name: str, scorer: Scorer, encoder: Encoder) -> Iterator[Row]:
    """How much of the full path's first TOP the fast encoder's order holds, over some briefs."""
    fast, head = load_fast(scorer.bundle, encoder_folder(scorer.bundle))
    shares: dict[tuple[str, float], list[float]] = {}
    for brief in briefs(BRIEFS):
        best = _order(brief, encoder, scorer.heads["niche_fit"])[:TOP]
        for method, ranking in ((OURS, head), ("fast encoder, cosines", None)):
            order = _order(brief, fast, ranking)
            for share in LISTS:
                shares.setdefault((method, share), []).append(_share(best, order[: int(share * PEER)]))
    for share in LISTS:
        shares["chance", share] = [share]
    for (method, share), values in shares.items():
        for statistic, value in (("mean", statistics.mean(values)), ("least", min(values))):
            yield row(
                name,
                "first_look",
                f"kept_of_first_{TOP}_{statistic}",
                value,
                len(values),
                slice=f"{share:.0%} of all",
                method=method,
                baseline=method != OURS,
            )


def _share(expected: Sequence[str], listed: Sequence[str]) -> float:
    return len(set(expected) & set(listed)) / len(expected)


def _order(brief: Brief, encoder: Encoder, head: Head | None) -> list[str]:
    """Ids, likeliest first, by a head over an encoder's vectors, or without one by the script's formula."""
    fits = rough_fits(invented(PEER), brief, fast=encoder, head=head)
    return [creator_id for _, creator_id in sorted((-fit, creator.creator_id) for fit, creator in fits)]


def growth(context: Context) -> Iterator[Row]:
    """Seconds and peak memory of the fast path over growing files, with the exponent of its processor seconds."""
    # From 10,000 on: below, loading and the shortlist's own scoring are most of the time and the slope says nothing.
    sizes = [n for n in (10_000, 100_000, 1_000_000) if n <= STREAM]
    brief = _brief_file(briefs(1)[0])
    times = []
    for n in sizes:
        listed = _fast_path(invented_file(n), brief, LISTED, SCRATCH / "grown.jsonl")
        times.append(listed["processor"])
        yield row("invented", "fast_path_by_creators", "seconds", listed["all"], n, slice=str(n))
        yield row("invented", "fast_path_by_creators", "processor_seconds", listed["processor"], n, slice=str(n))
        yield row("invented", "fast_path_by_creators", "creators_a_second", n / listed["first"], n, slice=str(n))
        yield row("invented", "fast_path_by_creators", "peak_mb", listed["peak_mb"], n, slice=str(n))
    yield row("invented", "fast_path_by_creators", "exponent", exponent(sizes, times), len(sizes))


def captions(context: Context) -> Iterator[Row]:
    """Seconds a creator, fresh, by number of captions."""
    counts, medians = (3, 6, 12, 24, 48), []
    with Scorer.load(newest_bundle()) as scorer:
        scorer.warm()
        brief = scorer.prepare_brief(briefs(1)[0])
        for count in counts:
            people = [creator for creator in invented(14, seed=count, captions=count) if creator.posts]
            times = [seconds(lambda c=c: scorer.score_prepared(scorer.prepare([c]), brief)) for c in people]
            medians.append(statistics.median(times))
            yield row("invented", "one_creator_by_captions", "seconds", medians[-1], len(times), slice=str(count))
    yield row("invented", "one_creator_by_captions", "exponent", exponent(counts, medians), len(counts))


def killed(context: Context) -> Iterator[Row]:
    """A shortlist run killed with SIGKILL at three random moments and resumed: 1 where its bytes are as undisturbed."""
    source, brief = invented_file(KILLED), _brief_file(briefs(1)[0])
    whole, cut = SCRATCH / "whole.jsonl", SCRATCH / "cut.jsonl"
    for path in (whole, cut):
        path.unlink(missing_ok=True)
        shutil.rmtree(f"{path}.parts", ignore_errors=True)
    first = _fast_path(source, brief, LISTED, whole)
    undisturbed = first["all"]
    moments, kills = random.Random(context.seed), 0
    for _ in range(3):
        process = subprocess.Popen(_command(source, brief, LISTED, cut), stdout=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.15, 0.45) * undisturbed)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    if not cut.exists():
        _fast_path(source, brief, LISTED, cut)
    same = all(
        Path(f"{whole}{end}").read_bytes() == Path(f"{cut}{end}").read_bytes() for end in ("", ".passed_over.jsonl")
    )
    yield row("invented", "resume", "kills", kills, 3)
    yield row("invented", "resume", "undisturbed_seconds", undisturbed, KILLED)
    yield row("invented", "resume", "undisturbed_processor_seconds", first["processor"], KILLED)
    yield row("invented", "resume", "undisturbed_peak_mb", first["peak_mb"], KILLED)
    yield row("invented", "resume", "share_identical", float(same), KILLED)


SUITES = {
    "speed/end_to_end/script": against_the_script,
    "speed/growth/fast_path": growth,
    "speed/growth/captions": captions,
    "speed/resume/killed": killed,
}
