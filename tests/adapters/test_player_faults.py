"""What breaks while a film runs: what the learner is told, what is credited, and no frozen window.

The player, the media cache and a real web server that misbehaves. Every test is watched: the
window never stands still for more than 100 ms, and only painted frames are credited.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from player.adapters.blocks import BLOCK_BYTES
from player.adapters.chatter import HARMLESS
from player.adapters.timing import Timing
from player.events import (
    Ended,
    Failed,
    Fault,
    Mode,
    ModeChanged,
    ModeKept,
    Opened,
    Recovered,
    Stalled,
)
from player.ports import Film
from player.timeline import Playing, Timeline, step
from tests import mp4, odd_films
from tests.media_origin import (
    Answer,
    Handler,
    MediaOrigin,
    cut_after,
    good,
    media_origin,
    part,
    portal,
    stall_after,
    status,
)
from tests.media_rig import cache, rendition
from tests.player_rig import FRAME_US, Rig, film_folder, rig
from tests.watchdog import Watchdog, watchdog

pytestmark = [pytest.mark.course, pytest.mark.qt_log_ignore(*HARMLESS)]

STANDARD, HIGH = Mode.STANDARD, Mode.HIGH
HASTY = Timing(patience_ns=1_500_000_000, lead_us=400_000)
PATIENT = Timing(lead_us=400_000)
BEGIN_US = 7_000_000
THERE = 6 * BLOCK_BYTES
"""So much of the film comes: to about 9 s. Where a test begins, all but two seconds are there."""


@dataclass
class Scene:
    """A player, its line, and who watches the window."""

    it: Rig
    server: MediaOrigin
    dog: Watchdog
    film: Film

    def play(self, qtbot: QtBot, at_us: int = BEGIN_US, mode: Mode = HIGH) -> None:
        self.it.player.open(self.film, mode, at_us)
        self.it.player.play()
        qtbot.waitUntil(lambda: len(self.it.shown) > 5)

    def unbroken(self) -> bool:
        """No frame was skipped: all that were not shown were counted as dropped."""
        starts = [each.start_us for each in self.it.shown]
        return starts == sorted(set(starts)) and all(each % FRAME_US == 0 for each in starts)

    def credited_us(self) -> int:
        """What is credited of the events; fails if a frame was told that was not painted."""
        painted = {each.start_us for each in self.it.painted}
        assert {each.start_us for each in self.it.shown} <= painted
        began_ns = self.it.events[0].at_ns if self.it.events else 0
        state, _ = step(Timeline(), Playing(began_ns))
        total_us = 0
        for event in self.it.events:
            state, closed = step(state, event)
            total_us += sum(each.end_us - each.start_us for each in closed)
        growing = state.open_segment
        return total_us + (growing.end_us - growing.start_us if growing else 0)

    def honest(self) -> bool:
        shown_us = sum(each.end_us - each.start_us for each in self.it.shown)
        return self.credited_us() <= shown_us


@contextmanager
def scene(
    folder: Path, timing: Timing = HASTY, films: dict[Mode, bytes] | None = None, seconds: int = 30
) -> Iterator[Scene]:
    """Set the coded film (or others) up behind an origin that answers well, for now."""
    if films is None:
        names = {STANDARD: "film-standard.mp4", HIGH: "film-high.mp4"}
        films = {mode: (film_folder() / name).read_bytes() for mode, name in names.items()}
    with (
        media_origin({f"{mode}.mp4": data for mode, data in films.items()}) as server,
        cache(folder / "缓存") as media,
        rig(media, timing) as it,
    ):
        renditions = {m: rendition(f"{server.base()}{m}.mp4", data) for m, data in films.items()}
        film = Film("coded", seconds * 1_000_000, renditions)
        with watchdog() as dog:
            yield Scene(it, server, dog, film)
            it.player.close()


def until(limit: int, then: Answer) -> Answer:
    """Answer well up to byte `limit` of the film, and with `then` to who asks for what follows."""

    def answer(handler: Handler, film: bytes, start: int, end: int) -> None:
        if start >= limit:
            then(handler, film, start, end)
        else:
            handler.head(206, part(film, start, end))
            handler.send(film[start : min(end, limit)])
            handler.cut()

    return answer


PASSES = {
    "5xx": status(503),
    "cut at each try": cut_after(3),
    "stalls": stall_after(0),
    "stalls in a block": stall_after(1000),
    "captive portal": portal,
}


@pytest.mark.parametrize("fault", PASSES)
def test_a_line_that_is_bad_for_a_while_stops_the_picture_and_nothing_else(
    qtbot: QtBot, tmp_path: Path, fault: str
) -> None:
    with scene(tmp_path, PATIENT) as on:
        on.server.answer = until(THERE, PASSES[fault])
        on.play(qtbot)
        qtbot.waitUntil(lambda: bool(on.it.all(Stalled)), timeout=10_000)
        gone = time.monotonic()
        count = len(on.it.shown)
        qtbot.waitUntil(lambda: time.monotonic() > gone + 2)
        assert len(on.it.shown) == count
        on.server.answer = good
        qtbot.waitUntil(lambda: len(on.it.shown) > count + 25, timeout=10_000)
        assert len(on.it.all(Stalled)) == len(on.it.all(Recovered)) == 1
        assert on.it.all(Recovered)[0].stalled_us > 2_000_000
        assert on.it.all(Failed) == []
        assert on.unbroken()
        assert on.it.screen_agrees()
        assert on.honest()


@pytest.mark.parametrize("fault", sorted({*PASSES} - {"cut at each try"}))  # that is a slow one
def test_a_line_that_stays_bad_is_a_fault_after_a_while(
    qtbot: QtBot, tmp_path: Path, fault: str
) -> None:
    with scene(tmp_path) as on:
        on.server.answer = until(THERE, PASSES[fault])
        on.play(qtbot)
        qtbot.waitUntil(lambda: bool(on.it.all(Failed)), timeout=12_000)
        assert [each.fault for each in on.it.all(Failed)] == [Fault.UNREACHABLE]
        assert len(on.it.all(Stalled)) == 1
        assert on.it.shown[-1].end_us > BEGIN_US + 1_000_000  # all that was there
        assert on.honest()
        on.server.answer = good
        reached_us = on.it.shown[-1].end_us
        on.it.player.open(on.film, HIGH, reached_us)
        on.it.player.play()
        qtbot.waitUntil(lambda: on.it.shown[-1].start_us > reached_us + 400_000)
        assert on.unbroken()


@pytest.mark.parametrize(("code", "fault"), [(403, Fault.REFUSED), (404, Fault.MISSING)])
def test_what_will_not_get_better_is_told_when_the_film_comes_there(
    qtbot: QtBot, tmp_path: Path, code: int, fault: Fault
) -> None:
    with scene(tmp_path) as on:
        on.server.answer = until(THERE, status(code))
        on.play(qtbot, at_us=3_000_000)  # further on Qt, which reads ahead, would know at once
        qtbot.waitUntil(lambda: bool(on.it.all(Failed)), timeout=10_000)
        assert [each.fault for each in on.it.all(Failed)] == [fault]
        assert on.unbroken()
        assert on.honest()


@pytest.mark.parametrize("announced", [False, True])
def test_a_truncated_file_is_broken(qtbot: QtBot, tmp_path: Path, announced: bool) -> None:
    """Cut off at the origin, or the very file that was announced: that one is played so far."""
    whole = (film_folder() / "film-high.mp4").read_bytes()
    with scene(tmp_path, films={HIGH: whole[:THERE]} if announced else None) as on:
        if not announced:
            on.server.answer = until(THERE, cut_after(0))
        on.it.player.open(on.film, HIGH, BEGIN_US)
        on.it.player.play()
        qtbot.waitUntil(lambda: bool(on.it.all(Failed)), timeout=20_000)
        assert [each.fault for each in on.it.all(Failed)] == [Fault.BROKEN]
        assert on.it.all(Ended) == []
        reached_us = on.it.shown[-1].end_us if on.it.shown else 0
        assert reached_us < 12_000_000
        assert reached_us > BEGIN_US + 1_000_000 or not announced
        assert on.honest()


def test_a_name_that_is_gone_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with scene(tmp_path) as on:
        elsewhere = rendition("http://films.invalid/film.mp4", b"film")
        on.it.player.open(Film("gone", 30_000_000, {HIGH: elsewhere}), HIGH, 0)
        qtbot.waitUntil(lambda: bool(on.it.all(Failed)), timeout=15_000)
        assert [each.fault for each in on.it.all(Failed)] == [Fault.UNREACHABLE]


def test_a_page_in_the_films_place_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    page = b"<!DOCTYPE html><title>404</title>" + b" " * 40_000
    with scene(tmp_path, films={HIGH: page}) as on:  # announced as it is: hash and all
        on.it.player.open(on.film, HIGH, 0)
        qtbot.waitUntil(lambda: bool(on.it.all(Failed)))
        assert [each.fault for each in on.it.all(Failed)] == [Fault.UNSUPPORTED]


def damaged(data: bytes, seed: int, span: tuple[int, int], each_bytes: int) -> bytes:
    """The file with one bit in about each `each_bytes` of its span turned over."""
    dice, changed = random.Random(seed), bytearray(data)
    for _ in range(max(1, (span[1] - span[0]) // each_bytes)):
        changed[dice.randrange(*span)] ^= 1 << dice.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("each_bytes", [20_000, 500])
@pytest.mark.parametrize("seed", [1, 2])
def test_bits_that_are_wrong_in_the_pictures_spoil_pictures_and_no_more(
    qtbot: QtBot, tmp_path: Path, seed: int, each_bytes: int
) -> None:
    """The file as it was announced, but encoded or copied badly: the hash is right."""
    data = odd_films.path_of("25").read_bytes()
    bad = damaged(data, seed, mp4.media_span(data), each_bytes)
    with scene(tmp_path, films={HIGH: bad}, seconds=6) as on:
        on.it.player.set_rate(2.0)
        on.play(qtbot, at_us=0)
        over = (Ended, Failed)
        qtbot.waitUntil(lambda: any(isinstance(e, over) for e in on.it.events), timeout=15_000)
        assert {each.fault for each in on.it.all(Failed)} <= {Fault.BROKEN}
        times = [(each.start_us, each.end_us) for each in on.it.shown]
        assert times == sorted(set(times))
        assert all(0 <= start < end <= 6_000_000 for start, end in times)
        assert on.honest()


@pytest.mark.qt_log_ignore("No SW decoder found")  # the codec's name is among what is damaged
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 54])  # 54: pixels of 1 to 32,769
def test_bits_that_are_wrong_in_the_index_do_no_harm(
    qtbot: QtBot, tmp_path: Path, seed: int
) -> None:
    data = odd_films.path_of("25").read_bytes()
    begin, _end = mp4.media_span(data)
    bad = damaged(data, seed, (40, begin - 8), 400)
    with scene(tmp_path, films={HIGH: bad}, seconds=6) as on:
        on.it.player.open(on.film, HIGH, 3_000_000)
        on.it.player.play()
        begun = time.monotonic()
        qtbot.waitUntil(lambda: bool(on.it.all(Failed)) or time.monotonic() > begun + 3)
        assert {each.fault for each in on.it.all(Failed)} <= {Fault.BROKEN, Fault.UNSUPPORTED}
        # whatever it was: the next film is none the worse for it
        on.it.player.close()
        on.server.films["/other.mp4"] = data
        other = rendition(f"{on.server.base()}other.mp4", data)
        on.it.player.open(Film("other", 6_000_000, {HIGH: other}), HIGH, 0)
        before = len(on.it.shown)
        on.it.player.play()
        qtbot.waitUntil(lambda: len(on.it.shown) > before + 10)


# The window while the picture stands still


def stalled(qtbot: QtBot, on: Scene) -> None:
    on.server.answer = until(THERE, stall_after(0))
    on.play(qtbot)
    qtbot.waitUntil(lambda: bool(on.it.all(Stalled)), timeout=10_000)


def test_going_back_in_a_stall_is_answered_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    """What was there is there: only what is missing is waited for."""
    with scene(tmp_path, PATIENT) as on:
        stalled(qtbot, on)
        for to_us in (1_000_000, BEGIN_US, 0):
            before = len(on.it.shown)
            on.it.player.seek(to_us)
            qtbot.waitUntil(lambda goal=before + 5: len(on.it.shown) > goal, timeout=3_000)  # type: ignore[misc]
            assert on.it.shown[before].start_us == to_us
        assert on.it.all(Failed) == []


def test_a_mode_asked_for_in_a_stall_takes_over(qtbot: QtBot, tmp_path: Path) -> None:
    def high_only(handler: Handler, film: bytes, start: int, end: int) -> None:
        stuck = "high" in handler.path and start >= THERE
        (stall_after(0) if stuck else until(THERE, good))(handler, film, start, end)

    with scene(tmp_path, PATIENT) as on:
        on.server.answer = high_only
        on.play(qtbot)
        qtbot.waitUntil(lambda: bool(on.it.all(Stalled)), timeout=10_000)
        place_us = on.it.shown[-1].end_us
        on.it.player.set_mode(STANDARD)
        qtbot.waitUntil(lambda: bool(on.it.all(ModeChanged)), timeout=5_000)
        assert on.it.all(ModeChanged)[0].position_error_us == 0
        qtbot.waitUntil(lambda: on.it.shown[-1].start_us > place_us + 400_000)
        assert on.unbroken()


def test_a_mode_that_can_not_be_had_is_left_again(qtbot: QtBot, tmp_path: Path) -> None:
    def no_standard(handler: Handler, film: bytes, start: int, end: int) -> None:
        (status(403) if "standard" in handler.path else good)(handler, film, start, end)

    with scene(tmp_path) as on:
        on.server.answer = no_standard
        on.play(qtbot)
        on.it.player.set_mode(STANDARD)
        qtbot.waitUntil(lambda: bool(on.it.all(ModeKept)))
        assert on.it.all(ModeKept)[0].fault is Fault.REFUSED
        count = len(on.it.shown)
        qtbot.waitUntil(lambda: len(on.it.shown) > count + 10)
        assert on.unbroken()


@pytest.mark.parametrize("moment", ["opening", "stalled", "paused in it", "changing", "seeking"])
def test_closing_and_opening_never_waits_for_the_line(
    qtbot: QtBot, tmp_path: Path, moment: str
) -> None:
    with scene(tmp_path, PATIENT) as on:
        if moment == "opening":
            on.server.answer = stall_after(0)
            on.it.player.open(on.film, HIGH, 0)
            begun = time.monotonic()
            qtbot.waitUntil(lambda: time.monotonic() > begun + 0.5)
        else:
            stalled(qtbot, on)
        if moment == "paused in it":
            on.it.player.pause()
        elif moment == "changing":
            on.it.player.set_mode(STANDARD)
        elif moment == "seeking":
            on.it.player.seek(20_000_000)
            begun = time.monotonic()
            qtbot.waitUntil(lambda: time.monotonic() > begun + 0.3)
        on.server.answer = good
        began = time.perf_counter()
        on.it.player.close()
        assert time.perf_counter() - began < 0.1
        on.play(qtbot, mode=STANDARD, at_us=0)


def test_ten_films_one_after_the_other_in_mid_stall(qtbot: QtBot, tmp_path: Path) -> None:
    """Each is left while Qt hangs in a read that gets no answer: two seconds of it are there."""
    ways = ((HIGH, BEGIN_US), (STANDARD, 10_000_000))
    with scene(tmp_path, PATIENT) as on:
        for mode, at_us in ways * 5:
            on.server.answer = until(THERE, stall_after(0))
            before = len(on.it.all(Opened))
            on.it.player.open(on.film, mode, at_us)
            on.it.player.play()
            qtbot.waitUntil(lambda goal=before: len(on.it.all(Opened)) > goal)  # type: ignore[misc]
            before = len(on.it.shown)
            qtbot.waitUntil(lambda goal=before: len(on.it.shown) > goal + 2)  # type: ignore[misc]
