"""A learner's own neutral face, so that narrow eyes or a low camera fail nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from proctor.observation import Face, FaceObservation

FEWEST = 5
"""Frames with one face that a calibration needs."""

DRIFT_S = 4.0
"""Time in which the neutral face follows two thirds of the way to how somebody sits now."""

DRIFT_POSE_DEG, DRIFT_SCORE = 10.0, 0.12
"""How far it follows at most from what sign-in measured: people sink into their chairs and
their lids grow heavy, but nobody's neutral face becomes one with shut eyes."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How the learner looks at the screen when nothing is asked; units as in `Face`."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    eyes_closed: float = 0.1
    jaw_open: float = 0.02
    gaze: tuple[float, float] | None = None


def calibrate(observations: Sequence[FaceObservation]) -> Baseline | None:
    """The median over the frames with one face, which a blink does not move; None: too few."""
    faces = [seen.face for seen in observations if seen.face is not None and seen.count <= 1]
    if len(faces) < FEWEST:
        return None
    gazes = [face.gaze for face in faces if face.gaze is not None]
    return Baseline(
        yaw_deg=float(median(face.yaw_deg for face in faces)),
        pitch_deg=float(median(face.pitch_deg for face in faces)),
        eyes_closed=float(median(face.eyes_closed for face in faces)),
        jaw_open=float(median(face.jaw_open for face in faces)),
        gaze=(float(median(x for x, _ in gazes)), float(median(y for _, y in gazes)))
        if gazes
        else None,
    )


def follow(now: Baseline, first: Baseline, face: Face, seconds: float) -> Baseline:
    """The neutral face after `seconds` of this one at rest, close to `first`, sign-in's own.

    The caller makes sure that the face is at rest: nothing else may be learnt from.
    """
    share = seconds / (DRIFT_S + seconds)

    def drift(value: float, seen: float, origin: float, most: float) -> float:
        wanted = value + share * (seen - value)
        return min(max(wanted, origin - most), origin + most)

    gaze = now.gaze
    if gaze is not None and first.gaze is not None and face.gaze is not None:
        gaze = (
            drift(gaze[0], face.gaze[0], first.gaze[0], DRIFT_SCORE),
            drift(gaze[1], face.gaze[1], first.gaze[1], DRIFT_SCORE),
        )
    return replace(
        now,
        yaw_deg=drift(now.yaw_deg, face.yaw_deg, first.yaw_deg, DRIFT_POSE_DEG),
        pitch_deg=drift(now.pitch_deg, face.pitch_deg, first.pitch_deg, DRIFT_POSE_DEG),
        eyes_closed=drift(now.eyes_closed, face.eyes_closed, first.eyes_closed, DRIFT_SCORE),
        jaw_open=drift(now.jaw_open, face.jaw_open, first.jaw_open, DRIFT_SCORE),
        gaze=gaze,
    )
