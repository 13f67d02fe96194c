"""Scenes of lesson one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from resources.drawing.stage import Beat, day, write


def plain(p: QPainter, beat: Beat) -> None:
    """Words only, until the scene is drawn."""
    day(p, beat)
    for place, words in enumerate(beat.words.values()):
        write(p, QRectF(100, 150 + place * 50, 1000, 40), words, 34)


SCENES: Mapping[str, Callable[[QPainter, Beat], None]] = {
    name: plain for name in ("opening_one", "what_it_is", "gases", "oxygen", "limits", "blind_rescue", "recap_one")
}
DARK: frozenset[str] = frozenset()
