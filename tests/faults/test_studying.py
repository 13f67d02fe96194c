"""What can go wrong in the middle of a lesson, what the learner reads, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from app.state import Phase
from sync.contract import API
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import Faults
from tests.contract.learner import sign_in
from tests.faults.conftest import Start
from tests.faults.person import PASSWORD, Person

Turn = Callable[[Faults], None]
CARD = "pauseCard"


def goes_on_while_records_wait(person: Person) -> None:
    """The film runs, and the screen says that the records wait."""
    person.click("playButton")
    person.plays()
    person.until_reads("离线", name="header")
    person.until_reads("已记录，等待平台确认", name="statusLine")
    person.watches(0.5)


def is_confirmed_again(person: Person) -> None:
    """The line is back: what waited is sent by itself."""
    kept = person.program.conductor.session.records
    person.until(lambda: person.program.conductor.session.confirmed >= kept)
    assert "离线" not in person.reads("header")


def test_the_platform_goes_and_comes_back(start: Start, platform: EmbeddedPlatform) -> None:
    person = start()
    person.studies()
    platform.stop(abruptly=True)
    goes_on_while_records_wait(person)
    person.reads_in_english("Offline", name="header")
    platform.start()
    is_confirmed_again(person)
    person.until_reads("网络恢复了", name="noticeBar")


@pytest.mark.parametrize("answer", ["error", "nonsense"])
def test_records_get_no_good_answer(start: Start, turn: Turn, answer: str) -> None:
    person = start()
    person.studies()
    turn(Faults.model_validate({"answer": answer, "path": "/v1/records"}))
    goes_on_while_records_wait(person)
    turn(Faults())
    is_confirmed_again(person)


def test_the_class_cannot_be_had(start: Start, turn: Turn) -> None:
    person = start()
    person.signs_in()
    turn(Faults(answer="error", path="/v1/courses"))
    person.click("consentAgree")
    person.click("cameraContinue")
    person.until_reads("培训平台出了问题", "不会丢失", "请过一两分钟点“重试”")
    turn(Faults())
    person.click("classRetry")
    person.until(lambda: person.hands.can("continueButton"))


def test_a_face_that_the_platform_cannot_be_asked_about(start: Start, turn: Turn) -> None:
    person = start()
    person.signs_in()
    turn(Faults(answer="error", path="/v1/identity"))
    person.click("consentAgree")
    person.until_reads("培训平台出了问题", "不会丢失", "请过一两分钟点“重试”")
    turn(Faults())
    person.click("troubleRetry")
    person.click("cameraContinue")
    person.until(lambda: person.hands.can("continueButton"))


def test_a_film_that_is_missing(start: Start, turn: Turn) -> None:
    person = start()
    person.signs_in()
    person.enters_class()
    turn(Faults(missing_media=True))
    person.click("continueButton")
    person.until_reads("没有找到这一课的视频", "稍后再点“重试”", "不受影响", name=CARD)
    assert not person.hands.can("resumeButton")
    person.reads_in_english("Retry", "institution", name=CARD)
    turn(Faults())
    person.click("lessonRetry")
    person.plays()


def test_signed_in_elsewhere(start: Start, platform: EmbeddedPlatform) -> None:
    person = start()
    person.studies()
    with httpx.Client(base_url=f"{platform.url}{API}", timeout=20) as elsewhere:
        certificate = person.program.courier._trusted.certificate
        sign_in(elsewhere, certificate, "demo", PASSWORD)
    person.click("playButton")  # the next records meet the refusal
    person.until(lambda: person.phase is Phase.ENDED)
    person.until_reads("已在另一台设备上登录", "请在那台设备上继续", "保存在这台电脑上")
    person.reads_in_english("another device", "continue there", "kept on this computer")
    person.click("signedOutAgain")
    person.signs_in()
