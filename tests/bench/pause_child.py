"""The window of the `pause` benchmark: the real session and player around the coded film."""

from __future__ import annotations

import json
import random
import sys
import time
from itertools import cycle

from PySide6.QtCore import QTimer

from app import intents
from app.adapters.conductor import Conductor
from app.bootstrap.program import new_application
from app.events import CoursesLoaded, Event, FocusChanged, Wanted
from app.present import Frame
from app.state import Phase, Session
from app.ui.attention import Attention
from app.ui.main_window import MainWindow
from app.ui.widgets.film import FilmView
from player.adapters.local_files import LocalFiles
from player.adapters.qt_player import QtPlayer
from player.events import Mode
from player.ports import Film
from proctor.observation import FaceObservation
from sync.contract import Policy
from tests.player_rig import coded
from tests.quiet import Quiet
from tests.session_kit import Learner1, course, face, lesson

MODES = ("fluent", "standard", "high")
SITUATIONS = (*MODES, "changing")
"""What the learner leaves, in turn: a film in each mode, and one whose mode is being changed."""
PLAYS_MS = 400
"""How long it plays before it says so."""
CHANGE_MS = 350
"""About so long a change of mode is under way."""
WAY_IN_NS = 120_000_000_000
"""More than the way in takes on the learner's own clock."""
QUIET_MS = 300
"""How long after the pause a late frame is waited for."""


chance = random.Random(4)


class LoopingPlayer(QtPlayer):
    """Opens the coded film, whatever lesson is asked for."""

    def open(self, film: Film, mode: Mode, at_us: int) -> None:
        super().open(coded(), mode, at_us)


def say(told: str, **figures: int | str) -> None:
    sys.stdout.write(json.dumps({"told": told, **figures}) + "\n")
    sys.stdout.flush()


def main() -> int:
    application = new_application()
    clock_ns = time.monotonic_ns
    film = FilmView()
    window = MainWindow(film)
    # Gaps so long that no random check comes while we measure
    policy = Policy(check_min_gap_s=890, check_max_gap_s=900)
    learner = Learner1(policy=policy, now_ns=clock_ns() - WAY_IN_NS)
    learner.enter_class()
    learner.tell(CoursesLoaded(clock_ns(), (course(lesson("lesson-1", 7200)),)))
    nothing = Quiet()  # this measures the way from Qt to the picture
    player = LoopingPlayer(lambda event: conductor.dispatch(event), LocalFiles(), clock=clock_ns)
    player.frame_ready.connect(film.show_frame)
    film.frame_painted.connect(player.on_painted)
    conductor = Conductor(
        learner.session,
        Frame(demo=True),
        window=window,
        player=player,
        eyes=nothing,
        courier=nothing,
        preferences=nothing,
        url_of=lambda rendition: rendition.path,
        clock_ns=clock_ns,
    )
    attention = Attention(window, clock_ns)
    attention.changed.connect(conductor.dispatch)
    watch = Watch(conductor, film)
    window.resize(1280, 720)
    conductor.start()
    window.show()
    conductor.dispatch(Wanted(clock_ns(), intents.OpenLesson("lesson-1")))
    say("window", window=int(window.winId()))
    watch.start()
    return application.exec()


class Watch:
    """Lets the film play whenever it may, and tells what the benchmark waits for."""

    def __init__(self, conductor: Conductor, film: FilmView) -> None:
        self._conductor = conductor
        self._last_ns = 0
        self._event_ns = 0
        self._under_way = False
        conductor.happened.connect(self._happened)
        film.frame_painted.connect(self._painted)
        self._timer = QTimer(interval=50)
        self._timer.timeout.connect(self._look)
        self._since_ns = 0
        self._situations = cycle(SITUATIONS)
        self._situation = next(self._situations)

    def start(self) -> None:
        self._timer.start()

    def _look(self) -> None:
        """Play again as soon as the learner is back; begin anew before the film ends."""
        session = self._conductor.session
        now_ns = time.monotonic_ns()
        if session.phase is Phase.PAUSED and session.focus == "active" and not self._event_ns:
            study = session.study
            if study is not None and study.position_us > 15_000_000:
                self._conductor.dispatch(Wanted(now_ns, intents.Seek(0)))
            if self._situation in MODES:
                self._conductor.dispatch(Wanted(now_ns, intents.SetMode(Mode(self._situation))))
            self._conductor.dispatch(FaceObservation(now_ns, 1, face()))
            self._conductor.dispatch(Wanted(now_ns, intents.Play()))
            self._since_ns = now_ns
            return
        playing = session.phase is Phase.PLAYING and self._since_ns > 0
        if playing and now_ns - self._since_ns > PLAYS_MS * 1_000_000 and self._in_place(session):
            self._since_ns = 0
            self._to_be_left(session)

    def _in_place(self, session: Session) -> bool:
        """The mode that this situation wants is on the screen."""
        study = session.study
        if study is None or study.wanted is not None:
            return False
        return self._situation not in MODES or study.mode.value == self._situation

    def _to_be_left(self, session: Session) -> None:
        """Say that one may leave now: in the situation `changing`, while a change is under way."""
        if self._situation in MODES or session.study is None:
            say("playing", situation=self._situation)
            return
        other = chance.choice([mode for mode in Mode if mode is not session.study.mode])
        self._conductor.dispatch(Wanted(time.monotonic_ns(), intents.SetMode(other)))
        # Anywhere between the wish and the seam, for a change takes about half a second
        wait_ms = chance.randint(0, CHANGE_MS)
        QTimer.singleShot(wait_ms, lambda: say("playing", situation=self._situation))

    def _happened(self, event: Event, before: Session, after: Session) -> None:
        left = before.phase is Phase.PLAYING and after.phase is Phase.PAUSED
        if left and isinstance(event, FocusChanged):
            self._event_ns = event.at_ns
            self._under_way = before.study is not None and before.study.wanted is not None
            self._last_ns = time.monotonic_ns()  # the film was told; a frame may yet be painted
            QTimer.singleShot(QUIET_MS, self._tell)

    def _painted(self, _start_us: int, at_ns: int) -> None:
        if self._event_ns:
            self._last_ns = max(self._last_ns, at_ns)

    def _tell(self) -> None:
        event_ns, self._event_ns = self._event_ns, 0
        left = self._situation
        if left not in MODES and not self._under_way:
            left = "changed"  # it was quicker than the one who left
        self._situation = next(self._situations)
        say("paused", event_ns=event_ns, last_ns=self._last_ns, situation=left)


if __name__ == "__main__":
    sys.exit(main())
