"""The face models: taken out of wheels, checked, kept in the user's cache.

resources/models.toml says which. Whatever the source, only the SHA-256 of the file counts.
"""

import hashlib
import os
import shutil
import tempfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from resources.cache import cache_dir
from tools.run import PYTHON, ROOT, quiet
from tools.words import TroubleError, step

CATALOGUE = ROOT / "resources" / "models.toml"


@dataclass(frozen=True, slots=True)
class Model:
    """One model file and the wheel that carries it."""

    file: str
    purpose: str
    licence: str
    size: int
    sha256: str
    distribution: str
    version: str
    wheel: str
    wheel_sha256: str
    path_in_wheel: str


def catalogue(source: Path = CATALOGUE) -> list[Model]:
    """Return the models that models.toml names."""
    return [Model(**entry) for entry in tomllib.loads(source.read_text("utf-8"))["model"]]


def folder() -> Path:
    """Return where the program looks for its models."""
    return cache_dir() / "models"


def is_right(file: Path, model: Model) -> bool:
    """Tell whether the file is the model, byte for byte."""
    if not file.is_file() or file.stat().st_size != model.size:
        return False
    return hashlib.sha256(file.read_bytes()).hexdigest() == model.sha256


def provide(given: Path | None = None) -> None:
    """See to it that all models are in the cache, from a folder or by pip."""
    if given is not None and not given.is_dir():
        raise TroubleError(f"没有这个文件夹：{given}", f"There is no such folder: {given}")
    missing = [model for model in catalogue() if not is_right(folder() / model.file, model)]
    if not missing:
        return
    size = sum(model.size for model in missing) / 1e6
    step(f"获取 {len(missing)} 个模型", f"Fetching {len(missing)} models ({size:.0f} MB)")
    with tempfile.TemporaryDirectory() as place:
        if given is None:
            _download(missing, Path(place))
        for model in missing:
            _take(model, _find(model, given or Path(place)))


def _download(missing: list[Model], place: Path) -> None:
    asked = place / "requirements.txt"
    lines = (f"{m.distribution}=={m.version} --hash=sha256:{m.wheel_sha256}" for m in missing)
    asked.write_text("\n".join(lines), "utf-8")
    answer = quiet(
        [PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
         "--require-hashes", "--disable-pip-version-check", "-d", place, "-r", asked]
    )  # fmt: skip
    if answer.returncode:
        wheels = ", ".join(model.wheel for model in missing)
        end = "\n".join(answer.stderr.splitlines()[-4:])
        raise TroubleError(
            f"无法下载 {wheels}。请检查网络；没有网络时，把它们放进一个文件夹，"
            "然后运行 python3 dev.py models --from 文件夹。",
            f"Not to be downloaded: {wheels}. Check the network; without one, put them into a"
            f" folder and run `python3 dev.py models --from FOLDER`. pip says:\n{end}",
        )


def _find(model: Model, place: Path) -> Path:
    for name in (model.file, model.wheel):
        if (place / name).is_file():
            return place / name
    raise TroubleError(
        f"{place} 里既没有 {model.file}，也没有 {model.wheel}。请把其中一个放进去，然后重试。",
        f"Neither {model.file} nor {model.wheel} is in {place}. Put one of them there, then try"
        " again.",
    )


def _take(model: Model, found: Path) -> None:
    content = _content(found, model)
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise TroubleError(
            f"{found.name} 里的 {model.file} 与 models.toml 的 SHA-256 不符，没有使用。"
            "请换一个来源。",
            f"{model.file} in {found.name} does not have the SHA-256 that models.toml asks for;"
            " it was not used. Take it from another source.",
        )
    _store(content, folder() / model.file)


def _content(found: Path, model: Model) -> bytes:
    if found.name == model.file:
        return found.read_bytes()
    try:
        with zipfile.ZipFile(found) as wheel:
            return wheel.read(model.path_in_wheel)
    except (zipfile.BadZipFile, KeyError) as error:
        raise TroubleError(
            f"{found} 已损坏，或不含 {model.path_in_wheel}。请换一个来源。",
            f"{found} is damaged or lacks {model.path_in_wheel}. Take it from another source.",
        ) from error


def _store(content: bytes, target: Path) -> None:
    """Write beside the target, then rename: nobody ever sees half a model."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".draft-", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        shutil.move(draft, target)
    except OSError as error:
        raise TroubleError(
            f"无法写入 {target}（{error.strerror}）。请检查磁盘空间和权限，"
            "或用环境变量 ANXUE_CACHE 指定另一个文件夹。",
            f"{target} can't be written ({error.strerror}). Check the disk and the permissions,"
            " or name another folder in the variable ANXUE_CACHE.",
        ) from error
