"""The story that the rehearsal plays: what a trainee does in an evening, in four minutes.

A generator: it uses the `Stage` and yields a `Wait` whenever a person would wait. Nothing in
here reaches into the program; it sees the session's state as a person sees the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from app.state import Phase, Session
from app.ui.rehearsal.desktop import Desktop
from app.ui.rehearsal.hands import Hands
from app.ui.rehearsal.observer import Observer

PATIENCE_S = 30.0


class Learner(Protocol):
    """The simulated learner in front of the camera."""

    person: str


class Line(Protocol):
    """The way to the platform, which can be cut."""

    def stop(self) -> None: ...

    def start(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Wait:
    """Go on when `until()` is true; fail with `what` after `seconds`."""

    what: str
    until: Callable[[], bool]
    seconds: float = PATIENCE_S


@dataclass(frozen=True, slots=True)
class Cast:
    learner: Learner
    herself: str
    another: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the story may use."""

    hands: Hands
    desktop: Desktop
    line: Line
    cast: Cast
    observer: Observer
    session: Callable[[], Session]
    clock_s: Callable[[], float]
    say: Callable[[str], None]
    account: tuple[str, str]
    lesson: str


def story(stage: Stage) -> Iterator[Wait]:
    """The whole of it; ends with the learner signed out and everything confirmed."""
    yield from arrive(stage)
    yield from first_part(stage)
    yield from another_face(stage)
    yield from arrive(stage, again=True)
    yield from to_the_end(stage)
    yield from leave(stage)


def arrive(stage: Stage, *, again: bool = False) -> Iterator[Wait]:
    """Sign in, agree, show the face, go to the class and open the lesson."""
    hands, name = stage.hands, "again-" if again else ""
    yield Wait("the sign-in page", lambda: hands.can("signInButton"), 60)
    stage.say("登录 · sign in")
    if not again:
        hands.look("sign-in")
    hands.write("signInName", stage.account[0])
    hands.write("signInPassword", stage.account[1])
    hands.click("signInButton")
    yield Wait("the consent page", lambda: hands.can("consentAgree"))
    if not again:
        hands.look("consent")
    stage.say("同意使用摄像头 · consent")
    hands.click("consentAgree")
    if not again:
        yield from pause(stage, 1.6)
        hands.look("camera")
    yield Wait("the first action", lambda: proving(stage), 60)
    stage.say("按提示做两个动作 · two actions show a living person")
    if not again:
        yield from pause(stage, 0.8)
        hands.look("camera-proving")
    yield Wait("the face to match", lambda: hands.can("cameraContinue"), 90)
    hands.look(f"{name}camera-matched")
    stage.say("人脸核验通过 · the face matches")
    hands.click("cameraContinue")
    card = f"lessonCard_{stage.lesson}"
    yield Wait("the class", lambda: hands.can(card))
    hands.look(f"{name}class")
    hands.click(card)
    yield Wait("the lesson's first picture", lambda: ready(stage), 60)
    hands.look(f"{name}lesson-ready")
    stage.say("开始学习 · the lesson runs")
    hands.click("playButton")
    yield Wait("the film to run", lambda: phase(stage) is Phase.PLAYING)


def first_part(stage: Stage) -> Iterator[Wait]:
    """Two changes of mode while playing, then the focus goes and comes back."""
    hands = stage.hands
    yield from film_runs(stage, 4)
    hands.look("lesson-playing")
    yield from change_mode(stage, "modeHigh", "high")
    hands.look("lesson-high")
    yield from change_mode(stage, "modeFluent", "fluent")
    yield from playing(stage)
    stage.say("切换到别的窗口 · another program comes to the front")
    stage.desktop.another_program_comes_to_the_front()
    yield Wait("the pause", lambda: paused_for(stage, "unfocused"))
    hands.look("paused-unfocused")
    stage.desktop.back_to_our_window()
    yield from resume(stage)
    yield from change_mode(stage, "modeStandard", "standard")


def another_face(stage: Stage) -> Iterator[Wait]:
    """At the first check somebody else sits there; all attempts fail; the run ends."""
    hands, observer = stage.hands, stage.observer
    stage.say("等待随机核验（换一张脸）· a check comes, with another face")
    yield Wait("a random check", lambda: phase(stage) is Phase.CHECKING, 90)
    stage.cast.learner.person = stage.cast.another
    first = True
    while phase(stage) is Phase.CHECKING:
        yield Wait(
            "the attempt to fail",
            lambda: hands.can("checkRetry") or phase(stage) is not Phase.CHECKING,
            90,
        )
        if phase(stage) is not Phase.CHECKING:
            break
        if first:
            hands.look("check-failed")
            first = False
        yield from pause(stage, 1.0)
        if hands.can("checkRetry"):
            hands.click("checkRetry")
        yield from pause(stage, 0.4)
    yield Wait("the run to end", lambda: phase(stage) is Phase.ENDED)
    stage.say(f"核验未通过，本次学习结束 · check failed ({observer.checks[-1].similarity:.2f})")
    yield Wait("the records to be sent", lambda: sent(stage))
    hands.look("signed-out-check-failed")
    stage.say("一键申诉 · appeal")
    hands.click("appealButton")
    yield Wait("the appeal's number", lambda: appealed(stage))
    hands.look("signed-out-appealed")
    stage.cast.learner.person = stage.cast.herself
    hands.click("signedOutAgain")


def to_the_end(stage: Stage) -> Iterator[Wait]:
    """Minimise, restore, lose the network for ten seconds, pass checks, see the end."""
    hands = stage.hands
    yield from film_runs(stage, 5)
    stage.say("最小化 · minimise")
    yield from playing(stage)
    stage.desktop.minimise()
    yield Wait("the pause", lambda: paused_for(stage, "minimised"))
    yield from pause(stage, 0.5)
    stage.desktop.restore()
    yield Wait("the window", lambda: stage.session().focus == "active")
    hands.look("paused-minimised")
    yield from resume(stage)
    yield from film_runs(stage, 4)
    yield from ten_seconds_without_network(stage)
    while not finished(stage):
        yield from one_check_or_the_end(stage)
    stage.say("看完了 · the film's last frame")
    yield Wait("the platform's count", lambda: completed(stage))
    hands.look("lesson-finished")


def ten_seconds_without_network(stage: Stage) -> Iterator[Wait]:
    stage.say("断网十秒 · ten seconds without a network")
    stage.line.stop()
    began_s = stage.clock_s()
    seen = False
    while stage.clock_s() - began_s < 10:
        yield from pause(stage, 0.25)
        if stage.session().offline and not seen and phase(stage) is Phase.PLAYING:
            stage.hands.look("lesson-offline")
            seen = True
    stage.line.start()
    yield Wait("the platform again", lambda: not stage.session().offline, 40)
    stage.say("网络恢复，记录已补传 · back, the records are sent")


def one_check_or_the_end(stage: Stage) -> Iterator[Wait]:
    yield Wait(
        "a random check or the film's end",
        lambda: phase(stage) is Phase.CHECKING or finished(stage),
        120,
    )
    if finished(stage):
        return
    yield from pause(stage, 0.8)
    check = stage.session().check
    seen = any("-check." in screen for screen in stage.hands.screens)
    if check is not None and check.stage == "acting" and not seen:
        stage.hands.look("check")
    yield Wait("the check to pass", lambda: phase(stage) is not Phase.CHECKING, 90)
    last = stage.observer.checks[-1]
    stage.say(
        f"核验通过 · check passed: {', '.join(last.actions)} "
        f"({last.seconds:.1f} s, {last.similarity:.2f})"
    )


def leave(stage: Stage) -> Iterator[Wait]:
    """Look at the hours, export the records, sign out."""
    hands = stage.hands
    hands.click("backToClass")
    yield Wait("the class", lambda: hands.can("hoursButton"))
    hands.look("class-finished")
    hands.click("hoursButton")
    yield Wait("the hours", lambda: hands.can("exportButton"))
    yield Wait("all to be confirmed", lambda: confirmed(stage))
    hands.look("hours")
    yield from look_at_the_pictures(stage)
    hands.click("languageButton")
    yield from pause(stage, 0.3)
    hands.look("hours-english")
    hands.click("languageButton")
    yield from pause(stage, 0.2)
    hands.click("exportButton")
    yield from pause(stage, 0.5)
    hands.click("signOutButton")
    yield Wait("the run to end", lambda: phase(stage) is Phase.ENDED)
    yield Wait("the records to be sent", lambda: sent(stage))
    hands.look("signed-out")


def look_at_the_pictures(stage: Stage) -> Iterator[Wait]:
    """Which were taken, when and why, and how long they are kept; then back to the hours."""
    hands = stage.hands
    stage.say("查看抓拍 · the pictures that were sent")
    hands.click("snapshotsButton")
    yield Wait("the list of pictures", lambda: all_pictures_sent(stage))
    yield from pause(stage, 0.3)
    hands.look("snapshots")
    hands.click("snapshotsHours")
    yield Wait("the hours", lambda: hands.can("exportButton"))


def change_mode(stage: Stage, button: str, mode: str) -> Iterator[Wait]:
    yield from playing(stage)
    before = len(stage.observer.mode_changes)
    stage.say(f"切换清晰度 · picture → {mode}")
    stage.hands.click(button)
    yield Wait(f"the picture to become {mode}", lambda: len(stage.observer.mode_changes) > before)


def resume(stage: Stage) -> Iterator[Wait]:
    yield Wait("the resume button", lambda: stage.hands.can("resumeButton"))
    stage.say("回来，点“继续学习” · back, go on")
    stage.hands.click("resumeButton")
    yield Wait("the film to run", lambda: phase(stage) is Phase.PLAYING)


def film_runs(stage: Stage, seconds: float) -> Iterator[Wait]:
    """Wait until so much film was seen, checks in between included."""
    target = stage.observer.frames + round(seconds * 25)
    yield Wait(f"{seconds:.0f} s of film", lambda: stage.observer.frames >= target, 90)


def playing(stage: Stage) -> Iterator[Wait]:
    yield Wait("the film to run", lambda: phase(stage) is Phase.PLAYING, 90)


def pause(stage: Stage, seconds: float) -> Iterator[Wait]:
    until_s = stage.clock_s() + seconds
    yield Wait("a moment", lambda: stage.clock_s() >= until_s, seconds + PATIENCE_S)


def phase(stage: Stage) -> Phase:
    return stage.session().phase


def ready(stage: Stage) -> bool:
    study = stage.session().study
    return study is not None and study.ready


def proving(stage: Stage) -> bool:
    identifying = stage.session().identifying
    return identifying is not None and identifying.stage == "proving"


def appealed(stage: Stage) -> bool:
    ended = stage.session().ended
    return ended is not None and ended.appeal == "sent"


def all_pictures_sent(stage: Stage) -> bool:
    pictures = stage.session().pictures
    return pictures is not None and bool(pictures.items) and not pictures.waiting


def finished(stage: Stage) -> bool:
    study = stage.session().study
    return study is not None and study.finished


def paused_for(stage: Stage, reason: str) -> bool:
    session = stage.session()
    return session.phase is Phase.PAUSED and session.pause == reason


def sent(stage: Stage) -> bool:
    ended = stage.session().ended
    return ended is not None and not ended.sending and stage.hands.can("signedOutAgain")


def completed(stage: Stage) -> bool:
    credit = stage.session().credit.get(stage.lesson)
    return credit is not None and credit.completed


def confirmed(stage: Stage) -> bool:
    session = stage.session()
    return session.confirmed >= session.records and completed(stage)
