"""The door: bodies are unpacked and limited before anything looks at them.

Pure ASGI, so that a film that is being sent never passes through a buffer of ours.
"""

import zlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync import strictjson
from sync.contract import API
from sync.reference.problems import Refusal

MAX_PACKED = 1024 * 1024
MAX_BODY = 4 * 1024 * 1024
RECORDS = f"{API}/records"
_BODYLESS = {"GET", "HEAD", "OPTIONS"}


class BodyGate:
    """Takes gzip and plain bodies up to a size; everything else is refused by name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\x00" in scope["path"]:
            # Nothing has such a name, and PostgreSQL would not even look for it.
            await Refusal("not_found", "no such path").response()(scope, receive, send)
            return
        if b"%00" in scope["query_string"]:
            await Refusal("invalid", "query: not text").response()(scope, receive, send)
            return
        if scope["method"] in _BODYLESS:
            await self._app(scope, receive, send)
            return
        try:
            body = _unpack(Headers(scope=scope), await _read(receive))
            _check(scope["path"], Headers(scope=scope), body)
        except Refusal as refusal:
            await refusal.response()(scope, receive, send)
            return
        headers = MutableHeaders(raw=list(scope["headers"]))
        del headers["content-encoding"]
        headers["content-length"] = str(len(body))
        await self._app({**scope, "headers": headers.raw}, _replay(body, receive), send)


async def _read(receive: Receive) -> bytes:
    data = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal("invalid", "the body ended early")
        data += message.get("body", b"")
        more = message.get("more_body", False)
        if len(data) > MAX_BODY:
            raise Refusal("too_large", f"at most {MAX_BODY} bytes")
    return bytes(data)


def _check(path: str, headers: Headers, body: bytes) -> None:
    """JSON that two readers could read differently is refused. Records are read by their route."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or not body or path == RECORDS:
        return
    try:
        strictjson.loads(body)
    except strictjson.JsonError as error:
        raise Refusal("invalid", f"body: {error}") from error


def _unpack(headers: Headers, data: bytes) -> bytes:
    match headers.get("content-encoding", "identity").lower():
        case "identity":
            return data
        case "gzip":
            return _gunzip(data)
        case other:
            raise Refusal("invalid", f"content-encoding {other!r} is not understood", status=415)


def _gunzip(data: bytes) -> bytes:
    """One whole gzip member and nothing after it."""
    if len(data) > MAX_PACKED:
        raise Refusal("too_large", f"at most {MAX_PACKED} packed bytes")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        # One byte over the limit is enough to know; a bomb is never unpacked.
        body = unpacker.decompress(data, MAX_BODY + 1)
    except zlib.error as error:
        raise Refusal("invalid", f"not gzip: {error}") from error
    if len(body) > MAX_BODY:
        raise Refusal("too_large", f"at most {MAX_BODY} unpacked bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise Refusal("invalid", "not one whole gzip member")
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """The unpacked body as if it had just come in, and then whatever really comes."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
