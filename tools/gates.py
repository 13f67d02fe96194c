"""The checks that need no running program: style, types, the rule of the pure core, words."""

import subprocess
import time
from collections.abc import Callable

from tools import lock, prepare
from tools.run import ROOT, call, environment, tool
from tools.words import TroubleError, step

COMMANDS = {
    "mypy --strict": ["mypy", "--no-error-summary"],  # the longest first
    "import contracts": ["lint-imports", "--no-logo"],
    "ruff check": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
}


def mend() -> None:
    """Let ruff mend what it can."""
    call([tool("ruff"), "check", "--fix", "--quiet", "."])
    call([tool("ruff"), "format", "--quiet", "."])


def failed() -> list[str]:
    """Run every gate, side by side, and return the names of those that did not open."""
    step("检查代码", "Linting")
    started = time.monotonic()
    running = {name: _start(command) for name, command in COMMANDS.items()}
    shut = [
        name
        for name, check in {"translations": _translations, "uv.lock": lock.check}.items()
        if not _opens(name, check)
    ]
    for name, process in reversed(running.items()):
        said, _ = process.communicate()
        _report(name, process.returncode == 0, said)
        if process.returncode:
            shut.append(name)
    step(f"检查用时 {time.monotonic() - started:.0f} 秒", "Linted")
    return shut


def _start(command: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [tool(command[0]), *command[1:]], cwd=ROOT, env=environment(), text=True,
        encoding="utf-8", errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


def _translations() -> None:
    prepare.translations(again=True)


def _opens(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except TroubleError as trouble:
        _report(name, False, str(trouble))
        return False
    _report(name, True, "")
    return True


def _report(name: str, good: bool, said: str) -> None:
    print(f"           {'ok  ' if good else 'FAIL'} {name}", flush=True)
    if not good:
        print(said.rstrip(), flush=True)
