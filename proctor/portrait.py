"""Enrolment from a photograph, as on an identity card: is it fit to be compared with?

A template decides for years who is recognised, so a photograph is held to more than a
camera's frame: one face, of enough pixels, sharp, in good light, from the front, nothing
over it. Several photographs of one person make a better template than any single one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

import numpy as np

from proctor.hints import BRIGHTEST, DARKEST
from proctor.identity import ACCEPT, BLURRED, similarity
from proctor.observation import Embedding, FaceObservation

SMALLEST_PX = 90
"""Width of the face: less than SFace's own 112 would be mostly invention."""

FRONTAL_YAW_DEG, FRONTAL_PITCH_DEG = 15.0, 20.0
COVERED = 0.5


class Flaw(StrEnum):
    """Why a photograph can't be used; the worst first."""

    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    NOT_FRONTAL = "not_frontal"
    COVERED = "covered"
    OTHER_PERSON = "other_person"


@dataclass(frozen=True, slots=True)
class Portrait:
    """template: of unit length. agreement: the lowest cosine between two of the photographs."""

    template: Embedding = field(repr=False)
    agreement: float = 1.0


def flaw_of(seen: FaceObservation, width_px: int) -> Flaw | None:
    """What is wrong with one photograph, `width_px` pixels wide; None: nothing."""
    face = seen.face
    if face is None or face.embedding is None:
        return Flaw.NO_FACE
    if seen.count > 1:
        return Flaw.SEVERAL_FACES
    checks = (
        (face.box[2] * width_px < SMALLEST_PX, Flaw.TOO_SMALL),
        (face.brightness < DARKEST, Flaw.TOO_DARK),
        (face.brightness > BRIGHTEST, Flaw.TOO_BRIGHT),
        (face.sharpness < BLURRED, Flaw.BLURRED),
        (abs(face.yaw_deg) > FRONTAL_YAW_DEG, Flaw.NOT_FRONTAL),
        (abs(face.pitch_deg) > FRONTAL_PITCH_DEG, Flaw.NOT_FRONTAL),
        (max(face.mask, face.dark_glasses) >= COVERED, Flaw.COVERED),
    )
    return next((flaw for wrong, flaw in checks if wrong), None)


def portrait_of(faces: Sequence[Embedding]) -> Portrait | Flaw:
    """The template of one or more good photographs of the same person."""
    if not faces:
        return Flaw.NO_FACE
    agreement = min((similarity(a, b) for a, b in combinations(faces, 2)), default=1.0)
    if agreement < ACCEPT:
        return Flaw.OTHER_PERSON
    total = np.sum(faces, axis=0)
    return Portrait(np.asarray(total / np.linalg.norm(total), np.float32), agreement)
