"""Film frames into images of the size of the screen, on the CPU, by FFmpeg's own scaler.

`QVideoFrame.toImage` takes 6 ms for a picture of 1280x720 where there is no GPU, 15 % of a core at
25 frames a second, and takes every film for BT.601. The scaler that Qt brings along for its FFmpeg
needs 1 ms, makes the right size at once, and knows the film's own colours.
"""

from __future__ import annotations

import ctypes
import functools
import logging
from ctypes import c_char_p, c_int, c_void_p
from pathlib import Path
from typing import Any

import PySide6
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QtVideo, QVideoFrame, QVideoFrameFormat, QVideoSink
from shiboken6 import VoidPtr

_log = logging.getLogger(__name__)

_BILINEAR = 2  # SWS_BILINEAR; when it makes a picture smaller it takes the mean
_ONE = 1 << 16
_PIXELS_AT_ONCE = 32  # it may write so far beyond a line's end
_BT709, _BT601, _BT2020 = 1, 5, 9  # SWS_CS_...
_SMALL_HEIGHT = 576  # a film that does not say is taken for BT.601 up to here, as all players do
_COLOURS = {
    QVideoFrameFormat.ColorSpace.ColorSpace_BT709: _BT709,
    QVideoFrameFormat.ColorSpace.ColorSpace_BT601: _BT601,
    QVideoFrameFormat.ColorSpace.ColorSpace_BT2020: _BT2020,
}
_FORMATS = {
    QVideoFrameFormat.PixelFormat.Format_YUV420P: (b"yuv420p", 3),
    QVideoFrameFormat.PixelFormat.Format_NV12: (b"nv12", 2),
}
_Planes, _Strides = c_void_p * 4, c_int * 4


class FilmScaler:
    """Scales one film's frames; what FFmpeg has worked out for two sizes is kept until they change.

    Not thread-safe.
    """

    def __init__(self) -> None:
        self._context: int | None = None
        self._made_for: tuple[object, ...] = ()
        self._image = QImage()

    def __del__(self) -> None:
        self._forget()

    def scaled(self, frame: QVideoFrame, size: QSize) -> QImage | None:
        """Return `frame` at `size` (pixels of the screen), in the upper left part of an image.

        The image is larger, and the next call overwrites it. None where the frame isn't plain
        YUV in memory, has to be turned, or there is no scaler: `QVideoFrame.toImage` does those.
        """
        library = _library()
        surface = frame.surfaceFormat()
        known = _FORMATS.get(frame.pixelFormat())
        plain = (
            frame.handleType() is QVideoFrame.HandleType.NoHandle
            and surface.rotation() is QtVideo.Rotation.None_
            and not surface.isMirrored()
        )
        if library is None or known is None or not plain or size.isEmpty():
            return None
        pixels, planes = known
        if not self._prepare(library, frame.size(), pixels, size, surface):
            return None
        if not frame.map(QVideoFrame.MapMode.ReadOnly):
            return None
        try:
            if not _is_whole(frame, planes):
                return None
            library.sws_scale(
                self._context,
                _Planes(*(_address(frame.bits(plane)) for plane in range(planes))),
                _Strides(*(frame.bytesPerLine(plane) for plane in range(planes))),
                0,
                frame.height(),
                _Planes(_address(self._image.bits())),
                _Strides(self._image.bytesPerLine()),
            )
        finally:
            frame.unmap()
        return self._image

    def _prepare(
        self, library: _Library, old: QSize, pixels: bytes, new: QSize, surface: QVideoFrameFormat
    ) -> bool:
        colours = _colours(surface)
        full = surface.colorRange() is QVideoFrameFormat.ColorRange.ColorRange_Full
        wanted = (old.toTuple(), pixels, new.toTuple(), colours, full)
        if wanted == self._made_for:
            return True
        self._forget()
        self._context = library.sws_getContext(
            old.width(), old.height(), library.av_get_pix_fmt(pixels),
            new.width(), new.height(), library.av_get_pix_fmt(b"bgra"),
            _BILINEAR, None, None, None,
        )  # fmt: skip
        if self._context is None:
            return False
        screen = library.sws_getCoefficients(_BT601)  # has to be given; RGB makes no use of it
        library.sws_setColorspaceDetails(
            self._context, library.sws_getCoefficients(colours), full, screen, 1, 0, _ONE, _ONE
        )
        wide = (new.width() // _PIXELS_AT_ONCE + 2) * _PIXELS_AT_ONCE
        # One more line: nothing it writes beyond the last one is outside of the image
        self._image = QImage(wide, new.height() + 1, QImage.Format.Format_RGB32)
        if self._image.isNull():  # no memory for it
            self._forget()
            return False
        self._made_for = wanted
        return True

    def _forget(self) -> None:
        context, self._context, self._made_for = self._context, None, ()
        if context is None:
            return
        library = _library()
        if library is not None:
            library.sws_freeContext(context)


class _Library:
    """The functions used, from Qt's own libswscale and libavutil."""

    def __init__(self, swscale: ctypes.CDLL, avutil: ctypes.CDLL) -> None:
        self.av_get_pix_fmt = _typed(avutil.av_get_pix_fmt, c_int, c_char_p)
        self.sws_getContext = _typed(
            swscale.sws_getContext, c_void_p, *[c_int] * 7, c_void_p, c_void_p, c_void_p
        )
        self.sws_getCoefficients = _typed(swscale.sws_getCoefficients, c_void_p, c_int)
        self.sws_setColorspaceDetails = _typed(
            swscale.sws_setColorspaceDetails,
            c_int, c_void_p, c_void_p, c_int, c_void_p, c_int, c_int, c_int, c_int,
        )  # fmt: skip
        self.sws_scale = _typed(
            swscale.sws_scale,
            c_int, c_void_p, c_void_p, c_void_p, c_int, c_int, c_void_p, c_void_p,
        )  # fmt: skip
        self.sws_freeContext = _typed(swscale.sws_freeContext, None, c_void_p)


def _typed(function: Any, answer: Any, *arguments: Any) -> Any:
    function.restype, function.argtypes = answer, arguments
    return function


@functools.cache
def _library() -> _Library | None:
    """Return the scaler that came with Qt; None where it did not, as with another back end."""
    QVideoSink()  # Qt loads its plug-in now, if no film was opened yet: they can't be loaded alone
    swscale, avutil = _loaded("swscale"), _loaded("avutil")
    if swscale is None or avutil is None:
        _log.warning("FFmpeg's scaler has not come with Qt: films cost more of the CPU")
        return None
    return _Library(swscale, avutil)


def _loaded(name: str) -> ctypes.CDLL | None:
    home = Path(PySide6.__file__).parent
    for library in (*home.glob(f"Qt/lib/lib{name}.so.*"), *home.glob(f"{name}-*.dll")):
        try:
            return ctypes.CDLL(str(library))  # the very one that Qt's plug-in uses
        except OSError:
            continue
    return None


def _is_whole(frame: QVideoFrame, planes: int) -> bool:
    """Whether each plane of a mapped 4:2:0 frame holds what its size says: C would not ask."""
    half_width, half_height = (frame.width() + 1) // 2, (frame.height() + 1) // 2
    half_line = half_width if planes == 3 else 2 * half_width
    if frame.planeCount() != planes:
        return False
    for plane in range(planes):
        line, lines = (half_line, half_height) if plane else (frame.width(), frame.height())
        stride = frame.bytesPerLine(plane)
        if stride < line or frame.mappedBytes(plane) < stride * (lines - 1) + line:
            _log.warning("a frame is smaller than it says: %s", frame.size().toTuple())
            return False
    return True


def _address(memory: object) -> int:
    address: int = int(VoidPtr(memory))  # type: ignore[call-overload, arg-type] # stubs know less
    return address


def _colours(surface: QVideoFrameFormat) -> int:
    guess = _BT601 if surface.frameHeight() <= _SMALL_HEIGHT else _BT709
    return _COLOURS.get(surface.colorSpace(), guess)
