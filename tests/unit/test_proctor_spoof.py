"""What a plane can do and what only a head can."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctor.spoof import (
    FLAT_FROM,
    FLAT_TO,
    SOLID,
    TILTED,
    distortion,
    eye_distance,
    residual,
    squash,
    stir,
)
from tests.faces import HEAD, PRINT, project

angles = st.floats(-60, 60)


@given(angles, angles, st.floats(-40, 40))
def test_a_print_explains_every_pose_of_itself(yaw: float, pitch: float, roll: float) -> None:
    assert residual(project(PRINT), project(PRINT, yaw, pitch, roll)) < 0.002


@given(st.floats(24, 40), st.sampled_from([-1, 1]), st.floats(-15, 15), st.floats(-10, 10))
def test_a_head_that_turns_shows_that_it_is_none(
    yaw: float, side: int, pitch: float, roll: float
) -> None:
    assert residual(project(HEAD), project(HEAD, side * yaw, pitch, roll)) > SOLID


@given(st.integers(0, 2**32 - 1), angles)
def test_noise_of_a_pixel_makes_no_head_of_a_print(seed: int, yaw: float) -> None:
    noise = np.random.default_rng(seed).normal(0, 1.0, (2, len(HEAD), 2)).astype(np.float32)
    assert residual(project(PRINT) + noise[0], project(PRINT, yaw) + noise[1]) < 0.8 * SOLID


@pytest.mark.parametrize("yaw", [5, 10])
def test_idling_is_not_enough(yaw: float) -> None:
    assert residual(project(HEAD), project(HEAD, yaw)) < SOLID


def test_broken_landmarks_prove_nothing() -> None:
    front = project(HEAD)
    scrambled = front[np.random.default_rng(0).permutation(len(front))]
    assert residual(front, scrambled) == 0.0
    assert residual(front, np.full_like(front, np.nan)) == 0.0
    assert residual(front, front[:-1]) == 0.0
    assert residual(front[:6], front[:6]) == 0.0
    assert residual(front, np.full_like(front, 7.0)) == 0.0
    assert residual(np.zeros_like(front), front) == 0.0


def test_eye_distance_is_in_pixels() -> None:
    assert eye_distance(project(HEAD)) == pytest.approx(70, rel=0.02)


@given(st.floats(0.5, 2), st.floats(-180, 180), st.floats(-100, 100), st.floats(-100, 100))
def test_distortion_does_not_see_what_keeps_the_shape(
    zoom: float, roll: float, x: float, y: float
) -> None:
    front = project(HEAD)
    a = np.radians(roll)
    turned = front @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    moved = (turned * zoom + [x, y]).astype(np.float32)
    assert distortion(front, moved) < 0.001


def test_distortion_sees_a_tilted_print() -> None:
    assert distortion(project(PRINT), project(PRINT, 45)) > 0.1
    assert distortion(project(PRINT), project(PRINT, 0, 45)) > 0.1
    assert distortion(project(PRINT)[:3], project(PRINT)[:3]) == float("inf")
    assert distortion(np.ones((10, 2), np.float32), project(PRINT)[:10]) == float("inf")


class TestSquash:
    @given(st.floats(30, 40), st.sampled_from([-1, 1]), st.floats(-20, 20))
    def test_a_tilted_print_is_squashed_and_explained(
        self, yaw: float, side: int, roll: float
    ) -> None:
        tilted = project(PRINT, side * yaw, 0, roll)
        assert squash(project(PRINT), tilted) < TILTED
        assert residual(project(PRINT), tilted) < FLAT_TO

    @given(st.floats(27, 40), st.sampled_from([-1, 1]))
    def test_a_head_that_turned_is_squashed_and_not_explained(self, yaw: float, side: int) -> None:
        turned = project(HEAD, side * yaw)
        assert squash(project(HEAD), turned) < TILTED
        assert residual(project(HEAD), turned) > FLAT_FROM

    @given(st.floats(-10, 10), st.floats(-10, 10), st.floats(-40, 40))
    def test_who_faces_the_camera_is_not(self, yaw: float, pitch: float, roll: float) -> None:
        assert squash(project(HEAD), project(HEAD, yaw, pitch, roll)) > TILTED

    def test_broken_landmarks_say_nothing(self) -> None:
        front = project(HEAD)
        assert squash(front, front[:-1]) == 1.0
        assert squash(front, np.full_like(front, np.nan)) == 1.0
        assert squash(np.zeros_like(front), front) == 1.0
        assert squash(front, np.zeros_like(front)) == 1.0


class TestStir:
    SOFT = np.array([(x, y, 0.1) for x in (-0.5, 0, 0.5) for y in (0.2, -0.1, -1)])

    @given(st.floats(-4, 4), st.floats(-20, 20), st.floats(0.7, 1.4))
    def test_a_print_that_moves_does_not_stir(self, yaw: float, roll: float, zoom: float) -> None:
        flat = self.SOFT * [1, 1, 0]
        rest = project(PRINT), project(flat)
        now = project(PRINT, yaw, 0, roll) * zoom, project(flat, yaw, 0, roll) * zoom
        assert stir(rest, (now[0].astype(np.float32), now[1].astype(np.float32))) < 0.005

    def test_a_blink_does(self) -> None:
        shut = self.SOFT - [0, 0.1, 0]
        assert stir((project(HEAD), project(self.SOFT)), (project(HEAD), project(shut))) > 0.08

    def test_broken_landmarks_say_nothing(self) -> None:
        rest = project(HEAD), project(self.SOFT)
        assert stir(rest, (rest[0], rest[1][:-1])) == 0.0
        assert stir(rest, (rest[0], np.full_like(rest[1], np.nan))) == 0.0
        assert stir(rest, (rest[0][:3], rest[1])) == 0.0
        assert stir((rest[0], rest[1][:0]), (rest[0], rest[1][:0])) == 0.0
