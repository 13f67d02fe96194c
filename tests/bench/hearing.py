"""Is that the film's sound? Holes, clicks and doublings at a change, out of what was heard.

During each second the coded film sounds one pair of tones (`resources.film.code`). A window of
5 ms is right if those two tones explain 90 % of its energy and its loudness is within half and
1.6 times of the film's. A hole makes windows quiet, a splice in the middle of a wave makes them
inexplicable, two sounds at once make them loud: each shows as a run of wrong windows. Where the
film itself goes over to the next second (it fades out and in, 5 ms each) windows are wrong too;
the length of that, measured on the same recording, is taken off. A splice without any hole
counts as 5 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from resources.film.code import tones_for

WINDOW_MS, STEP_MS = 5, 1
EXPLAINED = 0.9
QUIET, LOUD = 0.5, 1.6


def judge(samples: NDArray[np.float32], rate: int, seconds: Sequence[int]) -> list[int | None]:
    """Return, for each ms, which of `seconds` its window sounds like; None for none of them.

    samples: float32 mono. The loudness to compare with is the recording's own median.
    """
    width, step = rate * WINDOW_MS // 1000, rate * STEP_MS // 1000
    if len(samples) < width:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(samples, width)[::step].astype(np.float64)
    energy = (windows**2).sum(axis=1)
    usual = float(np.median(energy[energy > 1e-4])) if (energy > 1e-4).any() else 1.0
    loud = np.sqrt(energy / usual)
    shares = np.stack([_share(windows, energy, second, rate) for second in seconds])
    best = shares.argmax(axis=0)
    right = (shares.max(axis=0) >= EXPLAINED) & (loud >= QUIET) & (loud <= LOUD)
    return [seconds[place] if good else None for place, good in zip(best, right, strict=True)]


def _share(
    windows: NDArray[np.float64], energy: NDArray[np.float64], second: int, rate: int
) -> NDArray[np.float64]:
    """Return what share of each window's energy the tones of a second explain, 0..1."""
    basis = _basis(second, rate, windows.shape[1])
    explained = ((windows @ basis) ** 2).sum(axis=1)
    share: NDArray[np.float64] = explained / np.maximum(energy, 1e-9)
    return share


@cache
def _basis(second: int, rate: int, width: int) -> NDArray[np.float64]:
    """Return an orthonormal basis [width, 4] of what two tones of any phase can sound like."""
    time = np.arange(width) / rate
    waves = [
        wave(2 * np.pi * tone * time) for tone in tones_for(second) for wave in (np.sin, np.cos)
    ]
    basis: NDArray[np.float64] = np.linalg.qr(np.stack(waves, axis=1))[0]
    return basis


def wrong_runs(heard: Sequence[int | None]) -> list[tuple[int, int, bool]]:
    """Return (begin, length, between): runs of wrong windows, in steps.

    between: it stands where one second goes over to the next, as it does in the film.
    """
    runs, place = [], 0
    for second, group in groupby(heard):
        length = len(list(group))
        if second is None:
            before = heard[place - 1] if place else None
            after = heard[place + length] if place + length < len(heard) else None
            between = before is not None and after is not None and after - before == 1
            runs.append((place, length, between))
        place += length
    return runs


def usual_ms(
    pieces: Sequence[NDArray[np.float32]], rate: int, seconds: Sequence[Sequence[int]]
) -> float:
    """Return how long the film's own change of second is wrong: the median; 0 if there is none."""
    lengths = sorted(
        length * STEP_MS
        for piece, near in zip(pieces, seconds, strict=True)
        for _, length, between in wrong_runs(judge(piece, rate, near))
        if between
    )
    return float(lengths[len(lengths) // 2]) if lengths else 0.0


def longest_wrong_ms(
    samples: NDArray[np.float32], rate: int, seconds: Sequence[int], usual_ms: float
) -> float:
    """Return the longest wrong stretch, in ms; `usual_ms` is what a change of second costs."""
    runs = wrong_runs(judge(samples, rate, seconds))
    return max(
        (max(0.0, length * STEP_MS - (usual_ms if between else 0)) for _, length, between in runs),
        default=0.0,
    )
