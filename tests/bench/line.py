"""The line to a film's origin, in a process of its own: `with line(folder) as origin`.

As fast as the machine, or as slow as asked: all transfers share one bandwidth, as they do on a
learner's line, and every request waits out the way there and back before it is answered.
It also tells a page the time (`GET /clock`) and takes its word (`POST /told`).

`/film-high.mp4?copy=17` is the same film with 16 bytes behind it that a player skips, so that no
cache on the way has seen it before. With `&stall_at=50000` it sends so many bytes of a request for
the whole, and then nothing, as a line does that died without a word.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SLOW_BITS, SLOW_DELAY_MS = 4_000_000, 40
TYPES = {
    ".mp4": "video/mp4", ".m4s": "video/iso.segment", ".html": "text/html; charset=utf-8",
    ".js": "text/javascript", ".m3u8": "application/vnd.apple.mpegurl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """A running origin: its address ending in a slash, and what pages told it."""

    base: str
    _told: IO[str]
    _process: subprocess.Popen[str]

    def told(self, within_s: float) -> object:
        """Wait for a page's word. RuntimeError if none comes in time."""
        patience = threading.Timer(within_s, self._process.kill)
        patience.start()
        try:
            word = self._told.readline()
        finally:
            patience.cancel()
        if not word:
            raise RuntimeError(f"no page said anything within {within_s} s")
        return json.loads(word)


@contextlib.contextmanager
def line(folder: Path, *, slow: bool = False) -> Iterator[Origin]:
    """Serve `folder`, unthrottled or at 4 Mbit/s with 40 ms."""
    command = [sys.executable, "-m", "tests.bench.line", str(folder)]
    if slow:
        command += ["--bits", str(SLOW_BITS), "--delay-ms", str(SLOW_DELAY_MS)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = json.loads(process.stdout.readline())["port"]
        yield Origin(f"http://127.0.0.1:{port}/", process.stdout, process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def copy_of(data: bytes, number: int) -> bytes:
    """Return the film's file as its copy `number`: an MP4 box that players skip at its end."""
    return data + (16).to_bytes(4, "big") + b"free" + number.to_bytes(8, "big")


@cache
def _read(file: Path) -> bytes:
    return file.read_bytes()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path, bits_per_second: int, delay_s: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.bytes_per_second = bits_per_second / 8
        self.delay_s = delay_s
        self._free_at = 0.0
        self._lock = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: players hang up whenever they like."""

    def wait_for_turn(self, size_bytes: int) -> None:
        """Wait until the line has carried these bytes too."""
        if not self.bytes_per_second:
            return
        with self._lock:
            begins = max(self._free_at, time.monotonic())
            self._free_at = begins + size_bytes / self.bytes_per_second
            ends = self._free_at
        time.sleep(max(0.0, ends - time.monotonic()))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sys.stdout.write(body.decode().replace("\n", " ") + "\n")
        sys.stdout.flush()
        self._answer(HTTPStatus.NO_CONTENT, b"")

    def do_GET(self) -> None:
        with contextlib.suppress(OSError):
            self._get()

    def _get(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/clock":
            self._answer(HTTPStatus.OK, str(time.monotonic_ns()).encode())
            return
        time.sleep(self.server.delay_s)
        file = self.server.folder / asked.path.lstrip("/")
        if not file.is_file():
            self._answer(HTTPStatus.NOT_FOUND, b"")
            return
        data = _read(file)
        words = parse_qs(asked.query)
        if "copy" in words:
            data = copy_of(data, int(words["copy"][0]))
        stall_at = int(words.get("stall_at", ["0"])[0])
        asked_range = self._range(len(data))
        first, last = asked_range or (0, len(data) - 1)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if asked_range else HTTPStatus.OK)
        self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(last + 1 - first))
        if asked_range:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.end_headers()
        piece = 4096 if self.server.bytes_per_second or stall_at else 1 << 18
        for start in range(first, last + 1, piece):
            if stall_at and start >= stall_at:
                self.connection.recv(1)  # until they hang up
                self.close_connection = True
                return
            part = data[start : min(start + piece, last + 1)]
            self.server.wait_for_turn(len(part))
            self.wfile.write(part)

    def _range(self, size: int) -> tuple[int, int] | None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            return None
        return int(asked[1]), min(int(asked[2] or size - 1), size - 1)

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bits", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    told = parser.parse_args()
    server = _Server(told.folder, told.bits, told.delay_ms / 1000)
    sys.stdout.write(json.dumps({"port": server.server_port}) + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
