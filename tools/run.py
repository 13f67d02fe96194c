"""Starting other programs."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.words import TroubleError

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")


def tool(name: str) -> str:
    """Return the path of a program that the environment brings."""
    return str(BIN / (f"{name}.exe" if os.name == "nt" else name))


def call(command: Sequence[str | Path], **extra: str) -> int:
    """Run to the end with our own standard streams; return the exit code."""
    sys.stdout.flush()
    return subprocess.call([str(part) for part in command], cwd=ROOT, env=environment(**extra))


def must(command: Sequence[str | Path], zh: str, en: str, **extra: str) -> None:
    """Run to the end; if it fails, say what it was for."""
    code = call(command, **extra)
    if code:
        words = " ".join(str(part) for part in command)
        raise TroubleError(f"{zh}\n  {words} → {code}", f"{en}\n  {words} → {code}")


def quiet(command: Sequence[str | Path], **extra: str) -> subprocess.CompletedProcess[str]:
    """Run to the end, keep what it says."""
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=environment(**extra), check=False,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        errors="replace",
    )  # fmt: skip


def environment(**extra: str) -> Mapping[str, str]:
    """Return our environment for programs of the virtual environment."""
    # Without bytecode each of the many processes compiles a second or two of imports anew.
    unwanted = {"PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    kept["VIRTUAL_ENV"] = str(VENV)
    kept["PYTHONUTF8"] = "1"
    kept["PATH"] = f"{BIN}{os.pathsep}{kept.get('PATH', '')}"
    return kept | extra
