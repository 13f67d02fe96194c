"""What adds up against a living person, and what never may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from proctor import devices, light, signs, stream
from proctor.light import TINT_RGB
from proctor.observation import Face, FaceObservation, FrameFacts
from proctor.risk import Evidence, Risk, Sign
from proctor.schedule import TINT_S, Rules, Tint
from proctor.signs import Signs
from tests.faces import Pose, face, project

REVIEW = Rules().risk_review

_EYE = [(0.09 * np.cos(a), 0.045 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 7)[:-1]]
LIDS = np.array([(side * 0.5 + x, y, 0.0) for side in (-1, 1) for x, y in _EYE])
REST_OF_IT = np.array(
    [(side * x, 0.3 + 0.05 * x, 0.1) for side in (-1, 1) for x in (0.3, 0.4, 0.55, 0.7)]
    + [(0.4 * np.cos(a), -1.1 + 0.15 * np.sin(a), 0.1) for a in np.linspace(0, 6, 12)]
)


@dataclass(frozen=True)
class Stage:
    """Who or what is before which camera; by default a living learner before a real one."""

    flat: bool = False
    lively: bool = True
    answers: float = 0.08
    moire: float = 0.0
    border: float = 0.0
    passive: float | None = None
    grain: float = 2.4
    jitter_ms: float = 2.0
    period: int = 0
    size_changes: bool = False
    fps: float = 15.0
    seconds: float = 9.0
    turns: bool = True
    tinted: bool = True
    seed: int = 0


def film(stage: Stage) -> Iterator[tuple[FaceObservation, Tint | None, bool]]:
    random = np.random.default_rng(stage.seed)
    tints = list(Tint) * 6
    for place in range(round(stage.seconds * stage.fps)):
        at_s = place / stage.fps
        tint = tints[int(at_s / TINT_S)]
        acting = stage.turns and 4 <= at_s < 7
        yaw = (
            (36 if stage.flat else 27) * np.sin((at_s - 4) / 3 * np.pi) if acting else np.sin(at_s)
        )
        one = _face(stage, float(yaw), at_s, tint, random)
        digest = place % stage.period if stage.period else int(random.integers(2**62))
        width = 1280 if stage.size_changes and at_s > 6 else 640
        facts = FrameFacts(
            width,
            480,
            digest,
            random.integers(60, 200, (12, 16)).astype(np.uint8),
            stage.grain,
            (150.0, 150.0, 150.0),
            stage.moire,
            stage.border,
            stage.passive,
        )
        at_ns = round(at_s * 1e9 + random.normal(0, stage.jitter_ms * 1e6 + 1e-6))
        shown = FaceObservation(at_ns, 1, one, frame=facts)
        yield shown, tint if stage.tinted else None, not acting


def _face(stage: Stage, yaw: float, at_s: float, tint: Tint, random: np.random.Generator) -> Face:
    blink = stage.lively and at_s % 3 < 0.2
    soft = np.vstack([LIDS * ([1, 0.2, 1] if blink else [1, 1, 1]), REST_OF_IT])
    if stage.lively:
        soft[-12:, 1] += 0.01 * np.sin(2 * at_s)
    plane = [1, 1, 0] if stage.flat else [1, 1, 1]
    screen = (np.array(TINT_RGB[tint]) / 255) ** 2.2
    lit = (np.array([0.5, 0.3, 0.2]) * (1 + stage.answers * screen)) ** (1 / 2.2) * 255
    red, green, blue = lit + random.normal(0, 0.1, 3)
    noise = random.normal(0, 0.1, (2, 64, 2)).astype(np.float32)
    one = face(Pose(yaw=yaw), flat=stage.flat)
    return replace(
        one,
        # what MediaPipe reads of a tilted print is no turn
        yaw_deg=yaw / 9 if stage.flat else yaw,
        rigid_points=_with(one.rigid_points, noise[0]),
        soft_points=_with(project(soft * plane, yaw), noise[1]),
        skin=(float(red), float(green), float(blue)),
    )


def _with(
    points: npt.NDArray[np.float32], noise: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    return points + noise[: len(points)]


@cache
def gathered(stage: Stage) -> Signs:
    return after(Signs(), stage)


def after(found: Signs, stage: Stage) -> Signs:
    for shown, tint, resting in film(stage):
        found = signs.step(found, shown, tint, resting=resting)
    return found


def judged(stage: Stage, flags: tuple[str, ...] = ()) -> Risk:
    return signs.risk_of(gathered(stage), flags)


def of(risk: Risk, sign: Sign) -> Evidence:
    return next(each for each in risk.evidence if each.sign is sign)


@pytest.mark.parametrize(("seed", "fps"), [(1, 10.0), (2, 15.0), (3, 30.0)])
def test_a_living_learner_raises_no_risk(seed: int, fps: float) -> None:
    risk = judged(Stage(seed=seed, fps=fps, passive=0.9))
    assert risk.score < 0.1 and risk.signs == ()
    measured = {each.sign for each in risk.evidence}
    assert measured == set(Sign) - {Sign.VIRTUAL_CAMERA}


SINGLE: list[tuple[Stage, Sign, bool]] = [
    (Stage(flat=True), Sign.FLAT, True),
    (Stage(answers=0.0), Sign.NO_REFLECTION, False),
    (Stage(lively=False, turns=False), Sign.STILL, False),
    (Stage(moire=0.9), Sign.MOIRE, False),
    (Stage(border=1.0), Sign.BORDER, False),
    (Stage(passive=0.02), Sign.PASSIVE_MODEL, False),
    (Stage(period=60), Sign.LOOP, True),
    (Stage(jitter_ms=0.0), Sign.TOO_REGULAR, False),
    (Stage(grain=0.07), Sign.NO_NOISE, False),
    (Stage(size_changes=True), Sign.STREAM_CHANGED, False),
]


@pytest.mark.parametrize(("stage", "sign", "strong"), SINGLE)
def test_each_sign_by_itself(stage: Stage, sign: Sign, strong: bool) -> None:
    risk = judged(stage)
    assert risk.signs == (sign,)
    assert of(risk, sign).level > 0.8
    assert (risk.score >= REVIEW) is strong


@pytest.mark.parametrize(
    ("stage", "flags"),
    [
        (Stage(grain=0.07, jitter_ms=0.0), ()),
        (Stage(grain=0.07), (devices.VIRTUAL_CAMERA,)),
        (Stage(moire=0.9, border=1.0, answers=0.0), ()),
        (Stage(lively=False, turns=False, border=1.0, answers=0.0, moire=0.5), ()),
    ],
)
def test_several_together_are_for_review(stage: Stage, flags: tuple[str, ...]) -> None:
    assert judged(stage, flags).score >= REVIEW


@pytest.mark.parametrize(
    "flags",
    [
        (devices.VIRTUAL_CAMERA,),
        (devices.REMOTE_SESSION,),
        (devices.VIRTUAL_MACHINE,),
        (devices.VIRTUAL_CAMERA, devices.REMOTE_SESSION, devices.VIRTUAL_MACHINE),
        ("something_new",),
    ],
)
def test_a_device_alone_is_no_verdict(flags: tuple[str, ...]) -> None:
    assert judged(Stage(), flags).score < 0.5


def test_of_a_recording_the_times_say_nothing() -> None:
    risk = judged(Stage(jitter_ms=0.0, grain=0.07), (devices.RECORDED,))
    assert Sign.TOO_REGULAR not in {each.sign for each in risk.evidence}
    assert risk.score < REVIEW


def test_nothing_seen_is_no_evidence() -> None:
    assert signs.risk_of(Signs()) == Risk()
    one = next(iter(film(Stage())))
    assert signs.risk_of(signs.step(Signs(), one[0], one[1], resting=True)) == Risk()
    without = judged(Stage(tinted=False, turns=False))
    assert {Sign.FLAT, Sign.NO_REFLECTION} & {each.sign for each in without.evidence} == set()


def test_frames_without_a_face_or_without_facts_are_no_error() -> None:
    found = Signs()
    for place in range(100):
        shown = FaceObservation(place * 66_000_000, place % 3, None)
        found = signs.step(found, shown, Tint.BLUE, resting=place % 2 == 0)
        shown = FaceObservation(place * 66_000_000 + 1, 1, face())
        found = signs.step(found, shown, None, resting=True)
    assert found.frames == 200 and signs.risk_of(found) == Risk()


def test_very_dark_skin_and_very_bright_faces_are_not_judged_by_their_light() -> None:
    for skin in ((60.0, 40.0, 30.0), (250.0, 230.0, 220.0)):
        found = gathered(Stage(answers=0.0))
        found = replace(found, lit=tuple(replace(each, skin=skin) for each in found.lit))
        assert Sign.NO_REFLECTION not in {each.sign for each in signs.risk_of(found).evidence}


def test_footage_of_the_first_attempt_is_known_in_the_second() -> None:
    known = signs.again(gathered(Stage()))
    assert Sign.LOOP in signs.risk_of(after(known, Stage())).signs
    other = after(known, Stage(seed=4))
    assert signs.risk_of(other).signs == ()


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (signs, light, stream):
        monkeypatch.setattr(room, "KEPT", 40)
    found = after(Signs(), Stage())
    assert found.frames == 135 and found.resting == ()
    assert len(found.stirs) == len(found.textures) == len(found.lit) == 40
    assert len(found.stream.digests) == 40
    assert len(after(Signs(), Stage(flat=True)).views) <= 40
