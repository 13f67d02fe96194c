"""A learner goes on at another PC where the first one stopped, within a second."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync.adapters.store import Store
from sync.contract import Lesson
from sync.facts import LessonClosed, Paused, SessionEnded
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.faults import FILE, Faults, write
from tests.contract.course import make_course
from tests.contract.serve import COURSE, command
from tests.sync_client import Client, enrol, watched

pytestmark = pytest.mark.skipif(
    "ANXUE_CONTRACT_URL" in os.environ, reason="somebody else's server has a clock of its own"
)


@dataclass
class Room:
    """A platform whose clock the test moves on, and PCs: a store each, and nothing else shared."""

    platform: EmbeddedPlatform
    folder: Path
    opened: ExitStack
    passed_s: float = 0.0
    stores: dict[str, Store] = field(default_factory=dict)

    def pass_time(self, client: Client, seconds: float) -> None:
        """Both clocks run on, as they do on an honest PC."""
        client.now_s += seconds
        self.passed_s += seconds
        write(self.folder / FILE, Faults(clock_off_s=self.passed_s))

    def sign_in(self, pc: str) -> Client:
        """The learner sits down at this PC."""
        number = list(self.stores).index(pc) if pc in self.stores else len(self.stores)
        if pc not in self.stores:
            self.stores[pc] = Store(self.folder / pc / "records.db", bytes([number + 1]) * 32)
            self.opened.callback(self.stores[pc].close)
        pem = self.platform.certificate.read_text("ascii")
        client = Client(self.platform.url, pem, self.stores[pc], number + 1)
        self.opened.callback(client.gateway.close)
        return client

    def watch(self, client: Client, start_s: float, end_s: float) -> None:
        """Film is shown, and the segment is recorded and sent, as at a pause."""
        self.pass_time(client, end_s - start_s)
        client.tell(watched("first", start_s, end_s, client.now_s))
        client.tell(Paused(lesson="first", position_us=int(end_s * 1e6), reason="learner"))
        client.flush()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    make_course(tmp_path / COURSE)
    with EmbeddedPlatform(command(tmp_path)) as platform, ExitStack() as opened:
        room = Room(platform, tmp_path, opened)
        enrol(platform, room.sign_in("PC 0").session.learner.id, tmp_path)
        yield room


def lesson(client: Client) -> Lesson:
    return client.gateway.courses().courses[0].lessons[0]


def test_signed_out_at_one_pc_and_on_at_another(room: Room) -> None:
    first = room.sign_in("PC 1")
    first.begin("first", 600_000)
    room.watch(first, 0.0, 47.36)
    first.tell(LessonClosed(lesson="first", position_us=47_360_000))
    first.tell(SessionEnded(reason="learner"))
    first.flush(done=True)
    second = room.sign_in("PC 2")
    told = lesson(second).credit
    assert abs(told.resume_s - 47.36) < 1.0
    assert told.credited_s == pytest.approx(47.36, abs=0.001)
    # And back again: what the second PC showed is known at the first.
    second.begin("first", 600_000, told.resume_s)
    room.watch(second, told.resume_s, 80.0)
    second.tell(SessionEnded(reason="learner"))
    second.flush(done=True)
    assert abs(lesson(room.sign_in("PC 1")).credit.resume_s - 80.0) < 1.0


def test_a_power_cut_at_one_pc_and_on_at_another(room: Room) -> None:
    """The running segment is known by its open tick, as of the last heartbeat."""
    first = room.sign_in("PC 1")
    first.begin("first", 600_000)
    room.watch(first, 0.0, 30.0)
    room.pass_time(first, 12.4)
    first.tick(watched("first", 30.0, 42.4, first.now_s))
    first.flush()
    # The power is cut here: no record of the segment, no sign-out, PC 1 stays dark.
    second = room.sign_in("PC 2")
    told = lesson(second).credit
    assert abs(told.resume_s - 42.4) < 1.0
    assert told.credited_s == pytest.approx(42.4, abs=0.001)
    second.begin("first", 600_000, told.resume_s)
    room.watch(second, told.resume_s, 60.0)
    # When PC 1 is switched on again, what it brings is known already: nothing counts twice.
    again = room.sign_in("PC 1")
    again.flush()
    assert lesson(again).credit.resume_s == pytest.approx(60.0, abs=0.001)
    assert lesson(again).credit.credited_s == pytest.approx(60.0, abs=0.001)


def test_what_the_line_did_not_carry_is_known_when_the_pc_comes_back(room: Room) -> None:
    first = room.sign_in("PC 1")
    first.begin("first", 600_000)
    room.watch(first, 0.0, 20.0)
    # The line is dead; the program goes on writing, and then the power is cut.
    room.pass_time(first, 15.0)
    first.tell(watched("first", 20.0, 35.0, first.now_s))
    room.pass_time(first, 5.5)
    first.tick(watched("first", 35.0, 40.5, first.now_s))
    again = room.sign_in("PC 1")
    assert lesson(again).credit.resume_s == pytest.approx(20.0, abs=0.001)
    again.identify()
    again.flush()
    assert abs(lesson(again).credit.resume_s - 40.5) < 1.0
