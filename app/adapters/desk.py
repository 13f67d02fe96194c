"""Where records are written: the learner's open store, and the pen of the run.

Appends happen in the window's thread, durably, before the next effect is carried out. What
cannot be written waits here until the store is mended.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from app.adapters.courier_parts import append
from app.adapters.stores import Stores
from app.adapters.troubles import report_of
from app.errors import Report
from app.events import AppEvent, ChainClosed, StoreFailed
from sync.facts import Fact, SnapshotTaken, Watched
from sync.ports import RecordStore, SealedPicture, StoredChain, StoreError
from sync.recorder import Recorder
from sync.session import AcceptedSession

log = logging.getLogger(__name__)

MONTH = timedelta(days=31)
"""Of a term: rather a day longer than one shorter."""

Open = Callable[[str, bytes], RecordStore]
"""(learner, key) to their store; raises StoreError."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the store held when the run began. salvaged: records of one that was damaged.

    unread: what is to be said of other stores that no key opens here.
    """

    before: StoredChain | None
    unsent: int
    salvaged: int | None
    unread: Report | None = None


class Desk:
    """store: the open one, None between runs. recorder: the run's pen, None before the first."""

    def __init__(
        self,
        stores: Stores,
        now_ns: Callable[[], int],
        utc_ms: Callable[[], int],
        tell: Callable[[AppEvent], None],
    ) -> None:
        self.store: RecordStore | None = None
        self.recorder: Recorder | None = None
        self.kept: Callable[[Fact], None] = lambda _: None
        self._stores = stores
        self._now = now_ns
        self._utc_ms = utc_ms
        self._tell = tell
        self._unkept: deque[tuple[Fact, int, str]] = deque()
        self._salvaged: int | None = None

    @property
    def live(self) -> str | None:
        """The run's chain."""
        return self.recorder.state.chain if self.recorder else None

    @property
    def holds_back(self) -> bool:
        """Whether something is still to be written that could not be."""
        return bool(self._unkept)

    def close(self) -> None:
        if self.store is not None:
            self.store.close()
            self.store = None

    def begin(self, accepted: AcceptedSession, key: bytes, *, damaged: bool) -> Opened | None:
        """Open the learner's store for a new run; None, with the trouble told, if it can't be."""
        self._salvaged = self.recorder = None  # until it is open, there is nothing to write on
        store_of: Open = self._rescue if damaged else self._stores.open
        try:
            self.close()
            store = self.store = store_of(accepted.learner.id, key)
            earlier = store.open_chains()
            before = store.newest_chain()
            store.begin_chain(accepted)
        except StoreError as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return None
        self.recorder = Recorder.begin(accepted)
        self._unkept.clear()
        unsent = sum(chain.last - chain.acked for chain in earlier)
        self._forget(store, accepted)
        unread = self._stores.unread(accepted.learner.id, key)
        return Opened(before, unsent, self._salvaged, unread)

    @staticmethod
    def _forget(store: RecordStore, accepted: AcceptedSession) -> None:
        """The learner's copy goes when the platform's own term for online study is over."""
        try:
            now = datetime.fromisoformat(accepted.now)
            gone = store.forget(now - accepted.policy.keeps_months_online * MONTH)
        except StoreError as error:
            log.warning("old runs stay for now: %s", error)
            return
        if gone:
            log.info("%d old runs, all receipted, are deleted", gone)

    def keep(self, fact: Fact, at_ns: int) -> None:
        self._unkept.append((fact, at_ns, ""))
        self.write_unkept()

    def keep_picture(self, picture: SealedPicture, at_ns: int) -> SnapshotTaken | None:
        """A sealed picture and its record; None, with nothing kept, where nothing can be.

        Study does not wait for pictures: no trouble is told for one that does not fit on the
        disk, and its record says that it will never come.
        """
        if self.store is None or self._unkept:
            return None
        try:
            self.store.keep_evidence(picture)
            kept = len(picture.sealed)
        except StoreError as error:
            log.warning("a picture is not kept: %s", error)
            kept = 0
        fact = SnapshotTaken(
            lesson=picture.lesson,
            why=picture.why,
            sha256=picture.sha256,
            size_bytes=kept,
            of_check=picture.check,
        )
        self._unkept.append((fact, at_ns, picture.sha256 if kept else ""))
        self.write_unkept()
        return fact

    def write_unkept(self) -> None:
        while self._unkept and self.recorder is not None:
            fact, at_ns, evidence = self._unkept[0]
            moment = self.recorder.moment(at_ns, self._utc_ms())
            recorder, record, tick = self.recorder.record(fact, moment)
            if not self.safely(partial(append, record=record, tick=tick, evidence=evidence)):
                return
            self.recorder = recorder
            self._unkept.popleft()
            self.kept(fact)

    def keep_tick(self, fact: Watched, at_ns: int) -> None:
        recorder = self.recorder
        if recorder is None or self._unkept:
            return
        self.recorder, tick = recorder.tick(fact, recorder.moment(at_ns, self._utc_ms()))
        self.safely(lambda store: store.put_tick(tick))

    def drop_tick(self) -> None:
        if self.recorder is not None:
            self.recorder = self.recorder.drop_tick()
            chain = self.recorder.state.chain
            self.safely(lambda store: store.drop_tick(chain))

    def safely(self, work: Callable[[RecordStore], None]) -> bool:
        """Whether it was done; if not, the trouble is told."""
        if self.store is None:
            return False
        try:
            work(self.store)
        except StoreError as error:
            log.error("store: %s", error)
            self._tell(StoreFailed(self._now(), report_of(error)))
            return False
        return True

    def mend(self, learner: str, key: bytes, recorder: Recorder) -> None:
        """Go on in the rescued store if it holds the whole chain; else the run is over."""
        try:
            if self.store is not None:
                self.store.close()
            store = self.store = self._rescue(learner, key)
            stored = store.newest_chain()
        except StoreError as error:
            self.store = None
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        if stored is not None and stored.head == recorder.state.head:
            self.write_unkept()
        else:
            self._tell(ChainClosed(self._now(), "policy"))

    def _rescue(self, learner: str, key: bytes) -> RecordStore:
        store, records = self._stores.rescue(learner, key)
        log.warning("store set aside; %d records salvaged", records)
        self._salvaged = records
        return store
