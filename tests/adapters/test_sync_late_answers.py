"""Answers that are lost, come twice, come late or in another order: nothing ever moves backwards.

The real outbox over the real store; the line is drawn by hypothesis. A platform keeps what
comes and gives real receipts; each answer may be handed in any number of times, at any moment.
"""

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync import outbox as box
from sync.adapters.store import Store
from sync.contract import RecordAnswer
from sync.recorder import Recorder
from sync.session import MistrustError, accept_answer
from tests.sync_rig import FakePlatform, begin, moment, watched

KEY = b"\x11" * 32
PLATFORM = FakePlatform()
FATES = ("arrives", "is lost", "comes late", "comes twice", "an old one comes again")


@dataclass
class World:
    store: Store
    recorder: Recorder
    outbox: box.Outbox = field(default_factory=lambda: box.Outbox(batch=2))
    now_s: float = 0.0
    seen: int = 0
    index: int = 1
    chains: dict[int, bytes] = field(default_factory=dict)
    on_the_way: list[tuple[box.Sending, RecordAnswer]] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)

    def record(self, number: int) -> None:
        fact = watched(number, number + 1, 20.0 + number)
        at = moment(20.0 + number, self.recorder.beacons.index)
        self.recorder, record, tick = self.recorder.record(fact, at)
        self.store.append(record, tick)

    def send(self) -> tuple[box.Sending, RecordAnswer] | None:
        """What the outbox sends and what the platform answers; neither has to arrive."""
        backlogs = self.store.backlogs("c1")
        self.outbox, action = box.plan(self.outbox, backlogs, self.now_s, urgent=True)
        if not isinstance(action, box.Send):
            return None
        batch = self.store.batch(action.sending)
        for record in batch.records:
            if record.seq == self.seen + 1:
                self.seen = record.seq
                self.taken.append(record.seq)
        self.index = min(self.index + 1, 20)
        head = self.store.head_at("c1", self.seen)
        assert head is not None
        there = replace(self.recorder.state, seq=self.seen, head=head)
        answer = PLATFORM.answer(there, self.index)
        return action.sending, answer

    def hand_in(self, sending: box.Sending, answer: RecordAnswer) -> None:
        """As the courier does: prove, keep, settle. A late one may fail its proof."""
        before = self.cursor()
        trail = self.recorder.beacons
        try:
            accepted = accept_answer(
                answer, PLATFORM.certificate, "c1", lambda seq: self.store.head_at("c1", seq), trail
            )
        except MistrustError:
            if sending == self.outbox.in_flight:
                self.fail(sending)
            return
        self.store.store_receipt("c1", accepted)
        self.recorder = self.recorder.advance(accepted.beacons)
        outcome = box.Accepted(accepted.seq, accepted.next_after_s)
        self.outbox, _ = box.settle(self.outbox, sending, outcome, self.now_s, 0.5)
        after = self.cursor()
        assert after[0] >= before[0], "the send cursor moved backwards"
        assert after[1] >= before[1], "the beacon moved backwards"
        assert self.recorder.beacons.index >= trail.index

    def fail(self, sending: box.Sending) -> None:
        failed = box.Failed("unreachable")
        self.outbox, _ = box.settle(self.outbox, sending, failed, self.now_s, 0.5)

    def cursor(self) -> tuple[int, int]:
        (stored,) = self.store.open_chains()
        return stored.acked, stored.beacon_index


@given(
    st.lists(st.tuples(st.sampled_from(FATES), st.integers(0, 2), st.integers(0, 9)), max_size=8)
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_nothing_moves_backwards_whatever_comes_when(line: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "records.db", KEY)
        try:
            recorder = begin(store)
            world = World(store, recorder)
            number = 0
            for _ in range(2):
                world.record(number)
                number += 1
            old: list[tuple[box.Sending, RecordAnswer]] = []
            for fate, more, which in [*line, *[("arrives", 0, 0)] * 10]:
                for _ in range(more):
                    world.record(number)
                    number += 1
                world.now_s += 700
                sent = world.send()
                if sent is None:
                    continue
                old.append(sent)
                if fate in ("is lost", "comes late"):
                    world.fail(sent[0])
                elif fate == "an old one comes again":
                    world.hand_in(*old[which % len(old)])
                    if sent[0] == world.outbox.in_flight:
                        world.hand_in(*sent)
                else:
                    world.hand_in(*sent)
                if fate == "comes twice":
                    world.hand_in(*sent)
                if fate == "comes late" and which % 2:
                    world.hand_in(*sent)
            last = store.backlogs("c1")[0].last
            assert world.cursor()[0] == last
            assert world.taken == list(range(1, last + 1)), "each once, in order"
        finally:
            store.close()
