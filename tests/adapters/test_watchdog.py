"""The tests' own watchdog: it must bite, and only where the window really stood still."""

import time

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.watchdog import watchdog


def hold_up(seconds: float) -> None:
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        pass


def freeze(qtbot: QtBot) -> None:
    done: list[bool] = []

    def busy() -> None:
        hold_up(0.3)
        done.append(True)

    with watchdog():
        QTimer.singleShot(20, busy)
        qtbot.waitUntil(lambda: bool(done))


def test_a_busy_event_loop_is_told_with_its_place(qtbot: QtBot) -> None:
    with pytest.raises(pytest.fail.Exception, match="stood still") as caught:
        freeze(qtbot)
    assert "hold_up" in str(caught.value)


def test_a_loop_that_turns_is_left_alone(qtbot: QtBot) -> None:
    with watchdog() as dog:
        qtbot.waitUntil(lambda: dog.beats >= 50)
    assert dog.worst.ms < 100


def test_what_the_test_itself_does_can_be_left_out(qtbot: QtBot) -> None:
    with watchdog() as dog:
        qtbot.waitUntil(lambda: dog.beats >= 5)
        with dog.looks_away():
            hold_up(0.3)
        qtbot.waitUntil(lambda: dog.beats >= 10)
    assert dog.worst.ms < 100
