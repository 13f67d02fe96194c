"""The reference platform as a program of its own, with faults to be switched on:

python -m tests.contract.serve DIR PORT [COURSE [SECONDS]]

SECONDS: how long a film's signed address is good for.
"""

import sys
from dataclasses import replace
from pathlib import Path

from sync.reference.embedded import PORT
from sync.reference.faults import FILE
from sync.reference.rates import OFF
from sync.reference.server import ServeOptions, serve

COURSE = "course"  # the folder of course.json, beside the data


def command(
    folder: Path, course: Path | None = None, media_address_s: float | None = None
) -> tuple[str, ...]:
    """What `EmbeddedPlatform` starts: data and, unless it is given, course lie in the folder."""
    course = course or folder / COURSE
    more = () if media_address_s is None else (str(media_address_s),)
    return (sys.executable, "-m", "tests.contract.serve", str(folder), PORT, str(course), *more)


def main(arguments: list[str]) -> int:
    folder, port = Path(arguments[0]), int(arguments[1])
    course = Path(arguments[2]) if len(arguments) > 2 else folder / COURSE
    options = ServeOptions(
        data=folder / "data",
        port=port,
        until_stdin_closes=True,
        demo=True,
        course=course,
        faults=folder / FILE,
        rates=OFF,  # tests ask more than people do
    )
    if len(arguments) > 3:
        options = replace(options, media_address_s=float(arguments[3]))
    return serve(options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
