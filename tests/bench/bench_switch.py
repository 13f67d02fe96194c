"""A change of mode while the film plays: what is seen and what is heard, beside mpv and hls.js.

All play the coded film from an origin of their own process, unthrottled and at 4 Mbit/s with 40 ms
a request, into a window on a virtual screen and a sound device that records. Nothing that a change
asks for was ever fetched before. `tests/bench/seam.py` says what the figures mean and
`tests/bench/hearing.py` how the sound is judged; all players are judged by the same arithmetic.

Peers: `mpv` loads the other file at its position (libmpv, software rendering). `hlsjs` sets
`currentLevel`, the immediate change; `hlsjs_next` sets `nextLevel`, which waits for a segment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resources.build import coded_film
from resources.film.spec import FilmSpec
from tests.bench.figures import percentile, spread
from tests.bench.hearing import longest_wrong_ms, usual_ms
from tests.bench.line import line
from tests.bench.loudspeaker import RATE, Ear, Sound, loudspeaker
from tests.bench.peers import hlsjs_switch
from tests.bench.seam import Change, Picture, Seam, seam
from tests.desktop import start_desktop
from tools.peers import hls_js

ROUNDS = int(os.environ.get("ANXUE_BENCH_ROUNDS", "20"))
"""How often each of the six changes is made."""
ROOT = Path(__file__).resolve().parents[2]
SECONDS = 75
LINES = {"fast": False, "slow": True}
_NEAR_NS = 500_000_000
"""The sound is judged from so long before the last old picture to so long after the first new."""

Log = tuple[list[Picture], list[Change]]
Figures = dict[str, float]
Player = Callable[[Mapping[str, str], bool], Log]


def run() -> dict[str, object]:
    """Measure all players on both lines; keys as the issue names them."""
    film = coded_film(FilmSpec(SECONDS))
    with tempfile.TemporaryDirectory() as place:
        site = Path(place)
        hlsjs_switch.site(film, hls_js(), site)
        players: dict[str, Player] = {
            "ours": _python("tests.bench.switch_child", film),
            "mpv": _python("tests.bench.peers.mpv_switch", film),
            "hlsjs": _page("currentLevel", site, ROUNDS),
            "hlsjs_next": _page("nextLevel", site, max(1, ROUNDS // 4)),
        }
        seams: list[Seam] = []
        found = {
            name: {word: _measure(name, play, slow, seams) for word, slow in LINES.items()}
            for name, play in players.items()
        }
    ours = found.pop("ours")
    gaps = [each.gap_ms for each in seams]
    return {**ours, "n": len(gaps), "spread": round(spread(gaps), 3), "peers": found}


def _measure(name: str, play: Player, slow: bool, ours: list[Seam]) -> Figures:
    with loudspeaker() as where, start_desktop() as desktop:
        ear = Ear(where)
        try:
            shown, changes = play({**desktop.environment, **where}, slow)
        finally:
            sound = ear.stop()
    seams = [found for change in changes if (found := seam(change, shown)) is not None]
    if len(seams) < len(changes) or not seams:
        sys.stderr.write(f"{name}: {len(changes) - len(seams)} of {len(changes)} never came\n")
    if name == "ours":
        ours += seams
    return figures(seams, shown, sound)


def figures(seams: Sequence[Seam], shown: Sequence[Picture], sound: Sound) -> Figures:
    """Sum up. missed, repeated: mean a change. sound_gap: what nine of ten changes stay within."""
    if not seams:
        raise RuntimeError("no change ever came")
    gaps = [each.gap_ms for each in seams]
    pieces = [_around(each, shown, sound) for each in seams]
    usual = usual_ms([piece for piece, _ in pieces], RATE, [seconds for _, seconds in pieces])
    holes = [longest_wrong_ms(piece, RATE, seconds, usual) for piece, seconds in pieces]
    return {
        "gap_p50_ms": round(percentile(gaps, 0.5), 1),
        "gap_p90_ms": round(percentile(gaps, 0.9), 1),
        "missed_ms": round(sum(each.missed_ms for each in seams) / len(seams), 1),
        "repeated_ms": round(sum(each.repeated_ms for each in seams) / len(seams), 1),
        "sound_gap_ms": round(percentile(holes, 0.9), 1),
        "request_p50_ms": round(percentile([each.request_ms for each in seams], 0.5), 1),
        "n": len(seams),
    }


def _around(
    found: Seam, shown: Sequence[Picture], sound: Sound
) -> tuple[NDArray[np.float32], list[int]]:
    """Cut out what was heard around the seam, and say which of the film's seconds are near."""
    begin_ns = found.at_ns - round(found.gap_ms * 1e6) - _NEAR_NS
    end_ns = found.at_ns + _NEAR_NS
    first, last = ((ns - sound.began_ns) * RATE // 1_000_000_000 for ns in (begin_ns, end_ns))
    seconds = {each.number // 25 for each in shown if begin_ns <= each.at_ns <= end_ns}
    near = range(max(0, min(seconds) - 1), max(seconds) + 2)
    return sound.samples[max(0, first) : last], list(near)


def _python(module: str, film: Path) -> Player:
    """A player that runs as `python -m module FILM BASE ROUNDS` and writes its log."""

    def play(environment: Mapping[str, str], slow: bool) -> Log:
        with line(film, slow=slow) as origin:
            done = subprocess.run(
                [sys.executable, "-m", module, str(film), origin.base, str(ROUNDS)],
                cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
            )  # fmt: skip
        told = json.loads(done.stdout)
        changes = [Change(*each) for each in told["changes"]]
        return [Picture(*each) for each in told["shown"]], changes

    return play


def _page(how: str, site: Path, rounds: int) -> Player:
    def play(environment: Mapping[str, str], slow: bool) -> Log:
        return hlsjs_switch.watch(site, environment, rounds, how=how, slow=slow)

    return play
