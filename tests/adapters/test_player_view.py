"""The widget that shows the film."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui.widgets import film_scaler
from app.ui.widgets.film import FilmView
from player.adapters.chatter import HARMLESS
from tests.player_rig import pixels

ROOT = Path(__file__).resolve().parents[2]

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


# What a film really delivers: planes of brightness and colour

GREY, GREEN_709 = (126, 128, 128), (173, 42, 26)
"""(Y, U, V) in studio range: 50 % grey, and the green of BT.709."""


def planes(
    yuv: tuple[int, int, int],
    size: tuple[int, int] = (320, 180),
    colours: QVideoFrameFormat.ColorSpace = QVideoFrameFormat.ColorSpace.ColorSpace_BT709,
    lines: bool = False,
) -> QVideoFrame:
    """A frame of one colour, as a decoder makes it; with lines every second column is black."""
    surface = QVideoFrameFormat(QSize(*size), QVideoFrameFormat.PixelFormat.Format_YUV420P)
    surface.setColorSpace(colours)
    surface.setColorRange(QVideoFrameFormat.ColorRange.ColorRange_Video)
    frame = QVideoFrame(surface)
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    for plane, value in enumerate(yuv):
        rows = np.frombuffer(frame.bits(plane), np.uint8)
        rows[:] = value
        if lines and plane == 0:
            rows.reshape(-1, frame.bytesPerLine(0))[:, 1::2] = 16
    frame.unmap()
    return frame


def colour(view: FilmView) -> tuple[int, ...]:
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(image)
    middle = image.pixelColor(view.rect().center())
    return (middle.red(), middle.green(), middle.blue())


def test_a_film_has_its_own_colours(qtbot: QtBot, view: FilmView) -> None:
    shown(qtbot, view, planes(GREY))
    assert all(abs(one - 128) <= 1 for one in colour(view))
    shown(qtbot, view, planes(GREEN_709))
    red, green, blue = colour(view)
    assert green > 250
    assert max(red, blue) < 5
    shown(qtbot, view, planes(GREEN_709, colours=QVideoFrameFormat.ColorSpace.ColorSpace_BT601))
    assert max(colour(view)[0], colour(view)[2]) > 5  # the same numbers mean another colour


@pytest.mark.parametrize("size", [(320, 180), (321, 181), (427, 240), (640, 360), (639, 479)])
def test_frames_are_scaled_without_a_seam_at_the_edges(
    qtbot: QtBot, view: FilmView, size: tuple[int, int]
) -> None:
    view.resize(*size)
    shown(qtbot, view, planes(GREY))
    area = view.picture_rect()
    screen = seen(view)[area.top() : area.bottom() + 1, area.left() : area.right() + 1]
    assert 126 <= screen.min() <= screen.max() <= 130
    assert screen.size > 0.7 * size[0] * size[1]


def test_without_ffmpegs_scaler_qt_converts(
    qtbot: QtBot, view: FilmView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_scaler, "_library", lambda: None)
    shown(qtbot, view, planes(GREY))
    assert abs(colour(view)[0] - 128) <= 2


ON_A_SHARP_SCREEN = """
import sys
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtWidgets import QApplication
application = QApplication(["anxue"])
from app.ui.widgets.film import FilmView
from tests.adapters.test_player_view import GREY, planes
from tests.player_rig import pixels
view = FilmView()
painted = QEventLoop()
view.frame_painted.connect(lambda *_: painted.quit(), Qt.ConnectionType.QueuedConnection)
view.resize(160, 90)
view.show()
view.show_frame(planes(GREY, lines=True))
painted.exec()
row = pixels(view.backingStore().paintDevice())[90]
sys.exit(0 if len(row) == 320 and (row[::2] > 126).all() and (row[1::2] == 0).all() else 1)
"""


def test_at_200_percent_each_pixel_of_the_film_is_one_of_the_screen() -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", ON_A_SHARP_SCREEN],
        env=environment,
        cwd=ROOT,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0


# What counts as painted


def at(start_us: int) -> QVideoFrame:
    frame = planes(GREY)
    frame.setStartTime(start_us)
    frame.setEndTime(start_us + 40_000)
    return frame


@pytest.fixture
def painted(view: FilmView) -> list[int]:
    heard: list[int] = []
    view.frame_painted.connect(lambda start_us, _at_ns: heard.append(start_us))
    return heard


def test_a_picture_taken_of_the_widget_is_not_the_screen(
    qtbot: QtBot, view: FilmView, painted: list[int]
) -> None:
    view.show_frame(at(40_000))
    view.grab()
    view.render(QImage(view.size(), QImage.Format.Format_RGB32))
    assert painted == []
    qtbot.waitUntil(lambda: painted == [40_000])


def test_a_hidden_window_paints_nothing_and_what_it_missed_is_lost(
    qtbot: QtBot, view: FilmView, painted: list[int]
) -> None:
    shown(qtbot, view, at(0))
    view.hide()
    for start_us in (40_000, 80_000, 120_000):
        view.show_frame(at(start_us))
        view.repaint()
        view.grab()
    assert painted == [0]
    view.show()
    qtbot.waitUntil(lambda: painted == [0, 120_000])


def test_a_minimised_window_shows_nothing(qtbot: QtBot, view: FilmView, painted: list[int]) -> None:
    view.showMinimized()
    qtbot.waitUntil(view.isMinimized)
    view.show_frame(at(40_000))
    view.repaint()
    assert painted == []
    view.showNormal()
    qtbot.waitUntil(lambda: painted == [40_000])


def test_behind_another_widget_nothing_is_seen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(640, 360)
    view = FilmView(window)
    view.resize(640, 360)
    cover = QLabel("检查", window)
    cover.setAutoFillBackground(True)
    cover.resize(640, 360)
    heard: list[int] = []
    view.frame_painted.connect(lambda start_us, _at_ns: heard.append(start_us))
    window.show()
    qtbot.waitExposed(window)
    view.show_frame(at(40_000))
    window.repaint()
    assert heard == []
    cover.hide()
    qtbot.waitUntil(lambda: heard == [40_000])


def test_a_window_without_room_for_the_picture_shows_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(640, 360)
    view = FilmView(window)
    view.setMinimumSize(0, 0)
    view.resize(0, 0)
    heard: list[int] = []
    view.frame_painted.connect(lambda start_us, _at_ns: heard.append(start_us))
    window.show()
    qtbot.waitExposed(window)
    view.show_frame(at(40_000))
    view.repaint()
    window.repaint()
    assert heard == []
    view.resize(320, 180)
    qtbot.waitUntil(lambda: heard == [40_000])
