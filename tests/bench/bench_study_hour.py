"""What one hour of study costs on the wire, records alone, both ways, headers and all.

The client's own parts (recorder, store, outbox, gateway over HTTP) against the reference
platform in a process of its own, whose clock is moved on by a minute for each minute of study.
A relay between them counts every byte of TCP payload: request lines, headers, gzip bodies,
answers with receipt, beacon and count. TLS adds about 2 % and TCP/IP 40 bytes a packet; neither
is counted, nor are sign-in, films and pictures (R13 sets those apart).

The hour: a beat every 60 s cuts the running segment, seals and sends; every 10 minutes a check
is asked when it is due, passed, and the next one planned, with the picture it names; every 12
minutes a pause and on again, with how the picture was; the learner turns away twice.
"""

import asyncio
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from sync.adapters.store import Store
from sync.facts import (
    CheckAttempted,
    CheckIssued,
    CheckPlanned,
    Paused,
    PictureQuality,
    Played,
    PresenceChanged,
    SnapshotTaken,
)
from sync.reference.demo import DEMO_LEARNER
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import FILE, Faults, write
from tests.bench.figures import percentile, spread
from tests.contract.course import make_course
from tests.contract.serve import COURSE, command
from tests.sync_client import Client, enrol, watched

MINUTES = 60
LESSON = "first"
LESSON_S = 2 * 3600


def run() -> dict[str, object]:
    """Keys as the issue names them; `up` and `down` beside, and what one beat costs."""
    with (
        tempfile.TemporaryDirectory() as place,
        _platform(Path(place)) as (platform, faults),
        _counting(platform.url) as (url, counted),
    ):
        store = Store(Path(place) / "records.sqlite3", b"\x01" * 32)
        client = Client(url, platform.certificate.read_text("ascii"), store)
        counted.clear()  # the sign-in is over
        beats = _study(client, faults, counted)
        client.gateway.close()
        store.close()
    figures = {"bytes": sum(beats), "up": counted.up, "down": counted.down}
    figures |= {"beat_p50": round(percentile(beats, 0.5)), "records": client.recorder.state.seq}
    return {**figures, "n": len(beats), "spread": spread(beats)}


def _study(client: Client, faults: Path, counted: "_Counted") -> list[int]:
    client.begin(LESSON, LESSON_S * 1000)
    beats = []
    for minute in range(MINUTES):
        at_s = (minute + 1) * 60.0
        before = counted.up + counted.down
        write(faults, Faults(clock_off_s=at_s))
        client.now_s = at_s
        _minute(client, minute, at_s)
        client.flush(done=minute + 1 == MINUTES)
        # The segment that a flush has cut has no tick; the next one's is there half a second on,
        # and is what the next flush finds and replaces.
        start = minute * 60 + 60.0
        client.tick(watched(LESSON, start, start + 0.5, at_s + 0.5))
        beats.append(counted.up + counted.down - before)
    return beats


def _minute(client: Client, minute: int, at_s: float) -> None:
    """What is recorded within one minute."""
    start = minute * 60
    us = start * 1_000_000
    if minute % 12 == 11:
        client.tell(Paused(lesson=LESSON, position_us=us, reason="learner"))
        client.tell(
            PictureQuality(
                lesson=LESSON, mode="standard", frames=17_950, dropped=3, late=11, stalls=0,
                stalled_ms=0, unseen_ms=0, sound="ok", sound_offset_ms=-4,
                bits_per_second=2_812_345,
            )
        )  # fmt: skip
        client.tell(Played(lesson=LESSON, position_us=us))
    if minute in {17, 43}:
        client.tell(PresenceChanged(lesson=LESSON, state="turned_away"))
        client.tell(PresenceChanged(lesson=LESSON, state="present"))
    client.tell(watched(LESSON, start, start + 60.0, at_s))
    if minute % 10 == 4:  # as `Client.begin` planned the first one: after 300 s
        _check(client, minute // 10 + 1, us + 60_000_000)


def _check(client: Client, number: int, us: int) -> None:
    check, actions = f"k{number}", ("turn_left", "blink")
    client.tell(CheckIssued(check=check, lesson=LESSON, position_us=us, watched_s=600.0))
    client.tell(
        SnapshotTaken(lesson=LESSON, why="check", sha256=f"{us:064x}", size_bytes=0, of_check=check)
    )
    client.tell(
        CheckAttempted(
            check=check, lesson=LESSON, attempt=1, passed=True, reason="", similarity=0.8125,
            seconds=6.25, actions=actions, risk=0.03125,
        )
    )  # fmt: skip
    client.tell(
        CheckPlanned(
            check=f"k{number + 1}", lesson=LESSON, seed_index=client.recorder.beacons.index,
            film_left_s=600.0, checked_in_film=True, after_s=600.0, actions=actions,
        )
    )  # fmt: skip


@contextmanager
def _platform(folder: Path) -> Iterator[tuple[EmbeddedPlatform, Path]]:
    course = make_course(folder / COURSE) / "course.json"
    told = json.loads(course.read_text("utf-8"))
    for lesson in told["lessons"]:
        lesson["duration_ms"] = LESSON_S * 1000
    course.write_text(json.dumps(told), "utf-8")
    with EmbeddedPlatform(command(folder)) as platform:
        enrol(platform, DEMO_LEARNER.id, folder)
        yield platform, folder / FILE


class _Counted:
    """Bytes of TCP payload from and to the client."""

    up = 0
    down = 0

    def clear(self) -> None:
        self.up = self.down = 0


@contextmanager
def _counting(url: str) -> Iterator[tuple[str, _Counted]]:
    """A relay before the platform, in a thread of its own, until the end."""
    counted, place = _Counted(), urlsplit(url)
    loop = asyncio.new_event_loop()
    ready: list[int] = []
    started = threading.Event()
    ended = asyncio.Event()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection(place.hostname, place.port)

        async def up() -> None:
            while data := await reader.read(65_536):
                counted.up += len(data)
                there[1].write(data)
            there[1].close()

        async def down() -> None:
            while data := await there[0].read(65_536):
                counted.down += len(data)
                writer.write(data)
            writer.close()

        await asyncio.gather(up(), down(), return_exceptions=True)

    async def serve() -> None:
        server = await asyncio.start_server(relay, "127.0.0.1", 0)
        ready.append(server.sockets[0].getsockname()[1])
        started.set()
        await ended.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    started.wait()
    try:
        yield f"http://127.0.0.1:{ready[0]}", counted
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
