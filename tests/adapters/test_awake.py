"""The screen stays on while a film plays: asked of real services on a real session bus."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.awake import (
    ES_CONTINUOUS,
    ES_DISPLAY_REQUIRED,
    ES_SYSTEM_REQUIRED,
    Awake,
    ExecutionState,
)
from tests.session_bus import Bus, desktop, private_bus, process

SCREEN = "org.freedesktop.ScreenSaver"
POWER = "org.freedesktop.PowerManagement.Inhibit"
SESSION = "org.gnome.SessionManager"
WHY = "正在播放课程"

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="D-Bus")


def settle(awake: Awake) -> None:
    """Wait until the worker has done what was asked of it: else a quick change of mind is none."""
    awake._worker.submit(lambda: None).result(timeout=20)


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    with private_bus(tmp_path) as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        yield running


@linux
def test_held_while_playing_and_let_go_in_the_pause(bus: Bus) -> None:
    with desktop(bus, SCREEN) as told, closing(Awake()) as awake:
        for _ in range(3):
            awake.hold(WHY)
            awake.hold(WHY)
            assert told.next() == f"held {SCREEN} Anxue|{WHY}"
            awake.release()
            awake.release()
            assert told.next() == f"let go {SCREEN}"
        assert told.nothing_more()


@linux
def test_every_service_that_the_desktop_has_is_asked(bus: Bus) -> None:
    with desktop(bus, SCREEN, POWER, SESSION) as told, closing(Awake()) as awake:
        awake.hold(WHY)
        assert [told.next() for _ in range(3)] == [
            f"held {SCREEN} Anxue|{WHY}",
            f"held {POWER} Anxue|{WHY}",
            f"held {SESSION} Anxue|0|{WHY}|8",
        ]
        awake.release()
        assert {told.next() for _ in range(3)} == {f"let go {n}" for n in (SCREEN, POWER, SESSION)}
        assert awake.held_by == ()


@linux
def test_closing_lets_go(bus: Bus) -> None:
    with desktop(bus, SCREEN) as told:
        awake = Awake()
        awake.hold(WHY)
        assert told.next().startswith("held")
        awake.close()
        awake.close()
        assert told.next() == f"let go {SCREEN}"
        awake.hold(WHY)
        assert told.nothing_more()


@linux
def test_the_bus_forgets_a_program_that_dies(bus: Bus) -> None:
    """Nobody is left with a screen that never sleeps."""
    program = f"from app.adapters.awake import Awake; a = Awake(); a.hold({WHY!r}); input()"
    with desktop(bus, SCREEN) as told, process(bus, "-c", program) as (running, _):
        assert told.next() == f"held {SCREEN} Anxue|{WHY}"
        running.send_signal(signal.SIGKILL)
        assert told.next() == f"forgotten {SCREEN}"


@linux
@pytest.mark.parametrize(
    "address", ["", "unix:path=/nowhere/at/all", "tcp:host=localhost,port=1", "nonsense", "unix:x"]
)
def test_a_machine_without_a_session_bus(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    awake = Awake()
    for _ in range(2):
        awake.hold(WHY)
        settle(awake)
        assert awake.held_by == ()
        awake.release()
        settle(awake)
    awake.hold(WHY)
    awake.close()
    assert awake.held_by == ()


@linux
def test_a_desktop_without_such_services(bus: Bus) -> None:
    with desktop(bus, "org.example.Other") as told, closing(Awake()) as awake:
        awake.hold(WHY)
        settle(awake)
        assert awake.held_by == ()
        awake.release()
        settle(awake)
        assert told.nothing_more()


@linux
def test_a_deaf_desktop_holds_nobody_up(bus: Bus) -> None:
    """Neither the window's thread nor the end of the program waits for it."""
    with desktop(bus, SCREEN, deaf=True) as told:
        awake = Awake()
        began = time.monotonic()
        awake.hold(WHY)
        assert time.monotonic() - began < 0.1
        assert told.next() == "heard Inhibit"
        began = time.monotonic()
        awake.release()
        assert time.monotonic() - began < 0.1
        awake.close()
        assert time.monotonic() - began < 1.5


@linux
def test_a_bus_that_goes_away_is_found_again(
    bus: Bus, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Awake()) as awake:
        with desktop(bus, SCREEN) as told:
            awake.hold(WHY)
            assert told.next().startswith("held")
        bus.process.kill()
        bus.process.wait()
        awake.release()
        with private_bus(tmp_path_factory.mktemp("bus")) as other:
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", other.address)
            with desktop(other, SCREEN) as told:
                awake.hold(WHY)
                assert told.next().startswith("held")


class FakeKernel:
    """Stands for SetThreadExecutionState, which is Windows': every thread has its own wish."""

    def __init__(self, answer: int = ES_CONTINUOUS) -> None:
        self.answer = answer
        self.states: dict[int, int] = {}
        self.calls: list[int] = []

    def __call__(self, flags: int) -> int:
        self.calls.append(flags)
        self.states[threading.get_ident()] = flags
        return self.answer


def test_windows_is_asked_and_told_by_one_thread() -> None:
    """On Windows itself this has not been run: the kernel's function is a fake."""
    kernel = FakeKernel()
    awake = Awake(ExecutionState(kernel))
    for _ in range(2):
        awake.hold(WHY)
        settle(awake)
    awake.release()
    settle(awake)
    awake.hold(WHY)
    settle(awake)
    awake.close()
    on = ES_CONTINUOUS | ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED
    assert kernel.calls == [on, ES_CONTINUOUS, on, ES_CONTINUOUS]
    assert list(kernel.states.values()) == [ES_CONTINUOUS]


def test_windows_that_refuses_is_nobody() -> None:
    kernel = FakeKernel(answer=0)
    assert ExecutionState(kernel).hold(WHY) == ()
    assert ExecutionState(FakeKernel()).hold(WHY) == ("SetThreadExecutionState",)


class Broken:
    """A system that fails at everything."""

    asked = 0

    def hold(self, reason: str) -> tuple[str, ...]:
        self.asked += 1
        raise LookupError(reason)

    def release(self) -> None:
        raise LookupError

    def abort(self) -> None:
        raise AssertionError


def test_a_system_that_fails_at_everything_stops_nothing() -> None:
    broken = Broken()
    awake = Awake(broken)
    for _ in range(2):
        awake.hold(WHY)
        settle(awake)
        awake.release()
        settle(awake)
    awake.close()
    assert broken.asked == 2
