"""Between the session and the platform: signs in, keeps records, sends them, brings the count.

Appends happen in the window's thread, durably, before the next effect is carried out.
HTTP happens in one background thread, one question at a time; `sync.outbox` says what to
send next and what an answer means. Nothing here decides about credit.
"""

from __future__ import annotations

import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric import rsa
from PySide6.QtCore import QObject, QTimer

from app.adapters.background import Background
from app.adapters.courier_parts import (
    LINE,
    Client,
    Clocks,
    Trusted,
    append,
    beacon_of,
    beacons_of,
    embedding_of,
    outcome_of,
)
from app.adapters.stores import Stores
from app.adapters.troubles import report_of
from app.errors import Report
from app.events import (
    AppEvent,
    ChainClosed,
    Confirmed,
    CoursesFailed,
    CoursesLoaded,
    Exported,
    Flushed,
    IdentityAnswered,
    IdentityUnanswered,
    LineLost,
    Run,
    SignedIn,
    SignInFailed,
    StoreFailed,
)
from sync import outbox as box
from sync import seal
from sync.contract import (
    ClientInfo,
    Courses,
    IdentityAnswer,
    IdentityQuestion,
    RecordAnswer,
    SignIn,
)
from sync.facts import Fact, Watched
from sync.ports import Gateway, NoKeyringError, RecordStore, Secrets, StoreError
from sync.recorder import Recorder
from sync.session import AcceptedSession, MistrustError, accept_answer, accept_session

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A sign-in that the platform granted, while its store is being opened."""

    accepted: AcceptedSession
    signer: seal.Signer
    key: bytes


class PlatformCourier(QObject):
    """Implements `app.adapters.conductor.Courier`; `tell` gets every event."""

    def __init__(
        self,
        gateway: Gateway,
        trusted: Trusted,
        client: Client,
        clocks: Clocks,
        *,
        stores: Stores,
        make_key: Callable[[], rsa.RSAPrivateKey],
        secrets: Secrets,
        exports: Path,
        tell: Callable[[AppEvent], None],
    ) -> None:
        super().__init__()
        self._gateway = gateway
        self._trusted = trusted
        self._client = client
        self._clocks = clocks
        self._stores = stores
        self._make_key = make_key
        self._secrets = secrets
        self._exports = exports
        self._tell = tell
        self._background = Background("courier", self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(lambda: self._pump(urgent=False))
        self._arrival: _Arrival | None = None
        self._store: RecordStore | None = None
        self._recorder: Recorder | None = None
        self._outbox = box.Outbox()
        self._unkept: deque[tuple[Fact, int]] = deque()
        self._done = False
        self._export_wanted = False
        self._kept: Callable[[Fact], None] = lambda _: None
        self._salvaged: int | None = None

    def watch(self, kept: Callable[[Fact], None]) -> None:
        """Have every kept fact told to somebody: the rehearsal counts them."""
        self._kept = kept

    def authorization(self) -> dict[str, str]:
        """The header that media requests carry, anew for each request."""
        arrival = self._arrival
        return {"Authorization": f"Bearer {arrival.accepted.token}"} if arrival else {}

    def close(self) -> None:
        """Stop sending; what is not sent waits in the store."""
        self._timer.stop()
        self._background.close()
        if self._store is not None:
            self._store.close()
            self._store = None

    # Signing in

    def sign_in(self, name: str, password: str, *, remember: bool) -> None:
        client = ClientInfo(
            version=self._client.version,
            system=self._client.system,
            language="en" if self._client.language == "en" else "zh_CN",
        )

        def ask() -> _Arrival:
            key = self._make_key()
            question = SignIn(
                name=name,
                password=password,
                client=client,
                public_key=seal.to_base64url(seal.spki(key.public_key())),
            )
            accepted = accept_session(
                self._gateway.sign_in(question),
                self._trusted.certificate,
                self._trusted.mode,
                key.public_key(),
            )
            self._keep_password(name, password if remember else None)
            signer = seal.KeySigner(key, accepted.certificate)
            return _Arrival(accepted, signer, self._stores.key(accepted.learner.id, password))

        def failed(error: BaseException) -> None:
            self._tell(SignInFailed(self._now(), report_of(error)))

        self._background.run(ask, self._arrived, failed)

    def _arrived(self, arrival: _Arrival) -> None:
        self._arrival = arrival
        self._begin(arrival, lambda learner, key: self._stores.open(learner, key))

    def _begin(self, arrival: _Arrival, store_of: Callable[[str, bytes], RecordStore]) -> None:
        accepted = arrival.accepted
        self._salvaged = None
        try:
            if self._store is not None:
                self._store.close()
                self._store = None
            store = self._store = store_of(accepted.learner.id, arrival.key)
            earlier = store.open_chains()
            before = store.newest_chain()
            store.begin_chain(accepted)
        except StoreError as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        self._recorder = Recorder.begin(accepted)
        self._outbox = self._outbox.signed_in()
        self._unkept.clear()
        self._done = False
        run = Run(
            chain=accepted.grant.chain,
            learner=accepted.learner,
            policy=accepted.policy,
            beacon=beacon_of(self._recorder),
            template=embedding_of(accepted.template),
            next_flush_s=accepted.next_after_s,
            client_version=self._client.version,
            system=self._client.system,
            camera=self._client.camera,
            simulated=self._client.simulated,
            previous_chain=before.chain if before else None,
            previous_head=before.head.hex() if before else None,
            recovered_records=sum(chain.last - chain.acked for chain in earlier),
            salvaged_records=self._salvaged,
        )
        self._tell(SignedIn(self._now(), run, self._gateway.clock_off_s() or 0.0))

    def _keep_password(self, name: str, password: str | None) -> None:
        try:
            if password is None:
                self._secrets.forget_password(name)
            else:
                self._secrets.remember_password(name, password)
        except NoKeyringError as error:
            log.info("no keyring: %s", error)

    # Questions

    def ask_identity(self, embedding: bytes, *, enrol: bool) -> None:
        question = IdentityQuestion(
            chain=self._live() or "", embedding=seal.to_base64url(embedding), enrol=enrol
        )

        def done(answer: IdentityAnswer) -> None:
            self._tell(IdentityAnswered(self._now(), answer))

        def failed(error: BaseException) -> None:
            self._tell(IdentityUnanswered(self._now(), report_of(error)))

        self._background.run(lambda: self._gateway.identify(question), done, failed)

    def fetch_courses(self) -> None:
        def done(answer: Courses) -> None:
            self._tell(CoursesLoaded(self._now(), answer.courses))

        def failed(error: BaseException) -> None:
            self._tell(CoursesFailed(self._now(), report_of(error)))

        self._background.run(self._gateway.courses, done, failed)

    # Keeping

    def keep(self, fact: Fact, at_ns: int) -> None:
        """Append; what cannot be written now waits in memory until the store is mended."""
        self._unkept.append((fact, at_ns))
        self._write_unkept()

    def _write_unkept(self) -> None:
        while self._unkept and self._recorder is not None:
            fact, at_ns = self._unkept[0]
            moment = self._recorder.moment(at_ns, self._utc_ms())
            recorder, record, tick = self._recorder.record(fact, moment)
            if not self._safely(partial(append, record=record, tick=tick)):
                return
            self._recorder = recorder
            self._unkept.popleft()
            self._kept(fact)

    def keep_tick(self, fact: Watched, at_ns: int) -> None:
        recorder = self._recorder
        if recorder is None or self._unkept:
            return
        self._recorder, tick = recorder.tick(fact, recorder.moment(at_ns, self._utc_ms()))
        self._safely(lambda store: store.put_tick(tick))

    def drop_tick(self) -> None:
        if self._recorder is not None:
            self._recorder = self._recorder.drop_tick()
            chain = self._recorder.state.chain
            self._safely(lambda store: store.drop_tick(chain))

    def _safely(self, work: Callable[[RecordStore], None]) -> bool:
        if self._store is None:
            return False
        try:
            work(self._store)
        except StoreError as error:
            log.error("store: %s", error)
            self._tell(StoreFailed(self._now(), report_of(error)))
            return False
        return True

    def mend(self, trouble: str) -> None:
        """The learner read about the store's trouble and wants to go on."""
        arrival = self._arrival
        if arrival is None:
            return
        if self._recorder is None or self._store is None:
            self._begin(arrival, self._rescue if trouble == "store_damaged" else self._stores.open)
        elif trouble == "store_damaged":
            self._mend_in_run(arrival, self._recorder)
        else:
            self._write_unkept()

    def _mend_in_run(self, arrival: _Arrival, recorder: Recorder) -> None:
        """Go on in the rescued store if it holds the whole chain; else the run is over."""
        try:
            if self._store is not None:
                self._store.close()
            store = self._store = self._rescue(arrival.accepted.learner.id, arrival.key)
            stored = store.newest_chain()
        except StoreError as error:
            self._store = None
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        if stored is not None and stored.head == recorder.state.head:
            self._write_unkept()
        else:
            self._tell(ChainClosed(self._now(), "policy"))

    def _rescue(self, learner: str, key: bytes) -> RecordStore:
        store, records = self._stores.rescue(learner, key)
        log.warning("store set aside; %d records salvaged", records)
        self._salvaged = records
        return store

    # Sending

    def flush(self, *, close: bool) -> None:
        """Seal the newest record and send what waits; close: the run has ended."""
        self._done = self._done or close
        recorder, arrival = self._recorder, self._arrival
        if recorder is not None and arrival is not None and recorder.state.seq > 0:
            state, jws = recorder.state, recorder.seal(arrival.signer)
            self._safely(lambda store: store.put_seal(state.chain, state.seq, jws))
        self._pump(urgent=True)

    def _pump(self, *, urgent: bool) -> None:
        if self._store is None:
            return
        try:
            backlogs = self._store.backlogs(self._live(), done=self._done)
            self._outbox, action = box.plan(
                self._outbox, backlogs, self._now() / 1e9, urgent=urgent
            )
            if isinstance(action, box.Send):
                self._send(action.sending, self._store)
            elif isinstance(action, box.Wait):
                self._timer.start(max(50, round((action.until_s - self._now() / 1e9) * 1000)))
        except StoreError as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        self._export_if_quiet()

    def _send(self, sending: box.Sending, store: RecordStore) -> None:
        batch = store.batch(sending)

        def done(answer: RecordAnswer) -> None:
            self._answered(sending, answer)

        def failed(error: BaseException) -> None:
            self._settle(sending, outcome_of(error))

        self._background.run(lambda: self._gateway.send_records(batch), done, failed)

    def _answered(self, sending: box.Sending, answer: RecordAnswer) -> None:
        store, recorder = self._store, self._recorder
        if store is None or recorder is None:
            return
        live = sending.chain == self._live()
        try:
            accepted = accept_answer(
                answer,
                self._trusted.certificate,
                sending.chain,
                lambda seq: store.head_at(sending.chain, seq),
                recorder.beacons if live else beacons_of(store, sending.chain),
            )
            store.store_receipt(sending.chain, accepted)
        except MistrustError as error:
            self._settle(sending, outcome_of(error))
            return
        except StoreError as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        if live:
            self._recorder = recorder.advance(accepted.beacons)
            beacon = beacon_of(self._recorder)
            self._tell(
                Confirmed(self._now(), accepted.seq, beacon, accepted.credit, accepted.next_after_s)
            )
        self._settle(sending, box.Accepted(accepted.seq, accepted.next_after_s))

    def _settle(self, sending: box.Sending, outcome: box.Outcome) -> None:
        jitter = random.random()
        now_s = self._now() / 1e9
        self._outbox, effects = box.settle(self._outbox, sending, outcome, now_s, jitter)
        for effect in effects:
            self._perform(effect)
        self._pump(urgent=False)

    def _perform(self, effect: box.Effect) -> None:
        match effect:
            case box.Trouble(kind, detail, failures, retry_s):
                log.warning("sending: %s %s (%d, again in %.0f s)", kind, detail, failures, retry_s)
                self._tell(LineLost(self._now(), Report(LINE[kind], detail=detail)))
                self._leave_rest()
            case box.ChainDone(chain):
                self._safely(lambda store: store.close_chain(chain, "sent"))
                if chain == self._live():
                    self._tell(Flushed(self._now(), unsent=0))
            case box.CloseChain(chain, code, live):
                log.error("chain closed: %s", code)
                self._safely(lambda store: store.close_chain(chain, code))
                if live:
                    self._tell(ChainClosed(self._now(), "policy"))
                    self._leave_rest()
            case box.TakenOver():
                self._tell(ChainClosed(self._now(), "taken_over"))
                self._leave_rest()
            case box.SignInAgain():
                self._tell(ChainClosed(self._now(), "policy"))
                self._leave_rest()

    def _leave_rest(self) -> None:
        """A run that has ended is let go even if its records have to wait."""
        if self._done and self._store is not None:
            backlogs = self._store.backlogs(self._live(), done=True)
            unsent = sum(each.last - each.acked for each in backlogs)
            self._tell(Flushed(self._now(), unsent=unsent))

    # Exporting

    def export(self) -> None:
        """Save all records as a bundle, as soon as nothing is on its way."""
        self._export_wanted = True
        self._pump(urgent=True)

    def _export_if_quiet(self) -> None:
        waiting = self._outbox.in_flight is not None and self._outbox.failures == 0
        if not self._export_wanted or waiting or self._store is None:
            return
        self._export_wanted = False
        try:
            bundle = self._store.export()
            self._exports.mkdir(parents=True, exist_ok=True)
            path = self._exports / f"records-{self._utc_ms()}.anxue"
            path.write_bytes(bundle)
        except (StoreError, OSError) as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        self._tell(Exported(self._now(), str(path)))

    def _live(self) -> str | None:
        return self._recorder.state.chain if self._recorder else None

    def _now(self) -> int:
        return self._clocks.monotonic_ns()

    def _utc_ms(self) -> int:
        off_s = self._gateway.clock_off_s() or 0.0
        return self._clocks.utc_ms() - round(off_s * 1000)
