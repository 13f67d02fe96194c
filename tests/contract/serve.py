"""The reference platform as a program of its own: `python -m tests.contract.serve DIR PORT`."""

import sys
from pathlib import Path

from sync.reference.server import ServeOptions, serve

COURSE = "course"  # the folder of course.json, beside the data


def command(folder: Path) -> tuple[str, ...]:
    """What `EmbeddedPlatform` starts: data and course of the test lie in the folder."""
    return (sys.executable, "-m", "tests.contract.serve", str(folder), "{port}")


def main(arguments: list[str]) -> int:
    folder, port = Path(arguments[0]), int(arguments[1])
    return serve(
        ServeOptions(
            data=folder / "data",
            port=port,
            until_stdin_closes=True,
            demo=True,
            course=folder / COURSE,
            faults=folder / "faults.json",
        )
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
