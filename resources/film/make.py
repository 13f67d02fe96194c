"""Draw and encode the coded test film. Needs numpy and PyAV, no Qt, no fonts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resources.film.code import CELLS, RENDITION_NAMES, STRIP_SHARE, cells_for, tones_for
from resources.film.spec import FilmSpec
from resources.media.encode import FilmPlan, Progress, encode_film
from resources.media.renditions import AUDIO_RATE, RENDITIONS

# Five by seven dots a digit, as on a departure board: no font needed.
_DIGITS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "11111 00010 00100 00010 00001 10001 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    ":": "00000 00100 00100 00000 00100 00100 00000",
    ".": "00000 00000 00000 00000 00000 01100 01100",
}
_GROUND, _INK, _FAINT = 24, 235, 150


@dataclass
class CodedPictures:
    """The film's pictures: strips above and below, number and time between them."""

    fps: Fraction

    def open(self) -> None:
        """Nothing to prepare."""

    def pictures(self, number: int) -> Mapping[str, NDArray[np.uint8]]:
        """Return frame ``number`` in each rendition's own size, grey uint8 [h, w]."""
        return {
            rendition.name: draw_frame(
                number,
                RENDITION_NAMES.index(rendition.name),
                rendition.width,
                rendition.height,
                self.fps,
            )
            for rendition in RENDITIONS
        }


def draw_frame(
    number: int, rendition: int, width: int, height: int, fps: Fraction
) -> NDArray[np.uint8]:
    """Return one coded frame, grey uint8 [height, width]."""
    picture: NDArray[np.uint8] = np.full((height, width), _GROUND, np.uint8)
    strip = round(height * STRIP_SHARE)
    cells = np.array(cells_for(number, rendition))[np.arange(width) * CELLS // width]
    picture[:strip] = cells * np.uint8(255)
    picture[-strip:] = ~cells * np.uint8(255)
    seconds = number / fps
    _write(picture, f"{number:06d}", height * 0.38, height // 24, _INK)
    clock = f"{int(seconds) // 60:02d}:{float(seconds % 60):06.3f}"
    _write(picture, clock, height * 0.70, height // 60, _FAINT)
    # A bar that sweeps once a second shows a human whether motion is smooth; as many squares
    # as the rendition's rank show which one this is.
    place = int(float(seconds % 1) * width)
    picture[strip + 4 : strip + 4 + height // 40, place : place + width // 40] = _INK
    square = height // 24
    for rank in range(rendition + 1):
        left = width // 2 + square * (2 * rank - rendition) - square // 2
        picture[-2 * strip - square : -2 * strip, left : left + square] = _FAINT
    return picture


def _write(picture: NDArray[np.uint8], words: str, middle: float, dot: int, ink: int) -> None:
    left = (picture.shape[1] - (len(words) * 6 * dot - dot)) // 2
    top = int(middle - 3.5 * dot)
    for letter in words:
        picture[top : top + 7 * dot, left : left + 5 * dot][_glyph(letter, dot)] = ink
        left += 6 * dot


@cache
def _glyph(letter: str, dot: int) -> NDArray[np.bool_]:
    rows = [[int(bit) for bit in row] for row in _DIGITS[letter].split()]
    return np.kron(np.array(rows), np.ones((dot, dot))).astype(bool)


def coded_sound(seconds: float) -> NDArray[np.float32]:
    """Return ``seconds`` of tones, float32 mono at ``AUDIO_RATE``, a pair for each second."""
    sound = np.zeros(round(seconds * AUDIO_RATE), np.float32)
    edge = AUDIO_RATE // 200  # 5 ms: no click where the tones change
    for second in range(int(np.ceil(seconds))):
        span = sound[second * AUDIO_RATE : (second + 1) * AUDIO_RATE]
        time = np.arange(len(span)) / AUDIO_RATE
        low, high = tones_for(second)
        wave = 0.22 * np.sin(2 * np.pi * low * time) + 0.22 * np.sin(2 * np.pi * high * time)
        fade = np.minimum(np.arange(len(span)), np.arange(len(span))[::-1]) / edge
        span[:] = wave * np.clip(fade, 0, 1)
    return sound


def make_film(spec: FilmSpec, out: Path, progress: Progress) -> None:
    """Write the film's three renditions and ``film.json`` into the empty folder ``out``."""
    plan = FilmPlan(spec.frames, spec.fps, gop=max(1, round(spec.fps)), preset="superfast")
    sound = coded_sound(float(spec.frames / spec.fps)) if spec.sound else None
    files = encode_film(CodedPictures(spec.fps), plan, sound, out, "film", progress)
    (out / "film.json").write_text(
        json.dumps(
            {
                "id": "coded-film",
                "frames": spec.frames,
                "fps": float(spec.fps),
                "fps_exact": str(spec.fps),
                "duration_ms": plan.duration_ms,
                "sound": spec.sound,
                "renditions": files,
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
