"""The coded film says which frame and which second it is, in every rendition."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from resources.build import coded_film
from resources.cache import LOCK
from resources.film.code import (
    CELLS,
    SECONDS_CODED,
    cells_for,
    parse_cells,
    second_for,
    tones_for,
)
from resources.film.make import coded_sound, draw_frame
from resources.film.spec import FRAME_RATES, FilmSpec
from resources.media.renditions import RENDITIONS, Rendition
from resources.media.thumbnails import ContactSheet
from tests.film import FrameMark, read_strip, second_heard

RATE = 48_000
SHORT = FilmSpec(seconds=5.0)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of five seconds, built once for this module."""
    return coded_film(SHORT, root=tmp_path_factory.mktemp("cache"))


def sound_of(file: Path) -> NDArray[np.float32]:
    """Decode the sound of ``file`` from time 0 on, float32 mono."""
    blocks = []
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            assert frame.pts is not None and frame.sample_rate == RATE
            if frame.pts >= 0:
                blocks.append(frame.to_ndarray().reshape(-1))
    return np.concatenate(blocks)


def picture_of(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """The frame's pixels, RGB uint8 [h, w, 3]."""
    return np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


def boxes(file: Path) -> list[str]:
    """The names of an MP4 file's top-level boxes in their order."""
    content, place, names = file.read_bytes(), 0, []
    while place < len(content):
        names.append(content[place + 4 : place + 8].decode("ascii"))
        place += int.from_bytes(content[place : place + 4], "big")
    return names


@given(st.integers(0, (1 << 20) - 1), st.integers(0, 2))
def test_cells_carry_any_number(number: int, rendition: int) -> None:
    assert parse_cells(cells_for(number, rendition)) == (number, rendition)


@given(st.integers(0, (1 << 20) - 1), st.integers(2, 37), st.integers(2, 37))
def test_up_to_two_wrong_cells_are_noticed(number: int, one: int, two: int) -> None:
    cells = cells_for(number, 1)
    for place in {one, two}:
        cells[place] = not cells[place]
    assert parse_cells(cells) is None


@pytest.mark.parametrize(("number", "rendition"), [(-1, 0), (1 << 20, 0), (0, 3)])
def test_what_does_not_fit_is_refused(number: int, rendition: int) -> None:
    with pytest.raises(ValueError):
        cells_for(number, rendition)


def test_every_second_has_its_own_tones() -> None:
    pairs = [tones_for(second) for second in range(SECONDS_CODED)]
    assert len(set(pairs)) == SECONDS_CODED
    assert [second_for(*pair) for pair in pairs] == list(range(SECONDS_CODED))
    assert second_for(420.0, 2200.0) is None
    assert second_for(100.0, 2200.0) is None


@pytest.mark.parametrize("size", [(320, 180), (427, 240), (1366, 768), (1920, 1080)])
def test_strip_is_read_at_any_scale(size: tuple[int, int]) -> None:
    frame = draw_frame(123_456, 2, 1280, 720, Fraction(25))
    scaled = cv2.resize(frame, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    assert read_strip(scaled) == FrameMark(123_456, "high")


def test_torn_covered_and_strange_pictures() -> None:
    frame, other = (draw_frame(n, 0, 640, 360, Fraction(25)) for n in (41, 42))
    torn = np.concatenate([frame[:180], other[180:]])
    assert read_strip(torn) is None
    covered = frame.copy()
    covered[-40:] = 200
    assert read_strip(covered) == FrameMark(41, "fluent")
    noise = np.random.default_rng(1).integers(0, 255, (360, 640, 3)).astype(np.uint8)
    assert read_strip(noise) is None
    assert read_strip(np.zeros((360, 640, 3), np.uint8)) is None
    assert read_strip(frame[:, :300]) is None


def test_tones_are_heard_in_short_pieces_only_where_they_are() -> None:
    sound = coded_sound(40.0)
    piece = RATE // 10
    for second in range(40):
        for start in (0, 0.45, 0.9):
            at = round((second + start) * RATE)
            assert second_heard(sound[at : at + piece], RATE) == second
    boundary = sound[RATE * 7 - piece // 2 : RATE * 7 + piece // 2]
    assert second_heard(boundary, RATE) is None
    assert second_heard(np.zeros(piece, np.float32), RATE) is None
    assert second_heard(sound[: RATE // 50], RATE) is None
    noise = np.random.default_rng(2).normal(0, 0.2, piece).astype(np.float32)
    assert second_heard(noise, RATE) is None


@pytest.mark.parametrize("rendition", RENDITIONS, ids=lambda rendition: rendition.name)
def test_every_frame_and_every_tone_of_a_rendition(film: Path, rendition: Rendition) -> None:
    name = rendition.name
    with av.open(str(film / f"film-{name}.mp4")) as container:
        seen = [read_strip(picture_of(f)) for f in container.decode(video=0)]
    assert seen == [FrameMark(number, name) for number in range(SHORT.frames)]
    sound = sound_of(film / f"film-{name}.mp4")
    assert abs(len(sound) - RATE * 5) <= 2048
    for second in range(5):
        for start in (0.01, 0.5, 0.89):
            at = round((second + start) * RATE)
            assert second_heard(sound[at : at + RATE // 10], RATE) == second


def test_renditions_share_time_stamps_and_sound(film: Path) -> None:
    times, keys, sounds = [], [], []
    for rendition in RENDITIONS:
        with av.open(str(film / f"film-{rendition.name}.mp4")) as container:
            stream = container.streams.video[0]
            assert (stream.width, stream.height) == (rendition.width, rendition.height)
            packets = [(p, p.pts) for p in container.demux(stream) if p.pts is not None]
            assert all(pts == p.dts for p, pts in packets), "B-frames would shift the film"
            times.append([float(pts * p.time_base) for p, pts in packets])
            keys.append([i for i, (p, _) in enumerate(packets) if p.is_keyframe])
        with av.open(str(film / f"film-{rendition.name}.mp4")) as container:
            sounds.append([bytes(p) for p in container.demux(container.streams.audio[0])])
    assert times[0] == pytest.approx([number / 25 for number in range(SHORT.frames)])
    assert times[0] == times[1] == times[2]
    assert keys[0] == keys[1] == keys[2] == list(range(0, SHORT.frames, 25))
    assert sounds[0] == sounds[1] == sounds[2]


def test_film_json_tells_the_truth_and_index_comes_first(film: Path) -> None:
    told = json.loads((film / "film.json").read_text("utf-8"))
    assert (told["frames"], told["fps"], told["duration_ms"]) == (125, 25.0, 5000)
    for entry in told["renditions"].values():
        file = film / entry["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
        assert file.stat().st_size == entry["bytes"]
        order = boxes(file)
        assert order.index("moov") < order.index("mdat")


def test_a_second_build_only_looks(film: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in film.iterdir()}
    assert coded_film(SHORT, root=film.parents[1]) == film
    assert {path.name: path.stat().st_mtime_ns for path in film.iterdir()} == before
    assert {path.name for path in film.parent.iterdir()} == {LOCK, film.name}


@pytest.mark.parametrize("rate", ["15", "23.976", "29.97", "50"])
def test_odd_films(rate: str, tmp_path: Path) -> None:
    spec = FilmSpec(seconds=1.2, fps=FRAME_RATES[rate], sound=False)
    folder = coded_film(spec, root=tmp_path)
    with av.open(str(folder / "film-fluent.mp4")) as container:
        assert not container.streams.audio
        assert container.streams.video[0].average_rate == spec.fps
        frames = list(container.decode(video=0))
    assert [read_strip(picture_of(f)) for f in frames] == [
        FrameMark(number, "fluent") for number in range(spec.frames)
    ]
    expected = [float(number / spec.fps) for number in range(spec.frames)]
    assert [frame.time for frame in frames] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"seconds": 4000}, {"fps": Fraction(0)}])
def test_impossible_films_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        FilmSpec(**wrong)  # type: ignore[arg-type]


def test_cells_fill_the_strip() -> None:
    assert len(cells_for(0, 0)) == CELLS


@given(st.integers(1, 100_000), st.sampled_from(sorted(FRAME_RATES.values())))
def test_small_pictures_stand_for_intervals_of_the_film(frames: int, fps: Fraction) -> None:
    sheet = ContactSheet(frames, fps)
    numbers = sheet.numbers
    for place, number in enumerate(numbers):
        interval = Fraction(sheet.interval_ms, 1000)
        # A frame is on the screen until the next one: some of that lies in the interval.
        assert number / fps < (place + 1) * interval
        assert (number + 1) / fps > place * interval
    assert len(numbers) * sheet.interval_ms * fps >= frames * 1000, "none is missing at the end"
    assert numbers[-1] < frames


def test_a_sheet_with_a_picture_missing_is_not_written(tmp_path: Path) -> None:
    sheet = ContactSheet(251, Fraction(25))
    sheet.taken = {number: np.zeros((90, 160, 3), np.uint8) for number in sheet.numbers[:-1]}
    with pytest.raises(KeyError):
        sheet.write(tmp_path / "a.jpg")
    assert list(tmp_path.iterdir()) == []
