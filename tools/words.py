"""What dev.py says: short lines in Chinese and English, and errors that name the next step."""

import sys
import time

_started = time.monotonic()


class TroubleError(Exception):
    """Something a person can do something about; shown without a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        """Each wording says what happened and what to do next."""
        super().__init__(f"{zh}\n{en}")


def step(zh: str, en: str) -> None:
    """Tell that something begins that may take a while, and how long it has been so far."""
    print(f"[{time.monotonic() - _started:6.1f} s] {zh} · {en}", flush=True)


def speak_plainly() -> None:
    """Let no console that lacks a character (Windows, LANG=C) stop the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
