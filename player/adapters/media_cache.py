"""The media cache: between the player, which reads from loopback only, and the film's origin.

Qt's player dies of a line that is gone for a second, and can't say why. So it never sees the
line: it reads from here, and waits; `Fetch` alone knows the origins, tries them again and again,
and runs ahead. A film is kept by its SHA-256, so that a second look costs the line nothing.
docs/media.md tells how films travel.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import requests

from player.adapters.blocks import BLOCK_BYTES
from player.adapters.cached_file import (
    CachedFile,
    Reader,
    ReaderClosedError,
    UnavailableError,
)
from player.adapters.course_folder import FolderOrigin
from player.adapters.fetch import Fetch, Pace
from player.adapters.library import Library
from player.adapters.line_meter import LineMeter
from player.adapters.loopback import LoopbackServer
from player.adapters.origins import Address, Authorize, HttpOrigin, Locate, Origin
from player.media_rules import MediaRules
from player.ports import Line, Rendition, Trouble
from player.shape import HEAD_BYTES

_log = logging.getLogger(__name__)
_PLENTY_S = 4  # of film ahead: so much lasts until another one has been fetched for its cue

_STOP_S = 2.0  # a thread that hangs in a name server's silence ends by itself, later


def _no_headers(_url: str) -> Mapping[str, str]:
    return {}


def _as_it_is(url: str, _refused: bool) -> str:
    return url


def _ignore(_trouble: Trouble | None) -> None: ...


@dataclass(slots=True, eq=False)
class _Entry:
    rendition: Rendition
    rules: MediaRules
    library: Library
    file: CachedFile
    meter: LineMeter = field(default_factory=LineMeter)
    openings: int = 0
    fetch: Fetch | None = None

    @property
    def needs_line(self) -> bool:
        """A film that somebody looks at still has bytes to come."""
        under_way = self.fetch is not None and self.fetch.under_way
        return self.openings > 0 and under_way and not (self.file.kept and self.file.whole)


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

    `folder` holds this user's films, `rules` say how (`use` changes them; `max_bytes` alone is a
    short way to say that). `authorize` gives the headers for an address, anew for each request:
    credentials for the platform's own only. `locate` turns a rendition's URL into an address
    that is good now, and is asked again when that was refused; its OSError is passing trouble.
    `on_line` hears, in a thread of the cache's, when the line to the origin changes: None when
    bytes flow. `session` makes the HTTP client (proxy, trust). A disk that takes no films is no
    trouble: `Line.kept` tells.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_bytes: int | None = None,
        rules: MediaRules | None = None,
        authorize: Authorize = _no_headers,
        locate: Locate = _as_it_is,
        on_line: Callable[[Trouble | None], None] = _ignore,
        session: Callable[[], requests.Session] = requests.Session,
        pace: Pace | None = None,
    ) -> None:
        rules = rules or MediaRules()
        self._folder = folder
        self._rules = rules if max_bytes is None else replace(rules, max_bytes=max_bytes)
        self._library = Library(folder, self._rules)
        self._authorize = authorize
        self._locate = locate
        self._on_line = on_line
        self._session = session
        self._pace = pace or Pace()
        self._entries: dict[str, _Entry] = {}
        self._openings: dict[str, _Opening] = {}
        self._wish: Rendition | None = None
        self._threads: list[threading.Thread] = []
        self._lock = threading.RLock()
        self._server = LoopbackServer(self._find)

    def start(self) -> None:
        """Begin to serve."""
        self._server.start()
        self._in_thread(self._library.sweep)

    def stop(self) -> None:
        """Let go of everything; every thread has ended when this returns, or will in seconds."""
        self.warm(None)
        with self._lock:
            addresses = list(self._openings)
        for path in addresses:
            self.close(self._server.base + path)
        self._server.stop()
        ends = time.monotonic() + _STOP_S
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))

    def use(self, rules: MediaRules) -> None:
        """Keep to other rules from the next film on; those open now stay as they are.

        Films that the rules do not allow on the disk (plain ones, where they must be
        encrypted) are dropped, in a thread.
        """
        with self._lock:
            if rules == self._rules:
                return
            self.warm(None)
            self._rules, self._library = rules, Library(self._folder, rules)
        self._in_thread(self._library.sweep)

    def open(self, rendition: Rendition) -> str:
        """See `MediaSource.open`. ValueError for a rendition without size or SHA-256."""
        path = secrets.token_urlsafe(32)
        with self._lock:
            entry = self._entry(rendition)
            entry.openings += 1
            self._openings[path] = _Opening(entry)
            self._keep_fetching(entry)
            self._look_after_wish()
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
            if entry.openings == 0:
                self._let_go(entry)
            self._look_after_wish()

    def trouble(self, address: str) -> Trouble | None:
        """See `MediaSource.trouble`."""
        opening = self._find(self._path_of(address))
        return opening.entry.file.trouble if opening else None

    def line(self, address: str) -> Line | None:
        """See `MediaSource.line`."""
        opening = self._find(self._path_of(address))
        if opening is None:
            return None
        file, meter = opening.entry.file, opening.entry.meter
        rate = meter.bits_per_second(time.monotonic_ns())
        ahead, reach = file.ahead_bytes(), file.reach_bytes()
        return Line(rate, ahead, whole=file.whole, kept=file.kept, reach_bytes=reach)

    def head(self, address: str) -> bytes:
        """See `MediaSource.head`."""
        opening = self._find(self._path_of(address))
        if opening is None:
            return b""
        file, head = opening.entry.file, b""
        with contextlib.suppress(ReaderClosedError, UnavailableError):
            while len(head) < min(HEAD_BYTES, file.size_bytes) and file.has(
                len(head) // BLOCK_BYTES
            ):
                head += file.read(len(head), BLOCK_BYTES, opening.reader)
        return head

    def warm(self, rendition: Rendition | None) -> None:
        """See `MediaSource.warm`. Gives way at once to a film that is opened."""
        with self._lock:
            before, self._wish = self._wish, rendition
            if before is not None and (rendition is None or rendition.sha256 != before.sha256):
                self._let_go(self._entries.get(before.sha256))
            self._look_after_wish()

    def _path_of(self, address: str) -> str:
        return address.removeprefix(self._server.base)

    def _find(self, path: str) -> _Opening | None:
        with self._lock:
            return self._openings.get(path)

    def _in_thread(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="media-broom", daemon=True)
        with self._lock:
            self._threads = [each for each in self._threads if each.is_alive()] + [thread]
            thread.start()

    # All below is called with the lock held, but for what a fetch says

    def _entry(self, rendition: Rendition) -> _Entry:
        if rendition.size_bytes <= 0 or not _is_sha256(rendition.sha256):
            raise ValueError(f"a rendition needs its size and SHA-256: {rendition.url}")
        entry = self._entries.get(rendition.sha256)
        if entry is None or (not entry.openings and entry.library is not self._library):
            library = self._library
            file = CachedFile(rendition.size_bytes, rendition.sha256, library.drop_one)
            entry = _Entry(rendition, self._rules, library, file)
            self._entries[rendition.sha256] = entry
        return entry

    def _keep_fetching(self, entry: _Entry) -> None:
        if entry.fetch is not None and entry.fetch.under_way:
            return
        entry.file.set_trouble(None)
        film = entry.rendition

        def tell(trouble: Trouble | None) -> None:
            if entry.openings:  # nobody minds what a film for later meets
                self._on_line(trouble)

        entry.fetch = Fetch(
            entry.file,
            open_shelf=lambda: entry.library.shelf(film.size_bytes, film.sha256),
            origins=lambda session: self._origins(entry, session),
            session=self._session,
            pace=self._pace,
            meter=entry.meter,
            on_line=tell,
            on_rest=lambda: self._rests(entry),
            on_end=lambda fetch: self._ended(entry, fetch),
            stands_back=lambda: self._stands_back(entry),
        )
        self._threads = [each for each in self._threads if each.is_alive()] + [entry.fetch.thread]
        entry.fetch.start()

    def _stands_back(self, entry: _Entry) -> bool:
        """Whether a film has enough for a while, and the reader of another one waits.

        So the rendition that is asked for does not share the line with the one that plays.
        """
        plenty = entry.rendition.bits_per_second * _PLENTY_S // 8
        if entry.file.waited_for or entry.file.ahead_bytes() < plenty:
            return False
        with self._lock:
            others = [each for each in self._entries.values() if each is not entry]
        return any(each.openings and each.file.waited_for for each in others)

    def _origins(self, entry: _Entry, session: requests.Session) -> list[Origin]:
        """The ways to a film, the nearest first."""
        film, rules = entry.rendition, entry.rules
        address = Address(film.url, self._locate)
        origins: list[Origin] = []
        if rules.folder is not None:
            patience_s = self._pace.timeouts_s[0]
            origins.append(FolderOrigin(rules.folder, film.size_bytes, film.sha256, patience_s))
        http = partial(
            HttpOrigin, address=address, size_bytes=film.size_bytes, session=session,
            authorize=self._authorize, timeouts_s=self._pace.timeouts_s,
        )  # fmt: skip
        if rules.proxy:
            origins.append(http("room's cache", proxy=rules.proxy))
        return [*origins, http("platform")]

    def _look_after_wish(self) -> None:
        """Fetch what is wished for later, but only while no open film needs the line."""
        if self._wish is None:
            return
        wished = self._entries.get(self._wish.sha256)
        if any(each.needs_line for each in self._entries.values() if each is not wished):
            self._let_go(wished)
        else:
            self._keep_fetching(self._entry(self._wish))

    def _let_go(self, entry: _Entry | None) -> None:
        """Stop fetching a film that nobody looks at."""
        if entry is None or entry.openings:
            return
        if entry.fetch is not None and not entry.fetch.ended:
            entry.fetch.stop()
        else:
            self._forget(entry)
            self._in_thread(partial(self._put_away, entry))  # the window has no time for the disk

    def _forget(self, entry: _Entry) -> None:
        if self._entries.get(entry.file.sha256) is entry:
            del self._entries[entry.file.sha256]

    def _put_away(self, entry: _Entry) -> None:
        """Close a film's file: nobody reads or writes it any more. Without the lock."""
        entry.file.close()
        entry.library.release(entry.file.sha256)
        if entry.library is not self._library:
            self._library.sweep()  # the rules changed while it was open

    def _rests(self, entry: _Entry) -> None:
        with self._lock:
            if self._wished(entry):  # it is there, or the disk takes no more
                self._wish = None
                self._let_go(entry)
            self._look_after_wish()

    def _ended(self, entry: _Entry, fetch: Fetch) -> None:
        with self._lock:
            fetch.ended = True
            over = entry.fetch is fetch and not entry.openings
            if over:
                if self._wished(entry) and not fetch.stopped:
                    self._wish = None  # it can't be had
                self._forget(entry)
            self._look_after_wish()
        if over:
            self._put_away(entry)

    def _wished(self, entry: _Entry) -> bool:
        wish = self._wish
        return not entry.openings and wish is not None and wish.sha256 == entry.file.sha256


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)
