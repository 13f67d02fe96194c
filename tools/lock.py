"""uv.lock: which versions, with which hashes, and nothing about where they come from.

uv writes the addresses of the registry it asked into the lock. We put a reserved name in
their place: a machine takes packages from wherever it is set up to (the usual registry, a
mirror, a folder of wheels), and the hashes say whether they are the right ones.
docs/decisions/001-lock-without-addresses.md has the reasons.
"""

import re
import shutil
import tempfile
import tomllib
from pathlib import Path

from tools.run import ROOT, call, quiet, tool
from tools.words import TroubleError, step

LOCK = ROOT / "uv.lock"
NOWHERE = "https://registry.invalid"


def without_addresses(lock: str) -> str:
    """Return the text of a lock with every registry's address replaced."""
    lock = re.sub(r'registry = "[^"]*"', f'registry = "{NOWHERE}/simple"', lock)
    lock = re.sub(r'\b(?:url|path) = "[^"]*/([^"/]+)"', rf'url = "{NOWHERE}/\1"', lock)
    lock = re.sub(r', upload-time = "[^"]*"', "", lock)  # not every mirror tells it
    left = [found for found in re.findall(r'[a-z+]+://[^/"]*', lock) if found != NOWHERE]
    if left:
        message = f"an address is left in the lock: {left[0]}"
        raise ValueError(message)
    return lock


def renew(arguments: list[str]) -> int:
    """Bring uv.lock in line with pyproject.toml; arguments go to ``uv lock`` (``--upgrade``)."""
    step("求解依赖版本", "Resolving versions")
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(ROOT / "pyproject.toml", place)
        if LOCK.exists():
            shutil.copy(LOCK, place)  # uv prefers the versions in it
        code = call([tool("uv"), "lock", "--directory", place, *arguments])
        if code:
            raise TroubleError(
                "无法求解依赖版本，uv.lock 未改动。请看上面 uv 的说明。",
                "No set of versions found, uv.lock is as it was. See uv's words above.",
            )
        LOCK.write_text(
            without_addresses((Path(place) / "uv.lock").read_text("utf-8")), "utf-8", newline="\n"
        )
    step("uv.lock 已更新", "uv.lock is up to date")
    return 0


def check() -> int:
    """Tell whether uv.lock fits pyproject.toml; asks nobody, so it needs no network."""
    answer = quiet(
        [tool("uv"), "lock", "--check", "--offline", "--default-index", f"{NOWHERE}/simple"]
    )
    if answer.returncode:
        raise TroubleError(
            "uv.lock 与 pyproject.toml 不一致。请运行 python3 dev.py lock 并提交 uv.lock。",
            "uv.lock does not fit pyproject.toml. Run `python3 dev.py lock` and commit uv.lock.",
        )
    step("uv.lock 与 pyproject.toml 一致", "uv.lock fits pyproject.toml")
    return 0


def requirement(name: str) -> str:
    """Return one package's line for pip, with version and hashes, straight from the lock."""
    packages = tomllib.loads(LOCK.read_text("utf-8"))["package"]
    package = next(package for package in packages if package["name"] == name)
    hashes = " ".join(f"--hash={wheel['hash']}" for wheel in package["wheels"])
    return f"{name}=={package['version']} {hashes}"
