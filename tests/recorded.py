"""Clips of simulated learners as files, as a telephone or a webcam would have recorded them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from proctor.adapters.simulated.presentation import Presentation, Spec
from tests.mp4 import turned


def record(
    path: Path,
    spec: Spec,
    script: Mapping[float, str] | None = None,
    *,
    seconds: float,
    codec: str = "mp4v",
    size: tuple[int, int] = (640, 480),
    turn: int = 0,
) -> Path:
    """Film a presentation to which the actions of `script` are told at their seconds.

    turn: the camera is held sideways, the file says by how many degrees (MP4 only).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = (size[1], size[0]) if turn else size
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), spec.fps, stored)
    assert film.isOpened(), codec
    presentation, begin_ns = Presentation(spec), None
    try:
        for _ in range(round(seconds * spec.fps)):
            at_ns, picture = presentation.frame()
            begin_ns = at_ns if begin_ns is None else begin_ns
            due = [
                action for at_s, action in (script or {}).items() if at_ns - begin_ns >= at_s * 1e9
            ]
            presentation.prompt(due[-1] if due else None)
            if picture is None:
                continue
            shot = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
            film.write(cv2.rotate(shot, cv2.ROTATE_90_COUNTERCLOCKWISE) if turn else shot)
    finally:
        film.release()
    if turn:
        path.write_bytes(turned(path.read_bytes(), turn))
    return path


def state(path: Path, person: str, script: Mapping[float, str], *, beside: bool = False) -> None:
    """Write what was asked beside a clip: as `<file>.json`, or (beside) as `<stem>.json`."""
    actions = [{"at_s": at_s, "action": action} for at_s, action in script.items()]
    text = json.dumps({"person": person, "actions": actions}, ensure_ascii=False)
    place = path.with_suffix(".json") if beside else path.with_name(path.name + ".json")
    place.write_text(text, "utf-8")


def noise(path: Path, size: int = 20_000) -> Path:
    """A file that only its name makes a film."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(np.random.default_rng(1).bytes(size))
    return path
