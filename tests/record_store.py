"""A strict xAPI record store over real HTTP, as small as it can be: what 1.0.3 says about POST.

A batch is whole or nothing; a known id with the same statement is taken, with another 409; the
version header is needed; `version` of a statement has to be 1.0.x where the header says so.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Neighbour:
    """said: answers to give before the real one, oldest first; None is the real one.

    got: the bodies that came, whatever was answered. lose: act, and then cut the line.
    """

    url: str = ""
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    got: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    said: list[Answer | None] = field(default_factory=list)
    lose: int = 0
    poison: set[str] = field(default_factory=set)
    conflicts: bool = False
    wrote: int = 0

    def take(self, headers: dict[str, str], body: bytes) -> Answer:
        """`POST /xAPI/statements`."""
        login = base64.b64encode(b"anxue:secret").decode()
        if headers.get("authorization") != f"Basic {login}":
            return 401, {}, b'{"error":"who are you"}'
        version = headers.get("x-experience-api-version", "")
        if not version.startswith(("1.0", "2.0")):
            return 400, {}, b'{"error":"version header"}'
        statements: list[dict[str, Any]] = json.loads(body)
        for statement in statements:
            if not statement["version"].startswith(version[:3]):
                return 400, {}, b'{"error":"version of a statement"}'
            if statement["id"] in self.poison:
                return 400, {}, b'{"error":"a statement that I do not like"}'
            known = self.kept.get(statement["id"])
            if known is not None and (self.conflicts or known != statement):
                return 409, {}, b'{"error":"the id is there"}'
        for statement in statements:
            self.wrote += statement["id"] not in self.kept
            self.kept[statement["id"]] = statement
        return 200, {}, json.dumps([statement["id"] for statement in statements]).encode()

    def answer(self, headers: dict[str, str], body: bytes) -> Answer:
        self.got.append(body)
        self.headers.append(headers)
        planned = self.said.pop(0) if self.said else None
        return planned if planned is not None else self.take(headers, body)


class Supervision(Neighbour):
    """The supervision platform's door: answers with what it took."""

    def take(self, headers: dict[str, str], body: bytes) -> Answer:
        if headers.get("content-type") != "application/jose":
            return 415, {}, b""
        part = body.split(b".")[1]
        told = json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
        known = self.kept.get(told["id"])
        if known is not None and known["revision"] > told["revision"]:
            return 409, {}, b""
        self.kept[told["id"]], self.texts[told["id"]] = told, body
        took = {"id": told["id"], "revision": told["revision"]}
        return 202, {}, json.dumps(took).encode()


@contextmanager
def serving(told: Neighbour) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, data = told.answer(headers, body)
            if told.lose:
                told.lose -= 1
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
