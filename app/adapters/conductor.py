"""Carries out what the session asks for, and feeds it what happened.

One object stands between the pure session and the machine: it holds the only state, steps
it with each event, performs the effects in their order, and has the window render the
result. Everything here runs in the window's thread.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.adapters.projection import before_eyes, on_film
from app.adapters.snapshots import jpeg_of
from app.effects import (
    AskIdentity,
    AskSignIn,
    DoWithoutKeyring,
    DropTick,
    Effect,
    ExamineLine,
    Export,
    FetchCourses,
    FetchExtras,
    FetchSnapshots,
    Flush,
    Keep,
    KeepTick,
    LogInAtProxy,
    Mend,
    Recall,
    Remember,
    SendAppeal,
    SwitchLanguage,
    TakeSnapshot,
    UsePolicy,
)
from app.events import Beat, Event, Recalled
from app.present import Frame, present
from app.session import step
from app.state import Phase, Session
from app.state import Preferences as Chosen
from app.view import WindowView
from player.events import FrameShown, FramesLost, LineMeasured, SoundMeasured
from player.ports import Player
from proctor.ports import Picture
from sync.contract import Appeal, Lesson, Policy, RenditionInfo
from sync.facts import Fact, PictureQuality, Watched

log = logging.getLogger(__name__)

BEAT_MS = 200
ORDINARY = (FrameShown, FramesLost, LineMeasured, SoundMeasured, Beat)
"""What happens all the time and need not be shown at once."""
RENDER_MS = 120
"""The window follows the film at this pace; every other event shows at once."""


class Eyes(Protocol):
    def open(self, pace: str) -> None: ...

    def close(self) -> None: ...

    def warm(self) -> None: ...

    def prompt(self, action: str | None, dot: str | None = None) -> None: ...

    def shine(self, tint: str | None) -> None: ...

    def newest(self) -> Picture | None: ...

    def use(self, name: str) -> None: ...


class Courier(Protocol):
    """Everything that has to do with the platform and the store."""

    def sign_in(self, name: str, password: str, *, remember: bool) -> None: ...

    def ask_identity(self, embedding: bytes, *, enrol: bool, check: str) -> None: ...

    def fetch_courses(self) -> None: ...

    def keep(self, fact: Fact, at_ns: int) -> None: ...

    def keep_tick(self, fact: Watched, at_ns: int) -> None: ...

    def drop_tick(self) -> None: ...

    def flush(self, *, close: bool) -> None: ...

    def keep_snapshot(self, jpeg: bytes, taken: TakeSnapshot) -> None: ...

    def fetch_snapshots(self) -> None: ...

    def appeal(self, appeal: Appeal) -> None: ...

    def export(self) -> None: ...

    def look_at_line(self) -> None: ...

    def log_in_at_proxy(self, name: str, password: str, *, remember: bool) -> None: ...

    def mend(self, trouble: str) -> None: ...

    def do_without_keyring(self) -> None: ...


class Preferences(Protocol):
    def remember(self, session: Session) -> None: ...

    def load(self, name: str = "") -> Chosen: ...


class Awake(Protocol):
    """Keeps the screen from sleeping while a lesson plays."""

    def hold(self, reason: str) -> None: ...

    def release(self) -> None: ...


class Extras(Protocol):
    """Brings captions and small pictures."""

    def fetch(self, lesson: Lesson) -> None: ...


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
        url_of: Callable[[RenditionInfo], str],
        clock_ns: Callable[[], int],
        wall_ns: Callable[[], int] = lambda: 0,
        awake: Awake | None = None,
        extras: Extras | None = None,
        use_policy: Callable[[Policy], None] = lambda _policy: None,
        note: Callable[[PictureQuality], None] = lambda _fact: None,
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
        self._wall_ns = wall_ns
        self._awake = awake
        self._extras = extras
        self._use_policy = use_policy
        self._note = note
        self._queue: deque[Event] = deque()
        self._busy = False
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(lambda: self.dispatch(Beat(clock_ns(), wall_ns())))
        self._render = QTimer(self, interval=RENDER_MS, singleShot=True)
        self._render.timeout.connect(self.render)
        self._at_once = QTimer(self, interval=0, singleShot=True)
        self._at_once.timeout.connect(self.render)

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
        painting = isinstance(event, FrameShown)
        try:
            while self._queue:
                current = self._queue.popleft()
                before = self._session.phase
                self._step(current)
                ordinary = isinstance(current, ORDINARY)
                quiet = quiet and ordinary and before is self._session.phase
        finally:
            self._busy = False
        if quiet:
            if not self._render.isActive():
                self._render.start()
        elif painting:
            self._at_once.start()  # the film's widget is in the middle of its paint event
        else:
            self.render()

    def _step(self, event: Event) -> None:
        before = self._session
        self._session, effects = step(before, event)
        if before.phase is not self._session.phase:
            log.info("%s → %s", before.phase, self._session.phase)
            self._keep_awake()
        for effect in effects:
            self._perform(effect)
        self.happened.emit(event, before, self._session)

    def _keep_awake(self) -> None:
        if self._awake is None:
            return
        if self._session.phase in (Phase.PLAYING, Phase.CHECKING):
            self._awake.hold("安学 · 正在学习")
        else:
            self._awake.release()

    def _perform(self, effect: Effect) -> None:
        if isinstance(effect, Keep) and isinstance(effect.fact, PictureQuality):
            self._note(effect.fact)
        match effect:
            case SwitchLanguage() | Remember() | Recall():
                self._choices(effect)
            case FetchExtras(lesson):
                if self._extras is not None:
                    self._extras.fetch(lesson)
            case UsePolicy(policy):
                self._use_policy(policy)
            case TakeSnapshot():
                self._take(effect)
            case ExamineLine():
                self._courier.look_at_line()
            case LogInAtProxy(name, password, remember):
                self._courier.log_in_at_proxy(name, password, remember=remember)
            case _:
                if not (
                    on_film(effect, self._player, self._session.preferences, self._url_of)
                    or before_eyes(effect, self._eyes)
                ):
                    _send(self._courier, effect)

    def _take(self, wanted: TakeSnapshot) -> None:
        picture = self._eyes.newest()
        jpeg = jpeg_of(picture) if picture is not None else None
        if jpeg is None:
            log.warning("no picture to take %s", wanted.why)
            return
        self._courier.keep_snapshot(jpeg, wanted)

    def _choices(self, effect: Effect) -> None:
        """What the learner chose on this PC, written down or brought back."""
        if not isinstance(effect, Recall):
            self._preferences.remember(self._session)
            return
        kept = self._preferences.load(effect.name)
        self.dispatch(
            Recalled(
                self._clock_ns(),
                kept.mode,
                kept.volume,
                kept.muted,
                kept.captions,
                kept.caption_size,
                kept.speech,
            )
        )


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
        case AskIdentity(embedding, enrol, check):
            courier.ask_identity(embedding.astype("<f4").tobytes(), enrol=enrol, check=check)
        case FetchSnapshots():
            courier.fetch_snapshots()
        case SendAppeal(appeal):
            courier.appeal(appeal)
        case FetchCourses():
            courier.fetch_courses()
        case Export():
            courier.export()
        case Mend() | DoWithoutKeyring():
            _mend(courier, effect)


def _mend(courier: Courier, effect: Mend | DoWithoutKeyring) -> None:
    """The two answers to a trouble of the store."""
    if isinstance(effect, Mend):
        courier.mend(effect.report.trouble)
    else:
        courier.do_without_keyring()
