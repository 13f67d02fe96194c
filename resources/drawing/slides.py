"""A lesson as pictures: which scene a frame belongs to, and how scenes follow each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from resources.course.timeline import FPS, SceneTime
from resources.drawing import lesson_one, lesson_two, lesson_two_permit, lesson_two_work
from resources.drawing.stage import BG, HEIGHT, NIGHT, WIDTH, Beat, begin, ease, faded, open_stage

FADE_S = 0.32
"""A scene comes out of the backdrop's colour and goes back into it within this time."""

Scene = Callable[[QPainter, Beat], None]

SCENES: Mapping[str, Scene] = {
    **lesson_one.SCENES,
    **lesson_two.SCENES,
    "permit": lesson_two_permit.permit,
    **lesson_two_work.SCENES,
}
DARK = lesson_one.DARK | lesson_two.DARK


@cache
def canvas() -> QImage:
    """Return this process's one picture: BGRA in memory, 1280 x 720, drawn over again and again."""
    return QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)


@dataclass(frozen=True)
class SlideWords:
    """What one scene says: name of its drawing, heading, source, other words by name."""

    draw: str
    heading: str
    source: str
    chip: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class LessonPictures:
    """The frames of one lesson; a `resources.media.encode.PictureSource`."""

    lesson: str
    slides: tuple[SlideWords, ...]
    times: tuple[SceneTime, ...]

    def open(self) -> None:
        """Start Qt in this process; raises `BuildError` without a Chinese font."""
        open_stage()

    def pictures(self, number: int) -> Mapping[str, NDArray[np.uint8]]:
        """Return frame ``number`` as uint8 BGRA [720, 1280, 4] under ``high``."""
        image = canvas()
        self.draw(number, image)
        view = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, WIDTH, 4)
        return {"high": view}

    def draw(self, number: int, image: QImage) -> None:
        """Draw frame ``number`` into ``image`` of 1280 x 720."""
        place = next(
            index
            for index, time in enumerate(self.times)
            if number < time.first + time.frames or index == len(self.times) - 1
        )
        slide, time = self.slides[place], self.times[place]
        t = (number - time.first) / FPS
        length = time.frames / FPS
        beat = Beat(
            scene=f"{self.lesson}/{slide.draw}",
            t=t,
            length=length,
            lines=time.lines,
            words=slide.words,
            heading=slide.heading,
            source=slide.source,
            chip=slide.chip,
        )
        painter = begin(image)
        SCENES[slide.draw](painter, beat)
        # The last scene stays: the player's end card must not follow a blank picture.
        ending = 0.0 if place == len(self.times) - 1 else 1 - ease((length - t) / FADE_S)
        # Nor does the first one come out of nothing: its first frame waits in the player.
        beginning = 0.0 if place == 0 else 1 - ease((t + 1 / FPS) / FADE_S)
        veil = max(beginning, ending)
        if veil > 0:
            painter.fillRect(image.rect(), faded(NIGHT if slide.draw in DARK else BG, veil))
        painter.end()
