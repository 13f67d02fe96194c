"""Where the browser comes back to: a door on this machine that is open for one sign-in.

    with Loopback() as door:
        webbrowser.open(begin(provider, door.redirect_uri, entropy).url)
        query = door.wait(300, words)

Only 127.0.0.1, a port of the system's choosing, one path; whatever else knocks gets 404.
"""

import html
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

PATH = "/signed-in"
_LOOK_S, _SLOW_S = 0.2, 5.0


class Loopback:
    """One door. Raises OSError where no port can be had."""

    def __init__(self) -> None:
        self._query: str | None = None
        self._words = ""
        door = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _SLOW_S  # who knocks and says nothing holds nobody up

            def do_GET(self) -> None:
                door._answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Never: the query holds the code."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def redirect_uri(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def wait(
        self, seconds: float, words: str, given_up: Callable[[], bool] = lambda: False
    ) -> str | None:
        """The query that the browser brought; None if nobody came, or it was given up.

        words: what the browser's page says then, plain text.
        """
        self._words = words
        end = time.monotonic() + seconds
        self._server.timeout = _LOOK_S
        while self._query is None and time.monotonic() < end and not given_up():
            self._server.handle_request()
        return self._query

    def close(self) -> None:
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _answer(self, asked: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(asked.path)
        fits = parts.path == PATH and bool(parts.query)
        page = (
            "<!doctype html><meta charset=utf-8><title>Anxue</title>"
            f"<p style='font:18px sans-serif;margin:3em'>{html.escape(self._words)}</p>"
        )
        data = page.encode() if fits else b""
        asked.send_response(200 if fits else 404)
        asked.send_header("content-type", "text/html; charset=utf-8")
        asked.send_header("content-length", str(len(data)))
        asked.send_header("cache-control", "no-store")
        asked.send_header("referrer-policy", "no-referrer")
        asked.send_header(
            "content-security-policy", "default-src 'none'; style-src 'unsafe-inline'"
        )
        asked.send_header("connection", "close")
        asked.end_headers()
        asked.wfile.write(data)
        if fits and self._query is None:
            self._query = parts.query
