"""Which cameras are connected, by their names. None is opened to find out."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

ANY, V4L2, DSHOW, MSMF = 0, 200, 700, 1400
"""OpenCV's numbers for its ways to a camera. Importing it for them would cost the start of the
program 0.2 s: which cameras there are is asked before one is wanted."""

_DEVICES = Path("/sys/class/video4linux")


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera that is there.

    name: the system's, made unique; empty where it tells none. path: what the system calls
    the device, "" where it does not tell. index, backend: for `cv2.VideoCapture`; others:
    further such pairs that lead to the same camera, to be tried after it. origin: where the
    system has it from, which a program that makes a camera can't name as it likes.
    """

    index: int
    name: str = ""
    path: str = ""
    backend: int = ANY
    others: tuple[tuple[int, int], ...] = ()
    origin: str = ""

    @property
    def ways(self) -> tuple[tuple[int, int], ...]:
        """(index, backend), the best first."""
        return ((self.index, self.backend), *self.others)


class Found(Protocol):
    """What `cv2_enumerate_cameras` tells of a camera; it may leave name and path out."""

    index: int
    name: str
    path: str | None


def list_cameras(devices: Path = _DEVICES) -> tuple[CameraInfo, ...]:
    """The cameras, the system's own choice first, without opening one."""
    if sys.platform.startswith("linux"):
        return numbered(_of_linux(devices))
    if sys.platform == "win32":
        return _of_windows()
    return (CameraInfo(0),)


def choose(cameras: Sequence[CameraInfo], name: str = "") -> CameraInfo | None:
    """The one of this name; the first where there is none of it, None where there is none."""
    for camera in cameras:
        if name and camera.name == name:
            return camera
    return cameras[0] if cameras else None


def numbered(cameras: Sequence[CameraInfo]) -> tuple[CameraInfo, ...]:
    """Two of a make have one name: the second and further get a number."""
    seen: Counter[str] = Counter()
    out = []
    for camera in cameras:
        seen[camera.name] += 1
        number = seen[camera.name]
        name = f"{camera.name} ({number})" if camera.name and number > 1 else camera.name
        out.append(replace(camera, name=name))
    return tuple(out)


def merged(
    preferred: Sequence[Found], further: Sequence[Found], backends: tuple[int, int]
) -> tuple[CameraInfo, ...]:
    """One camera for each device that two backends list, each with indices of its own.

    Windows gives a device the same path in both up to the interface's class at its end.
    Virtual cameras often are known to DirectShow alone and have no path at all.
    """
    first, second = backends
    left = list(further)
    out = []
    for each in preferred:
        twin = next((other for other in left if _device(other) == _device(each)), None)
        others: tuple[tuple[int, int], ...] = ()
        if twin is not None:
            left.remove(twin)
            others = ((twin.index, second),)
        path = each.path or ""
        out.append(CameraInfo(each.index, _tidy(each.name), path, first, others, path))
    for one in left:
        path = one.path or ""
        out.append(CameraInfo(one.index, _tidy(one.name), path, second, (), path))
    return numbered(out)


def _device(found: Found) -> str:
    if not found.path:
        return f"by name: {found.name}"
    return found.path.lower().rpartition("#{")[0] or found.path.lower()


def _tidy(name: str | None) -> str:
    """Many drivers say "X: X", on one line or with a line end after it."""
    text = " ".join((name or "").split())
    first, colon, rest = text.partition(": ")
    return first if colon and (rest == first or first.startswith(rest)) else text


def _of_linux(devices: Path) -> list[CameraInfo]:
    found = []
    for entry in devices.glob("video*"):
        number = re.fullmatch(r"video(\d+)", entry.name)
        # A camera's further nodes carry metadata and no picture; its first has index 0.
        if number and _read(entry / "index") in ("", "0"):
            index = int(number[1])
            found.append(
                CameraInfo(
                    index,
                    _tidy(_read(entry / "name")),
                    f"/dev/{entry.name}",
                    V4L2,
                    ((index, ANY),),
                    str(entry.resolve()),
                )
            )
    return sorted(found, key=lambda camera: camera.index)


def _of_windows() -> tuple[CameraInfo, ...]:
    """OpenCV names none; a small library asks Media Foundation and DirectShow for it."""
    first, second = MSMF, DSHOW
    try:
        from cv2_enumerate_cameras import enumerate_cameras
    except ImportError:
        return _unnamed()
    preferred, further = _asked(enumerate_cameras, first), _asked(enumerate_cameras, second)
    if preferred is None and further is None:
        return _unnamed()
    return merged(preferred or (), further or (), (first, second))


def _unnamed() -> tuple[CameraInfo, ...]:
    """Nobody can be asked: one that may be there is better than none that has a name."""
    return (CameraInfo(0, "", "", MSMF, ((0, DSHOW), (0, ANY))),)


def _asked(
    enumerate_cameras: Callable[[int], Sequence[Found]], backend: int
) -> Sequence[Found] | None:
    """The cameras that a backend knows; None where it can't be asked."""
    try:
        return enumerate_cameras(backend)
    except (OSError, RuntimeError, NotImplementedError):
        # a Windows without that backend (the N editions), or COM that does not start
        return None


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
