"""The system's own keyring on Linux: a real gnome-keyring on a bus of the test's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.session_bus import Bus, private_bus

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another keyring")
ROOT = Path(__file__).resolve().parents[2]
ASK = """
import sys
from sync.adapters.keys import KeyringSecrets
from sync.ports import NoKeyringError
secrets = KeyringSecrets("https://platform.invalid")
try:
    print(secrets.machine_secret().hex())
    print(secrets.password("a"))
    secrets.remember_password("a", "geheim")
    print(secrets.password("a"))
    if "forget" in sys.argv:
        secrets.forget_password("a")
        print(secrets.password("a"))
except NoKeyringError as error:
    print("no keyring")
"""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    with private_bus(tmp_path) as bus:
        yield bus


@contextmanager
def keyring_daemon(bus: Bus, password: str | None) -> Iterator[None]:
    """password: what unlocks it; None leaves it locked, with nobody there to ask."""
    if shutil.which("gnome-keyring-daemon") is None:
        message = "gnome-keyring is missing: `python3 dev.py test` installs it or says how"
        raise FileNotFoundError(message)
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    command += ["--unlock"] if password is not None else []
    with subprocess.Popen(
        command,
        env=bus.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as daemon:
        try:
            assert daemon.stdin is not None
            daemon.stdin.write(password or "")
            daemon.stdin.close()
            until_offered(bus)
            yield
        finally:
            daemon.terminate()


def until_offered(bus: Bus) -> None:
    from jeepney import message_bus
    from jeepney.io.blocking import open_dbus_connection

    ends = time.monotonic() + 15.0
    with open_dbus_connection(bus.address) as connection:
        while True:
            asked = message_bus.NameHasOwner("org.freedesktop.secrets")
            if connection.send_and_get_reply(asked).body[0]:
                return
            assert time.monotonic() < ends
            time.sleep(0.02)


def ask(bus: Bus, *how: str) -> list[str]:
    """What another start of the program is told."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK, *how],
        env=bus.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return ran.stdout.splitlines()


def test_secrets_survive_the_program_and_the_keyring(bus: Bus, own_home: Path) -> None:
    with keyring_daemon(bus, "of the account"):
        secret, before, after = ask(bus)
        assert len(bytes.fromhex(secret)) == 32
        assert (before, after) == ("None", "geheim")
        assert ask(bus) == [secret, "geheim", "geheim"]
    kept = list((Path(os.environ["XDG_DATA_HOME"]) / "keyrings").glob("*.keyring"))
    assert kept
    assert all(b"geheim" not in each.read_bytes() for each in kept)
    with keyring_daemon(bus, "of the account"):
        assert ask(bus, "forget") == [secret, "geheim", "geheim", "None"]


def test_a_keyring_that_nobody_unlocks_is_none(bus: Bus, own_home: Path) -> None:
    with keyring_daemon(bus, "of the account"):
        ask(bus)
    with keyring_daemon(bus, None):
        assert ask(bus) == ["no keyring"]


def test_a_desktop_without_a_keyring_is_told_at_once(bus: Bus) -> None:
    assert ask(bus) == ["no keyring"]
