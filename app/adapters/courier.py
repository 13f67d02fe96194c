"""Between the session and the platform: signs in, keeps records, sends them, brings the count.

Appends happen in the window's thread, durably, before the next effect is carried out.
HTTP happens in one background thread, one question at a time; `sync.outbox` says what to
send next and what an answer means. Nothing here decides about credit.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.adapters.asking import Asking
from app.adapters.background import Background
from app.adapters.courier_parts import (
    LINE,
    Arrival,
    Client,
    Clocks,
    Doorway,
    Trusted,
    arrive,
    beacon_of,
    beacons_of,
    embedding_of,
    outcome_of,
    unlock,
    write_bundle,
)
from app.adapters.desk import Desk
from app.adapters.evidence_post import EvidencePost, sealed_picture
from app.adapters.last_flush import LastFlush
from app.adapters.stores import Stores
from app.adapters.troubles import report_of
from app.effects import TakeSnapshot
from app.errors import Report, Trouble
from app.events import (
    AppEvent,
    ChainClosed,
    Confirmed,
    Exported,
    LineExamined,
    LineLost,
    Run,
    SignedIn,
    SignInFailed,
    SnapshotSealed,
    StoreFailed,
)
from sync import outbox as box
from sync.connection import Examined
from sync.contract import Appeal, RecordAnswer, RecordBatch
from sync.facts import Fact, Watched
from sync.ports import (
    Gateway,
    NoKeyringError,
    ProxyAskedError,
    RecordStore,
    Secrets,
    StoreError,
)
from sync.recorder import wall_text
from sync.sealing import SealingError
from sync.session import MistrustError, accept_answer
from sync.suites import PrivateKey

log = logging.getLogger(__name__)


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
        make_key: Callable[[], PrivateKey],
        secrets: Secrets,
        exports: Path,
        tell: Callable[[AppEvent], None],
        doorway: Doorway | None = None,
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
        self._desk = Desk(stores, self._now, self._utc_ms, tell)
        self._asking = Asking(gateway, self._background, self._now, tell)
        self._post = EvidencePost(
            gateway,
            self._background,
            self._now,
            tell,
            lambda: self._desk.store,
            later=lambda wait_s, what: QTimer.singleShot(round(wait_s * 1000), self, what),
            changed=lambda: self._last.tell(),
        )
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(lambda: self._pump(urgent=False))
        self._arrival: Arrival | None = None
        self._outbox = box.Outbox()
        self._last = LastFlush(self._desk, self._post, self._now, tell)
        self._export_wanted = False
        self._doorway = doorway
        self._asking_proxy = ""
        self._looking: Background | None = None

    def watch(self, kept: Callable[[Fact], None]) -> None:
        """Have every kept fact told to somebody: the rehearsal counts them."""
        self._desk.kept = kept

    def authorization(self) -> dict[str, str]:
        """The header that media requests carry, anew for each request."""
        arrival = self._arrival
        return {"Authorization": f"Bearer {arrival.accepted.token}"} if arrival else {}

    def close(self) -> None:
        """Stop sending; what is not sent waits in the store.

        The store first: a question that hangs must not keep the next start out of it.
        """
        self._timer.stop()
        self._desk.close()
        self._background.close()
        if self._looking is not None:
            self._looking.close()

    # Signing in

    def sign_in(self, name: str, password: str, *, remember: bool) -> None:
        def ask() -> Arrival:
            key = self._make_key()
            arrival = arrive(
                self._gateway, self._trusted, self._client, self._stores, key, name, password
            )
            self._keep_password(name, password if remember else None)
            return arrival

        def failed(error: BaseException) -> None:
            self._note_proxy(error)
            self._tell(SignInFailed(self._now(), report_of(error)))

        self._background.run(ask, self._arrived, failed)

    def _arrived(self, arrival: Arrival) -> None:
        self._arrival = arrival
        if self._stores.must_ask:
            self._tell(StoreFailed(self._now(), Report(Trouble.KEY_NOT_KEPT)))
        else:
            self._unlocked(arrival)

    def _unlocked(self, arrival: Arrival) -> None:
        """The password is needed no more."""
        self._arrival = arrival = replace(arrival, password="")
        self._begin(arrival)

    def _begin(self, arrival: Arrival, *, damaged: bool = False) -> None:
        accepted, desk = arrival.accepted, self._desk
        opened = desk.begin(accepted, arrival.key, damaged=damaged)
        if opened is None or desk.recorder is None:
            return
        self._outbox = self._outbox.signed_in()
        self._asking.begin()
        self._post.begin()
        self._last.begin()
        before = opened.before
        run = Run(
            chain=accepted.grant.chain,
            learner=accepted.learner,
            policy=accepted.policy,
            beacon=beacon_of(desk.recorder),
            template=embedding_of(arrival.template),
            next_flush_s=box.rhythm_s(accepted.next_after_s),
            client_version=self._client.version,
            system=self._client.system,
            camera=self._client.camera,
            simulated=self._client.simulated,
            signs=self._client.signs,
            previous_chain=before.chain if before else None,
            previous_head=before.head.hex() if before else None,
            recovered_records=opened.unsent,
            salvaged_records=opened.salvaged,
            unread=opened.unread,
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

    def ask_identity(self, embedding: bytes, *, enrol: bool, check: str) -> None:
        self._asking.identity(self._desk.live or "", embedding, enrol=enrol, check=check)

    def fetch_courses(self) -> None:
        self._asking.courses()

    def fetch_snapshots(self) -> None:
        self._post.fetch()

    def appeal(self, appeal: Appeal) -> None:
        self._asking.appeal(appeal)

    # Keeping

    def keep(self, fact: Fact, at_ns: int) -> None:
        """Append; what cannot be written now waits in memory until the store is mended."""
        self._desk.keep(fact, at_ns)

    def keep_snapshot(self, jpeg: bytes, taken: TakeSnapshot) -> None:
        """Seal the picture and put it on record; one that can't be is left out, and logged."""
        key = self._arrival.accepted.evidence_key if self._arrival is not None else None
        chain = self._desk.live
        if key is None or chain is None:
            log.info("the platform takes no pictures")
            return
        try:
            picture = sealed_picture(jpeg, taken, key, chain, wall_text(self._utc_ms()))
        except SealingError as error:
            log.warning("a picture is not kept: %s", error)
            return
        fact = self._desk.keep_picture(picture, taken.at_ns)
        if fact is not None:
            sealed = (fact.lesson, fact.why, fact.of_check, fact.sha256, fact.size_bytes)
            self._tell(SnapshotSealed(self._now(), *sealed))

    def keep_tick(self, fact: Watched, at_ns: int) -> None:
        self._desk.keep_tick(fact, at_ns)

    def drop_tick(self) -> None:
        self._desk.drop_tick()

    def mend(self, trouble: str) -> None:
        """The learner read about the store's trouble and wants to go on."""
        arrival, desk = self._arrival, self._desk
        if arrival is None:
            return
        if trouble == Trouble.KEY_NOT_KEPT:
            self._unlock_again(arrival)
            return
        damaged = trouble == "store_damaged"
        if desk.recorder is None or desk.store is None:
            self._begin(arrival, damaged=damaged)
        elif damaged:
            desk.mend(arrival.accepted.learner.id, arrival.key, desk.recorder)
        else:
            desk.write_unkept()
        if not desk.holds_back:
            self.flush(close=False)  # after the end of a run nothing else would

    def do_without_keyring(self) -> None:
        """The learner read what a key for this session means, and goes on."""
        self._stores.ask_no_more()
        if self._arrival is not None:
            self._unlocked(self._arrival)

    def _unlock_again(self, arrival: Arrival) -> None:
        def failed(error: BaseException) -> None:
            self._tell(StoreFailed(self._now(), report_of(error)))

        def again() -> Arrival:
            return unlock(self._stores, arrival.accepted, arrival.signer, arrival.password)

        self._background.run(again, self._arrived, failed)

    # Sending

    def flush(self, *, close: bool) -> None:
        """Seal the newest record and send what waits; close: the run has ended."""
        self._last.ended = self._last.ended or close
        recorder, arrival = self._desk.recorder, self._arrival
        if recorder is not None and arrival is not None and recorder.state.seq > 0:
            state, jws = recorder.state, recorder.seal(arrival.signer)
            self._desk.safely(lambda store: store.put_seal(state.chain, state.seq, jws))
        self._pump(urgent=True)
        self._last.tell()

    def _pump(self, *, urgent: bool) -> None:
        if self._desk.store is None:
            return
        try:
            # A chain that is closed takes no record that a full disk still holds up.
            done = self._last.ended and not self._desk.holds_back
            backlogs = self._desk.store.backlogs(self._desk.live, done=done)
            self._outbox, action = box.plan(
                self._outbox, backlogs, self._now() / 1e9, urgent=urgent
            )
            if isinstance(action, box.Send):
                self._send(action.sending, self._desk.store)
            elif isinstance(action, box.Wait):
                self._timer.start(max(50, round((action.until_s - self._now() / 1e9) * 1000)))
        except StoreError as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        self._export_if_quiet()

    def _send(self, sending: box.Sending, store: RecordStore) -> None:
        batch = store.batch(sending)

        def done(answer: RecordAnswer) -> None:
            self._answered(sending, batch, answer)

        def failed(error: BaseException) -> None:
            self._note_proxy(error)
            self._settle(sending, outcome_of(error))

        self._background.run(lambda: self._gateway.send_records(batch), done, failed)

    def _answered(self, sending: box.Sending, batch: RecordBatch, answer: RecordAnswer) -> None:
        store, recorder = self._desk.store, self._desk.recorder
        if store is None or recorder is None:
            return
        live = sending.chain == self._desk.live
        try:
            accepted = accept_answer(
                answer,
                self._trusted.certificate,
                sending.chain,
                lambda seq: store.head_at(sending.chain, seq),
                recorder.beacons if live else beacons_of(store, sending.chain),
            )
            store.store_receipt(sending.chain, accepted, sealed=batch.seal)
        except MistrustError as error:
            self._settle(sending, outcome_of(error))
            return
        except StoreError as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        if live:
            self._desk.recorder = recorder.advance(accepted.beacons)
            beacon = beacon_of(self._desk.recorder)
            next_s = box.rhythm_s(accepted.next_after_s)
            self._tell(Confirmed(self._now(), accepted.seq, beacon, accepted.credit, next_s))
        self._settle(sending, box.Accepted(accepted.seq, accepted.next_after_s))
        self._asking.again()
        self._post.send(again=True)
        self._last.tell()

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
                self._last.let_go()
            case box.ChainDone(chain):
                self._desk.safely(lambda store: store.close_chain(chain, "sent"))
                self._last.chain_is_there(chain)
            case box.CloseChain(chain, code, live):
                log.error("chain closed: %s", code)
                self._desk.safely(lambda store: store.close_chain(chain, code))
                if live:
                    self._tell(ChainClosed(self._now(), "policy"))
                    self._last.let_go()
            case box.TakenOver():
                self._tell(ChainClosed(self._now(), "taken_over"))
                self._last.let_go()
            case box.SignInAgain():
                self._tell(ChainClosed(self._now(), "policy"))
                self._last.let_go()

    # The proxy

    def log_in_at_proxy(self, name: str, password: str, *, remember: bool) -> None:
        """Name and password for the proxy that asked last; what waits is sent at once."""
        doorway, proxy = self._doorway, self._asking_proxy
        if doorway is None or not proxy:
            return
        doorway.use(proxy, name, password)
        if remember:
            self._beside().run(
                lambda: doorway.remember(proxy, name, password),
                lambda kept: None if kept else log.info("the proxy's password is not kept"),
                lambda error: log.error("the proxy's password is not kept: %s", error),
            )
        self._outbox = self._outbox.retry_now()
        self._pump(urgent=True)

    def look_at_line(self) -> None:
        if self._doorway is None:
            return

        def looked(examined: tuple[Examined, ...]) -> None:
            asks = (each.asks for each in examined if each.asks)
            self._asking_proxy = next(asks, self._asking_proxy)
            self._tell(LineExamined(self._now(), examined))

        self._beside().run(
            self._doorway.examine,
            looked,
            lambda error: log.error("the line was not looked at: %s", error),
        )

    def _beside(self) -> Background:
        """Beside everything else: what hangs there must not keep this waiting."""
        self._looking = self._looking or Background("line", self)
        return self._looking

    def _note_proxy(self, error: BaseException) -> None:
        if isinstance(error, ProxyAskedError):
            self._asking_proxy = error.proxy

    # Exporting

    def export(self) -> None:
        """Save all records as a bundle, as soon as nothing is on its way."""
        self._export_wanted = True
        self._pump(urgent=True)

    def _export_if_quiet(self) -> None:
        waiting = self._outbox.in_flight is not None and self._outbox.failures == 0
        if not self._export_wanted or waiting or self._desk.store is None:
            return
        self._export_wanted = False
        try:
            path = write_bundle(self._desk.store, self._exports, self._utc_ms())
        except (StoreError, OSError) as error:
            self._tell(StoreFailed(self._now(), report_of(error)))
            return
        self._tell(Exported(self._now(), str(path)))

    def _now(self) -> int:
        return self._clocks.monotonic_ns()

    def _utc_ms(self) -> int:
        off_s = self._gateway.clock_off_s() or 0.0
        return self._clocks.utc_ms() - round(off_s * 1000)
