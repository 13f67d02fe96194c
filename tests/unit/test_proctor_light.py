"""A face before a screen whose light changes, and pictures of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proctor.light import (
    FEWEST,
    GAMMA,
    TINT_RGB,
    Lit,
    Reflection,
    lit,
    reflection,
)
from proctor.observation import Colour, FaceObservation, FrameFacts
from proctor.schedule import TINT_S, Tint
from tests.faces import face, seen

SKIN: Colour = (190.0, 140.0, 110.0)
DARK_SKIN: Colour = (70.0, 48.0, 38.0)
WALL: Colour = (150.0, 155.0, 150.0)


def _linear(colour: Colour) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(255 * (np.array(colour) / 255) ** GAMMA, np.float64)


def _grey(linear: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Colour:
    red, green, blue = 255 * (np.maximum(linear, 0) / 255) ** (1 / GAMMA)
    return float(red), float(green), float(blue)


def film(
    gain: float,
    *,
    skin: Colour = SKIN,
    seconds: float = 10.0,
    fps: float = 15.0,
    lag_s: float = 0.2,
    grain: float = 0.1,
    sway: float = 0.01,
    exposure: float = 0.0,
    seed: int = 0,
) -> list[Lit]:
    """gain: share that the screen at full white adds to the face. sway: shading by pose.

    exposure: by how much the camera's own light goes up and down.
    """
    random = np.random.default_rng(seed)
    tints = [Tint.WHITE]
    while len(tints) * TINT_S < seconds + 1:
        tints.append(random.choice([each for each in Tint if each is not tints[-1]]))
    out = []
    for place in range(int(seconds * fps)):
        at_s = place / fps + float(random.normal(0, 0.003))
        shown = tints[max(0, int((at_s - lag_s) / TINT_S))]
        screen = (np.array(TINT_RGB[shown]) / 255) ** GAMMA
        yaw = 3 * np.sin(0.9 * at_s + seed) + (25 * np.sin(at_s) if 3 < at_s < 6 else 0)
        auto = 1 + exposure * np.sin(0.5 * at_s)
        shading = 1 + sway * yaw
        face_light = _linear(skin) * auto * (shading + gain * screen)
        wall_light = _linear(WALL) * auto * (1 + 0.1 * gain * screen)
        noise = random.normal(0, grain, (2, 3))
        colours = [
            tuple(np.array(_grey(light)) + each)
            for light, each in zip((face_light, wall_light), noise, strict=True)
        ]
        told = tints[int(max(0.0, at_s) / TINT_S)]
        pose = (float(yaw), 0.0, 0.0, 0.5, 0.5, 0.28)
        out.append(Lit(round(at_s * 1e9), told, colours[0], colours[1], pose))
    return out


def found(frames: list[Lit]) -> Reflection:
    answer = reflection(frames)
    assert answer is not None
    return answer


@settings(max_examples=8)
@given(st.sampled_from([0.03, 0.08, 0.2]), st.floats(0.1, 0.4), st.integers(0, 9))
def test_a_face_answers(gain: float, lag_s: float, seed: int) -> None:
    answer = found(film(gain, lag_s=lag_s, seed=seed))
    assert answer.gain > 4 * answer.error
    assert answer.gain == pytest.approx(gain, rel=0.35)


def test_a_picture_does_not() -> None:
    answers = [found(film(0.0, seed=seed)) for seed in range(5)]
    assert max(answer.gain + 2 * answer.error for answer in answers) < 0.02
    assert sum(answer.gain > 3 * answer.error for answer in answers) <= 1


def test_the_skin_makes_no_difference_to_the_gain_only_to_the_error() -> None:
    light, dark = (found(film(0.05, skin=skin, grain=0.4)) for skin in (SKIN, DARK_SKIN))
    assert dark.gain == pytest.approx(light.gain, rel=0.3)
    assert dark.error > light.error


def test_the_cameras_own_exposure_is_no_answer() -> None:
    answer = found(film(0.0, exposure=0.3))
    assert answer.gain + 2 * answer.error < 0.03
    assert found(film(0.08, exposure=0.3)).gain == pytest.approx(0.08, rel=0.4)


def test_a_replay_lit_by_another_sequence_does_not_answer() -> None:
    told = film(0.0, seed=1)
    shown = film(0.08, seed=2)
    mixed = [
        Lit(ours.at_ns, ours.tint, theirs.skin, theirs.behind, theirs.pose)
        for ours, theirs in zip(told, shown, strict=True)
    ]
    answer = found(mixed)
    assert answer.gain < 0.03


@pytest.mark.parametrize("fps", [10, 15, 30])
def test_at_any_rate(fps: float) -> None:
    answer = found(film(0.06, fps=fps))
    assert answer.gain > 4 * answer.error


def test_too_little_says_nothing() -> None:
    assert reflection([]) is None
    assert reflection(film(0.1)[: FEWEST - 1]) is None
    one_tint = [Lit(each.at_ns, Tint.BLUE, each.skin, each.behind, each.pose) for each in film(0.1)]
    assert reflection(one_tint) is None


def test_a_frame_without_skin_says_nothing() -> None:
    assert lit(seen(1, face()), Tint.WHITE) is None
    assert lit(seen(1, None), Tint.WHITE) is None


def test_black_skin_in_black_light_is_no_error() -> None:
    black = (0.0, 0.0, 0.0)
    frames = [Lit(each.at_ns, each.tint, black, black, each.pose) for each in film(0.1)]
    answer = reflection(frames)
    assert answer is None or abs(answer.gain) < 1e-6


def test_what_a_frame_says() -> None:
    facts = FrameFacts(640, 480, 1, np.zeros((12, 16), np.uint8), 2.5, WALL)
    shown = replace(face(), skin=SKIN)
    frame = lit(FaceObservation(5, 1, shown, frame=facts), Tint.GREEN)
    assert frame is not None
    assert (frame.at_ns, frame.tint, frame.skin, frame.behind) == (5, Tint.GREEN, SKIN, WALL)
    assert frame.pose[3:5] == pytest.approx((0.5, 0.55))
