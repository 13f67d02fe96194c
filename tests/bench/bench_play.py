"""What playing 720p costs, beside mpv and Chromium: the coded film for a minute, same run.

All three show it in a window of 1280×720 on a virtual screen without a GPU, their sound goes to a
sound device that only listens, the film comes from an origin in a process of its own. Ours is the
real media cache (its folder empty before each opening), player and picture.

cpu_percent is of one core, rss_mb the proportional share (PSS), both of all processes of a
program. first_picture_ms: from the call that opens a film until its picture is there, the median;
the origin has the film in memory. dropped: frames of the film that were never shown.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, cast
from urllib.parse import urlencode

from resources.build import coded_film
from resources.film.spec import FilmSpec
from tests.bench.figures import percentile, spread
from tests.bench.line import Origin, line
from tests.bench.loudspeaker import loudspeaker
from tests.bench.machine import Cost, cost, warn_if_busy
from tests.bench.peers.chromium import chromium
from tests.bench.peers.mpv_ipc import mpv_program
from tests.desktop import start_desktop

SECONDS = float(os.environ.get("ANXUE_BENCH_SECONDS", "60"))
OPENS = int(os.environ.get("ANXUE_BENCH_OPENS", "11"))
ROOT = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).parent / "peers" / "play.html"
WIDTH, HEIGHT = 1280, 720
SETTLES_S, TAIL_S = 3.0, 3.0
"""Not measured: so long after the beginning, and so long before the end."""
FILM = "film-high.mp4"

Measured = tuple[Cost, Sequence[float], int]
Player = Callable[[Path, Origin, Mapping[str, str]], Measured]


def run() -> dict[str, object]:
    """Measure ours and both peers, one after the other."""
    film = coded_film(FilmSpec(round(SECONDS + SETTLES_S + TAIL_S) + 9))
    found = {name: _measure(name, play, film) for name, play in PLAYERS.items()}
    _, first_ms, _ = found["ours"]
    peers = {name: _figures(each) for name, each in found.items() if name != "ours"}
    about: dict[str, object] = {"n": len(first_ms), "spread": round(spread(first_ms), 3)}
    return {**_figures(found["ours"]), **about, "peers": peers}


def _measure(name: str, play: Player, film: Path) -> Measured:
    warn_if_busy(f"play, {name}")
    with tempfile.TemporaryDirectory() as place:
        site = Path(place)
        for file in (*film.glob("*.mp4"), PAGE):
            (site / file.name).symlink_to(file)
        with loudspeaker() as where, start_desktop() as desktop, line(site) as origin:
            return play(film, origin, {**desktop.environment, **where})


def _figures(measured: Measured) -> dict[str, float]:
    spent, first_ms, dropped = measured
    return {
        "cpu_percent": round(spent.cpu_percent, 1),
        "rss_mb": round(spent.rss_mb, 1),
        "dropped": dropped,
        "first_picture_ms": round(percentile(first_ms, 0.5), 1),
    }


def _ours(film: Path, origin: Origin, environment: Mapping[str, str]) -> Measured:
    whole_s = str(SETTLES_S + SECONDS + TAIL_S)
    command = [sys.executable, "-m", "tests.bench.play_child", str(film), origin.base,
               str(OPENS), whole_s]  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        first_ms = cast("list[float]", _said(child.stdout, "first_picture_ms"))
        time.sleep(SETTLES_S)
        spent = cost(child.pid, SECONDS)
        return spent, first_ms, cast("int", _said(child.stdout, "dropped"))


def _said(told: IO[str], what: str) -> object:
    word = told.readline()
    if not word:
        raise RuntimeError(f"ours ended without a word about {what}")
    return json.loads(word)[what]


def _mpv(_film: Path, origin: Origin, environment: Mapping[str, str]) -> Measured:
    with mpv_program(environment, WIDTH, HEIGHT) as mpv:
        first_ms = []
        for number in range(OPENS):
            mpv.ask("stop")
            time.sleep(0.3)
            began_ns = time.monotonic_ns()
            mpv.ask("loadfile", f"{origin.base}{FILM}?copy={number}")
            mpv.wait_for("playback-restart")
            first_ms.append((time.monotonic_ns() - began_ns) / 1e6)
        time.sleep(SETTLES_S)
        spent = cost(mpv.pid, SECONDS)
        counts = ("frame-drop-count", "decoder-frame-drop-count")
        dropped = sum(int(cast("int", mpv.ask("get_property", name) or 0)) for name in counts)
    return spent, first_ms, dropped


def _chromium(_film: Path, origin: Origin, environment: Mapping[str, str]) -> Measured:
    words = {"film": FILM, "opens": OPENS, "seconds": SETTLES_S + SECONDS + TAIL_S}
    page = f"{origin.base}{PAGE.name}?{urlencode(words)}"
    with chromium(page, environment, WIDTH, HEIGHT) as pid:
        began = cast("dict[str, list[float]]", origin.told(60))
        time.sleep(SETTLES_S)
        spent = cost(pid, SECONDS)
        ended = cast("dict[str, int]", origin.told(SECONDS + 60))
    return spent, began["first_picture_ms"], ended["dropped"]


PLAYERS: dict[str, Player] = {"ours": _ours, "mpv": _mpv, "chromium": _chromium}
