"""Cameras that come and go."""

from __future__ import annotations

import threading
import time

from proctor.adapters.devices import CameraInfo
from proctor.adapters.hotplug import Hotplug

FRONT, BACK = CameraInfo(0, "Front"), CameraInfo(1, "Back")
LONG = 20.0


class Desk:
    """What is plugged in, and what was told of it."""

    def __init__(self, every_s: float = 0.005) -> None:
        self.there: tuple[CameraInfo, ...] = (FRONT,)
        self.looks = 0
        self.told: list[tuple[CameraInfo, ...]] = []
        self._news = threading.Condition()
        self.hotplug = Hotplug(self._list, self._note, every_s)

    def _list(self) -> tuple[CameraInfo, ...]:
        self.looks += 1
        return self.there

    def _note(self, cameras: tuple[CameraInfo, ...]) -> None:
        with self._news:
            self.told.append(cameras)
            self._news.notify_all()

    def wait_for(self, *told: tuple[CameraInfo, ...]) -> None:
        with self._news:
            assert self._news.wait_for(lambda: self.told == list(told), LONG), self.told


def test_what_is_there_and_each_change_are_told_once() -> None:
    desk = Desk()
    desk.hotplug.start()
    desk.hotplug.start()
    desk.wait_for((FRONT,))
    desk.there = (FRONT, BACK)
    desk.wait_for((FRONT,), (FRONT, BACK))
    desk.there = ()
    desk.wait_for((FRONT,), (FRONT, BACK), ())
    desk.hotplug.stop()
    looks = desk.looks
    desk.there = (BACK,)
    threading.Event().wait(0.05)
    assert (desk.looks, len(desk.told)) == (looks, 3)


def test_it_begins_anew_with_what_is_there() -> None:
    desk = Desk()
    desk.hotplug.start()
    desk.wait_for((FRONT,))
    desk.hotplug.stop()
    desk.hotplug.start()
    desk.wait_for((FRONT,), (FRONT,))
    desk.hotplug.stop()


def test_it_ends_at_once_in_the_middle_of_a_pause() -> None:
    desk = Desk(every_s=60.0)
    desk.hotplug.stop()  # before the beginning: nothing
    desk.hotplug.start()
    desk.wait_for((FRONT,))
    began_s = time.monotonic()
    desk.hotplug.stop()
    assert time.monotonic() - began_s < 0.4
