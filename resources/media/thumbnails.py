"""The small pictures above a player's bar: one JPEG for a whole film, made as it is encoded."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from numpy.typing import NDArray

COLUMNS = 10
WIDTH, HEIGHT = 160, 90
"""Of one small picture, pixels."""

_QUALITY = 4
"""MJPEG's quantiser scale: 2 is the best; at 4 words of a heading can still be read."""


class Shrinker:
    """Makes small pictures of frames; the scaler is kept, setting one up costs more."""

    def __init__(self) -> None:
        self._scaler = VideoReformatter()

    def small(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """Return uint8 RGB [90, 160, 3] of an encoder's frame of 16 : 9."""
        small = self._scaler.reformat(
            frame,
            width=WIDTH,
            height=HEIGHT,
            format="rgb24",
            src_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG,
            interpolation="AREA",
        )
        return np.asarray(small.to_ndarray(), np.uint8)


@dataclass
class ContactSheet:
    """Takes the small pictures of one film as they come, and writes them as one file."""

    frames: int
    fps: Fraction
    interval_ms: int = 5000
    taken: dict[int, NDArray[np.uint8]] = field(default_factory=dict)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The frame that stands for each interval: its middle one, or the film's last."""
        step = self.fps * self.interval_ms / 1000
        count = math.ceil(self.frames / step)
        return tuple(min(int(step * place + step / 2), self.frames - 1) for place in range(count))

    def write(self, file: Path) -> dict[str, object]:
        """Write one JPEG, row by row, and describe it. Raises KeyError where one is missing."""
        numbers = self.numbers
        rows = math.ceil(len(numbers) / COLUMNS)
        sheet: NDArray[np.uint8] = np.zeros((rows * HEIGHT, COLUMNS * WIDTH, 3), np.uint8)
        for place, number in enumerate(numbers):
            top, left = place // COLUMNS * HEIGHT, place % COLUMNS * WIDTH
            sheet[top : top + HEIGHT, left : left + WIDTH] = self.taken[number]
        file.write_bytes(_jpeg(sheet))
        return {
            "file": file.name,
            "interval_ms": self.interval_ms,
            "columns": COLUMNS,
            "width": WIDTH,
            "height": HEIGHT,
        }


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    """Return uint8 RGB [h, w, 3] as a baseline JPEG in JFIF's colours."""
    frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(
        format="yuvj420p",
        dst_colorspace=Colorspace.ITU601,
        dst_color_range=ColorRange.JPEG,
        interpolation="AREA",
    )
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.height, encoder.width, _ = picture.shape
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 1)
    encoder.qmin = encoder.qmax = _QUALITY
    encoder.thread_count = 1
    return b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
