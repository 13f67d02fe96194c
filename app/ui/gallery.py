"""Renders every page in every state to pictures: `python -m app.ui.gallery --out DIR`.

Each picture is named `<state>.<language>.png`, in folders by colour scheme and scale.
One process renders one scale, because Qt reads `QT_SCALE_FACTOR` once; the others are
child processes.
"""

import argparse
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPixmap
    from PySide6.QtWidgets import QApplication

    from app.ui.main_window import MainWindow
    from app.view import WindowView

SCREEN = (1366, 768)
SCALES = (1.0, 1.5, 2.0)


def main(arguments: list[str] | None = None) -> int:
    """Render what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="only states whose name contains this")
    parser.add_argument("--scale", type=float, default=0.0, help="only this scale")
    parser.add_argument("--language", default="", help="zh_CN or en; both when left out")
    parser.add_argument("--scheme", default="", choices=("", "light", "dark"))
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        return _render(options)
    for scale in (options.scale,) if options.scale else SCALES:
        environment = {
            **os.environ,
            "QT_SCALE_FACTOR": str(scale),
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        }
        command = [sys.executable, "-m", "app.ui.gallery", "--child", "--scale", str(scale)]
        for name in ("out", "only", "language", "scheme"):
            command += [f"--{name}", str(getattr(options, name))]
        result = subprocess.run(command, env=environment, check=False)
        if result.returncode:
            return result.returncode
    return 0


def grab(application: "QApplication", view: "WindowView", language: str) -> "QImage":
    """A state as it is on the screen, with a drawn learner before the camera."""
    from app.ui.gallery_pictures import film
    from app.ui.main_window import MainWindow

    window = MainWindow(film())
    window.resize(*SCREEN)
    picture = _grab(application, window, view, language)
    _close(application, window)
    return picture.toImage()


def _grab(
    application: "QApplication", window: "MainWindow", view: "WindowView", language: str
) -> "QPixmap":
    from PySide6.QtCore import QEvent

    from app.ui.gallery_pictures import learner
    from app.ui.widgets.skeleton import Skeleton

    window.render(replace(view, language="en" if language == "en" else "zh_CN"))
    window.set_preview(learner())
    window.show()
    for skeleton in window.findChildren(Skeleton):
        if not skeleton.isHidden():
            skeleton.show_now()
    for _ in range(3):
        application.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        application.processEvents()
    return window.grab()


def _close(application: "QApplication", window: "MainWindow") -> None:
    from PySide6.QtCore import QEvent

    window.allow_close()
    window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _render(options: argparse.Namespace) -> int:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from app.ui.gallery_pictures import film
    from app.ui.gallery_states import states
    from app.ui.language import Language
    from app.ui.main_window import MainWindow
    from app.ui.theme import Theme

    application = QApplication(sys.argv[:1])
    theme = Theme(application)
    scale = options.scale or 1.0
    count = 0
    for scheme in (options.scheme,) if options.scheme else ("light", "dark"):
        theme.wear(Qt.ColorScheme.Dark if scheme == "dark" else Qt.ColorScheme.Light)
        folder = options.out / f"{scheme}-{round(scale * 100)}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, view in states().items():
            if options.only not in name:
                continue
            window = MainWindow(film())
            window.resize(round(SCREEN[0] / scale), round(SCREEN[1] / scale))
            for language in (options.language,) if options.language else get_args(Language):
                picture = _grab(application, window, view, language)
                picture.save(str(folder / f"{name}.{language}.png"))
                count += 1
            _close(application, window)
    sys.stdout.write(f"{count} pictures at {scale:.0%} in {options.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
