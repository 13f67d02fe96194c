"""Same person or not: SFace similarity over several frames, three answers.

One frame can deceive either way (a grimace, a shadow), a median over good ones hardly. The
two thresholds leave room for "unsure" between them; the platform's own answer stands above
all of this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, median_high, median_low
from typing import Literal

import numpy as np

from proctor.hints import Hint, framing
from proctor.observation import Embedding, FaceObservation

ACCEPT, ALERT = 0.45, 0.363
"""Cosine from which on it is the same person, and below which it is another.

Measured with SFace: the same person at worst 0.39 to 0.53, different people at most 0.36
(`shared/measured/learner.md`); 0.363 is also the threshold its authors publish.
"""

FEWEST = 3
"""Good frames before "same" is said; about half a second in a check."""

FEWEST_DIFFERENT = 5
"""Good frames before "different" is said: the graver word needs more of them."""

FRONTAL_YAW_DEG, FRONTAL_PITCH_DEG = 15.0, 20.0
"""How far from the learner's own neutral pose a face may be compared; SFace was trained on
faces that look at the camera."""

BLURRED = 4.0
"""Sharpness below which a face is not compared (`Face.sharpness`).

Measured on the simulated learners: 216 to 253 as rendered, 7 to 9 after a Gaussian blur of
2 px (cosine to the sharp face still 0.96), 3 after 4 px (0.80 to 0.91).
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """similarity: median cosine, 0.0 when there were no samples."""

    answer: Literal["same", "different", "unsure"]
    similarity: float
    samples: int


def similarity(one: Embedding, other: Embedding) -> float:
    """Cosine, -1 to 1; 0.0 where one of them has no length."""
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    if not np.isfinite(length) or length < 1e-9:
        return 0.0
    return float(np.clip(np.dot(one, other) / length, -1.0, 1.0))


def comparable(seen: FaceObservation, yaw_deg: float = 0.0, pitch_deg: float = 0.0) -> bool:
    """Whether this frame may speak for or against a person.

    One whose face is too dark, too small, blurred, turned away or covered by a mask or by
    dark glasses (`hints.framing`) may not: it would accuse somebody of what they wear.
    yaw_deg, pitch_deg: the learner's own neutral pose.
    """
    face = seen.face
    return (
        face is not None
        and face.embedding is not None
        and framing(seen) is Hint.NONE
        and face.sharpness >= BLURRED
        and abs(face.yaw_deg - yaw_deg) <= FRONTAL_YAW_DEG
        and abs(face.pitch_deg - pitch_deg) <= FRONTAL_PITCH_DEG
    )


def judge(
    samples: Sequence[Embedding],
    template: Embedding,
    accept: float = ACCEPT,
    alert: float = ALERT,
) -> Verdict:
    """Compare the embeddings of good frames with the enrolled one."""
    return judge_similarities([similarity(each, template) for each in samples], accept, alert)


def judge_similarities(
    similarities: Sequence[float], accept: float = ACCEPT, alert: float = ALERT
) -> Verdict:
    """The same from cosines, so that a check need not keep anybody's embedding."""
    count = len(similarities)
    if not count:
        return Verdict("unsure", 0.0, 0)
    middle = float(median(similarities))
    # Where the frames are split in halves, neither half decides.
    if count >= FEWEST and median_low(similarities) >= accept:
        return Verdict("same", middle, count)
    if count >= FEWEST_DIFFERENT and median_high(similarities) < alert:
        return Verdict("different", middle, count)
    return Verdict("unsure", middle, count)
