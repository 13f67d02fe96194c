"""The camera page: the check before study, which camera, and whether it speaks."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app import intents
from app.ui.gallery_checks import CAMERAS
from app.ui.gallery_states import states
from app.ui.pages.camera import CameraPage
from app.view import CameraView
from proctor.light import TINT_RGB
from proctor.schedule import Tint
from tests.ui.conftest import Learner, settle
from tests.ui.test_keyboard import focused, press, tab_to

STATES = states()


def page_of(learner: Learner, state: str, **changes: object) -> CameraPage:
    view = STATES[state]
    assert view.camera is not None
    learner.see(view, camera=replace(view.camera, **changes))  # type: ignore[arg-type]
    page = learner.window.stack.currentWidget()
    assert isinstance(page, CameraPage)
    return page


def test_the_check_stands_in_the_mirror_s_place(learner: Learner) -> None:
    page = page_of(learner, "camera-choice")
    assert page.picture.isVisible()
    assert not page.check.isVisible()
    page_of(learner, "camera-proving")
    assert page.check.isVisible()
    assert not page.picture.isVisible()
    assert focused() == "signInCheck"
    assert page.check.instruction.text() == "请张开嘴，再合上"
    page_of(learner, "camera-matched")
    assert page.picture.isVisible()
    assert focused() == "cameraContinue"


def test_it_gives_light_there_too(learner: Learner) -> None:
    page = page_of(learner, "camera-proving-light")
    shown = page.check.grab().toImage().pixelColor(40, 40)
    assert shown == QColor(*TINT_RGB[Tint.WARM])


def test_the_check_at_sign_in_by_keyboard(learner: Learner) -> None:
    page_of(learner, "camera-proving")
    tab_to(learner, "checkChange")
    press(learner, Qt.Key.Key_Return)
    page_of(learner, "camera-proving-failed")
    assert focused() == "checkRetry"
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.UseAlternative(), intents.RetryCheck()]


def test_on_a_low_screen_the_check_has_the_page_to_itself(learner: Learner) -> None:
    learner.window.resize(683, 384)
    page = page_of(learner, "camera-proving")
    assert page.check.width() > 600
    page_of(learner, "camera-matched")
    assert page.go_on.isVisible()


def test_a_camera_is_chosen_by_name(learner: Learner) -> None:
    page_of(learner, "camera-choice")
    tab_to(learner, "cameraMenu")
    press(learner, Qt.Key.Key_Return)
    menu = learner.window.findChild(QMenu, "cameraMenuMenu")
    assert menu is not None
    assert [each.text() for each in menu.actions()] == [each.label for each in CAMERAS]
    assert [each.isChecked() for each in menu.actions()] == [True, False]
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert learner.said == [intents.ChooseCamera("Logi C270 HD WebCam")]


def test_cameras_come_and_go_while_the_menu_is_open(learner: Learner) -> None:
    page = page_of(learner, "camera-choice")
    page.choice.click()
    settle()
    menu = page.choice.menu_
    assert menu.isVisible()
    page_of(learner, "camera-choice", cameras=CAMERAS[:1])
    assert [each.text() for each in menu.actions()] == [CAMERAS[0].label]
    page_of(learner, "camera-choice", cameras=())
    assert not menu.isVisible()
    assert not page.choice.isVisible()


def test_a_camera_that_is_gone_is_not_named(learner: Learner) -> None:
    page = page_of(learner, "camera-choice")
    assert page.choice.text() == CAMERAS[0].label
    page_of(learner, "camera-unplugged")
    assert page.choice.text() == "选择摄像头"


def test_another_camera_where_one_is_busy(learner: Learner) -> None:
    learner.see(STATES["trouble-camera_busy"])
    tab_to(learner, "cameraMenu")
    assert "内置摄像头" in (QApplication.focusWidget() or QWidget()).accessibleName()


def test_the_voice_is_turned_on_by_key(learner: Learner) -> None:
    page_of(learner, "camera-choice", speech=False)
    tab_to(learner, "speechToggle")
    press(learner, Qt.Key.Key_Space)
    assert learner.said == [intents.SetSpeech(on=True)]


def test_without_a_voice_the_switch_says_why(learner: Learner) -> None:
    page = page_of(learner, "camera-no-voice", speech=True)
    assert not page.speech.isEnabled()
    assert not page.speech.isChecked()
    assert page.mute.isVisible()
    assert page.speech.accessibleDescription() == page.mute.plain() != ""
    page_of(learner, "camera-choice")
    assert page.speech.isEnabled()
    assert not page.mute.isVisible()


def test_instructions_and_lasting_hints_are_spoken(learner: Learner) -> None:
    spoken: list[str] = []
    learner.window.spoken.connect(spoken.append)
    page = page_of(learner, "camera-choice", hint="too_far")
    assert spoken == ["请面向摄像头，把脸放进椭圆"]
    page.prompter.timer.timeout.emit()
    assert spoken[1:] == ["离得有点远，请靠近一些"]
    view = STATES["camera-proving"].camera or CameraView("proving")
    check = replace(view.check, speech=True) if view.check is not None else None
    page_of(learner, "camera-proving", speech=True, check=check)
    page_of(learner, "camera-matched", speech=True)
    assert spoken[2:] == ["请张开嘴，再合上", "核验通过，是您本人 可以开始学习了。"]
