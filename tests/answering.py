"""A server that answers every request as it is told, and a client of the platform for it."""

import json
import ssl
import sys
import threading
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from sync.adapters.gateway import HttpGateway
from sync.contract import ClientInfo, Message, SignIn
from tests.sync_rig import NOW_MS, FakePlatform

PLATFORM = FakePlatform()
QUESTION = SignIn(
    name="演示",
    password="anxue",
    client=ClientInfo(version="0.1.0", system="a test", language="zh_CN"),
    public_key="AAAA",
)
HTML = b"<!doctype html><title>Welcome to the hotel's Wi-Fi</title>"


@dataclass
class Reply:
    """status None: hang up without a word. pause: wait for the test's end before answering.

    stale: hang up the first time, as a kept-alive connection that ran out does. drip_s: the
    body goes byte by byte, with so many seconds between.
    """

    status: int | None = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    pause: bool = False
    stale: bool = False
    drip_s: float = 0.0


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class _Http(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that breaks off the handshake is what a test wants to see."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Server:
    """Answers every request with `reply` and remembers what was asked."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.reply = Reply()
        self.asked: list[Asked] = []
        self.was_asked = threading.Event()
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout: ClassVar[float] = 5

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(length)
                reply = outer.reply
                outer.asked.append(Asked(self.command, self.path, headers, body))
                outer.was_asked.set()
                self.close_connection = True
                if reply.pause:
                    outer.over.wait(10)
                    return
                if reply.status is None or reply.stale:
                    reply.stale = False
                    return
                self.send_response_only(reply.status)
                for name, value in ({"Date": formatdate(NOW_MS / 1000)} | reply.headers).items():
                    if value:
                        self.send_header(name, value)
                if "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.send_header("Connection", "close")
                self.end_headers()
                for byte in reply.body if reply.drip_s else b"":
                    self.wfile.write(bytes([byte]))
                    if outer.over.wait(reply.drip_s):
                        return
                self.wfile.write(b"" if reply.drip_s else reply.body)

            do_GET = do_POST = do_PUT = answer  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._http = _Http((host, 0), Handler)
        if tls is not None:
            self._http.socket = tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self._http.daemon_threads = False
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()
        self.port = int(self._http.server_address[1])
        self.url = f"{'https' if tls else 'http'}://{host}:{self.port}"

    def say(self, message: Message | dict[str, Any], status: int = 200, **headers: str) -> None:
        value = message.model_dump(mode="json") if isinstance(message, Message) else message
        self.reply = Reply(status, json.dumps(value, ensure_ascii=False).encode(), headers)

    def close(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def signed_in(server: Server, gateway: HttpGateway) -> None:
    server.say(PLATFORM.session())
    gateway.sign_in(QUESTION)
