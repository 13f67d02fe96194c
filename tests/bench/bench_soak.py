"""Hundreds of changes, openings and closings, some in mid-stall: nothing crashes, nothing stays.

Ours in a window on a virtual screen, with a sound device that only listens, its film from an
origin in a process of its own. rss_growth_mb and threads_leaked (Python's, Qt's and FFmpeg's) are
counted from after 30 rounds of warm-up. event_loop_gap_max_ms: the longest that the window's
event loop was away. `ANXUE_BENCH_SOAK=20/20/5`: changes, opens, stalled ones among them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from resources.build import coded_film
from resources.film.spec import FilmSpec
from tests.bench.figures import spread
from tests.bench.loudspeaker import loudspeaker
from tests.bench.machine import warn_if_busy
from tests.desktop import start_desktop

COUNTS = os.environ.get("ANXUE_BENCH_SOAK", "200/200/50").split("/")
ROOT = Path(__file__).resolve().parents[2]
HANGS_S = 60 + 6 * sum(map(int, COUNTS))
"""A child that takes longer hangs."""


def run() -> dict[str, object]:
    """Soak; an error if the child crashed or hung."""
    warn_if_busy("soak")
    coded_film(FilmSpec(75))  # made here, so that making it is not measured
    with loudspeaker() as where, start_desktop() as desktop:
        done = subprocess.run(
            [sys.executable, "-X", "faulthandler", "-m", "tests.bench.soak_child", *COUNTS],
            cwd=ROOT, env={**desktop.environment, **where}, stdout=subprocess.PIPE, text=True,
            timeout=HANGS_S, check=True,
        )  # fmt: skip
    told = json.loads(done.stdout)
    gaps = told.pop("change_gaps_ms")
    figures = {name: round(value, 2) for name, value in told.items()}
    return {**figures, "n": told["changes"] + told["opens"], "spread": round(spread(gaps), 3)}
