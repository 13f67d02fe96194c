"""Watches through a camera: two threads, one that keeps its newest frame, one that judges it.

Two, because a camera that is pulled out may never return from `read`: somebody else has to
notice and say so. Reading also must not wait for the models, or the picture would lag
behind the person. Frames are never queued: one that comes while another is being judged
replaces the one that waits. They live in memory only, and none outlives `stop`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from proctor.adapters.camera import CameraBusyError, CameraError
from proctor.adapters.frames import Frame, Missing, Sameness, fit, next_of
from proctor.adapters.models import FaceModels, ModelDamagedError, ModelError
from proctor.cadence import Cadence, Rhythm, look, looked
from proctor.observation import CameraLost, FaceObservation
from proctor.ports import Picture, VideoSource

log = logging.getLogger(__name__)


class Pace(Enum):
    """How closely to look."""

    RESTING = Rhythm(taken_s=0.5, judged_s=0.5, idle=True)
    """Between checks: is somebody there?"""
    PREVIEW = Rhythm(1 / 15, 1 / 10, idle=False, counted=3, embedded=3)
    """The camera check before study."""
    CHECKING = Rhythm(
        1 / 15, 1 / 15, idle=False, counted=5, signed=1, embedded=5, enough=9, rarely=15
    )
    """A check: every frame of a camera at 15 a second; nine embeddings, then one a second."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until the camera counts as lost: without a frame, with the very same one.

    begins_s: until one that never gave a frame does; Windows may need ten to open one.
    bad_reads: how many `read`s in a row may fail. joined_s: how long `stop` waits.
    """

    silent_s: float = 3.0
    frozen_s: float = 4.0
    begins_s: float = 20.0
    bad_reads: int = 20
    bad_read_pause_s: float = 0.05
    joined_s: float = 0.8


JITTER = 0.8
"""A frame this much of its time early is taken: cameras don't keep time exactly."""

PAUSED = 0.9
"""Share of the time between two frames that an idle camera is left alone."""

AT_ONCE_S = 0.01
"""A frame that comes this soon after a pause waited in a buffer: it is old."""

WAKE_S = 0.25
"""How often the judging thread looks at the clock when no frame comes."""


class Eyes:
    """One camera watched until `stop`, or until it is lost. Started once.

    All callbacks come from its threads and should return at once. Either `on_failure` gets
    one error, when it could not see, or `on_observation` a `CameraLost` as its last, when
    it had to end, or `stop` ends it. `released` is set when the camera has been let go.
    """

    def __init__(
        self,
        open_source: Callable[[], VideoSource],
        models: Callable[[], FaceModels],
        on_observation: Callable[[FaceObservation | CameraLost], None],
        on_picture: Callable[[Picture, int], None],
        on_failure: Callable[[CameraError | ModelError], None],
        clock_ns: Callable[[], int],
        *,
        patience: Patience | None = None,
    ) -> None:
        """open_source, models: called in the threads; both may take seconds.

        models is not closed here: loading is dear, so its owner keeps it (`LoadedOnce`).
        on_picture: a frame, not to be written to, and its time. clock_ns: monotonic.
        """
        self._open_source = open_source
        self._models = models
        self._on_observation = on_observation
        self._on_picture = on_picture
        self._on_failure = on_failure
        self._clock_ns = clock_ns
        self._patience = patience or Patience()
        self.released = threading.Event()
        self._rhythm = Pace.RESTING.value
        self._cadence = Cadence()
        self._news = threading.Condition()
        self._frame: Frame | None = None  # waits to be judged
        self._newest: Frame | None = None
        self._heard_ns: int | None = None
        self._began_ns = 0
        self._taken_ns = self._due_ns = 0
        self._asked_ns = self._seen_ns = 0  # the camera's thread's own
        self._rested = False
        self._over = False
        self._lost = ""
        self._threads = (
            threading.Thread(target=self._read, name="eyes-camera", daemon=True),
            threading.Thread(target=self._judge, name="eyes-models", daemon=True),
        )

    def start(self, pace: Pace = Pace.RESTING) -> None:
        self.set_pace(pace)
        self._began_ns = self._clock_ns()
        for thread in self._threads:
            thread.start()

    def set_pace(self, pace: Pace) -> None:
        """Takes effect at once, also in the middle of a pause. From any thread."""
        with self._news:
            self._rhythm, self._cadence = pace.value, Cadence()
            self._taken_ns = self._due_ns = 0
            self._news.notify_all()

    def newest(self) -> Picture | None:
        """A copy of the newest frame, while the camera gives any. From any thread."""
        with self._news:
            frame = None if self._over else self._newest
        return None if frame is None else frame.picture.copy()

    def stop(self) -> bool:
        """End both threads and release the camera; whether that worked in time.

        False: the camera's driver does not return. Its thread ends when it does.
        """
        with self._news:
            self._over = True
            self._news.notify_all()
        until_ns = self._clock_ns() + round(self._patience.joined_s * 1e9)
        for thread in self._threads:
            if thread.ident is not None and thread is not threading.current_thread():
                left_s = max(0.05, (until_ns - self._clock_ns()) / 1e9)
                thread.join(min(left_s, self._patience.joined_s))
        return not any(thread.is_alive() for thread in self._threads)

    # The camera's thread.

    def _read(self) -> None:
        try:
            source = self._open_source()
        except CameraError as error:
            self.released.set()
            self._give_up(error)
            return
        try:
            self._read_on(source)
        finally:
            source.release()
            self.released.set()

    def _read_on(self, source: VideoSource) -> None:
        bad, unreadable, same = 0, False, Sameness(self._patience.frozen_s)
        while not self._over:
            self._asked_ns = self._clock_ns()
            found = next_of(source, self._wanted)
            if found is Missing.UNWANTED:
                bad = bad if unreadable else 0
                continue
            if isinstance(found, Missing):
                bad, unreadable = bad + 1, found is Missing.UNREADABLE
                self._taken_ns = 0  # the very next one, then
                if bad >= self._patience.bad_reads:
                    self._lose(f"{bad} reads in a row failed")
                    return
                self._pause(self._patience.bad_read_pause_s)
                continue
            bad = 0
            if same.frozen(found, self._seen_ns):
                self._lose(f"the same picture for {self._patience.frozen_s:g} s")
                return
            self._take(fit(found, self._seen_ns))
            if self._rhythm.idle:
                self._pause(self._rhythm.taken_s * PAUSED)
                self._rested = True

    def _wanted(self) -> bool:
        """A frame has come: is it time for one, and is it new?"""
        now_ns = self._clock_ns()
        rested, self._rested = self._rested, False
        with self._news:
            self._heard_ns = now_ns
            early = now_ns < self._taken_ns + round(self._rhythm.taken_s * JITTER * 1e9)
            old = rested and now_ns - self._asked_ns < AT_ONCE_S * 1e9
            if self._over or early or old:
                return False
            self._taken_ns = self._seen_ns = now_ns
            return True

    def _take(self, frame: Frame) -> None:
        """Keep it as the newest, unless it is too late for that."""
        with self._news:
            if self._over:
                return
            self._frame = self._newest = frame
            self._news.notify_all()
        self._on_picture(frame.picture, frame.at_ns)

    def _pause(self, seconds: float) -> None:
        """Sleep, but not through `stop` or another pace."""
        with self._news:
            rhythm = self._rhythm
            self._news.wait_for(lambda: self._over or self._rhythm is not rhythm, seconds)

    # The models' thread.

    def _judge(self) -> None:
        try:
            self._judge_on(self._models())
        except ModelError as error:
            self._give_up(error)
        except Exception as error:
            # whatever it was (no memory, a library's own fault): nobody is watched any more
            log.exception("the judging thread")
            self._give_up(ModelDamagedError("a frame", repr(error)))

    def _judge_on(self, models: FaceModels) -> None:
        while (frame := self._next()) is not None:
            cadence = self._cadence
            asked = look(cadence, self._rhythm)
            seen = models.observe(
                frame.picture,
                frame.at_ns,
                with_embedding=asked.embed,
                with_count=asked.count,
                with_signs=asked.signs,
            )
            if seen.frame is not None:  # of the size that the camera gave
                facts = replace(seen.frame, width=frame.width, height=frame.height)
                seen = replace(seen, frame=facts)
            with self._news:
                if self._cadence is cadence:
                    self._cadence = looked(cadence, asked, seen)
            if not self._over:
                self._on_observation(seen)
        if self._lost and self._heard_ns is None:
            self._on_failure(CameraBusyError(self._lost))
        elif self._lost:
            self._on_observation(CameraLost(self._clock_ns(), self._lost))

    def _next(self) -> Frame | None:
        """Wait for a frame that is due to be judged; None: it is over."""
        with self._news:
            while not self._over:
                frame, self._frame = self._frame, None
                if frame is not None and frame.at_ns >= self._due_ns:
                    due_s = self._rhythm.judged_s * JITTER
                    self._due_ns = frame.at_ns + round(due_s * 1e9)
                    return frame
                self._news.wait(WAKE_S)
                self._notice_silence()
            return None

    def _notice_silence(self) -> None:
        """The camera's thread is stuck in `read`, or the driver gives nothing."""
        if self._frame is not None or self._over:
            return
        patience_s = self._patience.begins_s
        if self._heard_ns is not None:
            pause_s = self._rhythm.taken_s if self._rhythm.idle else 0.0
            patience_s = self._patience.silent_s + pause_s
        since_ns = self._began_ns if self._heard_ns is None else self._heard_ns
        silent_s = (self._clock_ns() - since_ns) / 1e9
        if silent_s > patience_s:
            self._lose(f"no frame for {silent_s:.1f} s")

    # Either thread.

    def _lose(self, detail: str) -> None:
        """End for want of pictures; the models' thread tells it, so that nothing follows."""
        with self._news:
            if not self._over:
                self._over, self._lost = True, detail
                self._news.notify_all()

    def _give_up(self, error: CameraError | ModelError) -> None:
        with self._news:
            first = not self._over
            self._over = True
            self._news.notify_all()
        if first:
            self._on_failure(error)
