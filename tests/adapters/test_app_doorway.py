"""The proxy's name and password: used at once, kept beside the window, told to nobody else."""

import threading
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from app.adapters.courier import PlatformCourier
from app.adapters.courier_parts import Client, Clocks, Trusted
from app.adapters.doorway import Doorway, kept_login
from app.adapters.stores import Disk, Stores
from app.adapters.troubles import report_of
from app.events import AppEvent, SignInFailed
from sync.adapters.keys import session_secret
from sync.adapters.vault import store_key
from sync.connection import Examined, Finding
from sync.ports import Gateway, NoKeyringError, ProxyAskedError
from tests.sync_rig import FakePlatform, rsa_key

PROXY = "proxy.room.invalid:3128"


class Slow:
    """A keyring that asks somebody first: it answers when the test lets it."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.kept: dict[str, str] = {}
        self.there = True

    def machine_secret(self) -> bytes:
        return b"m" * 32

    def password(self, name: str) -> str | None:
        return self.kept.get(name)

    def remember_password(self, name: str, password: str) -> None:
        assert self.open.wait(20)
        if not self.there:
            raise NoKeyringError("played")
        self.kept[name] = password

    def forget_password(self, name: str) -> None:
        self.kept.pop(name, None)


class Asked:
    """A gateway behind a proxy that asks."""

    def sign_in(self, question: object) -> None:
        raise ProxyAskedError(PROXY, ("basic",))

    def clock_off_s(self) -> None:
        return None


def courier(folder: Path, doorway: Doorway, secrets: Slow, told: list[AppEvent]) -> PlatformCourier:
    return PlatformCourier(
        cast("Gateway", Asked()),
        Trusted(FakePlatform().certificate, "demo"),
        Client("1", "a test", "", simulated=False),
        Clocks(lambda: 0, lambda: 0),
        stores=Stores(
            folder,
            secrets,
            key_of=store_key,
            session_secret=session_secret,
            disk=cast("Disk", None),
        ),
        make_key=lambda: rsa_key(1),
        secrets=secrets,
        exports=folder,
        tell=told.append,
        doorway=doorway,
    )


def test_the_window_does_not_wait_for_the_keyring(tmp_path: Path, qtbot: QtBot) -> None:
    secrets = Slow()
    used: list[tuple[str, ...]] = []
    told: list[AppEvent] = []
    doorway = Doorway(secrets, lambda *each: used.append(each), lambda: ())
    made = courier(tmp_path, doorway, secrets, told)
    made.log_in_at_proxy("room", "open sesame", remember=True)
    assert used == [], "nobody asked"
    made.sign_in("a", "p", remember=False)
    qtbot.waitUntil(lambda: bool(told))
    failed = told.pop()
    assert isinstance(failed, SignInFailed)
    assert failed.report.place == PROXY
    made.log_in_at_proxy("room", "open sesame", remember=True)
    assert used == [(PROXY, "room", "open sesame")], "the next try has it already"
    assert secrets.kept == {}
    secrets.open.set()
    qtbot.waitUntil(lambda: kept_login(secrets, PROXY) == ("room", "open sesame"))
    assert kept_login(secrets, "other.invalid:3128") is None, "to nobody else"
    made.close()


def test_without_a_keyring_it_holds_for_this_run(tmp_path: Path) -> None:
    secrets = Slow()
    secrets.open.set()
    secrets.there = False
    assert not Doorway(secrets, lambda *_: None, lambda: ()).remember(PROXY, "room", "x")


@pytest.mark.parametrize("kept", ["", "x", "[]", "[1]", "{}", "[1, 2, 3]", "null", "3"])
def test_what_is_kept_and_is_none_is_none(kept: str) -> None:
    secrets = Slow()
    secrets.kept[f"proxy {PROXY}"] = kept
    assert kept_login(secrets, PROXY) is None


def test_the_place_is_told_and_no_password() -> None:
    report = report_of(ProxyAskedError(PROXY, ("basic",), refused=True))
    assert (report.place, "sesame" in report.detail) == (PROXY, False)


def test_a_look_that_met_a_proxy_says_to_whom_the_password_goes(
    tmp_path: Path, qtbot: QtBot
) -> None:
    secrets = Slow()
    used: list[tuple[str, ...]] = []
    told: list[AppEvent] = []
    found = Examined("https://a.invalid", (Finding("connect", "proxy_asks", f"{PROXY} basic"),))
    doorway = Doorway(secrets, lambda *each: used.append(each), lambda: (found,))
    made = courier(tmp_path, doorway, secrets, told)
    made.look_at_line()
    qtbot.waitUntil(lambda: bool(told))
    made.log_in_at_proxy("room", "open sesame", remember=False)
    assert used == [(PROXY, "room", "open sesame")]
    made.close()
