"""Pictures on their way to the platform: sealed as they are taken, sent, deleted on receipt.

A picture is sealed before it is written anywhere. It is sent when the platform has the record
that names it, one at a time and after the records, in the courier's thread.
"""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import rsa

from app.adapters.background import Background
from app.adapters.troubles import report_of
from app.effects import TakeSnapshot
from app.events import AppEvent, SnapshotsFailed, SnapshotsLoaded, Waiting
from sync import outbox as box
from sync import pictures
from sync.contract import EvidenceList, EvidenceReceipt
from sync.ports import (
    Gateway,
    GatewayError,
    RecordStore,
    RefusedError,
    SealedPicture,
    StoreError,
)
from sync.sealing import seal_picture

log = logging.getLogger(__name__)


class EvidencePost:
    """store: the one that is open now, None between runs.

    later: calls something after so many seconds; without it pictures that could not be sent
    wait for the next answer to records. changed: called when there is something new to tell.
    """

    def __init__(
        self,
        gateway: Gateway,
        background: Background,
        now_ns: Callable[[], int],
        tell: Callable[[AppEvent], None],
        store: Callable[[], RecordStore | None],
        *,
        later: Callable[[float, Callable[[], None]], None] | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._gateway = gateway
        self._background = background
        self._now = now_ns
        self._tell = tell
        self._store = store
        self._under_way = False
        self._put_off: set[str] = set()
        self._line_down = False
        self._over = False
        self._listed = False
        self._later = later
        self._changed = changed
        self._failures = 0
        self._looking = False

    @property
    def under_way(self) -> bool:
        """Whether a picture is being sent; if not, none can be right now."""
        return self._under_way or self._looking

    def begin(self) -> None:
        """A new run has a new token: pictures of earlier ones can be sent again.

        One whose receipt was lost is not sent a second time: the platform is asked first
        which it has.
        """
        self._over = self._listed = self._line_down = False
        self._put_off.clear()
        self._failures = 0
        store = self._store()
        try:
            before = {each.sha256 for each in store.waiting_evidence()} if store else set()
        except StoreError as error:
            log.warning("pictures: %s", error)
            return
        if not before:
            return

        def done(answer: EvidenceList) -> None:
            self._forget({each.sha256 for each in answer.items} & before)

        def failed(error: BaseException) -> None:
            if not isinstance(error, GatewayError):
                raise error
            log.info("pictures: which are there is not known: %s", error)
            self._forget(set())

        self._looking = True
        self._background.run(self._gateway.evidence, done, failed)

    def _forget(self, there: set[str]) -> None:
        self._looking = False
        store = self._store()
        for sha256 in sorted(there) if store is not None else ():
            try:
                if store is not None:
                    store.evidence_sent(sha256)
            except StoreError as error:
                log.warning("picture %s: %s", sha256[:12], error)
        self.send()
        self._changed()

    def send(self, *, again: bool = False) -> None:
        """Send the oldest picture that can be sent; the next follows by itself.

        again: the line is there, so also those that could not be sent before.
        """
        store = self._store()
        if again:
            self._put_off.clear()
            self._line_down = False
        if self.under_way or self._over or self._line_down or store is None:
            return
        try:
            waiting = store.waiting_evidence()
            ready = [each for each in waiting if each.ready and each.sha256 not in self._put_off]
            sealed = store.sealed_evidence(ready[0].sha256) if ready else None
        except StoreError as error:
            log.warning("pictures: %s", error)
            return
        if sealed is not None:
            self._send(ready[0].sha256, sealed)

    def _send(self, sha256: str, sealed: bytes) -> None:
        def done(receipt: EvidenceReceipt) -> None:
            log.info("picture %s is kept until %s", sha256[:12], receipt.kept_until)
            self._failures = 0
            self._settle(sha256, delete=True)
            if self._listed and not self._under_way:
                self.fetch()

        def failed(error: BaseException) -> None:
            if not isinstance(error, GatewayError):
                raise error
            what = pictures.after(error)
            log.warning("picture %s: %s, %s", sha256[:12], what, error)
            self._put_off.add(sha256)
            self._line_down = what == "again" and not isinstance(error, RefusedError)
            self._over = what == "signed_out"
            if self._line_down:
                self._try_later(float(getattr(error, "retry_after_s", 0.0)))
            self._settle(sha256, delete=what == "dropped")

        self._under_way = True
        self._background.run(lambda: self._gateway.put_evidence(sha256, sealed), done, failed)

    def _settle(self, sha256: str, *, delete: bool) -> None:
        self._under_way = False
        store = self._store()
        if store is None:
            return
        if delete:
            try:
                store.evidence_sent(sha256)
            except StoreError as error:
                log.warning("picture %s: %s", sha256[:12], error)
                self._put_off.add(sha256)
        self.send()
        self._changed()

    def _try_later(self, asked_s: float) -> None:
        """A wait of its own: after a sign-out no answer to records comes any more."""
        self._failures += 1
        if self._later is not None:
            wait_s = max(box.wait_s(self._failures, random.random()), asked_s)
            self._later(min(wait_s, 2 * box.LONGEST_WAIT_S), lambda: self.send(again=True))

    def fetch(self) -> None:
        """Tell which pictures the platform keeps and which are still here."""
        self._listed = True

        def done(answer: EvidenceList) -> None:
            self._tell(SnapshotsLoaded(self._now(), answer.items, self._waiting()))

        def failed(error: BaseException) -> None:
            self._tell(SnapshotsFailed(self._now(), report_of(error), self._waiting()))

        self._background.run(self._gateway.evidence, done, failed)

    def _waiting(self) -> Waiting:
        store = self._store()
        try:
            here = store.waiting_evidence() if store is not None else ()
        except StoreError as error:
            log.warning("pictures: %s", error)
            here = ()
        return tuple((each.taken_at, each.why, each.lesson) for each in here)


def sealed_picture(
    jpeg: bytes, taken: TakeSnapshot, key: rsa.RSAPublicKey, chain: str, taken_at: str
) -> SealedPicture:
    """taken_at: UTC, RFC 3339. Raises SealingError."""
    sealed = seal_picture(jpeg, key)
    return SealedPicture(
        sha256=hashlib.sha256(sealed).hexdigest(),
        chain=chain,
        lesson=taken.lesson,
        why=taken.why,
        check=taken.check,
        taken_at=taken_at,
        sealed=sealed,
    )
