"""Ours, for `proctor`: what looking at a learner costs. A process of its own for each question.

`python -m tests.bench.proctor_child [PICTURES SECONDS]` writes a line of JSON; without
arguments only how long loading takes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from proctor.ports import Picture
from tests.bench.figures import percentile, spread
from tests.bench.machine import pss_mb

if TYPE_CHECKING:
    from proctor.adapters.eyes import Pace
    from proctor.adapters.models import FaceModels
    from proctor.liveness import Challenge
    from proctor.observation import CameraLost, FaceObservation

FIRST = 12
"""Pictures at the beginning in which the learner sits still."""

SETTLES_S = 2.0
"""Not measured: the first frames load what is loaded late."""


def main() -> int:
    if len(sys.argv) == 1:
        models, load_ms = load()
        models.close()
        print(json.dumps({"load_ms": load_ms}))
        return 0
    pictures, seconds = np.load(sys.argv[1]), float(sys.argv[2])
    before_mb = pss_mb(os.getpid())
    models, load_ms = load()
    figures = {
        "load_ms": load_ms,
        **_stages(models, pictures),
        "check_cores": _cores(models, pictures, "CHECKING", seconds),
        "between_cores": _cores(models, pictures, "RESTING", seconds),
        "rss_mb": pss_mb(os.getpid()) - before_mb,  # the pictures are in both
    }
    models.close()
    print(json.dumps(figures | _naive(pictures)))
    return 0


def load() -> tuple[FaceModels, float]:
    """The models as the program loads them, and how long that took, imports and all."""
    began_s = time.monotonic()
    from app.adapters.places import Places
    from app.bootstrap.program import model_hashes
    from proctor.adapters.models import FaceModels

    models = FaceModels.load(Places.of_user().cache / "models", model_hashes())
    return models, (time.monotonic() - began_s) * 1000


def _stages(models: FaceModels, pictures: Sequence[Picture]) -> dict[str, float]:
    """CPU of all threads for each part of a frame, median; differences of what is asked for."""
    at_ns = time.monotonic_ns()

    def look(count: bool, signs: bool, embed: bool) -> list[float]:
        nonlocal at_ns
        took = []
        for picture in pictures:
            at_ns += 66_666_667
            began = time.process_time_ns()
            models.observe(picture, at_ns, with_count=count, with_signs=signs, with_embedding=embed)
            took.append((time.process_time_ns() - began) / 1e6)
        return took

    look(True, True, True)
    base = look(False, False, False)
    counted = look(True, False, False)
    embedded = look(True, False, True)
    signed = look(False, True, False)
    everything = look(True, True, True)

    def middle(one: list[float], without: list[float]) -> float:
        return percentile([a - b for a, b in zip(one, without, strict=True)], 0.5)

    return {
        "landmarks_ms": percentile(base, 0.5),
        "detector_ms": middle(counted, base),
        "embedding_ms": middle(embedded, counted),
        "signs_ms": middle(signed, base),
        "step_ms": _step_ms(models, pictures),
        "frame_ms": percentile(everything, 0.5),
        "n": len(everything),
        "spread": spread(everything),
    }


def _step_ms(models: FaceModels, pictures: Sequence[Picture]) -> float:
    """The pure part: a check's step, signs and all."""
    seen = []
    for number, picture in enumerate(pictures):
        at_ns = number * 66_666_667
        seen.append(models.observe(picture, at_ns, with_signs=True, with_embedding=True))
    from proctor import liveness

    challenge = _challenge(seen[:FIRST])
    took = []
    for each in seen:
        began = time.process_time_ns()
        challenge = liveness.step(challenge, each)
        took.append((time.process_time_ns() - began) / 1e6)
    return percentile(took, 0.5)


def _challenge(seen: Sequence[FaceObservation]) -> Challenge:
    """An attempt that the pictures don't answer, so that it lasts."""
    from proctor import liveness
    from proctor.schedule import Action, Attempt, Rules, Tint

    baseline = liveness.calibrate(seen)
    face = seen[-1].face
    assert baseline is not None
    assert face is not None
    assert face.embedding is not None
    attempt = Attempt((Action.TURN_RIGHT, Action.BLINK), tints=(Tint.WARM, Tint.BLUE) * 7)
    rules = Rules(answer_s=1e6, action_s=1e6)
    return liveness.begin(attempt, baseline, face.embedding, seen[-1].at_ns, rules)


def _cores(models: FaceModels, pictures: Sequence[Picture], pace: str, seconds: float) -> float:
    """Cores used while the real eyes look at that pace, and what they see is judged."""
    from proctor.adapters.eyes import Pace

    with_eyes = watching(models, np.asarray(pictures), Pace[pace])
    try:
        time.sleep(SETTLES_S)
        began_s, used_s = time.monotonic(), time.process_time()
        time.sleep(seconds)
        return (time.process_time() - used_s) / (time.monotonic() - began_s)
    finally:
        with_eyes()


def watching(models: FaceModels, pictures: Picture, pace: Pace) -> Callable[[], object]:
    """Start looking; what it returns ends that."""
    from proctor import liveness, presence
    from proctor.adapters.eyes import Eyes, Pace
    from proctor.observation import FaceObservation
    from tests.bench.sitter import Remembered

    there = presence.Presence()
    challenge = _challenge(
        [
            models.observe(picture, time.monotonic_ns(), with_embedding=True)
            for picture in pictures[:FIRST]
        ]
    )

    def judge(event: FaceObservation | CameraLost) -> None:
        nonlocal there, challenge
        if pace is Pace.CHECKING and isinstance(event, FaceObservation):
            challenge = liveness.step(challenge, event)
        else:
            there, _ = presence.step(there, event)

    eyes = Eyes(
        lambda: Remembered(pictures),
        lambda: models,
        judge,
        lambda _picture, _at_ns: None,
        lambda error: sys.exit(f"the eyes failed: {error}"),
        time.monotonic_ns,
    )
    eyes.start(pace)
    return eyes.stop


def _naive(pictures: Sequence[Picture]) -> dict[str, float]:
    """OpenCV's own way, as its sample does it: every frame found in full size and compared."""
    from app.adapters.places import Places
    from proctor.adapters import loading
    from proctor.adapters.opencv import cv2

    data = loading.read_models(Places.of_user().cache / "models")
    detector = loading.detector(data[loading.DETECTOR])
    aligner = loading.aligner(data[loading.RECOGNISER])
    network = loading.network(data[loading.RECOGNISER])
    height, width = pictures[0].shape[:2]
    detector.setInputSize((width, height))
    took = []
    for picture in pictures:
        began = time.process_time_ns()
        rows = detector.detect(picture)[1]
        if rows is not None:
            aligned = aligner.alignCrop(picture, rows[:1])
            network.setInput(cv2.dnn.blobFromImage(aligned, 1.0, (112, 112), swapRB=True), "data")
            network.forward()
        took.append((time.process_time_ns() - began) / 1e6)
    frame_ms = percentile(took, 0.5)
    return {"naive.frame_ms": frame_ms, "naive.check_cores": frame_ms * 15 / 1000}


if __name__ == "__main__":
    sys.exit(main())
