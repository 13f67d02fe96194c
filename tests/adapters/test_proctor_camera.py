"""Opening a camera: the three ways in which it fails, and the backends tried in turn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from proctor.adapters import camera
from proctor.adapters.camera import (
    CameraBusyError,
    CameraDeniedError,
    CameraInfo,
    NoCameraError,
    list_cameras,
    open_camera,
)
from proctor.ports import Picture


class Device:
    """A camera that opens or not, and gives its first frame at the `first` read."""

    def __init__(self, opens: bool = True, first: int = 1) -> None:
        self.opens, self.first, self.reads = opens, first, 0
        self.released = False
        self.settings: dict[int, float] = {}

    def isOpened(self) -> bool:  # noqa: N802
        return self.opens

    def read(self) -> tuple[bool, Picture | None]:
        self.reads += 1
        ready = self.reads >= self.first
        return ready, np.zeros((4, 4, 3), np.uint8) if ready else None

    def get(self, prop: int, /) -> float:
        return 0.0

    def set(self, prop: int, value: float, /) -> bool:
        self.settings[prop] = value
        return False

    def release(self) -> None:
        self.released = True

    def getBackendName(self) -> str:  # noqa: N802
        return "FAKE"


def one() -> tuple[CameraInfo, ...]:
    return (CameraInfo(2, "USB Camera"),)


def try_to_open(*devices: Device, index: int | None = None) -> object:
    waiting = iter(devices)
    return open_camera(index, capture=lambda *_: next(waiting), cameras=one, may_use=lambda _: True)


@pytest.fixture(autouse=True)
def two_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera, "_backends", lambda: (1, 2))


def test_the_first_camera_is_asked_for_a_small_picture() -> None:
    device = Device(first=4)
    assert try_to_open(device) is device
    assert {640, 480, 15} <= set(device.settings.values())
    assert not device.released


def test_the_second_backend_is_tried() -> None:
    first, second = Device(opens=False), Device()
    assert try_to_open(first, second) is second
    assert first.released


def test_another_program_has_it() -> None:
    """On Windows it opens all the same, and gives no frame."""
    devices = Device(first=1000), Device(opens=False)
    with pytest.raises(CameraBusyError):
        try_to_open(*devices)
    assert all(device.released for device in devices)


def test_none_is_there() -> None:
    with pytest.raises(NoCameraError):
        open_camera(cameras=lambda: ())
    with pytest.raises(NoCameraError):
        try_to_open(index=7)


def test_the_system_refuses() -> None:
    with pytest.raises(CameraDeniedError):
        open_camera(2, cameras=one, may_use=lambda _: False)


def test_cameras_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for node, index, name in [
        ("video10", "0", "Back"),
        ("video2", "0", "Front\n"),
        ("video3", "1", "Front"),
        ("video4", None, "Old"),
        ("vbi0", "0", "TV"),
    ]:
        (tmp_path / node).mkdir()
        (tmp_path / node / "name").write_text(name)
        if index is not None:
            (tmp_path / node / "index").write_text(index)
    assert list_cameras(tmp_path) == (
        CameraInfo(2, "Front"),
        CameraInfo(4, "Old"),
        CameraInfo(10, "Back"),
    )
    assert list_cameras(tmp_path / "none") == ()
    monkeypatch.setattr("sys.platform", "win32")
    assert list_cameras() == (CameraInfo(0, ""),)
