"""How films played on this PC, for `main.py diagnose`: figures of R8, no name, no face."""

from __future__ import annotations

import json
import logging
from collections import deque
from dataclasses import asdict
from pathlib import Path

from sync.facts import PictureQuality

log = logging.getLogger(__name__)

NAME = "playback.jsonl"
KEPT = 200
"""Stretches of playing that are remembered."""

Line = dict[str, object]


class PlaybackLog:
    """One line of JSON for each stretch. A disk that takes none costs the figures, no film."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._lines: deque[Line] = deque(read(folder), maxlen=KEPT)

    def note(self, fact: PictureQuality) -> None:
        """Add a stretch of playing."""
        self._lines.append(asdict(fact))
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in self._lines)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            log.warning("the figures of a film were not kept: %s", type(error).__name__)


def read(folder: Path) -> list[Line]:
    """The stretches that are on the disk, oldest first; what can't be read is left out."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    lines = []
    for line in text.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict):
            lines.append(told)
    return lines


def by_lesson(lines: list[Line]) -> dict[str, Line]:
    """The stretches of each lesson together: sums, the worst sound, the newest line and mode."""
    together: dict[str, Line] = {}
    for line in lines:
        lesson = together.setdefault(str(line.get("lesson", "")), {})
        for name, value in line.items():
            known = lesson.get(name)
            if name in _SUMS and isinstance(value, int):
                lesson[name] = value + (known if isinstance(known, int) else 0)
            elif name == "sound_offset_ms":
                worse = isinstance(value, int) and abs(value) >= abs(_number(known))
                lesson[name] = value if worse else known
            elif name != "lesson":
                lesson[name] = value
    return together


_SUMS = ("frames", "dropped", "late", "stalls", "stalled_ms", "unseen_ms")


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
