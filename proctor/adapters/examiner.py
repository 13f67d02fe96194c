"""Recorded clips through the pipeline of a camera: from a video file to its `Findings`.

Whatever the file: any size, rate, rotation and codec that OpenCV's FFmpeg reads. A file that
can't be judged is a `ClipError` with a cause, never a crash.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from proctor import cadence, examination
from proctor.adapters.models import FaceModels, ModelError
from proctor.adapters.opencv import cv2
from proctor.cadence import Cadence, Rhythm
from proctor.clip import Asked, Note, Remark, Statement, read
from proctor.examination import Findings
from proctor.ports import Picture
from proctor.schedule import Rules

SUFFIXES = frozenset(
    f".{name}"
    for names in (
        ("3gp", "asf", "avi", "flv", "h264", "h265", "hevc", "ivf", "m2ts", "m4v", "mjpeg"),
        ("mjpg", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "ogv", "ts", "vob", "webm"),
        ("wmv", "y4m"),
    )
    for name in names
)

JUDGED_S, EARLY = 1 / 15, 0.8
"""Seconds between judged frames, and the share of it from which on a frame is due: as in a
check (`eyes.Pace`), so that a clip of 60 frames a second is looked at like a camera of 60."""

RHYTHM = Rhythm(JUDGED_S, JUDGED_S, idle=False, counted=1, signed=1, embedded=3)

LONGEST_S = 600.0
"""What of a clip is looked at; a check takes less than a minute."""

LARGEST_PX = 8192 * 8192

FORGET, FORGET_NS = 6, 1_000_000_000
"""Grey frames between two clips: the landmark model follows a face from frame to frame."""

LARGEST_STATEMENT = 1 << 20


class Fault(StrEnum):
    """Why a file can't be judged."""

    EMPTY = "empty_file"
    UNREADABLE = "unreadable"
    NO_PICTURES = "no_pictures"
    TOO_LARGE = "too_large"
    ODD_PICTURES = "odd_pictures"


class ClipError(Exception):
    """detail: for diagnostics, in English or the library's own words."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Shape:
    """width, height: of the first picture. fps: as the container says, 0.0 unknown. shown: pictures
    that were decoded. cut: the clip was longer than is looked at.
    """

    width: int
    height: int
    fps: float
    shown: int
    cut: bool


class Clip:
    """One video file's pictures with their times; to be closed."""

    def __init__(self, path: Path) -> None:
        """Raises ClipError."""
        try:
            if not path.stat().st_size:
                raise ClipError(Fault.EMPTY, "0 bytes")
        except OSError as error:
            raise ClipError(Fault.UNREADABLE, error.strerror or str(error)) from error
        self._source = _opened(path)
        self._fps = _sane(self._source.get(cv2.CAP_PROP_FPS), 1.0, 1000.0)
        self._size = (0, 0)
        self._shown = 0
        self._cut = False
        self.end_ns = 0

    @property
    def shape(self) -> Shape:
        return Shape(*self._size, self._fps, self._shown, self._cut)

    def close(self) -> None:
        self._source.release()

    def pictures(self) -> Iterator[tuple[int, Picture]]:
        """Those that a check would judge, each with its nanoseconds from the beginning."""
        due_ns = -1
        while (at_ns := self._grab()) is not None:
            if at_ns > LONGEST_S * 1e9:
                self._cut = True
                return
            self.end_ns = at_ns
            if at_ns < due_ns:
                continue
            picture = self._retrieve()
            if picture is None:
                continue
            due_ns = at_ns + round(JUDGED_S * EARLY * 1e9)
            yield at_ns, picture

    def _grab(self) -> int | None:
        try:
            if not self._source.grab():
                return None
            told_ms = float(self._source.get(cv2.CAP_PROP_POS_MSEC))
        except cv2.error:
            return None
        self._shown += 1
        if self._shown == 1:
            return round(_sane(told_ms, 0.0, LONGEST_S * 1000) * 1e6)
        # Some containers tell no times, or the same one again and again.
        step_ns = round(1e9 / (self._fps or 25.0))
        at_ns = round(told_ms * 1e6) if math.isfinite(told_ms) else -1
        return at_ns if at_ns > self.end_ns else self.end_ns + step_ns

    def _retrieve(self) -> Picture | None:
        try:
            read, picture = self._source.retrieve()
        except cv2.error:
            return None
        if not read or not picture.size:
            return None
        if picture.ndim == 2:
            picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
        if self._size == (0, 0):
            self._size = (picture.shape[1], picture.shape[0])
        if picture.shape[2] != 3 or picture.shape[0] * picture.shape[1] > LARGEST_PX:
            raise ClipError(Fault.TOO_LARGE, f"{picture.shape}")
        return picture.astype(np.uint8, copy=False)


class Examiner:
    """Judges one clip after the other with the same models."""

    def __init__(self, models: FaceModels, rules: Rules) -> None:
        self._models = models
        self._rules = rules
        self._now_ns = 0

    def examine(self, path: Path, asked: Sequence[Asked] = ()) -> tuple[Findings, Shape]:
        """What a check would have said of the clip. Raises ClipError."""
        self._forget()
        clip = Clip(path)
        try:
            findings = self._watch(clip, asked)
        finally:
            clip.close()
        if not findings.looks:
            raise ClipError(Fault.NO_PICTURES, "no picture could be decoded")
        return findings, clip.shape

    def _watch(self, clip: Clip, asked: Sequence[Asked]) -> Findings:
        start_ns, looks, odd = self._now_ns, Cadence(), 0
        exam = examination.begin(asked, self._rules, start_ns)
        for at_ns, picture in clip.pictures():
            self._now_ns = start_ns + at_ns
            ask = cadence.look(looks, RHYTHM)
            try:
                seen = self._models.observe(
                    picture,
                    self._now_ns,
                    with_embedding=ask.embed,
                    with_count=ask.count,
                    with_signs=ask.signs,
                )
            except ModelError as error:
                odd += 1
                if odd > 10 and not exam.looks:
                    raise ClipError(Fault.ODD_PICTURES, str(error)) from error
                continue
            looks = cadence.looked(looks, ask, seen)
            exam = examination.step(exam, seen)
        if odd and not exam.looks:
            raise ClipError(Fault.ODD_PICTURES, f"{odd} pictures, none can be judged")
        self._now_ns = max(self._now_ns, start_ns + clip.end_ns)
        return examination.finish(exam, self._now_ns)

    def _forget(self) -> None:
        grey = np.full((480, 640, 3), 128, np.uint8)
        for _ in range(FORGET):
            self._now_ns += FORGET_NS
            self._models.observe(grey, self._now_ns)
        self._now_ns += FORGET_NS


def statement_of(path: Path) -> Statement:
    """What `<file>.json` or `<stem>.json` beside a clip says; nothing where there is none."""
    for beside in (path.with_name(path.name + ".json"), path.with_suffix(".json")):
        try:
            if not beside.is_file():
                continue
            data = beside.read_bytes()[: LARGEST_STATEMENT + 1]
        except OSError as error:
            note = Note(Remark.NOT_JSON, f"{beside.name}: {error.strerror or error}")
            return Statement(notes=(note,))
        if len(data) > LARGEST_STATEMENT:
            return Statement(notes=(Note(Remark.NOT_JSON, f"{beside.name}: more than 1 MiB"),))
        return read(_text(data))
    return Statement()


def clips_in(folder: Path) -> list[Path]:
    """All video files below a folder, sorted; hidden ones left out."""
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    ]
    return sorted(found)


def _text(data: bytes) -> str:
    """Editors on Chinese Windows save GB 18030 or UTF-16, and UTF-8 with a mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _opened(path: Path) -> cv2.VideoCapture:
    for backend in (cv2.CAP_FFMPEG, cv2.CAP_ANY):
        try:
            source = cv2.VideoCapture(str(path), backend)
        except cv2.error:
            continue
        if source.isOpened():
            return source
        source.release()
    raise ClipError(Fault.UNREADABLE, "no video that can be decoded")


def _sane(value: float, least: float, most: float) -> float:
    return float(value) if math.isfinite(value) and least <= value <= most else 0.0
