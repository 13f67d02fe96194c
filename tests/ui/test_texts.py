"""The words: each thing that can happen has its own, and they keep to the voice."""

import re
from typing import Any, get_args, get_type_hints

import pytest

from app import texts
from app.errors import Report, Trouble
from app.ui.gallery_checks import CHECK
from app.ui.gallery_states import STATUS
from app.ui.widgets.notice_bar import notice_words
from app.view import Buffering, Hint, Notice, Reason, SignedOutView, Status


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
    "reason", ["check_failed", "check_missed", "beyond_clock", "no_identity", "absent"]
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


@pytest.mark.parametrize(
    "reason",
    ["other_person", "not_answered", "several_faces", "absent", "wrong_action", "print"],
)
def test_every_failed_attempt_has_its_own_words(reason: str) -> None:
    assert texts.check_failure(same, reason) != texts.check_failure(same, "unheard_of")


def test_a_check_that_is_over_tells_what_is_lost() -> None:
    from dataclasses import replace

    words = texts.check_over(same, replace(CHECK, phase="over", lost_s=312.0))
    assert "05:12" in words.time


@pytest.mark.parametrize("action", ["turn_left", "turn_right", "open_mouth", "blink"])
def test_every_action_has_its_own_instruction(action: str) -> None:
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
