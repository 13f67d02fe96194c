"""Somebody at the real program: what they read on the screen, and the widgets they use."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.adapters.places import Places
from app.bootstrap.demo import SessionSecrets
from app.bootstrap.program import Program, Setting, assemble
from app.present import Frame
from app.state import Phase
from app.ui.rehearsal.hands import Hands, NotThereError
from app.ui.widgets.basics import Elided, Paragraph
from sync.ports import Secrets
from sync.reference.embedded import EmbeddedPlatform
from sync.trust import Mode
from tests.faults.camera import Camera
from tests.journeys.still_face import no_camera

PATIENCE_MS = 20_000
PASSWORD = "anxue-demo"
NAMES = "中文|林桂芳|李志强|安学演示平台.*"
"""What is the same in both languages."""
HAN = re.compile("[\u4e00-\u9fff]")


class Person:
    """One start of the program. Everything goes through the widgets, by their names."""

    def __init__(
        self,
        qtbot: QtBot,
        application: QApplication,
        platform: EmbeddedPlatform,
        home: Path,
        *,
        camera: Camera | None = None,
        secrets: Secrets | None = None,
        mode: Mode = "demo",
        change: Callable[[Setting], Setting] = lambda setting: setting,
    ) -> None:
        self.qtbot = qtbot
        self.camera = camera or Camera()
        self.records = home / "data" / "records"
        setting = Setting(
            url=platform.url,
            certificate=platform.certificate,
            mode=mode,
            places=Places.under(home, home / "cache"),
            frame=Frame(demo=mode == "demo"),
            open_camera=no_camera,
            camera="none",
            secrets=secrets or SessionSecrets(),
            prompted=self.camera,
            watch=self.camera,
        )
        self.program: Program = assemble(change(setting), application)
        self.hands = Hands(self.program.window, home)
        self.program.window.resize(1366, 768)
        self.program.conductor.start()
        self.program.window.show()
        self.program.window.activateWindow()
        qtbot.waitExposed(self.program.window)
        self._open = True

    def close(self) -> None:
        """Leave; the window is gone at once, so that the next one is alone."""
        if self._open:
            self._open = False
            self.program.close()
            self.program.window.allow_close()
            self.program.window.deleteLater()

    # Reading

    def reads(self, name: str = "mainWindow") -> str:
        """The words that can be seen in a part of the window, a line each."""
        window = self.program.window
        part = window if name == window.objectName() else self._seen(name)
        lines = []
        for each in [part, *part.findChildren(QWidget)]:
            if not each.isVisible():
                continue
            if isinstance(each, Paragraph):
                lines.append(each.plain())
            elif isinstance(each, Elided):
                lines.append(each.whole())
            elif isinstance(each, QLabel | QAbstractButton):
                lines.append(each.text())
        return "\n".join(filter(None, lines))

    def until(self, what: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(what, timeout=PATIENCE_MS)

    def until_reads(self, *words: str, name: str = "mainWindow") -> None:
        """Wait for all of these to be on the screen."""

        def there() -> None:
            try:
                said = self.reads(name)
            except NotThereError:
                said = self.reads()
            missing = [each for each in words if each not in said]
            assert not missing, f"{missing} in:\n{said}"

        self.qtbot.waitUntil(there, timeout=PATIENCE_MS)

    def until_gone(self, words: str) -> None:
        self.until(lambda: words not in self.reads())

    def reads_in_english(self, *words: str, name: str = "mainWindow") -> None:
        """The same part in the other language, and back again."""
        self.click("languageButton")
        self.until_reads(*words, name=name)
        said = self.reads(name)
        assert not HAN.search(re.sub(NAMES, "", said)), said
        self.click("languageButton")

    # Acting

    def click(self, name: str) -> None:
        """Press a button as soon as it can be pressed."""
        self.until(lambda: self.hands.can(name))
        self.hands.click(name)

    def tries_to_sign_in(self, name: str = "demo", password: str = PASSWORD) -> None:
        self.until(lambda: self.hands.can("signInName"))
        self.hands.write("signInName", name)
        self.hands.write("signInPassword", password)
        self.click("signInButton")

    def signs_in(self, name: str = "demo") -> None:
        self.tries_to_sign_in(name)
        self.until(lambda: self.phase is Phase.IDENTIFYING)

    def enters_class(self) -> None:
        """Consent and the camera check."""
        self.click("consentAgree")
        self.click("cameraContinue")
        self.until(lambda: self.hands.can("continueButton"))

    def opens_lesson(self) -> None:
        self.click("continueButton")
        self.until(lambda: self.hands.can("resumeButton"))

    def plays(self, seconds: float = 0.5) -> None:
        """Press the big button and watch the film run for a while."""
        self.click("resumeButton")
        self.until(lambda: self.phase is Phase.PLAYING)
        self.watches(seconds)

    def watches(self, seconds: float) -> None:
        until_us = self.position_us + round(seconds * 1e6)
        self.until(lambda: self.position_us >= until_us)

    def studies(self, name: str = "demo") -> None:
        """From the sign-in page to a running film."""
        self.signs_in(name)
        self.enters_class()
        self.opens_lesson()
        self.plays()

    # What the program thinks, where the screen has no words for it

    @property
    def phase(self) -> Phase:
        return self.program.conductor.session.phase

    @property
    def position_us(self) -> int:
        study = self.program.conductor.session.study
        assert study is not None
        return study.position_us

    def _seen(self, name: str) -> QWidget:
        for each in self.program.window.findChildren(QWidget, name):
            if each.isVisible():
                return each
        raise NotThereError(name)
