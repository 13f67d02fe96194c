"""The system libraries that no Python package brings, on Debian and its children."""

import importlib.util
import os
import shutil
import subprocess
import sys

from tools.words import TroubleError, step

QT = (
    "fontconfig", "fonts-wqy-microhei", "libdbus-1-3", "libegl1", "libfontconfig1", "libgl1",
    "libgl1-mesa-dri", "libgles2", "libglib2.0-0", "libpulse0", "libxkbcommon0", "libxrandr2",
)  # fmt: skip
WINDOWS = (
    "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0",
    "libxcb-render-util0", "libxcb-shape0", "libxcb-sync1", "libxcb-xfixes0", "libxcb-xkb1",
    "libxkbcommon-x11-0",
)  # fmt: skip
DESKTOP = (
    "dbus-daemon", "git", "gnome-keyring", "haproxy", "nginx", "openbox", "postgresql",
    "x11-utils", "xdotool", "xvfb",
)  # fmt: skip
"""For the tests and the benchmarks: a virtual screen, a window manager, a hand, servers."""

BENCH = ("chromium", "libmpv2", "mpv", "pulseaudio", "pulseaudio-utils")
"""To measure beside ours: other players, and a sound device that only listens."""


def wanted(*, windows: bool, desktop: bool, bench: bool = False) -> list[str]:
    """Return the Debian packages that a command needs; `bench`: beside other players."""
    names = [*QT]
    if windows or desktop:
        names += WINDOWS
    if desktop:
        names += DESKTOP
    if bench:
        names += BENCH
        if shutil.which("npm") is None:  # where node came from elsewhere, npm came with it
            names.append("npm")
    if importlib.util.find_spec("ensurepip") is None:
        names.append("python3-venv")
    return sorted(names)


def installed() -> set[str]:
    """Return the names of all installed Debian packages and of what they stand in for."""
    listing = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Provides}\n"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    names: set[str] = set()
    for line in listing.splitlines():
        status, name, provides = line.split("\t")
        if status == "installed":
            names.add(name)
            names.update(part.split()[0] for part in provides.split(",") if part.strip())
    return names


def provide(names: list[str]) -> None:
    """See to it that the packages are there: install them as root, else say how."""
    if not sys.platform.startswith("linux"):
        return
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        _only_tell(names)
        return
    missing = sorted(set(names) - installed())
    if not missing:
        return
    line = f"apt-get install --no-install-recommends -y {' '.join(missing)}"
    if os.geteuid() != 0:
        raise TroubleError(
            f"缺少 {len(missing)} 个系统软件包。请执行下面这一行，然后重试：\n  sudo {line}",
            f"{len(missing)} system packages are missing. Type this line, then try again:\n"
            f"  sudo {line}",
        )
    step(f"安装 {len(missing)} 个系统软件包", f"Installing {len(missing)} system packages")
    print(f"           {' '.join(missing)}", flush=True)
    _apt("update")
    _apt("install", "--no-install-recommends", "-y", *missing)


def _apt(*words: str) -> None:
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *words]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, env=environment, check=False, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, errors="replace",
    )  # fmt: skip
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
        raise TroubleError(
            f"apt-get {words[0]} 失败（{done.returncode}）。请检查网络和软件源，然后重试。",
            f"apt-get {words[0]} failed ({done.returncode}). Check the network and the package"
            f" sources, then try again. Its last words:\n{end}",
        )


def _only_tell(names: list[str]) -> None:
    """On other Linux systems we don't know the names: name Debian's once, when .venv is made."""
    from tools.run import VENV

    if not VENV.exists():
        step(
            "此系统没有 apt-get：请自行安装与下列 Debian 软件包对应的库",
            f"No apt-get here: install your system's counterparts of {' '.join(names)}",
        )
