"""What can go wrong at sign-in, what the learner reads then, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.state import Phase
from sync.ports import NoKeyringError
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import Faults
from tests.faults.conftest import Start

Turn = Callable[[Faults], None]
MESSAGE = "signInMessage"
DAY_S = 86_400.0


def test_a_wrong_password(start: Start) -> None:
    person = start()
    person.tries_to_sign_in(password="anxue-wrong")
    person.until_reads("用户名或密码不正确", "请检查大小写后重新输入", name=MESSAGE)
    person.reads_in_english("is not correct", "try again", name=MESSAGE)
    person.signs_in()


def test_a_platform_that_nobody_reaches(start: Start, platform: EmbeddedPlatform) -> None:
    person = start()
    platform.stop(abruptly=True)
    person.tries_to_sign_in()
    person.until_reads("暂时连接不上培训平台", "不会丢失", "点“重试”", name=MESSAGE)
    assert "重试" in person.reads("signInButton")
    person.reads_in_english("cannot be reached", "Retry", name=MESSAGE)
    platform.start()
    person.click("signInButton")
    person.until(lambda: person.phase is Phase.IDENTIFYING)


@pytest.mark.parametrize(
    ("faults", "chinese", "english"),
    [
        (
            Faults(answer="error"),
            ("培训平台出了问题", "不会丢失", "请过一两分钟点“重试”"),
            ("minute or two", "Retry"),
        ),
        (
            Faults(answer="nonsense"),
            ("网络返回的是一个网页", "不会丢失", "打开浏览器"),
            ("browser", "Retry"),
        ),
    ],
    ids=["500", "a captive portal"],
)
def test_a_platform_that_answers_badly(
    start: Start, turn: Turn, faults: Faults, chinese: tuple[str, ...], english: tuple[str, ...]
) -> None:
    person = start()
    turn(faults)
    person.tries_to_sign_in()
    person.until_reads(*chinese, name=MESSAGE)
    person.reads_in_english(*english, name=MESSAGE)
    turn(Faults())
    assert "重试" in person.reads("signInButton")
    person.click("signInButton")
    person.until(lambda: person.phase is Phase.IDENTIFYING)


def test_a_demo_platform_refused_by_the_real_program(start: Start) -> None:
    person = start(mode="production")
    person.tries_to_sign_in()
    person.until_reads("这是演示平台", "不会计入学时", "取得正式平台的地址", name=MESSAGE)
    person.reads_in_english("demo", "institution", name=MESSAGE)
    assert "登录" in person.reads("signInButton"), "trying again would not help"
    assert not list(start.home.rglob("*.db")), "nothing of it is kept"


def test_a_clock_that_is_a_day_off(start: Start, turn: Turn) -> None:
    person = start()
    turn(Faults(clock_off_s=-DAY_S))
    person.signs_in("demo2")
    person.until_reads("24 小时", "不受影响", "自动设置时间", name="noticeBar")
    person.reads_in_english("24 h", "you can study", "Set time automatically", name="noticeBar")
    person.click("noticeDismiss")
    person.enters_class()
    person.opens_lesson()
    person.plays(1.0)
    person.click("playButton")
    confirmed = person.program.conductor.session.records
    person.until(lambda: person.program.conductor.session.confirmed >= confirmed)
    credit = person.program.conductor.session.credit.values()
    assert any(each.provisional_s >= 1.0 for each in credit), "the platform counts by its clock"


class NoSecrets:
    """A system without a keyring."""

    def machine_secret(self) -> bytes:
        raise NoKeyringError("none")

    def password(self, name: str) -> str | None:
        raise NoKeyringError("none")

    def remember_password(self, name: str, password: str) -> None:
        raise NoKeyringError("none")

    def forget_password(self, name: str) -> None:
        raise NoKeyringError("none")


def test_a_system_without_a_keyring(start: Start) -> None:
    person = start(secrets=NoSecrets())
    person.until_reads("没有可用的系统密码保管库", "不影响学习和计时", "请再输入一次")
    assert not person.hands.can("rememberPassword")
    person.tries_to_sign_in("demo2")
    person.click("troubleDoWithout")  # it asks before anything is kept
    person.until(lambda: person.phase is Phase.IDENTIFYING)
    person.enters_class()
    person.opens_lesson()
    person.plays()
