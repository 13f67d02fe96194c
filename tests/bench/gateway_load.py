"""A lean client: requests that were made ahead go out over plain sockets, answers are timed.

    python -m tests.bench.gateway_load PLAN ANSWERS

PLAN: pickled list of (host, port, requests), one for each connection; a connection sends its
next request when the last one is answered. ANSWERS: JSON {"seconds", "latencies_ms", "last"},
`last` being each connection's last answer.
"""

import asyncio
import gzip
import json
import pickle
import sys
import time
from pathlib import Path
from typing import Any

Plan = list[tuple[str, int, list[bytes]]]


async def _connection(
    host: str, port: int, requests: list[bytes], ready: asyncio.Barrier
) -> tuple[list[float], dict[str, Any]]:
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    latencies: list[float] = []
    answer = b"{}"
    await ready.wait()
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        latencies.append((time.perf_counter() - began) * 1000)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{head.decode()}{answer!r}")
    writer.close()
    return latencies, json.loads(gzip.decompress(answer))


async def load(plan: Plan) -> dict[str, Any]:
    ready = asyncio.Barrier(len(plan) + 1)
    tasks = [asyncio.create_task(_connection(*line, ready)) for line in plan]
    await ready.wait()
    began = time.perf_counter()
    done = await asyncio.gather(*tasks)
    return {
        "seconds": time.perf_counter() - began,
        "latencies_ms": [latency for latencies, _ in done for latency in latencies],
        "last": [last for _, last in done],
    }


def main(plan: Path, answers: Path) -> None:
    lines: Plan = pickle.loads(plan.read_bytes())  # noqa: S301 (written by bench_gateway)
    answers.write_text(json.dumps(asyncio.run(load(lines))), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
