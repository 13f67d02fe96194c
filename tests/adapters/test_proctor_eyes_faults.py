"""Everything a camera can do wrong, at the level of `cv2.VideoCapture`, before the real eyes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from proctor.adapters.camera import CameraBusyError, CameraDeniedError, NoCameraError
from proctor.adapters.eyes import Pace, Patience
from proctor.ports import Picture, VideoSource
from tests.adapters.test_proctor_eyes import LONG, SHORT, FakeModels, Watcher
from tests.faults.device import Device, black, broken, noisy, nothing

Make = Callable[..., Watcher]


@pytest.fixture
def watch() -> Iterator[Make]:
    made: list[Watcher] = []

    def make(
        source: Callable[[], VideoSource], pace: Pace = Pace.CHECKING, patience: Patience = SHORT
    ) -> Watcher:
        watcher = Watcher(source, FakeModels(), patience)
        made.append(watcher)
        watcher.eyes.start(pace)
        return watcher

    yield make
    for each in made:
        each.eyes.stop()


@pytest.mark.parametrize("pace", [Pace.CHECKING, Pace.RESTING], ids=["in a check", "between"])
@pytest.mark.parametrize("ends", [nothing, broken], ids=["reads fail", "OpenCV raises"])
def test_unplugged(watch: Make, pace: Pace, ends: Callable[[int], Picture | None]) -> None:
    device = Device()
    watcher = watch(lambda: device, pace)
    watcher.wait(lambda: len(watcher.told) >= 2)
    device.frames = ends
    watcher.wait(lambda: bool(watcher.lost))
    assert watcher.eyes.stop()
    assert "reads in a row failed" in watcher.lost[0].detail
    assert watcher.told[-1] is watcher.lost[0]
    assert device.released.is_set()
    assert watcher.eyes.newest() is None


def test_pictures_that_can_not_be_decoded_between_frames_that_nobody_wants(watch: Make) -> None:
    """`grab` goes on, only `retrieve` fails: frames that are passed over prove nothing."""
    device = Device()
    watcher = watch(lambda: device)
    watcher.wait(lambda: bool(watcher.told))
    device.frames = broken
    watcher.wait(lambda: bool(watcher.lost))


@pytest.mark.parametrize("pace", [Pace.CHECKING, Pace.RESTING], ids=["in a check", "between"])
def test_a_picture_that_stands_still(watch: Make, pace: Pace) -> None:
    still = noisy(1)
    watcher = watch(lambda: Device(lambda _: still), pace)
    watcher.wait(lambda: bool(watcher.lost))
    assert "the same picture" in watcher.lost[0].detail


def test_black_frames_are_told_on(watch: Make) -> None:
    device = Device()
    watcher = watch(lambda: device)
    watcher.wait(lambda: bool(watcher.told))
    device.frames = black
    seen = len(watcher.told)
    watcher.wait(lambda: len(watcher.told) >= seen + 8)
    assert watcher.lost == []


@pytest.mark.parametrize("when", ["in a check", "between", "at the beginning"])
def test_a_driver_that_never_returns(watch: Make, when: str) -> None:
    device = Device()
    if when == "at the beginning":
        device.hang.set()
    watcher = watch(lambda: device, Pace.RESTING if when == "between" else Pace.CHECKING)
    if when == "at the beginning":
        watcher.wait(lambda: bool(watcher.failures))
        assert isinstance(watcher.failures[0], CameraBusyError)
    else:
        watcher.wait(lambda: bool(watcher.told))
        device.hang.set()
        watcher.wait(lambda: bool(watcher.lost))
        assert "no frame for" in watcher.lost[0].detail
    began_s = time.monotonic()
    assert not watcher.eyes.stop(), "the driver has not returned"
    assert time.monotonic() - began_s < 1, "nobody waits for it"
    device.freed.set()
    assert device.released.wait(LONG), "the light goes off as soon as it does"


def test_an_opening_that_never_returns(watch: Make) -> None:
    opened = threading.Event()
    device = Device()

    def slow() -> VideoSource:
        opened.wait()
        return device

    watcher = watch(slow)
    watcher.wait(lambda: bool(watcher.failures))
    began_s = time.monotonic()
    assert not watcher.eyes.stop()
    assert time.monotonic() - began_s < 1
    opened.set()
    assert device.released.wait(LONG), "opened too late, it is released at once"
    assert watcher.eyes.released.wait(LONG)
    assert watcher.told == []


def test_one_that_opens_and_gives_nothing(watch: Make) -> None:
    watcher = watch(lambda: Device(nothing))
    watcher.wait(lambda: bool(watcher.failures))
    assert isinstance(watcher.failures[0], CameraBusyError)
    assert watcher.told == []


@pytest.mark.parametrize("error", [CameraDeniedError("no"), NoCameraError("0"), CameraBusyError()])
def test_why_it_could_not_be_opened(watch: Make, error: Exception) -> None:
    def fail() -> VideoSource:
        raise error

    watcher = watch(fail)
    watcher.wait(lambda: bool(watcher.failures))
    assert watcher.failures == [error]
    assert watcher.eyes.released.wait(LONG)


def test_a_slow_camera_is_let_go_within_a_second(watch: Make) -> None:
    device = Device(fps=2.0)
    watcher = watch(lambda: device, patience=Patience())
    watcher.wait(lambda: bool(watcher.told))
    began_s = time.monotonic()
    assert watcher.eyes.stop()
    assert device.released_at_s - began_s < 1


@pytest.mark.parametrize("pace", [Pace.CHECKING, Pace.RESTING], ids=["in a check", "between"])
def test_one_frame_a_second_is_no_fault(watch: Make, pace: Pace) -> None:
    """With the product's own patience. Each frame is judged, and none is old."""
    watcher = watch(lambda: Device(fps=1.0), pace, Patience())
    watcher.wait(lambda: len(watcher.told) >= 3)
    assert watcher.lost == []
    times = [each.at_ns / 1e9 for each in watcher.told]
    gaps = np.diff(times)
    assert min(gaps) > 0.8
    assert max(gaps) < 1.6


def test_a_4k_camera_is_scaled_and_mostly_passed_over(watch: Make) -> None:
    large = noisy(1, 2160, 3840)

    def frames(number: int) -> Picture:
        large[0, 0] = number % 251  # so that no two are the same
        return large

    device = Device(frames, fps=60.0)
    watcher = watch(lambda: device)
    watcher.wait(lambda: len(watcher.told) >= 8)
    assert watcher.eyes.stop()
    assert set(watcher.models.shapes) == {(360, 640, 3)}
    facts = [each.frame for each in watcher.seen if each.frame is not None]
    assert {(each.width, each.height) for each in facts} == {(3840, 2160)}
    assert device.decoded <= device.number / 2, "a camera that is too fast costs nothing more"


def test_a_camera_that_changes_its_size(watch: Make) -> None:
    def change(number: int) -> Picture:
        return noisy(number, 48, 64) if number < 40 else noisy(number, 720, 1280)

    watcher = watch(lambda: Device(change))

    def sizes() -> set[tuple[int, int]]:
        frames = [each.frame for each in watcher.seen]
        return {(each.width, each.height) for each in frames if each is not None}

    watcher.wait(lambda: sizes() == {(64, 48), (1280, 720)})
    assert watcher.lost == []


@pytest.mark.parametrize(
    "convert",
    [lambda p: p[..., 0], lambda p: cv2.cvtColor(p, cv2.COLOR_BGR2BGRA)],
    ids=["grey", "BGRA"],
)
def test_another_form_of_picture(watch: Make, convert: Callable[[Picture], Picture]) -> None:
    watcher = watch(lambda: Device(lambda number: convert(noisy(number))))
    watcher.wait(lambda: len(watcher.told) >= 3)
    assert set(watcher.models.shapes) == {(48, 64, 3)}


def test_between_checks_hardly_a_frame_is_decoded_and_none_is_old(watch: Make) -> None:
    device = Device(fps=30.0)
    watcher = watch(lambda: device, Pace.RESTING)
    watcher.wait(lambda: len(watcher.told) >= 4)
    assert watcher.eyes.stop()
    assert device.decoded <= 5
    assert device.number <= 14


def test_the_newest_picture_is_a_copy(watch: Make) -> None:
    device = Device()
    watcher = watch(lambda: device)
    watcher.wait(lambda: len(watcher.told) >= 2)
    picture = watcher.eyes.newest()
    assert picture is not None
    assert picture.shape == (48, 64, 3)
    kept = [device.frames(number) for number in range(device.number + 1)]
    assert any(np.array_equal(picture, each) for each in kept if each is not None)
    picture[:] = 0
    again = watcher.eyes.newest()
    assert again is not None
    assert again.min() >= 60
    assert watcher.eyes.stop()
    assert watcher.eyes.newest() is None, "no frame outlives the opening"
