"""The media cache: between the player, which reads from loopback only, and the film's origin.

Qt's player dies of a line that is gone for a second, and can't say why. So it never sees the
line: it reads from here, and waits; `Fetch` alone knows the origin, tries it again and again,
and runs ahead. A film is kept by its SHA-256, so that a second look costs the line nothing.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import requests

from player.adapters.cached_file import CachedFile, Reader
from player.adapters.fetch import Authorize, Fetch
from player.adapters.loopback import LoopbackServer
from player.ports import Rendition, Trouble

_log = logging.getLogger(__name__)


def _no_headers(_url: str) -> Mapping[str, str]:
    return {}


def _ignore(_trouble: Trouble | None) -> None: ...


@dataclass(slots=True)
class _Entry:
    file: CachedFile
    openings: int = 0
    fetch: Fetch | None = None

    @property
    def in_use(self) -> bool:
        """Somebody reads it, or a thread that was told to end has not ended yet."""
        return self.openings > 0 or (self.fetch is not None and self.fetch.thread.is_alive())


@dataclass(slots=True)
class _Opening:
    entry: _Entry
    reader: Reader = field(default_factory=Reader)

    @property
    def size_bytes(self) -> int:
        return self.entry.file.size_bytes

    def read(self, offset: int, length: int) -> bytes:
        return self.entry.file.read(offset, length, self.reader)


class MediaCache:
    """A `MediaSource` for renditions behind HTTP(S) URLs. `start` before use, `stop` at the end.

    `folder` holds at most `max_bytes` of films, the longest unused going first; films in use are
    never dropped, so that a single one may be larger. `authorize` gives the headers for the
    origin, anew for each request. `on_line` hears, in a thread of the cache's, when the line to
    the origin changes: None when bytes flow. `session` makes the HTTP client (proxy, trust).
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int = 4 * 1024**3,
        authorize: Authorize = _no_headers,
        on_line: Callable[[Trouble | None], None] = _ignore,
        session: Callable[[], requests.Session] = requests.Session,
    ) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._authorize = authorize
        self._on_line = on_line
        self._session = session
        self._entries: dict[str, _Entry] = {}
        self._openings: dict[str, _Opening] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._server = LoopbackServer(self._find)

    def start(self) -> None:
        """Begin to serve. OSError if the folder can't be made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for left_over in self._folder.glob("*.part"):
            left_over.unlink()
        self._server.start()

    def stop(self) -> None:
        """Let go of everything; every thread has ended when this returns."""
        with self._lock:
            addresses = list(self._openings)
        for path in addresses:
            self.close(self._server.base + path)
        self._server.stop()
        for thread in self._threads:
            thread.join()
        for entry in self._entries.values():
            entry.file.close()

    def open(self, rendition: Rendition) -> str:
        """See `MediaSource.open`. ValueError for a rendition without size or SHA-256."""
        if rendition.size_bytes <= 0 or not _is_sha256(rendition.sha256):
            raise ValueError(f"a rendition needs its size and SHA-256: {rendition.url}")
        path = secrets.token_urlsafe(32)
        with self._lock:
            entry = self._entries.get(rendition.sha256)
            if entry is None:
                self._make_room(rendition.size_bytes)
                file = CachedFile(self._folder, rendition.size_bytes, rendition.sha256)
                entry = self._entries[rendition.sha256] = _Entry(file)
            entry.openings += 1
            entry.file.touch()
            self._openings[path] = _Opening(entry)
            self._keep_fetching(entry, rendition.url)
        return self._server.base + path

    def close(self, address: str) -> None:
        """See `MediaSource.close`. Fetching ends with the last opening of a film."""
        with self._lock:
            opening = self._openings.pop(self._path_of(address), None)
            if opening is None:
                return
            entry = opening.entry
            entry.file.close_reader(opening.reader)
            entry.openings -= 1
            if entry.openings == 0 and entry.fetch is not None:
                entry.fetch.stop()

    def trouble(self, address: str) -> Trouble | None:
        """See `MediaSource.trouble`."""
        with self._lock:
            opening = self._openings.get(self._path_of(address))
        return opening.entry.file.trouble if opening else None

    def _path_of(self, address: str) -> str:
        return address.removeprefix(self._server.base)

    def _find(self, path: str) -> _Opening | None:
        with self._lock:
            return self._openings.get(path)

    def _keep_fetching(self, entry: _Entry, url: str) -> None:
        if entry.file.complete or (entry.fetch is not None and entry.fetch.under_way):
            return
        entry.file.set_trouble(None)
        entry.fetch = Fetch(
            url,
            entry.file,
            session=self._session,
            authorize=self._authorize,
            on_line=self._on_line,
        )
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(entry.fetch.thread)
        entry.fetch.start()

    def _make_room(self, size_bytes: int) -> None:
        """Drop the longest unused films until another one fits."""
        in_use = {sha256 for sha256, entry in self._entries.items() if entry.in_use}
        droppable = [path for path in self._folder.iterdir() if path.stem not in in_use]
        droppable.sort(key=lambda path: path.stat().st_mtime)
        used = sum(path.stat().st_size for path in self._folder.iterdir())
        for path in droppable:
            if used + size_bytes <= self._max_bytes:
                return
            used -= path.stat().st_size
            dropped = self._entries.pop(path.stem, None)
            if dropped is not None:
                dropped.file.close()
            path.unlink()
            _log.info("dropped a film from the cache to make room")


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
