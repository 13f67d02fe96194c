"""The platform as a child: what it says when it cannot start. The rest: tests/contract."""

import socket
import sys
from pathlib import Path

import pytest

from sync.reference.embedded import EmbeddedPlatform, EmbeddedPlatformError
from sync.reference.server import ServeOptions, serve


def test_a_child_that_cannot_start_says_why() -> None:
    broken = (sys.executable, "-c", "import sys; sys.exit('no luck today')")
    with pytest.raises(EmbeddedPlatformError, match="no luck today"):
        EmbeddedPlatform(broken).start()
    silent = (sys.executable, "-c", "print('hello')")
    with pytest.raises(EmbeddedPlatformError, match="hello"):
        EmbeddedPlatform(silent).start()


def test_stopping_twice_is_stopping() -> None:
    platform = EmbeddedPlatform(("true",))
    platform.stop()
    platform.stop(abruptly=True)
    assert not platform.running


def test_a_folder_that_cannot_be_served_is_no_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "platform.pem").write_text("nothing of use\n")
    assert serve(ServeOptions(data=tmp_path)) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_a_port_that_is_taken_is_no_crash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert serve(ServeOptions(data=tmp_path, port=port)) == 1
    assert f"127.0.0.1:{port}" in capsys.readouterr().err
