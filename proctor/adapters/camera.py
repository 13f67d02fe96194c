"""The learner's camera: which ones there are, opening one, and why it can't be opened."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from proctor.adapters.opencv import cv2
from proctor.ports import VideoSource

WIDTH, HEIGHT, FPS = 640, 480, 15
"""Asked for; a camera that gives more is scaled down (`models.WIDEST`)."""

FIRST_READS = 10
"""Frames a camera may fail to give right after opening while it starts."""

_DEVICES = Path("/sys/class/video4linux")
_CONSENT = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\webcam"


class CameraError(Exception):
    """The camera can't be used."""


class NoCameraError(CameraError):
    """None is connected."""


class CameraBusyError(CameraError):
    """It is there but gives no picture: another program has it, nearly always."""


class CameraDeniedError(CameraError):
    """The system does not let this program use cameras."""


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """index: for `open_camera`. name: the system's, empty where it tells none."""

    index: int
    name: str


def list_cameras(devices: Path = _DEVICES) -> tuple[CameraInfo, ...]:
    """The cameras that can be seen without opening one.

    OpenCV names none; Linux does. Elsewhere the system's first camera stands for all.
    """
    if not sys.platform.startswith("linux"):
        return (CameraInfo(0, ""),)
    found = []
    for entry in sorted(devices.glob("video*")):
        number = re.fullmatch(r"video(\d+)", entry.name)
        # A camera's further nodes carry metadata and no picture; its first has index 0.
        if number and _read(entry / "index") in ("", "0"):
            found.append(CameraInfo(int(number[1]), _read(entry / "name")))
    return tuple(sorted(found, key=lambda camera: camera.index))


def open_camera(
    index: int | None = None,
    *,
    capture: Callable[[int, int], VideoSource] | None = None,
    cameras: Callable[[], Sequence[CameraInfo]] = list_cameras,
    may_use: Callable[[int], bool] | None = None,
) -> VideoSource:
    """Open the camera with this index, by default the first; its light goes on.

    Tries the system's own way of access first and OpenCV's choice after it. Raises one of
    the `CameraError`s. capture, cameras, may_use: the machine, replaced in tests.
    """
    there = cameras()
    if index is None:
        index = there[0].index if there else 0
    if index not in {camera.index for camera in there}:
        raise NoCameraError(f"no camera {index} among {len(there)}")
    if not (may_use or _may_use)(index):
        raise CameraDeniedError(f"camera {index}: the system refuses")
    tried = []
    for backend in _backends():
        source = (capture or _capture)(index, backend)
        if source.isOpened():
            _ask_for_size(source)
            if _gives_frames(source):
                return source
        tried.append(str(backend))
        source.release()
    raise CameraBusyError(f"camera {index} gives no frame (backends {', '.join(tried)})")


def _capture(index: int, backend: int) -> VideoSource:
    # cv2's own stubs say that read() may give any array; a camera gives bytes
    source: VideoSource = cv2.VideoCapture(index, backend)  # type: ignore[assignment]
    return source


def _backends() -> tuple[int, ...]:
    if sys.platform == "win32":
        return (cv2.CAP_MSMF, cv2.CAP_DSHOW, cv2.CAP_ANY)
    if sys.platform.startswith("linux"):
        return (cv2.CAP_V4L2, cv2.CAP_ANY)
    return (cv2.CAP_ANY,)


def _ask_for_size(source: VideoSource) -> None:
    # Not every camera obeys, and none has to.
    source.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
    source.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    source.set(cv2.CAP_PROP_FPS, FPS)
    # no old frames in between when it is looked at only twice a second
    source.set(cv2.CAP_PROP_BUFFERSIZE, 1)


def _gives_frames(source: VideoSource) -> bool:
    return any(source.read()[0] for _ in range(FIRST_READS))


def _may_use(index: int) -> bool:
    if sys.platform == "win32":
        return _windows_consents()
    if sys.platform.startswith("linux"):
        return os.access(f"/dev/video{index}", os.R_OK | os.W_OK)
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


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
