"""Which cameras there are, opening one, and the ways in which that fails."""

from __future__ import annotations

import sys
import types
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from proctor.adapters import devices
from proctor.adapters.camera import (
    FIRST_READS_S,
    CameraBusyError,
    CameraDeniedError,
    CameraInfo,
    NoCameraError,
    list_cameras,
    open_camera,
)
from proctor.adapters.devices import choose, merged, numbered
from proctor.devices import VIRTUAL_CAMERA, flags
from proctor.ports import Picture, VideoSource


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


USB = CameraInfo(2, "USB Camera", "/dev/video2", 1, ((2, 2),))
BUILT_IN = CameraInfo(0, "Built-in", "/dev/video0", 1, ((0, 2),))


class Machine:
    """Some cameras; `opens` gives the devices in the order in which they are opened."""

    def __init__(self, *opens: Device | Exception, cameras: Sequence[CameraInfo] = (USB,)) -> None:
        self._opens = iter(opens)
        self.cameras = list(cameras)
        self.asked: list[tuple[int, int]] = []
        self.now_s = 0.0

    def open(self, name: str = "", *, may_use: bool = True) -> VideoSource:
        return open_camera(
            name,
            capture=self._capture,
            cameras=lambda: tuple(self.cameras),
            may_use=lambda _: may_use,
            clock=lambda: self.now_s,
            sleep=self._sleep,
        )

    def _capture(self, index: int, backend: int) -> VideoSource:
        self.asked.append((index, backend))
        device = next(self._opens)
        if isinstance(device, Exception):
            raise device
        return device

    def _sleep(self, seconds: float) -> None:
        self.now_s += seconds


def test_the_first_camera_is_asked_for_a_small_picture() -> None:
    device = Device(first=4)
    machine = Machine(device)
    assert machine.open() is device
    assert device.settings[cv2.CAP_PROP_FRAME_WIDTH] == 640
    assert device.settings[cv2.CAP_PROP_FRAME_HEIGHT] == 480
    assert device.settings[cv2.CAP_PROP_FPS] == 15
    assert device.settings[cv2.CAP_PROP_BUFFERSIZE] == 1
    assert not device.released
    assert machine.now_s < 0.3


def test_what_is_so_already_is_not_set_again() -> None:
    class Small(Device):
        def get(self, prop: int, /) -> float:
            return {cv2.CAP_PROP_FRAME_WIDTH: 640.0, cv2.CAP_PROP_FRAME_HEIGHT: 480.0}.get(prop, 0)

    device = Small()
    Machine(device).open()
    assert set(device.settings) == {cv2.CAP_PROP_FPS, cv2.CAP_PROP_BUFFERSIZE}


def test_one_is_opened_by_its_name() -> None:
    machine = Machine(Device(), Device(), Device(), cameras=(BUILT_IN, USB))
    for name in ("USB Camera", "", "one that was left at home"):
        machine.open(name)
    assert machine.asked == [(2, 1), (0, 1), (0, 1)]


@pytest.mark.parametrize(
    "first", [Device(opens=False), Device(first=1000), cv2.error("no such backend")]
)
def test_the_second_backend_is_tried(first: Device | Exception) -> None:
    second = Device()
    machine = Machine(first, second)
    assert machine.open() is second
    assert machine.asked == [(2, 1), (2, 2)]
    assert isinstance(first, Exception) or first.released


def test_another_program_has_it() -> None:
    """On Windows it opens all the same, and gives no frame."""
    opened = Device(first=1000), Device(opens=False)
    machine = Machine(*opened)
    with pytest.raises(CameraBusyError):
        machine.open()
    assert all(device.released for device in opened)
    assert machine.now_s <= 1, "told within a second"


def test_one_that_opens_and_holds_every_read() -> None:
    """A driver that waits for a frame, in vain, each time for the system's own two seconds."""
    machine = Machine()

    class Silent(Device):
        def read(self) -> tuple[bool, Picture | None]:
            machine.now_s += 2.0
            return super().read()

    silent = Silent(first=1000)
    machine._opens = iter([silent, Device(opens=False)])
    with pytest.raises(CameraBusyError):
        machine.open()
    assert machine.now_s <= FIRST_READS_S + 2.1
    assert silent.released


def test_one_that_raises_when_it_is_read() -> None:
    class Broken(Device):
        def read(self) -> tuple[bool, Picture | None]:
            raise cv2.error("broken pipe")

    broken, second = Broken(), Device()
    assert Machine(broken, second).open() is second
    assert broken.released


def test_none_is_there() -> None:
    with pytest.raises(NoCameraError):
        Machine(cameras=()).open()


def test_one_that_vanishes_while_it_is_opened() -> None:
    machine = Machine()

    class Vanishing(Device):
        def isOpened(self) -> bool:  # noqa: N802
            machine.cameras.clear()
            return False

    machine._opens = iter([Vanishing(), Vanishing()])
    with pytest.raises(NoCameraError, match="gone"):
        machine.open()


def test_the_system_refuses() -> None:
    machine = Machine(Device())
    with pytest.raises(CameraDeniedError):
        machine.open(may_use=False)
    assert machine.asked == []


def test_a_device_that_may_not_be_read_is_denied(tmp_path: Path) -> None:
    """The real question to the system; a device that is not there can't be read by anybody."""
    missing = CameraInfo(9, "USB Camera", str(tmp_path / "video9"))
    with pytest.raises(CameraDeniedError):
        open_camera(cameras=lambda: (missing,))


# Their names


def test_cameras_of_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for node, index, name in [
        ("video10", "0", "Cam: Cam"),
        ("video2", "0", "Front\n"),
        ("video3", "1", "Front"),
        ("video4", None, "Old"),
        ("video6", "0", "Front"),
        ("vbi0", "0", "TV"),
    ]:
        (tmp_path / node).mkdir()
        (tmp_path / node / "name").write_text(name)
        if index is not None:
            (tmp_path / node / "index").write_text(index)
    found = list_cameras(tmp_path)
    assert [(each.index, each.name, each.path) for each in found] == [
        (2, "Front", "/dev/video2"),
        (4, "Old", "/dev/video4"),
        (6, "Front (2)", "/dev/video6"),
        (10, "Cam", "/dev/video10"),
    ]
    assert found[0].ways == ((2, cv2.CAP_V4L2), (2, cv2.CAP_ANY))
    assert list_cameras(tmp_path / "none") == ()


def test_a_camera_that_a_program_makes_under_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    real = tmp_path / "devices" / "virtual" / "video4linux" / "video0"
    real.mkdir(parents=True)
    (real / "name").write_text("Integrated Camera")
    nodes = tmp_path / "class"
    nodes.mkdir()
    (nodes / "video0").symlink_to(real)
    (camera,) = list_cameras(nodes)
    assert flags(camera.name, camera.origin) == (VIRTUAL_CAMERA,)


@dataclass
class Told:
    """As the library that asks Windows tells it."""

    index: int
    name: str
    path: str | None


USB_PATH = r"\\?\usb#vid_046d&pid_0825&mi_00#7&1b2c&0&0000#"


def test_one_camera_of_two_backends() -> None:
    found = merged(
        [
            Told(0, "Integrated Camera", r"\\?\usb#a#{e5323777}\global"),
            Told(1, "C270", USB_PATH + r"{e5323777-f976}\global"),
        ],
        [
            Told(0, "C270", USB_PATH.upper() + r"{65e8773d-8f56}\global"),
            Told(1, "OBS Virtual Camera", None),
            Told(2, "Integrated Camera", r"\\?\usb#a#{65e8773d}\global"),
        ],
        (cv2.CAP_MSMF, cv2.CAP_DSHOW),
    )
    assert [(each.name, each.ways) for each in found] == [
        ("Integrated Camera", ((0, cv2.CAP_MSMF), (2, cv2.CAP_DSHOW))),
        ("C270", ((1, cv2.CAP_MSMF), (0, cv2.CAP_DSHOW))),
        ("OBS Virtual Camera", ((1, cv2.CAP_DSHOW),)),
    ]


def test_two_of_a_make_on_windows() -> None:
    twins = [Told(n, "C270", f"{USB_PATH}{n}#{{x}}") for n in range(2)]
    found = merged(twins, list(reversed(twins)), (1, 2))
    assert [(each.name, each.ways) for each in found] == [
        ("C270", ((0, 1), (0, 2))),
        ("C270 (2)", ((1, 1), (1, 2))),
    ]


def test_windows_without_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    (only,) = list_cameras()
    assert (only.name, only.ways[0]) == ("", (0, cv2.CAP_MSMF))


def test_opencvs_numbers_are_still_the_same() -> None:
    told = devices.ANY, devices.V4L2, devices.DSHOW, devices.MSMF
    assert told == (cv2.CAP_ANY, cv2.CAP_V4L2, cv2.CAP_DSHOW, cv2.CAP_MSMF)


def test_one_is_chosen_by_its_name() -> None:
    first, second, third = numbered([CameraInfo(0, "A"), CameraInfo(1, "A"), CameraInfo(2)])
    assert choose((first, second, third), "A (2)") is second
    assert choose((first, second, third), "") is first
    assert choose((first, second, third), "gone") is first
    assert choose((), "A") is None


def test_windows_that_can_not_be_asked_may_have_a_camera_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(_backend: int) -> list[Told]:
        raise OSError("no Media Foundation, no DirectShow")

    library = types.SimpleNamespace(enumerate_cameras=refuses)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", library)
    (only,) = list_cameras()
    assert (only.name, only.ways[0]) == ("", (0, cv2.CAP_MSMF))
