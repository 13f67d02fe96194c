"""The course as built: what course.json says is what the files are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from resources.build import demo_course
from resources.media.renditions import RENDITIONS

pytestmark = pytest.mark.course


@pytest.fixture(scope="module")
def folder() -> Path:
    """The demo course from the machine's cache (made on first use)."""
    return demo_course()


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, Any]:
    """What its course.json says."""
    course: dict[str, Any] = json.loads((folder / "course.json").read_text("utf-8"))
    return course


def test_lessons_have_the_asked_lengths_and_five_questions_each(told: dict[str, Any]) -> None:
    first, second = told["lessons"]
    assert 120_000 <= first["duration_ms"] <= 125_000
    assert 150_000 <= second["duration_ms"] <= 180_000
    assert [len(lesson["questions"]) for lesson in told["lessons"]] == [5, 5]
    assert told["duration_ms"] == first["duration_ms"] + second["duration_ms"]
    for lesson in told["lessons"]:
        assert lesson["duration_ms"] == lesson["frames"] * 1000 // lesson["fps"]
        starts = [chapter["start_ms"] for chapter in lesson["chapters"]]
        assert starts[0] == 0
        assert starts == sorted(starts)


def test_files_are_what_is_told(folder: Path, told: dict[str, Any]) -> None:
    for lesson in told["lessons"]:
        for rendition in RENDITIONS:
            entry = lesson["renditions"][rendition.name]
            content = (folder / entry["file"]).read_bytes()
            assert len(content) == entry["bytes"]
            assert hashlib.sha256(content).hexdigest() == entry["sha256"]
            assert (entry["width"], entry["height"]) == (rendition.width, rendition.height)
            assert 0.5 * rendition.bitrate < entry["bitrate"] < 1.15 * rendition.bitrate
            assert content.index(b"moov") < content.index(b"mdat"), "index first"
        for captions in lesson["captions"].values():
            assert (folder / captions).read_text("utf-8").startswith("WEBVTT")


def test_renditions_have_the_same_frames_at_the_same_times(
    folder: Path, told: dict[str, Any]
) -> None:
    for lesson in told["lessons"]:
        pictures, sounds = [], []
        for entry in lesson["renditions"].values():
            with av.open(str(folder / entry["file"])) as container:
                stream = container.streams.video[0]
                assert stream.codec_context.name == "h264"
                packets = [
                    (packet.pts, packet.dts, packet.is_keyframe)
                    for packet in container.demux(stream)
                    if packet.pts is not None
                ]
            assert all(pts == dts for pts, dts, _ in packets)
            assert [pts for pts, _, _ in packets] == [n * 512 for n in range(lesson["frames"])]
            assert [n for n, packet in enumerate(packets) if packet[2]] == list(
                range(0, lesson["frames"], 50)
            )
            pictures.append(packets)
            with av.open(str(folder / entry["file"])) as container:
                stream_of_sound = container.streams.audio[0]
                assert stream_of_sound.codec_context.name == "aac"
                sounds.append([bytes(packet) for packet in container.demux(stream_of_sound)])
        assert pictures[0] == pictures[1] == pictures[2]
        assert sounds[0] == sounds[1] == sounds[2]


def test_sound_is_there_at_the_captions_and_the_picture_is_not_blank(
    folder: Path, told: dict[str, Any]
) -> None:
    lesson = told["lessons"][0]
    file = str(folder / lesson["renditions"]["fluent"]["file"])
    with av.open(file) as container:
        blocks = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    sound = np.concatenate(blocks)
    assert abs(len(sound) / 48_000 - lesson["duration_ms"] / 1000) < 0.05
    assert 0.02 < float(sound.std()) < 0.3
    with av.open(file) as container:
        container.seek(40_000_000)
        frame = next(container.decode(video=0)).to_ndarray(format="gray")
    assert float(np.asarray(frame, np.float32).std()) > 20


def test_small_pictures_show_the_film_they_stand_for(folder: Path, told: dict[str, Any]) -> None:
    """Each is compared with the frame in the middle of its interval, as the film has it."""
    for lesson in told["lessons"]:
        sheet = lesson["thumbnails"]
        with av.open(str(folder / sheet["file"])) as container:
            picture = next(container.decode(video=0)).to_ndarray(format="gray").astype(np.float32)
        width, height, columns = sheet["width"], sheet["height"], sheet["columns"]
        count = -(-lesson["duration_ms"] // sheet["interval_ms"])
        assert picture.shape == (-(-count // columns) * height, columns * width)
        cells = [
            picture[row : row + height, left : left + width]
            for row in range(0, picture.shape[0], height)
            for left in range(0, picture.shape[1], width)
        ]
        assert all(cell.max() < 20 for cell in cells[count:]), "nothing behind the last"
        step = sheet["interval_ms"] * lesson["fps"] // 1000
        wanted = {min(n * step + step // 2, lesson["frames"] - 1): n for n in range(count)}
        with av.open(str(folder / lesson["renditions"]["fluent"]["file"])) as container:
            for number, frame in enumerate(container.decode(video=0)):
                if number in wanted:
                    shown = frame.reformat(width, height, "gray", interpolation="AREA")
                    grey = shown.to_ndarray().astype(np.float32)
                    apart = [float(np.abs(grey - cell).mean()) for cell in cells[:count]]
                    assert apart[wanted[number]] < 6
                    assert apart[wanted[number]] <= min(apart) + 1
