"""The virtual environment: exactly what uv.lock says, made again only when that changed."""

import hashlib
import os
import platform
import shutil
import sys
import sysconfig
from pathlib import Path

from tools import lock
from tools.run import PYTHON, VENV, must, quiet, tool
from tools.words import TroubleError, step

STAMP = VENV / ".anxue-stamp"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")

# pip's setting, and uv's option for the same. Who has pointed pip at a mirror or at a folder
# of wheels means every installer.
PIP_TO_UV = {
    "index-url": "--default-index",
    "extra-index-url": "--index",
    "find-links": "--find-links",
    "trusted-host": "--allow-insecure-host",
}
UV_OWN = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")


def provide() -> None:
    """Make `.venv` what the lock says; where it already is, this only reads the stamp."""
    stamp = _stamp()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text("utf-8") == stamp:
        return
    STAMP.unlink(missing_ok=True)
    _make_venv()
    _install_uv()
    _sync()
    STAMP.write_text(stamp, "utf-8")


def _stamp() -> str:
    locked = hashlib.sha256(lock.LOCK.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    return f"{locked} {platform.python_version()} {sysconfig.get_platform()} {VENV}\n"


def _base_python() -> str:
    """Return the Python outside of any virtual environment, also when we run inside one."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def _make_venv() -> None:
    probe = "import sys; print('%d.%d.%d' % sys.version_info[:3])"
    if PYTHON.exists():
        answer = quiet([PYTHON, "-c", probe])
        if answer.stdout.strip() == platform.python_version():
            return
    step("创建 .venv", f"Making .venv with Python {platform.python_version()}")
    shutil.rmtree(VENV, ignore_errors=True)
    must(
        [_base_python(), "-m", "venv", VENV],
        "无法创建虚拟环境。Debian 上请安装 python3-venv。",
        "The virtual environment can't be made. On Debian, install python3-venv.",
    )


def _install_uv() -> None:
    wanted = lock.requirement("uv")
    version = wanted.split()[0].removeprefix("uv==")
    if Path(tool("uv")).exists():
        answer = quiet([tool("uv"), "--version"])
        if version in answer.stdout.split():
            return
    step("安装 uv", f"Installing uv {version}")
    asked = VENV / "uv-requirement.txt"
    asked.write_text(wanted + "\n", "utf-8")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet"]
    must(
        [*pip, "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", asked],
        *_NOT_INSTALLED,
        PIP_DISABLE_PIP_VERSION_CHECK="1",
    )


def _sync() -> None:
    step("按 uv.lock 安装依赖（首次约 1 GB，之后用缓存）", "Installing what uv.lock says")
    requirements = VENV / "requirements.txt"
    exported = quiet(
        [tool("uv"), "export", "--frozen", "--no-header", "--no-annotate", "--all-groups"]
    )
    if exported.returncode:
        raise TroubleError(
            f"无法读取 uv.lock：\n{exported.stderr}", f"uv.lock can't be read:\n{exported.stderr}"
        )
    requirements.write_text(exported.stdout, "utf-8")
    uv: list[str | Path] = [tool("uv"), "pip", "sync", "--quiet", "--python", PYTHON]
    command = [*uv, *_index_options(), "--require-hashes", requirements]
    must(command, *_NOT_INSTALLED, **_certificates())


_NOT_INSTALLED = (
    (
        "依赖没有装好。请检查网络、代理或 pip 镜像（pip config list），然后重试。没有网络时，"
        "把 wheel 放进一个文件夹，并设置 PIP_FIND_LINKS（该文件夹）和 PIP_NO_INDEX=1。"
    ),
    (
        "The packages were not installed. Check the network, the proxy or pip's mirror (pip config"
        " list), then try again. Without a network put the wheels into a folder and set"
        " PIP_FIND_LINKS (that folder) and PIP_NO_INDEX=1."
    ),
)


def _index_options() -> list[str]:
    """Return uv's options for where pip is set up to look, unless uv has its own settings.

    With hashes required, it can't matter which of several indexes a file comes from.
    """
    if any(name in os.environ for name in UV_OWN):
        return []
    options = ["--index-strategy", "unsafe-best-match"]
    for line in quiet([PYTHON, "-m", "pip", "config", "list"]).stdout.splitlines():
        key, _, quoted = line.partition("=")
        setting = key.rpartition(".")[2]
        values = quoted.strip().strip("'\"").replace("\\n", " ").split()
        if setting in PIP_TO_UV:
            for value in filter(_may_be_there, values):
                options += [PIP_TO_UV[setting], value]
        elif setting == "no-index" and values[:1] not in (["0"], ["false"], ["no"]):
            options.append("--no-index")
    return options


def _certificates() -> dict[str, str]:
    """Let uv trust what the system trusts: a proxy's certificate stands nowhere else."""
    if os.name == "nt" or SYSTEM_CERTIFICATES.exists():
        return {"UV_SYSTEM_CERTS": "1"}
    return {}


def _may_be_there(place: str) -> bool:
    """Tell of a folder whether it is there; pip passes over a missing one, uv would not."""
    local = place.removeprefix("file://")
    return not local.startswith("/") or Path(local).exists()
