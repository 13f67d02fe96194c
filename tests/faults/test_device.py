"""Devices that fail in the middle, seen by the real eyes in the real program."""

from __future__ import annotations

from app.state import Phase
from tests.faults.conftest import Start
from tests.faults.device import black, noisy
from tests.faults.person import Person
from tests.faults.plugged import PluggedCamera


def study_of(person: Person) -> str:
    study = person.program.conductor.session.study
    assert study is not None
    return study.away


def test_unplugged_in_the_middle_of_a_proof(start: Start) -> None:
    camera = PluggedCamera()
    person = start(camera=camera)
    person.signs_in()
    person.click("consentAgree")

    def proving() -> bool:
        identifying = person.program.conductor.session.identifying
        return identifying is not None and identifying.stage == "proving"

    person.until(proving)
    camera.pull_out()
    person.until_reads("摄像头的画面中断了")
    person.until(camera.device.released.is_set)
    person.click("troubleRetry")
    person.until_reads("没有找到摄像头")
    camera.plug_in()
    person.click("troubleRetry")
    person.click("cameraContinue")
    person.until(lambda: person.hands.can("continueButton"))
    person.until(camera.device.released.is_set)  # nobody studies: the light is off


def test_covered_and_unplugged_while_studying(start: Start) -> None:
    camera = PluggedCamera()
    person = start(camera=camera)
    person.studies()

    camera.device.frames = black
    person.until(lambda: person.phase is Phase.PAUSED)
    person.until_reads("摄像头好像被遮住了", "移开挡住镜头的东西", name="pauseCard")
    stood_us = person.position_us
    camera.device.frames = noisy
    person.until(lambda: study_of(person) == "")
    assert person.position_us == stood_us
    person.plays()

    camera.pull_out()
    person.until(lambda: person.phase is Phase.PAUSED)
    person.until_reads("摄像头的画面中断了", name="pauseCard")
    camera.plug_in()
    person.click("lessonRetry")
    person.until(lambda: study_of(person) == "")
    person.plays()
    assert camera.openings >= 2
