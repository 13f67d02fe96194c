"""A player with everything watched: the coded film, the screen, and an origin that misbehaves."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame

from app.ui.widgets.film import FilmView
from player.adapters.chatter import quieten
from player.adapters.qt_player import QtPlayer
from player.adapters.timing import Timing
from player.events import FrameShown, Mode, PlayerEvent
from player.ledger import SLIVER_US
from player.ports import Film, MediaSource, Rendition
from resources.build import coded_film
from resources.film.spec import FilmSpec
from tests.film import FrameMark, read_strip

SECONDS = 30
FRAME_US = 40_000

_Event = TypeVar("_Event", bound=PlayerEvent)


def film_folder() -> Path:
    """The coded test film, 30 s at 25 frames a second, made on first use."""
    return coded_film(FilmSpec(SECONDS))


def coded(base: str = "") -> Film:
    """The coded test film as files, or behind the address `base`."""
    folder = film_folder()
    told = json.loads((folder / "film.json").read_text("utf-8"))
    renditions = {
        Mode(name): Rendition(
            url=base + one["file"] if base else str(folder / one["file"]),
            size_bytes=one["bytes"],
            sha256=one["sha256"],
            width=one["width"],
            height=one["height"],
            bits_per_second=one["bitrate"],
        )
        for name, one in told["renditions"].items()
    }
    return Film("coded", SECONDS * 1_000_000, renditions)


def with_rendition(film: Film, mode: Mode, **changes: object) -> Film:
    """The film with one rendition told differently."""
    changed = replace(film.renditions[mode], **changes)  # type: ignore[arg-type]
    return replace(film, renditions={**film.renditions, mode: changed})


def pixels(image: QImage) -> NDArray[np.uint8]:
    """An image as uint8 [height, width] grey."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return rows[:, : grey.width()].copy()


@dataclass(frozen=True)
class Painted:
    """A frame that reached the screen: what the player said it was, and what it says itself."""

    start_us: int
    at_ns: int
    mark: FrameMark | None


@dataclass
class Rig:
    """The player, its screen, and everything they said."""

    player: QtPlayer
    view: FilmView
    events: list[PlayerEvent]
    painted: list[Painted] = field(default_factory=list)
    handed: list[tuple[int, int]] = field(default_factory=list)
    heard: list[Callable[[PlayerEvent], None]] = field(default_factory=list)
    """Who else wants every event, at once."""

    def all(self, kind: type[_Event]) -> list[_Event]:
        """All events of a kind so far."""
        return [each for each in self.events if isinstance(each, kind)]

    @property
    def shown(self) -> list[FrameShown]:
        """All frames shown so far."""
        return self.all(FrameShown)

    def unbroken(self) -> bool:
        """The player passed over nothing, and showed nothing twice.

        A machine that is held up paints fewer frames than it is handed: holes that short are told
        as dropped, and the player goes back for longer ones.
        """
        handed = itertools.pairwise(self.handed)
        shown = list(itertools.pairwise(self.shown))
        return (
            all(after[0] <= before[1] for before, after in handed)
            and all(before.end_us <= after.start_us for before, after in shown)
            and all(after.start_us - before.end_us <= SLIVER_US for before, after in shown)
        )

    def on_hand(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self.handed.append((frame.startTime(), frame.endTime()))

    def on_paint(self, start_us: int, at_ns: int) -> None:
        self.painted.append(Painted(start_us, at_ns, read_strip(pixels(self.view.picture()))))

    def screen_agrees(self) -> bool:
        """Every painted frame was the one that was told, in the mode that was told."""
        told = {(each.start_us // FRAME_US, each.mode.value) for each in self.shown}
        seen = [each.mark for each in self.painted]
        return all(mark and (mark.number, mark.rendition) in told for mark in seen)


@contextlib.contextmanager
def rig(source: MediaSource, timing: Timing | None = None) -> Iterator[Rig]:
    """Set up a player on `source` with a screen of 640×360."""
    quieten()
    events: list[PlayerEvent] = []

    def listen(event: PlayerEvent) -> None:
        events.append(event)
        for each in set_up.heard:
            each(event)

    player = QtPlayer(listen, source, timing=timing)
    view = FilmView()
    view.resize(640, 360)
    set_up = Rig(player, view, events)
    player.frame_ready.connect(set_up.on_hand)
    player.frame_ready.connect(view.show_frame)
    view.frame_painted.connect(set_up.on_paint)
    view.frame_painted.connect(player.on_painted)
    view.show()
    try:
        yield set_up
    finally:
        player.close()
        view.close()
        player.deleteLater()
        view.deleteLater()


class Origin:
    """A web server with Range for the coded film, whose faults are set while it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bytes_per_second = 0
        """0: as fast as it goes."""
        self.status: int | None = None
        self.cut_at: int | None = None
        """Where each file seems to end although its length says otherwise."""
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.check: Callable[[dict[str, str]], int | None] = lambda _headers: None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.port = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.origin = self
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="origin"
        )
        self._thread.start()

    def stop(self) -> None:
        """Go away in the middle of whatever it is doing, as a pulled cable or a crash does."""
        server, self._server = self._server, None
        if server is None or self._thread is None:
            return
        server.going.set()
        server.shutdown()
        self._thread.join()
        server.hang_up()
        server.server_close()


@contextlib.contextmanager
def origin(folder: Path | None = None) -> Iterator[Origin]:
    """Run an origin for the coded film, or for the films in `folder`."""
    running = Origin(folder or film_folder())
    running.start()
    try:
        yield running
    finally:
        running.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    allow_reuse_address = True
    origin: Origin

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.going = threading.Event()
        self.open: set[socket.socket] = set()

    def hang_up(self) -> None:
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass

    def do_GET(self) -> None:
        with contextlib.suppress(OSError):
            self._serve(self.server.origin)

    def _serve(self, origin: Origin) -> None:
        headers = dict(self.headers.items())
        origin.requests.append((self.path, headers))
        file = origin.folder / self.path.lstrip("/")
        status = origin.status or origin.check(headers)
        if status is None and not file.is_file():
            status = HTTPStatus.NOT_FOUND
        if status is not None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        data = file.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-", headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        self.send_response(HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self._send(data[start : origin.cut_at or len(data)], origin.bytes_per_second)

    def _send(self, data: bytes, bytes_per_second: int) -> None:
        piece, began = 4096, time.monotonic()
        for sent in range(0, len(data), piece):
            ahead_s = (
                sent / bytes_per_second - (time.monotonic() - began) if bytes_per_second else 0
            )
            if self.server.going.wait(max(0, ahead_s)):
                return
            self.wfile.write(data[sent : sent + piece])
