"""The ledger against the screen: what is credited is what the coded film's painted frames say.

The film tells its own frame numbers in a strip of each picture. A history of playing, pausing,
seeking, changing mode and pace is drawn and really played; the numbers read off the painted
pictures make one ledger, the player's events through `player.timeline` make the other. They are
the same, but for frames that a held-up PC rushed through: those were painted and count for nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from player.adapters.chatter import HARMLESS
from player.adapters.local_files import LocalFiles
from player.events import FrameShown, Mode, ModeChanged, Opened
from player.ledger import Interval, Ledger
from player.timeline import Paused, Playing, Segment, Sought, Timeline, TimelineEvent, step
from tests.player_rig import FRAME_US, SECONDS, Rig, coded, rig

pytestmark = [pytest.mark.course, pytest.mark.slow, pytest.mark.qt_log_ignore(*HARMLESS)]

LAST_US = (SECONDS - 4) * 1_000_000


@dataclass
class Viewing:
    """One film being watched: every command goes to the player and into the timeline."""

    it: Rig
    qtbot: QtBot
    state: Timeline = field(default_factory=Timeline)
    segments: list[Segment] = field(default_factory=list)
    captured: list[int] = field(default_factory=list)
    rushed: int = 0
    """Frames that followed the one before too soon to be watched: the PC was held up."""
    running: bool = False
    rate: float = 1.0
    _last_ns: int = 0
    _last_rate: float = 1.0

    def tell(self, event: TimelineEvent) -> None:
        self.state, closed = step(self.state, event)
        self.segments += closed

    def start(self) -> None:
        self.it.player.open(coded(), Mode.FLUENT, 0)
        self.qtbot.waitUntil(lambda: bool(self.it.all(Opened)))
        self.it.heard.append(self._heard)
        self.it.view.frame_painted.connect(self._painted)

    def play(self) -> None:
        if not self.running:
            self.running = True
            self.tell(Playing(time.monotonic_ns(), self.rate))
            self.it.player.play()

    def pause(self) -> None:
        if self.running:
            self.tell(Paused(time.monotonic_ns()))
            self.it.player.pause()
            self.running = False

    def frames(self, count: int) -> None:
        goal = len(self.it.shown) + count
        self.qtbot.waitUntil(
            lambda: len(self.it.shown) >= goal or self.position() > LAST_US, timeout=20_000
        )

    def seek(self, share: float) -> None:
        to_us = round(self.position() * share)
        self.tell(Sought(time.monotonic_ns(), to_us))
        self.it.player.seek(to_us)

    def change(self, mode: Mode) -> None:
        self.it.player.set_mode(mode)

    def pace(self, rate: float) -> None:
        self.rate = rate
        if self.running:
            self.tell(Playing(time.monotonic_ns(), rate))
        self.it.player.set_rate(rate)

    def position(self) -> int:
        return self.it.shown[-1].end_us if self.it.shown else 0

    def _heard(self, told: object) -> None:
        if isinstance(told, FrameShown | ModeChanged):
            self.tell(told)

    def _painted(self, _start_us: int, at_ns: int) -> None:
        """Read the number off the picture itself, as a camera before the screen would."""
        if self.running:
            mark = self.it.painted[-1].mark
            assert mark is not None
            self.captured.append(mark.number)
            due_ns = FRAME_US * 1000 / max(self.rate, self._last_rate)
            self.rushed += at_ns - self._last_ns < 0.6 * due_ns
            self._last_ns, self._last_rate = at_ns, self.rate


moves = st.one_of(
    st.tuples(st.just("frames"), st.integers(1, 30)),
    st.tuples(st.just("pause_and_play"), st.integers(0, 3)),
    st.tuples(st.just("seek"), st.floats(0, 1)),
    st.tuples(st.just("change"), st.sampled_from(list(Mode))),
    st.tuples(st.just("pace"), st.sampled_from([1.0, 1.5, 2.0])),
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(moves, min_size=3, max_size=8))
def test_the_ledger_is_what_the_painted_frames_say(
    qtbot: QtBot, history: list[tuple[str, object]]
) -> None:
    with rig(LocalFiles()) as it:
        viewing = Viewing(it, qtbot)
        viewing.start()
        viewing.play()
        viewing.frames(12)
        for move, amount in history:
            if move == "pause_and_play":
                viewing.pause()
                viewing.play()
            else:
                getattr(viewing, move)(amount)
            viewing.frames(4)
        viewing.pause()
        event("held up" if viewing.rushed else "steady")
        ledger = Ledger.of(Interval(each.start_us, each.end_us) for each in viewing.segments)
        screen = Ledger.of(
            Interval(number * FRAME_US, (number + 1) * FRAME_US) for number in viewing.captured
        )
        assert ledger.merge(screen) == screen
        missing = (screen.watched_us - ledger.watched_us) // FRAME_US
        assert missing <= 2 * viewing.rushed, (missing, viewing.rushed)
        assert screen.watched_us >= 12 * FRAME_US
