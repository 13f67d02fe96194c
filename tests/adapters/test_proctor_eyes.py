"""The eyes' threads with a camera and models made up: every fault has its own answer."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import ClassVar, TypeVar, cast

import cv2
import numpy as np
import pytest

from proctor.adapters.camera import CameraBusyError, CameraError
from proctor.adapters.eyes import Eyes, Pace, Patience
from proctor.adapters.models import FaceModels, LoadedOnce, ModelError, ModelMissingError
from proctor.cadence import Look
from proctor.observation import CameraLost, FaceObservation, FrameFacts
from proctor.ports import Picture, VideoSource

T = TypeVar("T")

LONG = 20.0
"""Seconds a test waits for what must come; far more than it takes."""

SHORT = Patience(silent_s=0.15, frozen_s=0.2, begins_s=0.3, bad_reads=5, bad_read_pause_s=0.001)


class FakeCamera:
    """Gives what `frame` gives; `hang` makes it never return from `read`."""

    def __init__(self, frame: Callable[[int], Picture | None], fps: float = 100.0) -> None:
        self._frame = frame
        self._pause_s = 1 / fps
        self.number = 0
        self.hang = threading.Event()
        self.freed = threading.Event()
        self.released = threading.Event()

    def isOpened(self) -> bool:  # noqa: N802
        return not self.released.is_set()

    def read(self) -> tuple[bool, Picture | None]:
        if self.hang.is_set():
            self.freed.wait()
            return False, None
        threading.Event().wait(self._pause_s)
        self.number += 1
        picture = self._frame(self.number)
        return picture is not None, picture

    def get(self, prop: int, /) -> float:
        return 0.0

    def set(self, prop: int, value: float, /) -> bool:
        return False

    def release(self) -> None:
        self.released.set()

    def getBackendName(self) -> str:  # noqa: N802
        return "FAKE"


def noisy(number: int) -> Picture:
    return np.random.default_rng(number).integers(0, 256, (48, 64, 3), np.uint8)


class FakeModels:
    """Sees nobody; remembers what it was asked and from which thread."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, Look]] = []
        self.shapes: list[tuple[int, ...]] = []

    def observe(
        self,
        picture: Picture,
        at_ns: int,
        *,
        with_embedding: bool = False,
        with_count: bool = True,
        with_signs: bool = False,
    ) -> FaceObservation:
        self.asked.append((at_ns, Look(with_count, with_signs, with_embedding)))
        self.shapes.append(picture.shape)
        facts = self._facts(picture) if with_signs else None
        return FaceObservation(at_ns, 0, None, frame=facts)

    def _facts(self, picture: Picture) -> FrameFacts:
        height, width = picture.shape[:2]
        thumbnail = np.zeros((12, 16), np.uint8)
        return FrameFacts(width, height, hash(picture.tobytes()), thumbnail, 2.0, (9.0, 9.0, 9.0))


class Watcher:
    """What the eyes told, and a way to wait for it."""

    def __init__(
        self,
        source: Callable[[], VideoSource],
        models: FakeModels | None = None,
        patience: Patience = SHORT,
    ) -> None:
        self.models = models or FakeModels()
        self.told: list[FaceObservation | CameraLost] = []
        self.pictures: list[int] = []
        self.failures: list[CameraError | ModelError] = []
        self._news = threading.Condition()
        self.eyes = Eyes(
            source,
            self._load,
            self._note(self.told),
            lambda picture, at_ns: self._note(self.pictures)(at_ns),
            self._note(self.failures),
            time.monotonic_ns,
            patience=patience,
        )

    def _load(self) -> FaceModels:
        return cast("FaceModels", self.models)

    def _note(self, notes: list[T]) -> Callable[[T], None]:
        def note(one: T) -> None:
            with self._news:
                notes.append(one)
                self._news.notify_all()

        return note

    def wait(self, until: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(until, LONG), (self.told[-3:], self.failures)

    @property
    def seen(self) -> list[FaceObservation]:
        return [each for each in self.told if isinstance(each, FaceObservation)]

    @property
    def lost(self) -> list[CameraLost]:
        return [each for each in self.told if isinstance(each, CameraLost)]


@pytest.fixture
def watch() -> Iterator[Callable[..., Watcher]]:
    """Makes watchers and stops them all in the end."""
    made: list[Watcher] = []

    def make(source: Callable[[], VideoSource], models: FakeModels | None = None) -> Watcher:
        made.append(Watcher(source, models))
        return made[-1]

    yield make
    for each in made:
        each.eyes.stop()


Make = Callable[..., Watcher]


def test_frames_are_judged_and_shown_and_the_camera_released(watch: Make) -> None:
    camera = FakeCamera(noisy)
    watcher = watch(lambda: camera)
    watcher.eyes.start(Pace.CHECKING)
    watcher.wait(lambda: len(watcher.told) >= 7)
    began = time.monotonic()
    assert watcher.eyes.stop()
    assert time.monotonic() - began < 1
    assert camera.released.is_set()
    assert len(watcher.pictures) >= 7
    looks = [look for _, look in watcher.models.asked][:7]
    fifth = [True, False, False, False, False, True, False]
    assert [look.embed for look in looks] == [look.count for look in looks] == fifth
    assert all(look.signs for look in looks)
    times = [each.at_ns for each in watcher.told]
    assert times == sorted(set(times))
    # 100 frames a second come, 15 (with the jitter allowed: 19) are judged
    gaps = np.diff(times) / 1e9
    assert gaps.min() >= Pace.CHECKING.value.judged_s * 0.8 - 0.001
    told = len(watcher.told)
    assert watcher.eyes.stop()
    assert len(watcher.told) == told


def test_at_rest_few_frames_are_read_and_no_face_compared(watch: Make) -> None:
    camera = FakeCamera(noisy)
    watcher = watch(lambda: camera)
    watcher.eyes.start(Pace.RESTING)
    watcher.wait(lambda: len(watcher.told) >= 2)
    looks = {look for _, look in watcher.models.asked}
    assert looks == {Look(count=True, signs=False, embed=False)}
    assert camera.number <= 8


def test_a_closer_look_begins_at_once(watch: Make) -> None:
    watcher = watch(lambda: FakeCamera(noisy))
    watcher.eyes.start(Pace.RESTING)
    watcher.wait(lambda: len(watcher.told) >= 1)
    began = time.monotonic()
    watcher.eyes.set_pace(Pace.CHECKING)
    watcher.wait(lambda: len(watcher.told) >= 4)
    # four at rest would take a second and a half
    assert time.monotonic() - began < 1.2


def test_models_slower_than_the_camera_get_the_newest_frame_only(watch: Make) -> None:
    class Slow(FakeModels):
        def observe(
            self,
            picture: Picture,
            at_ns: int,
            *,
            with_embedding: bool = False,
            with_count: bool = True,
            with_signs: bool = False,
        ) -> FaceObservation:
            threading.Event().wait(0.15)
            self.late_ns.append(time.monotonic_ns() - at_ns)
            return FaceObservation(at_ns, 0, None)

        late_ns: ClassVar[list[int]] = []

    watcher = watch(lambda: FakeCamera(noisy), Slow())
    watcher.eyes.start(Pace.CHECKING)
    watcher.wait(lambda: len(watcher.told) >= 4)
    assert watcher.eyes.stop()
    # no queue: the last frame is as fresh as the first
    assert Slow.late_ns[-1] < 0.5e9


def test_a_camera_that_cannot_be_opened(watch: Make) -> None:
    def fail() -> VideoSource:
        raise CameraBusyError("taken")

    watcher = watch(fail)
    watcher.eyes.start()
    watcher.wait(lambda: bool(watcher.failures))
    assert watcher.eyes.stop()
    assert isinstance(watcher.failures[0], CameraBusyError)
    assert watcher.told == []


def test_models_that_are_missing(watch: Make) -> None:
    camera = FakeCamera(noisy)
    watcher = watch(lambda: camera)

    def fail() -> FaceModels:
        raise ModelMissingError("face_landmarker.task", "no such file")

    watcher.eyes._models = fail
    watcher.eyes.start()
    watcher.wait(lambda: bool(watcher.failures))
    assert watcher.eyes.stop()
    assert camera.released.wait(LONG)
    assert watcher.failures[0].args


def cv2_error(_: int) -> Picture | None:
    raise cv2.error("broken pipe")


@pytest.mark.parametrize(
    "after",
    [lambda _: None, cv2_error, lambda _: np.empty((0, 0, 3), np.uint8)],
    ids=["reads fail", "OpenCV raises", "empty frames"],
)
def test_unplugged(watch: Make, after: Callable[[int], Picture | None]) -> None:
    camera = FakeCamera(lambda number: noisy(number) if number < 5 else after(number))
    watcher = watch(lambda: camera)
    watcher.eyes.start(Pace.PREVIEW)
    watcher.wait(lambda: bool(watcher.lost))
    assert watcher.eyes.stop()
    assert camera.released.is_set()
    assert "reads in a row failed" in watcher.lost[0].detail
    assert watcher.told[-1] is watcher.lost[0] and len(watcher.lost) == 1


def test_a_few_bad_reads_are_nothing(watch: Make) -> None:
    camera = FakeCamera(lambda number: noisy(number) if number % 4 == 0 else None)
    watcher = watch(lambda: camera)
    watcher.eyes.start(Pace.CHECKING)
    watcher.wait(lambda: len(watcher.told) >= 3)
    assert watcher.lost == []


def test_a_driver_that_never_returns(watch: Make) -> None:
    camera = FakeCamera(noisy)
    watcher = watch(lambda: camera)
    watcher.eyes.start(Pace.CHECKING)
    watcher.wait(lambda: bool(watcher.told))
    camera.hang.set()
    watcher.wait(lambda: bool(watcher.lost))
    assert "no frame for" in watcher.lost[0].detail
    began = time.monotonic()
    assert not watcher.eyes.stop()
    assert time.monotonic() - began < 1
    camera.freed.set()
    assert camera.released.wait(LONG)


def test_a_picture_that_stands_still(watch: Make) -> None:
    still = noisy(1)
    watcher = watch(lambda: FakeCamera(lambda number: still))
    watcher.eyes.start(Pace.CHECKING)
    watcher.wait(lambda: bool(watcher.lost))
    assert "the same picture" in watcher.lost[0].detail


def test_a_covered_lens_is_no_lost_camera(watch: Make) -> None:
    black = np.zeros((48, 64, 3), np.uint8)
    watcher = watch(lambda: FakeCamera(lambda number: black))
    watcher.eyes.start(Pace.CHECKING)
    watcher.wait(lambda: len(watcher.told) >= 8)
    assert watcher.lost == []


def test_eyes_that_never_opened_can_be_stopped(watch: Make) -> None:
    assert watch(lambda: FakeCamera(noisy)).eyes.stop()


def test_models_are_loaded_once_and_closed_once() -> None:
    class Closing:
        closed = 0

        def close(self) -> None:
            Closing.closed += 1

    made: list[Closing] = []

    def load() -> FaceModels:
        made.append(Closing())
        return cast("FaceModels", made[-1])

    models = LoadedOnce(load)
    models.close()
    assert models() is models()
    models.close()
    models.close()
    assert (len(made), Closing.closed) == (1, 1)


def test_a_judge_that_breaks_says_that_nobody_is_watched() -> None:
    """Whatever a library throws: a film must not run on before eyes that see nothing."""

    class Broken:
        def observe(self, *_what: object, **_how: object) -> FaceObservation:
            raise IndexError("a library's own fault")

    failures: queue.Queue[CameraError | ModelError] = queue.Queue()
    camera = FakeCamera(lambda number: np.full((48, 64, 3), number % 200 + 20, np.uint8))
    eyes = Eyes(
        lambda: camera,
        lambda: cast("FaceModels", Broken()),
        lambda _seen: None,
        lambda _picture, _at_ns: None,
        failures.put,
        time.monotonic_ns,
        patience=SHORT,
    )
    eyes.start(Pace.CHECKING)
    try:
        assert "IndexError" in str(failures.get(timeout=LONG))
    finally:
        eyes.stop()
