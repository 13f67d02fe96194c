"""Everything can be done with the keyboard alone, and one sees where one is."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app import intents
from app.ui.gallery_states import LESSON, SIGN_IN, states
from app.ui.widgets.focus_ring import FocusRing
from app.ui.widgets.seek_bar import SeekBar
from app.view import Page
from player.events import Mode
from tests.ui.conftest import Learner, settle

STATES = states()
# Keys that `keyClick` warns of, because it looks for their letter.
NAMELESS = (
    Qt.Key.Key_MediaPlay,
    Qt.Key.Key_MediaPause,
    Qt.Key.Key_MediaStop,
    Qt.Key.Key_MediaTogglePlayPause,
    Qt.Key.Key_MediaNext,
    Qt.Key.Key_AudioForward,
    Qt.Key.Key_AudioRewind,
)


def press(learner: Learner, *keys: Qt.Key) -> None:
    """Press keys where the focus is, as a keyboard does."""
    for key in keys:
        target = QApplication.focusWidget() or learner.window
        if key in NAMELESS:
            QTest.sendKeyEvent(
                QTest.KeyAction.Click, target, key, "", Qt.KeyboardModifier.NoModifier
            )
        else:
            QTest.keyClick(target, key)
        settle()


def write(text: str) -> None:
    """Type into the field that has the focus."""
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)


def focused() -> str:
    control = QApplication.focusWidget()
    return control.objectName() if control is not None else ""


def tab_to(learner: Learner, name: str) -> None:
    """Go on with Tab until a control has the focus."""
    for _ in range(40):
        if focused() == name:
            return
        press(learner, Qt.Key.Key_Tab)
    pytest.fail(f"Tab never reaches {name}")


def order(learner: Learner, *, first: str) -> list[str]:
    """The names that Tab goes through, once round."""
    tab_to(learner, first)
    names = [first]
    for _ in range(40):
        press(learner, Qt.Key.Key_Tab)
        if focused() == first:
            return names
        names.append(focused())
    pytest.fail("Tab does not come round")


def test_signing_in(learner: Learner) -> None:
    learner.see(STATES["sign-in"])
    assert focused() == "signInName"
    write("gd20260412")
    press(learner, Qt.Key.Key_Tab)
    assert focused() == "signInPassword"
    write("geheim-2026")
    press(learner, Qt.Key.Key_Tab, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Return)
    assert learner.said == [intents.SignIn("gd20260412", "geheim-2026", remember_password=True)]


def test_enter_in_the_password_signs_in(learner: Learner) -> None:
    learner.see(STATES["sign-in"], sign_in=replace(SIGN_IN, name="gd20260412"))
    assert focused() == "signInPassword"
    press(learner, Qt.Key.Key_Return)
    assert learner.said == []
    write("geheim")
    press(learner, Qt.Key.Key_Enter)
    assert learner.said == [intents.SignIn("gd20260412", "geheim", remember_password=False)]


def test_what_was_typed_survives_new_views(learner: Learner) -> None:
    learner.see(STATES["sign-in"])
    write("gd20260412")
    learner.see(STATES["sign-in-busy"], sign_in=replace(SIGN_IN, busy=True))
    learner.see(STATES["sign-in"])
    name = learner.window.findChild(QWidget, "signInName")
    assert name is not None
    assert name.property("text") == "gd20260412"


def test_the_demo_account_is_filled_in(learner: Learner) -> None:
    learner.see(STATES["sign-in-demo"])
    tab_to(learner, "fillDemo")
    press(learner, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert learner.said == [intents.SignIn("xueyuan", "anquan2026", remember_password=False)]


def test_a_second_enter_at_sign_in_is_no_consent(learner: Learner) -> None:
    learner.see(STATES["consent"])
    press(learner, Qt.Key.Key_Return, Qt.Key.Key_Space)
    assert learner.said == []


def test_consent_and_the_way_without(learner: Learner) -> None:
    learner.see(STATES["consent"])
    tab_to(learner, "consentDecline")
    press(learner, Qt.Key.Key_Return)
    learner.see(STATES["consent-declined"])
    tab_to(learner, "consentBack")
    press(learner, Qt.Key.Key_Return)
    tab_to(learner, "consentAgree")
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [intents.Decline(), intents.Agree()]


@pytest.mark.parametrize(
    ("state", "control", "said"),
    [
        ("camera-matched", "cameraContinue", intents.EnterClass()),
        ("camera-mismatch", "cameraRetry", intents.Retry()),
        ("class", "continueButton", intents.OpenLesson("cs-2")),
        ("lesson-paused-unfocused", "resumeButton", intents.Play()),
        ("lesson-ready", "resumeButton", intents.Play()),
        ("lesson-film-unreachable", "lessonRetry", intents.Retry()),
        ("lesson-buffering", "useFluent", intents.SetMode(Mode.FLUENT)),
        ("check-failed-print", "checkRetry", intents.RetryCheck()),
        ("hours", "exportButton", intents.ExportRecords()),
        ("trouble-camera_busy", "troubleRetry", intents.Retry()),
        ("signed-out-learner", "signedOutAgain", intents.Retry()),
    ],
)
def test_enter_does_the_main_action_at_once(
    learner: Learner, state: str, control: str, said: object
) -> None:
    learner.see(STATES[state])
    assert focused() == control
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [said]


@pytest.mark.parametrize(
    ("state", "control", "said"),
    [
        ("class", "lessonCard_cs-3", intents.OpenLesson("cs-3")),
        ("class", "hoursButton", intents.ShowHours()),
        ("class", "languageButton", intents.SetLanguage("en")),
        ("class", "signOutButton", intents.SignOut()),
        ("hours", "backToClass", intents.BackToClass()),
        ("class-error", "classRetry", intents.Retry()),
        ("class-empty", "classRefresh", intents.Retry()),
        ("notice-offline", "noticeDismiss", intents.DismissNotice()),
        ("lesson-counting", "modeHigh", intents.SetMode(Mode.HIGH)),
        ("lesson-counting", "backToClass", intents.BackToClass()),
        ("lesson-counting", "courseLesson_cs-3", intents.OpenLesson("cs-3")),
        ("lesson-finished", "pauseBack", intents.BackToClass()),
        ("lesson-slow-line", "modeStandard", intents.SetMode(Mode.STANDARD)),
    ],
)
def test_every_other_action_is_reached_with_tab(
    learner: Learner, state: str, control: str, said: object
) -> None:
    learner.see(STATES[state])
    tab_to(learner, control)
    press(learner, Qt.Key.Key_Return)
    assert learner.said == [said]


@pytest.mark.parametrize(
    ("state", "key", "said"),
    [
        ("lesson-counting", Qt.Key.Key_Space, intents.Pause()),
        ("lesson-paused-unfocused", Qt.Key.Key_Space, intents.Play()),
        ("lesson-counting", Qt.Key.Key_Left, intents.Seek(785_000_000)),
        ("lesson-counting", Qt.Key.Key_M, intents.SetVolume(1.0, muted=True)),
        ("lesson-simulated", Qt.Key.Key_M, intents.SetVolume(1.0, muted=False)),
        ("lesson-counting", Qt.Key.Key_Down, intents.SetVolume(0.95, muted=False)),
        ("lesson-simulated", Qt.Key.Key_Up, intents.SetVolume(0.05, muted=False)),
        ("lesson-counting", Qt.Key.Key_MediaTogglePlayPause, intents.Pause()),
        ("lesson-paused-unfocused", Qt.Key.Key_MediaTogglePlayPause, intents.Play()),
        ("lesson-counting", Qt.Key.Key_MediaPause, intents.Pause()),
        ("lesson-counting", Qt.Key.Key_MediaStop, intents.Pause()),
        ("lesson-paused-unfocused", Qt.Key.Key_MediaPlay, intents.Play()),
        ("lesson-counting", Qt.Key.Key_MediaPlay, intents.Pause()),
        ("lesson-counting", Qt.Key.Key_AudioRewind, intents.Seek(785_000_000)),
        ("lesson-rich", Qt.Key.Key_C, intents.SetCaptions("", "medium")),
        ("lesson-captions-off", Qt.Key.Key_C, intents.SetCaptions("zh_CN", "medium")),
        ("check-failed-print", Qt.Key.Key_Space, intents.RetryCheck()),
    ],
)
def test_the_keys_of_the_lesson(learner: Learner, state: str, key: Qt.Key, said: object) -> None:
    learner.see(STATES[state])
    press(learner, key)
    assert learner.said == [said]


@pytest.mark.parametrize("state", ["check-turn_left", "lesson-loading", "lesson-paused-absent"])
def test_space_does_nothing_where_nothing_can_play(learner: Learner, state: str) -> None:
    learner.see(STATES[state])
    press(learner, Qt.Key.Key_Space, Qt.Key.Key_Left if "check" in state else Qt.Key.Key_Space)
    assert learner.said == []


def test_the_focus_is_on_what_begins_the_lesson_once_it_is_open(learner: Learner) -> None:
    learner.see(STATES["lesson-loading"])
    learner.see(STATES["lesson-ready"])
    assert focused() == "resumeButton"


FORWARD = (
    Qt.Key.Key_Right,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_MediaNext,
    Qt.Key.Key_AudioForward,
)


@pytest.mark.parametrize("control", ["playButton", "seekBar", "fullScreenButton"])
def test_nothing_goes_forward(learner: Learner, control: str) -> None:
    learner.see(STATES["lesson-counting"])
    tab_to(learner, control)
    press(learner, *FORWARD)
    assert learner.said == []
    bar = learner.window.findChild(SeekBar)
    assert bar is not None
    assert bar.value() == round(LESSON.position_s * 1000)


@pytest.mark.parametrize(
    ("state", "key"),
    [
        ("lesson-counting", Qt.Key.Key_C),
        ("lesson-paused-learner", Qt.Key.Key_MediaPause),
        ("lesson-paused-learner", Qt.Key.Key_MediaStop),
        ("check-turn_left", Qt.Key.Key_MediaTogglePlayPause),
        ("check-turn_left", Qt.Key.Key_MediaPlay),
    ],
)
def test_a_key_that_has_nothing_to_do_says_nothing(
    learner: Learner, state: str, key: Qt.Key
) -> None:
    learner.see(STATES[state])
    press(learner, key)
    assert learner.said == []


def test_back_stops_at_the_beginning(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"], lesson=replace(LESSON, position_s=4.0))
    press(learner, Qt.Key.Key_Left)
    assert learner.said == [intents.Seek(0)]


def test_full_screen_and_out_again(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"])
    press(learner, Qt.Key.Key_F)
    assert learner.window.isFullScreen()
    assert not learner.window.header.isVisible()
    line = learner.window.findChild(QWidget, "statusLine")
    assert line is not None
    assert line.isVisible()
    press(learner, Qt.Key.Key_Escape)
    assert not learner.window.isFullScreen()
    assert learner.window.header.isVisible()
    assert learner.said == []


def test_leaving_the_lesson_leaves_full_screen(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"])
    press(learner, Qt.Key.Key_F)
    learner.see(STATES["signed-out-check_failed"])
    assert not learner.window.isFullScreen()
    assert learner.window.header.isVisible()


def test_f1_opens_the_short_manual(learner: Learner) -> None:
    learner.see(STATES["class"])
    press(learner, Qt.Key.Key_F1)
    dialog = learner.window.findChild(QDialog, "helpDialog")
    assert dialog is not None
    assert dialog.isVisible()
    assert focused() == "helpClose"
    press(learner, Qt.Key.Key_Return)
    assert learner.window.findChild(QDialog, "helpDialog") is None or not dialog.isVisible()


def test_why_explains_what_is_not_counted(learner: Learner) -> None:
    learner.see(STATES["lesson-not-counted"])
    tab_to(learner, "statusAction")
    press(learner, Qt.Key.Key_Return)
    dialog = learner.window.findChild(QDialog, "whyDialog")
    assert dialog is not None
    assert dialog.isVisible()
    press(learner, Qt.Key.Key_Escape)
    assert learner.said == []


def test_tab_follows_the_eye_on_the_sign_in_page(learner: Learner) -> None:
    learner.see(STATES["sign-in-demo"])
    assert order(learner, first="signInName") == [
        "signInName",
        "signInPassword",
        "rememberPassword",
        "signInButton",
        "fillDemo",
        "languageButton",
        "helpButton",
    ]


def test_tab_follows_the_eye_in_a_paused_lesson(learner: Learner) -> None:
    learner.see(STATES["lesson-paused-unfocused"])
    assert order(learner, first="resumeButton")[:10] == [
        "resumeButton",
        "statusAction",
        "seekBar",
        "playButton",
        "backButton10",
        "muteButton",
        "volumeSlider",
        "modeFluent",
        "modeStandard",
        "modeHigh",
    ]


def ring(learner: Learner) -> FocusRing:
    found = learner.window.findChild(FocusRing)
    assert found is not None
    return found


@pytest.mark.parametrize("state", ["class", "lesson-counting", "hours", "consent"])
def test_the_ring_lies_around_the_control_with_its_gap(learner: Learner, state: str) -> None:
    learner.see(STATES[state])
    for _ in range(6):
        press(learner, Qt.Key.Key_Tab)
        control = QApplication.focusWidget()
        assert control is not None
        around = ring(learner)
        assert around.isVisible()
        corner = around.mapToGlobal(QPoint(0, 0))
        inside = control.mapToGlobal(QPoint(0, 0))
        assert inside - corner == QPoint(4, 4)
        assert around.width() == control.width() + 8


def test_the_mouse_needs_no_ring(learner: Learner) -> None:
    learner.see(STATES["lesson-counting"])
    button = learner.window.findChild(QWidget, "modeFluent")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()
    assert not ring(learner).isVisible()
    assert learner.said == [intents.SetMode(Mode.FLUENT)]


def test_the_focus_is_never_lost_when_the_page_changes(learner: Learner) -> None:
    for name, view in STATES.items():
        learner.see(view)
        control = QApplication.focusWidget()
        assert control is not None, name
        assert control.isVisible() or view.page is Page.CONSENT, name
