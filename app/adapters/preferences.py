"""What is chosen on this PC: language, name and camera; and a learner's own picture and sound."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.intents import CaptionSize
from app.state import Language, Preferences, Session
from player.events import Mode

log = logging.getLogger(__name__)


class _Learner(BaseModel):
    model_config = ConfigDict(extra="ignore")

    mode: Mode = Mode.STANDARD
    volume: float = Field(default=0.8, ge=0, le=1)
    muted: bool = False
    captions: str = Field(default="", max_length=8)
    caption_size: CaptionSize = "medium"
    speech: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")

    language: Language = "zh_CN"
    name: str = Field(default="", max_length=80)
    camera: str = Field(default="", max_length=200)
    learners: dict[str, _Learner] = Field(default_factory=dict)


class PreferenceFile:
    """A small JSON file. A file that cannot be read counts as none: choices are no records."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "preferences.json"
        self._file = self._read()

    def load(self, name: str = "") -> Preferences:
        """The choices of `name`, or of who signed in last."""
        name = name or self._file.name
        learner = self._file.learners.get(name, _Learner())
        return Preferences(
            language=self._file.language,
            name=name,
            mode=learner.mode,
            volume=learner.volume,
            muted=learner.muted,
            captions=learner.captions,
            caption_size=learner.caption_size,
            speech=learner.speech,
            camera=self._file.camera,
        )

    def remember(self, session: Session) -> None:
        chosen = session.preferences
        self._file.language = chosen.language
        self._file.camera = chosen.camera
        if session.run is not None:
            self._file.name = chosen.name
            self._file.learners[chosen.name] = _Learner(
                mode=chosen.mode,
                volume=chosen.volume,
                muted=chosen.muted,
                captions=chosen.captions,
                caption_size=chosen.caption_size,
                speech=chosen.speech,
            )
        try:
            self._write(self._file.model_dump_json(indent=1))
        except OSError as error:
            log.warning("preferences not saved: %s", error)

    def _read(self) -> _File:
        try:
            return _File.model_validate_json(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return _File()
        except (OSError, ValidationError, UnicodeDecodeError) as error:
            log.warning("preferences not read: %s", type(error).__name__)
            return _File()

    def _write(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(self._path)
