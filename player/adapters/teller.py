"""Between the player and whoever listens: what of its frames was seen, heard, dropped, and why.

`QtPlayer` hands its frames over here; what is told of them waits until the window has painted them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtMultimedia import QMediaDevices, QVideoFrame

from player.events import Mode, PlayerEvent, SoundMeasured
from player.ledger import SLIVER_US
from player.line import LineWatch, measured
from player.lipsync import LipSync
from player.ports import Film, Line
from player.screen import Handed, Screen

_GO_BACKS, _PATIENT_NS = 3, 30_000_000_000  # so often in so long the film goes back by itself


class Teller:
    """Keeps book of one film's frames, its sound and its line. For the thread of the window."""

    def __init__(self, listener: Callable[[PlayerEvent], None]) -> None:
        self._listener = listener
        self._screen = Screen()
        self._lips = LipSync()
        self._line = LineWatch()
        self._device = True  # until it turns out that there is none
        self._went_back: list[int] = []
        self._handed: QVideoFrame | None = None

    def begin(self) -> None:
        """Another film: whether there is a sound device is told anew."""
        self.jump()
        self._device = True

    def hand(self, frame: QVideoFrame, mode: Mode, at_ns: int) -> None:
        """`frame` is due now, and on its way to the window."""
        self._handed = frame
        self._screen.hand(Handed(frame.startTime(), frame.endTime(), mode, at_ns))

    def painted(self, start_us: int, at_ns: int) -> None:
        """The window has painted the frame that begins at `start_us`."""
        told = self._screen.painted(start_us, at_ns)
        if told:
            self._lips.frame(start_us, at_ns)
        for event in told:
            self._listener(event)

    @property
    def waiting(self) -> bool:
        """A frame is on its way to the window."""
        return self._screen.waiting is not None

    def take_back(self, at_ns: int) -> QVideoFrame | None:
        """Return the frame that is still on its way: painted in a pause it counts when it runs."""
        waiting = self._screen.stop()
        self.losses(at_ns)
        return self._handed if waiting is not None else None

    def jump(self) -> None:
        """The film goes on somewhere else."""
        self._screen.jump()
        self._lips.jump()
        self._handed = None

    def heard(self, start_us: int, at_ns: int, rate: float) -> None:
        """The sound that belongs to `start_us` was given out."""
        self._lips.sound(start_us, at_ns, rate)

    def losses(self, at_ns: int) -> None:
        """Tell what was dropped or late since the last time."""
        lost = self._screen.losses(at_ns)
        if lost is not None:
            self._listener(lost)

    def look(self, at_ns: int) -> None:
        """While the film runs: tell once if nothing reaches the screen."""
        unseen = self._screen.look(at_ns)
        if unseen is not None:
            self._listener(unseen)

    def due(self, at_ns: int, *, hungry: bool) -> bool:
        """Tell whether `measure` is wanted; oftener while somebody waits for the picture."""
        return self._line.due(at_ns, hungry=hungry)

    def measure(
        self, at_ns: int, line: Line | None, film: Film, mode: Mode, position_us: int
    ) -> None:
        """Tell what was lost, how far the sound is off, and how the line fares."""
        self.losses(at_ns)
        offset_us = self._lips.take(at_ns)
        device = bool(QMediaDevices.audioOutputs())
        if offset_us is not None or device is not self._device:
            self._device = device
            self._listener(SoundMeasured(at_ns, offset_us if device else None, device))
        if line is not None:
            self._listener(measured(at_ns, line, film, film.renditions[mode], position_us))

    def passed_over(self, start_us: int, at_ns: int) -> int | None:
        """Return where the film has to go back to, if showing `start_us` now would skip film.

        A PC that was held up finds a bunch of frames and can paint the last. Not again and again:
        one that can't keep up is not helped by going back.
        """
        shown_us = self._screen.shown_end_us
        if shown_us is None or start_us - shown_us <= SLIVER_US:
            return None
        self._went_back = [each for each in self._went_back if at_ns - each < _PATIENT_NS]
        if len(self._went_back) >= _GO_BACKS:
            return None
        self._went_back.append(at_ns)
        return shown_us
