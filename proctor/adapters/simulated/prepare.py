"""Renders the demo's people once and keeps them; run it as often as you like.

python -m proctor.adapters.simulated.prepare
"""

import argparse
import sys
from collections.abc import Sequence

from proctor.adapters.simulated.casting import demo_cast
from proctor.adapters.simulated.errors import StudioUnavailable
from proctor.adapters.simulated.library import prepared


def _bar(person: str, done: float) -> None:
    label = demo_cast()[person].label_zh
    print(f"\r{label} {person}: {done:4.0%}", end="\n" if done >= 1 else "", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Render whoever is not in the cache yet; 0 when all are there."""
    parser = argparse.ArgumentParser(
        prog="python -m proctor.adapters.simulated.prepare",
        description="绘制演示用的模拟学员 · draw the simulated learners of the demo",
    )
    parser.add_argument("people", nargs="*", help="默认为全部 · all of them by default")
    given = parser.parse_args(arguments)
    unknown = set(given.people) - set(demo_cast().names)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: {', '.join(demo_cast().names)}")
    try:
        prepared(given.people, _bar)
    except StudioUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
