"""Nobody on the session bus can move the film: there is no remote control to be called (R16).

On Linux, desktops and phones reach players over MPRIS, and Qt or a library could one day offer it
without our asking. Windows' counterpart (SMTC) is not looked at here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.player_rig import FRAME_US
from tests.session_bus import Bus, desktop, private_bus, process

if sys.platform.startswith("linux"):
    from jeepney import DBusAddress, Message, MessageType, message_bus, new_method_call
    from jeepney.bus import get_bus
    from jeepney.io.blocking import DBusConnection, prep_socket
else:
    pytest.skip("D-Bus", allow_module_level=True)

MPRIS = "org.mpris.MediaPlayer2"
PATH = "/org/mpris/MediaPlayer2"
ANSWER_S = 0.3
CALLS: tuple[tuple[str, str | None, tuple[object, ...]], ...] = (
    ("Seek", "x", (10_000_000,)),
    ("SetPosition", "ox", ("/org/mpris/MediaPlayer2/TrackList/NoTrack", 25_000_000)),
    ("Next", None, ()),
    ("Pause", None, ()),
    ("Stop", None, ()),
    ("OpenUri", "s", ("file:///etc/hostname",)),
)


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    with private_bus(tmp_path) as running:
        yield running


@pytest.fixture
def caller(bus: Bus) -> Iterator[DBusConnection]:
    """Somebody else on the same bus."""
    with DBusConnection(prep_socket(get_bus(bus.address))) as connection:
        yield connection


def names(caller: DBusConnection) -> list[str]:
    """Everything that can be called on the bus."""
    (found,) = caller.send_and_get_reply(message_bus.ListNames()).body
    assert isinstance(found, list)
    return [name for name in found if name != "org.freedesktop.DBus"]


def names_of(caller: DBusConnection, process_id: int) -> list[str]:
    """The names of one process, its unique ones too."""
    owned = []
    for name in names(caller):
        answer = caller.send_and_get_reply(message_bus.GetConnectionUnixProcessID(name))
        if answer.body == (process_id,):
            owned.append(name)
    return owned


def remote_controls(caller: DBusConnection) -> list[str]:
    return [name for name in names(caller) if name.startswith(MPRIS)]


def answered(caller: DBusConnection, name: str) -> list[Message]:
    """Call everything that would move a film; return what was answered other than an error."""
    answers = []
    for method, signature, body in CALLS:
        question = new_method_call(
            DBusAddress(PATH, name, f"{MPRIS}.Player"), method, signature, body
        )
        try:
            answers.append(caller.send_and_get_reply(question, timeout=ANSWER_S))
        except TimeoutError:
            continue
    return [each for each in answers if each.header.message_type is not MessageType.error]


@pytest.mark.course
def test_the_player_cannot_be_moved_over_the_session_bus(bus: Bus, caller: DBusConnection) -> None:
    with (
        desktop(bus, "org.freedesktop.ScreenSaver") as screen,
        process(bus, "-m", "tests.playing_child") as (running, told),
    ):
        assert told.next(60) == "playing"
        assert screen.next().startswith("held")
        assert remote_controls(caller) == []
        owned = names_of(caller, running.pid)
        assert owned, "it is on the bus, to keep the screen awake"
        assert all(name.startswith(":") for name in owned), "but under no name of its own"
        for name in (*owned, MPRIS, f"{MPRIS}.anxue", f"{MPRIS}.anxue.instance{running.pid}"):
            assert answered(caller, name) == []
        assert running.stdin is not None
        running.stdin.close()
        starts_us = json.loads(told.next())
    assert len(starts_us) > 10
    steps_us = [later - sooner for sooner, later in pairwise(starts_us)]
    assert all(0 < step_us <= 25 * FRAME_US for step_us in steps_us), "it went on as it was"


def test_a_remote_control_would_be_found(bus: Bus, caller: DBusConnection) -> None:
    """The test above can fail: a player that offers itself is seen, and so are its answers."""
    name = f"{MPRIS}.other"
    with desktop(bus, name, obliging=True):
        assert remote_controls(caller) == [name]
        assert len(answered(caller, name)) == len(CALLS)
