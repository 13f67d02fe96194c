"""The cameras and the models that read them, joined into watchers for the window's world."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.eyes import Listed
from app.errors import Report, Trouble

if TYPE_CHECKING:
    from app.adapters.eyes import Listeners, Watcher
    from proctor.adapters.devices import CameraInfo
    from proctor.adapters.eyes import Eyes, Patience
    from proctor.adapters.hotplug import Hotplug
    from proctor.adapters.models import FaceModels, LoadedOnce
    from proctor.adapters.passive import PassiveModel
    from proctor.ports import Picture, VideoSource

log = logging.getLogger(__name__)

RELEASED_S = 3.0
"""How long the next opening waits for a driver that does not let go of the last one."""


class OnlyCamera:
    """One camera that stands for all, as the simulated learner's does."""

    def __init__(self, name: str, open_camera: Callable[[], VideoSource]) -> None:
        self.open = open_camera
        self._listed = Listed(((name, name),), name)

    def use(self, name: str) -> None: ...

    def listed(self) -> Listed | None:
        return self._listed

    def follow(self, told: Callable[[Listed], None]) -> None:
        told(self._listed)

    def unfollow(self) -> None: ...


class OwnCameras:
    """Those of the PC, by their names."""

    def __init__(self) -> None:
        self._name = ""
        self._there: Sequence[CameraInfo] | None = None
        self._hotplug: Hotplug | None = None

    def open(self) -> VideoSource:
        from proctor.adapters.camera import open_camera

        return open_camera(self._name)

    def use(self, name: str) -> None:
        self._name = name

    def listed(self) -> Listed | None:
        from proctor.adapters.devices import choose
        from proctor.devices import flags

        if self._there is None:
            return None
        chosen = choose(self._there, self._name)
        named = tuple((camera.name, camera.name) for camera in self._there)
        if chosen is None:
            return Listed(named, "")
        return Listed(named, chosen.name, flags(chosen.name, chosen.origin))

    def follow(self, told: Callable[[Listed], None]) -> None:
        from proctor.adapters.devices import list_cameras
        from proctor.adapters.hotplug import Hotplug

        def changed(cameras: Sequence[CameraInfo]) -> None:
            self._there = cameras
            listed = self.listed()
            if listed is not None:
                told(listed)

        if self._hotplug is None:
            self._hotplug = Hotplug(list_cameras, changed)
        self._hotplug.start()

    def unfollow(self) -> None:
        if self._hotplug is not None:
            self._hotplug.stop()


class Camera:
    """Makes watchers, one opening at a time. The models are loaded once and kept.

    Implements `app.adapters.eyes.Cameras`.
    """

    def __init__(
        self,
        cameras: OnlyCamera | OwnCameras,
        load: Callable[[], FaceModels],
        clock_ns: Callable[[], int],
        patience: Patience | None = None,
    ) -> None:
        self.use, self.listed = cameras.use, cameras.listed
        self.follow, self.unfollow = cameras.follow, cameras.unfollow
        self._open = cameras.open
        self._load = load
        self._clock_ns = clock_ns
        self._patience = patience
        self._models: LoadedOnce | None = None
        self._passive = self._asked = ("", "")
        self._making = threading.Lock()
        self._warming = threading.Thread()
        self._before: Eyes | None = None

    def watch(self, listeners: Listeners) -> Watcher:
        from proctor.adapters.eyes import Eyes

        before = self._before

        def open_camera() -> VideoSource:
            if before is not None:
                before.released.wait(RELEASED_S)
            return self._open()

        eyes = self._before = Eyes(
            open_camera,
            self._ready,
            listeners.observed,
            lambda picture, _at_ns: listeners.seen(picture),
            lambda error: listeners.failed(camera_report(error)),
            self._clock_ns,
            patience=self._patience,
        )
        return _Opening(eyes)

    def use_passive(self, path: str, sha256: str) -> None:
        """The passive model that the policy names, "" for none; from the next opening on."""
        self._passive = (path, sha256)

    def warm(self) -> None:
        """Load the models in a thread, so that they are there when they are wanted."""
        if self._warming.ident is None:
            self._warming = threading.Thread(target=self._warm, name="eyes-warm", daemon=True)
            self._warming.start()

    def close(self) -> None:
        """Let go of the models; nobody watches any more."""
        self.unfollow()
        if self._warming.ident is not None:
            self._warming.join()
        if self._models is not None:
            self._models.close()

    def _warm(self) -> None:
        loaded_once = self._loaded_once()
        from proctor.adapters.models import ModelError

        with contextlib.suppress(ModelError):  # the opening that follows tells
            loaded_once()

    def _ready(self) -> FaceModels:
        """The models, with the passive one of the policy; in the thread that uses them."""
        models = self._loaded_once()()
        if self._asked != self._passive:
            self._asked = self._passive
            models.use_passive(passive_model(*self._passive))
        return models

    def _loaded_once(self) -> LoadedOnce:
        from proctor.adapters.models import LoadedOnce

        with self._making:
            if self._models is None:
                self._models = LoadedOnce(self._load)
            return self._models


class _Opening:
    """`app.adapters.eyes.Watcher`: the eyes, at a pace by its name."""

    def __init__(self, eyes: Eyes) -> None:
        self._eyes = eyes

    def start(self, pace: str) -> None:
        from proctor.adapters.eyes import Pace

        self._eyes.start(Pace[pace.upper()])

    def set_pace(self, pace: str) -> None:
        from proctor.adapters.eyes import Pace

        self._eyes.set_pace(Pace[pace.upper()])

    def newest(self) -> Picture | None:
        return self._eyes.newest()

    def stop(self) -> None:
        self._eyes.stop()


def passive_model(path: str, sha256: str) -> PassiveModel | None:
    """The policy's passive model; None where it names none, or where it can't be used.

    A check goes on without it: it is one sign among many, and no learner can mend it. The
    log says so, and the record's list of what was measured lacks it.
    """
    from proctor.adapters.passive import PassiveModel, PassiveModelError

    if not path:
        return None
    try:
        return PassiveModel.load(Path(path), sha256)
    except PassiveModelError as error:
        log.warning("the policy's passive model: %s", error)
        return None


def camera_report(error: Exception) -> Report:
    from proctor.adapters.camera import CameraBusyError, CameraDeniedError
    from proctor.adapters.models import ModelError

    detail = f"{type(error).__name__}: {error}"
    match error:
        case ModelError():
            return Report(Trouble.MODELS_MISSING, detail)
        case CameraBusyError():
            return Report(Trouble.CAMERA_BUSY, detail)
        case CameraDeniedError():
            return Report(Trouble.CAMERA_DENIED, detail)
        case _:
            return Report(Trouble.NO_CAMERA, detail)
