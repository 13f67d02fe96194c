"""A course for tests: its films are bytes that can be told apart, nothing that plays."""

import hashlib
import json
from pathlib import Path
from typing import Any

FILM_BYTES = 100_003
MODES = {"fluent": (640, 360, 400_000), "standard": (854, 480, 600_000)}


def thumbnails(lesson: str) -> bytes:
    """The bytes that stand for a lesson's small pictures."""
    return hashlib.shake_128(f"{lesson}/thumbnails".encode()).digest(5_001)


def film(mode: str, lesson: str) -> bytes:
    """The bytes of one film: no two stretches of it are alike."""
    size = FILM_BYTES + len(mode)
    return hashlib.shake_128(f"{lesson}/{mode}".encode()).digest(size)


def make_course(folder: Path) -> Path:
    """Write course.json and its files, in the form of `resources.course.make`."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "id": "test-course",
        "title": {"zh": "测试课程", "en": "Test course"},
        "lessons": [_lesson(folder, "first", 600_000), _lesson(folder, "second", 90_000)],
    }
    (folder / "course.json").write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    return folder


def _lesson(folder: Path, lesson: str, duration_ms: int) -> dict[str, Any]:
    renditions = {}
    for mode, (width, height, bitrate) in MODES.items():
        content = film(mode, lesson)
        file = f"{lesson}-{mode}.mp4"
        (folder / file).write_bytes(content)
        renditions[mode] = {
            "file": file,
            "width": width,
            "height": height,
            "bitrate": bitrate,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    (folder / f"{lesson}.zh.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\n你好\n", "utf-8")
    (folder / f"{lesson}.thumbs.jpg").write_bytes(thumbnails(lesson))
    return {
        "id": lesson,
        "title": {"zh": "一课", "en": "A lesson"},
        "duration_ms": duration_ms,
        "renditions": renditions,
        "captions": {"zh": f"{lesson}.zh.vtt"},
        "chapters": [
            {"start_ms": 0, "title": {"zh": "开始", "en": "Opening"}},
            {"start_ms": 40_000, "title": {"zh": "气体", "en": "Gases"}},
        ],
        "thumbnails": {
            "file": f"{lesson}.thumbs.jpg",
            "interval_ms": 5_000,
            "columns": 10,
            "width": 160,
            "height": 90,
        },
        "questions": [_question(lesson, number) for number in range(6)],
    }


def _question(lesson: str, number: int) -> dict[str, Any]:
    """Three choices; right is A and, where several may be, A and C."""
    several = number % 2 == 1
    return {
        "id": f"{lesson}-q{number}",
        "kind": "multiple" if several else "single",
        "text": {"zh": f"问题{number}", "en": f"Question {number}"},
        "choices": [{"id": name, "zh": f"选{name}", "en": name} for name in "ABC"],
        "answer": ["A", "C"] if several else ["A"],
        "why": {"zh": "因为", "en": "because"},
    }
