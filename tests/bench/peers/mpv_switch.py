"""mpv, for `switch`: another file at the same position, as a program around libmpv does it.

`python -m tests.bench.peers.mpv_switch FILM_FOLDER BASE ROUNDS` writes the same log as
`switch_child`. Measured before and worse: HLS or `video-add`, then `vid=` (a stall of 600 ms).
"""

from __future__ import annotations

import json
import locale
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from tests.bench.peers.mpv_library import Mpv
from tests.bench.seam import WITHIN_NS
from tests.bench.walk import AFTER_S, BEFORE_S, LAST_S, WALK, changes
from tests.film import read_strip

OPTIONS = {
    "config": "no", "ao": "pulse", "hwdec": "no", "cache": "yes", "hr-seek": "yes",
    "keep-open": "yes", "terminal": "no", "video-timing-offset": "0",
}  # fmt: skip


def main() -> int:
    folder, base, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    files = {
        name: told["file"]
        for name, told in json.loads((folder / "film.json").read_text("utf-8"))[
            "renditions"
        ].items()
    }
    locale.setlocale(locale.LC_NUMERIC, "C")  # libmpv insists
    copies = count(1)
    shown: list[tuple[int, int, str]] = []
    asked: list[tuple[int, str, str]] = []
    wanted = [WALK[0]]
    mpv = Mpv(OPTIONS, 854, 480)

    def load(rendition: str, at_s: float) -> None:
        url = f"{base}{files[rendition]}?copy={next(copies)}"
        mpv.command("loadfile", url, "replace", f"start={at_s:.3f}")

    def rendered() -> None:
        at_ns = time.monotonic_ns()
        mark = read_strip(mpv.picture)
        now = (mark.number, mark.rendition) if mark else (-1, "")
        if mark and (not shown or shown[-1][1:] != now):  # mpv also renders a picture again
            shown.append((at_ns, *now))

    ended = threading.Event()
    screen = threading.Thread(target=mpv.render_until, args=(ended, rendered))
    screen.start()
    try:
        load(WALK[0], 0)
        _wait(lambda: len(shown) > 25)
        for old, new in changes(rounds):
            if shown[-1][1] > LAST_S * 25:
                load(old, 0)
                _wait(lambda: shown[-1][1] < 100)
                time.sleep(AFTER_S)
            time.sleep(BEFORE_S)
            wanted.append(new)
            asked.append((time.monotonic_ns(), old, new))
            load(new, mpv.number("time-pos") or 0)
            _wait(lambda: shown[-1][2] == wanted[-1])
            time.sleep(AFTER_S)
    finally:
        ended.set()
        screen.join()
        mpv.close()
    sys.stdout.write(json.dumps({"shown": shown, "changes": asked}) + "\n")
    return 0


def _wait(done: Callable[[], bool]) -> None:
    ends_ns = time.monotonic_ns() + WITHIN_NS
    while not done() and time.monotonic_ns() < ends_ns:
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
