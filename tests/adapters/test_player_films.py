"""Films as they come: odd rates, edits, shapes, codecs and lengths, in `QtPlayer`.

What is asserted is what the learner sees, read from the picture itself, and what is credited.
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtMultimedia import QVideoFrame
from pytestqt.qtbot import QtBot

from player.adapters.chatter import HARMLESS
from player.adapters.local_files import LocalFiles
from player.adapters.media_cache import MediaCache
from player.adapters.timing import Timing
from player.events import (
    Ended,
    Failed,
    Fault,
    FrameShown,
    Mode,
    ModeChanged,
    ModeKept,
    Opened,
    Stalled,
)
from player.ports import Film, MediaSource, Rendition
from player.timeline import Paused, Playing, Segment, Sought, Timeline, TimelineEvent, step
from tests import odd_films
from tests.film import read_strip
from tests.odd_films import FILMS, Odd
from tests.player_rig import Rig, origin, pixels, rig

pytestmark = [pytest.mark.course, pytest.mark.qt_log_ignore(*HARMLESS)]

REFUSED = {"hevc": "H265", "mpeg4": "MPEG4", "vp9": "VP9", odd_films.SOUND_ONLY: "no picture"}
PLAYED = [name for name in FILMS if name not in REFUSED and not name.endswith("-other")]
ODD_SHAPES = ["turned-90", "turned-180", "turned-270", "anamorphic", "wide", "tall", "wide-turned"]
STANDARD, HIGH = Mode.STANDARD, Mode.HIGH
SOON = Timing(lead_us=400_000)
ROUNDING_US = 1  # start and length of a frame are each cut to whole microseconds


def rendition(file: Path, base: str = "") -> Rendition:
    """The file as a rendition; its picture's size matters to nobody."""
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return Rendition(base + file.name if base else str(file), file.stat().st_size, sha256, 1, 1, 1)


def film(*files: Path, duration_us: int, base: str = "") -> Film:
    """A film whose renditions are the files, from STANDARD upwards."""
    modes = (STANDARD, HIGH)
    return Film(
        "odd", duration_us, {m: rendition(f, base) for m, f in zip(modes, files, strict=False)}
    )


def due(odd: Odd) -> list[tuple[int, int]]:
    """The film time for which each frame stands: one that begins late stands from the start."""
    times = odd.times_us
    return list(itertools.pairwise([0, *times[1:]]))


@dataclass
class Watched:
    """A player whose every frame is noted as it is handed to the screen."""

    it: Rig
    handed: list[tuple[int, int]]

    def on_frame(self, frame: QVideoFrame) -> None:
        one = (frame.startTime(), frame.endTime())
        if frame.isValid() and (not self.handed or self.handed[-1] != one):
            self.handed.append(one)  # a cued frame is handed on again when it runs

    def open(self, qtbot: QtBot, odd: Odd, at_us: int = 0, mode: Mode = STANDARD) -> None:
        path = odd_films.path_of(odd.name)
        self.it.player.open(film(path, path, duration_us=odd.times_us[-1]), mode, at_us)
        qtbot.waitUntil(lambda: bool(self.it.all(Opened) or self.it.all(Failed)))
        assert self.it.all(Failed) == []

    def play(self, qtbot: QtBot, film_us: int) -> None:
        """Play on for so long, at least three frames, and pause."""
        self._note(Playing(time.monotonic_ns()))
        start_us, count = self.handed[-1][0], len(self.handed)
        self.it.player.play()
        qtbot.waitUntil(
            lambda: self.handed[-1][0] >= start_us + film_us and len(self.handed) >= count + 2,
            timeout=10_000,
        )
        self.it.player.pause()
        self._note(Paused(time.monotonic_ns()))

    def seek(self, qtbot: QtBot, to_us: int) -> None:
        self._note(Sought(time.monotonic_ns(), to_us))
        cued = self.it.player.frame_ready
        with qtbot.waitSignal(cued, timeout=5_000):
            self.it.player.seek(to_us)

    def credited(self, until: type[TimelineEvent] | None = None) -> list[Segment]:
        state, segments = Timeline(), []
        for event in self.it.events:
            if until is not None and isinstance(event, until):
                break
            state, closed = step(state, event)
            segments += closed
        return segments

    def _note(self, event: TimelineEvent) -> None:
        self.it.events.append(event)  # type: ignore[arg-type] # what the session adds for itself


@contextmanager
def watched(source: MediaSource, timing: Timing | None = None) -> Iterator[Watched]:
    with rig(source, timing) as it:
        watching = Watched(it, [])
        it.player.frame_ready.connect(watching.on_frame)
        yield watching


def same(seen: list[tuple[int, int]], want: list[tuple[int, int]]) -> bool:
    """The same frames, none missing, none twice."""
    return len(seen) == len(want) and all(
        abs(a - b) <= ROUNDING_US
        for s, w in zip(seen, want, strict=True)
        for a, b in zip(s, w, strict=True)
    )


@pytest.mark.parametrize("name", PLAYED)
def test_every_frame_comes_once_at_its_time_and_is_credited(qtbot: QtBot, name: str) -> None:
    """Through a pause and a seek; the number in the picture is the one that was told."""
    odd = FILMS[name]
    frames = due(odd)
    middle = 2 * len(frames) // 3
    with watched(LocalFiles()) as seen:
        seen.open(qtbot, odd)
        seen.play(qtbot, 900_000)
        seen.play(qtbot, 300_000)
        first = len(seen.handed)
        assert same(seen.handed, frames[:first])
        seen.seek(qtbot, frames[middle][0])
        seen.play(qtbot, 500_000)
        again = seen.handed[first:]
        assert same(again, frames[middle : middle + len(again)])
        it = seen.it
        assert it.all(Stalled) == []
        numbers = {start_us: number for number, (start_us, _end) in enumerate(frames)}
        for painted in it.painted:
            near = min(numbers, key=lambda start, at=painted.start_us: abs(start - at))  # type: ignore[misc]
            assert painted.mark is not None
            assert painted.mark.number == numbers[near] + odd.skipped
        shown = {(each.start_us, each.end_us) for each in it.shown}
        assert shown <= set(seen.handed)
        assert len(shown) > len(seen.handed) // 2  # a busy machine paints fewer
        # Behind the seek the purse may be empty: the frame before it was paid for, and not stayed
        shown_us = sum(end - start for start, end in shown & set(seen.handed[:first]))
        credited_us = sum(each.end_us - each.start_us for each in seen.credited(until=Sought))
        assert abs(credited_us - shown_us) <= ROUNDING_US * len(shown)
        credited_us = sum(each.end_us - each.start_us for each in seen.credited())
        assert credited_us <= sum(end - start for start, end in shown) + ROUNDING_US * len(shown)


@pytest.mark.parametrize("name", PLAYED)
def test_seeks_and_resumes_to_the_very_frame(qtbot: QtBot, name: str) -> None:
    odd = FILMS[name]
    frames = due(odd)
    number = 2 * len(frames) // 3
    start_us, end_us = frames[number]
    with watched(LocalFiles()) as seen:
        seen.open(qtbot, odd, at_us=start_us)
        assert same(seen.handed, [frames[number]])
        for to_us, want in (
            ((start_us + end_us) // 2, number),
            (frames[1][0], 1),
            (end_us - 2_000, number),
            (frames[-1][0], len(frames) - 1),
            (frames[0][0], 0),
        ):
            seen.seek(qtbot, to_us)
            assert same(seen.handed[-1:], [frames[want]])
        seen.seek(qtbot, frames[-1][1])
        assert same(seen.handed[-1:], frames[-1:])


@pytest.mark.parametrize("name", [*PLAYED, odd_films.LAST_WITHOUT_LENGTH])
def test_ends_with_its_last_frame(qtbot: QtBot, name: str) -> None:
    odd = FILMS.get(name, FILMS["25"])
    frames = due(odd)
    path = odd_films.path_of(name)
    with watched(LocalFiles()) as seen:
        started_us = frames[-3][0]
        seen.it.player.open(film(path, duration_us=frames[-1][1]), STANDARD, started_us)
        seen.it.player.play()
        qtbot.waitUntil(lambda: bool(seen.it.all(Ended)), timeout=8_000)
        (ended,) = seen.it.all(Ended)
        assert seen.it.all(Failed) == []
        assert [start for start, _end in seen.handed] == pytest.approx(
            [start for start, _end in frames[-3:]], abs=ROUNDING_US
        )
        assert abs(ended.position_us - frames[-1][1]) <= 1_000


@pytest.mark.parametrize("name", ODD_SHAPES)
def test_stands_upright_in_its_own_shape(qtbot: QtBot, name: str) -> None:
    """Read from the screen: both strips are the right way round and fill their width."""
    odd = FILMS[name]
    with watched(LocalFiles()) as seen:
        view = seen.it.view
        for width, height in ((640, 360), (400, 720), (1001, 501)):
            view.resize(width, height)
            seen.open(qtbot, odd, at_us=1_000_000)
            with qtbot.waitSignal(
                view.frame_painted, check_params_cb=lambda start_us, _at_ns: start_us > 1_900_000
            ):  # the frame of before may be painted only now
                seen.it.player.seek(2_000_000)
            assert view.picture().size().toTuple() == odd.shown_size
            area = view.picture_rect()
            shape = odd.shown_size[0] / odd.shown_size[1]
            assert abs(area.width() - shape * area.height()) <= max(1, shape)
            assert area.width() == width or area.height() == height
            screen = pixels(view.grab().toImage())
            picture = screen[area.top() : area.bottom() + 1, area.left() : area.right() + 1]
            mark = read_strip(picture)
            assert mark is not None
            assert mark.number == 50
            screen[area.top() : area.bottom() + 1, area.left() : area.right() + 1] = 0
            assert screen.max() == 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_film_that_other_pcs_may_not_play_is_refused(qtbot: QtBot, name: str) -> None:
    good, bad = odd_films.path_of("25"), odd_films.path_of(name)
    with rig(LocalFiles(), SOON) as it:
        it.player.open(film(bad, duration_us=2_000_000), STANDARD, 0)
        qtbot.waitUntil(lambda: bool(it.all(Failed)))
        (failed,) = it.all(Failed)
        assert failed.fault is Fault.UNSUPPORTED
        assert REFUSED[name] in failed.detail
        assert it.all(Opened) == []
        # as another rendition of a film that can be played it is no more than a pity
        it.player.open(film(good, bad, duration_us=6_000_000), STANDARD, 0)
        it.player.play()
        qtbot.waitUntil(lambda: len(it.shown) > 3)
        it.player.set_mode(HIGH)
        qtbot.waitUntil(lambda: bool(it.all(ModeKept)))
        assert it.all(ModeKept)[0].fault is Fault.UNSUPPORTED
        count = len(it.shown)
        qtbot.waitUntil(lambda: len(it.shown) > count + 5)
        assert it.all(Failed) == [failed]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<!DOCTYPE html><title>502 Bad Gateway</title>", Fault.UNSUPPORTED),
        (b"", Fault.UNSUPPORTED),
        (b"\0\0\0\x20ftypisom" + bytes(500), Fault.UNSUPPORTED),
    ],
)
def test_what_is_no_film_fails_with_words(
    qtbot: QtBot, tmp_path: Path, content: bytes, fault: Fault
) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(content)
    with rig(LocalFiles()) as it:
        it.player.open(film(file, duration_us=6_000_000), STANDARD, 0)
        qtbot.waitUntil(lambda: bool(it.all(Failed)))
        assert [each.fault for each in it.all(Failed)] == [fault]
        assert it.shown == []


@pytest.mark.parametrize("rate", ["25", "29.97"])
def test_modes_change_to_the_frame_at_any_rate(qtbot: QtBot, tmp_path: Path, rate: str) -> None:
    files = odd_films.path_of(rate), odd_films.path_of(f"{rate}-other")
    frames = due(FILMS[rate])
    media = MediaCache(tmp_path / "缓存")
    media.start()
    try:
        with origin(files[0].parent) as server, watched(media, SOON) as seen:
            it = seen.it
            both = film(*files, duration_us=frames[-1][1], base=server.base)
            it.player.open(both, STANDARD, 0)
            it.player.play()
            for count, mode in enumerate((HIGH, STANDARD), start=1):
                qtbot.waitUntil(lambda goal=count: len(it.shown) > 10 * goal)  # type: ignore[misc]
                it.player.set_mode(mode)
                qtbot.waitUntil(lambda goal=count: len(it.all(ModeChanged)) >= goal)  # type: ignore[misc]
            it.player.pause()
            assert same(seen.handed, frames[: len(seen.handed)])
            assert all(abs(each.position_error_us) <= ROUNDING_US for each in it.all(ModeChanged))
    finally:
        media.stop()


LONG_US = odd_films.LONG_S * 1_000_000
LONG_FRAME_US = 1_000_000 // odd_films.LONG_FPS
RESUME_US = LONG_US - 30_000_000


@pytest.mark.parametrize("way", ["file", "cache"])
def test_a_film_of_three_hours(qtbot: QtBot, tmp_path: Path, way: str) -> None:
    """Resumes at 2:59:30 within a second, goes back and forth at once, and ends where it ends."""
    path = odd_films.long_film()
    media = MediaCache(tmp_path / "缓存")
    media.start()
    try:
        with (
            origin(path.parent) as server,
            watched(LocalFiles() if way == "file" else media) as seen,
        ):
            it = seen.it
            base = "" if way == "file" else server.base
            whole = film(path, duration_us=LONG_US, base=base)
            began = time.monotonic()
            it.player.open(whole, STANDARD, RESUME_US)
            qtbot.waitUntil(lambda: bool(it.all(Opened)))
            assert time.monotonic() - began < 1.0
            assert it.all(Opened)[0].position_us == RESUME_US
            seen.play(qtbot, 600_000)
            for to_us in (LONG_US // 2, 0, LONG_US - 800_000):
                began = time.monotonic()
                seen.seek(qtbot, to_us)
                assert time.monotonic() - began < 1.0
                assert seen.handed[-1][0] == to_us
            it.player.play()
            qtbot.waitUntil(lambda: bool(it.all(Ended)), timeout=5_000)
            assert it.all(Ended)[0].position_us == LONG_US
            assert seen.handed[-1] == (LONG_US - LONG_FRAME_US, LONG_US)
            for painted in it.painted:
                assert painted.mark is not None
                minute = odd_films.LONG_ROUND_S * odd_films.LONG_FPS
                assert painted.mark.number == painted.start_us // LONG_FRAME_US % minute
    finally:
        media.stop()


def test_a_picture_that_begins_late_stands_from_the_start(qtbot: QtBot) -> None:
    """Sound from 0, picture from 1 s: no stall, the clock runs, and the second is credited."""
    with watched(LocalFiles()) as seen:
        seen.open(qtbot, FILMS["late-picture"])
        began = time.monotonic()
        seen.play(qtbot, 1_200_000)
        assert time.monotonic() - began > 1.1
        first: FrameShown = seen.it.shown[0]
        assert (first.start_us, first.end_us) == (0, 1_040_000)
        assert seen.it.all(Stalled) == []
