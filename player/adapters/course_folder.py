"""Films on a stick or a share: found by their name or by a list that names their SHA-256."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from player.adapters.origins import Flow, PassingError

_T = TypeVar("_T")

_log = logging.getLogger(__name__)

LISTS = ("course.json", "film.json")
_PLACES = ("", "*/", "*/*/")  # below the folder
_LONGEST_LIST = 8 * 1024 * 1024
_PIECE_BYTES = 256 * 1024


class FolderOrigin:
    """An `Origin` for one film in a folder that may come and go.

    The film is `<sha256>.mp4`, or the `file` beside a `sha256` in a course.json or film.json;
    in the folder itself or up to two below it. Its size must be right, its bytes are proven
    with the whole film's hash.
    """

    name = "course folder"
    doubtful = True

    def __init__(self, folder: Path, size_bytes: int, sha256: str, patience_s: float) -> None:
        self._folder = folder
        self._size_bytes = size_bytes
        self._sha256 = sha256
        self._patience_s = patience_s
        self._found: Path | None = None
        self._asked: Future[Any] | None = None

    def ask(self, offset: int) -> Flow:
        """See `Origin.ask`. TimeoutError where the folder does not answer within `patience_s`."""
        file = self._patiently(lambda: self._open(offset))

        def pieces() -> Iterator[bytes]:
            while piece := self._patiently(lambda: file.read(_PIECE_BYTES)):
                yield piece

        def close() -> None:
            if not self._hangs:  # else whoever hangs has it
                file.close()

        return Flow(offset, pieces(), close)

    @property
    def _hangs(self) -> bool:
        return self._asked is not None and not self._asked.done()

    def _patiently(self, work: Callable[[], _T]) -> _T:
        """Do something in a thread of its own: a share whose server is gone hangs for minutes."""
        if self._hangs:
            raise PassingError("the folder still does not answer")
        asked: Future[_T] = Future()
        self._asked = asked

        def run() -> None:
            try:
                asked.set_result(work())
            except Exception as error:  # noqa: BLE001 - whoever asked gets it; nobody else is here
                asked.set_exception(error)

        threading.Thread(target=run, name="media-folder", daemon=True).start()
        return asked.result(self._patience_s)

    def _open(self, offset: int) -> BinaryIO:
        path = self._found or self._find()
        if path is None:
            raise PassingError(f"no film {self._sha256[:8]} of {self._size_bytes} bytes there")
        self._found = None
        file = path.open("rb")
        file.seek(offset)
        self._found = path
        return file

    def _find(self) -> Path | None:
        for place in _PLACES:
            for path in self._folder.glob(f"{place}{self._sha256}.mp4"):
                if self._right(path):
                    return path
        for place in _PLACES:
            for name in LISTS:
                for told in self._folder.glob(place + name):
                    for file in self._named_in(told):
                        if self._right(path := told.parent / file):
                            return path
        return None

    def _named_in(self, told: Path) -> list[str]:
        try:
            if told.stat().st_size > _LONGEST_LIST:
                return []
            return list(_files_of(json.loads(told.read_text("utf-8")), self._sha256))
        except (ValueError, RecursionError) as error:
            _log.warning("%s can't be read: %s", told.name, error)
            return []

    def _right(self, path: Path) -> bool:
        inside = path.resolve().is_relative_to(self._folder.resolve())
        return inside and path.is_file() and path.stat().st_size == self._size_bytes


def _files_of(told: Any, sha256: str) -> Iterator[str]:
    """Yield each `file` that stands beside this SHA-256, anywhere in a list's JSON."""
    if isinstance(told, dict):
        if str(told.get("sha256", "")).lower() == sha256 and isinstance(told.get("file"), str):
            yield told["file"]
        told = list(told.values())
    if isinstance(told, list):
        for each in told:
            yield from _files_of(each, sha256)
