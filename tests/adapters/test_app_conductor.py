"""What the session asks for reaches whoever has to do it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytestqt.qtbot import QtBot

from app import intents
from app.adapters.conductor import Conductor
from app.effects import Effect
from app.events import CoursesLoaded, Event, FocusChanged, Wanted
from app.present import Frame
from app.state import Phase, Preferences, Session
from app.view import WindowView
from player.events import FrameShown, LineMeasured, Mode, Opened
from player.ports import Film
from sync.contract import Lesson, Policy
from sync.facts import Fact, PictureQuality
from tests.session_kit import FILM_S, FRAME_US, Learner1, course, lesson

US = 1_000_000


@dataclass
class World:
    """Everybody whom the conductor speaks to, in one; keeps what it was told."""

    told: list[tuple[object, ...]] = field(default_factory=list)

    def note(self, *what: object) -> None:
        self.told.append(what)

    def names(self) -> list[object]:
        return [each[0] for each in self.told]

    # awake
    def hold(self, reason: str) -> None:
        self.note("awake")

    def release(self) -> None:
        self.note("sleepy")

    # extras
    def fetch(self, lesson: Lesson) -> None:
        self.note("extras", lesson.id)

    # the player
    def open(self, film: Film | str, mode: Mode | None = None, at_us: int = 0) -> None:
        if isinstance(film, Film):
            self.note("open", film.lesson, mode, film.renditions[Mode.HIGH].url)

    def play(self) -> None:
        self.note("play")

    def pause(self) -> None:
        self.note("pause")

    def seek(self, to_us: int) -> None:
        self.note("seek", to_us)

    def set_mode(self, mode: Mode) -> None:
        self.note("mode", mode)

    def set_volume(self, volume: float, *, muted: bool) -> None:
        self.note("volume", volume, muted)

    def set_rate(self, rate: float) -> None:
        self.note("rate", rate)

    def warm(self, film: Film | None, mode: Mode) -> None:
        self.note("warm", film.lesson if film else None)

    def close(self) -> None:
        self.note("close")

    # eyes, courier, preferences, window
    def prompt(self, action: str | None) -> None: ...

    def sign_in(self, name: str, password: str, *, remember: bool) -> None: ...

    def ask_identity(self, embedding: bytes, *, enrol: bool) -> None: ...

    def fetch_courses(self) -> None: ...

    def keep(self, fact: Fact, at_ns: int) -> None:
        self.note("kept", fact)

    def keep_tick(self, fact: Fact, at_ns: int) -> None: ...

    def drop_tick(self) -> None: ...

    def flush(self, *, close: bool) -> None: ...

    def export(self) -> None: ...

    def mend(self, trouble: str) -> None: ...

    def remember(self, session: Session) -> None: ...

    def load(self, name: str = "") -> Preferences:
        return Preferences(name=name, mode=Mode.HIGH, volume=0.25, captions="en")

    def render(self, view: WindowView) -> None: ...


@dataclass
class Recorded(Learner1):
    """Remembers what happened, so that it can happen to a conductor, too."""

    events: list[Event] = field(default_factory=list)

    def tell(self, event: Event) -> tuple[Effect, ...]:
        self.events.append(event)
        return super().tell(event)


def conducted(world: World, learner: Learner1, policies: list[Policy]) -> Conductor:
    return Conductor(
        learner.session,
        Frame(),
        window=world,
        player=world,
        eyes=world,
        courier=world,
        preferences=world,
        url_of=lambda rendition: "https://platform.example" + rendition.path,
        clock_ns=lambda: learner.now_ns,
        awake=world,
        extras=world,
        use_policy=policies.append,
        note=lambda fact: world.note("diagnosed", fact),
    )


def test_the_screen_stays_awake_while_a_lesson_plays_and_only_then(qtbot: QtBot) -> None:
    world, learner = World(), Learner1()
    learner.enter_class()
    learner.tell(CoursesLoaded(learner.now_ns, (course(lesson("lesson-1", FILM_S)),)))
    conductor = conducted(world, learner, [])
    conductor.dispatch(Wanted(0, intents.OpenLesson("lesson-1")))
    assert "awake" not in world.names()
    assert ("extras", "lesson-1") in world.told
    opened = next(each for each in world.told if each[0] == "open")
    assert opened[3] == "https://platform.example/v1/media/lesson-1/high.mp4"
    conductor.dispatch(Opened(learner.now_ns, FILM_S * US, 0, Mode.STANDARD))
    conductor.dispatch(Wanted(learner.now_ns, intents.Play()))
    assert conductor.session.phase is Phase.PLAYING
    assert "awake" in world.names()
    world.told.clear()
    for number in range(5):
        learner.now_ns += FRAME_US * 1000
        start = number * FRAME_US
        conductor.dispatch(FrameShown(learner.now_ns, start, start + FRAME_US, Mode.STANDARD))
    conductor.dispatch(FocusChanged(learner.now_ns, "unfocused"))
    assert "sleepy" in world.names()
    assert "awake" not in world.names()
    assert world.names().index("pause") < world.names().index("kept")  # stop first, write then
    (diagnosed,) = [each[1] for each in world.told if each[0] == "diagnosed"]
    assert isinstance(diagnosed, PictureQuality)
    assert diagnosed.frames == 5


def test_what_comes_next_is_warmed(qtbot: QtBot) -> None:
    world, learner = World(), Learner1()
    learner.begin()
    conductor = conducted(world, learner, [])
    conductor.dispatch(LineMeasured(learner.now_ns, 1_000_000, 60 * US, whole=True))
    assert ("warm", "lesson-2") in world.told


def test_the_policy_and_this_learners_choices_arrive_at_sign_in(qtbot: QtBot) -> None:
    world, policies = World(), list[Policy]()
    learner = Learner1()
    conductor = conducted(world, learner, policies)
    signed_in = Recorded()
    signed_in.sign_in()
    for event in signed_in.events:
        conductor.dispatch(event)
    assert policies == [signed_in.policy]
    chosen = conductor.session.preferences
    assert (chosen.mode, chosen.volume, chosen.captions) == (Mode.HIGH, 0.25, "en")
