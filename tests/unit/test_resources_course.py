"""The demo course: its words, its schedule, its slides, its sound."""

from __future__ import annotations

import pickle
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from resources.build import demo_course
from resources.cache import LOCK, built, cache_dir, content_key
from resources.course.make import (
    captions_of,
    mix_sound,
    question_of,
    read_course,
    slides_of,
)
from resources.course.timeline import FPS, SceneTime, schedule
from resources.drawing.slides import SCENES, LessonPictures
from resources.drawing.stage import HEIGHT, WIDTH, chinese_family, open_stage
from resources.errors import BuildError
from resources.media.renditions import AUDIO_RATE
from resources.sound.mixing import PEAK, resample
from resources.sound.narration import Narrator

LESSONS = (1, 2)


def guessed_times(number: int) -> list[SceneTime]:
    """A lesson's schedule from the length of its sentences, without speaking them."""
    lesson = read_course()[0]["lesson"][number - 1]
    spoken = [[len(line["zh"]) / 4.2 for line in scene["line"]] for scene in lesson["scene"]]
    return schedule(spoken, float(lesson["target_s"]))


# --- schedule -------------------------------------------------------------------------------


@given(
    st.lists(st.lists(st.floats(1, 6), min_size=1, max_size=5), min_size=1, max_size=6),
    st.floats(0.5, 2.0),
)
def test_schedule_fills_the_target_without_overlap(spoken: list[list[float]], wish: float) -> None:
    quiet = sum(1.9 + 0.45 * (len(lines) - 1) for lines in spoken)
    target = sum(map(sum, spoken)) + quiet * wish
    times = schedule(spoken, target)
    assert times[-1].first + times[-1].frames == pytest.approx(target * FPS, abs=1)
    place = 0
    for time, lines in zip(times, spoken, strict=True):
        assert time.first == place
        place += time.frames
        end = 0.0
        for (start, stop), length in zip(time.lines, lines, strict=True):
            assert start > end
            assert stop - start == pytest.approx(length)
            end = stop
        assert end * FPS < time.frames + 1


def test_schedule_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        schedule([[10.0, 10.0]], 20.0)
    with pytest.raises(ValueError, match="do not fit"):
        schedule([[2.0]], 60.0)


# --- words ----------------------------------------------------------------------------------


def test_the_course_has_two_lessons_of_the_asked_length() -> None:
    first, second = read_course()[0]["lesson"]
    assert 120 <= first["target_s"] <= 125
    assert 150 <= second["target_s"] <= 180


def test_every_scene_is_drawn_and_every_line_has_both_languages() -> None:
    course, _ = read_course()
    drawn = [scene["draw"] for lesson in course["lesson"] for scene in lesson["scene"]]
    assert sorted(drawn) == sorted(SCENES)
    for lesson in course["lesson"]:
        for scene in lesson["scene"]:
            assert scene["title"]["zh"]
            assert scene["title"]["en"]
            for line in scene["line"]:
                spoken = line.get("say", line["zh"])
                assert not re.search(r"[0-9A-Za-z%]", spoken), "figures are spoken as words"
                assert line["en"].isascii()


def test_ten_questions_of_three_kinds_with_right_keys() -> None:
    course, sources = read_course()
    questions = [question_of(source) for source in sources]
    assert len({question["id"] for question in questions}) == 10
    assert {question["kind"] for question in questions} == {"true_false", "single", "multiple"}
    for lesson in course["lesson"]:
        assert sum(source["lesson"] == lesson["id"] for source in sources) == 5
    for question in questions:
        ids = [choice["id"] for choice in question["choices"]]
        assert set(question["answer"]) <= set(ids)
        assert len(ids) == (2 if question["kind"] == "true_false" else 4)
        right = len(question["answer"])
        assert right >= 2 if question["kind"] == "multiple" else right == 1
        for text in (question["text"], question["why"], *question["choices"]):
            assert text["zh"]
            assert text["en"]


def test_keys_are_spread_over_the_places() -> None:
    keys = ["".join(source["answer"]) for source in read_course()[1]]
    assert len(set(keys)) >= 6


def test_captions_are_ordered_and_inside_their_scene() -> None:
    lesson = read_course()[0]["lesson"][0]
    times = guessed_times(1)
    text = captions_of(lesson["scene"], times, "zh")
    assert text.startswith("WEBVTT\n\n00:00:0")
    cues = re.findall(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})\n(.+)\n", text)
    assert len(cues) == sum(len(scene["line"]) for scene in lesson["scene"])
    clock = [[int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in (c[:3], c[3:6])] for c in cues]
    flat = [moment for cue in clock for moment in cue]
    assert flat == sorted(flat)
    assert flat[-1] <= 122


# --- slides ---------------------------------------------------------------------------------


@pytest.mark.parametrize("number", LESSONS)
def test_every_scene_moves_and_shows_no_box(number: int, qtbot: QtBot) -> None:
    del qtbot  # only for its application
    open_stage()
    lesson = read_course()[0]["lesson"][number - 1]
    times = guessed_times(number)
    pictures = LessonPictures(lesson["id"], slides_of(number, lesson), tuple(times))
    for time in times:
        shots = []
        for place in (0, time.frames // 3, time.frames // 2, time.frames - 12):
            picture = pictures.pictures(time.first + place)["high"]
            assert picture.shape == (HEIGHT, WIDTH, 4)
            shots.append(picture[..., :3].astype(np.int16).copy())
        if time.first:
            assert shots[0].std() < 10, "a scene comes out of one plain colour"
        else:
            assert shots[0].std() > 20, "a lesson's first frame is what is seen before it plays"
        for before, after in pairwise(shots):
            assert (np.abs(after - before).max(axis=2) > 24).mean() > 0.002


@pytest.mark.parametrize("number", LESSONS)
def test_a_frame_depends_on_its_number_alone(number: int, qtbot: QtBot) -> None:
    del qtbot
    open_stage()
    lesson = read_course()[0]["lesson"][number - 1]
    pictures = LessonPictures(lesson["id"], slides_of(number, lesson), tuple(guessed_times(number)))
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    again = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    pictures.draw(1500, again)  # Qt sets the very first glyphs of a process a hair differently
    pictures.draw(1500, image)
    pictures.draw(60, again)
    pictures.draw(1500, again)
    assert image == again


def test_no_chinese_font_is_said_in_both_languages() -> None:
    with pytest.raises(BuildError) as failure:
        chinese_family(["DejaVu Sans", "Arial"])
    assert "中文字体" in str(failure.value)
    assert "Chinese font" in str(failure.value)
    assert chinese_family(["SimHei", "Microsoft YaHei UI"]) == "Microsoft YaHei UI"
    copy = pickle.loads(pickle.dumps(failure.value))  # noqa: S301 - our own, from a worker
    assert str(copy) == str(failure.value)


# --- sound ----------------------------------------------------------------------------------


def test_narration_speaks_chinese_at_a_calm_pace() -> None:
    narrator = Narrator()
    sentence = "先通风，再检测，后作业。"
    sound = narrator.say(sentence)
    assert sound.dtype == np.float32
    assert 1.5 < len(sound) / narrator.rate < 5
    assert 0.02 < float(np.sqrt((sound**2).mean())) < 0.5
    again = narrator.say(sentence)
    assert len(again) == pytest.approx(len(sound), rel=0.01), "nothing is left of the first time"


def test_the_track_is_as_long_as_its_frames_and_never_clips() -> None:
    scenes = [{"line": [{"zh": "x", "sound": "alarm"}]}]
    voice = (np.random.default_rng(1).normal(0, 0.3, AUDIO_RATE * 2)).astype(np.float32)
    times = schedule([[2.0]], 4.0)
    track = mix_sound(scenes, [[voice]], times, 100)
    assert len(track) == 4 * AUDIO_RATE
    assert float(np.abs(track).max()) <= PEAK
    start, stop = (round(moment * AUDIO_RATE) for moment in times[0].lines[0])
    spoken, before = track[start:stop], track[: AUDIO_RATE // 20]
    assert float(spoken.std()) > 20 * float(before.std())


def test_resampling_keeps_pitch_and_level() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050).astype(np.float32)
    slow = resample(tone, 22050, AUDIO_RATE)
    assert len(slow) == AUDIO_RATE
    assert int(np.abs(np.fft.rfft(slow)).argmax()) == 440
    assert float(slow.std()) == pytest.approx(float(tone.std()), rel=0.01)


# --- cache ----------------------------------------------------------------------------------


def test_cache_dir_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANXUE_CACHE", str(tmp_path))
    assert cache_dir() == tmp_path
    monkeypatch.delenv("ANXUE_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert cache_dir() == tmp_path / "x" / "anxue"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_dir() == Path.home() / ".cache" / "anxue"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert cache_dir() == tmp_path / "Local" / "Anxue" / "Cache"


def test_the_key_is_the_content(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes(b"one\ntwo\n")
    key = content_key([source], {"n": 1}, ("numpy",))
    assert re.fullmatch(r"[0-9a-f]{16}", key)
    source.write_bytes(b"one\r\ntwo\r\n")
    assert content_key([source], {"n": 1}, ("numpy",)) == key, "line endings don't matter"
    assert content_key([source], {"n": 2}, ("numpy",)) != key
    assert content_key([source], {"n": 1}, ("no-such-package",)) != key
    source.write_bytes(b"one\ntwo!\n")
    assert content_key([source], {"n": 1}, ("numpy",)) != key


def test_a_build_lands_whole_or_not_at_all(tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise BuildError("坏", "broken")

    with pytest.raises(BuildError):
        built("thing", "k", fails, tmp_path)
    assert [path.name for path in (tmp_path / "thing").iterdir()] == [LOCK]
    made = []

    def works(folder: Path) -> None:
        made.append(folder)
        (folder / "whole").write_text("whole")

    folder = built("thing", "k", works, tmp_path)
    assert built("thing", "k", works, tmp_path) == folder
    assert len(made) == 1
    assert [path.name for path in folder.iterdir()] == ["whole"]
    for number in range(6):
        built("thing", f"k{number}", works, tmp_path)
    assert len(list((tmp_path / "thing").iterdir())) <= 4 + 1
    assert (tmp_path / "thing" / "k5").is_dir()


def test_the_provincial_catalogue_is_there() -> None:
    table = Path(demo_course.__globals__["HERE"]) / "course_catalogue.csv"
    rows = table.read_text("utf-8").splitlines()
    assert rows[0] == "资格类型,作业类别,操作项目,新取证,复审或换证"
    assert len(rows) >= 49
