"""The face models: what they read in a picture, and what is said of bad files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from proctor.adapters import worn
from proctor.adapters.landmarks import SOFT
from proctor.adapters.models import (
    DETECTOR,
    FILES,
    LANDMARKER,
    RECOGNISER,
    FaceModels,
    ModelDamagedError,
    ModelError,
    ModelMissingError,
    read_models,
)
from proctor.adapters.passive import PassiveModel
from proctor.adapters.simulated import portrait
from proctor.identity import similarity
from proctor.observation import Face
from proctor.ports import Picture
from resources.cache import cache_dir

FOLDER = cache_dir() / "models"
needs_models = pytest.mark.skipif(
    not all((FOLDER / name).exists() for name in FILES),
    reason="the face models are not there: python3 dev.py models",
)


@pytest.fixture(scope="module")
def models() -> Iterator[FaceModels]:
    loaded = FaceModels.load(FOLDER)
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def man() -> Picture:
    return portrait("chen_guoqiang")


@pytest.mark.models
@needs_models
class TestSeeing:
    def test_a_portrait(self, models: FaceModels, man: Picture) -> None:
        seen = models.observe(man, 1_000_000, with_embedding=True)
        assert seen.count == 1 and seen.face is not None
        face = seen.face
        left, top, width, height = face.box
        assert 0.2 < left < 0.5 and 0.15 < top < 0.5
        assert 0.2 < width < 0.4 and 0.3 < height < 0.7
        assert abs(face.yaw_deg) < 5 and abs(face.pitch_deg) < 15 and abs(face.roll_deg) < 5
        assert face.eyes_closed < 0.3 and face.jaw_open < 0.2
        assert 60 < face.brightness < 220 and face.sharpness > 30
        assert face.embedding is not None and face.embedding.shape == (128,)
        assert np.linalg.norm(face.embedding) == pytest.approx(1, abs=1e-5)
        corners = face.rigid_points[:4, 0]
        assert list(corners) == sorted(corners)

    def test_a_time_that_does_not_grow_is_no_error(self, models: FaceModels, man: Picture) -> None:
        assert models.observe(man, 5_000, with_embedding=False).face is not None
        assert models.observe(man, 5_000, with_embedding=False).face is not None

    def test_nobody(self, models: FaceModels) -> None:
        grey = np.full((480, 640, 3), 128, np.uint8)
        for number in range(5):  # what it followed in earlier frames has to be forgotten first
            models.observe(grey, (10 + number) * 10**9)
        seen = models.observe(grey, 15 * 10**9, with_embedding=True)
        assert (seen.count, seen.face) == (0, None)
        assert models.embed(grey) is None

    @pytest.mark.parametrize("size", [(320, 240), (1280, 720), (3840, 2160), (480, 640)])
    def test_any_size_of_frame(
        self, models: FaceModels, man: Picture, size: tuple[int, int]
    ) -> None:
        resized = cv2.resize(man, size).astype(np.uint8, copy=False)
        seen = models.observe(resized, 10**12 + size[0] * 10**9, with_embedding=True)
        assert seen.count == 1 and seen.face is not None
        assert 0 < seen.face.box[2] < 1 and 0 < seen.face.box[3] < 1

    def test_the_same_person_is_more_alike_than_others(
        self, models: FaceModels, man: Picture
    ) -> None:
        one = models.embed(man)
        again = models.embed(cv2.convertScaleAbs(man, alpha=0.7).astype(np.uint8, copy=False))
        other = models.embed(portrait("lin_guifang"))
        assert one is not None and again is not None and other is not None
        # Computed faces are more alike than people are: no threshold can be tuned on them.
        assert similarity(one, again) > 0.9
        assert similarity(one, other) < 0.7

    def test_the_fields_about_a_face(self, models: FaceModels, man: Picture) -> None:
        face = _face(models, man, 2 * 10**15)
        assert face.gaze is not None and max(map(abs, face.gaze)) < 0.3
        assert face.skin is not None and face.skin[0] > face.skin[1] > face.skin[2] > 50
        assert face.mask < 0.5 and face.dark_glasses < 0.5
        assert face.soft_points is not None
        assert face.soft_points.dtype == np.float32 and len(face.soft_points) == len(SOFT)

    @pytest.mark.parametrize("colour", [(220, 190, 160), (235, 235, 235), (30, 30, 30)])
    def test_a_mask(self, models: FaceModels, man: Picture, colour: tuple[int, int, int]) -> None:
        face = _face(models, man, 3 * 10**15 + sum(colour) * 10**9)
        masked = man.copy()
        left, top, width, height = _pixels(face, man)
        middle = (round(left + width / 2), round(top + 0.78 * height))
        cv2.ellipse(
            masked, middle, (round(0.5 * width), round(0.33 * height)), 0, 0, 360, colour, -1
        )
        covered = worn.read(masked, _points(models, man))
        assert covered.mask > 0.5 and covered.dark_glasses < 0.5

    @pytest.mark.parametrize("light", [1.0, 0.6])
    def test_dark_glasses_and_clear_ones(
        self, models: FaceModels, man: Picture, light: float
    ) -> None:
        room = cv2.convertScaleAbs(man, alpha=light).astype(np.uint8, copy=False)
        points = _points(models, room)
        dark, clear = room.copy(), room.copy()
        for outer, inner in ((33, 133), (263, 362)):
            middle = tuple(int(each) for each in points[[outer, inner]].mean(axis=0))
            across = float(np.linalg.norm(points[outer] - points[inner]))
            size = (round(0.95 * across), round(0.8 * across))
            cv2.ellipse(dark, middle, size, 0, 0, 360, (12, 12, 12), -1)
            cv2.ellipse(clear, middle, size, 0, 0, 360, (25, 25, 30), 3)
        assert worn.read(dark, points).dark_glasses > 0.5
        assert worn.read(clear, points).dark_glasses < 0.5
        assert worn.read(clear, points).mask < 0.5

    def test_the_facts_of_a_frame(self, models: FaceModels, man: Picture) -> None:
        large = np.asarray(cv2.resize(man, (1280, 960)), np.uint8)
        seen = models.observe(large, 4 * 10**15, with_signs=True)
        assert seen.frame is not None and not seen.covered
        assert (seen.frame.width, seen.frame.height) == (1280, 960)
        assert seen.frame.moire < 0.5 and seen.frame.border < 0.5
        assert seen.frame.passive is None
        assert models.observe(man, 4 * 10**15 + 1).frame is None

    def test_a_passive_model_is_asked(self, man: Picture) -> None:
        class Says(PassiveModel):
            def __init__(self) -> None:
                pass

            def living(
                self, picture: Picture, box: tuple[float, float, float, float]
            ) -> float | None:
                return 0.25 if picture.shape[1] == 640 and 0 < box[2] < 1 else None

        loaded = FaceModels.load(FOLDER, passive=Says())
        seen = [loaded.observe(man, (1 + number) * 10**9, with_signs=True) for number in range(3)]
        loaded.close()
        assert [each.frame and each.frame.passive for each in seen] == [0.25] * 3

    def test_between_counts_the_box_follows_the_head(
        self, models: FaceModels, man: Picture
    ) -> None:
        first = models.observe(man, 5 * 10**15).face
        moved = np.roll(man, 40, axis=1)
        begin_ns = 5 * 10**15 + 66_000_000
        followed = [
            models.observe(moved, begin_ns + number * 66_000_000, with_count=False)
            for number in range(6)
        ][-1]
        counted = models.observe(moved, 5 * 10**15 + 10**9).face
        assert first is not None and followed.face is not None and counted is not None
        assert followed.count == 1
        assert followed.face.box[0] - first.box[0] == pytest.approx(40 / 640, abs=0.01)
        assert followed.face.box == pytest.approx(counted.box, abs=0.015)

    def test_a_covered_lens_and_an_empty_room(self, models: FaceModels) -> None:
        black = np.zeros((480, 640, 3), np.uint8)
        seen = [models.observe(black, 6 * 10**15 + number * 10**9) for number in range(5)][-1]
        assert seen.covered and seen.face is None and seen.count == 0
        room = np.linspace(30, 200, 640).astype(np.uint8)[None, :, None].repeat(480, 0).repeat(3, 2)
        room[100:300, 200:260] = 20
        assert not models.observe(room, 7 * 10**15).covered

    def test_a_crooked_frame_is_an_error_of_ours(self, models: FaceModels) -> None:
        with pytest.raises(ModelError):
            models.observe(np.zeros((480, 640, 2), np.uint8), 10**15)


def _face(models: FaceModels, picture: Picture, at_ns: int) -> Face:
    # video mode settles
    seen = [models.observe(picture, at_ns + number * 66_000_000) for number in range(4)][-1]
    assert seen.face is not None
    return seen.face


def _pixels(face: Face, picture: Picture) -> tuple[float, float, float, float]:
    height, width = picture.shape[:2]
    return face.box[0] * width, face.box[1] * height, face.box[2] * width, face.box[3] * height


def _points(models: FaceModels, picture: Picture) -> npt.NDArray[np.float32]:
    seen = models._landmarks(picture, 0)
    assert seen is not None
    return seen.points


@pytest.mark.models
@needs_models
def test_models_that_nobody_closed_end_quietly() -> None:
    script = (
        "from pathlib import Path; from proctor.adapters.models import FaceModels;"
        f"kept = FaceModels.load(Path({str(FOLDER)!r}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in run.stderr and "ignored" not in run.stderr


class TestFiles:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        for name in FILES:
            (tmp_path / name).write_bytes(b"not a model")
        return tmp_path

    def test_missing(self, folder: Path) -> None:
        (folder / RECOGNISER).unlink()
        with pytest.raises(ModelMissingError) as caught:
            FaceModels.load(folder)
        assert caught.value.path.endswith(RECOGNISER)

    def test_another_file_than_expected(self, folder: Path) -> None:
        right = hashlib.sha256(b"not a model").hexdigest().upper()
        assert set(read_models(folder, {DETECTOR: right})) == set(FILES)
        with pytest.raises(ModelDamagedError, match="SHA-256"):
            read_models(folder, {LANDMARKER: "0" * 64})

    @pytest.mark.models
    @needs_models
    @pytest.mark.parametrize("name", FILES)
    def test_nonsense_inside(self, name: str) -> None:
        data = read_models(FOLDER)
        data[name] = b"not a model"
        with pytest.raises(ModelDamagedError):
            FaceModels(data)


@pytest.mark.parametrize("before", [None, "/usr/share/mine"])
def test_importing_opencv_leaves_qt_alone(before: str | None) -> None:
    names = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
    environment = {key: value for key, value in os.environ.items() if key not in names}
    if before is not None:
        environment |= dict.fromkeys(names, before)
    script = (
        "import os; import proctor.adapters.opencv;"
        f"print([os.environ.get(name) for name in {names!r}])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str([before, before])
