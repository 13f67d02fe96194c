"""Benchmarks: find them, run each in a process of its own, print a table, write JSON.

A benchmark is ``tests/bench/bench_<name>.py`` (a ``-`` in its name is ``_`` there) with a function
``run()`` that returns its figures: numbers by name, or groups of them by name, among them ``n``
(how many measurements) and ``spread`` (how far apart: the middle half's width over the median);
under ``peers``, if there are any, the same figures measured on other programs.
``tests/bench/figures.py`` has the arithmetic.

Runs inside the environment: ``python -m tools.benches``, started by ``dev.py bench``.
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parents[1]
BENCHES = ROOT / "tests" / "bench"
BESIDE_OTHERS = frozenset({"play", "soak", "switch"})
"""The benchmarks that need other players, or a sound device that only listens."""

Figures = dict[str, object]


def names() -> list[str]:
    """Return the names of all benchmarks."""
    files = (file.stem.removeprefix("bench_") for file in BENCHES.glob("bench_*.py"))
    return sorted(file.replace("_", "-") for file in files)


def measure(name: str) -> Figures:
    """Run one benchmark in this process."""
    module = f"tests.bench.bench_{name.replace('-', '_')}"
    found: Figures = importlib.import_module(module).run()
    problem = wrong(found)
    if problem:
        message = f"bench_{name}.run(): {problem}"
        raise TypeError(message)
    return found


def wrong(figures: object) -> str:
    """Return what is wrong with the figures' shape, or nothing."""
    if not _is_named(figures):
        return "must return a dict"
    peers = figures.get("peers", {})
    if not _is_named(peers) or not all(_is_named(peer) for peer in peers.values()):
        return "`peers` must be {name: {figure: number}}"
    for missing in {"n", "spread"} - figures.keys():
        return f"`{missing}` is missing"
    ours = {key: value for key, value in figures.items() if key != "peers"}
    for where in (ours, *(peer for peer in peers.values() if _is_named(peer))):
        for key, value in _flat(where).items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                return f"`{key}` is no number: {value!r}"
    return ""


def _flat(figures: Figures) -> Figures:
    """Return all figures in one dict, those of a group as ``group.name``."""
    flat: Figures = {}
    for key, value in figures.items():
        if _is_named(value) and value:
            flat |= {f"{key}.{name}": inner for name, inner in _flat(value).items()}
        else:
            flat[key] = value
    return flat


def _is_named(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


def table(results: dict[str, Figures]) -> str:
    """Return the figures as lines to read, peers beside ours."""
    lines = []
    for name, figures in results.items():
        peers = figures.get("peers", {})
        ours = {key: value for key, value in figures.items() if key != "peers"}
        columns: dict[str, Figures] = {"安学 Anxue": _flat(ours)}
        if _is_named(peers):
            columns |= {peer: _flat(found) for peer, found in peers.items() if _is_named(found)}
        lines += ["", f"{name}  " + "".join(f"{column:>16}" for column in columns)]
        keys = {key: None for column in columns.values() for key in column}
        for key in keys:
            cells = "".join(f"{_number(column.get(key)):>16}" for column in columns.values())
            lines.append(f"  {key:<34}{cells}")
    return "\n".join(lines)


def _number(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _apart(name: str) -> Figures | None:
    """Run one benchmark in a fresh process, so that none warms or crowds another."""
    with tempfile.TemporaryDirectory() as place:
        answer = Path(place) / "figures.json"
        command = [sys.executable, "-m", "tools.benches", "--one", name, "--json", str(answer)]
        if subprocess.call(command, cwd=ROOT):
            return None
        figures: Figures = json.loads(answer.read_text("utf-8"))
    return figures


def main() -> int:
    """Run the benchmarks asked for; 0 if all gave their figures."""
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(names())}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        asked.json.write_text(json.dumps(measure(asked.one)), "utf-8")
        return 0
    unknown = set(asked.names) - set(names())
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {names()}")
    results: dict[str, Figures] = {}
    failed = []
    for name in asked.names or names():
        print(f"测量 · measuring {name} …", flush=True)
        figures = _apart(name)
        if figures is None:
            failed.append(name)
        else:
            results[name] = figures
    print(table(results))
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    if failed:
        print(f"\n没有测成 · failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
