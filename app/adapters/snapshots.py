"""A camera's frame as a JPEG in memory; it goes nowhere else before it is sealed."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter

from proctor.ports import Picture

WIDEST, HIGHEST = 640, 480
"""Enough to recognise a person by; a bigger frame is scaled down."""

QUALITY = 85
"""About 37 kB at 640×480 of the simulated learners, made in 6 ms."""


def jpeg_of(picture: Picture) -> bytes | None:
    """uint8[height, width, 3] in blue, green, red. None where it could not be written."""
    height, width = picture.shape[:2]
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_BGR888)
    if width > WIDEST or height > HIGHEST:
        image = image.scaled(
            QSize(WIDEST, HIGHEST),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    written = QByteArray()
    buffer = QBuffer(written)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(QUALITY)
    if not writer.write(image):
        return None
    return bytes(written.data())
