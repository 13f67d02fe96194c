"""A camera before which the simulated learner sits: the part of cv2.VideoCapture that is used."""

import time
from collections.abc import Callable, Mapping

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.clips import HEIGHT, WIDTH, Clips
from proctor.adapters.simulated.library import prepared
from proctor.adapters.simulated.motion import FPS
from proctor.adapters.simulated.performance import Performer
from proctor.adapters.simulated.scenes import compose
from proctor.adapters.simulated.sensor import GRAIN_SIGMA
from proctor.adapters.simulated.stage import Scene, Stage
from proctor.adapters.simulated.taking import take
from proctor.ports import Picture

BACKEND = "SIMULATED"
SLOWEST, FASTEST = 1.0, 60.0
"""Frames a second that can be set."""


class SimulatedCapture:
    """Gives pictures of the stage at the pace of a real camera.

    A client in production refuses it: `simulated` is True and its backend is "SIMULATED".
    Pictures are new arrays, the caller's own. To be used from one thread, as a real camera is.
    """

    simulated = True

    def __init__(
        self,
        stage: Stage,
        clips: Mapping[str, Clips] | None = None,
        *,
        fps: float = FPS,
        seed: int = 0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`clips` by person; left out, the cast's come from the cache (rendered if not there).

        clock: monotonic seconds. sleep: waits that many seconds. seed: reaction times and the
        order of idle motions.
        """
        self._stage = stage
        self._clips = clips if clips is not None else prepared(stage.cast)
        self._fps = fps
        self._clock = clock
        self._sleep = sleep
        self._seed = seed
        self._performers: dict[str, Performer] = {}
        self._open = True
        self._due_s: float | None = None
        self._begin_s = clock()
        self._number = 0

    def isOpened(self) -> bool:  # noqa: N802  (OpenCV's own name)
        return self._open

    def read(self) -> tuple[bool, Picture | None]:
        """Wait for the next frame; uint8[480, 640, 3], blue-green-red, not mirrored."""
        if not self._open:
            return False, None
        now_s = self._wait()
        view = self._stage.view()
        performer = self._performers.get(view.person)
        if performer is None:
            # somebody who was away begins anew, so only one performer is kept
            performer = Performer(self._seed)
            self._performers = {view.person: performer}
        seconds = now_s - self._begin_s
        clips, other = self._clips[view.person], self._clips.get(self._stage.other(view.person))
        shown = compose(view.scene, clips, performer, seconds, view.prompt, other)
        self._number += 1
        grain = 0.0 if view.scene is Scene.INJECTED else GRAIN_SIGMA
        return True, take(shown, view.light, view.tint, self._number, grain)

    def _wait(self) -> float:
        """Sleep until the next frame is due; the time then, in seconds."""
        now_s = self._clock()
        if self._due_s is None or now_s - self._due_s > 1 / self._fps:
            # the first frame, or the reader was slow: frames are lost, not queued
            self._due_s = now_s
        elif now_s < self._due_s:
            self._sleep(self._due_s - now_s)
            now_s = max(now_s, self._clock())
        self._due_s += 1 / self._fps
        return now_s

    def get(self, prop: int, /) -> float:
        """Width, height and frames a second; 0 for everything else, as OpenCV does."""
        values = {
            cv2.CAP_PROP_FRAME_WIDTH: float(WIDTH),
            cv2.CAP_PROP_FRAME_HEIGHT: float(HEIGHT),
            cv2.CAP_PROP_FPS: self._fps,
        }
        return values.get(prop, 0.0)

    def set(self, prop: int, value: float, /) -> bool:
        """Whether the camera does so: frames a second, or the only size there is."""
        if prop == cv2.CAP_PROP_FPS and SLOWEST <= value <= FASTEST:
            self._fps = float(value)
            return True
        fixed = {cv2.CAP_PROP_FRAME_WIDTH: WIDTH, cv2.CAP_PROP_FRAME_HEIGHT: HEIGHT}
        return prop in fixed and fixed[prop] == value

    def release(self) -> None:
        self._open = False

    def getBackendName(self) -> str:  # noqa: N802  (OpenCV's own name)
        return BACKEND
