"""A camera that is not there, and one that goes in the middle of a lesson."""

from __future__ import annotations

import pytest

from app.errors import Trouble
from app.state import Phase
from tests.faults.camera import Camera
from tests.faults.conftest import Start


@pytest.mark.parametrize(
    ("trouble", "chinese", "english"),
    [
        (
            Trouble.NO_CAMERA,
            ("没有找到摄像头", "还不能开始计时", "请接好摄像头"),
            ("No camera", "Retry"),
        ),
        (
            Trouble.CAMERA_BUSY,
            ("摄像头被其他程序占用", "还不能开始计时", "请关闭正在使用摄像头的程序"),
            ("Another program", "Retry"),
        ),
        (
            Trouble.CAMERA_DENIED,
            ("不允许本程序使用摄像头", "还不能开始计时", "隐私 > 摄像头"),
            ("Privacy", "Retry"),
        ),
    ],
)
def test_no_camera_at_the_check_before_study(
    start: Start, trouble: Trouble, chinese: tuple[str, ...], english: tuple[str, ...]
) -> None:
    camera = Camera()
    camera.trouble = trouble
    person = start(camera=camera)
    person.signs_in()
    person.click("consentAgree")
    person.until_reads(*chinese)
    person.reads_in_english(*english)
    camera.trouble = None
    person.click("troubleRetry")
    person.click("cameraContinue")
    person.until(lambda: person.hands.can("continueButton"))


def test_a_camera_that_is_pulled_out_while_studying(start: Start) -> None:
    camera = Camera()
    person = start(camera=camera)
    person.studies()
    camera.pull_out()
    person.until(lambda: person.phase is Phase.PAUSED)
    card = "pauseCard"
    person.until_reads("摄像头的画面中断了", "请检查摄像头的连接", "不会丢失", name=card)
    assert not person.hands.can("resumeButton"), "there is one thing to do"
    person.reads_in_english("camera", "Retry", name=card)

    person.click("lessonRetry")  # too early
    person.until_reads("没有找到摄像头", "请接好摄像头", name=card)
    stood_us = person.position_us

    camera.trouble = None
    person.click("lessonRetry")
    person.until(lambda: person.hands.can("resumeButton"))
    person.until(lambda: person.program.conductor.session.study.away == "")  # type: ignore[union-attr]
    assert person.position_us == stood_us
    person.plays()


def test_a_camera_that_is_missing_when_a_lesson_opens(start: Start) -> None:
    camera = Camera()
    person = start(camera=camera)
    person.signs_in()
    person.enters_class()
    camera.trouble = Trouble.NO_CAMERA
    person.click("continueButton")
    person.until_reads("没有找到摄像头", "请接好摄像头", name="pauseCard")
    camera.trouble = None
    person.click("lessonRetry")
    person.until(lambda: person.hands.can("resumeButton"))
    person.until(lambda: person.program.conductor.session.study.away == "")  # type: ignore[union-attr]
    person.plays()
