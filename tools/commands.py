"""The commands of dev.py: what each makes ready, and what it then starts."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tools import benches, gates, lock, models, prepare
from tools.run import PYTHON, call
from tools.words import TroubleError, speak_plainly, step


def demo(rest: list[str]) -> int:
    """Show the product: on the screen, or without one the rehearsal (--auto [--out DIR])."""
    prepare.program()
    if prepare.has_display():
        return call([PYTHON, "main.py", "demo", *rest])
    if "--auto" not in rest:
        step("没有显示器：自动演练", "No display: the rehearsal runs by itself")
        rest = ["--auto", *rest]
    return call([PYTHON, "main.py", "demo", *rest], QT_QPA_PLATFORM="offscreen")


def test(rest: list[str]) -> int:
    """Run all gates and all tests; with pytest's arguments, only those tests."""
    prepare.program(desktop=True)
    shut = [] if rest else gates.failed()
    step("运行测试", "Testing")
    if rest:
        return call([PYTHON, "-m", "pytest", *rest])
    # Two processes, a file at a time; and then, alone, what plays film in real time.
    two = ["--numprocesses=2", "--dist=loadfile", "-m", "not real_time"]
    code = max(call([PYTHON, "-m", "pytest", *part]) for part in (two, ["-m", "real_time"]))
    if shut:
        print(f"未通过的检查 · gates that did not open: {', '.join(shut)}", file=sys.stderr)
    return code or bool(shut)


def lint(rest: list[str]) -> int:
    """Run ruff, mypy, the import contracts, and look at lock and translations; --fix mends."""
    if rest not in ([], ["--fix"]):
        raise TroubleError("lint 只接受 --fix。", "lint takes only --fix.")
    prepare.tools_only()
    if rest:
        gates.mend()
    return bool(gates.failed())


def bench(rest: list[str]) -> int:
    """Measure: bench [NAME…] [--json FILE]."""
    named = benches.names() if not rest or rest[0].startswith("-") else rest
    prepare.program(desktop=True, bench=not benches.BESIDE_OTHERS.isdisjoint(named))
    return call([PYTHON, "-m", "tools.benches", *rest])


def fetch_models(rest: list[str]) -> int:
    """Fetch and check the face models; --from DIR takes them from a folder, without network."""
    parser = argparse.ArgumentParser(prog="dev.py models")
    parser.add_argument("--from", dest="given", type=Path, metavar="DIR")
    given = parser.parse_args(rest).given
    prepare.tools_only()
    models.provide(given)
    step(f"模型齐全：{models.folder()}", "All models are there")
    return 0


def renew_lock(rest: list[str]) -> int:
    """Write uv.lock anew (--upgrade for newer versions); --check only compares, offline."""
    prepare.tools_only()
    return lock.check() if rest == ["--check"] else lock.renew(rest)


def build(rest: list[str]) -> int:
    """Pack the program for this system into dist/anxue."""
    if rest:
        raise TroubleError(
            "尚不能在此构建 Windows 安装程序，见 docs/decisions/005-one-folder-build.md。",
            "Building for Windows from here is not there yet: a later issue brings it.",
        )
    return prepare.bundle()


def platform(rest: list[str]) -> int:
    """Run the reference platform; `dev.py platform --help` has its own options."""
    prepare.tools_only()
    return call([PYTHON, "main.py", "platform", *rest])


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo, "test": test, "lint": lint, "bench": bench, "models": fetch_models,
    "lock": renew_lock, "build": build, "platform": platform,
}  # fmt: skip


def main() -> int:
    """Carry out one command; what follows its name belongs to it."""
    speak_plainly()
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {do.__doc__}" for name, do in COMMANDS.items())
    usage = f"python3 dev.py COMMAND\n\n{listing}\n"
    if len(sys.argv) < 2 or sys.argv[1] in {"-h", "--help", "help"}:
        print(usage)
        return 0 if len(sys.argv) > 1 else 2
    if sys.argv[1] not in COMMANDS:
        print(f"没有这个命令 · no such command: {sys.argv[1]}\n\n{usage}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[sys.argv[1]](sys.argv[2:])
    except TroubleError as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断 · interrupted", file=sys.stderr)
        return 130
