"""What the learner can see and ask afterwards: the pictures that were taken, and an appeal."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QTableWidget

from app import intents
from app.ui.gallery_states import states
from app.ui.pages.consent import ConsentPage
from app.ui.pages.signed_out import SignedOutPage
from app.ui.pages.snapshots import SnapshotsPage
from app.view import ConsentView
from tests.ui.conftest import Learner
from tests.ui.test_keyboard import focused, press, tab_to

STATES = states()


def pictures(learner: Learner, state: str = "snapshots-ready") -> SnapshotsPage:
    learner.see(STATES[state])
    page = learner.window.stack.currentWidget()
    assert isinstance(page, SnapshotsPage)
    return page


def ending(learner: Learner, state: str) -> SignedOutPage:
    learner.see(STATES[state])
    page = learner.window.stack.currentWidget()
    assert isinstance(page, SignedOutPage)
    return page


def row(table: QTableWidget, number: int) -> list[str]:
    items = [table.item(number, column) for column in range(table.columnCount())]
    return [item.text() if item is not None else "" for item in items]


# The pictures


def test_each_picture_says_when_why_of_what_and_until_when(learner: Learner) -> None:
    table = pictures(learner).table
    waiting, sent = row(table, 0), row(table, 1)
    assert re.fullmatch(r"2026-11-2[34] \d\d:\d\d", waiting[0])
    assert waiting[1:] == ["人脸验证", "气体检测与通风", "已加密，等待上传", "上传后开始计算"]
    assert sent[1:4] == ["两次验证之间", "气体检测与通风", "已交给平台，本机已删除"]
    assert re.fullmatch(r"2032-11-2[45]", sent[4])


def test_the_times_are_the_learner_s_own(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert row(pictures(learner).table, 0)[0] == "2026-11-24 11:25"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_pictures_page_by_keyboard_and_screen_reader(learner: Learner) -> None:
    learner.see(STATES["hours"])
    tab_to(learner, "snapshotsButton")
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.ShowSnapshots()]
    table = pictures(learner).table
    assert focused() == "snapshotsTable"
    press(learner, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert table.currentRow() >= 1
    face = QAccessible.queryAccessibleInterface(table)
    assert face is not None
    assert face.role() == QAccessible.Role.Table
    assert face.text(QAccessible.Text.Name) == "我的验证照片"
    tab_to(learner, "snapshotsHours")  # Tab leaves the table
    press(learner, Qt.Key.Key_Return)
    assert learner.said[1:] == [intents.ShowHours()]


def test_a_list_that_can_t_be_had_says_so(learner: Learner) -> None:
    page = pictures(learner, "snapshots-error")
    assert page.failed.isVisible()
    assert not page.table.isVisible()
    assert focused() == "snapshotsRetry"
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.Retry()]
    pictures(learner, "snapshots-offline")
    assert page.table.isVisible()
    assert page.message.isVisible()
    pictures(learner, "snapshots-empty")
    assert page.empty.isVisible()
    assert not page.table.isVisible()


def test_many_pictures_scroll_inside_the_table(learner: Learner) -> None:
    page = pictures(learner, "snapshots-many")
    assert page.table.rowCount() == 30
    assert page.table.height() < 480
    assert page.table.verticalScrollBar().maximum() > 0


# The appeal


def test_one_click_appeals_and_the_number_can_be_had(learner: Learner) -> None:
    page = ending(learner, "signed-out-appeal-offered")
    assert "05:12" in page.why.time.plain()
    tab_to(learner, "appealButton")
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.FileAppeal()]
    ending(learner, "signed-out-appeal-sending")
    assert not page.appeal.button.isEnabled()
    ending(learner, "signed-out-appeal-sent")
    assert focused() == "appealCopy"
    assert page.appeal.number.text() == "A-20261124-000017"
    press(learner, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "A-20261124-000017"
    tab_to(learner, "signedOutAgain")
    press(learner, Qt.Key.Key_Return)
    assert learner.said[1:] == [intents.Retry()]


def test_an_appeal_that_was_not_sent_can_be_sent_again(learner: Learner) -> None:
    ending(learner, "signed-out-appeal-sending")
    page = ending(learner, "signed-out-appeal-failed")
    assert focused() == "appealButton"
    assert page.appeal.button.text() == "再试一次"
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.FileAppeal()]


def test_nothing_is_offered_where_nothing_can_be_asked(learner: Learner) -> None:
    page = ending(learner, "signed-out-learner")
    assert not page.appeal.isVisible()
    assert not page.why.isVisible()


# The consent


def consent(learner: Learner, view: ConsentView) -> str:
    learner.see(STATES["consent"], consent=view)
    page = learner.window.stack.currentWidget()
    assert isinstance(page, ConsentPage)
    return "\n".join(text.plain() for _, text in page.points)


def test_the_consent_says_what_the_policy_takes(learner: Learner) -> None:
    view = ConsentView("粤安", 36, 80, snapshots_per_check=2, snapshots_between=1)
    said = consent(learner, view)
    for part in ("每次验证拍 2 张照片", "随机拍 1 张", "36 个月", "80 个月", "加密", "撤回"):
        assert part in said
    assert "柔和的颜色" in said
    assert "保存在这台电脑上" not in said
    kept = consent(learner, replace(view, template_kept=True, screen_light=False))
    assert "登记的人脸特征值加密后保存在这台电脑上" in kept
    assert "柔和的颜色" not in kept
    none = consent(learner, replace(view, snapshots_per_check=0, snapshots_between=0))
    assert "不拍照片" in none
    assert "张照片" not in none
