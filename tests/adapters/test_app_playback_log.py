"""The figures of films that were played here, for diagnostics."""

import json
from pathlib import Path

from app.adapters.playback_log import KEPT, NAME, PlaybackLog, by_lesson, read
from sync.facts import PictureQuality


def stretch(
    lesson: str = "lesson-1", *, frames: int = 100, offset_ms: int | None = None, bps: int = 0
) -> PictureQuality:
    return PictureQuality(
        lesson=lesson,
        mode="high",
        frames=frames,
        dropped=2,
        late=1,
        stalls=1,
        stalled_ms=500,
        unseen_ms=0,
        sound="ok",
        sound_offset_ms=offset_ms,
        bits_per_second=bps,
    )


def test_the_stretches_of_a_lesson_add_up(tmp_path: Path) -> None:
    log = PlaybackLog(tmp_path / "log")
    log.note(stretch(offset_ms=-12, bps=900_000))
    log.note(stretch(offset_ms=5, bps=800_000))
    log.note(stretch("lesson-2"))
    told = by_lesson(read(tmp_path / "log"))
    assert list(told) == ["lesson-1", "lesson-2"]
    one = told["lesson-1"]
    assert (one["frames"], one["dropped"], one["stalled_ms"]) == (200, 4, 1000)
    assert (one["sound_offset_ms"], one["bits_per_second"]) == (-12, 800_000)
    assert told["lesson-2"]["sound_offset_ms"] is None


def test_only_the_newest_are_kept_over_restarts(tmp_path: Path) -> None:
    for number in range(3):
        log = PlaybackLog(tmp_path)
        for _ in range(KEPT // 2):
            log.note(stretch(frames=number))
    assert [line["frames"] for line in read(tmp_path)] == [1] * (KEPT // 2) + [2] * (KEPT // 2)


def test_what_cannot_be_read_or_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"frames": 1}\nnot json\n[1]\n', encoding="utf-8")
    assert read(tmp_path) == [{"frames": 1}]
    (tmp_path / NAME).write_bytes(b"\xff\xfe")
    assert read(tmp_path) == []
    blocked = tmp_path / "file"
    blocked.write_text("")
    PlaybackLog(blocked).note(stretch())


def test_no_name_is_in_it(tmp_path: Path) -> None:
    PlaybackLog(tmp_path).note(stretch())
    (line,) = (tmp_path / NAME).read_text("utf-8").splitlines()
    assert "learner" not in json.loads(line)
