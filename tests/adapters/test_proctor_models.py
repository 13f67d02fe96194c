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
import pytest

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
from proctor.adapters.simulated import portrait
from proctor.identity import similarity
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

    def test_a_crooked_frame_is_an_error_of_ours(self, models: FaceModels) -> None:
        with pytest.raises(ModelError):
            models.observe(np.zeros((480, 640, 2), np.uint8), 10**15)


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
