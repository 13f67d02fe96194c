"""A lesson on a real X server: says on stdout what the window saw.

Lines: `ready <x> <y>` (the middle of the captions' button on the screen), `menu`,
`closed`, `focus <what>`, `said <intent>`.
"""

import sys
import time
from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.events import FocusChanged
from app.ui.attention import Attention
from app.ui.gallery_pictures import film
from app.ui.gallery_states import FILMS, states
from app.ui.main_window import MainWindow
from app.ui.theme import Theme


def say(*words: object) -> None:
    """One line, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run until terminated."""
    application = QApplication(sys.argv[:1])
    Theme(application)
    window = MainWindow(film())
    window.setGeometry(20, 20, 1200, 700)
    attention = Attention(window, time.monotonic_ns)

    def focus_changed(event: FocusChanged) -> None:
        say("focus", event.focus)

    attention.changed.connect(focus_changed)
    window.intent.connect(lambda intent: say("said", intent))
    view = states()["lesson-rich"]
    window.render(replace(view, lesson=FILMS["rich"]))
    window.show()
    was_ready = False
    was_open = False

    def look() -> None:
        nonlocal was_ready, was_open
        if not was_ready and window.isActiveWindow():
            was_ready = True
            button = window.findChild(QWidget, "captionsButton")
            assert button is not None
            middle = button.mapToGlobal(button.rect().center())
            say("ready", middle.x(), middle.y())
        menu = application.activePopupWidget()
        if isinstance(menu, QMenu) != was_open:
            was_open = not was_open
            say("menu" if was_open else "closed")

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    application.exec()


if __name__ == "__main__":
    main()
