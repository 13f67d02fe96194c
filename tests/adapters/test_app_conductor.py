"""What the session asks for reaches whoever has to do it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app import intents
from app.adapters.conductor import Conductor
from app.adapters.snapshots import jpeg_of
from app.effects import Effect, TakeSnapshot
from app.events import CamerasChanged, CoursesLoaded, Event, FocusChanged, SnapshotSealed, Wanted
from app.present import Frame
from app.state import Phase, Preferences
from app.view import WindowView
from player.events import FrameShown, LineMeasured, Mode, Opened
from player.ports import Film
from proctor.observation import FaceObservation
from proctor.ports import Picture
from sync.contract import Appeal, Lesson, Policy
from sync.facts import Fact, PictureQuality
from tests.quiet import Quiet
from tests.session_kit import FILM_S, FRAME_US, STRANGER, Learner1, course, face, lesson

US = 1_000_000


@dataclass
class World(Quiet):
    """Everybody whom the conductor speaks to, in one; keeps what it was told."""

    told: list[tuple[object, ...]] = field(default_factory=list)
    picture: Picture | None = None

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

    def warm(self, film: Film | None = None, mode: Mode | None = None) -> None:
        """Of the player with a film, of the eyes without."""
        self.note("warm", film.lesson if film else "models")

    def close(self) -> None:
        self.note("close")

    # eyes, courier, preferences, window
    def prompt(self, action: str | None, dot: str | None = None) -> None:
        self.note("prompt", action, dot)

    def shine(self, tint: str | None) -> None:
        self.note("shine", tint)

    def newest(self) -> Picture | None:
        return self.picture

    def use(self, name: str) -> None:
        self.note("camera", name)

    def ask_identity(self, embedding: bytes, *, enrol: bool, check: str) -> None:
        self.note("identity", len(embedding), enrol, check)

    def keep(self, fact: Fact, at_ns: int) -> None:
        self.note("kept", fact)

    def keep_snapshot(self, jpeg: bytes, taken: TakeSnapshot) -> None:
        self.note("snapshot", jpeg, taken)

    def appeal(self, appeal: Appeal) -> None:
        self.note("appeal", appeal)

    def do_without_keyring(self) -> None:
        self.note("no keyring")

    def look_at_line(self) -> None:
        self.note("line")

    def log_in_at_proxy(self, name: str, password: str, *, remember: bool) -> None:
        self.note("proxy", name, password, remember)

    def load(self, name: str = "") -> Preferences:
        return Preferences(name=name, mode=Mode.HIGH, volume=0.25, captions="en", speech=True)

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
    conductor.dispatch(FaceObservation(learner.now_ns, 1, face()))
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
    assert chosen.speech
    assert ("warm", "models") in world.told, "while the consent is read"


def test_a_check_reaches_the_camera_the_light_and_the_platform(qtbot: QtBot) -> None:
    """Somebody passes a check; the same frames are told to a conductor with a camera."""
    learner = Recorded()
    learner.enter_class()
    entered = len(learner.events)
    learner.open_lesson()
    learner.want(intents.Play())
    learner.watch(60)
    learner.obey()
    learner.show_face(1)
    world = World(picture=np.zeros((48, 64, 3), dtype=np.uint8))
    begun = Learner1()
    begun.enter_class()
    conductor = conducted(world, begun, [])
    for event in learner.events[entered:]:
        conductor.dispatch(event)
    names = world.names()
    assert {"prompt", "shine", "snapshot", "identity"} <= set(names)
    prompts = [each for each in world.told if each[0] == "prompt"]
    assert prompts[-1] == ("prompt", None, None)
    assert [each for each in world.told if each[0] == "shine"][-1] == ("shine", None)
    pictures = [each for each in world.told if each[0] == "snapshot"]
    taken = [each[2] for each in pictures]
    assert [each.why for each in taken if isinstance(each, TakeSnapshot)] == ["between", "check"]
    jpeg = pictures[0][1]
    assert isinstance(jpeg, bytes)
    assert jpeg.startswith(b"\xff\xd8")
    (asked,) = [each for each in world.told if each[0] == "identity"]
    assert asked[1:] == (512, False, "chain-1.1")


def test_without_a_picture_none_is_kept_and_study_goes_on(qtbot: QtBot) -> None:
    learner = Recorded()
    learner.begin()
    learner.watch(60)
    world = World()
    conductor = conducted(world, learner, [])
    for event in learner.events[-3:]:
        conductor.dispatch(event)
    assert "snapshot" not in world.names()


def test_an_appeal_and_a_choice_of_camera_reach_whom_they_are_for(qtbot: QtBot) -> None:
    learner = Learner1()
    learner.begin()
    learner.tell(CamerasChanged(learner.now_ns, (("usb", "USB"), ("built-in", "Own")), "usb"))
    learner.want(intents.Pause())
    world = World()
    conductor = conducted(world, learner, [])
    conductor.dispatch(Wanted(learner.now_ns, intents.ChooseCamera("built-in")))
    assert ("camera", "built-in") in world.told
    before = conductor.session.records
    conductor.dispatch(SnapshotSealed(learner.now_ns, "lesson-1", "check", "", "0" * 64, 1))
    assert conductor.session.records == before + 1
    learner.want(intents.Play())
    learner.see(face())
    learner.watch(60)
    for _ in range(2):
        learner.show_face(4, who=STRANGER)
        learner.want(intents.RetryCheck())
    ended = conducted(world, learner, [])
    ended.dispatch(Wanted(learner.now_ns, intents.FileAppeal()))
    (appeal,) = [each[1] for each in world.told if each[0] == "appeal"]
    assert isinstance(appeal, Appeal)
    assert (appeal.chain, appeal.reason) == ("chain-1", "other_person")


def test_a_camera_that_gives_more_is_scaled_down_in_the_picture(qtbot: QtBot) -> None:
    frame = np.zeros((1080, 1920, 3), dtype=np.uint8)
    frame[:, :, 2] = 200  # red, as the camera has it
    jpeg = jpeg_of(frame)
    assert jpeg is not None
    image = QImage.fromData(jpeg)
    assert (image.width(), image.height()) == (640, 360)
    colour = image.pixelColor(320, 180)
    assert colour.red() > 190
    assert colour.blue() < 10
