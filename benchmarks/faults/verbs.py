"""Every verb with hostile files and options: it answers or refuses in words, and no traceback reaches anybody."""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.count import Count
from benchmarks.faults.readers import mutated

from bonafit.cli import INTERNAL, main
from bonafit.cli.command import DRIFTED

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
# Creators of the scored sample that verbs are run over: enough for a portfolio, few enough for thousands of runs.
PEOPLE = 6
HOSTILE: tuple[Any, ...] = (
    None, "", "x", -1, -0.5, 2, 1e308, -1e308, 10**30, 1.5, True, [], {}, [[]], [None], {"x": None}, "\ud800",
    "\x1b[2J", "\u202e", "=1+1", "../x", "9" * 400, "2026-13-45", "never", 0, "\n\nx", ["x"], [1, 2],
)  # fmt: skip
NUMBERS = ("nan", "inf", "-1", "0", "1e400", "99999999999999999999", "1", "0.5", "x", "", "\ud800")
TEXTS = ("", "\ud800", "\x1b[2J", "-", "--", "=1", "a" * 5_000, "likes=20000", "likes=-1", "x=1", "=", "..", "/", "nan")


@dataclass(frozen=True)
class Verb:
    """One way to call a verb. argv : {name} stands for the file of that name, which is mutated; ? for an option."""

    name: str
    argv: tuple[str, ...]
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    heavy: bool = False


VERBS = (
    Verb("report", ("report", "{scores.jsonl}", "-o", "{out}.html"), (("--most", NUMBERS), ("--detailed", NUMBERS))),
    Verb("money", ("money", "{scores.jsonl}", "--brief", "{brief.toml}"), (("--top", NUMBERS),)),
    Verb("money to a file", ("money", "{scores.jsonl}", "--brief", "{brief.toml}", "--out", "{out}.csv")),
    Verb("portfolio", ("portfolio", "{scores.jsonl}", "--brief", "{brief.toml}", "--seconds", "0.3"),
         (("--budget", NUMBERS), ("--seconds", NUMBERS))),
    Verb("portfolio with overlaps", ("portfolio", "{scores.jsonl}", "--brief", "{brief.toml}", "--overlaps",
         "{overlaps.csv}", "--estimate-prices", "--seconds", "0.3", "--out", "{out}.json")),
    Verb("forecast seal", ("forecast", "seal", "{scores.jsonl}", "--brief", "{brief.toml}", "--portfolio",
         "{portfolio.json}", "--out", "{out}.json"), (("--target", TEXTS), ("--guess", TEXTS), ("--month", TEXTS))),
    Verb("forecast check", ("forecast", "check", "{forecast.json}"), (("--public-key", TEXTS),)),
    Verb("forecast score", ("forecast", "score", "{forecast.json}", "{outcomes.csv}", "--record", "{record.jsonl}")),
    Verb("forecast record", ("forecast", "record", "{record.jsonl}")),
    Verb("measure", ("measure", "{outcomes.csv}", "--brief", "{brief.toml}", "--forecast", "{forecast.json}",
         "--portfolio", "{portfolio.json}", "--control", "{regions.csv}", "--out", "{out}.json")),
    Verb("measure rows of JSON", ("measure", "{outcomes.jsonl}", "--brief", "{brief.toml}", "--control",
         "{regions.csv}")),
    Verb("diff", ("diff", "{scores.jsonl}", "{later.jsonl}", "--out", "{out}.csv"), (("--top", NUMBERS),)),
    Verb("drift", ("drift", "{scores.jsonl}", "{later.jsonl}", "--outcomes", "{outcomes.csv}"),
         (("--level", NUMBERS),)),
    Verb("ledger", ("ledger", "{creators.jsonl}")),
    Verb("tiers", ("tiers", "{creators.jsonl}")),
    Verb("pods", ("pods", "{creators.jsonl}")),
    Verb("inspect", ("inspect", "{creators.jsonl}"), (("--map", TEXTS), ("--read-at", TEXTS), ("--sheet", TEXTS))),
    Verb("inspect a table", ("inspect", "{creators.csv}", "--posts", "{posts.csv}")),
    Verb("convert", ("convert", "{creators.csv}", "--posts", "{posts.csv}", "-o", "{out}.csv"),
         (("--map", TEXTS), ("--read-at", TEXTS))),
    Verb("convert to Parquet", ("convert", "{creators.jsonl}", "-o", "{out}.parquet")),
    Verb("forget", ("forget", "c1", "--results", "{scores.jsonl}")),
    Verb("brief show", ("brief", "show", "{brief.toml}"), heavy=True),
    Verb("score", ("score", "{creators.jsonl}", "--brief", "{brief.toml}", "--out", "{out}.csv"),
         (("--top", NUMBERS), ("--shortlist", NUMBERS), ("--threads", NUMBERS)), heavy=True),
    Verb("score to stdout", ("score", "{creators.csv}", "--posts", "{posts.csv}", "--brief", "{brief.toml}"),
         heavy=True),
    Verb("explain", ("explain", "c1", "{creators.jsonl}", "--brief", "{brief.toml}"), heavy=True),
    Verb("explain in full", ("explain", "c1", "{creators.jsonl}", "--brief", "{brief.toml}", "--full"), heavy=True),
    Verb("report with creators", ("report", "{scores.jsonl}", "--creators", "{creators.jsonl}", "--brief",
         "{brief.toml}", "-o", "{out}.html"), heavy=True),
)  # fmt: skip


def told(argv: list[str]) -> str | None:
    """What a stranger would see go wrong when a command is run, None where it is an answer or a refusal in words."""
    streams = [
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors=errors) for errors in ("strict", "backslashreplace")
    ]
    try:
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            code: Any = main(argv)
            streams[0].flush()
    except SystemExit as left:
        code = left.code
    except BaseException as error:
        return f"{type(error).__name__}: {error}"[:300].encode("utf-8", "backslashreplace").decode()
    streams[1].flush()
    output = "".join(stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    if INTERNAL in output or "Traceback" in output:
        return output.strip()[-300:]
    if code not in range(DRIFTED + 1):
        return f"exit {code}"
    if code in (1, 2) and not output.strip():
        return f"exit {code} without a word"
    return None


BRIEF = """
brand = "Aubelle"
description = "Fragrance-free skincare for sensitive skin: gentle cleansers and a mineral sunscreen."
keywords = ["sensitive skin", "mineral sunscreen"]
excluded_topics = ["gambling"]
tier_scheme = "1k_100k"

[campaign]
currency = "USD"
budget = 20000
posts = 2
max_cost_per_engagement = 300.0
usage_rights = 0.25
bounds = [{ platform = "tiktok", at_most = 4 }]

[campaign.rates]
EUR = 1.1
"""


def corpus(folder: Path, bundle: Path) -> dict[str, bytes]:
    """One sound file of every kind that a verb reads, by the name that `Verb.argv` gives it."""
    folder.mkdir()
    people = [json.loads(line) for line in (EXAMPLES / "creators.jsonl").open(encoding="utf-8")][:PEOPLE]
    for i, person in enumerate(people):
        person |= {"creator_id": f"c{i}", "price": 100.0 + i, "currency": "USD"}
    files = {
        "creators.jsonl": "".join(json.dumps(person) + "\n" for person in people),
        "brief.toml": BRIEF,
        "outcomes.csv": "creator_id,post_id,posted,tagged,disclosed,impressions,likes,comments,views,clicks,"
        "conversions,revenue,cost\n"
        + "".join(f"c{i},o{i},yes,no,,2140{i},171{i},6{i},,41{i},2{i},112{i}.00,214.25\n" for i in range(PEOPLE)),
        "outcomes.jsonl": "".join(json.dumps({"creator_id": f"c{i}", "likes": 90 + i}) + "\n" for i in range(PEOPLE)),
        "regions.csv": (EXAMPLES / "campaign_regions.csv").read_text(encoding="utf-8"),
        "overlaps.csv": "creator_a,creator_b,share\nc0,c1,0.2\nc1,c2,0.1\n",
        "posts.csv": "creator_id,caption,likes,comments,posted_at\nc0,my routine,12,3,2026-02-01\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    ready = [
        ["score", "creators.jsonl", "--brief", "brief.toml", "--out", "scores.jsonl", "--bundle",
         str(bundle.resolve())],
        ["convert", "creators.jsonl", "-o", "creators.csv"],
        ["portfolio", "scores.jsonl", "--brief", "brief.toml", "--out", "portfolio.json", "--seconds", "1"],
        ["forecast", "seal", "scores.jsonl", "--brief", "brief.toml", "--portfolio", "portfolio.json", "--target",
         "likes=100", "--out", "forecast.json"],
        ["forecast", "score", "forecast.json", "outcomes.csv", "--record", "record.jsonl"],
    ]  # fmt: skip
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for argv in ready:
            if main([*argv, "--no-cache"] if argv[0] == "score" else argv) not in (0, 3):
                raise RuntimeError(f"{argv}: a sound file is refused")
    scores = (folder / "scores.jsonl").read_text(encoding="utf-8")
    digest = json.loads(scores.splitlines()[0])["bundle_digest"]
    (folder / "later.jsonl").write_text(scores.replace(digest, "0" * 64).replace(":0.9", ":0.8"), encoding="utf-8")
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every member of a JSON document, of lists the first member alone: each kind once."""
    if isinstance(value, dict):
        return [place for key in value for place in ((*path, key), *_places(value[key], (*path, key)))]
    if isinstance(value, list) and value:
        return [(*path, 0), *_places(value[0], (*path, 0))]
    return []


def _replace(value: Any, place: tuple[Any, ...], rng: random.Random) -> None:
    for key in place[:-1]:
        value = value[key]
    if rng.random() < 0.1:
        del value[place[-1]]
    else:
        value[place[-1]] = rng.choice(HOSTILE)


def hostile(name: str, raw: bytes, rng: random.Random) -> bytes:
    """A file of the corpus with something hostile in it, mostly such that it still parses."""
    kind = rng.randrange(6)
    if name.endswith((".json", ".jsonl")) and kind < 4:
        rows = raw.splitlines() if name.endswith(".jsonl") else [raw]
        place = rng.randrange(len(rows))
        value = json.loads(rows[place])
        if places := _places(value):
            _replace(value, rng.choice(places), rng)
        rows[place] = json.dumps(value).encode()
        return b"\n".join(rows) + b"\n"
    if name.endswith(".csv") and kind < 4:
        rows = raw.splitlines()
        place = rng.randrange(len(rows))
        cells = rows[place].split(b",")
        cells[rng.randrange(len(cells))] = str(rng.choice(HOSTILE)).encode("utf-8", "surrogatepass")
        rows[place] = b",".join(cells)
        return b"\n".join(rows) + b"\n"
    if name.endswith(".toml") and kind < 4:
        rows = raw.splitlines()
        place = rng.choice([i for i, row in enumerate(rows) if b"=" in row])
        value = json.dumps(rng.choice([v for v in HOSTILE if v is not None])).encode()
        rows[place] = rows[place].split(b"=")[0] + b"= " + value
        return b"\n".join(rows) + b"\n"
    if kind == 4:
        return rng.choice((b"", b"\n", b"\x00", b"\xff\xfe", b"[]", b"{}", b"null", raw[: len(raw) // 2], raw * 2))
    return mutated(raw, rng, lines=False)


def runs(folder: Path, files: dict[str, bytes], rng: random.Random, verb: Verb) -> Iterator[tuple[list[str], str]]:
    """Commands of a verb without end, with files or an option made hostile, and what was made so."""
    place = folder / "run"
    while True:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        names = [name for name in files if any(f"{{{name}}}" in part for part in verb.argv)]
        for name in names:
            (place / name).write_bytes(files[name])
        argv = [part.replace("{out}", str(place / "out")) for part in verb.argv]
        argv = [str(place / part[1:-1]) if part.startswith("{") else part for part in argv]
        if verb.options and rng.random() < 0.2:
            option, values = rng.choice(verb.options)
            value = rng.choice(values)
            change = f"{option} {value!r}"
            argv += [option, value]
        elif rng.random() < 0.03:
            change = rng.choice(names)
            (place / change).unlink()
            if rng.random() < 0.5:
                (place / change).mkdir()
        else:
            change = rng.choice(names)
            (place / change).write_bytes(hostile(change, files[change], rng))
        yield argv, change


def fuzz(bundle: Path, folder: Path, *, limit: int, verbs: tuple[Verb, ...] = VERBS, seed: int = 8) -> Count:
    """`limit` hostile runs of every verb, a twentieth where it loads a bundle; what is lost is kept in `folder`."""
    count, files = Count("hostile runs of every verb"), corpus(folder / "sound", bundle)
    for verb in verbs:
        rng = random.Random(f"{seed} {verb.name}")
        tries = runs(folder, files, rng, verb)
        for _ in range(max(2, limit // 20) if verb.heavy else limit):
            argv, change = next(tries)
            if verb.heavy:
                argv += ["--bundle", str(bundle)]
            loss = told(argv)
            if loss is not None:
                shutil.copytree(folder / "run", folder / f"lost-{count.lost}", dirs_exist_ok=True)
            count.add(None if loss is None else f"{verb.name}, {change}: {loss}")
    return count
