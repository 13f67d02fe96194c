"""`anxue enrol`: the institution sets the face that a learner is compared with.

From photographs (the identity card's, a badge's), or taken before this PC's camera while
somebody of the institution looks on. Only the template, 128 numbers, leaves the PC.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proctor.adapters.models import FaceModels
    from proctor.observation import Embedding

PATIENCE_S = 60.0

FLAWS = {
    "no_face": ("照片中没有找到人脸", "no face is to be found"),
    "several_faces": ("照片中不止一个人", "more than one person is in it"),
    "too_small": ("人脸太小，请用更清晰的照片", "the face is too small; use a larger photograph"),
    "too_dark": ("照片太暗", "it is too dark"),
    "too_bright": ("照片太亮", "it is too bright"),
    "blurred": ("照片模糊", "it is blurred"),
    "not_frontal": ("请用正面照", "the face does not look at the camera"),
    "covered": ("口罩或墨镜遮住了脸", "a mask or dark glasses cover the face"),
    "other_person": ("这些照片不像同一个人", "the photographs do not show the same person"),
}
HINTS = {
    "no_face": "请面向摄像头 · face the camera",
    "several_faces": "请只留学员一人 · only the learner, please",
    "too_dark": "光线太暗 · more light, please",
    "too_bright": "光线太亮 · less light, please",
    "too_far": "请靠近一些 · closer, please",
    "too_close": "请远一些 · further away, please",
    "off_centre": "请坐到画面中间 · move to the middle, please",
    "face_front": "请正对摄像头 · look at the camera, please",
    "hold_still": "请保持不动 · hold still, please",
    "take_off_mask": "请摘下口罩 · take off the mask, please",
    "take_off_glasses": "请摘下墨镜 · take off the dark glasses, please",
    "camera_covered": "摄像头被遮住了 · the camera is covered",
    "good": "很好，请稍等 · good, one moment",
}


def enrol(url: str, learner: str, photos: Sequence[Path], token_file: Path) -> int:
    """Enrol from `photos`, or from the camera where there are none. 0: the platform has it."""
    from proctor.adapters.camera import CameraError
    from proctor.adapters.models import ModelError
    from sync.adapters.institution import Institution
    from sync.ports import GatewayError

    try:
        token = token_file.read_text("utf-8").strip()
        models = _models()
        try:
            face = _from_photos(photos, models) if photos else _from_camera(models)
        finally:
            models.close()
        if face is None:
            return 1
        Institution(url, token).enrol(learner, face.astype("<f4").tobytes())
    except (OSError, ModelError, CameraError, GatewayError, ValueError) as error:
        return _say(f"没有登记 · not enrolled: {error}", 1)
    return _say(f"已登记 · enrolled: {learner}", 0)


def _models() -> FaceModels:
    from app.adapters.places import Places
    from app.bootstrap.program import model_hashes
    from proctor.adapters.models import FaceModels

    return FaceModels.load(Places.of_user().cache / "models", model_hashes())


def _from_photos(photos: Sequence[Path], models: FaceModels) -> Embedding | None:
    from proctor.adapters.photographs import PhotographError, look_at
    from proctor.portrait import Flaw, flaw_of, portrait_of

    faces = []
    for number, path in enumerate(photos):
        try:
            photograph = look_at(path, models, number * 1_000_000_000)
        except PhotographError as error:
            _say(f"无法读取 · cannot read: {error}", 1)
            return None
        flaw = flaw_of(photograph.seen, photograph.width_px)
        face = photograph.seen.face
        if flaw is not None or face is None or face.embedding is None:
            _explain(str(path), flaw or Flaw.NO_FACE)
            return None
        faces.append(face.embedding)
    made = portrait_of(faces)
    if isinstance(made, Flaw):
        _explain(", ".join(map(str, photos)), made)
        return None
    return made.template


def _from_camera(models: FaceModels) -> Embedding | None:
    """The positioning that a learner goes through at sign-in, without its actions."""
    from proctor.adapters.camera import open_camera
    from proctor.positioning import Positioning, step

    positioning, told = Positioning(), ""
    source = open_camera()
    ends = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < ends:
            read, picture = source.read()
            if not read or picture is None:
                continue
            seen = models.observe(picture, time.monotonic_ns(), with_embedding=True)
            positioning = step(positioning, seen)
            if positioning.embedding is not None:
                return positioning.embedding
            if positioning.hint.value != told:
                told = positioning.hint.value
                sys.stderr.write(HINTS.get(told, "") + "\n")
    finally:
        source.release()
    _say(f"{PATIENCE_S:.0f} 秒内没有拍到合适的正面照 · no good picture within that time", 1)
    return None


def _explain(which: str, flaw: str) -> None:
    zh, en = FLAWS[flaw]
    _say(f"{which}: {zh} · {en}", 1)


def _say(text: str, code: int) -> int:
    (sys.stderr if code else sys.stdout).write(text + "\n")
    return code
