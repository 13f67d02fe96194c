"""When each scene and each line of a lesson happens. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FPS = 25
LEAD_S = 1.0
"""Quiet at a scene's beginning: its heading comes in, the chime sounds."""
GAP_S = 0.45
TAIL_S = 0.9


@dataclass(frozen=True)
class SceneTime:
    """A scene's first frame, its number of frames, and (start, end) of its lines.

    Lines are in seconds from the beginning of the scene.
    """

    first: int
    frames: int
    lines: tuple[tuple[float, float], ...]


def schedule(spoken: Sequence[Sequence[float]], target_s: float) -> list[SceneTime]:
    """Place lines of the given lengths (seconds, by scene) so that the whole lasts ``target_s``.

    The pauses give way: all of them are stretched or shortened alike. Raises ValueError when
    they would fall under 0.4 or rise over 2.5 times their usual length.
    """
    speech = sum(sum(lines) for lines in spoken)
    quiet = sum(LEAD_S + TAIL_S + GAP_S * (len(lines) - 1) for lines in spoken)
    stretch = (target_s - speech) / quiet
    if not 0.4 <= stretch <= 2.5:
        raise ValueError(
            f"{speech:.1f} s of speech do not fit {target_s:.1f} s: pauses x {stretch:.2f}"
        )
    times = []
    start = 0.0
    for lines in spoken:
        at = LEAD_S * stretch
        placed = []
        for length in lines:
            placed.append((at, at + length))
            at += length + GAP_S * stretch
        end = start + at + (TAIL_S - GAP_S) * stretch
        first, last = round(start * FPS), round(end * FPS)
        times.append(SceneTime(first, last - first, tuple(placed)))
        start = end
    return times
