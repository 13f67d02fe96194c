"""The parts of ours that a benchmark puts together: cache, player, picture, as the program does.

`ColdFilm` is the coded film over HTTP whose renditions can be had anew, so that the cache has
never seen what a change asks for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.ui.widgets.film import FilmView
from player.adapters.media_cache import MediaCache
from player.adapters.qt_player import QtPlayer
from player.events import FrameShown, Mode, ModeChanged, PlayerEvent
from player.ports import Film, MediaSource, Rendition
from tests.bench.line import copy_of
from tests.film import FrameMark, read_strip

_Event = TypeVar("_Event", bound=PlayerEvent)


class ColdFilm:
    """The film in `folder`, as an origin at `base` has it, in as many copies as one likes."""

    def __init__(self, folder: Path, base: str) -> None:
        told = json.loads((folder / "film.json").read_text("utf-8"))
        self._base = base
        self._files: Mapping[str, dict[str, int | str]] = told["renditions"]
        self._numbers = count(1)
        # Hashed once: a copy differs by its last bytes, and hashing takes the window's time
        self._hashed = {
            name: (len(data), hashlib.sha256(data))
            for name, one in self._files.items()
            for data in [(folder / str(one["file"])).read_bytes()]
        }
        self._renditions: dict[Mode, Rendition] = {}
        for mode in Mode:
            self.renew(mode)
        duration_us = told["duration_ms"] * 1000
        self.film = Film("coded", duration_us, self._renditions)

    def renew(self, mode: Mode, stall_at: int = 0) -> None:
        """Let the film have a copy of a rendition that nobody has seen yet.

        With `stall_at` its origin sends so many bytes, and then nothing for ever.
        """
        one = self._files[mode.value]
        number = next(self._numbers)
        size_bytes, hashed = self._hashed[mode.value]
        tail, digest = copy_of(b"", number), hashed.copy()
        digest.update(tail)
        self._renditions[mode] = Rendition(
            url=f"{self._base}{one['file']}?copy={number}&stall_at={stall_at}",
            size_bytes=size_bytes + len(tail),
            sha256=digest.hexdigest(),
            width=int(one["width"]),
            height=int(one["height"]),
            bits_per_second=int(one["bitrate"]),
        )


@dataclass
class Rooms:
    """Ours, with everything the player said."""

    player: QtPlayer
    view: FilmView
    events: list[PlayerEvent] = field(default_factory=list)

    def all(self, kind: type[_Event]) -> list[_Event]:
        """All events of a kind since they were last forgotten."""
        return [each for each in self.events if isinstance(each, kind)]

    def wait(self, done: Callable[[], bool], within_s: float = 30.0) -> bool:
        """Run the event loop until it is so; False if it has not come in time."""
        if done():
            return True
        loop = QEventLoop()
        look = QTimer(interval=5)
        look.timeout.connect(lambda: loop.exit(0) if done() else None)
        QTimer.singleShot(round(within_s * 1000), loop, lambda: loop.exit(1))
        look.start()
        came = loop.exec() == 0
        look.stop()
        return came

    def run_for(self, seconds: float) -> None:
        """Run the event loop for a while."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop, loop.quit)
        loop.exec()

    def change(self, mode: Mode, within_s: float = 30.0) -> bool:
        """Ask for a mode and wait until it is there."""
        self.events.clear()
        self.player.set_mode(mode)
        return self.wait(lambda: bool(self.all(ModeChanged)), within_s)

    def watch(self, film: Film, mode: Mode, at_us: int = 0, *, frames: int = 10) -> bool:
        """Open a film and let it play until some frames were on the screen."""
        self.events.clear()
        self.player.open(film, mode, at_us)
        self.player.play()
        return self.wait(lambda: len(self.all(FrameShown)) >= frames)


@contextlib.contextmanager
def rooms(source: MediaSource, width: int = 1280, height: int = 720) -> Iterator[Rooms]:
    """Set up the player and its picture in a window of its own."""
    view = FilmView()
    view.resize(width, height)
    events: list[PlayerEvent] = []
    player = QtPlayer(events.append, source)
    player.frame_ready.connect(view.show_frame)
    view.frame_painted.connect(player.on_painted)
    view.show()
    try:
        yield Rooms(player, view, events)
    finally:
        player.close()
        view.close()
        QApplication.processEvents()


@contextlib.contextmanager
def cold_cache(max_bytes: int = 1 << 32) -> Iterator[MediaCache]:
    """Run a media cache whose folder is new and empty."""
    with tempfile.TemporaryDirectory() as folder:
        cache = MediaCache(Path(folder), max_bytes=max_bytes)
        cache.start()
        try:
            yield cache
        finally:
            cache.stop()


def mark_of(picture: QImage) -> FrameMark | None:
    """Read the strip of a picture of the coded film, which has no colours."""
    if picture.depth() != 32:
        picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    # The bits are borrowed: `picture` has to live as long as they are read
    rows = np.frombuffer(picture.constBits(), np.uint8)
    pixels = rows.reshape(picture.height(), -1, 4)
    return read_strip(pixels[:, : picture.width(), 1])
