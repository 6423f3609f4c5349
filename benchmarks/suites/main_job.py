"""The main job on real input: a folder of creators, three briefs, the command line, cold and from the cache.

Also what importing the package costs over bare Python. Whole processes are timed, as a person waits for them.
"""

from __future__ import annotations

import filecmp
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from bonafit.bundle.resolve import newest_bundle
from bonafit_training.contracts import OURS, Cases, Context, Row

BRIEFS = 3
IMPORT_PAIRS = 15
ROOT = Path(__file__).resolve().parent.parent.parent


def _timed(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def _briefs(folder: Path, out: Path) -> list[Path]:
    """The first three brands by name, as briefs."""
    table = pq.read_table(folder / "brands.parquet").sort_by("brand").slice(0, BRIEFS).to_pylist()
    paths = []
    for row in table:
        path = out / f"brief{len(paths)}.json"
        brief = {"brand": row["name"], "description": row["description"], "keywords": [row["category"]]}
        path.write_text(json.dumps(brief), encoding="utf-8")
        paths.append(path)
    return paths


def end_to_end(context: Context) -> Iterator[Row]:
    """All creators of instagram_2017 for three of its brands: first run from an empty cache, second from it."""
    folder = context.data / "fit" / "instagram_2017"
    bundle = newest_bundle(ROOT / "models")
    creators = pq.ParquetFile(folder / "creators.parquet").metadata.num_rows
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        briefs = _briefs(folder, work)
        seconds = {}
        for run in ("cold", "cached"):
            total = 0.0
            for i, brief in enumerate(briefs):
                source = [str(folder / "creators.parquet"), "--posts", str(folder / "posts.parquet")]
                places = [
                    "--bundle",
                    str(bundle),
                    "--cache",
                    str(work / "vectors"),
                    "--out",
                    str(work / f"{run}{i}.jsonl"),
                ]
                command = [
                    sys.executable,
                    "-m",
                    "bonafit",
                    "score",
                    *source,
                    "--brief",
                    str(brief),
                    *places,
                    "--top",
                    "0",
                ]
                total += _timed(command)
            seconds[run] = total
        lines = [sum(1 for _ in (work / f"cold{i}.jsonl").open("rb")) for i in range(BRIEFS)]
        same = [filecmp.cmp(work / f"cold{i}.jsonl", work / f"cached{i}.jsonl", shallow=False) for i in range(BRIEFS)]

    def row(metric: str, method: str, value: float) -> Row:
        n = creators * BRIEFS
        return Cases("main_job", "instagram_2017", "end_to_end", "3 briefs").row(
            metric, value, n, method, baseline=False
        )

    yield row("seconds", f"{OURS} cold", seconds["cold"])
    yield row("seconds", f"{OURS} cached", seconds["cached"])
    yield row("ratio", OURS, seconds["cold"] / seconds["cached"])
    yield row("share_scored", OURS, sum(lines) / (creators * BRIEFS))
    yield row("share_identical", OURS, sum(same) / BRIEFS)


def import_cost(context: Context) -> Iterator[Row]:
    """Seconds of `import bonafit` over bare Python: median difference of alternating pairs of whole processes."""
    differences = []
    for _ in range(IMPORT_PAIRS):
        bare = _timed([sys.executable, "-c", "pass"])
        differences.append(_timed([sys.executable, "-c", "import bonafit"]) - bare)
    yield Cases("main_job", "none", "import", "all").row("seconds", statistics.median(differences), IMPORT_PAIRS)


SUITES = {"main_job/instagram_2017/end_to_end": end_to_end, "main_job/none/import": import_cost}
