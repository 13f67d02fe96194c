"""Photographs for an enrolment: from a file to what the models see in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from proctor.adapters.models import WIDEST, FaceModels
from proctor.adapters.opencv import cv2
from proctor.observation import FaceObservation

MARGIN = 0.35
"""Of the width, added on each side: an identity photo is all face, and the models were made
for faces with something around them."""

LARGEST_BYTES = 40 * 1024 * 1024


class PhotographError(Exception):
    """The file is no photograph that can be read."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """seen: what the models saw. width_px: of the picture that they looked at."""

    seen: FaceObservation
    width_px: int


def look_at(path: Path, models: FaceModels, at_ns: int) -> Photograph:
    """Judge one file (JPEG, PNG, …; turned as its EXIF says). Raises PhotographError."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise PhotographError(f"{path}: more than {LARGEST_BYTES >> 20} MiB")
        # through memory: OpenCV on Windows can't open paths with Chinese characters
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise PhotographError(f"{path}: {error.strerror or error}") from error
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if len(data) else None
    if picture is None:
        raise PhotographError(f"{path}: no picture that can be read")
    aside = round(picture.shape[1] * MARGIN)
    framed = cv2.copyMakeBorder(picture, aside, aside, aside, aside, cv2.BORDER_REPLICATE)
    seen = models.observe(framed.astype(np.uint8, copy=False), at_ns, with_embedding=True)
    return Photograph(seen, min(WIDEST, framed.shape[1]))
