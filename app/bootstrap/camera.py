"""The camera and the models that read it, joined into watchers for the window's world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Report, Trouble

if TYPE_CHECKING:
    from app.adapters.eyes import Listeners, Watcher
    from proctor.adapters.models import LoadedOnce
    from proctor.ports import VideoSource


class Camera:
    """Makes watchers, one opening of the camera at a time; the models are loaded once and kept."""

    def __init__(
        self,
        open_camera: Callable[[], VideoSource],
        folder: Path,
        hashes: Callable[[], Mapping[str, str]],
        clock_ns: Callable[[], int],
    ) -> None:
        """folder: of the models. hashes: their SHA-256 by file name."""
        self._open = open_camera
        self._folder = folder
        self._hashes = hashes
        self._clock_ns = clock_ns
        self._models: LoadedOnce | None = None

    def watch(self, listeners: Listeners) -> Watcher:
        from proctor.adapters.eyes import Eyes, Pace

        eyes = Eyes(
            self._open,
            self._loaded(),
            listeners.observed,
            lambda picture, _at_ns: listeners.seen(picture),
            lambda error: listeners.failed(camera_report(error)),
            self._clock_ns,
        )

        class Opening:
            def start(self, pace: str) -> None:
                eyes.start(Pace[pace.upper()])

            def set_pace(self, pace: str) -> None:
                eyes.set_pace(Pace[pace.upper()])

            def stop(self) -> None:
                eyes.stop()

        return Opening()

    def close(self) -> None:
        """Let go of the models; nobody watches any more."""
        if self._models is not None:
            self._models.close()

    def _loaded(self) -> LoadedOnce:
        from proctor.adapters.models import FaceModels, LoadedOnce

        if self._models is None:
            self._models = LoadedOnce(lambda: FaceModels.load(self._folder, self._hashes()))
        return self._models


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
