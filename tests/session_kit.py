"""A study session without a machine: a clock to turn, faces to show, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from app import intents
from app.effects import Effect, Keep, Prompt
from app.events import (
    Beat,
    CoursesLoaded,
    Event,
    FocusChanged,
    IdentityAnswered,
    Run,
    SignedIn,
    Wanted,
)
from app.events import Focus as FocusName
from app.intents import Intent
from app.session import step
from app.state import Phase, Preferences, Session
from player.events import FrameShown, Mode, Opened
from proctor.observation import Embedding, Face, FaceObservation
from proctor.schedule import Action, Place
from sync.contract import (
    Beacon,
    Course,
    IdentityAnswer,
    Learner,
    Lesson,
    LessonCredit,
    Policy,
    RenditionInfo,
)
from sync.facts import Fact
from tests import faces

E = TypeVar("E", bound=Effect)
F = TypeVar("F", bound=Fact)
FRAME_US = 40_000
FILM_S = 120
SEED = "5a" * 32

HERSELF: Embedding = np.eye(1, 128, 0, dtype=np.float32)[0]
STRANGER: Embedding = np.eye(1, 128, 5, dtype=np.float32)[0]


def lesson(name: str = "lesson-1", duration_s: float = FILM_S) -> Lesson:
    return Lesson(
        id=name,
        title="有限空间",
        title_en="Confined space",
        duration_ms=round(duration_s * 1000),
        questions=5,
        renditions=tuple(
            RenditionInfo(
                mode=mode.value,
                path=f"/v1/media/{name}/{mode.value}.mp4",
                size_bytes=1000,
                sha256="0" * 64,
                width=640,
                height=360,
                bits_per_second=400_000,
            )
            for mode in Mode
        ),
        credit=credit(name, duration_s),
    )


def credit(name: str = "lesson-1", duration_s: float = FILM_S, **changed: object) -> LessonCredit:
    return LessonCredit.model_validate(
        {
            "lesson": name,
            "duration_s": duration_s,
            "credited_s": 0.0,
            "provisional_s": 0.0,
            "not_counted_s": 0.0,
            "resume_s": 0.0,
            "completed": False,
            "spans": (),
            **changed,
        }
    )


def course(*lessons: Lesson) -> Course:
    return Course(
        id="course-1",
        title="有限空间作业安全",
        title_en="Confined-space safety",
        category="",
        lessons=lessons or (lesson(), lesson("lesson-2")),
    )


def face(
    *, yaw: float = 0.0, who: Embedding = HERSELF, jaw: float = 0.05, eyes: float = 0.1
) -> Face:
    """A well-lit face in the middle of the frame."""
    return faces.face(faces.Pose(yaw=yaw, jaw=jaw, eyes=eyes), embedding=who)


_IN_CLASS: dict[Policy, tuple[Session, int, tuple[Effect, ...]]] = {}


@dataclass
class Learner1:
    """Steps one session; keeps every effect and every fact."""

    policy: Policy = field(
        default_factory=lambda: Policy(
            check_min_gap_s=20,
            check_max_gap_s=30,
            check_attempts=2,
            check_answer_s=20,
            absent_after_s=5,
            several_faces_after_s=2,
            heartbeat_s=10,
        )
    )
    session: Session = field(default_factory=lambda: Session(preferences=Preferences()))
    now_ns: int = 1_000_000_000
    effects: list[Effect] = field(default_factory=list)
    film_us: int = 0

    def tell(self, event: Event) -> tuple[Effect, ...]:
        self.session, effects = step(self.session, event)
        self.effects += effects
        return effects

    def phase(self) -> Phase:
        return self.session.phase

    def reason(self) -> str:
        """Why the film stands still."""
        return self.session.pause

    def want(self, intent: Intent) -> tuple[Effect, ...]:
        return self.tell(Wanted(self.now_ns, intent))

    def pass_time(self, seconds: float) -> None:
        self.now_ns += round(seconds * 1e9)
        self.tell(Beat(self.now_ns))

    def facts(self, kind: type[F]) -> list[F]:
        return [e.fact for e in self.effects if isinstance(e, Keep) and isinstance(e.fact, kind)]

    def did(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    # A person's way through the program

    def sign_in(self, template: Embedding | None = HERSELF) -> None:
        self.want(intents.SignIn("demo", "secret", remember_password=False))
        run = Run(
            chain="chain-1",
            learner=Learner(id="demo", name="林桂芳", institution="演示", class_name="一班"),
            policy=self.policy,
            beacon=Beacon(index=1, value=SEED),
            template=template,
            next_flush_s=self.policy.heartbeat_s,
            client_version="0",
            system="test",
            camera="none",
        )
        self.tell(SignedIn(self.now_ns, run))

    def show_face(self, seconds: float = 2.0, **looks: object) -> None:
        """Look into the camera at 15 frames a second."""
        for _ in range(round(seconds * 15)):
            self.now_ns += 66_666_667
            self.tell(FaceObservation(self.now_ns, 1, face(**looks)))  # type: ignore[arg-type]

    def obey(self, who: Embedding = HERSELF, *, seconds: float = 30.0) -> None:
        """Do what is asked, as it is asked, until nothing is any more."""
        until_ns = self.now_ns + round(seconds * 1e9)
        while self.now_ns < until_ns and self.asked is not None:
            action, dot = Action(self.asked.action or ""), self.asked.dot
            for pose in faces.acting(action, dot=Place(dot) if dot else None):
                self.see(faces.face(pose, embedding=who))

    def see(self, shown: Face | None, count: int = 1) -> tuple[Effect, ...]:
        """One frame of a check's camera."""
        self.now_ns += faces.FRAME_NS
        return self.tell(FaceObservation(self.now_ns, count, shown))

    @property
    def asked(self) -> Prompt | None:
        """What the learner is asked for now; None while there is nothing."""
        newest = self.did(Prompt)[-1:]
        return newest[0] if newest and newest[0].action is not None else None

    def prove(self, who: Embedding = HERSELF) -> None:
        """Agree, sit well, do what is asked: the platform is asked who it is."""
        self.want(intents.Agree())
        self.show_face(who=who)
        self.obey(who)
        self.show_face(1.0, who=who)

    def enter_class(self) -> None:
        """Always the same way in, so it is gone once for each policy: it takes 300 frames."""
        fresh = type(self) is Learner1 and self.session == Session(preferences=Preferences())
        if not fresh:
            self._enter_class()
            return
        known = _IN_CLASS.get(self.policy)
        if known is None:
            self._enter_class()
            _IN_CLASS[self.policy] = self.session, self.now_ns, tuple(self.effects)
            return
        self.session, self.now_ns, effects = known
        self.effects = list(effects)

    def _enter_class(self) -> None:
        self.sign_in()
        self.prove()
        answer = IdentityAnswer(answer="same", similarity=0.9)
        self.tell(IdentityAnswered(self.now_ns, answer))
        self.want(intents.EnterClass())
        self.tell(CoursesLoaded(self.now_ns, (course(),)))

    def open_lesson(self, name: str = "lesson-1") -> None:
        self.want(intents.OpenLesson(name))
        study = self.session.study
        assert study is not None
        self.film_us = study.position_us
        self.tell(Opened(self.now_ns, study.duration_us, study.position_us, Mode.STANDARD))
        self.see(face())

    def begin(self) -> None:
        self.enter_class()
        self.open_lesson()
        self.want(intents.Play())

    def watch(self, seconds: float) -> None:
        """Let the film run in real time; stops when the session stops it."""
        for frame in range(round(seconds * 25)):
            if self.session.phase is not Phase.PLAYING:
                return
            start = self.film_us
            self.film_us += FRAME_US
            self.tell(FrameShown(self.now_ns, start, start + FRAME_US, Mode.STANDARD))
            self.now_ns += FRAME_US * 1000
            if frame % 5 == 4:
                self.tell(Beat(self.now_ns))
            if frame % 12 == 11:
                self.tell(FaceObservation(self.now_ns, 1, face()))

    def look_away_from_window(self, focus: FocusName) -> None:
        self.tell(FocusChanged(self.now_ns, focus))


def copied(learner: Learner1) -> Learner1:
    """The way there is long and always the same: it is gone once."""
    return replace(learner, effects=list(learner.effects))


def answered(learner: Learner1, answer: str = "same", check: str = "") -> None:
    told = IdentityAnswer.model_validate({"answer": answer, "similarity": 0.9})
    learner.tell(IdentityAnswered(learner.now_ns, told, check))
