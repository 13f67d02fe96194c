"""What the benchmarks make of what they saw and heard: each fault shows in its own figure."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from resources.film.make import coded_sound
from resources.media.renditions import AUDIO_RATE as RATE
from tests.bench.hearing import longest_wrong_ms, usual_ms
from tests.bench.machine import family
from tests.bench.seam import FRAME_MS, Change, Picture, seam
from tests.bench.walk import changes

MS = 1_000_000


def pictures(*numbers: tuple[int, str], gap_ms: float = FRAME_MS) -> list[Picture]:
    """One picture each 40 ms; the first of the new rendition comes after `gap_ms`."""
    shown: list[Picture] = []
    at_ns = 0
    for number, rendition in numbers:
        turns = bool(shown) and shown[-1].rendition != rendition
        at_ns += round((gap_ms if turns else FRAME_MS) * MS)
        shown.append(Picture(at_ns, number, rendition))
    return shown


def test_a_change_without_a_seam() -> None:
    shown = pictures((1, "a"), (2, "a"), (3, "a"), (4, "b"), (5, "b"))
    found = seam(Change(45 * MS, "a", "b"), shown)
    assert found is not None
    assert (found.gap_ms, found.missed_ms, found.repeated_ms) == (40, 0, 0)
    assert found.request_ms == 160 - 45


@pytest.mark.parametrize(
    ("new", "missed_ms", "repeated_ms"),
    [(3, 0, 40), (2, 0, 80), (5, 40, 0), (8, 160, 0)],
)
def test_film_that_is_missed_or_repeated(new: int, missed_ms: int, repeated_ms: int) -> None:
    shown = pictures((2, "a"), (3, "a"), (new, "b"), (new + 1, "b"), gap_ms=130)
    found = seam(Change(0, "a", "b"), shown)
    assert found is not None
    assert (found.gap_ms, found.missed_ms, found.repeated_ms) == (130, missed_ms, repeated_ms)


def test_a_change_that_never_came() -> None:
    shown = pictures((1, "a"), (2, "a"), (3, "a"))
    assert seam(Change(0, "a", "b"), shown) is None
    before = pictures((1, "a"), (2, "b"), (3, "b"))
    assert seam(Change(100 * MS, "a", "b"), before) is None  # that was an earlier one


def test_each_change_comes_equally_often() -> None:
    made = list(changes(3))
    assert len(made) == 18
    assert all(made.count(each) == 3 for each in set(made)) and len(set(made)) == 6
    assert all(old != new for old, new in made)


def heard() -> tuple[NDArray[np.float32], list[int]]:
    """The film's sound from 2.4 to 3.6 s, and the seconds that are near."""
    return coded_sound(5)[int(2.4 * RATE) : int(3.6 * RATE)], [1, 2, 3, 4]


def wrong_ms(sound: NDArray[np.float32]) -> float:
    whole, seconds = heard()
    usual = usual_ms([whole], RATE, [seconds])
    assert 3 <= usual <= 10  # the film fades from second to second
    return longest_wrong_ms(sound, RATE, seconds, usual)


def test_the_films_own_sound_is_right() -> None:
    assert wrong_ms(heard()[0]) == 0


@pytest.mark.parametrize("hole_ms", [6, 20, 120])
def test_a_hole_is_as_long_as_it_is(hole_ms: int) -> None:
    sound = heard()[0]
    begin = int(0.3 * RATE)
    sound[begin : begin + RATE * hole_ms // 1000] = 0
    assert hole_ms - 3 <= wrong_ms(sound) <= hole_ms + 5


def test_a_splice_in_the_middle_of_a_wave_is_heard() -> None:
    sound = heard()[0]
    begin = int(0.3 * RATE)
    spliced = np.concatenate([sound[:begin], sound[begin + RATE * 7 // 1000 :]])
    assert 1 <= wrong_ms(spliced) <= 6


def test_two_sounds_at_once_are_heard() -> None:
    sound = heard()[0]
    begin, end = int(0.3 * RATE), int(0.33 * RATE)
    sound[begin:end] *= 2
    assert 25 <= wrong_ms(sound) <= 35


def test_a_hole_over_the_change_of_second_is_not_taken_for_the_films_own() -> None:
    sound = heard()[0]
    begin, end = int(0.58 * RATE), int(0.64 * RATE)
    sound[begin:end] = 0
    assert 45 <= wrong_ms(sound) <= 65


def test_noise_is_not_the_films_sound() -> None:
    chance = np.random.default_rng(4)
    sound = heard()[0]
    begin, end = int(0.2 * RATE), int(0.3 * RATE)
    sound[begin:end] = chance.normal(0, 0.2, end - begin)
    assert 90 <= wrong_ms(sound) <= 110


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_process_is_of_its_own_family() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in family(os.getpid())
        assert os.getpid() not in family(child.pid)
        child.communicate(b"\n")
