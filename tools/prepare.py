"""What is made from the sources before the program can run: translations, demo course."""

import os
import sys
from pathlib import Path

from tools import environment, models, peers, system
from tools.run import PYTHON, ROOT, call, must, quiet, tool
from tools.words import TroubleError, step

I18N = ROOT / "resources" / "i18n"


def has_display() -> bool:
    """Tell whether a window would be seen by anyone."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def tools_only() -> None:
    """Make ready what linting and locking need."""
    system.provide(system.wanted(windows=False, desktop=False))
    environment.provide()


def program(*, desktop: bool = False, bench: bool = False) -> None:
    """Make ready what running the program, its tests and (`bench`) players beside it need."""
    system.provide(system.wanted(windows=has_display(), desktop=desktop, bench=bench))
    environment.provide()
    translations()
    models.provide()
    demo_course()
    demo_people()
    if bench:
        peers.provide()


def translations(*, again: bool = False) -> None:
    """Compile ``resources/i18n/*.ts`` beside their sources; an unfinished one is an error."""
    for source in sorted(I18N.glob("*.ts")):
        made = source.with_suffix(".qm")
        if not again and made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            continue
        step(f"编译译文 {source.name}", f"Compiling {source.name}")
        compile_translation(source, made)


def compile_translation(source: Path, made: Path) -> None:
    """Compile one file of translations."""
    answer = quiet([tool("pyside6-lrelease"), "-fail-on-unfinished", source, "-qm", made])
    if answer.returncode:
        made.unlink(missing_ok=True)
        raise TroubleError(
            f"{source.name} 有未完成的译文。请在 pyside6-linguist 中补全。\n{answer.stderr}",
            f"{source.name} has unfinished translations. Finish them in pyside6-linguist.",
        )


def demo_course() -> None:
    """Have the demo course and the coded test film made; at once where they are in the cache."""
    code = call([PYTHON, "-m", "resources.build"], QT_QPA_PLATFORM="offscreen")
    if code:
        raise TroubleError(
            "演示课程没有做成，原因见上。解决后重试即可，已完成的部分不会重做。",
            "The demo course could not be made, for the reason above. Mend it and try again.",
        )


def demo_people() -> None:
    """Have the simulated learners drawn; at once where they are in the cache."""
    code = call([PYTHON, "-m", "proctor.adapters.simulated.prepare"])
    if code:
        raise TroubleError(
            "模拟学员没有画成，原因见上。解决后重试即可，已完成的部分不会重做。",
            "The simulated learners could not be drawn, for the reason above. Mend it, try again.",
        )


def bundle() -> int:
    """Pack the program for the system this runs on: one folder in `dist/`."""
    program()
    step("打包", "Packing")
    must(
        [PYTHON, "-m", "PyInstaller", "--noconfirm", "--distpath", ROOT / "dist", "--workpath",
         ROOT / "build" / "pyinstaller", "--log-level", "WARN", ROOT / "installer" / "anxue.spec"],
        "打包失败，原因见上。", "Packing failed, for the reason above.",
    )  # fmt: skip
    step("完成：dist/anxue", "Done: dist/anxue")
    return 0
