"""The product as it starts for a learner; ends as soon as its sign-in page can be used."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit

from app import bootstrap
from app.bootstrap import program as parts


def main() -> int:
    parts.run = run_until_usable
    return bootstrap.client("http://127.0.0.1:9")


def run_until_usable(program: parts.Program) -> int:
    """Like `program.run`, but leaves when the page has been painted and can be used."""

    def usable() -> None:
        field = program.window.findChild(QLineEdit, "signInName")
        assert field is not None
        if field.isVisible() and field.isEnabled() and program.window.windowHandle().isExposed():
            sys.stdout.write(f"{time.monotonic_ns()}\n")
            program.application.exit()

    timer = QTimer(interval=5)
    timer.timeout.connect(usable)
    program.conductor.start()
    program.window.show()
    timer.start()
    try:
        return program.application.exec()
    finally:
        program.close()


if __name__ == "__main__":
    sys.exit(main())
