"""What the system says of the machine and of where its screen is, for `proctor.devices`.

Nothing here fails: a system that does not tell is a system without signs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from proctor.devices import Computer

_DMI = Path("/sys/class/dmi/id")
_BIOS = r"HARDWARE\DESCRIPTION\System\BIOS"
_SM_REMOTESESSION = 0x1000


def this_computer(environment: Mapping[str, str] = os.environ, dmi: Path = _DMI) -> Computer:
    """Read once, at the program's start."""
    if sys.platform == "win32":
        return _windows(environment.get("SESSIONNAME", ""))
    return Computer(
        maker=_line(dmi / "sys_vendor"),
        model=_line(dmi / "product_name"),
        session=_shown_elsewhere(environment),
    )


def _shown_elsewhere(environment: Mapping[str, str]) -> str:
    """xrdp and the VNC servers say so in the session's environment."""
    if environment.get("XRDP_SESSION"):
        return "xrdp"
    return "vnc" if environment.get("VNCDESKTOP") else ""


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()[:120]
    except OSError:
        return ""


if sys.platform == "win32":

    def _windows(session: str) -> Computer:
        import ctypes
        import winreg

        told = {}
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _BIOS) as key:
                for name in ("SystemManufacturer", "SystemProductName"):
                    told[name] = str(winreg.QueryValueEx(key, name)[0])[:120]
        except OSError:
            told = {}
        return Computer(
            maker=told.get("SystemManufacturer", ""),
            model=told.get("SystemProductName", ""),
            session=session,
            remote=bool(ctypes.windll.user32.GetSystemMetrics(_SM_REMOTESESSION)),
        )
