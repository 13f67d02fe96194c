"""The eyes in the window's world: which cameras there are, one after the other, the models."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.adapters.eyes import QtEyes
from app.bootstrap.camera import Camera, OnlyCamera, OwnCameras
from app.errors import Trouble
from app.events import CameraFailed, CamerasChanged
from proctor.adapters import devices
from proctor.adapters.camera import NoCameraError
from proctor.adapters.devices import CameraInfo
from proctor.adapters.eyes import Patience
from proctor.adapters.models import FaceModels
from proctor.observation import CameraLost, FaceObservation
from proctor.ports import VideoSource
from tests.adapters.test_proctor_eyes import FakeModels
from tests.faults.device import Device

PATIENCE = Patience(silent_s=0.15, frozen_s=0.2, bad_reads=5, bad_read_pause_s=0.001)
FRONT, OBS = CameraInfo(0, "Front"), CameraInfo(1, "OBS Virtual Camera")


class Closing(FakeModels):
    loads = closed = 0

    @classmethod
    def load(cls) -> FaceModels:
        cls.loads += 1
        return cast("FaceModels", cls())

    def close(self) -> None:
        type(self).closed += 1


class Prompted:
    def __init__(self) -> None:
        self.told: list[tuple[str | None, ...]] = []

    def prompt(self, action: str | None, dot: str | None = None) -> None:
        self.told.append((action, dot))

    def shine(self, tint: str | None) -> None:
        self.told.append((tint,))


class Desk(QObject):
    """QtEyes over the real eyes, before cameras that are made up."""

    def __init__(
        self, qtbot: QtBot, cameras: OnlyCamera | OwnCameras | Callable[[], VideoSource]
    ) -> None:
        super().__init__()
        Closing.loads = Closing.closed = 0
        if not isinstance(cameras, OnlyCamera | OwnCameras):
            cameras = OnlyCamera("made up", cameras)
        self._qtbot = qtbot
        self.camera = Camera(cameras, Closing.load, time.monotonic_ns, PATIENCE)
        self.prompted = Prompted()
        self.eyes = QtEyes(self.camera.watch, time.monotonic_ns, self.prompted, self.camera)
        self.events: list[object] = []
        self.eyes.found.connect(self.events.append)

    def until(self, done: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(done, timeout=20_000)

    def all(self, kind: type) -> list[object]:
        return [each for each in self.events if isinstance(each, kind)]

    def listed(self) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
        return [
            (tuple(name for name, _ in event.cameras), event.chosen, event.flags)
            for event in self.events
            if isinstance(event, CamerasChanged)
        ]


@pytest.fixture
def sit(qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(cameras: OnlyCamera | OwnCameras | Callable[[], VideoSource]) -> Desk:
        desks.append(Desk(qtbot, cameras))
        return desks[-1]

    yield make
    for desk in desks:
        desk.eyes.close()
        desk.camera.close()


Sit = Callable[..., Desk]


def test_the_light_is_on_only_between_open_and_close(sit: Sit) -> None:
    opened: list[Device] = []

    def open_camera() -> VideoSource:
        opened.append(Device())
        return opened[-1]

    desk = sit(open_camera)
    assert desk.eyes.newest() is None
    desk.eyes.follow()
    desk.eyes.warm()
    desk.until(lambda: Closing.loads == 1)
    assert opened == [], "neither listing nor loading opens a camera"
    desk.eyes.open("checking")
    desk.until(lambda: bool(desk.all(FaceObservation)))
    assert desk.eyes.newest() is not None
    desk.eyes.close()
    assert opened[0].released.is_set()
    assert desk.eyes.newest() is None
    assert Closing.loads == 1, "the models are loaded once"


def test_one_that_is_still_held_is_waited_for_before_it_is_opened_again(sit: Sit) -> None:
    first, second = Device(), Device()
    waiting = iter([first, second])
    busy: list[bool] = []

    def open_camera() -> VideoSource:
        device = next(waiting)
        if device is second:
            busy.append(not first.released.is_set())
        return device

    desk = sit(open_camera)
    desk.eyes.open("checking")
    desk.until(lambda: bool(desk.all(FaceObservation)))
    first.hang.set()
    desk.until(lambda: bool(desk.all(CameraLost)))
    desk.eyes.open("checking")
    threading.Timer(0.1, first.freed.set).start()
    seen = len(desk.all(FaceObservation))
    desk.until(lambda: len(desk.all(FaceObservation)) > seen)
    assert busy == [False]


def test_cameras_are_told_by_name_as_they_come_and_go(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [FRONT]
    monkeypatch.setattr(devices, "list_cameras", lambda: tuple(there))
    monkeypatch.setattr("proctor.adapters.hotplug.Hotplug.__init__.__defaults__", (0.01,))
    desk = sit(OwnCameras())
    desk.eyes.follow()
    desk.until(lambda: desk.listed() == [(("Front",), "Front", ())])
    there.append(OBS)
    both = ("Front", "OBS Virtual Camera")
    desk.until(lambda: desk.listed()[1:] == [(both, "Front", ())])
    desk.eyes.use("OBS Virtual Camera")
    desk.until(lambda: desk.listed()[2:] == [(both, both[1], ("virtual_camera",))])
    there.remove(OBS)
    desk.until(lambda: desk.listed()[3:] == [(("Front",), "Front", ())])
    there.clear()
    desk.until(lambda: desk.listed()[4:] == [((), "", ())])


def test_nobody_looks_for_cameras_during_a_lesson_but_again_after_one_failed(
    sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0

    def look() -> tuple[CameraInfo, ...]:
        nonlocal looks
        looks += 1
        return (FRONT,)

    monkeypatch.setattr(devices, "list_cameras", look)
    monkeypatch.setattr("proctor.adapters.hotplug.Hotplug.__init__.__defaults__", (0.01,))
    own, device = OwnCameras(), Device()
    monkeypatch.setattr(own, "open", lambda: device)
    desk = sit(own)
    desk.eyes.open("preview")
    desk.until(lambda: looks > 2)
    desk.eyes.open("resting")
    stood = looks
    desk.until(lambda: bool(desk.all(FaceObservation)))
    assert looks == stood
    device.unplug()
    desk.until(lambda: bool(desk.all(CameraLost)))
    desk.until(lambda: looks > stood + 2)


def test_why_it_can_not_be_opened_is_told(sit: Sit) -> None:
    def none() -> VideoSource:
        raise NoCameraError("none")

    desk = sit(none)
    desk.eyes.open("preview")
    desk.until(lambda: bool(desk.all(CameraFailed)))
    (failed,) = desk.all(CameraFailed)
    assert cast("CameraFailed", failed).report.trouble is Trouble.NO_CAMERA


def test_what_the_learner_sees_is_told_to_a_simulated_one(sit: Sit) -> None:
    desk = sit(Device)
    desk.eyes.prompt("follow_dot", "left")
    desk.eyes.shine("warm")
    desk.eyes.close()
    assert desk.prompted.told == [("follow_dot", "left"), ("warm",), (None, None), (None,)]


def test_models_are_closed_with_the_program(sit: Sit) -> None:
    desk = sit(Device)
    desk.eyes.warm()
    desk.eyes.warm()
    desk.camera.close()
    assert (Closing.loads, Closing.closed) == (1, 1)
