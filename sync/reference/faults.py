"""Misbehaviour on request, for tests of how clients bear it. Off unless it is switched on.

    create_app(..., faults=folder / "faults.json")      and then, at any time,
    write(folder / "faults.json", Faults(error=True))

The file is read for each request, so that a test can turn a running platform bad and
good again from another process.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import anyio
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.reference.platform import Clock

FILE = "faults.json"
_PORTAL = "<!doctype html><title>Hotel Wi-Fi</title><h1>Welcome! Please accept our terms.</h1>"


class Faults(BaseModel):
    """What goes wrong, on paths that start with `path`.

    answer: "error" is a 500 without a Problem, "nonsense" a page of HTML with 200, as a
    captive portal sends it, "half" breaks off in the middle of an answer, "lost" does what
    was asked and then says nothing of it. delay_s: before anything else. clock_off_s:
    added to the platform's clock. missing_media: films are gone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = "/"
    answer: Literal["error", "nonsense", "half", "lost"] | None = None
    delay_s: float = 0.0
    clock_off_s: float = 0.0
    missing_media: bool = False


def write(file: Path, faults: Faults) -> None:
    """Switch to these faults; whole at once, however many requests are on their way."""
    draft = file.with_suffix(".new")
    draft.write_text(faults.model_dump_json(), "utf-8")
    os.replace(draft, file)  # noqa: PTH105 (Path.replace would say the same)


def read(file: Path) -> Faults:
    """The faults that are on; none while there is no file."""
    try:
        return Faults.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return Faults()


def wrong_clock(clock: Clock, file: Path) -> Clock:
    """The clock, as far off as the file says."""

    def wrong() -> datetime:
        return clock() + timedelta(seconds=read(file).clock_off_s)

    return wrong


class FaultyDoor:
    """ASGI: stands before everything else."""

    def __init__(self, app: ASGIApp, file: Path) -> None:
        self._app = app
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        faults = read(self._file)
        if scope["type"] != "http" or not scope["path"].startswith(faults.path):
            await self._app(scope, receive, send)
            return
        if faults.delay_s:
            await anyio.sleep(faults.delay_s)
        if faults.missing_media and "/media/" in scope["path"]:
            gone = JSONResponse({"code": "not_found", "detail": "the file is missing"}, 404)
            await gone(scope, receive, send)
            return
        match faults.answer:
            case "error":
                broken = PlainTextResponse("Internal Server Error", 500)
                await broken(scope, receive, send)
            case "nonsense":
                await HTMLResponse(_PORTAL)(scope, receive, send)
            case "half" | "lost":
                await self._app(scope, receive, _breaking(send, faults.answer))
            case _:
                await self._app(scope, receive, send)


def _breaking(send: Send, how: Literal["half", "lost"]) -> Send:
    """A send that ends in the middle of the body, or before it; the server then hangs up."""
    sent = False

    async def broken(message: Message) -> None:
        nonlocal sent
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            body = body[: len(body) // 2] if how == "half" and not sent else b""
            message = {**message, "body": body, "more_body": True}
            sent = True
        await send(message)

    return broken
