"""A learner's own neutral face, so that narrow eyes or a low camera fail nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from proctor.observation import FaceObservation

FEWEST = 5
"""Frames with one face that a calibration needs."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How the learner looks at the screen when nothing is asked; units as in `Face`."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    eyes_closed: float = 0.1
    jaw_open: float = 0.02


def calibrate(observations: Sequence[FaceObservation]) -> Baseline | None:
    """The median over the frames with one face, which a blink does not move; None: too few."""
    faces = [seen.face for seen in observations if seen.face is not None and seen.count <= 1]
    if len(faces) < FEWEST:
        return None
    return Baseline(
        yaw_deg=float(median(face.yaw_deg for face in faces)),
        pitch_deg=float(median(face.pitch_deg for face in faces)),
        eyes_closed=float(median(face.eyes_closed for face in faces)),
        jaw_open=float(median(face.jaw_open for face in faces)),
    )
