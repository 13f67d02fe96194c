"""Chromium with hls.js, for `switch`: a change of level, immediate or at the next segment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypedDict, cast
from urllib.parse import urlencode

from resources.film.code import RENDITION_NAMES, parse_cells
from tests.bench.line import line
from tests.bench.peers.chromium import chromium
from tests.bench.peers.hls_film import write_hls
from tests.bench.seam import Change, Picture
from tests.bench.walk import AFTER_S, BEFORE_S, LAST_S, WALK

PAGE = Path(__file__).with_name("switch.html")
WITHIN_S = 15.0
"""How long one change may take on the whole."""

_Frame = tuple[int, float, int, int, list[int]]


class _Told(TypedDict, total=False):
    shown: list[_Frame]
    changes: list[tuple[int, str, str]]
    error: str


def site(film: Path, hls_js: Path, out: Path) -> None:
    """Write everything that the page needs into the empty folder `out`."""
    write_hls(film, out)
    shutil.copy(PAGE, out)
    shutil.copy(hls_js, out / "hls.js")


def watch(
    folder: Path, environment: Mapping[str, str], rounds: int, *, how: str, slow: bool
) -> tuple[list[Picture], list[Change]]:
    """Run the page in the site `folder`; `how` is the property of hls.js that is set."""
    words = {
        "how": how, "rounds": rounds, "walk": ",".join(WALK),
        "before_s": BEFORE_S, "after_s": AFTER_S,
        "last_s": LAST_S,
    }  # fmt: skip
    with line(folder, slow=slow) as origin:
        page = f"{origin.base}{PAGE.name}?{urlencode(words)}"
        with chromium(page, environment, 1280, 720):
            told = cast("_Told", origin.told(60 + rounds * (len(WALK) - 1) * WITHIN_S))
    if "error" in told:
        raise RuntimeError(f"the page failed: {told['error']}")
    return list(_pictures(told["shown"])), [Change(*each) for each in told["changes"]]


def _pictures(frames: list[_Frame]) -> Iterator[Picture]:
    """Read the strips; put in frames that were presented without the page being called."""
    seen = [(at_ns, presented, _mark(levels)) for at_ns, _, presented, _, levels in frames]
    good = [(at_ns, presented, mark) for at_ns, presented, mark in seen if mark is not None]
    for place, (at_ns, presented, mark) in enumerate(good):
        if place:
            was_ns, presented_then, mark_then = good[place - 1]
            steps = presented - presented_then
            if steps > 1 and mark[1] == mark_then[1] and mark[0] - mark_then[0] == steps:
                for step in range(1, steps):
                    between_ns = was_ns + (at_ns - was_ns) * step // steps
                    yield Picture(between_ns, mark_then[0] + step, mark[1])
        yield Picture(at_ns, *mark)


def _mark(levels: list[int]) -> tuple[int, str] | None:
    white, black = (levels[0] + levels[-1]) / 2, (levels[1] + levels[-2]) / 2
    found = parse_cells([level > (white + black) / 2 for level in levels])
    return None if found is None else (found[0], RENDITION_NAMES[found[1]])
