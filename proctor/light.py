"""The light that the screen gives around a check, and whether a face answers to it.

A face before the screen takes on a little of its colour, what is behind it much less; a
recording shows the light of another time. In a bright room the screen adds too little to be
seen, so this is a sign and never a verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from proctor.observation import Colour, FaceObservation
from proctor.schedule import Tint

TINT_RGB: Mapping[Tint, tuple[int, int, int]] = {
    Tint.WHITE: (255, 255, 255),
    Tint.WARM: (255, 196, 120),
    Tint.GREEN: (150, 255, 170),
    Tint.BLUE: (130, 180, 255),
}
"""What the screen shows for each: soft, and bright enough to be seen on a face."""


KEPT = 600
"""Frames kept: forty seconds at 15 a second."""

FEWEST, FEWEST_TINTS = 30, 4
"""Frames, and steps of light, from which on anything can be said: four seconds of them."""

SPARE = 10
"""Measurements there must be beyond what drift and pose take up."""

LAGS_S = (0.0, 0.1, 0.2, 0.3, 0.4)
"""From the step of light to the frame that shows it: the screen, the exposure, the driver."""

BIN_S = 0.2
"""Frames of so long are one measurement: what moves a face moves several frames alike."""

GAMMA = 2.2

FLOOR = 1.0
"""Added to linear light, 0 to 255, for what is black. More of it would take the dark skin's
answer away."""


@dataclass(frozen=True, slots=True)
class Lit:
    """A frame in which the screen's light was known. pose: yaw, pitch, roll, and the face's
    middle and width in the frame: they change the shading by more than the screen does.
    """

    at_ns: int
    tint: Tint
    skin: Colour
    behind: Colour
    pose: tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Reflection:
    """How strongly the face follows the screen's light.

    gain: the share by which the screen at full white makes the face lighter than what is
    behind it, 0.01 is one per cent. error: its standard error.
    """

    gain: float
    error: float


def lit(seen: FaceObservation, tint: Tint) -> Lit | None:
    """What a frame says of the screen's light; None where it shows no skin."""
    if seen.face is None or seen.frame is None or seen.face.skin is None:
        return None
    face = seen.face
    left, top, width, height = face.box
    pose = (face.yaw_deg, face.pitch_deg, face.roll_deg, left + width / 2, top + height / 2, width)
    return Lit(seen.at_ns, tint, seen.face.skin, seen.frame.behind, pose)


def reflection(frames: Sequence[Lit]) -> Reflection | None:
    """What of the face's colour follows the sequence of tints; None: too few to say.

    The face's light over the background's, as a logarithm: then the exposure the camera
    chooses, and the skin's own colour, fall out, and what the screen adds is the tint's own
    red, green and blue. What drifts and what the head's pose changes is taken off first.
    Level and chroma are weighed by what noise each turns out to have: shading moves the
    level, hardly the chroma. Of several delays the one that fits best counts.
    """
    if len(frames) < FEWEST or len(_steps(frames)) < FEWEST_TINTS:
        return None
    begin = frames[0].at_ns
    times = np.array([each.at_ns - begin for each in frames], np.float64) / 1e9
    bins = np.floor(times / BIN_S).astype(int)
    ratio = _log_linear([each.skin for each in frames])
    ratio = (ratio - _log_linear([each.behind for each in frames])) @ _BASIS
    pose = np.array([each.pose for each in frames], np.float64)
    columns = [np.ones_like(times), times, times**2, pose, pose[:, :3] ** 2]
    known = _binned(np.column_stack(columns), bins)
    spread = known.std(axis=0)
    known = known[:, (spread > 1e-9) | (np.arange(known.shape[1]) == 0)]
    if len(known) < known.shape[1] + SPARE:
        return None
    basis = np.linalg.qr(known)[0]
    answer = _without(basis, _binned(ratio, bins))
    best: Reflection | None = None
    for lag_s in LAGS_S:
        shown = _shown(frames, times - lag_s) @ _BASIS
        fit = _fit(_without(basis, _binned(shown, bins)), answer, len(known) - known.shape[1])
        if fit is not None and (best is None or fit.gain / fit.error > best.gain / best.error):
            best = fit
    return best


_Float = npt.NDArray[np.float64]

_BASIS: Final = np.array(
    [[1, 1, 1], [1, -1, 0], [1, 1, -2]] / np.sqrt([[3], [2], [6]]), np.float64
).T
"""float64[3, 3]: red, green, blue to level and two kinds of chroma."""

_TINTS: Final = {tint: (np.array(rgb) / 255.0) ** GAMMA for tint, rgb in TINT_RGB.items()}


def _steps(frames: Sequence[Lit]) -> list[Tint]:
    """The tints in their order, each once for each time it was shown."""
    return [
        each.tint
        for before, each in zip((None, *frames), frames, strict=False)
        if before is None or before.tint is not each.tint
    ]


def _log_linear(colours: Sequence[Colour]) -> _Float:
    linear = 255.0 * (np.array(colours, np.float64) / 255.0) ** GAMMA
    return np.asarray(np.log(linear + FLOOR), np.float64)


def _shown(frames: Sequence[Lit], times: _Float) -> _Float:
    """float64[n, 3]: the screen's linear light at these times, 0 to 1."""
    own = np.array([each.at_ns - frames[0].at_ns for each in frames], np.float64) / 1e9
    places = np.clip(np.searchsorted(own, times + 1e-9, side="right") - 1, 0, len(frames) - 1)
    return np.array([_TINTS[frames[place].tint] for place in places], np.float64)


def _binned(values: _Float, bins: npt.NDArray[np.int_]) -> _Float:
    """Means of the rows of each bin that has any."""
    used, place = np.unique(bins, return_inverse=True)
    total = np.zeros((len(used), values.shape[1]))
    np.add.at(total, place, values)
    return np.asarray(total / np.bincount(place)[:, None], np.float64)


def _without(basis: _Float, values: _Float) -> _Float:
    """What the orthonormal columns of `basis` do not explain."""
    return np.asarray(values - basis @ (basis.T @ values), np.float64)


def _fit(shown: _Float, answer: _Float, freedom: int) -> Reflection | None:
    """The one gain for level and chroma, each weighed by its own noise."""
    power = (shown**2).sum(axis=0)
    if power.sum() < 1e-9 or freedom < 1:
        return None
    first = (shown * answer).sum(axis=0) / np.maximum(power, 1e-12)
    noise = ((answer - shown * first) ** 2).sum(axis=0) / freedom + 1e-12
    weight = power / noise
    gain = float((weight * first).sum() / weight.sum())
    # neighbouring bins err alike: measured, the spread is that much more than white noise's
    return Reflection(gain, ALIKE * float(1 / np.sqrt(weight.sum())))


ALIKE = 1.5
