"""The forwarding worker: `main.py platform worker --data DIR`. As many as one likes.

    Worker(platform, lease="w1").step()     one piece for each neighbour; False when nothing is due
    Worker(platform, lease="w1").run(stop)  until an event is set

No transaction is open while a neighbour is asked. A neighbour that is down costs one try of one
entry at a time, with growing waits: its other entries stay as they are.
"""

import logging
import random
import secrets
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from sync.reference import evidence, forwarding
from sync.reference.forwarding import Claimed, Delivered, Later, Outcome, Refused
from sync.reference.hours import lessons_of
from sync.reference.integrations import SUPERVISION, XAPI
from sync.reference.platform import Platform
from sync.reference.record_store import RecordStore
from sync.reference.supervision import (
    HttpSink,
    SupervisionExport,
    SupervisionSink,
    exports,
    signed,
)
from sync.reference.tables import ChainRow, PaperRow, RecordRow

log = logging.getLogger(__name__)
IDLE_S = 2.0
SWEEP_EVERY = timedelta(days=1)


class Worker:
    """Takes what waits to the neighbours that the platform's settings name.

    record_store, sink: in place of those, for a province with an interface of its own.
    chance: 0 to 1, spreads the waits of many workers.
    """

    def __init__(
        self,
        platform: Platform,
        *,
        record_store: RecordStore | None = None,
        sink: SupervisionSink | None = None,
        lease: str | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        joined = platform.settings.integrations
        self._platform, self._chance = platform, chance
        self._lease = lease or secrets.token_hex(8)
        self._pauses: dict[str, tuple[int, datetime]] = {}
        self._swept: datetime | None = None
        if record_store is None and joined.record_store is not None:
            record_store = RecordStore(joined.record_store)
        if sink is None and joined.supervision is not None:
            sink = HttpSink(joined.supervision)
        self._record_store, self._sink = record_store, sink

    def run(self, stop: threading.Event, idle_s: float = IDLE_S) -> None:
        """Work until `stop` is set; what fails in an unforeseen way is logged and tried again."""
        while not stop.is_set():
            try:
                busy = self.step()
            except Exception:
                # The database may be away, as neighbours may be; the entries stay.
                log.exception("the worker failed; it goes on")
                busy = False
            if not busy:
                stop.wait(idle_s)

    def step(self) -> bool:
        """Do one piece for each neighbour; whether there was anything to do."""
        self._sweep()
        busy = False
        if self._record_store is not None:
            busy |= self._one(XAPI, self._forward)
        if self._sink is not None:
            busy |= self._one(SUPERVISION, self._report)
        return busy

    def _one(self, destination: str, do: Callable[[Claimed], Outcome]) -> bool:
        now = self._platform.clock()
        failures, until = self._pauses.get(destination, (0, now))
        if now < until:
            return False
        with self._platform.store.writing() as db:
            claimed = forwarding.claim(db, destination, now, self._lease)
        if claimed is None:
            return False
        outcome = do(claimed)
        if isinstance(outcome, Later):
            wait_s = forwarding.wait_s(failures + 1, outcome.after_s, self._chance())
            self._pauses[destination] = failures + 1, now + timedelta(seconds=wait_s)
            log.warning("%s: %s", destination, outcome.reason)
        else:
            self._pauses.pop(destination, None)
        return True

    def _forward(self, claimed: Claimed) -> Outcome:
        """A batch's statements to the record store, as they came."""
        assert self._record_store is not None
        query = (
            select(RecordRow.seq, RecordRow.body)
            .where(RecordRow.chain == claimed.chain)
            .where(RecordRow.seq.between(claimed.first_seq, claimed.last_seq))
            .order_by(RecordRow.seq)
        )
        with self._platform.store.reading() as db:
            statements = [(row.seq, bytes(row.body)) for row in db.execute(query)]
        sent = self._record_store.send(statements, self._platform.clock())
        with self._platform.store.writing() as db:
            forwarding.settle(
                db,
                claimed,
                sent.outcome,
                self._platform.clock(),
                self._chance(),
                done_to=sent.done_to,
                refused=sent.refused,
            )
        return sent.outcome

    def _report(self, claimed: Claimed) -> Outcome:
        """A learner's count to the supervision platform: all of their entries at once."""
        platform = self._platform
        with platform.store.writing() as db:
            learner = db.get_one(ChainRow, claimed.chain).learner
            chains = set(db.scalars(select(ChainRow.id).where(ChainRow.learner == learner)))
            all_of_them = [claimed, *forwarding.also_of(db, claimed, chains, platform.clock())]
        with platform.store.reading() as db:
            lessons = set[str]()
            for chain in {each.chain for each in all_of_them}:
                lessons |= lessons_of(db, chain)
            papers = select(PaperRow.lesson).where(PaperRow.learner == learner).distinct()
            lessons |= set(db.scalars(papers))
            told = list(exports(db, platform, learner, lessons))
        outcome = self._deliver(told)
        with platform.store.writing() as db:
            for each in all_of_them:
                forwarding.settle(db, each, outcome, platform.clock(), self._chance())
        return outcome

    def _deliver(self, told: Iterable[SupervisionExport]) -> Outcome:
        """Each lesson on its own; the worst answer is the answer."""
        assert self._sink is not None
        refused: Refused | None = None
        for export in told:
            text = signed(export, self._platform)
            outcome = self._sink.deliver(export, text, self._platform.clock())
            if isinstance(outcome, Later):
                return outcome
            if isinstance(outcome, Refused):
                refused = Refused(f"{export.content.lesson}: {outcome.reason}")
        return refused or Delivered()

    def _sweep(self) -> None:
        """Pictures past their term go, and objects that no row names."""
        now = self._platform.clock()
        if self._swept is not None and now - self._swept < SWEEP_EVERY:
            return
        self._swept = now
        evidence.sweep_rows(self._platform)
        evidence.sweep_objects(self._platform)
