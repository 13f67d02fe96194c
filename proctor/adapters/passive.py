"""An optional passive anti-spoof model: one crop of the face, one probability that it lives.

No model comes with the program: nobody publishes free weights with figures by camera and by
group. An institution that trusts one names its file and SHA-256 in the policy. The shape is
that of MiniFASNet (Silent-Face-Anti-Spoofing): a crop of 2.7 times the face at 80 by 80,
blue-green-red, 0 to 255, one score per class, softmax over them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from proctor.adapters import loading
from proctor.adapters.opencv import cv2
from proctor.ports import Picture

SIDE: Final = 80
"""Pixels, the network's input."""

MARGIN: Final = 2.7
"""How many times the face's box is looked at: a paper's or a screen's edge is in it."""

LIVE: Final = 1
"""Which class is a living face, in MiniFASNet's order: print, live, replay."""

FEWEST_CLASSES: Final = 2


class PassiveModelError(Exception):
    """The passive model can't be used; the check goes on without it.

    path names the file, cause says why: missing, not the one the policy names, not a
    network, or one of another shape.
    """

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause


class PassiveModel:
    """The loaded network. To be used by one thread at a time."""

    def __init__(self, data: bytes, name: str = "passive", *, live: int = LIVE) -> None:
        """data: an ONNX file's bytes. live: which class is a living face.

        Raises `PassiveModelError` where it is no network of this shape: it is tried once.
        """
        self._live = live
        try:
            self._network = loading.network(data)
            scores = self._scores(np.full((SIDE, SIDE, 3), 128, np.uint8))
        except (cv2.error, RuntimeError, ValueError) as error:
            raise PassiveModelError(name, f"not a network for {SIDE}x{SIDE}: {error}") from error
        if scores.size < FEWEST_CLASSES or not 0 <= live < scores.size:
            raise PassiveModelError(name, f"{scores.size} classes, living is number {live}")
        if not np.isfinite(scores).all():
            raise PassiveModelError(name, "its scores are no numbers")

    @classmethod
    def load(cls, path: Path, sha256: str, *, live: int = LIVE) -> PassiveModel:
        """The model of the policy, only if the file is the one it names (SHA-256, hex)."""
        try:
            data = loading.read_model(path, sha256)
        except loading.ModelError as error:
            raise PassiveModelError(str(path), error.cause) from error
        return cls(data, str(path), live=live)

    def living(self, picture: Picture, box: tuple[float, float, float, float]) -> float | None:
        """Probability of a living face, 0 to 1. box: the face's, in fractions of the frame.

        None where the network fails on this crop, or there is nothing to look at.
        """
        face = crop(picture, box)
        if face is None:
            return None
        try:
            scores = self._scores(face)
        except cv2.error:
            return None
        if not np.isfinite(scores).all():
            return None
        shares = np.exp(scores - scores.max())
        return float(shares[self._live] / shares.sum())

    def _scores(self, face: Picture) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        self._network.setInput(cv2.dnn.blobFromImage(face, 1.0, (SIDE, SIDE)))
        return np.asarray(self._network.forward(), np.float64).ravel()


def crop(picture: Picture, box: tuple[float, float, float, float]) -> Picture | None:
    """The face with its surroundings, uint8[80, 80, 3]; None where the box is too small.

    As MiniFASNet's authors cut it: the margin shrinks to what the frame has, and the cut is
    moved inside.
    """
    height, width = picture.shape[:2]
    left, top, across, down = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    if across < 8 or down < 8:
        return None
    margin = min(MARGIN, (height - 1) / down, (width - 1) / across)
    side_x, side_y = across * margin, down * margin
    x = min(max(0.0, left + across / 2 - side_x / 2), width - side_x)
    y = min(max(0.0, top + down / 2 - side_y / 2), height - side_y)
    cut = picture[round(y) : round(y + side_y), round(x) : round(x + side_x)]
    if not cut.size:
        return None
    return cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
