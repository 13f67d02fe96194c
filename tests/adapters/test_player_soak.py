"""The short form of `dev.py bench soak`: changes, openings and closings leave nothing behind."""

import json
import subprocess
import sys

import pytest

from resources.build import coded_film
from resources.film.spec import FilmSpec
from tests.bench.bench_soak import ROOT

pytestmark = [
    pytest.mark.course,
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]


def test_changes_openings_and_stalls_leave_nothing_behind() -> None:
    coded_film(FilmSpec(75))
    # A process of its own: a crash is told apart, a hang is seen, and the memory is the player's
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.bench.soak_child", "12", "12", "4"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    soaked = json.loads(done.stdout)
    assert (soaked["changes"], soaked["opens"], soaked["stalled"]) == (12, 12, 4)
    assert len(soaked["change_gaps_ms"]) == 12
    assert soaked["threads_leaked"] == 0
    assert soaked["rss_growth_mb"] < 5, done.stderr
