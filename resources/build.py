"""Make the demo course and the coded test film: ``python -m resources.build``.

Both are made once and kept under `resources.cache.cache_dir`; a second call only looks.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from resources.cache import built, content_key
from resources.errors import BuildError
from resources.film.spec import FRAME_RATES, FilmSpec

HERE = Path(__file__).resolve().parent
Progress = Callable[[float, str], None]


def demo_course(progress: Progress | None = None, root: Path | None = None) -> Path:
    """Return the folder of the demo course (``course.json``, films, captions), built if need be.

    ``root`` replaces `cache_dir()`. Raises `BuildError` with a message in Chinese and English
    where something the build needs is missing on this machine.
    """
    key = content_key(
        [HERE / "course", HERE / "drawing", HERE / "media", HERE / "sound"],
        {},
        ("av", "PySide6-Essentials", "espeakng-loader", "numpy"),
    )

    def make(folder: Path) -> None:
        from resources.course.make import make_course  # heavy: Qt, PyAV

        make_course(folder, progress or _quiet)

    return built("course", key, make, root)


def coded_film(
    spec: FilmSpec | None = None, progress: Progress | None = None, root: Path | None = None
) -> Path:
    """Return the folder of a coded film (``film.json``, three files), built if need be."""
    spec = spec or FilmSpec()
    key = content_key(
        [HERE / "film", HERE / "media"],
        {"seconds": spec.seconds, "fps": str(spec.fps), "sound": spec.sound},
        ("av", "numpy"),
    )

    def make(folder: Path) -> None:
        from resources.film.make import make_film  # heavy: PyAV

        make_film(spec, folder, progress or _quiet)

    return built("film", key, make, root)


def _quiet(_share: float, _words: str) -> None:
    """Say nothing."""


def _print_progress(share: float, words: str) -> None:
    print(f"{share:4.0%}  {words}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Build what was asked for, print where it is; 0 if all went well, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m resources.build", description=__doc__)
    parser.add_argument("--cache", type=Path, metavar="DIR", help="instead of the user's cache")
    parser.add_argument("--only", choices=("course", "film"))
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the coded film")
    parser.add_argument("--fps", choices=tuple(FRAME_RATES), default="25", help="of the film")
    parser.add_argument("--silent", action="store_true", help="a coded film without sound")
    chosen = parser.parse_args(arguments)
    if chosen.cache:
        os.environ["ANXUE_CACHE"] = str(chosen.cache.resolve())
    try:
        if chosen.only != "course":
            spec = FilmSpec(chosen.seconds, FRAME_RATES[chosen.fps], not chosen.silent)
            print(f"film    {coded_film(spec, _print_progress)}", flush=True)
        if chosen.only != "film":
            print(f"course  {demo_course(_print_progress)}", flush=True)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
