"""Rendered clips of one person: JPEG pictures in a zip file in the cache, kept in memory to play.

A file is named after a hash of everything that went into it, so one that exists is right.
"""

import contextlib
import hashlib
import os
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.casting import PACKAGE, Person
from proctor.ports import Picture

WIDTH, HEIGHT = 640, 480
JPEG_QUALITY = 92
KEPT = 3
"""Renderings of a person that are kept; older ones are deleted."""

MADE_OF = ("motion.py", "studio", "data")
"""What decides how a picture looks, beside the person."""


@dataclass(frozen=True, slots=True)
class Clips:
    """One person's pictures: JPEG bytes by clip name and pose number; the room without anybody."""

    person: str
    pictures: Mapping[str, tuple[bytes, ...]]

    def picture(self, clip: str, pose: int) -> Picture:
        """uint8[480, 640, 3], blue-green-red, well lit, without grain."""
        return decode(self.pictures[clip][pose])


def encode(picture: Picture) -> bytes:
    """A picture as JPEG."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("OpenCV could not encode a picture")
    return data.tobytes()


def decode(data: bytes) -> Picture:
    """JPEG back to a picture."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError("damaged picture")
    return picture.astype(np.uint8, copy=False)


def cache_folder() -> Path:
    """Where rendered people are kept: `ANXUE_CACHE`, else the platform's cache folder."""
    chosen = os.environ.get("ANXUE_CACHE")
    if chosen:
        base = Path(chosen)
    elif sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        base = (Path(local) if local else Path.home() / "AppData" / "Local") / "Anxue" / "Cache"
    else:
        xdg = os.environ.get("XDG_CACHE_HOME")
        base = (Path(xdg) if xdg else Path.home() / ".cache") / "anxue"
    return base / "learner"


def _feed(digest: "hashlib._Hash", node: Traversable, path: str) -> None:
    if node.is_dir():
        for child in sorted(node.iterdir(), key=lambda each: each.name):
            if child.name != "__pycache__":
                _feed(digest, child, f"{path}/{child.name}")
    else:
        # line endings must not matter: a checkout on Windows may have others
        content = node.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)


def fingerprint(person: Person, companion: Person) -> str:
    """16 hex digits that change whenever the person's pictures would."""
    digest = hashlib.sha256()
    here = resources.files(PACKAGE)
    for name in MADE_OF:
        node = here.joinpath(name)
        if node.is_dir() or node.is_file():
            _feed(digest, node, name)
    for each in (person, companion):
        digest.update(each.model_dump_json().encode())
    return digest.hexdigest()[:16]


def place(person: Person, companion: Person) -> Path:
    """The file of a person's clips."""
    return cache_folder() / fingerprint(person, companion) / f"{person.name}.zip"


def save(clips: Clips, path: Path) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w") as archive:
            for clip, pictures in clips.pictures.items():
                for number, data in enumerate(pictures):
                    archive.writestr(f"{clip}/{number:03}.jpg", data)
        Path(draft).replace(path)
        _forget_old(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _forget_old(path: Path) -> None:
    same = list(path.parent.parent.glob(f"*/{path.name}"))
    same.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    for old in same[KEPT:]:
        old.unlink(missing_ok=True)
        # not empty: somebody else of that rendering is still there
        with contextlib.suppress(OSError):
            old.parent.rmdir()


def load(person: str, path: Path) -> Clips | None:
    """The clips in a file; None when there is none or it is damaged."""
    pictures: dict[str, list[bytes]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                return None
            for entry in sorted(archive.namelist()):
                pictures.setdefault(entry.split("/")[0], []).append(archive.read(entry))
    except (FileNotFoundError, zipfile.BadZipFile):
        return None
    return Clips(person, {clip: tuple(each) for clip, each in pictures.items()})
