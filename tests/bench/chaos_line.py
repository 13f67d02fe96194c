"""A bad line: HTTP requests between clients and the platform, lost, doubled, late.

    python -m tests.bench.chaos_line PORT UPSTREAM SEED        prints its port, runs until killed

For each request, at random: cut before it is forwarded; cut after it was forwarded, so that
what was asked is done and nobody hears of it; cut in the middle of the answer; sent twice;
answered twice; late. Sign-ins are doubled only before their answer comes: a copy that came
later would end the run it began, as it should.
"""

import asyncio
import contextlib
import random
import sys

LATE_S = 1.5


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One message, head and body. Raises IncompleteReadError at the end."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head + await reader.readexactly(length)


class Line:
    """calm: whether anything goes wrong is decided for each request."""

    def __init__(self, upstream: int, seed: int, share: float = 0.35) -> None:
        self._upstream = upstream
        self._drawn = random.Random(seed)
        self._share = share

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while await self._request(await _message(reader), writer):
                pass
        writer.close()

    async def _request(self, request: bytes, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        fault = ""
        if self._drawn.random() < self._share:
            fault = self._drawn.choice(
                ("before", "after", "half", "twice", "twice answered", "late", "late answer")
            )
        if fault == "before":
            return False
        if fault == "late":
            await asyncio.sleep(self._drawn.uniform(0.05, LATE_S))
        if fault == "twice":
            await self._ask(request)
        answer = await self._ask(request)
        if not answer or fault == "after":
            return False
        if fault == "late answer":
            await asyncio.sleep(self._drawn.uniform(0.05, LATE_S))
        if fault == "half":
            writer.write(answer[: self._drawn.randrange(len(answer))])
            await writer.drain()
            return False
        writer.write(answer * 2 if fault == "twice answered" else answer)
        await writer.drain()
        return True

    async def _ask(self, request: bytes) -> bytes:
        """Ask on a connection of its own; nothing where the other side fell away."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            return b""
        try:
            writer.write(request)
            await writer.drain()
            return await _message(reader)
        except (OSError, asyncio.IncompleteReadError):
            return b""
        finally:
            writer.close()


async def run(port: int, upstream: int, seed: int) -> None:
    line = Line(upstream, seed)
    server = await asyncio.start_server(line.serve, "127.0.0.1", port, limit=8 << 20)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(run(*map(int, sys.argv[1:4])))
