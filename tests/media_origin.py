"""An origin for films that can do everything a web server does wrong, one fault at a time."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler", bytes, int, int], None]
"""Answers a request for [start, end) of a film's bytes."""


@dataclass
class MediaOrigin:
    """Films by path; how it answers may change while it runs."""

    films: dict[str, bytes] = field(default_factory=dict)
    answer: Answer = field(default_factory=lambda: good)
    delay_s: float = 0.0
    """Before each 64 KiB."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path with query, and headers, of each request."""
    sent_bytes: int = 0
    port: int = 0
    tls: ssl.SSLContext | None = None
    going: threading.Event = field(default_factory=threading.Event)

    def base(self, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}/"


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 64
    origin: MediaOrigin
    open: set[socket.socket]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is none."""


class Handler(BaseHTTPRequestHandler):
    """One connection, HTTP/1.1."""

    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def origin(self) -> MediaOrigin:
        return self.server.origin

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass

    def do_GET(self) -> None:
        self.origin.asked.append((self.path, dict(self.headers.items())))
        film = self.origin.films.get(self.path.split("?")[0])
        with contextlib.suppress(OSError):
            if film is None:
                self.say(404)
                return
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            start = int(asked[1]) if asked else 0
            end = min(int(asked[2]) + 1, len(film)) if asked and asked[2] else len(film)
            self.origin.answer(self, film, start, end)

    def say(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """Send an answer as a whole."""
        self.head(status, {"Content-Length": str(len(body)), **(headers or {})})
        self.send(body)

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send(self, data: bytes) -> None:
        for at in range(0, len(data), 65536):
            if self.origin.going.wait(self.origin.delay_s):
                raise ConnectionError
            self.wfile.write(data[at : at + 65536])
            self.origin.sent_bytes += len(data[at : at + 65536])

    def cut(self) -> None:
        """Hang up as a broken line does."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def part(film: bytes, start: int, end: int) -> dict[str, str]:
    """The headers of a proper answer."""
    return {
        "Content-Type": "video/mp4",
        "Content-Range": f"bytes {start}-{end - 1}/{len(film)}",
        "Content-Length": str(end - start),
        "ETag": f'"{hash(film) & 0xFFFFFFFF:x}"',
        "Cache-Control": "max-age=3600",
    }


def good(handler: Handler, film: bytes, start: int, end: int) -> None:
    """Answer as one should."""
    handler.head(206, part(film, start, end))
    handler.send(film[start:end])


def status(code: int, **headers: str) -> Answer:
    """Answer nothing but a status."""
    return lambda handler, _film, _start, _end: handler.say(
        code, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def first(times: int, bad: Answer, then: Answer = good) -> Answer:
    """Answer badly so many times."""
    left = [times]

    def answer(handler: Handler, film: bytes, start: int, end: int) -> None:
        left[0] -= 1
        (bad if left[0] >= 0 else then)(handler, film, start, end)

    return answer


def cut_after(count: int) -> Answer:
    """Promise all, send `count` bytes, hang up."""

    def answer(handler: Handler, film: bytes, start: int, end: int) -> None:
        handler.head(206, part(film, start, end))
        handler.send(film[start : min(end, start + count)])
        handler.cut()

    return answer


def truncated_at(size: int) -> Answer:
    """A file that ends before it should, although its headers know better."""

    def answer(handler: Handler, film: bytes, start: int, end: int) -> None:
        handler.head(206, part(film, start, end))
        handler.send(film[start : min(end, size)])
        handler.cut()

    return answer


def stall_after(count: int) -> Answer:
    """Send `count` bytes, then nothing for ever, with the line open."""

    def answer(handler: Handler, film: bytes, start: int, end: int) -> None:
        if count:
            handler.head(206, part(film, start, end))
            handler.send(film[start : min(end, start + count)])
        handler.origin.going.wait()
        handler.cut()

    return answer


def portal(handler: Handler, _film: bytes, _start: int, _end: int) -> None:
    """A hotel's page, in the place of everything."""
    handler.say(200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>Sign in</html>" * 99)


def whole(handler: Handler, film: bytes, _start: int, _end: int) -> None:
    """A server that knows no Range."""
    handler.say(200, {"Content-Type": "text/html"}, film)


def chunked(handler: Handler, film: bytes, _start: int, _end: int) -> None:
    """Neither Range nor a length."""
    handler.head(200, {"Content-Type": "video/mp4", "Transfer-Encoding": "chunked"})
    for at in range(0, len(film), 50_000):
        piece = film[at : at + 50_000]
        handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def gzipped(handler: Handler, film: bytes, start: int, end: int) -> None:
    """Compressed although nobody asked; a part of the compressed bytes if a part is wanted."""
    packed = gzip.compress(film, 1)
    coding = {"Content-Type": "video/mp4", "Content-Encoding": "gzip"}
    if handler.headers.get("Range"):
        told = {"Content-Range": f"bytes {start}-{end - 1}/{len(film)}"}
        handler.say(206, coding | told, packed[:end])
    else:
        handler.say(200, coding, packed)


def shifted(handler: Handler, film: bytes, start: int, end: int) -> None:
    """Other bytes than those that were asked for."""
    handler.say(206, part(film, start + 1, end), film[start + 1 : end])


@contextlib.contextmanager
def media_origin(
    films: dict[str, bytes], *, tls: ssl.SSLContext | None = None
) -> Iterator[MediaOrigin]:
    """Run an origin on loopback."""
    origin = MediaOrigin({f"/{name}": data for name, data in films.items()}, tls=tls)
    server = _Server(("127.0.0.1", 0), Handler)
    server.origin, server.open = origin, set()
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    origin.port = server.server_port
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="media-origin"
    )
    thread.start()
    try:
        yield origin
    finally:
        origin.going.set()
        server.shutdown()
        thread.join()
        for connection in list(server.open):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        server.server_close()


def comes(true: Callable[[], object], within_s: float = 5.0) -> bool:
    """Wait until something is true."""
    ends = time.monotonic() + within_s
    while not true() and time.monotonic() < ends:
        threading.Event().wait(0.01)
    return bool(true())
