"""Line icons from `resources/icons`, in any colour, sharp at any scale."""

import struct
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QImageWriter, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_SIZES = (16, 20, 24, 32, 48, 64, 128, 256)
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = (FOLDER / f"{name}.svg").read_bytes()
    return QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode())))


def paint(painter: QPainter, name: str, area: QRectF, colour: str) -> None:
    """Paint an icon into `area`."""
    _renderer(name, colour).render(painter, area)


def pixmap(name: str, size: int, colour: str, gap: int = 0) -> QPixmap:
    """An icon as a picture of `size` logical pixels, with a gap at its right."""
    application = QGuiApplication.instance()
    ratio = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
    picture = QPixmap(round((size + gap) * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, name, QRectF(0, 0, size, size), colour)
    painter.end()
    return picture


def icon(name: str, size: int, colour: str, disabled: str, gap: int = 0) -> QIcon:
    """An icon for a button, with the colour it has while the button is disabled."""
    result = QIcon(pixmap(name, size, colour, gap))
    result.addPixmap(pixmap(name, size, disabled, gap), QIcon.Mode.Disabled)
    return result


def application_icon() -> QIcon:
    """The program's own icon at the sizes that windows and task bars ask for."""
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(_own(size))
    return result


def _own(size: int) -> QPixmap:
    """The program's icon at one size, in real pixels."""
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, "anxue", QRectF(0, 0, size, size), "#000000")
    painter.end()
    return picture


def windows_icon() -> bytes:
    """The program's icon as an `.ico`: PNG pictures of all sizes in Windows' wrapping."""
    pictures = []
    for size in _SIZES:
        data, buffer = QByteArray(), QBuffer()
        buffer.setBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"PNG")).write(_own(size).toImage())
        pictures.append((size, data.data()))
    header = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(header) + 16 * len(pictures)
    for size, data_ in pictures:
        # 0 stands for 256; then palette, planes and bits for each pixel
        header += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data_), offset)
        offset += len(data_)
    return header + b"".join(data_ for _, data_ in pictures)
