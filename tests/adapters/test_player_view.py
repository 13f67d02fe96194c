"""The widget that shows the film."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame
from pytestqt.qtbot import QtBot

from app.ui.widgets.film import FilmView
from player.adapters.chatter import HARMLESS
from tests.player_rig import pixels

pytestmark = pytest.mark.qt_log_ignore(*HARMLESS)

BLACK = QColor(Qt.GlobalColor.black)


def lined(width: int = 320, height: int = 180) -> QVideoFrame:
    """A picture of white and grey columns, one pixel each."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for x in range(0, width, 2):
        for y in range(height):
            image.setPixelColor(x, y, QColor(100, 100, 100))
    return QVideoFrame(image)


@pytest.fixture
def view(qtbot: QtBot) -> FilmView:
    made = FilmView()
    qtbot.addWidget(made)
    made.resize(640, 480)
    made.show()
    return made


def seen(view: FilmView, scale: int = 1) -> NDArray[np.uint8]:
    """What a screen of this scale shows, grey [height, width] in its own pixels."""
    image = QImage(view.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    view.render(image)
    return pixels(image)


def shown(qtbot: QtBot, view: FilmView, frame: QVideoFrame) -> None:
    with qtbot.waitSignal(view.frame_painted):
        view.show_frame(frame)


def test_without_a_film_it_is_black(view: FilmView) -> None:
    assert view.picture().isNull()
    assert view.picture_rect().isEmpty()
    assert seen(view).max() == 0


@pytest.mark.parametrize(
    ("size", "rect"),
    [
        ((640, 480), (0, 60, 640, 360)),
        ((800, 360), (80, 0, 640, 360)),
        ((320, 180), (0, 0, 320, 180)),
    ],
)
def test_keeps_the_aspect_with_black_around(
    qtbot: QtBot, view: FilmView, size: tuple[int, int], rect: tuple[int, int, int, int]
) -> None:
    shown(qtbot, view, lined())
    view.resize(*size)
    assert view.picture_rect().getRect() == rect
    left, top, width, height = rect
    screen = seen(view)
    assert screen[top : top + height, left : left + width].min() > 50
    screen[top : top + height, left : left + width] = 0
    assert screen.max() == 0


def test_every_pixel_of_the_film_is_one_of_a_sharp_screens(qtbot: QtBot, view: FilmView) -> None:
    """At 200 % a film of 320 pixels in 160 units of width is shown pixel by pixel."""
    view.resize(160, 90)
    shown(qtbot, view, lined())
    row = seen(view, scale=2)[90]
    assert (row[0::2] == 100).all()
    assert (row[1::2] == 255).all()


def test_recedes_behind_a_check_and_comes_back(qtbot: QtBot, view: FilmView) -> None:
    shown(qtbot, view, lined())
    bright = seen(view)
    view.set_dimmed(True)
    dim = seen(view)
    assert 0 < dim.mean() < bright.mean() / 2
    assert dim[240].max() > dim[240].min()
    view.set_dimmed(False)
    assert (seen(view) == bright).all()


def test_a_frame_is_painted_once_and_an_invalid_one_clears(qtbot: QtBot, view: FilmView) -> None:
    frame = lined()
    frame.setStartTime(5_000_000_000)
    painted: list[int] = []
    view.frame_painted.connect(lambda start_us, _at_ns: painted.append(start_us))
    shown(qtbot, view, frame)
    view.repaint()
    assert painted == [5_000_000_000]
    assert view.picture().size() == QSize(320, 180)
    view.show_frame(QVideoFrame())
    assert view.picture().isNull()
    assert seen(view).max() == 0


def test_of_frames_that_come_at_once_only_the_last_is_painted(qtbot: QtBot, view: FilmView) -> None:
    shown(qtbot, view, lined())
    painted: list[int] = []
    view.frame_painted.connect(lambda start_us, _at_ns: painted.append(start_us))
    for start_us in (40_000, 80_000, 120_000):
        frame = lined()
        frame.setStartTime(start_us)
        view.show_frame(frame)
    qtbot.waitUntil(lambda: bool(painted))
    assert painted == [120_000]
