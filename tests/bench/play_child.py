"""Ours, for `play`: opens the film some times, then plays it in a window.

`python -m tests.bench.play_child FILM_FOLDER BASE OPENS SECONDS` writes a line with
`first_picture_ms`, a list, when it has begun to play, and one with `dropped` at the end.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from app.bootstrap.program import new_application
from player.adapters.chatter import quieten
from player.events import Mode
from tests.bench.rooms import ColdFilm, cold_cache, rooms


def main() -> int:
    folder, base = Path(sys.argv[1]), sys.argv[2]
    opens, seconds = int(sys.argv[3]), float(sys.argv[4])
    application = new_application()
    quieten()
    film = ColdFilm(folder, base)
    painted: list[tuple[int, int]] = []
    with cold_cache() as cache, rooms(cache) as ours:
        ours.view.frame_painted.connect(lambda start_us, at_ns: painted.append((start_us, at_ns)))
        first_ms = []
        for _ in range(opens):
            ours.player.close()
            ours.run_for(0.3)
            film.renew(Mode.HIGH)
            painted.clear()
            began_ns = time.monotonic_ns()
            ours.player.open(film.film, Mode.HIGH, 0)
            if not ours.wait(lambda: bool(painted)):
                sys.stderr.write(f"no picture came: {ours.events}\n")
                return 1
            first_ms.append((painted[0][1] - began_ns) / 1e6)
        painted.clear()
        ours.player.play()
        say(first_picture_ms=first_ms)
        ours.run_for(seconds)
        numbers = [start_us // 40_000 for start_us, _ in painted]
        say(dropped=numbers[-1] - numbers[0] + 1 - len(set(numbers)))
    application.processEvents()
    return 0


def say(**figures: object) -> None:
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
