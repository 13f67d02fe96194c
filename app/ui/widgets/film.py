"""The widget that shows the film: aspect kept, black around it, sharp at any scale."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QSizePolicy, QWidget

_DIM = QColor(0, 0, 0, 176)  # a check stands on top: the picture recedes but stays recognisable


class FilmView(QWidget):
    """Paints the newest `QVideoFrame` it was given, on the CPU.

    Frames that arrive between two paints replace each other: only what is painted was seen.
    """

    frame_painted = Signal(object, object)  # ints: a C++ int has 32 bits
    """(start_us, at_ns): a new frame reached the window's backing store; once per frame."""

    def __init__(
        self, parent: QWidget | None = None, *, clock: Callable[[], int] = time.monotonic_ns
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._frame: QVideoFrame | None = None
        self._picture = QImage()
        self._dimmed = False
        # Every pixel is ours, so Qt need not clear the background first
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)

    @Slot(QVideoFrame)
    def show_frame(self, frame: QVideoFrame) -> None:
        """Paint `frame` next; an invalid one clears the picture."""
        self._frame = frame
        if not frame.isValid():
            self._frame = None
            self._picture = QImage()
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Let the picture recede behind a check."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def picture(self) -> QImage:
        """Return the frame painted last, at the film's own size; null if there is none."""
        return self._picture.copy()

    def picture_rect(self) -> QRect:
        """Return where the picture lies in the widget, in device-independent pixels."""
        if self._picture.isNull():
            return QRect()
        size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRect(self.rect().topLeft(), size)
        area.moveCenter(self.rect().center())
        return area

    def sizeHint(self) -> QSize:
        """16:9, the fluent rendition's size."""
        return QSize(640, 360)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Convert the frame only now: one that is never painted costs nothing."""
        frame, self._frame = self._frame, None
        if frame is not None:
            self._picture = frame.toImage()
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if not self._picture.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.picture_rect(), self._picture)
            if self._dimmed:
                painter.fillRect(self.picture_rect(), _DIM)
        painter.end()
        if frame is not None:
            self.frame_painted.emit(frame.startTime(), self._clock())
