"""The lock names no registry, and set-up follows the machine's own settings."""

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tools import environment, lock
from tools.words import TroubleError

WITH_ADDRESSES = """
[[package]]
name = "six"
version = "1.16.0"
source = { registry = "https://mirror.example/simple" }
sdist = { url = "https://files.example/ab/six-1.16.0.tar.gz", hash = "sha256:1e", size = 34041, upload-time = "2021-05-05T14:18:18.379Z" }
wheels = [
    { url = "https://files.example/d9/six-1.16.0-py2.py3-none-any.whl", hash = "sha256:8a", size = 11053 },
    { path = "/opt/wheels/six-1.16.0-py3-none-any.whl", hash = "sha256:8b" },
]
"""  # noqa: E501  (as uv writes it)


def test_addresses_go_and_hashes_stay() -> None:
    without = lock.without_addresses(WITH_ADDRESSES)
    assert "example" not in without
    assert "/opt" not in without
    assert 'registry = "https://registry.invalid/simple"' in without
    assert 'url = "https://registry.invalid/six-1.16.0-py2.py3-none-any.whl"' in without
    assert without.count("sha256:") == 3
    assert lock.without_addresses(without) == without


def test_an_address_in_an_unknown_place_is_not_let_through() -> None:
    with pytest.raises(ValueError, match="an address is left"):
        lock.without_addresses('source = { git = "https://code.example/six" }')


def test_the_repository_has_such_a_lock() -> None:
    text = lock.LOCK.read_text("utf-8")
    assert lock.without_addresses(text) == text


def test_the_lock_fits_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert lock.check() == 0
    assert "uv.lock" in capsys.readouterr().out


def test_a_lock_that_does_not_fit_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "quiet", lambda _command: CompletedProcess([], 1, "", "changed"))
    with pytest.raises(TroubleError, match=r"dev\.py lock"):
        lock.check()


def test_uv_itself_is_installed_by_hash() -> None:
    line = lock.requirement("uv")
    assert line.startswith("uv==")
    assert line.count("--hash=sha256:") >= 2


def test_an_environment_that_fits_is_not_touched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[str] = []
    python = tmp_path / "python"
    python.touch()
    monkeypatch.setattr(environment, "PYTHON", python)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    for name in ("_make_venv", "_install_uv", "_sync"):
        monkeypatch.setattr(environment, name, lambda name=name: calls.append(name))
    environment.provide()
    assert calls == ["_make_venv", "_install_uv", "_sync"]
    environment.provide()
    assert len(calls) == 3
    monkeypatch.setattr("tools.environment.platform.python_version", lambda: "3.99.0")
    environment.provide()
    assert len(calls) == 6


def test_an_interrupted_set_up_begins_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "_make_venv", lambda: None)
    monkeypatch.setattr(environment, "_install_uv", lambda: None)

    def cut_off() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_sync", cut_off)
    with pytest.raises(KeyboardInterrupt):
        environment.provide()
    assert not (tmp_path / "stamp").exists()


def test_uv_goes_where_pip_is_set_to_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in environment.UV_OWN:
        monkeypatch.delenv(name, raising=False)
    listed = "\n".join(
        [
            "global.index-url='https://mirror.example/simple'",
            f"global.extra-index-url='file://{tmp_path} file:///not/there'",
            f":env:.find-links='{tmp_path}'",
            "global.timeout='60'",
            ":env:.no-index='1'",
        ]
    )
    monkeypatch.setattr(environment, "quiet", lambda _: CompletedProcess([], 0, listed, ""))
    assert environment._index_options()[2:] == [
        "--default-index", "https://mirror.example/simple", "--index", f"file://{tmp_path}",
        "--find-links", str(tmp_path), "--no-index",
    ]  # fmt: skip
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://own.example/simple")
    assert environment._index_options() == []
