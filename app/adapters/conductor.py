"""Carries out what the session asks for, and feeds it what happened.

One object stands between the pure session and the machine: it holds the only state, steps
it with each event, performs the effects in their order, and has the window render the
result. Everything here runs in the window's thread.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.effects import (
    AskIdentity,
    AskSignIn,
    ChangeMode,
    ChangeVolume,
    CloseEyes,
    CloseFilm,
    DropTick,
    Effect,
    Export,
    FetchCourses,
    Flush,
    Keep,
    KeepTick,
    Mend,
    OpenEyes,
    OpenFilm,
    PauseFilm,
    PlayFilm,
    Prompt,
    Remember,
    SeekFilm,
    SwitchLanguage,
)
from app.events import Beat, Event
from app.present import Frame, present
from app.session import step
from app.state import Session
from app.view import WindowView
from player.events import FrameShown, Mode
from player.ports import Film, Player, Rendition
from sync.contract import Lesson
from sync.facts import Fact, Watched

log = logging.getLogger(__name__)

BEAT_MS = 200
RENDER_MS = 120
"""The window follows the film at this pace; every other event shows at once."""


class Eyes(Protocol):
    def open(self, pace: str) -> None: ...

    def close(self) -> None: ...

    def prompt(self, action: str | None) -> None: ...


class Courier(Protocol):
    """Everything that has to do with the platform and the store."""

    def sign_in(self, name: str, password: str, *, remember: bool) -> None: ...

    def ask_identity(self, embedding: bytes, *, enrol: bool) -> None: ...

    def fetch_courses(self) -> None: ...

    def keep(self, fact: Fact, at_ns: int) -> None: ...

    def keep_tick(self, fact: Watched, at_ns: int) -> None: ...

    def drop_tick(self) -> None: ...

    def flush(self, *, close: bool) -> None: ...

    def export(self) -> None: ...

    def mend(self, trouble: str) -> None: ...


class Preferences(Protocol):
    def remember(self, session: Session) -> None: ...


class Window(Protocol):
    def render(self, view: WindowView) -> None: ...


class Conductor(QObject):
    """`dispatch` is the only way in. `happened(event, before, after)` is for the rehearsal."""

    happened = Signal(object, object, object)

    def __init__(
        self,
        session: Session,
        frame: Frame,
        *,
        window: Window,
        player: Player,
        eyes: Eyes,
        courier: Courier,
        preferences: Preferences,
        url_of: Callable[[str], str],
        clock_ns: Callable[[], int],
    ) -> None:
        super().__init__()
        self._session = session
        self._frame = frame
        self._window = window
        self._player = player
        self._eyes = eyes
        self._courier = courier
        self._preferences = preferences
        self._url_of = url_of
        self._clock_ns = clock_ns
        self._queue: deque[Event] = deque()
        self._busy = False
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(lambda: self.dispatch(Beat(self._clock_ns())))
        self._render = QTimer(self, interval=RENDER_MS, singleShot=True)
        self._render.timeout.connect(self.render)

    @property
    def session(self) -> Session:
        return self._session

    def start(self) -> None:
        self.render()
        self._beat.start()

    def stop(self) -> None:
        self._beat.stop()
        self._render.stop()

    def set_frame(self, frame: Frame) -> None:
        self._frame = frame
        self.render()

    def render(self) -> None:
        self._window.render(present(self._session, self._frame))

    def dispatch(self, event: Event) -> None:
        """Step the session; effects may bring further events, which wait their turn."""
        self._queue.append(event)
        if self._busy:
            return
        self._busy = True
        quiet = True
        try:
            while self._queue:
                current = self._queue.popleft()
                before = self._session.phase
                self._step(current)
                ordinary = isinstance(current, FrameShown | Beat)
                quiet = quiet and ordinary and before is self._session.phase
        finally:
            self._busy = False
        if quiet:
            if not self._render.isActive():
                self._render.start()
        else:
            self.render()

    def _step(self, event: Event) -> None:
        before = self._session
        self._session, effects = step(before, event)
        if before.phase is not self._session.phase:
            log.info("%s → %s", before.phase, self._session.phase)
        for effect in effects:
            self._perform(effect)
        self.happened.emit(event, before, self._session)

    def _perform(self, effect: Effect) -> None:
        player, courier, eyes = self._player, self._courier, self._eyes
        match effect:
            case PauseFilm():
                player.pause()
            case PlayFilm():
                player.play()
            case OpenFilm(lesson, mode, at_us):
                chosen = self._session.preferences
                player.set_volume(chosen.volume, muted=chosen.muted)
                player.open(film_of(lesson, self._url_of), mode, at_us)
            case SeekFilm(to_us):
                player.seek(to_us)
            case ChangeMode(mode):
                player.set_mode(mode)
            case ChangeVolume(volume, muted):
                player.set_volume(volume, muted=muted)
            case CloseFilm():
                player.close()
            case OpenEyes(pace):
                eyes.open(pace)
            case CloseEyes():
                eyes.close()
            case Prompt(action):
                eyes.prompt(action)
            case SwitchLanguage() | Remember():
                self._preferences.remember(self._session)
            case _:
                _send(courier, effect)


def _send(courier: Courier, effect: Effect) -> None:
    """The effects that concern the records and the platform."""
    match effect:
        case Keep(at_ns, fact):
            courier.keep(fact, at_ns)
        case KeepTick(at_ns, fact):
            courier.keep_tick(fact, at_ns)
        case DropTick():
            courier.drop_tick()
        case Flush(close):
            courier.flush(close=close)
        case AskSignIn(name, password, remember):
            courier.sign_in(name, password, remember=remember)
        case AskIdentity(embedding, enrol):
            courier.ask_identity(embedding.astype("<f4").tobytes(), enrol=enrol)
        case FetchCourses():
            courier.fetch_courses()
        case Export():
            courier.export()
        case Mend(report):
            courier.mend(report.trouble)


def film_of(lesson: Lesson, url_of: Callable[[str], str]) -> Film:
    """A lesson of the contract as a film of the player."""
    renditions: Mapping[Mode, Rendition] = {
        Mode(each.mode): Rendition(
            url=url_of(each.path),
            size_bytes=each.size_bytes,
            sha256=each.sha256,
            width=each.width,
            height=each.height,
            bits_per_second=each.bits_per_second,
        )
        for each in lesson.renditions
    }
    return Film(lesson.id, lesson.duration_ms * 1000, renditions)
