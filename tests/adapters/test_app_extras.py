"""Captions and small pictures come in the background, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from app.adapters.extras import Extras
from app.events import ExtrasLoaded
from player.adapters.webvtt import parse
from sync.contract import CaptionsInfo, Lesson, LessonCredit, ThumbnailsInfo
from sync.ports import GatewayError, RefusedError, ServerFaultError, UnreachableError

JPEG = b"\xff\xd8\xff\xe0 a picture"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n"


def lesson(name: str, *, captions: bool = True, pictures: bool = True) -> Lesson:
    credit = LessonCredit(
        lesson=name, duration_s=60, credited_s=0, provisional_s=0, not_counted_s=0, resume_s=0,
        completed=False, spans=(),
    )  # fmt: skip
    return Lesson(
        id=name, title="课", title_en="lesson", duration_ms=60_000, questions=0, renditions=(),
        credit=credit,
        captions=(
            CaptionsInfo(language="zh_CN", path=f"{name}/zh.vtt"),
            CaptionsInfo(language="en", path=f"{name}/en.vtt"),
        )
        if captions
        else (),
        thumbnails=ThumbnailsInfo(
            path=f"{name}/thumbnails.jpg", interval_ms=10_000, columns=5, width=160, height=90
        )
        if pictures
        else None,
    )  # fmt: skip


@dataclass
class FakeFiles:
    """A platform's small files, in memory; `gate` holds answers back."""

    files: dict[str, bytes | GatewayError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    threads: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.gate.set()
        for name in ("a", "b"):
            self.files[f"{name}/zh.vtt"] = VTT.format(f"{name} 中").encode()
            self.files[f"{name}/en.vtt"] = VTT.format(f"{name} en").encode()
            self.files[f"{name}/thumbnails.jpg"] = JPEG

    def media_file(self, path: str) -> bytes:
        self.asked.append(path)
        self.threads.add(threading.get_ident())
        assert self.gate.wait(20)
        found = self.files[path]
        if isinstance(found, GatewayError):
            raise found
        return found


@dataclass
class Set:
    """The thing under test with everything around it."""

    extras: Extras
    files: FakeFiles
    told: list[ExtrasLoaded]
    threads: set[int]
    wait: Callable[[int], None]


@pytest.fixture
def running(qtbot: QtBot) -> Iterator[Set]:
    files, told, threads = FakeFiles(), list[ExtrasLoaded](), set[int]()

    def tell(event: ExtrasLoaded) -> None:
        told.append(event)
        threads.add(threading.get_ident())

    extras = Extras(files, parse, tell, lambda: 7)
    yield Set(extras, files, told, threads, lambda n: qtbot.waitUntil(lambda: len(told) >= n))
    files.gate.set()
    extras.close()


def finish(running: Set, qtbot: QtBot) -> None:
    """Let everything that was asked for come in, and be told."""
    passed: list[object] = []
    for _ in range(2):  # what is done may ask for more
        running.extras._background.run(lambda: None, passed.append, passed.append)
        qtbot.waitUntil(lambda: bool(passed))
        passed.clear()


def test_captions_first_and_the_picture_when_it_comes(running: Set) -> None:
    running.extras.fetch(lesson("a"))
    running.wait(2)
    first, second = running.told
    assert first.lesson == second.lesson == "a"
    assert first.at_ns == 7
    assert {language: track.text_at(1_500_000) for language, track in first.captions.items()} == {
        "zh_CN": "a 中",
        "en": "a en",
    }
    assert first.thumbnails is None
    assert second.captions == first.captions
    assert second.thumbnails == JPEG
    assert running.threads == {threading.get_ident()}
    assert threading.get_ident() not in running.files.threads


@pytest.mark.parametrize(
    "broken",
    [
        UnreachableError("time-out"),
        ServerFaultError(503),
        RefusedError("not_found", "gone"),
        b"<html>sign in to the hotel's network</html>",
        b"",
    ],
)
def test_a_track_that_cannot_be_had_is_absent(
    broken: bytes | GatewayError, running: Set, caplog: pytest.LogCaptureFixture
) -> None:
    running.files.files["a/en.vtt"] = broken
    running.extras.fetch(lesson("a"))
    running.wait(2)
    assert set(running.told[-1].captions) == {"zh_CN"}
    assert running.told[-1].thumbnails == JPEG
    assert [record.message for record in caplog.records if "a/en.vtt" in record.message]


def test_what_failed_is_tried_again_at_the_next_opening(running: Set) -> None:
    running.files.files["a/en.vtt"] = UnreachableError("no route")
    running.extras.fetch(lesson("a"))
    running.wait(2)
    running.files.files["a/en.vtt"] = VTT.format("again").encode()
    running.extras.fetch(lesson("a"))
    running.wait(4)
    assert set(running.told[-1].captions) == {"zh_CN", "en"}


@pytest.mark.parametrize("broken", [UnreachableError("no route"), b"GIF89a", b""])
def test_a_picture_that_cannot_be_had_leaves_the_captions(
    broken: bytes | GatewayError, running: Set, qtbot: QtBot
) -> None:
    running.files.files["a/thumbnails.jpg"] = broken
    running.extras.fetch(lesson("a"))
    finish(running, qtbot)
    assert len(running.told) == 1
    assert set(running.told[0].captions) == {"zh_CN", "en"}


def test_only_what_the_lesson_has_is_asked_for(running: Set, qtbot: QtBot) -> None:
    running.extras.fetch(lesson("a", captions=False))
    running.wait(1)
    assert running.told[0].thumbnails == JPEG
    running.extras.fetch(lesson("b", pictures=False))
    running.wait(2)
    assert running.told[1].thumbnails is None
    running.extras.fetch(lesson("b", captions=False, pictures=False))
    finish(running, qtbot)
    assert running.files.asked == ["a/thumbnails.jpg", "b/zh.vtt", "b/en.vtt"]
    assert len(running.told) == 2


def test_a_lesson_that_was_left_is_not_told_of_and_no_longer_asked_for(
    running: Set, qtbot: QtBot
) -> None:
    running.files.gate.clear()
    running.extras.fetch(lesson("a"))
    qtbot.waitUntil(lambda: running.files.asked == ["a/zh.vtt"])
    running.extras.fetch(lesson("b"))
    running.files.gate.set()
    running.wait(2)
    finish(running, qtbot)
    assert {event.lesson for event in running.told} == {"b"}
    assert running.files.asked == ["a/zh.vtt", "b/zh.vtt", "b/en.vtt", "b/thumbnails.jpg"]


def test_nothing_is_told_after_cancel_or_close(running: Set, qtbot: QtBot) -> None:
    running.files.gate.clear()
    running.extras.fetch(lesson("a"))
    qtbot.waitUntil(lambda: bool(running.files.asked))
    running.extras.cancel()
    running.files.gate.set()
    finish(running, qtbot)
    running.extras.fetch(lesson("a"))
    running.extras.close()
    running.extras.fetch(lesson("b"))
    assert running.told == []


def test_a_mistake_of_ours_costs_the_captions_only(
    running: Set, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    del running.files.files["a/zh.vtt"]
    running.extras.fetch(lesson("a"))
    finish(running, qtbot)
    assert running.told == []
    assert any("KeyError" in (record.exc_text or str(record.exc_info)) for record in caplog.records)
    running.extras.fetch(lesson("b"))
    running.wait(2)
