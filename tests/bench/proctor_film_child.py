"""Ours, for `proctor`: the coded film in a window, while the eyes look in the same process.

`python -m tests.bench.proctor_film_child FILM_FOLDER BASE PICTURES PACE SECONDS` writes a line
with `shown` and `dropped`, frames of the film. PACE: "RESTING", "CHECKING" or "" for no eyes.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.bootstrap.program import new_application
from player.adapters.chatter import quieten
from player.events import Mode
from tests.bench.proctor_child import SETTLES_S, load, watching
from tests.bench.rooms import ColdFilm, cold_cache, rooms


def main() -> int:
    folder, base, pictures, pace = Path(sys.argv[1]), *sys.argv[2:5]
    seconds = float(sys.argv[5])
    application = new_application()
    quieten()
    film = ColdFilm(folder, base)
    numbers: list[int] = []
    with cold_cache() as cache, rooms(cache) as ours, _eyes(pictures, pace):
        ours.view.frame_painted.connect(lambda start_us, _ns: numbers.append(start_us // 40_000))
        ours.player.open(film.film, Mode.HIGH, 0)
        ours.player.play()
        if not ours.wait(lambda: bool(numbers)):
            sys.stderr.write(f"no picture came: {ours.events}\n")
            return 1
        ours.run_for(SETTLES_S)
        numbers.clear()
        ours.run_for(seconds)
        whole = numbers[-1] - numbers[0] + 1
        told = {"shown": len(set(numbers)), "dropped": whole - len(set(numbers))}
    sys.stdout.write(json.dumps(told) + "\n")
    application.processEvents()
    return 0


@contextlib.contextmanager
def _eyes(pictures: str, pace: str) -> Iterator[None]:
    if not pace:
        yield
        return
    from proctor.adapters.eyes import Pace

    models, _ = load()
    stop = watching(models, np.load(pictures), Pace[pace])
    try:
        yield
    finally:
        stop()
        models.close()


if __name__ == "__main__":
    sys.exit(main())
