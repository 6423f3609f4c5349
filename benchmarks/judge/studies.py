"""Rules that compare more than one creator and its changes: orders of fit, languages, file formats, commands."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.judge.bases import Base, base
from benchmarks.judge.changes import SPELLINGS
from benchmarks.judge.measures import Outcome, Row, outcome
from benchmarks.judge.texts import LANGUAGES, NICHES, UNRELATED, brief_of, caption_plan, rendered
from msgspec.structs import replace
from scipy.stats import spearmanr

from bonafit import Brief, Creator, CreatorScore
from bonafit.io.read import read_creators

Score = Callable[[Sequence[Creator], Brief], list[CreatorScore]]
SHARES = tuple(i / 10 for i in range(11))


def _plain(rule: int, name: str, figure: str, values: list[float | None], **bounds: float | bool) -> Outcome:
    row = Row(rule, name, figure, lambda base, answers: None, **bounds)  # type: ignore[arg-type]
    return outcome(row, values)


def fit_orders(score: Score, seed: int, n: int = len(NICHES)) -> list[Outcome]:
    """Rule 13: 0, 10, ..., 100 % of the posts on the niche, under a line, a paragraph and a page of one brief."""
    correlations: dict[str, list[float | None]] = {"line": [], "paragraph": [], "page": []}
    for k, niche in enumerate(NICHES[:n]):
        rng = Random(f"fit orders:{seed}:{k}")
        on = rendered(caption_plan(rng, niche, 40, on_niche=1.0), "en")
        off = rendered(caption_plan(rng, UNRELATED[niche], 40, on_niche=1.0), "en")
        person = base(5000 + k, seed, niche=niche, language="en", platform="instagram", followers=20_000).creator
        creators = []
        for share in SHARES:
            captions = rng.sample(on, round(40 * share)) + rng.sample(off, 40 - round(40 * share))
            rng.shuffle(captions)
            posts = tuple(replace(p, caption=c) for p, c in zip(person.posts, captions, strict=True))
            creators.append(replace(person, posts=posts, bio="Notes from every week."))
        for length, values in correlations.items():
            results = score(creators, brief_of(niche, length=length))
            fits = [result.niche_fit.value for result in results]
            if any(fit is None for fit in fits) or len(set(fits)) == 1:
                values.append(math.nan)
            else:
                values.append(float(spearmanr(fits, SHARES).statistic))
    return [_plain(13, f"posts on the niche, {length}", "Spearman F", v, low=0.9) for length, v in correlations.items()]


def languages(score: Score, seed: int, codes: Sequence[str] = LANGUAGES) -> list[Outcome]:
    """Rule 14: brief and creators in one language; AUC of the brief's own niche over the other niches."""
    out = []
    for language in codes:
        rng = Random(f"languages:{seed}:{language}")
        creators = {}
        for k, niche in enumerate(NICHES):
            person = base(6000 + k, seed, niche=niche, language=language, platform="instagram", followers=20_000)
            captions = rendered(caption_plan(rng, niche, 12, on_niche=1.0), language)
            posts = tuple(replace(p, caption=c) for p, c in zip(person.creator.posts[:12], captions, strict=True))
            creators[niche] = replace(person.creator, posts=posts)
        values: list[float | None] = []
        for niche in NICHES:
            results = score(list(creators.values()), brief_of(niche, language=language))
            fits = dict(zip(creators, (r.niche_fit.value for r in results), strict=True))
            own = fits.pop(niche)
            foreign_fits = [fit for fit in fits.values() if fit is not None]
            if own is None or len(foreign_fits) < len(fits):
                values.append(math.nan)
            else:
                values.append(sum((own > fit) + 0.5 * (own == fit) for fit in foreign_fits) / len(foreign_fits))
        out.append(_plain(14, f"brief and creators in {language}", "AUC F", values, low=0.9))
    return out


def formats(score: Score, some: Sequence[Base]) -> list[Outcome]:
    """Rule 1 in files: absent, null and its spellings as JSON Lines, CSV and Parquet give the same results."""
    brief = some[0].brief
    expected = [msgspec.json.encode(result) for result in score([b.creator for b in some], brief)]
    rows = [_flat(b.creator) for b in some]
    differences: dict[str, list[float | None]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for spelling in (None, *SPELLINGS):
            filled = [{k: spelling if v is None else v for k, v in row.items()} for row in rows]
            for format, write in (("jsonl", _jsonl), ("csv", _csv), ("parquet", _parquet)):
                path = Path(folder) / f"creators.{format}"
                write(path, filled)
                results = score([c for _, c in read_creators(path, on_reject=lambda reject: None)], brief)
                same = [
                    float(msgspec.json.encode(result) == known)
                    for result, known in zip(results, expected, strict=True)
                ] if len(results) == len(expected) else [0.0] * len(expected)  # fmt: skip
                differences[f"{format}, absent as {'null' if spelling is None else repr(spelling)}"] = list(same)
    return [_plain(1, name, "bytes", values, low=1, high=1, every=True) for name, values in differences.items()]


# Fields of a file in which absence is spelt; texts and names, where an export writes a dash.
FLAT = ("handle", "display_name", "bio", "external_url", "category", "country", "language", "currency")


def _flat(creator: Creator) -> dict[str, Any]:
    """One row with its lists as they are; texts that are absent stay as None."""
    row = json.loads(msgspec.json.encode(creator))
    lists = {k: v for k, v in row.items() if isinstance(v, list) and v}
    plain = {k: v for k, v in row.items() if not isinstance(v, list | dict)}
    numbers = {k: v for k, v in plain.items() if v is not None}
    return {**numbers, **{k: plain.get(k) for k in FLAT}, **lists}


def _jsonl(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))


def _csv(path: Path, rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(k for row in rows for k in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        cells = (row.get(name) for name in names)
        writer.writerow(
            "" if c is None else msgspec.json.encode(c).decode() if isinstance(c, list) else c for c in cells
        )
    path.write_text(text.getvalue(), encoding="utf-8")


def _parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    names = list(dict.fromkeys(k for row in rows for k in row))
    plain = [{name: _cell(row.get(name)) for name in names} for row in rows]
    pq.write_table(pa.Table.from_pylist(plain), path)


def _cell(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


def commands(score: Score, some: Sequence[Base], bundle: str, cache: Path) -> list[Outcome]:
    """Rule 15: `score`, `score --shortlist`, `index rank` and the Scorer of one creator, judged or not."""
    brief = some[0].brief
    creators = [b.creator for b in some]
    creators += [replace(c, creator_id=f"{c.creator_id}-empty", posts=(), bio=None, comments=()) for c in creators[:3]]
    python = {r.creator_id: r for r in score(creators, brief)}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        brief_fields = {"brand": brief.brand, "description": brief.description}
        (folder / "brief.json").write_text(json.dumps(brief_fields), encoding="utf-8")
        lines = b"".join(msgspec.json.encode(c) + b"\n" for c in creators)
        (folder / "creators.jsonl").write_bytes(lines)
        common = ["--brief", str(folder / "brief.json"), "--bundle", bundle, "--cache", str(cache)]
        source = str(folder / "creators.jsonl")
        _cli("score", source, *common, "--out", str(folder / "all.jsonl"))
        _cli("score", source, *common, "--out", str(folder / "few.jsonl"), "--shortlist", str(len(creators) // 2))
        _cli("index", "build", str(folder / "index"), source, "--bundle", bundle, "--cache", str(cache))
        ranked = _cli("index", "rank", str(folder / "index"), *common, "--top", "1000", "--json")
        all_scored = _results(folder / "all.jsonl")
        few_scored = _results(folder / "few.jsonl")
    rows: list[Outcome] = []
    for name, answers in (("score against Scorer", all_scored), ("score --shortlist against Scorer", few_scored)):
        same = [float(msgspec.json.encode(python[k]) == msgspec.json.encode(r)) for k, r in answers.items()]
        rows.append(_plain(15, name, "bytes", list(same), low=1, high=1, every=True))
    index = [json.loads(line) for line in ranked.splitlines()]
    values: list[float | None] = []
    for row in index:
        known = python[row["creator_id"]].niche_fit.value
        values.append(math.nan if known is None else row["value"] - known)
    rows.append(_plain(15, "index rank against score", "F", values, low=-0.02, high=0.02, every=True))
    apart = [float(python[row["creator_id"]].score is not None) for row in index]
    rows.append(_plain(15, "index rank names nobody unjudged", "judged", list(apart), low=1, high=1, every=True))
    return rows


def _cli(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "bonafit", *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"bonafit {arguments[0]}: exit {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def _results(path: Path) -> dict[str, CreatorScore]:
    lines = path.read_bytes().splitlines()
    return {r.creator_id: r for r in (msgspec.json.decode(line, type=CreatorScore) for line in lines)}
