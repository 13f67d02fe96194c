"""THIRD_PARTY.md out of the lock and of what the installed packages say of themselves.

``python -m tools.third_party`` writes it; ``--check`` only compares. Either fails where a
package that reaches learners would be under the GPL and nothing else. Runs inside the
environment.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "THIRD_PARTY.md"

GROUPS = {
    "product": "On learners' machines",
    "platform": "The reference platform only",
    "demo": "Drawing the demo course and the simulated learner; not shipped",
    "dev": "Developing, testing and packing; not shipped",
}

# Packages that name no licence of their own, or that not every system installs.
SAID_ELSEWHERE = {
    "backports-tarfile": "MIT",
    "colorama": "BSD-3-Clause",
    "httpcore2": "BSD-3-Clause",
    "httpx2": "BSD-3-Clause",
    "pywin32": "PSF-2.0",
    "espeakng-loader": "GPL-3.0-or-later (eSpeak NG inside)",
    "importlib-metadata": "Apache-2.0",
    "jeepney": "MIT",
    "pefile": "MIT",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
    "zipp": "MIT",
}

# Libraries inside a wheel that its own licence does not cover.
INSIDE = {
    "av": "FFmpeg built with x264 and x265 (GPL-2.0-or-later)",
    "cryptography": "OpenSSL (Apache-2.0)",
    "mediapipe": "TensorFlow Lite, XNNPACK, Abseil, protobuf (Apache-2.0, BSD-3-Clause)",
    "numpy": "OpenBLAS (BSD-3-Clause), libgfortran (GPL-3.0 with the runtime exception)",
    "opencv-contrib-python": "FFmpeg (LGPL-2.1); on Linux Qt 5 (LGPL-3.0), OpenBLAS (BSD-3-Clause)",
    "pyside6-addons": "Qt 6; FFmpeg (LGPL-2.1). Modules under the GPL alone (Qt Charts, Data"
    " Visualization, Graphs, Virtual Keyboard …) are not used and left out of the build",
    "pyside6-essentials": "Qt 6",
}

HEAD = """\
# Third-party software

Made by `python -m tools.third_party` from `uv.lock` and the packages' own metadata; a test
fails when it is out of date or when anything that reaches learners is under the GPL alone.
Anxue itself is under the Apache License 2.0 (`LICENSE`).

## Qt is used under the LGPL-3.0
Qt 6 and Qt for Python are offered under LGPL-3.0 or GPL; we take the LGPL and keep it so:

- Anxue links to Qt dynamically. The build is one folder, never one file: Qt's libraries
  (`Qt6*.dll`, `libQt6*.so*`), its plug-ins and Qt for Python's modules lie in it as separate
  files, unchanged, and can be replaced by any build with the same interface.
- Nothing hinders that: the program checks no signature of these files, and neither our licence
  nor an installer's terms forbid changing them or looking into them for that purpose.
- The texts of LGPL-3.0 and GPL-3.0 and this file go with every installation. The about page
  names Qt and the licence.
- Whoever gives Anxue to others offers the matching source of Qt and Qt for Python for three
  years, or says where it can be had: the Qt Company's public archive and the distributions'
  source packages have the exact versions named below.
- Qt modules that are under the GPL alone are not imported (ruff holds it) and are
  left out of the build.

FFmpeg inside Qt Multimedia and OpenCV is under the LGPL-2.1 and is kept in the same way.

## Models and data
| file | licence | from |
| --- | --- | --- |
"""

TAIL = """
## Things made with GPL tools
The demo course's narration is spoken by eSpeak NG and its films are encoded with x264, on the
developer's machine. Neither program is part of Anxue; what they put out is not under their
licence.
"""


def groups_of(lock: Mapping[str, list[dict[str, object]]]) -> dict[str, list[str]]:
    """Return every locked package under the first group that brings it."""
    ours = next(package for package in lock["package"] if package["name"] == "anxue")
    needs: dict[str, list[str]] = {}
    for package in lock["package"]:
        extras = package.get("optional-dependencies")
        optional = extras.values() if isinstance(extras, dict) else ()
        for entries in (package.get("dependencies"), *optional):
            needs.setdefault(str(package["name"]), []).extend(_names(entries))
    roots: dict[str, list[str]] = {"product": _names(ours.get("dependencies"))}
    by_group = ours.get("dev-dependencies")
    if isinstance(by_group, dict):
        roots |= {str(group): _names(entries) for group, entries in by_group.items()}
    seen = {"anxue"}
    found: dict[str, list[str]] = {}
    for group in GROUPS:
        waiting = roots[group]
        found[group] = []
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            found[group].append(name)
            waiting += needs[name]
        found[group].sort()
    return found


def _names(entries: object) -> list[str]:
    if not isinstance(entries, Iterable):
        return []
    return [str(entry["name"]) for entry in entries if isinstance(entry, dict)]


def licence_of(name: str) -> str:
    """Return what a package says its licence is."""
    if name in SAID_ELSEWHERE:
        return SAID_ELSEWHERE[name]
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if "License-Expression" in told:
        return told["License-Expression"]
    line = str(told["License"] or "").strip() if "License" in told else ""
    if line and "\n" not in line and len(line) <= 120:
        return line
    kinds = [value.split("::")[-1].strip() for value in told.get_all("Classifier") or []
             if value.startswith("License ::")]  # fmt: skip
    return " OR ".join(kind for kind in kinds if kind != "OSI Approved")


def gpl_only(licence: str) -> bool:
    """Tell whether every choice that a licence leaves is a GPL (not the Lesser, no exception)."""
    choices = re.split(r"\s+(?:OR|or)\s+", licence)
    return all(
        re.search(r"(?<!L)(?:A?GPL|General Public)", choice) is not None
        and not re.search(r"Lesser|exception", choice)
        for choice in choices
    )


def page() -> tuple[str, list[str]]:
    """Return the page, and what is wrong with what it says."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    versions: dict[str, list[str]] = {}  # newer Pythons may get newer ones
    for package in lock["package"]:
        versions.setdefault(package["name"], []).append(package.get("version", ""))
    models = tomllib.loads((ROOT / "resources" / "models.toml").read_text("utf-8"))["model"]
    lines = [HEAD.rstrip("\n")]
    lines += [f"| {model['file']} | {model['licence']} | {model['purpose']} |" for model in models]
    problems = []
    for group, names in groups_of(lock).items():
        lines += ["", f"## {GROUPS[group]}", "| package | version | licence | inside |",
                  "| --- | --- | --- | --- |"]  # fmt: skip
        for name in names:
            licence = licence_of(name)
            if not licence:
                problems.append(f"{name}: no licence known; look it up, add it to SAID_ELSEWHERE")
            if group == "product" and gpl_only(licence):
                problems.append(f"{name}: {licence} must not reach learners")
            locked = ", ".join(versions[name])
            lines.append(f"| {name} | {locked} | {licence} | {INSIDE.get(name, '')} |")
    return "\n".join(lines) + "\n" + TAIL, problems


def main() -> int:
    """Write or compare the page; 1 if it is out of date or a licence is not acceptable."""
    parser = argparse.ArgumentParser(prog="python -m tools.third_party")
    parser.add_argument("--check", action="store_true")
    text, problems = page()
    for problem in problems:
        print(problem, file=sys.stderr)
    if parser.parse_args().check:
        if OUT.read_text("utf-8") != text:
            print("THIRD_PARTY.md is out of date: python -m tools.third_party", file=sys.stderr)
            return 1
    else:
        OUT.write_text(text, "utf-8", newline="\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
