"""An S3 to test with: moto's server over HTTP, in a thread, with a switch that breaks it."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any

import httpx
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

BUCKET = "anxue"


@dataclass
class S3:
    """broken: every answer is 503 while it is set. asked: (method, path) of every request."""

    url: str = ""
    broken: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def address(self, prefix: str) -> str:
        return f"s3://{BUCKET}/{prefix}?endpoint={self.url}"


@contextmanager
def s3() -> Iterator[S3]:
    told = S3()
    moto = DomainDispatcherApplication(create_backend_app)

    def door(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        told.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if told.broken:
            start("503 Slow Down", [("content-length", "0")])
            return [b""]
        answer: Any = moto(environ, start)
        return answer  # type: ignore[no-any-return]

    server = make_server("127.0.0.1", 0, door, threaded=True)
    told.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        httpx.put(f"{told.url}/{BUCKET}").raise_for_status()
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
