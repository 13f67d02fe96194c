"""Stand-ins for what the gallery can't have: a film's frames and a camera's picture.

All are drawn; no person is shown.
"""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QImageWriter,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui.theme import FAMILIES
from app.view import Thumbnails


class _Film(QWidget):
    """A slide, as a lesson would show it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 1280, self.height() / 720)
        shade = QLinearGradient(0, 0, 1280, 720)
        shade.setColorAt(0, QColor("#12395F"))
        shade.setColorAt(1, QColor("#0B2138"))
        painter.fillRect(QRectF(0, 0, 1280, 720), shade)
        face = QFont()
        face.setFamilies(list(FAMILIES))
        face.setPixelSize(60)
        face.setWeight(QFont.Weight.DemiBold)
        painter.setFont(face)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(QPointF(90, 150), "先通风、再检测、后作业")
        face.setPixelSize(34)
        face.setWeight(QFont.Weight.Normal)
        painter.setFont(face)
        for number, line in enumerate(
            ("氧气 19.5 %–23.5 %", "可燃气体 低于爆炸下限的 10 %", "硫化氢 不超过 10 mg/m³")
        ):
            top = 250 + number * 96
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#FFD166"))
            painter.drawEllipse(QPointF(110, top - 12), 9, 9)
            painter.setPen(QColor("#E8F1FA"))
            painter.drawText(QPointF(146, top), line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(255, 255, 255, 26))
        painter.drawRoundedRect(QRectF(820, 230, 360, 380), 26, 26)
        painter.setBrush(QColor("#0A1A2B"))
        painter.drawEllipse(QRectF(880, 300, 240, 120))
        painter.setBrush(QColor("#FFD166"))
        painter.drawRect(QRectF(970, 330, 60, 250))
        painter.end()


def film() -> QWidget:
    """A widget in the film's place."""
    return _Film()


def learner() -> QImage:
    """A drawn figure before a wall, as a camera would send it."""
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shade = QLinearGradient(0, 0, 640, 480)
    shade.setColorAt(0, QColor("#C9D3DC"))
    shade.setColorAt(1, QColor("#A9B5C0"))
    painter.fillRect(image.rect(), shade)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#3C5A78"))
    painter.drawEllipse(QRectF(120, 380, 400, 300))
    painter.setBrush(QColor("#D9A98A"))
    painter.drawRoundedRect(QRectF(280, 330, 80, 90), 30, 30)
    painter.drawEllipse(QRectF(230, 130, 180, 240))
    painter.setBrush(QColor("#2B2B2F"))
    hair = QPainterPath()
    hair.moveTo(226, 250)
    hair.cubicTo(216, 90, 424, 90, 414, 250)
    hair.cubicTo(400, 190, 360, 176, 320, 178)
    hair.cubicTo(280, 176, 240, 190, 226, 250)
    painter.drawPath(hair)
    painter.setBrush(QColor("#2B2B2F"))
    for x in (282, 358):
        painter.drawEllipse(QPointF(x, 250), 8, 6)
    painter.setBrush(QColor("#B5735B"))
    painter.drawRoundedRect(QRectF(292, 318, 56, 8), 4, 4)
    painter.end()
    return image


CELL = (160, 90)
COLUMNS = 8


def cell_colour(number: int) -> QColor:
    """The ground of one of the small pictures, to tell them apart."""
    return QColor.fromHsv(number * 47 % 360, 150, 110)


def thumbnails(duration_s: float = 1200.0, interval_s: float = 30.0) -> Thumbnails:
    """A slide in small for each half minute. No letters: it is drawn before there are fonts."""
    width, height = CELL
    count = int(duration_s / interval_s)
    rows = -(-count // COLUMNS)
    sheet = QImage(COLUMNS * width, rows * height, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.black)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for number in range(count):
        row, column = divmod(number, COLUMNS)
        painter.save()
        painter.translate(column * width, row * height)
        painter.fillRect(0, 0, width, height, cell_colour(number))
        painter.setBrush(QColor(255, 255, 255, 220))
        painter.drawRoundedRect(QRectF(12, 12, 74, 8), 3, 3)
        for line in range(1 + number % 4):
            painter.drawRoundedRect(QRectF(20, 32 + line * 13, 50, 5), 2, 2)
        painter.setBrush(QColor("#FFD166"))
        painter.drawEllipse(QRectF(104, 30 + number % 3 * 8, 36, 24))
        painter.restore()
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"JPG"))
    writer.setQuality(85)
    writer.write(sheet)
    return Thumbnails(bytes(buffer.data().data()), interval_s, COLUMNS, width, height)
