"""Sheets of many states, for the documents: `python -m app.ui.gallery_sheets --out docs/screens`.

A sheet shows a dozen states in small, each with its name. It is written with 256 colours:
that is a third of the size, and nobody sees it.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter

from app.ui.theme import font
from app.view import WindowView

WIDTH, HEIGHT, GAP, WORDS = 640, 360, 16, 26


@dataclass(frozen=True, slots=True)
class Sheet:
    """states: names, or beginnings of names that end in `*`."""

    name: str
    states: tuple[str, ...]
    language: str = "zh_CN"
    scheme: str = "light"
    columns: int = 3


SHEETS = (
    Sheet(
        "check-actions",
        (
            "check-at-rest",
            "check-turn_left",
            "check-turn_right",
            "check-open_mouth",
            "check-blink",
            "check-nod",
            "check-follow_dot",
            "check-dot-*",
            "check-alternative",
            "check-last-attempt",
        ),
    ),
    Sheet("check-light", ("check-tint-*",)),
    Sheet("check-hints", ("check-hint*",)),
    Sheet("check-results", ("check-passed", "check-in-review", "check-failed-*", "check-over")),
    Sheet(
        "check-english",
        (
            "check-turn_left",
            "check-tint-blue",
            "check-hint-too_far",
            "check-failed-print",
            "check-in-review",
            "check-over",
        ),
        language="en",
        scheme="dark",
    ),
    Sheet(
        "sign-in-check",
        (
            "camera-starting",
            "camera-positioning",
            "camera-hint-take_off_mask",
            "camera-proving*",
            "camera-matching",
            "camera-matched",
            "camera-enrolled",
            "camera-mismatch",
            "camera-simulated",
            "camera-choice",
            "camera-unplugged",
            "camera-no-voice",
        ),
    ),
    Sheet("pictures", ("snapshots-*",)),
    Sheet(
        "pictures-english",
        ("snapshots-ready", "consent", "signed-out-appeal-sent"),
        language="en",
        scheme="dark",
    ),
    Sheet("appeal", ("signed-out-appeal-*", "signed-out-why-*")),
    Sheet(
        "presence",
        (
            "lesson-paused-absent",
            "lesson-paused-several_faces",
            "lesson-paused-turned_away",
            "lesson-paused-eyes_closed",
            "lesson-paused-camera_covered",
            "lesson-paused-camera_lost",
            "lesson-paused-camera_starting",
            "lesson-camera-off",
            "trouble-camera*",
            "trouble-no_camera",
        ),
    ),
    Sheet("consent", ("consent*",)),
    Sheet("leaving", ("signed-out-progress", "signed-out-left", "signed-out-unsent")),
    Sheet(
        "line-and-store",
        (
            "trouble-portal",
            "trouble-line_untrusted",
            "trouble-proxy_asks",
            "trouble-key_not_kept",
            "trouble-store_elsewhere",
            "trouble-store_other_key",
        ),
        language="en",
    ),
)


def chosen(sheet: Sheet, states: dict[str, WindowView]) -> list[str]:
    """The names on a sheet, in the sheet's order."""
    names: list[str] = []
    for wanted in sheet.states:
        found = [each for each in states if _fits(each, wanted) and each not in names]
        if not found:
            raise LookupError(f"{sheet.name}: there is no state {wanted}")
        names += found
    return names


def _fits(name: str, wanted: str) -> bool:
    return name.startswith(wanted[:-1]) if wanted.endswith("*") else name == wanted


def compose(sheet: Sheet, pictures: Iterator[tuple[str, QImage]], count: int) -> QImage:
    """Lay the pictures out, each over its name."""
    columns = min(sheet.columns, count)
    rows = -(-count // columns)
    across, down = WIDTH + GAP, HEIGHT + WORDS + GAP
    page = QImage(columns * across + GAP, rows * down + GAP, QImage.Format.Format_RGB32)
    page.fill(QColor("#D7DDE4"))
    painter = QPainter(page)
    painter.setFont(font(14))
    painter.setPen(QColor("#14202B"))
    for number, (name, picture) in enumerate(pictures):
        left = GAP + number % columns * across
        top = GAP + number // columns * down
        small = picture.scaled(
            WIDTH,
            HEIGHT,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(left, top, small)
        words = QRectF(left, top + HEIGHT, WIDTH, WORDS)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
    painter.end()
    return page


def with_few_colours(image: QImage) -> QImage:
    """The same picture with its 256 most frequent colours."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    values = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    exact, counts = np.unique(values & 0xFFFFFF, return_counts=True)
    bins, where = np.unique(exact & 0xF8F8F8, return_inverse=True)
    weights = np.zeros(len(bins), np.int64)
    np.add.at(weights, where, counts)
    best = np.zeros(len(bins), np.int64)
    for index in np.argsort(counts):  # the most frequent of a bin comes last, and stays
        best[where[index]] = exact[index]
    top = best[np.argsort(weights)[::-1][:256]]
    table = [int(0xFF000000 | each) for each in top]
    return image.convertToFormat(
        QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.AvoidDither
    )


def main(arguments: list[str] | None = None) -> int:
    """Make the sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="only sheets whose name contains this")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.ui.gallery import grab
    from app.ui.gallery_states import states
    from app.ui.theme import Theme

    application = QApplication(sys.argv[:1])
    theme = Theme(application)
    options.out.mkdir(parents=True, exist_ok=True)
    every = states()
    for sheet in SHEETS:
        if options.only not in sheet.name:
            continue
        dark = sheet.scheme == "dark"
        theme.wear(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        names = chosen(sheet, every)
        pictures = ((each, grab(application, every[each], sheet.language)) for each in names)
        page = with_few_colours(compose(sheet, pictures, len(names)))
        writer = QImageWriter(str(options.out / f"{sheet.name}.png"))
        writer.setQuality(0)  # of a PNG that is how hard it is compressed
        if not writer.write(page):
            raise OSError(writer.errorString())
        sys.stdout.write(f"{sheet.name}: {len(names)} states\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
