"""Films and captions. A path names a row of the database, never a file: nothing to traverse."""

import re
from pathlib import Path
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Receive, Scope, Send

from sync.contract import ModeName, Problem
from sync.reference.accounts import Account, LearnerDep
from sync.reference.hours import entitled_lesson
from sync.reference.platform import Platform, PlatformDep
from sync.reference.problems import Refusal, documented
from sync.reference.tables import LessonRow

router = APIRouter(tags=["media"])
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")
_MP4 = {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}
_VTT = {"text/vtt": {"schema": {"type": "string"}}}
_PROBLEMS = documented("signed_out", "forbidden", "not_found", "taken_over")


class FilmResponse(FileResponse):
    """A file with single ranges (RFC 9110): others, and malformed ones, get the whole file."""

    def __init__(self, path: Path, media_type: str, headers: dict[str, str]) -> None:
        try:
            found = path.stat()
        except OSError as error:
            raise Refusal("not_found", "the lesson's file is missing on the platform") from error
        super().__init__(path, media_type=media_type, headers=headers, stat_result=found)
        self._size = found.st_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("range")
        if asked is not None:
            match = _RANGE.fullmatch(asked.replace(" ", ""))
            if match is None:
                headers = MutableHeaders(raw=list(scope["headers"]))
                del headers["range"]
                scope = {**scope, "headers": headers.raw}
            elif not _satisfiable(match, self._size):
                await self._outside().response()(scope, receive, send)
                return
        await super().__call__(scope, receive, send)

    def _outside(self) -> Refusal:
        size = {"Content-Range": f"bytes */{self._size}"}
        return Refusal("invalid", f"the file has {self._size} bytes", status=416, headers=size)


@router.head("/media/{lesson}/{mode}.mp4", include_in_schema=False)
@router.get(
    "/media/{lesson}/{mode}.mp4",
    status_code=200,
    responses={
        **_PROBLEMS,
        200: {"content": _MP4, "description": "the whole film"},
        206: {"content": _MP4, "description": "the range that was asked for"},
        416: {"model": Problem, "description": "a range outside the film"},
    },
)
def film(lesson: str, mode: ModeName, platform: PlatformDep, account: LearnerDep) -> Response:
    """One rendition of a lesson; `Range` with one range is honoured."""
    row = _lesson(platform, account, lesson)
    for rendition in row.renditions:
        if rendition.mode == mode:
            headers = {"etag": f'"{rendition.sha256}"', "cache-control": "private, max-age=86400"}
            return FilmResponse(Path(rendition.file), "video/mp4", headers)
    raise Refusal("not_found", f"no rendition {mode} of this lesson")


@router.get(
    "/media/{lesson}/{language}.vtt",
    status_code=200,
    responses={**_PROBLEMS, 200: {"content": _VTT, "description": "WebVTT"}},
)
def captions(
    lesson: str, language: Literal["zh_CN", "en"], platform: PlatformDep, account: LearnerDep
) -> Response:
    """A lesson's captions in one language."""
    for track in _lesson(platform, account, lesson).captions:
        if track.language == language:
            return FilmResponse(Path(track.file), "text/vtt; charset=utf-8", {})
    raise Refusal("not_found", f"no captions in {language} for this lesson")


def _lesson(platform: Platform, account: Account, lesson: str) -> LessonRow:
    with platform.store.reading() as db:
        row = entitled_lesson(db, account, lesson)
    if row is None:
        raise Refusal("not_found", "no such lesson among the learner's courses")
    return row


def _satisfiable(asked: re.Match[str], size: int) -> bool:
    first, last, suffix = asked.groups()
    if suffix is not None:
        return int(suffix) > 0 and size > 0
    return int(first) < size and (not last or int(first) <= int(last))
