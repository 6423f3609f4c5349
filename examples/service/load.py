"""Load test of the service on this machine's loopback: starts it, asks for a bounded time, prints latencies, stops it.

    python examples/service/load.py --creators examples/creators.jsonl \
        --brief examples/brief.toml --seconds 10 --clients 8

It fails where anything but 200 came, and where the service's memory grew (ten minutes: --seconds 600 --clients 8).
With --other it also has the service take up the one bundle and the other in turn under that load, --rate requests a
second, and counts answers that failed or mixed the two. An index belongs to one bundle, so nothing is ranked then.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import msgspec

from bonafit import Scorer
from bonafit.bundle.resolve import default_bundle
from bonafit.errors import InputError
from bonafit.index import CreatorIndex
from bonafit.io.brief import brief_from_dict, read_brief
from bonafit.io.read import creator_from_dict, read_creators

HERE = Path(__file__).resolve().parent
START_SECONDS = 60
# Creators that are asked for again and again under reloads, three a request, from a cache on disk as a service has it:
# the load is the service's, not the encoder's.
CREATORS_RELOADED = 12
DIGEST = re.compile(rb'"bundle_digest":"([0-9a-f]+)"')
# Seconds that the service keeps an idle connection: longer than any client, or one closes what the other just uses.
KEPT_OPEN = 75
# Memory late over memory early from which the service is said to grow: an allocator's own wavering is a few percent.
MOST_GROWTH = 1.05


def _refuse(reject: object) -> None:
    raise InputError(f"{reject}: the load test expects clean creators")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(bundle: str, index: Path | None, port: int, *, cache: str = "") -> subprocess.Popen[bytes]:
    """The service in a process of its own, ready. Raises InputError where it does not come up."""
    environment = {**os.environ, "BONAFIT_BUNDLE": bundle, "BONAFIT_INDEX": str(index or ""), "BONAFIT_CACHE": cache}
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(HERE), "app:app", "--log-level", "warning"]
    command += ["--timeout-keep-alive", str(KEPT_OPEN)]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", timeout=1).status_code == 200:
                return process
        except httpx.TransportError:
            time.sleep(0.05)
    process.kill()
    raise InputError(f"the service did not answer on port {port} in {START_SECONDS} s; start it by hand to see why")


async def ask(
    base: str, bodies: dict[str, list[bytes]], *, clients: int, seconds: float, seed: int, rate: float | None = None
) -> tuple[dict[str, list[float]], Counter[str]]:
    """Seconds of every answered request by path, and how often each path and status came.

    rate : requests a second of all clients together, at most; without, each asks again as soon as it was answered.
    """
    latencies: dict[str, list[float]] = {path: [] for path in bodies}
    statuses: Counter[str] = Counter()

    async def one(client: httpx.AsyncClient, chosen: random.Random) -> None:
        while time.monotonic() < end:
            path = chosen.choice(list(bodies))
            began = time.perf_counter()
            answer = await client.post(path, content=chosen.choice(bodies[path]))
            latencies[path].append(time.perf_counter() - began)
            statuses[f"{path} {answer.status_code}"] += 1
            if rate is not None:
                await asyncio.sleep(max(0.0, began + clients / rate - time.perf_counter()))

    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        # everything once: what is measured is neither the encoder nor caches that fill
        for path, known in bodies.items():
            for body in known:
                statuses[f"{path} {(await client.post(path, content=body)).status_code}"] += 1
        end = time.monotonic() + seconds
        await asyncio.gather(*(one(client, random.Random(seed + i)) for i in range(clients)))
    return latencies, statuses


async def ask_while_reloading(
    base: str, bodies: list[bytes], bundles: list[Path], link: Path, *, rate: float, seconds: float, every: float
) -> Counter[str]:
    """How often each thing happened while bundles were taken up in turn: `200`, another status, `mixed`, `reloads`.

    rate : requests a second, sent on time whatever the answers take. every : seconds between two reloads.
    """
    happened: Counter[str] = Counter()
    digests: set[bytes] = set()
    end = time.monotonic() + seconds

    async def one(client: httpx.AsyncClient, body: bytes) -> None:
        try:
            answer = await client.post("/score", content=body)
        except httpx.TransportError as error:
            happened[f"failed: {type(error).__name__}"] += 1
            return
        happened[str(answer.status_code)] += 1
        if answer.status_code == 200:
            # searched, not parsed: the load is to be the service's
            seen = set(DIGEST.findall(answer.content))
            digests.update(seen)
            happened["mixed"] += len(seen) > 1

    async def reload(client: httpx.AsyncClient) -> None:
        for turn in itertools.count(1):
            await asyncio.sleep(every)
            if time.monotonic() >= end:
                return
            fresh = link.with_name("next")
            fresh.symlink_to(bundles[turn % len(bundles)])
            fresh.replace(link)
            answer = await client.post("/reload")
            happened["reloads" if answer.status_code == 200 else f"reload {answer.status_code}"] += 1

    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits) as client:
        asked, began = [asyncio.create_task(reload(client))], time.monotonic()
        for turn in range(round(rate * seconds)):
            asked.append(asyncio.create_task(one(client, bodies[turn % len(bodies)])))
            await asyncio.sleep(max(0.0, began + (turn + 1) / rate - time.monotonic()))
        await asyncio.gather(*asked)
    happened["bundles that answered"] = len(digests)
    return happened


async def watch(pid: int, kept: list[int], *, every: float) -> None:
    """Add the resident bytes of a process to `kept` every so many seconds, until cancelled."""
    while True:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        kept.append(pages * os.sysconf("SC_PAGE_SIZE"))
        await asyncio.sleep(every)


async def ask_and_watch(pid: int, kept: list[int], base: str, bodies: dict[str, list[bytes]], **how: Any) -> Any:
    """As `ask`, with the memory of the service beside it where the system tells it."""
    if not Path(f"/proc/{pid}/statm").is_file():
        return await ask(base, bodies, **how)
    watching = asyncio.create_task(watch(pid, kept, every=max(0.2, how["seconds"] / 100)))
    try:
        return await ask(base, bodies, **how)
    finally:
        watching.cancel()


def growth(kept: list[int]) -> tuple[float, float]:
    """Median memory of the second fifth of the samples, when caches are full, and of the last."""
    n = max(1, len(kept) // 5)
    return statistics.median(kept[n : 2 * n] or kept), statistics.median(kept[-n:])


def bodies_of(people: list[Any], brief: Any) -> dict[str, list[bytes]]:
    """Requests by path: one creator to score, and a ranking."""
    one = [msgspec.json.encode({"brief": brief, "creators": [c]}) for c in people]
    rank = [msgspec.json.encode({"brief": brief, "k": 20, "filters": {"min_followers": n}}) for n in (0, 1_000, 10_000)]
    return {"/score": one, "/rank": rank}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", default=str(default_bundle()))
    parser.add_argument("--creators", required=True)
    parser.add_argument("--brief", required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--other", help="a second bundle, taken up in turn with the first")
    parser.add_argument("--rate", type=float, help="requests a second, 50 with --other, else as fast as answers come")
    parser.add_argument("--every", type=float, default=2, help="seconds between two reloads with --other")
    arguments = parser.parse_args()
    people = [creator for _, creator in read_creators(arguments.creators, on_reject=_refuse)]
    plain = [{k: v for k, v in msgspec.to_builtins(one).items() if k != "extra"} for one in people]
    brief = msgspec.to_builtins(read_brief(arguments.brief))
    if arguments.other is not None:
        return reloaded(arguments, plain[:CREATORS_RELOADED], brief)
    with tempfile.TemporaryDirectory() as scratch:
        with Scorer.load(arguments.bundle) as scorer:
            CreatorIndex.build(Path(scratch) / "index", scorer, people).close()
        port = free_port()
        process = start(arguments.bundle, Path(scratch) / "index", port)
        memory: list[int] = []
        try:
            latencies, statuses = asyncio.run(
                ask_and_watch(
                    process.pid,
                    memory,
                    f"http://127.0.0.1:{port}",
                    bodies_of(plain, brief),
                    clients=arguments.clients,
                    seconds=arguments.seconds,
                    seed=arguments.seed,
                    rate=arguments.rate,
                )
            )
        finally:
            process.terminate()
            process.wait()
    for path, seconds in latencies.items():
        cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [float("nan")] * 99
        rate = len(seconds) / arguments.seconds
        print(f"{path:8} {rate:7.1f} a second   p50 {cuts[49] * 1e3:7.1f} ms   p99 {cuts[98] * 1e3:7.1f} ms")
    print(", ".join(f"{name}: {count:,}" for name, count in sorted(statuses.items())))
    early, late = growth(memory) if len(memory) > 9 else (1.0, 1.0)
    if len(memory) > 9:
        print(
            f"memory: {early / 2**20:,.0f} MB early, {late / 2**20:,.0f} MB late, {max(memory) / 2**20:,.0f} MB at most"
        )
    return 0 if all(name.endswith(" 200") for name in statuses) and late < early * MOST_GROWTH else 1


def reloaded(arguments: argparse.Namespace, people: list[Any], brief: Any) -> int:
    """The load test under reloads: prints what happened; 0 where nothing failed and no answer was mixed."""
    bodies = [msgspec.json.encode({"brief": brief, "creators": people[i : i + 3]}) for i in range(len(people) - 2)]
    bundles = [Path(arguments.bundle).resolve(), Path(arguments.other).resolve()]
    with tempfile.TemporaryDirectory() as scratch:
        link = Path(scratch) / "current"
        link.symlink_to(bundles[0])
        port = free_port()
        for bundle in bundles:
            with Scorer.load(bundle, cache=scratch) as scorer:
                scorer.score([creator_from_dict(one) for one in people], brief_from_dict(brief))
        process = start(str(link), None, port, cache=scratch)
        try:
            happened = asyncio.run(
                ask_while_reloading(
                    f"http://127.0.0.1:{port}", bodies, bundles, link,
                    rate=arguments.rate or 50, seconds=arguments.seconds, every=arguments.every,
                )
            )  # fmt: skip
        finally:
            process.terminate()
            process.wait()
    print(", ".join(f"{name}: {count:,}" for name, count in sorted(happened.items())))
    good = {"200", "mixed", "reloads", "bundles that answered"}
    return 0 if set(happened) <= good and not happened["mixed"] and happened["reloads"] else 1


if __name__ == "__main__":
    sys.exit(main())
