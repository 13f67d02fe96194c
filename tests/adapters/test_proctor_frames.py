"""One frame from a camera, whatever its form."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
import pytest

from proctor.adapters.frames import WIDEST, Missing, fit, next_of
from proctor.ports import Picture, VideoSource
from tests.faults.device import Device, noisy

GREEN = (0, 200, 0)


class OnlyReads:
    """A source that can't pass a frame over."""

    def __init__(self, device: Device) -> None:
        self.read = device.read
        self.isOpened = device.isOpened
        self.get, self.set, self.release = device.get, device.set, device.release
        self.getBackendName = device.getBackendName


def next_from(raw: object, *, reads_only: bool = False) -> Missing | Picture:
    device = Device(lambda _: cast("Picture", raw))
    source: VideoSource = OnlyReads(device) if reads_only else device
    return next_of(source, lambda: True)


def picture_from(raw: object) -> Picture:
    found = next_from(raw)
    assert not isinstance(found, Missing)
    assert found.dtype == np.uint8
    assert found.flags.c_contiguous
    return found


def test_a_grey_picture_has_three_colours() -> None:
    grey = np.full((6, 8), 77, np.uint8)
    for raw in (grey, grey[:, :, None]):
        assert np.array_equal(picture_from(raw), np.full((6, 8, 3), 77, np.uint8))


def test_an_infrared_picture_of_16_bits() -> None:
    assert picture_from(np.full((6, 8), 0x8000, np.uint16))[0, 0].tolist() == [127, 127, 127]
    assert picture_from(np.full((6, 8, 3), 0.5, np.float32)).mean() == pytest.approx(127, abs=1)


def test_transparency_is_taken_off() -> None:
    raw = np.zeros((6, 8, 4), np.uint8)
    raw[:] = (*GREEN, 128)
    assert picture_from(raw)[0, 0].tolist() == list(GREEN)


def test_a_driver_that_does_not_convert() -> None:
    """YUYV: luma and half of the colour in two bytes a pixel."""
    raw = np.zeros((6, 8, 2), np.uint8)
    raw[..., 0], raw[..., 1] = 150, 128
    assert np.abs(picture_from(raw).astype(int) - 150).max() <= 8 * 2


def test_lines_that_do_not_lie_together() -> None:
    wide = noisy(1, 6, 16)
    assert np.array_equal(picture_from(wide[:, ::2]), wide[:, ::2])


@pytest.mark.parametrize(
    "raw",
    [None, np.empty((0, 0, 3), np.uint8), np.zeros((4, 4, 7), np.uint8), np.zeros(9, np.uint8)],
    ids=["nothing", "empty", "seven channels", "a line"],
)
def test_no_picture_can_be_made_of_it(raw: object) -> None:
    assert next_from(raw) is Missing.UNREADABLE
    assert next_from(raw, reads_only=True) is Missing.FAILED


@pytest.mark.parametrize("reads_only", [True, False])
def test_a_driver_that_raises(reads_only: bool) -> None:
    def gone(_: int) -> Picture:
        raise cv2.error("the device is gone")

    device = Device(gone)
    source: VideoSource = OnlyReads(device) if reads_only else device
    assert next_of(source, lambda: True) in (Missing.FAILED, Missing.UNREADABLE)


def test_a_frame_that_nobody_wants_is_not_decoded() -> None:
    device = Device()
    assert next_of(device, lambda: False) is Missing.UNWANTED
    assert (device.number, device.decoded) == (1, 0)
    assert next_of(OnlyReads(device), lambda: False) is Missing.UNWANTED


@pytest.mark.parametrize(
    ("size", "scaled"),
    [
        ((2160, 3840), (360, 640)),
        ((1080, 1920), (360, 640)),
        ((720, 1280), (360, 640)),
        ((480, 640), (480, 640)),
        ((120, 160), (120, 160)),
        ((1, 5000), (1, 640)),
    ],
)
def test_large_pictures_are_made_smaller(size: tuple[int, int], scaled: tuple[int, int]) -> None:
    frame = fit(noisy(1, *size), 7)
    assert frame.picture.shape == (*scaled, 3)
    assert frame.picture.shape[1] <= WIDEST
    assert (frame.height, frame.width, frame.at_ns) == (*size, 7)


def test_what_is_in_a_4k_picture_stays_where_it_is() -> None:
    raw = np.zeros((2160, 3840, 3), np.uint8)
    raw[540:1080, 960:1920] = GREEN
    small = fit(raw, 0).picture
    assert small[100:170, 170:310].reshape(-1, 3).tolist() == [list(GREEN)] * (70 * 140)
    assert small[:85].max() == 0
    assert small[185:].max() == 0
