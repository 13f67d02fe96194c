"""What the window shows of a look at the connection, and of a proxy that asks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app import intents
from app.errors import Report, Trouble
from app.ui.main_window import MainWindow
from app.ui.widgets.basics import Button, Paragraph
from app.ui.widgets.film import FilmView
from app.ui.widgets.line_dialog import LineDialog
from app.ui.widgets.proxy_dialog import ProxyDialog
from app.view import LineView, Page, SignInView, WindowView
from sync.connection import Examined, Finding

VIEW = WindowView(page=Page.SIGN_IN, language="zh_CN", sign_in=SignInView(name="demo"))
FOUND = Examined(
    "https://platform.example",
    (
        Finding("name", detail="platform.example"),
        Finding("way", detail="proxy.room:3128"),
        Finding("connect", "proxy_way_unknown", "proxy.room:3128 ntlm"),
    ),
)


def window(qtbot: QtBot) -> tuple[MainWindow, list[object]]:
    window = MainWindow(FilmView(clock=lambda: 0))
    qtbot.addWidget(window, before_close_func=lambda each: each.allow_close())
    said: list[object] = []
    window.intent.connect(said.append)
    window.resize(1366, 768)
    window.render(VIEW)
    window.show()
    qtbot.waitExposed(window)
    return window, said


def words(dialog: QDialog) -> str:
    shown = [each for each in dialog.findChildren(Paragraph) if each.isVisible()]
    return "\n".join(each.plain() for each in shown)


def button(parent: QDialog | MainWindow, name: str) -> Button:
    found = parent.findChild(Button, name)
    assert found is not None
    return found


def test_a_look_at_the_connection(qtbot: QtBot) -> None:
    shown, said = window(qtbot)
    shown.render(replace(VIEW, line=LineView()))
    dialog = shown.findChild(LineDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: "最多半分钟" in words(dialog), timeout=3000)
    assert not button(dialog, "lineAgain").isEnabled()
    shown.render(replace(VIEW, line=LineView((FOUND,))))
    qtbot.waitUntil(lambda: "proxy.room:3128" in words(dialog), timeout=3000)
    told = words(dialog)
    assert "通路\n" in told
    assert "经过代理服务器 proxy.room:3128。" in told
    assert not button(dialog, "lineProxy").isVisible(), "this one takes no password"
    assert "只接受单位的域账号登录" in told
    assert "请网络管理员" in told
    button(dialog, "lineAgain").click()
    button(dialog, "lineClose").click()
    assert said == [intents.LookAtLine(), intents.CloseLine()]
    shown.render(VIEW)
    shown.render(replace(VIEW, line=LineView()))
    assert any(each is not dialog for each in shown.findChildren(LineDialog)), "it opens again"


def test_trouble_with_the_line_offers_the_look(qtbot: QtBot) -> None:
    shown, said = window(qtbot)
    report = Report(Trouble.PORTAL)
    shown.render(replace(VIEW, sign_in=SignInView(name="demo", report=report)))
    help_button = button(shown, "signInLine")
    assert help_button.isVisible()
    help_button.click()
    assert said[-1] == intents.LookAtLine()
    wrong = Report(Trouble.WRONG_PASSWORD)
    shown.render(replace(VIEW, sign_in=SignInView(name="demo", report=wrong)))
    assert not help_button.isVisible()


def test_a_proxys_name_and_password_come_before_the_next_try(qtbot: QtBot) -> None:
    shown, said = window(qtbot)
    shown.findChild(QLineEdit, "signInPassword").setText("anxue")  # type: ignore[union-attr]
    report = Report(Trouble.PROXY_ASKS, place="proxy.room.invalid:3128")
    shown.render(replace(VIEW, sign_in=SignInView(name="demo", report=report)))
    button(shown, "signInLine").click()
    dialog = shown.findChild(ProxyDialog)
    assert dialog is not None
    assert dialog.place.plain() == "proxy.room.invalid:3128", "one sees to whom the password goes"
    assert dialog.place.isVisible()
    button(dialog, "proxyUse").click()
    assert said == [], "without a name nothing goes out"
    dialog.name.setText(" room ")
    dialog.password.setText("open sesame")
    button(dialog, "proxyUse").click()
    assert said == [
        intents.ProxyLogin("room", "open sesame", remember=False),
        intents.SignIn("demo", "anxue", remember_password=False),
    ]


def test_a_proxy_that_asks_in_the_middle_of_study_can_be_answered(qtbot: QtBot) -> None:
    """Help, a look at the connection, and there: nobody has to sign out for it."""
    shown, said = window(qtbot)
    asks = Finding("connect", "proxy_asks", "proxy.room:3128 basic")
    found = Examined("https://platform.example", (Finding("name"), asks))
    shown.render(replace(VIEW, page=Page.CLASS, sign_in=None, line=LineView((found,))))
    line = shown.findChild(LineDialog)
    assert line is not None
    button(line, "lineProxy").click()
    dialog = shown.findChild(ProxyDialog)
    assert dialog is not None
    assert dialog.place.plain() == "proxy.room:3128"
    dialog.name.setText("room")
    dialog.password.setText("open sesame")
    button(dialog, "proxyUse").click()
    login = intents.ProxyLogin("room", "open sesame", remember=False)
    assert said == [login, intents.LookAtLine()]
