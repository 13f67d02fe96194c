"""What a lesson shows. A path names a row of the database, never a file: nothing to traverse."""

import re
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Security
from fastapi.responses import FileResponse, Response
from fastapi.security import APIKeyQuery
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Receive, Scope, Send

from sync.contract import API, MediaAddress, ModeName, Problem
from sync.reference import media_objects, signed_media
from sync.reference.accounts import Account, LearnerDep, PerhapsLearnerDep
from sync.reference.hours import entitled_lesson
from sync.reference.platform import Platform, PlatformDep, timestamp
from sync.reference.problems import Refusal, documented
from sync.reference.tables import LessonRow, RenditionRow

router = APIRouter(tags=["media"])
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))")
_MP4 = {"video/mp4": {"schema": {"type": "string", "format": "binary"}}}
_JPEG = {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}
_SIGNATURE = APIKeyQuery(
    name="signature",
    scheme_name="address",
    description="With `expires`: an address that `…/address` gave. No token is needed then.",
    auto_error=False,
)
_PRIVATE, _PUBLIC = "private, max-age=86400", "public, max-age=86400"
_VTT = {"text/vtt": {"schema": {"type": "string"}}}
_PROBLEMS = documented("signed_out", "forbidden", "not_found", "taken_over")


class FilmResponse(FileResponse):
    """A file with single ranges (RFC 9110): others, and malformed ones, get the whole file.

    With an `etag` among the headers, `If-None-Match` is answered 304: a cache asks so whether
    what it keeps is still the film.
    """

    def __init__(self, path: Path, media_type: str, headers: dict[str, str]) -> None:
        try:
            found = path.stat()
        except OSError as error:
            raise Refusal("not_found", "the lesson's file is missing on the platform") from error
        super().__init__(path, media_type=media_type, headers=headers, stat_result=found)
        self._size = found.st_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = Headers(scope=scope)
        etag = self.headers.get("etag", "")
        if etag and etag in _etags(told.get("if-none-match", "")):
            kept = {name: self.headers[name] for name in ("etag", "cache-control")}
            await Response(status_code=304, headers=kept)(scope, receive, send)
            return
        asked = told.get("range")
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
        304: {"description": "it is still what `If-None-Match` names"},
        416: {"model": Problem, "description": "a range outside the film"},
    },
)
def film(
    lesson: str,
    mode: ModeName,
    platform: PlatformDep,
    account: PerhapsLearnerDep,
    signature: Annotated[str | None, Security(_SIGNATURE)],
    expires: Annotated[str | None, Query(description="seconds since 1970, of the address")] = None,
) -> Response:
    """One rendition of a lesson; `Range` with one range is honoured.

    To the learner's token, or to a signed address; what such an address is answered with,
    any cache may keep.
    """
    if account is not None:
        row = _lesson(platform, account, lesson)
    elif signature is None and expires is None:
        raise Refusal("signed_out", "sign in first, or ask for an address")
    else:
        path = _film_path(lesson, mode)
        signed_media.check(platform.keys.media, path, platform.clock(), expires, signature)
        row = _any_lesson(platform, lesson)
    rendition = _rendition(row, mode)
    headers = {
        "etag": f'"{rendition.sha256}"',
        "cache-control": _PUBLIC if account is None else _PRIVATE,
    }
    if rendition.file.startswith(media_objects.SCHEME):
        return media_objects.film(platform, rendition, headers)
    return FilmResponse(Path(rendition.file), "video/mp4", headers)


@router.get("/media/{lesson}/{mode}.mp4/address", responses=_PROBLEMS)
def address(
    lesson: str, mode: ModeName, platform: PlatformDep, account: LearnerDep, response: Response
) -> MediaAddress:
    """Where the film can be had for a while without a token: for caches on the way."""
    rendition = _rendition(_lesson(platform, account, lesson), mode)
    response.headers["cache-control"] = "no-store"
    direct = media_objects.address(platform, rendition)
    if direct is not None:
        return direct
    url, expires = signed_media.sign(
        platform.keys.media,
        _film_path(lesson, mode),
        platform.clock(),
        platform.settings.media_address_s,
    )
    return MediaAddress(url=url, expires_at=timestamp(expires))


@router.get(
    "/media/{lesson}/thumbnails.jpg",
    status_code=200,
    responses={**_PROBLEMS, 200: {"content": _JPEG, "description": "small pictures of the film"}},
)
def thumbnails(lesson: str, platform: PlatformDep, account: LearnerDep) -> Response:
    """A lesson's small pictures, all in one JPEG."""
    row = _lesson(platform, account, lesson).thumbnails
    if row is None:
        raise Refusal("not_found", "no small pictures for this lesson")
    return FilmResponse(Path(row.file), "image/jpeg", {"cache-control": _PRIVATE})


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


def _any_lesson(platform: Platform, lesson: str) -> LessonRow:
    with platform.store.reading() as db:
        row = db.get(LessonRow, lesson)
    if row is None:
        raise Refusal("not_found", "the platform has no such lesson any more")
    return row


def _rendition(row: LessonRow, mode: ModeName) -> RenditionRow:
    for rendition in row.renditions:
        if rendition.mode == mode:
            return rendition
    raise Refusal("not_found", f"no rendition {mode} of this lesson")


def _film_path(lesson: str, mode: ModeName) -> str:
    return f"{API}/media/{lesson}/{mode}.mp4"


def _etags(header: str) -> set[str]:
    """The tags that an `If-None-Match` names; it compares weakly."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _satisfiable(asked: re.Match[str], size: int) -> bool:
    first, last, suffix = asked.groups()
    if suffix is not None:
        return int(suffix) > 0 and size > 0
    return int(first) < size and (not last or int(first) <= int(last))
