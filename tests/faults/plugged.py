"""The real eyes before a device that may fail. Not the models: somebody does what is asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import cast

from app.adapters.eyes import Listeners, Watcher
from app.bootstrap.camera import Camera as RealCamera
from app.bootstrap.camera import OnlyCamera
from proctor.adapters.camera import NoCameraError
from proctor.adapters.eyes import Patience
from proctor.adapters.frames import DARK
from proctor.adapters.models import FaceModels
from proctor.observation import FaceObservation
from proctor.ports import Picture, VideoSource
from tests.faces import Pose, face
from tests.faults.camera import Camera
from tests.faults.device import Device, noisy, nothing
from tests.journeys.still_face import Asked
from tests.session_kit import HERSELF

PATIENCE = Patience(silent_s=1.0, frozen_s=1.0, bad_reads=5)


class Reading:
    """In place of `FaceModels`: a dark picture is a covered lens, any other shows the learner."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._poses: Iterator[tuple[Pose, float]] = iter(())

    def observe(
        self,
        picture: Picture,
        at_ns: int,
        *,
        with_embedding: bool = False,
        with_count: bool = True,
        with_signs: bool = False,
    ) -> FaceObservation:
        if picture.max() < DARK:
            return FaceObservation(at_ns, 0, None, covered=True)
        posed = next(self._poses, None)
        if posed is None:
            self._poses = self._asked.poses()
            posed = next(self._poses)
        shown = face(posed[0], embedding=HERSELF if with_embedding else None)
        return FaceObservation(at_ns, 1, shown)


class PluggedCamera(Camera):
    """`Setting.watch`: each opening gives `device`, or fails while it is unplugged."""

    def __init__(self) -> None:
        super().__init__()
        self.device = Device(fps=30.0)
        self.openings = 0
        reading = cast("FaceModels", Reading(self))
        only = OnlyCamera("USB Camera", self._open)
        self._real = RealCamera(only, lambda: reading, time.monotonic_ns, PATIENCE)

    def __call__(self, listeners: Listeners) -> Watcher:
        return self._real.watch(listeners)

    def _open(self) -> VideoSource:
        if self.device.frames is nothing:
            raise NoCameraError("no camera is connected")
        self.openings += 1
        old, self.device = self.device, Device(self.device.frames, fps=30.0)
        assert self.openings == 1 or old.released.is_set(), "one opening at a time"
        return self.device

    def pull_out(self) -> None:
        self.device.unplug()

    def plug_in(self) -> None:
        self.device.frames = noisy
