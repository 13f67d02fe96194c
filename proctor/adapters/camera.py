"""Opening the learner's camera, and why it can't be opened. `devices` says which there are."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence

from proctor.adapters.devices import CameraInfo, choose, list_cameras
from proctor.adapters.opencv import cv2
from proctor.ports import VideoSource

__all__ = [
    "CameraBusyError",
    "CameraDeniedError",
    "CameraError",
    "CameraInfo",
    "NoCameraError",
    "list_cameras",
    "open_camera",
]

WIDTH, HEIGHT, FPS = 640, 480, 15
"""Asked for; a camera that gives more is scaled down (`frames.WIDEST`)."""

FIRST_READS, FIRST_READS_S, FIRST_PAUSE_S = 10, 6.0, 0.05
"""A camera may need so many reads, and seconds, until its first frame. A read that fails at
once says that it still starts, or that another program has it: half a second tells."""

_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"


class CameraError(Exception):
    """The camera can't be used."""


class NoCameraError(CameraError):
    """None is connected."""


class CameraBusyError(CameraError):
    """It is there but gives no picture: another program has it, nearly always."""


class CameraDeniedError(CameraError):
    """The system does not let this program use cameras."""


def open_camera(
    name: str = "",
    *,
    capture: Callable[[int, int], VideoSource] | None = None,
    cameras: Callable[[], Sequence[CameraInfo]] = list_cameras,
    may_use: Callable[[CameraInfo], bool] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> VideoSource:
    """Open the camera of this name, else the first; its light goes on.

    Tries the system's own way of access first and OpenCV's other ones after it. Raises one
    of the `CameraError`s. The rest of the parameters is the machine, replaced in tests.
    """
    camera = choose(cameras(), name)
    if camera is None:
        raise NoCameraError("no camera is connected")
    if not (may_use or _may_use)(camera):
        raise CameraDeniedError(f"{camera.name or camera.path}: the system refuses")
    for index, backend in camera.ways:
        source = _capture(capture or _video_capture, index, backend)
        if source is not None and _begins(source, clock, sleep):
            return source
        if source is not None:
            source.release()
    if camera not in cameras():
        raise NoCameraError(f"{camera.name or camera.path} was there and is gone")
    raise CameraBusyError(f"{camera.name or camera.path} gives no frame ({camera.ways})")


def _video_capture(index: int, backend: int) -> VideoSource:
    # cv2's own stubs say that read() may give any array; a camera gives bytes
    source: VideoSource = cv2.VideoCapture(index, backend)  # type: ignore[assignment]
    return source


def _capture(
    capture: Callable[[int, int], VideoSource], index: int, backend: int
) -> VideoSource | None:
    try:
        return capture(index, backend)
    except cv2.error:  # a backend that is not built in, or whose driver errs
        return None


def _begins(
    source: VideoSource, clock: Callable[[], float], sleep: Callable[[float], None]
) -> bool:
    """Whether it is open and gives a frame before long."""
    if not source.isOpened():
        return False
    _ask_for_size(source)
    began = clock()
    for _ in range(FIRST_READS):
        try:
            if source.read()[0]:
                return True
        except cv2.error:
            return False
        if clock() - began > FIRST_READS_S:
            return False
        sleep(FIRST_PAUSE_S)
    return False


def _ask_for_size(source: VideoSource) -> None:
    """Not every camera obeys, and none has to. Media Foundation starts anew at each of them."""
    for what, value in (
        (cv2.CAP_PROP_FRAME_WIDTH, WIDTH),
        (cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT),
        (cv2.CAP_PROP_FPS, FPS),
        # no old frames in between when it is looked at only twice a second
        (cv2.CAP_PROP_BUFFERSIZE, 1),
    ):
        if source.get(what) != value:
            source.set(what, value)


def _may_use(camera: CameraInfo) -> bool:
    if sys.platform == "win32":
        return _windows_consents()
    if sys.platform.startswith("linux"):
        return os.access(camera.path, os.R_OK | os.W_OK)
    return True


def _windows_consents() -> bool:
    """Whether the privacy settings let desktop programs use cameras."""
    if sys.platform != "win32":
        return True
    import winreg

    for place in (_CONSENT, _CONSENT + r"\NonPackaged"):
        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            try:
                with winreg.OpenKey(root, place) as key:
                    if winreg.QueryValueEx(key, "Value")[0] == "Deny":
                        return False
            except OSError:
                continue  # an older Windows knows no such switch
    return True
