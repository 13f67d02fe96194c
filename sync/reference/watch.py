"""The outermost door: names each request, counts it, writes its line, answers its fault.

`X-Request-Id` is taken if it looks like one and made if not; the answer has it, also that of
a fault. A W3C `traceparent` is taken into the log, so that a line is found from a trace.
"""

import re
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import exc
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.contract import API
from sync.reference import logs, metrics, seen
from sync.reference.problems import Refusal
from sync.reference.running import Running
from sync.reference.seen import Seen

REQUEST_ID = "x-request-id"
METRICS_PATH = "/metrics"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Version 00 to fe, trace and parent not all zeros: https://www.w3.org/TR/trace-context/
_TRACE = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
# The database is away, changes over, is full, or let another go first: the same again may work.
_AWAY = (exc.OperationalError, exc.InterfaceError, exc.DisconnectionError, exc.TimeoutError)
_QUIET = ("/v1/health", "/v1/ready", METRICS_PATH)


@dataclass(slots=True)
class _Answer:
    status: int = 0


class Watch:
    """log_key: what pseudonyms are made with. token: what opens `/metrics`."""

    def __init__(self, app: ASGIApp, running: Running, log_key: bytes, token: str) -> None:
        self._app = app
        self._running = running
        self._log_key = log_key
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        noted = Seen(request=_request_id(headers), trace=_trace(headers))
        answer = _Answer()

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = noted.request
            await send(message)

        begun = time.perf_counter()
        token = seen.begin(noted)
        try:
            if scope["path"] == METRICS_PATH:
                await self._figures(headers)(scope, receive, named)
            else:
                await self._app(scope, receive, named)
        except Exception as error:
            noted.error = error
            if answer.status:
                raise  # half an answer is out: only a cut connection tells the truth
            status = 503 if isinstance(error, _AWAY) else 500
            failed = Refusal("unavailable", "the platform failed; try again later", status=status)
            await failed.response()(scope, receive, named)
        finally:
            seen.end(token)
            self._tell(scope, noted, answer.status, time.perf_counter() - begun)

    def _figures(self, headers: Headers) -> Response:
        if not metrics.may_look(headers.get("authorization", ""), self._token):
            return Refusal("signed_out", "the token of /metrics is needed").response()
        return Response(self._running.metrics.text(), media_type=metrics.CONTENT_TYPE)

    def _tell(self, scope: Scope, noted: Seen, status: int, seconds: float) -> None:
        method, path = scope["method"], scope["path"]
        route = noted.route or (path if path in _QUIET else "")
        taken = noted.records if status < 300 else 0
        self._running.metrics.answered(method, route, status, seconds, noted.code, taken)
        if path in _QUIET and status < 400:
            return
        log = self._running.log
        say = log.info if status < 500 else log.warning
        error = noted.error
        if status == 500 or error is not None:
            say = log.error
        say(
            "request",
            request=noted.request,
            trace=noted.trace,
            method=method,
            route=route or metrics.UNKNOWN,
            status=status,
            ms=round(seconds * 1000, 1),
            learner=logs.pseudonym(self._log_key, noted.learner) if noted.learner else "",
            code=noted.code,
            records=taken or None,
            error=type(error).__name__ if error else "",
            frames=logs.frames(error) if error else "",
        )


class Routed:
    """The innermost door: remembers which route it was, once that has been found."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            template = str(getattr(scope.get("route"), "path", ""))
            # A router's own prefix is not part of its routes' templates.
            below = template and scope["path"].startswith(f"{API}/")
            seen.route(API + template.removeprefix(API) if below else template)


def _request_id(headers: Headers) -> str:
    told = headers.get(REQUEST_ID, "")
    return told if _ID.fullmatch(told) else secrets.token_urlsafe(12)


def _trace(headers: Headers) -> str:
    told = _TRACE.fullmatch(headers.get("traceparent", ""))
    return told.group(1) if told else ""
