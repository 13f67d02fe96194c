"""A process that plays the coded film, as the program does: for tests that look at it from outside.

Prints `playing` once frames are shown, then, when its standard input ends or `FILM_S` have been
shown, the start times of all frames in us as JSON, in the order in which they were shown.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

FILM_S = 20
AT_US = 5_000_000
WITHIN_S = 60.0


def main() -> None:
    """Play from `AT_US` on."""
    from PySide6.QtWidgets import QApplication

    from app.adapters.awake import Awake
    from player.adapters.local_files import LocalFiles
    from player.events import Failed, Mode, Opened
    from tests.player_rig import coded, rig

    application = QApplication(["anxue"])
    told_to_end = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        told_to_end.set()

    threading.Thread(target=listen, daemon=True).start()
    awake = Awake()
    ends_s = time.monotonic() + WITHIN_S
    said = started = False
    with rig(LocalFiles()) as running:
        running.player.open(coded(), Mode.STANDARD, AT_US)
        while not told_to_end.is_set() and time.monotonic() < ends_s and not running.all(Failed):
            application.processEvents()
            time.sleep(0.002)
            if not started and running.all(Opened):
                started = True
                awake.hold("playing")
                running.player.play()
            if not said and len(running.shown) > 10:
                said = True
                print("playing", flush=True)
            if running.shown and running.shown[-1].start_us > AT_US + FILM_S * 1_000_000:
                break
        running.player.pause()
        print(json.dumps([frame.start_us for frame in running.shown]), flush=True)
    awake.close()


if __name__ == "__main__":
    main()
