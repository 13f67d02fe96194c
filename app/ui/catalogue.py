"""The translators' catalogue: collects the source strings, compiles what was translated.

`python -m app.ui.catalogue` brings `resources/i18n/anxue_en.ts` up to date with the
source; `--compile` makes the `.qm` next to it and fails when a string is unfinished.
`dev.py` does the latter at set-up. Line numbers stay out: they would change the file
with every edit.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "resources" / "i18n" / "anxue_en.ts"


def _tool(name: str) -> str:
    """A program of PySide6, beside the interpreter."""
    folder = Path(sys.executable).parent
    suffix = ".exe" if sys.platform == "win32" else ""
    return str(folder / f"{name}{suffix}")


def sources() -> list[str]:
    """The files that may hold strings, as paths relative to the root."""
    found = [*(ROOT / "app").glob("*.py"), *(ROOT / "app" / "texts").glob("*.py")]
    found += (ROOT / "app" / "ui").rglob("*.py")
    return sorted(str(path.relative_to(ROOT)) for path in found)


def collect(catalogue: Path = CATALOGUE) -> None:
    """Add new source strings to the catalogue and drop those that are gone."""
    command = [_tool("pyside6-lupdate"), "-no-obsolete", "-locations", "none", *sources()]
    language = ["-source-language", "zh_CN", "-target-language", "en"]
    subprocess.run(
        [*command, *language, "-ts", str(catalogue)], cwd=ROOT, check=True, capture_output=True
    )


def compile_catalogue(catalogue: Path = CATALOGUE) -> Path:
    """Make the `.qm`; raises `CalledProcessError` when a string is unfinished."""
    result = catalogue.with_suffix(".qm")
    subprocess.run(
        [
            _tool("pyside6-lrelease"),
            "-silent",
            "-fail-on-unfinished",
            str(catalogue),
            "-qm",
            str(result),
        ],
        check=True,
    )
    return result


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compile", action="store_true", help="make the .qm file only")
    if not parser.parse_args().compile:
        collect()
        return 0
    compile_catalogue()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
