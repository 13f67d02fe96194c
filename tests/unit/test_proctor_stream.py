"""A sensor's frames and footage that is played into a driver."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proctor import stream
from proctor.observation import FrameFacts
from proctor.stream import KEPT, Stream, take

FRAME_NS = 66_666_667


def frame(
    digest: int, *, noise: float = 2.4, size: tuple[int, int] = (640, 480), at: float = 0.0
) -> FrameFacts:
    """A picture of something that moves: `at` is where it is, 0 to 16."""
    return FrameFacts(*size, digest, _picture(round(at, 2) % 16), noise, (1.0, 1.0, 1.0))


@cache
def _picture(at: float) -> npt.NDArray[np.uint8]:
    places = np.abs(np.arange(16)[None, :] - at) < 2
    return np.where(places, 180, 90).repeat(12, axis=0).astype(np.uint8)


def film(digests: list[int], *, jitter_ms: float = 2.0, seed: int = 0) -> Stream:
    random = np.random.default_rng(seed)
    seen = Stream()
    for place, digest in enumerate(digests):
        at_ns = place * FRAME_NS + round(random.normal(0, jitter_ms * 1e6))
        seen = take(seen, at_ns, frame(digest))
    return seen


def test_too_few_frames_say_nothing() -> None:
    seen = film(list(range(29)))
    assert stream.repeated(seen) is None and stream.looped(seen) is None
    assert stream.tremble(seen) is None and stream.grain(seen) is None
    assert stream.resized(seen) is None and stream.slowed(seen) is None
    assert stream.resembled(seen) is None


@settings(max_examples=25)
@given(st.integers(30, 200), st.integers(0, 99))
def test_a_cameras_frames_are_all_different(count: int, seed: int) -> None:
    digests = np.random.default_rng(seed).integers(0, 2**63, count).tolist()
    seen = film(digests)
    assert stream.repeated(seen) == 0 and stream.looped(seen) == 0


@settings(max_examples=25)
@given(st.integers(12, 90), st.integers(3, 40))
def test_a_loop_is_found_at_any_length(period: int, extra: int) -> None:
    seen = film([place % period for place in range(max(30, period + extra))])
    found = stream.looped(seen)
    assert found is not None and found >= min(extra, period)


def test_a_loop_of_footage_between_new_frames() -> None:
    clip = list(range(1000, 1020))
    seen = film([*range(40), *clip, *range(40, 60), *clip, *range(60, 70)])
    assert stream.looped(seen) == 20


@pytest.mark.parametrize("kept", [2, 3])
def test_a_driver_that_doubles_frames_makes_no_loop(kept: int) -> None:
    seen = film([place // kept for place in range(120)])
    assert stream.looped(seen) == 0
    share = stream.repeated(seen)
    assert share is not None and share == pytest.approx(1 - 1 / kept, abs=0.05)


def test_two_equal_frames_by_themselves_are_no_film() -> None:
    digests = list(range(100))
    digests[80] = digests[20]
    assert stream.looped(film(digests)) == 1


def test_footage_of_an_earlier_attempt_is_known() -> None:
    before = film(list(range(100)))
    seen = stream.again(before)
    assert (seen.digests, stream.looped(seen)) == ((), None)
    for place in range(40):
        seen = take(seen, place * FRAME_NS, frame(30 + place))
    assert stream.looped(seen) == 40
    fresh = stream.again(stream.again(before))
    for place in range(40):
        fresh = take(fresh, place * FRAME_NS, frame(500 + place))
    assert stream.looped(fresh) == 0
    assert 50 in fresh.earlier


def test_a_covered_lens_is_no_loop() -> None:
    black = FrameFacts(640, 480, 7, np.zeros((12, 16), np.uint8), 0.0, (0.0, 0.0, 0.0))
    seen = Stream()
    for place in range(100):
        seen = take(seen, place * FRAME_NS, black)
    assert stream.looped(seen) is None and stream.repeated(seen) is None


def _moving(places: list[float]) -> Stream:
    seen = Stream()
    for number, place in enumerate(places):
        seen = take(seen, number * FRAME_NS, frame(number, at=place))
    return seen


def test_a_stretch_that_comes_again_nearly_equal() -> None:
    random = np.random.default_rng(4)
    walk = np.cumsum(random.normal(0, 0.7, 110)).tolist()
    again = stream.resembled(_moving(walk + walk))
    other = stream.resembled(_moving(walk + np.cumsum(random.normal(0, 0.7, 110)).tolist()))
    assert again is not None and again < stream.NEARLY / 2
    assert other is not None and other > 2 * stream.NEARLY


def test_who_sits_still_resembles_nobody() -> None:
    assert stream.resembled(_moving([3.0] * 220)) is None


@settings(max_examples=25)
@given(st.integers(0, 50), st.floats(0.0, 0.4))
def test_a_perfect_beat_shows_through_lost_frames(seed: int, lost: float) -> None:
    random = np.random.default_rng(seed)
    seen = Stream()
    for place in range(200):
        if random.random() >= lost:
            seen = take(seen, place * FRAME_NS, frame(place))
    assert stream.tremble(seen) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("jitter_ms", [0.5, 2.0, 5.0])
def test_a_cameras_clock_trembles(jitter_ms: float) -> None:
    found = stream.tremble(film(list(range(150)), jitter_ms=jitter_ms))
    assert found is not None and found > 0.5 * jitter_ms


def test_the_grain_is_the_median_of_what_shows_any() -> None:
    seen = Stream()
    for place in range(90):
        seen = take(seen, place * FRAME_NS, frame(place, noise=(0.0, 2.0, 3.0)[place % 3]))
    assert stream.grain(seen) == pytest.approx(2.5, abs=0.5)


def test_a_size_that_changes() -> None:
    seen = Stream()
    for place in range(60):
        size = (640, 480) if place < 30 else (1280, 720)
        seen = take(seen, place * FRAME_NS, frame(place, size=size))
    assert stream.resized(seen) == 1
    assert stream.resized(film(list(range(60)))) == 0


def test_a_rate_that_changes() -> None:
    times = [place * FRAME_NS for place in range(60)]
    times += [times[-1] + (place + 1) * 2 * FRAME_NS for place in range(60)]
    seen = Stream()
    for place, at_ns in enumerate(times):
        seen = take(seen, at_ns, frame(place))
    assert stream.slowed(seen) == pytest.approx(2, abs=0.01)
    assert stream.slowed(film(list(range(120)))) == pytest.approx(1, abs=0.05)


def test_memory_is_bounded() -> None:
    seen = film(list(range(KEPT + 50)))
    lengths = {len(seen.at_ns), len(seen.digests), len(seen.thumbnails), len(seen.noise)}
    assert lengths | {len(seen.sizes)} == {KEPT}
    assert seen.digests[-1] == KEPT + 49
    for part in range(0, 2 * stream.EARLIER, KEPT):
        seen = replace(stream.again(seen), digests=tuple(range(part, part + KEPT)))
    assert len(stream.again(seen).earlier) == stream.EARLIER
    assert part in stream.again(seen).earlier
