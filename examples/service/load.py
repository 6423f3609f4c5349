"""Load test of the service on this machine's loopback: starts it, asks for a bounded time, prints latencies, stops it.

    python examples/service/load.py --creators examples/creators.jsonl \
        --brief examples/brief.toml --seconds 10 --clients 8
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
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
from bonafit.io.brief import read_brief
from bonafit.io.read import read_creators

HERE = Path(__file__).resolve().parent
START_SECONDS = 60


def _refuse(reject: object) -> None:
    raise InputError(f"{reject}: the load test expects clean creators")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(bundle: str, index: Path, port: int) -> subprocess.Popen[bytes]:
    """The service in a process of its own, ready. Raises InputError where it does not come up."""
    environment = {**os.environ, "BONAFIT_BUNDLE": bundle, "BONAFIT_INDEX": str(index)}
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(HERE), "app:app", "--log-level", "warning"]
    process = subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)], env=environment)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health", timeout=1).status_code == 200:
                return process
        except httpx.TransportError:
            time.sleep(0.05)
    process.kill()
    raise InputError(f"the service did not answer on port {port} in {START_SECONDS} s; see its messages above")


async def ask(
    base: str, bodies: dict[str, list[bytes]], *, clients: int, seconds: float, seed: int
) -> tuple[dict[str, list[float]], Counter[str]]:
    """Seconds of every answered request by path, and how often each path and status came."""
    latencies: dict[str, list[float]] = {path: [] for path in bodies}
    statuses: Counter[str] = Counter()
    end = time.monotonic() + seconds

    async def one(client: httpx.AsyncClient, chosen: random.Random) -> None:
        while time.monotonic() < end:
            path = chosen.choice(list(bodies))
            began = time.perf_counter()
            answer = await client.post(path, content=chosen.choice(bodies[path]))
            latencies[path].append(time.perf_counter() - began)
            statuses[f"{path} {answer.status_code}"] += 1

    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        await asyncio.gather(*(one(client, random.Random(seed + i)) for i in range(clients)))
    return latencies, statuses


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
    arguments = parser.parse_args()
    people = [creator for _, creator in read_creators(arguments.creators, on_reject=_refuse)]
    plain = [{k: v for k, v in msgspec.to_builtins(one).items() if k != "extra"} for one in people]
    brief = msgspec.to_builtins(read_brief(arguments.brief))
    with tempfile.TemporaryDirectory() as scratch:
        with Scorer.load(arguments.bundle) as scorer:
            CreatorIndex.build(Path(scratch) / "index", scorer, people).close()
        port = free_port()
        process = start(arguments.bundle, Path(scratch) / "index", port)
        try:
            latencies, statuses = asyncio.run(
                ask(
                    f"http://127.0.0.1:{port}",
                    bodies_of(plain, brief),
                    clients=arguments.clients,
                    seconds=arguments.seconds,
                    seed=arguments.seed,
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
    return 0 if all(name.endswith(" 200") for name in statuses) else 1


if __name__ == "__main__":
    sys.exit(main())
