"""Films on a stick or a share: found by their name or by a list that names their SHA-256."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from player.adapters.origins import Flow, PassingError

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

    def __init__(self, folder: Path, size_bytes: int, sha256: str) -> None:
        self._folder = folder
        self._size_bytes = size_bytes
        self._sha256 = sha256
        self._found: Path | None = None

    def ask(self, offset: int) -> Flow:
        """See `Origin.ask`."""
        path = self._found or self._find()
        if path is None:
            raise PassingError(f"no film {self._sha256[:8]} of {self._size_bytes} bytes there")
        try:
            file = path.open("rb")
            file.seek(offset)
        except OSError:
            self._found = None
            raise
        self._found = path

        def pieces() -> Iterator[bytes]:
            while piece := file.read(_PIECE_BYTES):
                yield piece

        return Flow(offset, pieces(), file.close)

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
