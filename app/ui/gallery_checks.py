"""Every state of a check and of what belongs to it, as views."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from app.errors import Report, Trouble
from app.view import (
    CameraChoice,
    CameraView,
    CheckView,
    Hint,
    SignedOutView,
    SnapshotRow,
    SnapshotsView,
)
from proctor.liveness import Failure
from proctor.schedule import Action, Place, Tint

CHECK = CheckView("acting", "turn_left", 0, 2, 0.4, 48.0, 60.0, 3, waiting_s=312.0, may_change=True)
_OVER = replace(CHECK, phase="over", attempts_left=0, seconds_left=0.0, lost_s=312.0)
CAMERAS = (
    CameraChoice("Integrated Camera", "内置摄像头"),
    CameraChoice("Logi C270 HD WebCam", "Logi C270 HD WebCam"),
)


def checks() -> Iterator[tuple[str, CheckView]]:
    """The overlay, over a film."""
    for action in Action:
        yield action.value, replace(CHECK, action=action.value)
    yield "at-rest", replace(CHECK, action="", progress=0.0)
    dot = replace(CHECK, action="follow_dot", index=1, alternative=True, may_change=False)
    for place in Place:
        yield f"dot-{place.value}", replace(dot, dot=place.value)
    for tint in Tint:
        yield f"tint-{tint.value}", replace(CHECK, action="turn_right", tint=tint.value)
    yield "tint-dot", replace(dot, dot="right", tint="blue")
    yield "tint-hint", replace(CHECK, tint="warm", hint="too_far", seconds_left=8.0)
    yield "hint", replace(CHECK, hint="too_dark", seconds_left=8.0)
    for hint in get_args(Hint):
        if hint and hint != "too_dark":
            yield f"hint-{hint}", replace(CHECK, hint=hint)
    yield "last-attempt", replace(CHECK, attempts_left=0, may_change=False)
    yield "alternative", replace(CHECK, action="nod", alternative=True, may_change=False)
    yield "passed", replace(CHECK, phase="passed", progress=1.0)
    yield "in-review", replace(CHECK, phase="passed", progress=1.0, in_review=True)
    for failure in (*Failure, "camera_lost", "camera_covered"):
        failed = replace(CHECK, phase="failed", reason=str(failure), attempts_left=2)
        yield f"failed-{failure}", failed
    last = replace(CHECK, phase="failed", reason="not_answered", attempts_left=1)
    yield "failed-last", last
    yield "over", _OVER


def cameras() -> Iterator[tuple[str, CameraView]]:
    """The check at sign-in; cameras that can be chosen; the computer's voice."""
    proving = CameraView("proving", check=replace(CHECK, waiting_s=0.0), camera="Integrated Camera")
    check = proving.check or CHECK
    dot = replace(check, action="follow_dot", dot="left", alternative=True, may_change=False)
    failed = replace(check, phase="failed", reason="too_dark", attempts_left=2)
    for name, each in (
        ("proving", replace(check, action="open_mouth")),
        ("proving-light", replace(check, tint="warm", action="blink")),
        ("proving-dot", dot),
        ("proving-hint", replace(check, hint="take_off_mask")),
        ("proving-failed", failed),
        ("proving-over", replace(failed, phase="over", attempts_left=0)),
        ("proving-passed", replace(check, phase="passed", progress=1.0)),
    ):
        yield name, replace(proving, check=each)
    yield "proving-simulated", replace(proving, simulated=True)
    choice = CameraView("positioning", "good", 0.4, camera="Integrated Camera", cameras=CAMERAS)
    yield "choice", replace(choice, speech=True)
    yield "unplugged", replace(choice, hint="no_face", camera="", cameras=CAMERAS[1:])
    yield "no-voice", replace(choice, can_speak=False)


def endings() -> Iterator[tuple[str, SignedOutView]]:
    """Signed out after checks, with what a learner can ask for."""
    over = SignedOutView("check_failed", False, 760.0, 0.0, 312.0, why="too_dark", appeal="offered")
    yield "appeal-offered", over
    yield "appeal-sending", replace(over, appeal="sending")
    yield "appeal-sent", replace(over, appeal="sent", appeal_number="A-20261124-000017")
    yield "appeal-failed", replace(over, appeal="failed", unsent=3)
    for failure in Failure:
        yield f"why-{failure.value}", replace(over, why=failure.value, appeal="")


def snapshots() -> Iterator[tuple[str, SnapshotsView]]:
    """The page of pictures."""
    title = ("气体检测与通风", "Testing the air and ventilating")
    first = ("进入有限空间之前", "Before you enter")
    kept = "2032-11-24T03:12:44Z"
    rows = (
        SnapshotRow("2026-11-24T03:25:07Z", "check", "cs-2", *title, "waiting"),
        SnapshotRow("2026-11-24T03:18:52Z", "between", "cs-2", *title, "sent", kept),
        SnapshotRow("2026-11-24T03:12:40Z", "check", "cs-2", *title, "sent", kept),
        SnapshotRow("2026-11-23T08:41:15Z", "between", "cs-1", *first, "sent", kept),
        SnapshotRow("2026-11-23T08:36:02Z", "check", "cs-1", *first, "sent", kept),
    )
    ready = SnapshotsView("ready", rows)
    yield "ready", ready
    yield "many", replace(ready, rows=rows * 6)
    yield "loading", SnapshotsView("loading")
    yield "empty", SnapshotsView("empty")
    yield "error", SnapshotsView("error", report=Report(Trouble.SERVER_FAULT))
    yield "offline", replace(ready, state="offline")
    yield "offline-empty", SnapshotsView("offline", report=Report(Trouble.UNREACHABLE))
