"""Ours, for `soak`: `python -m tests.bench.soak_child CHANGES OPENS STALLED` writes its figures."""

from __future__ import annotations

import dataclasses
import json
import sys

from app.bootstrap.program import new_application
from player.adapters.chatter import quieten
from resources.build import coded_film
from resources.film.spec import FilmSpec
from tests.bench.line import line
from tests.bench.rooms import ColdFilm, cold_cache, rooms
from tests.bench.soak import CACHE_BYTES, Soak


def main() -> int:
    changes, opens, stalled = (int(word) for word in sys.argv[1:4])
    folder = coded_film(FilmSpec(75))
    application = new_application()
    quieten()
    with line(folder) as origin, cold_cache(CACHE_BYTES) as cache, rooms(cache) as ours:
        soak = Soak(ours, ColdFilm(folder, origin.base))
        soaked = soak.run(changes, opens, stalled)
    application.processEvents()
    for when, memory_mb in soak.memory_mb:
        sys.stderr.write(f"{when:>10} {memory_mb:7.1f} MB\n")
    sys.stdout.write(json.dumps(dataclasses.asdict(soaked)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
