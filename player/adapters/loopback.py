"""A web server for one reader: the media player on this machine.

It listens on 127.0.0.1 alone and answers only to addresses it has given out itself, each with a
secret of 32 random bytes, so that no other program on the PC can read along.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from player.adapters.cached_file import ReaderClosedError, UnavailableError
from player.events import Fault

_PIECE_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_STATUS = {Fault.MISSING: HTTPStatus.NOT_FOUND, Fault.REFUSED: HTTPStatus.FORBIDDEN}


class Opening(Protocol):
    """What stands behind one address."""

    @property
    def size_bytes(self) -> int:
        """The whole length."""

    def read(self, offset: int, length: int) -> bytes:
        """Wait for and return 1 to `length` bytes; see `CachedFile.read`."""


class LoopbackServer:
    """Serves what `find` knows by its path. `stop` ends every thread."""

    def __init__(self, find: Callable[[str], Opening | None]) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.find = find
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="media-server"
        )

    @property
    def base(self) -> str:
        """The address in front of every path."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}/"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody and end. Readers of `find`'s openings must have been closed."""
        self._server.hang_up()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()  # joins the threads of the connections


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    find: Callable[[str], Opening | None]

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._over = False

    def note(self, connection: socket.socket, *, opened: bool) -> None:
        """Keep count of open connections."""
        with self._lock:
            if opened:
                self._connections.add(connection)
            else:
                self._connections.discard(connection)
            if self._over:
                _shut(connection)

    def hang_up(self) -> None:
        """End all connections, also where a handler waits for a reader that is paused."""
        with self._lock:
            self._over = True
            for connection in self._connections:
                _shut(connection)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.note(self.connection, opened=True)

    def finish(self) -> None:
        self.server.note(self.connection, opened=False)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the player hangs up whenever it likes
            super().handle()

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing: the path is a secret."""

    def _answer(self, *, with_body: bool) -> None:
        opening = self.server.find(self.path.removeprefix("/"))
        if opening is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        size = opening.size_bytes
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        end = min(int(asked[2]) + 1, size) if asked and asked[2] else size
        if start >= end:
            self._refuse(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        try:
            # The first bytes before the headers: then a fault can still be a status
            piece = opening.read(start, min(_PIECE_BYTES, end - start)) if with_body else b""
        except UnavailableError as error:
            self._refuse(_STATUS.get(error.trouble.fault, HTTPStatus.BAD_GATEWAY))
            return
        except ReaderClosedError:
            return
        self.send_response(HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(end - start))
        self.send_header("Content-Type", "video/mp4")
        self.end_headers()
        with contextlib.suppress(UnavailableError, ReaderClosedError):
            while piece:
                self.wfile.write(piece)
                start += len(piece)
                piece = opening.read(start, min(_PIECE_BYTES, end - start)) if start < end else b""

    def _refuse(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()
