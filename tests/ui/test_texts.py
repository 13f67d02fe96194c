"""The words: each thing that can happen has its own, and they keep to the voice."""

import re
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from app import texts
from app.errors import Report, Trouble
from app.ui.gallery_checks import CHECK
from app.ui.gallery_states import STATUS
from app.ui.widgets.notice_bar import notice_words
from app.view import Buffering, Hint, Notice, Reason, SignedOutView, Status
from proctor.hints import Hint as HintOfProctor
from proctor.liveness import Failure
from proctor.presence import Change
from proctor.schedule import Action, Place


def same(context: str, source: str) -> str:
    """No translation: the Chinese source."""
    assert context
    return source


GENERAL = texts.trouble(same, Report("unheard_of")).what  # type: ignore[arg-type]


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_says_what_happened_and_what_to_do(trouble: Trouble) -> None:
    words = texts.trouble(same, Report(trouble, seconds=5400, records=3))
    assert words.what != GENERAL
    assert words.what.endswith("。")
    assert words.todo.endswith("。")
    assert words.time or trouble is Trouble.WRONG_PASSWORD
    for said in (words.what, words.time, words.todo):
        assert not re.search(r"[!！{}]|令牌|哈希|异常|token|hash", said)


def test_a_trouble_tells_its_figures() -> None:
    assert "1 小时 30 分" in texts.trouble(same, Report(Trouble.CLOCK_OFF, seconds=-5400)).what
    assert "41" in texts.trouble(same, Report(Trouble.STORE_RESCUED, records=41)).time


@pytest.mark.parametrize("reason", [r for r in get_args(Reason) if r])
def test_every_pause_has_its_own_words(reason: Reason) -> None:
    unknown = texts.pause(same, "unheard_of")  # type: ignore[arg-type]
    assert texts.pause(same, reason).what != unknown.what


@pytest.mark.parametrize("hint", [h for h in get_args(Hint) if h])
def test_every_hint_has_words(hint: Hint) -> None:
    assert texts.hint(same, hint)


def test_no_hint_says_nothing() -> None:
    assert not texts.hint(same, "")


@pytest.mark.parametrize(
    "reason",
    [
        "check_failed",
        "check_missed",
        "beyond_clock",
        "no_identity",
        "absent",
        "review",
        "check_refused",
        "turned_away",
        "camera_covered",
        "eyes_closed",
    ],
)
def test_what_is_not_counted_says_why_and_how_to_resolve_it(reason: str) -> None:
    words = texts.not_counted(same, reason)
    assert words.what != texts.not_counted(same, "unheard_of").what
    assert words.time == "暂未计入"
    assert words.todo


def test_an_unknown_reason_is_honest() -> None:
    words = texts.not_counted(same, "unheard_of")
    assert words.what == "平台没有确认这一段"
    assert "培训机构" in words.todo


@pytest.mark.parametrize("failure", Failure)
def test_every_failed_attempt_says_why_what_to_try_and_what_it_means(failure: Failure) -> None:
    unknown = texts.check_failure(same, "unheard_of")
    words = texts.check_failure(same, failure, 312.0)
    assert words.what != unknown.what
    assert words.todo != unknown.todo
    assert "05:12" in words.time
    assert not re.search("[。，]$", words.what)  # one sentence, as a title
    assert words.what.count("。") == 0


@pytest.mark.parametrize("failure", Failure)
def test_nobody_is_accused(failure: Failure) -> None:
    words = texts.check_failure(same, failure)
    for said in (words.what, words.todo):
        assert not re.search("冒充|作弊|代学|欺骗|假|照片|伪|违规|他人|别人", said)


def test_nothing_is_said_of_time_when_none_waits() -> None:
    assert texts.check_failure(same, "absent").time == ""
    assert texts.check_waiting(same, 0.4) == ""


def test_a_check_that_is_over_tells_what_is_lost_and_what_one_can_do() -> None:
    words = texts.check_over(same, replace(CHECK, phase="over", lost_s=312.0))
    assert "05:12" in words.time
    assert "申诉" in words.time
    assert "保留" in words.todo


def test_at_sign_in_no_time_can_be_lost_and_nobody_is_signed_out() -> None:
    words = texts.check_over(same, replace(CHECK, phase="over", lost_s=0.0), at_sign_in=True)
    assert "退出" not in words.time + words.todo
    assert "不受影响" in words.time
    passed = texts.check_passed(same, CHECK, at_sign_in=True)
    assert passed != texts.check_passed(same, CHECK)


@pytest.mark.parametrize(("number", "shown"), [(2, "还可以试 2 次"), (0, "这是最后一次")])
def test_attempts_left(number: int, shown: str) -> None:
    assert texts.attempts_left(same, number) == shown


@pytest.mark.parametrize("place", Place)
def test_every_place_of_the_dot_has_words(place: Place) -> None:
    assert texts.dot_place(same, place)


@pytest.mark.parametrize("hint", HintOfProctor)
def test_every_hint_of_the_machine_has_words(hint: HintOfProctor) -> None:
    assert bool(texts.hint(same, hint.value)) == bool(hint.value)


@pytest.mark.parametrize("change", [each for each in Change if each is not Change.PRESENT])
def test_every_change_of_presence_has_a_pause(change: Change) -> None:
    assert change.value in get_args(Reason)


@pytest.mark.parametrize(
    ("appeal", "part"),
    [("offered", "申诉"), ("sending", "正在"), ("sent", "编号"), ("failed", "再点一次")],
)
def test_an_appeal_says_where_it_stands(appeal: Any, part: str) -> None:
    words = texts.appeal(same, SignedOutView("check_failed", sending=False, appeal=appeal))
    assert part in words.what + words.time + words.todo


def test_the_end_by_checks_says_why_and_what_it_means() -> None:
    view = SignedOutView("check_failed", False, lost_s=312.0, why="too_dark", appeal="offered")
    words = texts.why_ended(same, view)
    assert "光线太暗" in words.what
    assert "05:12" in words.time
    assert "申诉" in words.time
    assert "申诉" not in texts.why_ended(same, replace(view, appeal="")).time


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_own_instruction(action: Action) -> None:
    assert texts.action(same, action) != texts.action(same, "unheard_of")


@pytest.mark.parametrize(
    ("status", "mark", "word", "number"),
    [
        (STATUS, "●", "正在计入", "已计入 12:40 / 20:00"),
        (Status("waiting", 760, 1200, 35), "○", "已记录，等待平台确认", "+00:35"),
        (Status("paused", 760, 1200, reason="unfocused"), "❚❚", "已暂停", "已计入 12:40 / 20:00"),
        (
            Status("needed", 760, 1200, seconds_left=48.2),
            "◎",
            "请面向摄像头完成验证",
            "剩余 48 秒",
        ),
        (
            Status(
                "not_counted", 760, 1200, lost_start_s=550, lost_end_s=595, lost_reason="absent"
            ),
            "!",
            "09:10–09:55 暂未计入",
            "已计入 12:40 / 20:00",
        ),
    ],
)
def test_the_status_line_has_a_mark_a_word_and_a_number(
    status: Status, mark: str, word: str, number: str
) -> None:
    words = texts.status(same, status)
    assert (words.mark, words.word, words.number) == (mark, word, number)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "00:00"), (59.9, "00:59"), (760, "12:40"), (3725, "1:02:05"), (-3, "00:00")],
)
def test_clock(seconds: float, shown: str) -> None:
    assert texts.clock(seconds) == shown


@pytest.mark.parametrize(
    ("bits_per_second", "shown"),
    [
        (0, "暂时收不到数据"),
        (7_000, "暂时收不到数据"),
        (1_200_000, "网速 150 KB/秒"),
        (9_600_000, "网速 1.2 MB/秒"),
    ],
)
def test_the_line_s_speed_in_the_units_of_downloads(bits_per_second: int, shown: str) -> None:
    assert texts.line_speed(same, bits_per_second) == shown


@pytest.mark.parametrize(
    ("rate", "shown"), [(1.0, "1.0×"), (1.25, "1.25×"), (1.5, "1.5×"), (2.0, "2.0×")]
)
def test_a_pace_as_it_is_written(rate: float, shown: str) -> None:
    assert texts.rate_name(rate) == shown


def test_waiting_says_what_happens_and_that_nothing_is_lost() -> None:
    words = texts.buffering(same, Buffering(0.4, 1_200_000), can_lower=False)
    assert words.what == "网络较慢，正在加载"
    assert "不会丢失" in words.time
    assert "网速 150 KB/秒" in words.todo
    assert "自动继续" in words.todo


@pytest.mark.parametrize("key", get_args(get_type_hints(Notice)["key"]))
def test_every_notice_has_words(key: Any) -> None:
    assert bool(notice_words(Notice("info", key=key))) == bool(key)


def test_the_end_says_what_waits() -> None:
    sending = texts.ending(same, SignedOutView("learner", sending=True))
    unsent = texts.ending(same, SignedOutView("idle", sending=False, unsent=3))
    done = texts.ending(same, SignedOutView("closed", sending=False))
    assert len({sending.time, unsent.time, done.time}) == 3
    assert "3" in unsent.time
