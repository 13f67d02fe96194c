"""A session bus of a test's own, and services of a desktop on it, each a process.

As a program (`python -m tests.session_bus NAME…`) it is such a desktop: it keeps who inhibits
what, forgets whoever leaves the bus, and prints a line for everything that happens.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
  </policy>
</busconfig>
"""
ROOT = Path(__file__).resolve().parents[1]
WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Bus:
    """A running bus; hand `environment` to the processes that shall find it."""

    address: str
    environment: Mapping[str, str]
    process: subprocess.Popen[str]


@contextmanager
def private_bus(folder: Path) -> Iterator[Bus]:
    """Start a dbus-daemon that knows no services to start; its socket lies in `folder`."""
    if shutil.which("dbus-daemon") is None:
        message = "dbus-daemon is missing: `python3 dev.py test` installs it or says how"
        raise FileNotFoundError(message)
    configuration = folder / "bus.xml"
    configuration.write_text(CONFIGURATION.format(socket=folder / "bus.socket"), "utf-8")
    command = ["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        try:
            assert daemon.stdout is not None
            address = daemon.stdout.readline().strip()
            yield Bus(address, os.environ | {"DBUS_SESSION_BUS_ADDRESS": address}, daemon)
        finally:
            daemon.terminate()


class Told:
    """What a process prints, line by line, as it comes."""

    def __init__(self, stream: IO[str]) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(stream,), name="told")
        self._reader.start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line.strip())

    def next(self, within_s: float = WITHIN_S) -> str:
        """The next line. `queue.Empty` if there is none in time."""
        return self._lines.get(timeout=within_s)

    def nothing_more(self) -> bool:
        return self._lines.empty()

    def end(self) -> None:
        self._reader.join()


@contextmanager
def process(bus: Bus, *command: str) -> Iterator[tuple[subprocess.Popen[str], Told]]:
    """Run Python on that bus with these arguments; ended with the block."""
    with subprocess.Popen(
        [sys.executable, *command],
        env=bus.environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        told = Told(running.stdout)
        try:
            yield running, told
        finally:
            running.kill()
            told.end()


@contextmanager
def desktop(bus: Bus, *names: str, deaf: bool = False, obliging: bool = False) -> Iterator[Told]:
    """Offer services by their names.

    deaf: calls are taken and never answered. obliging: every call is answered with success.
    """
    flags = [*(["--deaf"] if deaf else []), *(["--obliging"] if obliging else [])]
    with process(bus, "-m", "tests.session_bus", *flags, *names) as (_, told):
        assert told.next() == "ready"
        yield told


def serve(names: list[str], *, deaf: bool, obliging: bool) -> None:
    """Be the desktop, until killed."""
    from jeepney import (
        HeaderFields,
        MatchRule,
        MessageType,
        message_bus,
        new_error,
        new_method_return,
    )
    from jeepney.io.blocking import open_dbus_connection

    held: dict[tuple[str, int], str] = {}
    cookies = iter(range(0x8000_0001, 0xFFFF_FFFF))  # beyond what a signed number can hold
    with open_dbus_connection() as bus:
        for name in names:
            bus.send_and_get_reply(message_bus.RequestName(name))
        rule = MatchRule(type="signal", member="NameOwnerChanged")
        bus.send_and_get_reply(message_bus.AddMatch(rule))
        print("ready", flush=True)
        while True:
            message = bus.receive()
            fields = message.header.fields
            member, sender = fields.get(HeaderFields.member, ""), fields[HeaderFields.sender]
            service = fields.get(HeaderFields.interface, "")
            if member == "NameOwnerChanged" and message.body[2] == "":
                gone = {key: name for key, name in held.items() if key[0] == message.body[0]}
                for key, name in gone.items():
                    del held[key]
                    print(f"forgotten {name}", flush=True)
            if message.header.message_type is not MessageType.method_call:
                continue
            if deaf:
                print(f"heard {member}", flush=True)
                continue
            if obliging:
                bus.send(new_method_return(message))
            elif member == "Inhibit":
                cookie = next(cookies)
                held[sender, cookie] = service
                print(f"held {service} {'|'.join(map(str, message.body))}", flush=True)
                bus.send(new_method_return(message, "u", (cookie,)))
            elif member.lower() == "uninhibit" and (sender, message.body[0]) in held:
                del held[sender, int(str(message.body[0]))]
                print(f"let go {service}", flush=True)
                bus.send(new_method_return(message))
            else:
                print(f"not understood: {member} {message.body}", flush=True)
                bus.send(new_error(message, "org.freedesktop.DBus.Error.InvalidArgs"))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    serve(
        [name for name in arguments if not name.startswith("--")],
        deaf="--deaf" in arguments,
        obliging="--obliging" in arguments,
    )
