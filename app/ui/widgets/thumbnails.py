"""Small pictures of the film: one JPEG of many, decoded once, and only when it is wanted.

Decoding the sheet of a three-hour film takes longer than the window may stand still, so
a thread does it (Qt's decoder lets go of Python's lock) and leaves the picture in a list.
The list is looked into by a timer: no signal crosses threads, and a widget that is gone
by then is not missed.
"""

import threading

from PySide6.QtCore import QByteArray, QObject, QRect, QTimer, Signal
from PySide6.QtGui import QImage

from app.view import Thumbnails

_LOOK_MS = 20


class ThumbnailSheet(QObject):
    """Holds the sheet of the lesson that is open. `ready` when it can be looked at."""

    ready = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._view: Thumbnails | None = None
        self._sheet = QImage()
        self._done: list[QImage] = []
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def show_sheet(self, view: Thumbnails | None) -> None:
        """Take another lesson's sheet; nothing is decoded yet."""
        if view == self._view:
            return
        self._view = view
        self._sheet = QImage()
        self._asked = False
        self._timer.stop()

    def want(self) -> None:
        """Somebody is about to look: decode, unless that was done."""
        if self._view is None or self._asked:
            return
        self._asked = True
        done: list[QImage] = []
        self._done = done
        jpeg = self._view.jpeg
        threading.Thread(
            target=lambda: done.append(QImage.fromData(QByteArray(jpeg))),
            name="thumbnails",
            daemon=True,
        ).start()
        self._timer.start()

    def waits(self) -> bool:
        """Whether a sheet is being decoded."""
        return self._timer.isActive()

    def picture(self, seconds: float) -> QImage:
        """The small picture of a moment; null while there is none."""
        view = self._view
        if view is None or self._sheet.isNull():
            return QImage()
        row, column = divmod(int(max(0.0, seconds) / view.interval_s), view.columns)
        cell = QRect(column * view.width, row * view.height, view.width, view.height)
        if not self._sheet.rect().contains(cell):
            return QImage()
        return self._sheet.copy(cell)

    def _look(self) -> None:
        if self._done:
            self._timer.stop()
            self._sheet = self._done.pop()
            if not self._sheet.isNull():
                self.ready.emit()
