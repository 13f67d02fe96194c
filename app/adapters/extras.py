"""What goes with a lesson's film: captions and the small pictures of the bar.

Nothing here is needed to study. What cannot be had is absent, one line in the log says so, and the
next opening of the lesson tries again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject

from app.adapters.background import Background
from app.events import ExtrasLoaded
from player.captions import Track
from sync.contract import Lesson
from sync.ports import GatewayError

log = logging.getLogger(__name__)

_JPEG = b"\xff\xd8\xff"


class MediaFiles(Protocol):
    """The part of `sync.ports.Gateway` that is wanted; called from a thread of ours."""

    def media_file(self, path: str) -> bytes:
        """A small file, whole. Any GatewayError."""


class Extras(QObject):
    """Fetches for one lesson at a time; `tell` is called in this object's thread.

    Captions are told as soon as they are there; where there is a picture too, a second event
    brings both. Of a lesson that has neither, nothing is told.
    """

    def __init__(
        self,
        files: MediaFiles,
        parse: Callable[[bytes], Track],
        tell: Callable[[ExtrasLoaded], None],
        clock_ns: Callable[[], int],
    ) -> None:
        """parse: `player.adapters.webvtt.parse`; ValueError for what are no captions."""
        super().__init__()
        self._files = files
        self._parse = parse
        self._tell = tell
        self._clock_ns = clock_ns
        self._background = Background("extras", self)
        self._opening = 0  # what still comes for an earlier one is not told

    def fetch(self, lesson: Lesson) -> None:
        """Begin to fetch; what is under way for another lesson is given up."""
        self._opening += 1
        opening = self._opening
        if not lesson.captions:
            self._fetch_picture(opening, lesson, {})
            return

        def done(captions: Mapping[str, Track]) -> None:
            if opening != self._opening:
                return
            if captions:
                self._tell(ExtrasLoaded(self._clock_ns(), lesson.id, captions))
            self._fetch_picture(opening, lesson, captions)

        self._background.run(lambda: self._captions(opening, lesson), done, _unexpected)

    def cancel(self) -> None:
        """The lesson was left: nothing of it is told any more."""
        self._opening += 1

    def close(self) -> None:
        """End the thread, after the request that is under way."""
        self.cancel()
        self._background.close()

    def _fetch_picture(self, opening: int, lesson: Lesson, captions: Mapping[str, Track]) -> None:
        if lesson.thumbnails is None:
            return
        path = lesson.thumbnails.path

        def done(data: bytes | None) -> None:
            if opening == self._opening and data is not None:
                self._tell(ExtrasLoaded(self._clock_ns(), lesson.id, captions, data))

        self._background.run(lambda: self._picture(opening, path), done, _unexpected)

    # In the worker

    def _captions(self, opening: int, lesson: Lesson) -> Mapping[str, Track]:
        tracks: dict[str, Track] = {}
        for info in lesson.captions:
            data = self._file(opening, info.path)
            if data is None:
                continue
            try:
                tracks[info.language] = self._parse(data)
            except ValueError as error:
                log.warning("captions %s: %s", info.path, error)
        return tracks

    def _picture(self, opening: int, path: str) -> bytes | None:
        data = self._file(opening, path)
        if data is None or data.startswith(_JPEG):
            return data
        log.warning("small pictures %s: not a JPEG", path)
        return None

    def _file(self, opening: int, path: str) -> bytes | None:
        """None where it cannot be had, or where nobody waits for it any more."""
        if opening != self._opening:
            return None
        try:
            return self._files.media_file(path)
        except GatewayError as error:
            log.warning("%s cannot be had: %s", path, type(error).__name__)
            return None


def _unexpected(error: BaseException) -> None:
    """A mistake of ours costs the captions, not the lesson; the log has where it was made."""
    log.error("extras", exc_info=error)
