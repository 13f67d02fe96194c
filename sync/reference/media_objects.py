"""Films in the object store: a rendition whose `file` is `object:NAME`.

They are streamed through the platform with Range as files are; or, with `direct_media`, learners
get an address that the store itself signed, and the platform carries none of their bytes.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from fastapi.responses import Response, StreamingResponse
from sqlalchemy import select
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from sync.contract import MediaAddress
from sync.reference.objects import MissingObjectError, Objects, ObjectsError
from sync.reference.platform import Platform, timestamp
from sync.reference.problems import Refusal
from sync.reference.tables import RenditionRow

SCHEME = "object:"
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")


def film(platform: Platform, rendition: RenditionRow, headers: Mapping[str, str]) -> Response:
    """The film, or the range of it that is asked for. Raises Refusal."""
    objects = _objects(platform)
    name = rendition.file.removeprefix(SCHEME)
    try:
        size = objects.size(name)
    except MissingObjectError as error:
        raise Refusal("not_found", "the lesson's file is missing on the platform") from error
    except ObjectsError as error:
        raise Refusal("unavailable", "the films cannot be reached now") from error
    return _Film(objects, name, size, headers)


def move_in(platform: Platform) -> int:
    """Copy films that are files into the store, and refer to them there; how many.

    Each is complete in the store before its row changes; the files stay. Raises ObjectsError,
    OSError: what was moved by then stays moved.
    """
    assert platform.objects is not None
    with platform.store.reading() as db:
        query = select(RenditionRow).where(RenditionRow.file.not_like(f"{SCHEME}%"))
        rows = db.scalars(query).all()
    for row in rows:
        name = f"media/{row.lesson}/{row.mode}-{row.sha256[:16]}.mp4"
        platform.objects.put_file(name, Path(row.file))
        with platform.store.writing() as db:
            db.get_one(RenditionRow, (row.lesson, row.mode)).file = f"{SCHEME}{name}"
    return len(rows)


def address(platform: Platform, rendition: RenditionRow) -> MediaAddress | None:
    """The store's own address of a film; None where learners get films from the platform."""
    if not rendition.file.startswith(SCHEME):
        return None
    objects = _objects(platform)
    if not objects.direct:
        return None
    lifetime = timedelta(seconds=platform.settings.media_address_s)
    expires = platform.clock() + lifetime
    try:
        url = objects.address(rendition.file.removeprefix(SCHEME), lifetime)
    except ObjectsError as error:
        raise Refusal("unavailable", "the films cannot be reached now") from error
    return MediaAddress(url=url, expires_at=timestamp(expires))


class _Film(Response):
    """One object, whole or one range of it (RFC 9110); decided when the request is here."""

    def __init__(self, objects: Objects, name: str, size: int, headers: Mapping[str, str]) -> None:
        super().__init__(headers={**headers, "accept-ranges": "bytes"}, media_type="video/mp4")
        self._objects, self._name, self._size = objects, name, size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told, kept = Headers(scope=scope), dict(self.headers)
        kept.pop("content-length", None)
        tags = {tag.strip().removeprefix("W/") for tag in told.get("if-none-match", "").split(",")}
        if kept.get("etag") in tags:
            await Response(status_code=304, headers=kept)(scope, receive, send)
            return
        start, end, status = 0, self._size, 200
        match = _RANGE.fullmatch(told.get("range", "").replace(" ", ""))
        if match is not None and told.get("if-range", kept.get("etag")) == kept.get("etag"):
            start, end = _span(match, self._size)
            if start >= end:
                size = {"content-range": f"bytes */{self._size}"}
                detail = f"the file has {self._size} bytes"
                refusal = Refusal("invalid", detail, status=416, headers=size)
                await refusal.response()(scope, receive, send)
                return
            status = 206
            kept["content-range"] = f"bytes {start}-{end - 1}/{self._size}"
        kept["content-length"] = str(end - start)
        if scope["method"] == "HEAD":
            await Response(status_code=status, headers=kept)(scope, receive, send)
            return
        pieces: Iterator[bytes] = self._objects.stream(self._name, start, end)
        answer = StreamingResponse(pieces, status, kept)
        await answer(scope, receive, send)


def _span(match: re.Match[str], size: int) -> tuple[int, int]:
    """[start, end) of a range; an empty one where there is nothing of it."""
    first, last, suffix = match.groups()
    if suffix is not None:
        return max(0, size - int(suffix)), size if int(suffix) else 0
    end = min(size, int(last) + 1) if last else size
    return int(first), end


def _objects(platform: Platform) -> Objects:
    if platform.objects is None:
        raise Refusal("unavailable", "the place where films are kept is not joined")
    return platform.objects
