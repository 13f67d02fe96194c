"""Somebody before the camera: who leaves, who covers it, whose eyes are shut, and its light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import intents
from app.effects import (
    CloseEyes,
    CloseFilm,
    Keep,
    OpenEyes,
    PauseFilm,
    PlayFilm,
    Remember,
    UseCamera,
)
from app.errors import Report, Trouble
from app.events import CameraFailed, CamerasChanged, Recalled, Touched
from app.present import Frame, present
from app.state import Phase
from app.view import CameraChoice, LessonView, TroubleView
from player.events import Mode
from proctor.observation import CameraLost, Face, FaceObservation
from sync import facts
from tests import faces
from tests.session_kit import FRAME_US, Learner1, face

FRAME = Frame(demo=True)


def lesson_view(learner: Learner1) -> LessonView:
    view = present(learner.session, FRAME).lesson
    assert view is not None
    return view


def studying() -> Learner1:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    assert learner.phase() is Phase.PLAYING
    return learner


def shown(learner: Learner1, seconds: float, one: Face | None, *, covered: bool = False) -> None:
    """Twice a second, as between checks, and the film runs on if it may."""
    for _ in range(round(seconds * 2)):
        learner.now_ns += 500_000_000
        count = 0 if one is None else 1
        learner.tell(FaceObservation(learner.now_ns, count, one, covered=covered))


TURNED = faces.face(faces.Pose(yaw=70))
ASLEEP = faces.face(faces.Pose(eyes=0.8))


@pytest.mark.parametrize(
    ("one", "covered", "short_s", "long_s", "reason"),
    [
        (None, False, 4, 8, "absent"),
        (TURNED, False, 50, 15, "turned_away"),
        (ASLEEP, False, 20, 15, "eyes_closed"),
        (None, True, 2, 4, "camera_covered"),
    ],
)
def test_what_lasts_pauses_and_what_is_short_does_not(
    one: Face | None, covered: bool, short_s: float, long_s: float, reason: str
) -> None:
    learner = studying()
    shown(learner, short_s, one, covered=covered)
    assert learner.phase() is Phase.PLAYING
    shown(learner, long_s, one, covered=covered)
    assert (learner.phase(), learner.reason()) == (Phase.PAUSED, reason)
    assert lesson_view(learner).status.reason == reason
    assert learner.facts(facts.PresenceChanged)[-1].state == reason
    assert learner.facts(facts.Paused)[-1].reason == reason
    learner.want(intents.Play())
    if reason != "eyes_closed":  # there the click is the answer
        assert learner.phase() is Phase.PAUSED
        shown(learner, 3, face())
        assert learner.facts(facts.PresenceChanged)[-1].state == "present"
        assert learner.phase() is Phase.PAUSED, "not by itself"
        learner.want(intents.Play())
    assert learner.phase() is Phase.PLAYING


def test_shut_eyes_are_answered_by_hand() -> None:
    learner = studying()
    shown(learner, 35, ASLEEP)
    assert learner.reason() == "eyes_closed"
    learner.tell(Touched(learner.now_ns))
    assert learner.facts(facts.PresenceChanged)[-1].state == "present"
    learner.want(intents.Play())
    assert learner.phase() is Phase.PLAYING


# The light


def wait(learner: Learner1, seconds: float) -> None:
    for _ in range(round(seconds * 2)):
        learner.pass_time(0.5)


@pytest.mark.parametrize("leave", ["pause", "minimised", "unfocused"])
def test_in_a_long_pause_the_camera_is_let_go_of_and_opens_again_before_the_film_runs(
    leave: str,
) -> None:
    learner = studying()
    if leave == "pause":
        learner.want(intents.Pause())
    else:
        learner.look_away_from_window("minimised" if leave == "minimised" else "unfocused")
    before = len(learner.did(CloseEyes))
    wait(learner, 59)
    assert len(learner.did(CloseEyes)) == before
    wait(learner, 2)
    assert len(learner.did(CloseEyes)) == before + 1
    wait(learner, 60)
    assert len(learner.did(CloseEyes)) == before + 1, "once"
    assert not lesson_view(learner).camera_on
    learner.look_away_from_window("active")
    plays, opened = len(learner.did(PlayFilm)), len(learner.did(OpenEyes))
    learner.want(intents.Play())
    assert learner.did(OpenEyes)[opened:] == [OpenEyes("resting")]
    assert len(learner.did(PlayFilm)) == plays, "nobody was seen yet"
    assert lesson_view(learner).status.reason == "camera_starting"
    learner.see(None, count=0)
    learner.see(face(), count=2)
    assert learner.phase() is Phase.PAUSED, "nobody, or two, do not do"
    learner.see(face())
    assert learner.phase() is Phase.PLAYING
    assert len(learner.did(PlayFilm)) == plays + 1
    assert lesson_view(learner).camera_on
    assert lesson_view(learner).face_present


def test_a_pause_because_nobody_is_there_keeps_looking() -> None:
    learner = studying()
    shown(learner, 8, None)
    before = len(learner.did(CloseEyes))
    wait(learner, 90)
    assert len(learner.did(CloseEyes)) == before


def test_who_leaves_the_window_while_the_camera_starts_comes_back_to_a_pause() -> None:
    learner = studying()
    learner.want(intents.Pause())
    wait(learner, 61)
    learner.want(intents.Play())
    learner.look_away_from_window("unfocused")
    learner.see(face())
    assert (learner.phase(), learner.reason()) == (Phase.PAUSED, "unfocused")


def test_a_lesson_that_opens_runs_only_after_somebody_was_seen() -> None:
    learner = Learner1()
    learner.enter_class()
    learner.open_lesson()
    study = learner.session.study
    assert study is not None
    learner.session = replace(learner.session, study=replace(study, light="starting"))
    learner.want(intents.Play())
    assert learner.reason() == "camera_starting"
    learner.see(face())
    assert learner.phase() is Phase.PLAYING


# Cameras by name

TWO = (("Built-in", "Built-in"), ("USB 2.0", "USB 2.0"))


def test_another_camera_is_chosen_remembered_and_seen_anew() -> None:
    learner = studying()
    learner.tell(CamerasChanged(learner.now_ns, TWO, "Built-in", ("virtual_camera",)))
    assert learner.session.flags == ("virtual_camera",)
    learner.want(intents.Pause())
    before = len(learner.effects)
    learner.want(intents.ChooseCamera("USB 2.0"))
    assert learner.effects[before:] == [
        UseCamera("USB 2.0"),
        Remember(),
        Keep(
            learner.now_ns,
            facts.SettingChanged(setting="camera", old="Built-in", new="USB 2.0"),
        ),
        CloseEyes(),
        OpenEyes("resting"),
    ]
    assert learner.session.preferences.camera == "USB 2.0"
    learner.want(intents.Play())
    assert learner.reason() == "camera_starting"
    before = len(learner.effects)
    learner.want(intents.ChooseCamera("not there"))
    assert learner.effects[before:] == []


def test_at_sign_in_another_camera_begins_anew_with_how_to_sit() -> None:
    learner = Learner1()
    learner.tell(CamerasChanged(learner.now_ns, TWO, "Built-in"))
    learner.sign_in()
    learner.want(intents.Agree())
    learner.show_face()
    view = present(learner.session, FRAME).camera
    assert view is not None
    assert (view.phase, view.camera) == ("proving", "Built-in")
    assert view.cameras == tuple(CameraChoice(*each) for each in TWO)
    learner.want(intents.ChooseCamera("USB 2.0"))
    view = present(learner.session, FRAME).camera
    assert view is not None
    assert (view.phase, view.camera) == ("starting", "USB 2.0")
    assert learner.facts(facts.SessionStarted)[0].camera == "Built-in"


def test_where_no_camera_opens_another_can_be_chosen() -> None:
    learner = Learner1()
    learner.tell(CamerasChanged(learner.now_ns, TWO, "Built-in"))
    learner.sign_in()
    learner.want(intents.Agree())
    learner.tell(CameraFailed(learner.now_ns, Report(Trouble.CAMERA_BUSY)))
    view = present(learner.session, FRAME).trouble
    assert isinstance(view, TroubleView)
    assert [each.name for each in view.cameras] == ["Built-in", "USB 2.0"]
    learner.want(intents.ChooseCamera("USB 2.0"))
    learner.want(intents.Retry())
    assert learner.did(OpenEyes)[-1] == OpenEyes("preview")


def test_a_camera_that_comes_back_in_a_check_is_asked_for_at_once_and_never_over_and_over() -> None:
    learner = Learner1()
    learner.begin()
    learner.tell(CamerasChanged(learner.now_ns, TWO, "Built-in"))
    learner.watch(60)
    learner.tell(CameraLost(learner.now_ns, "pulled out"))
    before = len(learner.did(OpenEyes))
    learner.tell(CamerasChanged(learner.now_ns, (), ""))
    learner.tell(CamerasChanged(learner.now_ns, (), ""))
    assert len(learner.did(OpenEyes)) == before
    for _ in range(3):
        learner.tell(CamerasChanged(learner.now_ns, TWO, "Built-in"))
    assert len(learner.did(OpenEyes)) == before + 1


def test_who_wants_the_instructions_spoken_hears_them_the_next_time_too() -> None:
    learner = Learner1()
    learner.sign_in()
    learner.want(intents.SetSpeech(on=True))
    assert learner.did(Remember)
    learner.want(intents.Agree())
    learner.show_face()
    view = present(learner.session, FRAME).camera
    assert view is not None
    assert view.check is not None
    assert view.speech
    assert view.check.speech
    learner.tell(Recalled(learner.now_ns, Mode.HIGH, 0.5, muted=False, speech=False))
    assert not learner.session.preferences.speech


# Whatever happens


def two(learner: Learner1) -> None:
    for _ in range(8):
        learner.now_ns += 500_000_000
        learner.tell(FaceObservation(learner.now_ns, 2, face()))


def other_camera(learner: Learner1) -> None:
    learner.tell(CamerasChanged(learner.now_ns, TWO, "Built-in"))
    learner.want(intents.ChooseCamera("USB 2.0"))


def reopen(learner: Learner1) -> None:
    if learner.phase() is Phase.READY:
        learner.open_lesson("lesson-2")


MOVES: dict[str, Callable[[Learner1], object]] = {
    "watch": lambda learner: learner.watch(4),
    "pause": lambda learner: learner.want(intents.Pause()),
    "play": lambda learner: learner.want(intents.Play()),
    "leave": lambda learner: learner.look_away_from_window("minimised"),
    "back": lambda learner: learner.look_away_from_window("active"),
    "wait": lambda learner: wait(learner, 61),
    "face": lambda learner: shown(learner, 2, face()),
    "nobody": lambda learner: shown(learner, 8, None),
    "two": two,
    "covered": lambda learner: shown(learner, 5, None, covered=True),
    "asleep": lambda learner: shown(learner, 33, ASLEEP),
    "lost": lambda learner: learner.tell(CameraLost(learner.now_ns, "pulled out")),
    "retry": lambda learner: learner.want(intents.Retry()),
    "camera": other_camera,
    "obey": lambda learner: learner.obey(seconds=12),
    "stranger": lambda learner: learner.show_face(3, who=faces.STRANGER),
    "other": lambda learner: learner.want(intents.UseAlternative()),
    "close": lambda learner: learner.want(intents.BackToClass()),
    "open": reopen,
}


class Room:
    """Whether the film runs and the camera looks, as far as anybody was told."""

    def __init__(self, learner: Learner1) -> None:
        self.learner = learner
        self.seen = 0
        self.runs = self.open = False

    def look(self) -> None:
        for effect in self.learner.effects[self.seen :]:
            if isinstance(effect, PlayFilm):
                assert self.open, "the film runs while nobody looks"
                self.runs = True
            elif isinstance(effect, PauseFilm | CloseFilm):
                self.runs = False
            elif isinstance(effect, OpenEyes):
                self.open = True
            elif isinstance(effect, CloseEyes):
                self.open = False
        self.seen = len(self.learner.effects)
        assert self.runs is (self.learner.phase() is Phase.PLAYING)
        study = self.learner.session.study
        if self.runs and study is not None:
            assert study.light == "on"


@settings(max_examples=60)
@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=30))
def test_the_film_runs_in_no_check_and_before_no_closed_camera_and_all_of_it_is_kept(
    moves: list[str],
) -> None:
    learner = Learner1()
    learner.begin()
    room = Room(learner)
    shown_us = 0
    for move in moves:
        before_us = learner.film_us
        MOVES[move](learner)
        room.look()
        if move == "watch":
            shown_us += learner.film_us - before_us
    if learner.phase() is not Phase.ENDED:
        learner.want(intents.SignOut())
    watched_us = sum(each.end_us - each.start_us for each in learner.facts(facts.Watched))
    assert shown_us - FRAME_US * (len(moves) + 1) <= watched_us <= shown_us
    assert len(learner.facts(facts.SessionEnded)) == 1
