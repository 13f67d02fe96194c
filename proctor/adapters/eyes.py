"""Watches through a camera: two threads, one that keeps its newest frame, one that judges it.

Two, because a camera that is pulled out may never return from `read`: somebody else has to
notice and say so. Reading also must not wait for the models, or the picture would lag
behind the person. Frames are never queued: one that comes while another is being judged
replaces the one that waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from proctor.adapters.camera import CameraError
from proctor.adapters.models import FaceModels, ModelError
from proctor.adapters.opencv import cv2
from proctor.observation import CameraLost, FaceObservation
from proctor.ports import Picture, VideoSource


@dataclass(frozen=True, slots=True)
class Rhythm:
    """judged_s: seconds between judged frames. read_s: pause between reads (0: every frame).

    embed_every: an embedding with every n-th judged frame, 0 never. shown: whether
    `on_picture` gets the frames.
    """

    judged_s: float
    read_s: float
    embed_every: int
    shown: bool


class Pace(Enum):
    """How closely to look."""

    RESTING = Rhythm(judged_s=0.5, read_s=0.45, embed_every=0, shown=True)
    """Between checks: is somebody there?"""
    PREVIEW = Rhythm(judged_s=1 / 10, read_s=0.0, embed_every=3, shown=True)
    """The camera check before study."""
    CHECKING = Rhythm(judged_s=1 / 15, read_s=0.0, embed_every=3, shown=True)
    """A check: every frame of a camera at 15 a second."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until the camera counts as lost: without a frame, with the very same one.

    bad_reads: how many `read`s in a row may fail. joined_s: how long `stop` waits.
    """

    silent_s: float = 2.0
    frozen_s: float = 4.0
    bad_reads: int = 20
    bad_read_pause_s: float = 0.05
    joined_s: float = 0.8


DARK = 16
"""Brightest sample of a covered lens: its frames may be all the same, and no fault is in it."""

JITTER = 0.8
"""A frame this much of its time early is judged: cameras don't keep time exactly."""


STALE = 1
"""Frames a camera may have kept from before a pause (`camera` asks it to keep no more)."""

WAKE_S = 0.25
"""How often the judging thread looks at the clock when no frame comes."""


@dataclass(frozen=True, slots=True)
class _Frame:
    picture: Picture
    at_ns: int


class Eyes:
    """One camera watched until `stop`, or until it is lost. Started once.

    All callbacks come from its threads and should return at once. Either `on_failure` gets
    one error, when it could not see, or `on_observation` a `CameraLost` as its last, when
    it had to end, or `stop` ends it.
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
        self._rhythm = Pace.RESTING.value
        self._news = threading.Condition()
        self._frame: _Frame | None = None
        self._heard_ns: int | None = None
        self._due_ns = 0
        self._over = False
        self._lost = ""
        self._threads = (
            threading.Thread(target=self._read, name="eyes-camera", daemon=True),
            threading.Thread(target=self._judge, name="eyes-models", daemon=True),
        )

    def start(self, pace: Pace = Pace.RESTING) -> None:
        self.set_pace(pace)
        for thread in self._threads:
            thread.start()

    def set_pace(self, pace: Pace) -> None:
        """Takes effect at once, also in the middle of a pause. From any thread."""
        with self._news:
            self._rhythm, self._due_ns = pace.value, 0
            self._news.notify_all()

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
            self._give_up(error)
            return
        try:
            self._read_on(source)
        finally:
            source.release()

    def _read_on(self, source: VideoSource) -> None:
        bad, same = 0, _Sameness(self._patience.frozen_s)
        while not self._over:
            picture = _picture_of(source)
            if picture is None:
                bad += 1
                if bad >= self._patience.bad_reads:
                    self._lose(f"{bad} reads in a row failed")
                    return
                self._pause(self._patience.bad_read_pause_s)
                continue
            bad = 0
            now_ns = self._clock_ns()
            if same.frozen(picture, now_ns):
                self._lose(f"the same picture for {self._patience.frozen_s:g} s")
                return
            if not self._take(_Frame(picture, now_ns)):
                return
            self._rest(source)

    def _take(self, frame: _Frame) -> bool:
        """Keep it as the newest; False when it is too late for that."""
        with self._news:
            if self._over:
                return False
            self._frame, self._heard_ns = frame, frame.at_ns
            shown = self._rhythm.shown
            self._news.notify_all()
        if shown:
            self._on_picture(frame.picture, frame.at_ns)
        return True

    def _rest(self, source: VideoSource) -> None:
        rhythm = self._rhythm
        if rhythm.read_s:
            self._pause(rhythm.read_s)
            for _ in range(0 if self._over else STALE):
                source.read()

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

    def _judge_on(self, models: FaceModels) -> None:
        count = 0
        while (frame := self._next()) is not None:
            every = self._rhythm.embed_every
            embed = every > 0 and count % every == 0
            seen = models.observe(frame.picture, frame.at_ns, with_embedding=embed)
            count += 1
            if not self._over:
                self._on_observation(seen)
        if self._lost:
            self._on_observation(CameraLost(self._clock_ns(), self._lost))

    def _next(self) -> _Frame | None:
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
        if self._heard_ns is None or self._frame is not None or self._over:
            return
        silent_s = (self._clock_ns() - self._heard_ns) / 1e9
        if silent_s > self._patience.silent_s + self._rhythm.read_s:
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


def _picture_of(source: VideoSource) -> Picture | None:
    try:
        read, picture = source.read()
    except cv2.error:  # what some backends do instead of returning False
        return None
    return picture if read and picture is not None and picture.size else None


class _Sameness:
    """Notices a picture that stands still to the last bit: no sensor is that quiet."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._sample: Picture | None = None
        self._since_ns = 0

    def frozen(self, picture: Picture, at_ns: int) -> bool:
        sample = picture[::16, ::16].copy()
        before, self._sample = self._sample, sample
        if before is None or not np.array_equal(before, sample) or sample.max() < DARK:
            self._since_ns = at_ns
            return False
        return (at_ns - self._since_ns) / 1e9 >= self._seconds
