"""The icons: all can be drawn, and Windows gets its own."""

import struct

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.ui import icons

NAMES = sorted(path.stem for path in icons.FOLDER.glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_draws_something_and_stays_inside(name: str, qapp: QApplication) -> None:
    assert QSvgRenderer(str(icons.FOLDER / f"{name}.svg")).isValid()
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    icons.paint(painter, name, QRectF(8, 8, 32, 32), "#123456")
    painter.end()
    inked = [(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha()]
    assert len(inked) > 20
    assert all(7 <= x <= 40 and 7 <= y <= 40 for x, y in inked)


def test_the_windows_icon_has_all_sizes(qapp: QApplication) -> None:
    shipped = (icons.FOLDER / "anxue.ico").read_bytes()
    for data in (shipped, icons.windows_icon()):
        _, kind, count = struct.unpack_from("<HHH", data)
        entries = [struct.unpack_from("<BBBBHHII", data, 6 + 16 * n) for n in range(count)]
        assert kind == 1
        assert [entry[0] or 256 for entry in entries] == [16, 20, 24, 32, 48, 64, 128, 256]
        for entry in entries:
            assert data[entry[7] :].startswith(b"\x89PNG")
