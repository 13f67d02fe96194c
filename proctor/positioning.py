"""The camera check before study: how to sit, and then the learner's own neutral face.

Says one thing at a time, the worst first. Once the face was well seen and still for a
second it holds the calibration (`baseline`) and the face to be matched (`embedding`).

| seen                                   | hint                          | the good second        |
|----------------------------------------|-------------------------------|------------------------|
| badly (`hints.framing`)                | what is wrong                 | begins anew            |
| head turned, face moving or blurred    | face_front, hold_still        | begins anew            |
| mask or dark glasses, under a second   | hold_still                    | waits                  |
| mask or dark glasses, longer           | take_off_mask, …_glasses      | begins anew            |
| well                                   | good                          | grows                  |
| well, after a gap of more than `GAP_NS`| good                          | begins anew            |
| anything, once `embedding` is there    | as it was                     | over                   |
"""

from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from proctor.baseline import Baseline, calibrate
from proctor.hints import COVERINGS, Hint, framing
from proctor.identity import ACCEPT, BLURRED, comparable, similarity
from proctor.observation import Embedding, Face, FaceObservation

GOOD_NS = 1_000_000_000
"""How long the face has to be well seen."""

FACING_YAW_DEG, FACING_PITCH_DEG = 14.0, 22.0
"""From here on the learner is asked to turn to the camera. More for pitch: a camera stands
above or below the screen, and its height is no fault."""

STILL = 0.04
"""How far the face's middle may move between two frames, in widths of the face."""

SAMPLES = 3
"""Embeddings that make the face to be matched."""

KEPT = 40
"""Frames kept: more than a second of them at any rate."""

COVERED_NS = 1_000_000_000
"""How long a mask has to be seen before it is asked to be taken off: the models err for a
frame or two, and must not throw away a good second."""

GAP_NS = 1_500_000_000
"""A longer break between two frames begins the second anew."""


@dataclass(frozen=True, slots=True)
class Positioning:
    """looked: a frame was judged. progress: of the good second, 0 to 1.

    baseline and embedding (the mean over good frames, of unit length) come together.
    good: the good frames without a break. covered_ns: since when something is on the face.
    """

    looked: bool = False
    hint: Hint = Hint.NONE
    progress: float = 0.0
    baseline: Baseline | None = None
    embedding: Embedding | None = field(default=None, repr=False)
    good: tuple[FaceObservation, ...] = field(default=(), repr=False)
    before: FaceObservation | None = field(default=None, repr=False)
    covered_ns: int | None = None


def step(positioning: Positioning, seen: FaceObservation) -> Positioning:
    """Judge one more frame; nothing changes any more once `embedding` is there."""
    if positioning.embedding is not None:
        return positioning
    hint = _hint(positioning.before, seen)
    positioning = replace(positioning, looked=True, before=seen, hint=hint)
    covered = positioning.covered_ns
    if hint not in COVERINGS:
        positioning = replace(positioning, covered_ns=None)
    elif covered is None or seen.at_ns - covered < COVERED_NS:
        since = seen.at_ns if covered is None else covered
        return replace(positioning, hint=Hint.HOLD_STILL, covered_ns=since)
    if hint is not Hint.GOOD:
        return replace(positioning, good=(), progress=0.0)
    good = positioning.good
    if good and seen.at_ns - good[-1].at_ns > GAP_NS:
        good = ()
    good = (*good, seen)[-KEPT:]
    embedding = _face_of(good)
    lasted = (seen.at_ns - good[0].at_ns) / GOOD_NS
    samples = sum(comparable(each) for each in good) / SAMPLES
    positioning = replace(positioning, good=good, progress=min(1.0, lasted, samples))
    baseline = calibrate(good)
    if positioning.progress < 1 or baseline is None or embedding is None:
        return positioning
    return replace(positioning, baseline=baseline, embedding=embedding)


def _hint(before: FaceObservation | None, seen: FaceObservation) -> Hint:
    hint = framing(seen)
    face = seen.face
    if hint is not Hint.NONE or face is None:
        return hint
    if abs(face.yaw_deg) > FACING_YAW_DEG or abs(face.pitch_deg) > FACING_PITCH_DEG:
        return Hint.FACE_FRONT
    if before is not None and before.face is not None and _moved(before.face, face):
        return Hint.HOLD_STILL
    return Hint.HOLD_STILL if face.sharpness < BLURRED else Hint.GOOD


def _moved(before: Face, now: Face) -> bool:
    width = max(now.box[2], 1e-6)
    return any(
        abs(a + b / 2 - c - d / 2) > STILL * width
        for a, b, c, d in (
            (before.box[0], before.box[2], now.box[0], now.box[2]),
            (before.box[1], before.box[3], now.box[1], now.box[3]),
        )
    )


def _face_of(good: tuple[FaceObservation, ...]) -> Embedding | None:
    """The mean of the good frames' embeddings; None while they are few or disagree."""
    found = [
        seen.face.embedding
        for seen in good
        if seen.face is not None and seen.face.embedding is not None and comparable(seen)
    ]
    if len(found) < SAMPLES:
        return None
    # Two people who take turns before the camera make no face.
    if any(similarity(one, other) < ACCEPT for one, other in combinations(found, 2)):
        return None
    total = np.sum(found, axis=0)
    return np.asarray(total / np.linalg.norm(total), np.float32)
