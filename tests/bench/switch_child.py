"""Ours, for `switch`: changes modes while playing, and tells what was painted.

`python -m tests.bench.switch_child FILM_FOLDER BASE ROUNDS` writes one JSON object: `shown`,
[[at_ns, number, rendition]…] of every painted picture, and `changes`, [[asked_ns, old, new]…].
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from app.bootstrap.program import new_application
from player.adapters.chatter import quieten
from player.events import Mode
from tests.bench.rooms import ColdFilm, Rooms, cold_cache, mark_of, rooms
from tests.bench.walk import AFTER_S, BEFORE_S, LAST_S, WALK, changes


def main() -> int:
    folder, base, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    application = new_application()
    quieten()
    film = ColdFilm(folder, base)
    shown: list[tuple[int, int, str]] = []
    asked: list[tuple[int, str, str]] = []
    with cold_cache() as cache, rooms(cache) as ours:

        def painted(_start_us: int, at_ns: int) -> None:
            mark = mark_of(ours.view.picture())
            shown.append((at_ns, mark.number, mark.rendition) if mark else (at_ns, -1, ""))

        ours.view.frame_painted.connect(painted)
        ours.watch(film.film, Mode(WALK[0]), frames=25)
        for old, new in changes(rounds):
            rewind(ours, shown)
            ours.run_for(BEFORE_S)
            film.renew(Mode(new))
            asked.append((time.monotonic_ns(), old, new))
            if not ours.change(Mode(new)):
                sys.stderr.write(f"{old} -> {new} never came: {ours.events[-3:]}\n")
                break
            ours.run_for(AFTER_S)
    application.processEvents()
    sys.stdout.write(json.dumps({"shown": shown, "changes": asked}) + "\n")
    return 0


def rewind(ours: Rooms, shown: list[tuple[int, int, str]]) -> None:
    """Go back to the beginning where little film is left."""
    if shown[-1][1] < LAST_S * 25:
        return
    ours.player.seek(0)
    ours.wait(lambda: shown[-1][1] < 100)
    ours.run_for(AFTER_S)


if __name__ == "__main__":
    sys.exit(main())
