"""The widget that shows the film: aspect kept, black around it, sharp at any scale."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtMultimedia import QtVideo, QVideoFrame
from PySide6.QtWidgets import QSizePolicy, QWidget
from shiboken6 import getCppPointer

from app.ui.widgets.film_scaler import FilmScaler

_DIM = QColor(0, 0, 0, 176)  # a check stands on top: the picture recedes but stays recognisable
_LYING = (QtVideo.Rotation.Clockwise90, QtVideo.Rotation.Clockwise270)


class FilmView(QWidget):
    """Paints the newest `QVideoFrame` it was given, on the CPU.

    Frames that arrive between two paints replace each other: only what is painted was seen. A
    window that is minimised, hidden or not on any screen is not painted, and a picture of the
    widget that somebody takes (`grab`, `render`) is not the screen.
    """

    frame_painted = Signal(object, object)  # ints: a C++ int has 32 bits
    """(start_us, at_ns): a new frame reached the window's backing store; once per frame."""

    def __init__(
        self, parent: QWidget | None = None, *, clock: Callable[[], int] = time.monotonic_ns
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._scaler, self._copier = FilmScaler(), FilmScaler()
        self._frame: QVideoFrame | None = None
        self._unseen = False
        self._scaled: tuple[QSize, QImage] | None = None
        self._dimmed = False
        # Every pixel is ours, so Qt need not clear the background first
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)

    @Slot(QVideoFrame)
    def show_frame(self, frame: QVideoFrame) -> None:
        """Paint `frame` next; an invalid one clears the picture."""
        self._scaled = None
        self._frame = frame if frame.isValid() else None
        self._unseen = self._frame is not None
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Let the picture recede behind a check."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def picture(self) -> QImage:
        """Return the newest frame, upright and with square pixels; null if there is none."""
        if self._frame is None:
            return QImage()
        size = self._frame.size()
        image = self._copier.scaled(self._frame, size)
        return self._frame.toImage() if image is None else image.copy(QRect(QPoint(), size))

    def picture_rect(self) -> QRect:
        """Return where the picture lies in the widget, in device-independent pixels."""
        if self._frame is None:
            return QRect()
        # Qt counts the pixels as if they were square already
        size = self._frame.size()
        if self._frame.surfaceFormat().rotation() in _LYING:
            size.transpose()
        area = QRect(QPoint(), size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio))
        area.moveCenter(self.rect().center())
        return area

    def sizeHint(self) -> QSize:
        """16:9, the fluent rendition's size."""
        return QSize(640, 360)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Convert the frame only now: one that is never painted costs nothing."""
        area = self.picture_rect()
        painter = QPainter(self)
        painter.setClipRegion(QRegion(self.rect()).subtracted(QRegion(area)))
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        painter.setClipping(False)
        if self._frame is not None:
            self._draw(painter, self._frame, area)
            if self._dimmed:
                painter.fillRect(area, _DIM)
        seen = event.region().intersects(area) and self._is_screen(painter)
        painter.end()
        if self._unseen and self._frame is not None and seen:
            self._unseen = False
            self.frame_painted.emit(self._frame.startTime(), self._clock())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Paint once more when the window comes back: Qt may think that all is painted."""
        if event.type() in (QEvent.Type.Expose, QEvent.Type.WindowStateChange):
            watched.removeEventFilter(self)
            self.update()
        return False

    def _draw(self, painter: QPainter, frame: QVideoFrame, area: QRect) -> None:
        """Fill `area` with the frame, each of the screen's pixels straight from the film's."""
        to_screen = painter.deviceTransform()
        place = to_screen.mapRect(QRectF(area)).toAlignedRect()
        if self._scaled is None or self._scaled[0] != place.size():
            # An odd width costs the scaler four times as much: it makes one more column
            even = QSize(place.width() + place.width() % 2, place.height())
            image = self._scaler.scaled(frame, even)
            self._scaled = None if image is None else (place.size(), image)
        if self._scaled is None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, frame.toImage())  # Qt keeps it in the frame
        else:
            target = to_screen.inverted()[0].mapRect(QRectF(place))
            painter.drawImage(target, self._scaled[1], QRectF(QPoint(), place.size()))

    def _is_screen(self, painter: QPainter) -> bool:
        """Tell whether what is painted now goes to a screen that shows this window."""
        window = self.window()
        handle, store = window.windowHandle(), self.backingStore()
        if handle is None or store is None:  # type: ignore[redundant-expr] # before it is shown
            return False
        here = painter.paintEngine().paintDevice()
        if getCppPointer(here)[0] != getCppPointer(store.paintDevice())[0]:
            return False  # somebody takes a picture of the widget
        if handle.isExposed() and not window.isMinimized():
            return True
        handle.installEventFilter(self)
        return False
