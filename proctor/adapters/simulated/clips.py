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
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.casting import PACKAGE, Person
from proctor.ports import Picture

WIDTH, HEIGHT = 640, 480
JPEG_QUALITY = 92
COVER, COVER_QUALITY = "cover-", 80
KEPT = 3
"""Renderings of a person that are kept; older ones are deleted."""

VARIED_KEPT = 240
"""Quickly rendered variations of people that are kept, 4 MB each."""

MADE_OF = ("motion.py", "studio", "data")
"""What decides how a picture looks, beside the person."""


Mask = npt.NDArray[np.uint8]
"""uint8[480, 640]: how much of each pixel, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Clips:
    """One person's pictures: JPEG bytes by clip name and pose number; the room without anybody.

    covers: for each picture, how much of each pixel the person covers: grey, half the size.
    """

    person: str
    pictures: Mapping[str, tuple[bytes, ...]]
    covers: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)

    def picture(self, clip: str, pose: int) -> Picture:
        """uint8[480, 640, 3], blue-green-red, well lit, without grain."""
        return decode(self.pictures[clip][pose])

    def still(self, clip: str, pose: int) -> Picture:
        """The same, remembered for those that are needed again and again: not to be written to."""
        return _still(self.pictures[clip][pose])

    def cover(self, clip: str, pose: int) -> Mask:
        """uint8[480, 640]: 255 where the person is, 0 where the room is; 0 where not known."""
        covers = self.covers.get(clip)
        if covers is None:
            return np.zeros((HEIGHT, WIDTH), np.uint8)
        grey = cv2.imdecode(np.frombuffer(covers[pose], np.uint8), cv2.IMREAD_GRAYSCALE)
        if grey is None:
            raise ValueError("damaged picture")
        return cv2.resize(grey, (WIDTH, HEIGHT)).astype(np.uint8, copy=False)


def encode(picture: Picture) -> bytes:
    """A picture as JPEG."""
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("OpenCV could not encode a picture")
    return data.tobytes()


def encode_cover(cover: Mask) -> bytes:
    """Half of its size as JPEG."""
    small = cv2.resize(cover, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, COVER_QUALITY])
    if not done:
        raise ValueError("OpenCV could not encode a cover")
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


@lru_cache(maxsize=16)
def _still(data: bytes) -> Picture:
    picture = decode(data)
    picture.flags.writeable = False
    return picture


@cache
def _ways() -> bytes:
    """A hash of all that decides how anybody looks."""
    digest = hashlib.sha256()
    here = resources.files(PACKAGE)
    for name in MADE_OF:
        node = here.joinpath(name)
        if node.is_dir() or node.is_file():
            _feed(digest, node, name)
    return digest.digest()


def ways() -> str:
    """8 hex digits that change whenever anybody's pictures would."""
    return _ways().hex()[:8]


def fingerprint(person: Person) -> str:
    """16 hex digits that change whenever the person's pictures would."""
    looks = person.model_dump_json(exclude={"label_zh", "label_en", "companion"})
    return hashlib.sha256(_ways() + looks.encode()).hexdigest()[:16]


def place(person: Person) -> Path:
    """The file of a person's clips."""
    return cache_folder() / fingerprint(person) / f"{person.name}.zip"


def varied_place(person: Person) -> Path:
    """The file of a quick rendering; all variations of people are in one folder."""
    return cache_folder() / "varied" / f"{fingerprint(person)}.zip"


def save(clips: Clips, path: Path) -> None:
    """Write the file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w") as archive:
            for kind, shots in (("", clips.pictures), (COVER, clips.covers)):
                for clip, pictures in shots.items():
                    for number, data in enumerate(pictures):
                        archive.writestr(f"{kind}{clip}/{number:03}.jpg", data)
        Path(draft).replace(path)
        _forget_old(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _forget_old(path: Path) -> None:
    if path.parent.name == "varied":
        same, kept = list(path.parent.glob("*.zip")), VARIED_KEPT
    else:
        same, kept = list(path.parent.parent.glob(f"*/{path.name}")), KEPT
    same.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    for old in same[kept:]:
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
    every = {clip: tuple(each) for clip, each in pictures.items()}
    return Clips(
        person,
        {clip: each for clip, each in every.items() if not clip.startswith(COVER)},
        {clip[len(COVER) :]: each for clip, each in every.items() if clip.startswith(COVER)},
    )
