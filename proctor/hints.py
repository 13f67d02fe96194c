"""How well a face can be seen, and the one thing to say about it.

One set of limits for everything that looks at a face: who is told "more light" here is the
same person whose frame is not used for a comparison there.
"""

from enum import StrEnum

from proctor.observation import Face, FaceObservation


class Hint(StrEnum):
    """What the learner could do to be seen better; NONE: nothing to say."""

    NONE = ""
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    TOO_FAR = "too_far"
    TOO_CLOSE = "too_close"
    OFF_CENTRE = "off_centre"
    FACE_FRONT = "face_front"
    HOLD_STILL = "hold_still"
    GOOD = "good"
    TAKE_OFF_MASK = "take_off_mask"
    TAKE_OFF_GLASSES = "take_off_glasses"
    CAMERA_COVERED = "camera_covered"


COVERINGS = frozenset({Hint.TAKE_OFF_MASK, Hint.TAKE_OFF_GLASSES})
"""Something on the face that can be taken off; clear glasses are none."""


DARKEST, BRIGHTEST = 40.0, 235.0
"""Mean luma of a face between which SFace can be relied on.

It falls apart below a quarter of normal room light (`shared/measured/learner.md`). The
limit is low so that it asks for light, not for a light skin.
"""

NARROWEST, WIDEST = 0.14, 0.60
"""Width of the face as a fraction of the frame: 90 px of 640, less than SFace's own 112,
up to where the chin leaves the frame."""

COVERED = 0.5
"""`Face.mask` and `Face.dark_glasses` from which on they are asked to be taken off: a mask
may read as a mouth half open, and neither face can be compared with the enrolled one."""

CENTRE_X, CENTRE_Y = (0.25, 0.75), (0.2, 0.8)
"""Where the middle of the face may be, as fractions of the frame."""


def framing(seen: FaceObservation) -> Hint:
    """What is wrong with how one person is seen, worst first; NONE when all is well."""
    if seen.count > 1:
        return Hint.SEVERAL_FACES
    if seen.face is None:
        return Hint.CAMERA_COVERED if seen.covered else Hint.NO_FACE
    return _framing_of(seen.face)


def _framing_of(face: Face) -> Hint:
    left, top, width, height = face.box
    x, y = left + width / 2, top + height / 2
    if width > WIDEST:
        return Hint.TOO_CLOSE
    if width < NARROWEST:
        return Hint.TOO_FAR
    if not (CENTRE_X[0] <= x <= CENTRE_X[1] and CENTRE_Y[0] <= y <= CENTRE_Y[1]):
        return Hint.OFF_CENTRE
    return _sight_of(face)


def _sight_of(face: Face) -> Hint:
    if face.brightness < DARKEST:
        return Hint.TOO_DARK
    if face.brightness > BRIGHTEST:
        return Hint.TOO_BRIGHT
    # Last, because neither can be told well where the face is not seen well.
    if face.mask >= COVERED:
        return Hint.TAKE_OFF_MASK
    if face.dark_glasses >= COVERED:
        return Hint.TAKE_OFF_GLASSES
    return Hint.NONE
