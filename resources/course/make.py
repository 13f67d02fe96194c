"""Make the demo course: speak it, draw it, encode it, describe it in ``course.json``."""

from __future__ import annotations

import json
import multiprocessing
import tomllib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from resources.course.timeline import FPS, SceneTime, schedule
from resources.drawing.slides import LessonPictures, SlideWords
from resources.drawing.stage import open_stage
from resources.media.encode import FilmPlan, Progress, encode_film
from resources.media.renditions import AUDIO_RATE
from resources.media.thumbnails import ContactSheet
from resources.sound.mixing import Sound, add, alarm, chime, limit, resample, room_tone, warm
from resources.sound.narration import Narrator

HERE = Path(__file__).resolve().parent
GOP = 2 * FPS
_TRUE_FALSE = [{"zh": "正确", "en": "True"}, {"zh": "错误", "en": "False"}]
_ORDINALS = "一二三四五六七八九"

Toml = Mapping[str, Any]


def read_course() -> tuple[Toml, list[Toml]]:
    """Return the course's words and its questions as written in the two TOML files."""
    course = tomllib.loads((HERE / "course.toml").read_text("utf-8"))
    questions = tomllib.loads((HERE / "questions.toml").read_text("utf-8"))
    return course, list(questions["question"])


def make_course(out: Path, progress: Progress) -> None:
    """Write films, captions and ``course.json`` into the empty folder ``out``.

    Raises `BuildError` where font or voice are missing, before anything slow is done.
    """
    # In a process of its own: the caller may be about to start Qt on a real screen.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.apply(open_stage)
    narrator = Narrator()
    course, questions = read_course()
    lessons = course["lesson"]
    whole = sum(float(lesson["target_s"]) for lesson in lessons)
    described = []
    done = 0.0
    for number, lesson in enumerate(lessons, start=1):
        share = float(lesson["target_s"]) / whole

        def report(part: float, words: str, base: float = done, share: float = share) -> None:
            progress(base + part * share, words)

        report(0.0, f"lesson {number}: narration")
        described.append(_make_lesson(number, lesson, questions, narrator, out, report))
        done += share
    told = {
        "id": course["id"],
        "title": course["title"],
        "duration_ms": sum(lesson["duration_ms"] for lesson in described),
        "lessons": described,
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (out / "course.json").write_text(text, encoding="utf-8")


def _make_lesson(
    number: int,
    lesson: Toml,
    questions: Sequence[Toml],
    narrator: Narrator,
    out: Path,
    progress: Progress,
) -> dict[str, Any]:
    scenes = lesson["scene"]
    spoken = [
        [
            resample(narrator.say(line.get("say", line["zh"])), narrator.rate, AUDIO_RATE)
            for line in scene["line"]
        ]
        for scene in scenes
    ]
    lengths = [[len(piece) / AUDIO_RATE for piece in pieces] for pieces in spoken]
    times = schedule(lengths, float(lesson["target_s"]))
    frames = times[-1].first + times[-1].frames
    sound = mix_sound(scenes, spoken, times, frames)
    pictures = LessonPictures(lesson["id"], slides_of(number, lesson), tuple(times))
    plan = FilmPlan(frames, Fraction(FPS), GOP)
    stem = f"lesson-{number}"
    sheet = ContactSheet(frames, plan.fps)
    files = encode_film(pictures, plan, sound, out, stem, progress, sheet)
    captions = {}
    for language in ("zh", "en"):
        captions[language] = f"{stem}.{language}.vtt"
        text = captions_of(scenes, times, language)
        (out / captions[language]).write_text(text, encoding="utf-8", newline="\n")
    return {
        "id": lesson["id"],
        "title": lesson["title"],
        "duration_ms": plan.duration_ms,
        "frames": frames,
        "fps": FPS,
        "renditions": files,
        "captions": captions,
        "chapters": [
            {"start_ms": round(time.first * 1000 / FPS), "title": scene["title"]}
            for scene, time in zip(scenes, times, strict=True)
        ],
        "thumbnails": sheet.write(out / f"{stem}.thumbs.jpg"),
        "questions": [question_of(q) for q in questions if q["lesson"] == lesson["id"]],
    }


def slides_of(number: int, lesson: Toml) -> tuple[SlideWords, ...]:
    """Return what the lesson's slides say, in order."""
    return tuple(
        SlideWords(
            draw=scene["draw"],
            heading=scene["heading"],
            source=scene.get("source", ""),
            chip=f"第{_ORDINALS[number - 1]}课　{lesson['title']['zh']}",
            words=dict(scene.get("words", {})),
        )
        for scene in lesson["scene"]
    )


def mix_sound(
    scenes: Sequence[Toml],
    spoken: Sequence[Sequence[Sound]],
    times: Sequence[SceneTime],
    frames: int,
) -> Sound:
    """Return the lesson's track, float32 mono at `AUDIO_RATE`, as long as its frames."""
    samples = frames * AUDIO_RATE // FPS
    track = room_tone(samples, AUDIO_RATE)
    for place, (scene, pieces, time) in enumerate(zip(scenes, spoken, times, strict=True)):
        start = time.first * AUDIO_RATE // FPS
        # A fourth higher each time would climb out of hearing: two notes take turns.
        pitch = 587.33 if place % 2 else 493.88
        add(track, chime(AUDIO_RATE, pitch), start + AUDIO_RATE // 10)
        for line, piece, (begin, end) in zip(scene["line"], pieces, time.lines, strict=True):
            add(track, warm(piece, AUDIO_RATE), start + round(begin * AUDIO_RATE))
            if line.get("sound") == "alarm":
                add(track, alarm(AUDIO_RATE), start + round(end * AUDIO_RATE))
    fade = min(AUDIO_RATE // 2, samples)
    track[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return limit(track)


def captions_of(scenes: Sequence[Toml], times: Sequence[SceneTime], language: str) -> str:
    """Return a WebVTT file of the lesson's lines in ``zh`` or ``en``."""
    cues = ["WEBVTT", ""]
    for scene, time in zip(scenes, times, strict=True):
        offset = time.first / FPS
        for line, (begin, end) in zip(scene["line"], time.lines, strict=True):
            cues += [f"{_clock(offset + begin)} --> {_clock(offset + end + 0.2)}"]
            cues += [line[language], ""]
    return "\n".join(cues)


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return (
        f"{whole // 3_600_000:02d}:{whole // 60_000 % 60:02d}:"
        f"{whole // 1000 % 60:02d}.{whole % 1000:03d}"
    )


def question_of(source: Toml) -> dict[str, Any]:
    """Return a question as course.json has it: choices with ids A, B, ..., and the key."""
    choices = _TRUE_FALSE if source["kind"] == "true_false" else source["choices"]
    return {
        "id": source["id"],
        "kind": source["kind"],
        "text": source["text"],
        "choices": [
            {"id": chr(ord("A") + place), **choice} for place, choice in enumerate(choices)
        ],
        "answer": source["answer"],
        "why": source["why"],
    }
