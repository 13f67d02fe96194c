"""PySide6 6.12.0 loses references to None, True and False on Python 3.11 and aborts in minutes.

`pyproject.toml` holds it back; this tells whether a newer one may be let in.
"""

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication


class Sender(QObject):
    sent = Signal(bool)


def test_emitting_and_processing_events_keeps_the_singletons(qapp: QApplication) -> None:
    sender = Sender()
    seen: list[bool] = []
    sender.sent.connect(seen.append)
    singletons = (None, True, False)
    before = [sys.getrefcount(value) for value in singletons]
    for number in range(2000):
        sender.sent.emit(number % 2 == 0)
        qapp.processEvents()
    seen.clear()
    after = [sys.getrefcount(value) for value in singletons]
    lost = [old - new for old, new in zip(before, after, strict=True)]
    assert max(lost) < 100, f"references lost in 2,000 emits: {lost}"
