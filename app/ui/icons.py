"""Line icons from `resources/icons`, in any colour, sharp at any scale."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

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
    for size in (16, 20, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(size, size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint(painter, "anxue", QRectF(0, 0, size, size), "#000000")
        painter.end()
        result.addPixmap(picture)
    return result
