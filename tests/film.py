"""Read the coded test film: which frame was on the screen, which second was heard.

The code itself is described in `resources.film.code`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from resources.film.code import (
    CELLS,
    RENDITION_NAMES,
    STRIP_SHARE,
    parse_cells,
    second_for,
)

LEAST_WIDTH = 320
"""Narrower pictures (pixels) are not read: a cell would be under 8 px wide."""

LEAST_SOUND_S = 0.05
"""Shorter sound is not judged: the tones of the grid could not be told apart."""

_LEAST_CONTRAST = 50.0
_LOW_BAND = (380.0, 1990.0)
_HIGH_BAND = (2170.0, 4570.0)


@dataclass(frozen=True)
class FrameMark:
    """What a picture says of itself: frame number from 0 and the rendition's name."""

    number: int
    rendition: str


def read_strip(image: NDArray[np.uint8]) -> FrameMark | None:
    """Return what the picture says, None if it can't be read or its halves disagree.

    ``image`` is uint8 [h, w, 3] (RGB or BGR) or [h, w], at any scale from 320 px width, cut
    to the film's edges (no bars). One strip may be covered; if both can be read they must
    say the same, so a picture torn between two frames is None.
    """
    if image.ndim not in (2, 3) or image.shape[1] < LEAST_WIDTH or image.shape[0] < CELLS:
        return None
    strip = image.shape[0] * STRIP_SHARE
    top = _read_cells(image[: int(strip)], inverted=False)
    bottom = _read_cells(image[image.shape[0] - int(strip) :], inverted=True)
    if top is not None and bottom is not None and top != bottom:
        return None
    found = top if top is not None else bottom
    return None if found is None else FrameMark(found[0], RENDITION_NAMES[found[1]])


def _read_cells(strip: NDArray[np.uint8], inverted: bool) -> tuple[int, int] | None:
    height = strip.shape[0]
    rows = strip[height // 4 : max(height // 4 + 1, height * 3 // 4)].astype(np.float32)
    line = rows.mean(axis=tuple(axis for axis in range(rows.ndim) if axis != 1))
    if inverted:
        line = 255.0 - line
    # Only the middle half of a cell counts: scaling and compression blur its edges.
    edges = np.linspace(0, len(line), CELLS + 1)
    quarter = len(line) / CELLS / 4
    levels = [
        float(line[round(left + quarter) : round(right - quarter)].mean())
        for left, right in pairwise(edges)
    ]
    white, black = (levels[0] + levels[-1]) / 2, (levels[1] + levels[-2]) / 2
    if white - black < _LEAST_CONTRAST:
        return None
    return parse_cells([level > (white + black) / 2 for level in levels])


def second_heard(pcm: NDArray[np.float32], rate: int) -> int | None:
    """Return the film's second (modulo 1600) whose tones fill ``pcm``, None if there is none.

    ``pcm`` is float32 mono, at least 50 ms of it at ``rate`` samples a second. None for
    silence, noise, speech, and for a piece that straddles two seconds about evenly.
    """
    if len(pcm) < LEAST_SOUND_S * rate or float(np.abs(pcm).max()) < 1e-3:
        return None
    size = 1 << int(np.ceil(np.log2(len(pcm) * 4)))
    power = np.abs(np.fft.rfft(pcm * np.hanning(len(pcm)), size)) ** 2
    width = 2.5 * rate / len(pcm)  # half of a windowed tone's main lobe, Hz
    low = _tone(power, rate / size, _LOW_BAND, width)
    high = _tone(power, rate / size, _HIGH_BAND, width)
    if low is None or high is None:
        return None
    if low[1] + high[1] < 0.6 * float(power.sum()):
        return None
    return second_for(low[0], high[0])


def _tone(
    power: NDArray[np.float64], step: float, band: tuple[float, float], width: float
) -> tuple[float, float] | None:
    """Return (frequency, power of its lobe) of the band's only tone; None if it has a rival."""
    first, last = int(band[0] / step), int(band[1] / step)
    piece = power[first:last].copy()
    peak = int(piece.argmax())
    reach = max(2, round(width / step))
    lobe = slice(max(0, peak - reach), peak + reach + 1)
    places = np.arange(first, last)[lobe]
    share = float(piece[lobe].sum())
    if share <= 0:
        return None
    frequency = float((places * piece[lobe]).sum() / share) * step
    piece[lobe] = 0
    if float(piece.max()) > 0.25 * float(power[first + peak]):
        return None
    return frequency, share
