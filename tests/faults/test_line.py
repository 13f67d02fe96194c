"""The real program where the line is bad: two addresses, a proxy that asks, leaving in a hurry."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QProgressBar, QPushButton

from app.bootstrap.demo import SessionSecrets
from app.bootstrap.program import Setting
from app.state import Phase
from app.ui.widgets.proxy_dialog import ProxyDialog
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import Faults
from tests.faults.conftest import Start
from tests.faults.person import Person

Turn = Callable[[Faults], None]
DEAD = "http://127.0.0.1:9"
SENDING = "正在交给平台"


def seen(person: Person, name: str) -> bool:
    return person.hands.can(name)


def test_all_of_study_at_the_second_address(start: Start, platform: EmbeddedPlatform) -> None:
    """The first is dead from the beginning; the learner reads nothing of it."""

    def at_the_second(setting: Setting) -> Setting:
        return replace(setting, url=DEAD, second=platform.url)

    person = start(change=at_the_second)
    person.studies()
    person.click("playButton")
    kept = person.program.conductor.session.records
    person.until(lambda: person.program.conductor.session.confirmed >= kept)
    assert "离线" not in person.reads("header")


def test_leaving_without_waiting_and_sending_at_the_next_sign_in(start: Start, turn: Turn) -> None:
    secrets = SessionSecrets()
    person = start(secrets=secrets)
    person.signs_in()
    turn(Faults(path="/v1/records", delay_s=3.0))
    person.click("signOutButton")
    person.until_reads(SENDING, "条记录", "先离开，稍后自动发送")
    bar = person.program.window.findChild(QProgressBar, "signedOutProgress")
    assert bar is not None
    assert bar.isVisible()
    assert bar.maximum() > 0
    person.click("signedOutLeave")
    person.until_reads("条记录保存在这台电脑上，下次登录时自动上传")
    assert not seen(person, "signedOutLeave")
    turn(Faults())
    person.close()
    second = start(secrets=secrets)
    second.signs_in()
    store = second.program.courier._desk.store
    assert store is not None
    live = second.program.courier._desk.live
    second.until(lambda: [each.chain for each in store.open_chains()] == [live])


def test_closing_the_window_twice_waits_for_nothing(start: Start, turn: Turn) -> None:
    from app.bootstrap.program import _leave_properly

    person = start()
    _leave_properly(person.program)
    person.signs_in()
    turn(Faults(path="/v1/records", delay_s=3.0))
    window = person.program.window
    window.close()
    person.until(lambda: person.phase is Phase.ENDED)
    assert window.isVisible(), "it waits for the last records"
    person.until_reads(SENDING)
    window.close()
    person.until(lambda: not window.isVisible())
    turn(Faults())


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[str]:
    """A real proxy that asks for a name and password: host:port."""
    file = tmp_path / "port"
    command = [sys.executable, "-m", "proxy", "--hostname", "127.0.0.1", "--port", "0"]
    command += ["--port-file", str(file), "--basic-auth", "room:open sesame", "--num-workers", "1"]
    command += ["--num-acceptors", "1", "--log-level", "CRITICAL"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until_s = time.monotonic() + 30
    while not (file.exists() and file.read_text().strip()) and time.monotonic() < until_s:
        time.sleep(0.05)
    yield f"127.0.0.1:{file.read_text().strip()}"
    process.terminate()
    process.wait(10)


def test_a_proxy_that_asks(start: Start, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name and password for the proxy are asked for, used, and kept if one likes."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    secrets = SessionSecrets()
    person = start(
        secrets=secrets, change=lambda setting: replace(setting, url="https://127.0.0.2:9")
    )
    person.tries_to_sign_in()
    person.until_reads("代理服务器要求用户名和密码", "和学习账号无关", "填写代理密码")
    person.click("signInLine")
    dialog = QApplication.activeModalWidget() or person.program.window.findChild(ProxyDialog)
    assert isinstance(dialog, ProxyDialog)
    for name, text in (("proxyName", "room"), ("proxyPassword", "open sesame")):
        field = dialog.findChild(QLineEdit, name)
        assert field is not None
        field.setText(text)
    dialog.remember.setChecked(True)
    use = dialog.findChild(QPushButton, "proxyUse")
    assert use is not None
    use.click()
    # The proxy lets it through; that nobody listens behind it is another trouble.
    person.until_reads("暂时连接不上培训平台")
    assert secrets.password(f"proxy {proxy}") == '["room", "open sesame"]'
