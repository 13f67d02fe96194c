"""What watching over a learner costs, and whether the film beside it suffers.

The camera gives pictures of a simulated learner from memory: neither drawing them nor a real
camera's own decoding is counted. Everything else is the real thing: the eyes' two threads, the
three models, the pure judgement. Cores are CPU seconds of the whole process a second.

check_cores: at 15 frames a second, as in a check; between_cores: at 2, as between checks;
hour_cores: a check of 20 s every 8.5 minutes, the middle of the policy's presets. rss_mb: what
models and eyes add (PSS). load_ms: from the first import to loaded models, files in the page cache.
*_ms: CPU of all threads for that part of one frame, the median. dropped_frames_beside_film: of
the coded film at 720p, played in the same process beside each of the two paces.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from resources.build import coded_film
from resources.film.spec import FilmSpec
from tests.bench.figures import percentile
from tests.bench.line import line
from tests.bench.loudspeaker import loudspeaker
from tests.bench.machine import warn_if_busy
from tests.bench.proctor_child import SETTLES_S
from tests.bench.sitter import record
from tests.desktop import start_desktop

SECONDS = float(os.environ.get("ANXUE_BENCH_SECONDS", "30"))
LOADS = 3
CHECK_S, CHECK_EVERY_S = 20.0, 510.0
ROOT = Path(__file__).resolve().parents[2]
PACES = ("RESTING", "CHECKING")

NAIVE = "naive."


def run() -> dict[str, object]:
    """Measure ours, the naive way, and the film without and with eyes beside it."""
    warn_if_busy("proctor")
    with tempfile.TemporaryDirectory() as place:
        pictures = Path(place) / "pictures.npy"
        record(pictures)
        looked = _child("proctor_child", str(pictures), str(SECONDS))
        loads = [_child("proctor_child")["load_ms"] for _ in range(LOADS)]
        film = _film(pictures)
    ours = {name: value for name, value in looked.items() if not name.startswith(NAIVE)}
    share = CHECK_S / CHECK_EVERY_S
    hour = share * ours["check_cores"] + (1 - share) * ours["between_cores"]
    return {
        **{name: round(value, 3) for name, value in ours.items()},
        "n": int(ours["n"]),
        "hour_cores": round(hour, 3),
        "load_ms": round(percentile(loads, 0.5)),
        **film,
        "peers": {
            "opencv_naive": {
                name.removeprefix(NAIVE): round(value, 3)
                for name, value in looked.items()
                if name.startswith(NAIVE)
            }
        },
    }


def _film(pictures: Path) -> dict[str, float]:
    """Frames lost beside each pace of the eyes, and beside none."""
    whole_s = SECONDS + SETTLES_S
    folder = coded_film(FilmSpec(round(whole_s) + 9))
    lost: dict[str, float] = {}
    shown: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as site:
        for file in folder.glob("*.mp4"):
            (Path(site) / file.name).symlink_to(file)
        for pace in ("", *PACES):
            with loudspeaker() as where, start_desktop() as desktop, line(Path(site)) as origin:
                told = _child(
                    "proctor_film_child", str(folder), origin.base, str(pictures), pace,
                    str(SECONDS), environment={**desktop.environment, **where},
                )  # fmt: skip
            lost[pace], shown[pace] = told["dropped"], told["shown"]
    return {
        "dropped_frames_beside_film": sum(lost[pace] for pace in PACES),
        "shown_frames_beside_film": sum(shown[pace] for pace in PACES),
        "dropped_frames_without_eyes": lost[""],
    }


def _child(
    module: str, *words: str, environment: Mapping[str, str] | None = None
) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
