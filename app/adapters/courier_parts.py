"""Values of the courier: who asks, by which clocks, whom it trusts, what an answer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from cryptography import x509

from app.adapters.stores import Stores
from app.adapters.troubles import report_of
from app.errors import Trouble
from proctor.observation import Embedding
from sync import chain as links
from sync import outbox as box
from sync import seal, trust
from sync.connection import Examined
from sync.contract import Beacon, ClientInfo, SignIn
from sync.ports import Gateway, RecordStore, RefusedError
from sync.recorder import Recorder
from sync.session import AcceptedSession, MistrustError, accept_session
from sync.suites import PrivateKey


@dataclass(frozen=True, slots=True)
class Client:
    """Who is asking: fixed for the program's run. signs: of the machine, `proctor.devices`."""

    version: str
    system: str
    camera: str
    simulated: bool
    language: str = "zh_CN"
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clocks:
    """monotonic_ns: one monotonic clock for the program. utc_ms: the PC's calendar clock."""

    monotonic_ns: Callable[[], int]
    utc_ms: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Trusted:
    """The platform's certificate, from the program's settings, and whether demo keys will do."""

    certificate: x509.Certificate
    mode: trust.Mode


class Doorway(Protocol):
    """The room's proxy, where there is one that asks who one is."""

    def use(self, proxy: str, name: str, password: str, /) -> None:
        """proxy: host:port. From now on, and without delay."""

    def remember(self, proxy: str, name: str, password: str) -> bool:
        """For the next time; False if it could not be. Takes its time."""

    def examine(self) -> tuple[Examined, ...]:
        """Look at the connection to each address of the platform; takes its time."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A sign-in that the platform granted, while its store is being opened.

    template: the enrolled face, from the platform or, where the policy keeps it, from here.
    """

    accepted: AcceptedSession
    signer: seal.Signer
    key: bytes = field(repr=False)
    template: bytes | None = field(repr=False)
    password: str = field(repr=False)


def arrive(
    gateway: Gateway,
    trusted: Trusted,
    client: Client,
    stores: Stores,
    private: PrivateKey,
    name: str,
    password: str,
) -> Arrival:
    """Sign in and believe nothing of the answer that is not proved. Takes its time: in a thread."""
    public = private.public_key()
    question = SignIn(
        name=name,
        password=password,
        client=ClientInfo(
            version=client.version,
            system=client.system,
            language="en" if client.language == "en" else "zh_CN",
        ),
        public_key=seal.to_base64url(seal.spki(public)),
    )
    accepted = accept_session(gateway.sign_in(question), trusted.certificate, trusted.mode, public)
    return unlock(stores, accepted, seal.KeySigner(private, accepted.certificate), password)


def unlock(
    stores: Stores, accepted: AcceptedSession, signer: seal.Signer, password: str
) -> Arrival:
    """With the key of the learner's store. Takes its time: a keyring may ask somebody first."""
    learner = accepted.learner.id
    key = stores.key(learner, password, accepted.store_secret)
    return Arrival(accepted, signer, key, stores.template(learner, key, accepted), password)


LINE: dict[box.FailureKind, Trouble] = {
    "unreachable": Trouble.UNREACHABLE,
    "fault": Trouble.SERVER_FAULT,
    "nonsense": Trouble.NONSENSE,
    "mistrust": Trouble.UNTRUSTED_PLATFORM,
    "busy": Trouble.BUSY,
    "portal": Trouble.PORTAL,
    "line_untrusted": Trouble.LINE_UNTRUSTED,
    "clock_wrong": Trouble.CLOCK_WRONG,
    "proxy_asks": Trouble.PROXY_ASKS,
    "proxy_way_unknown": Trouble.PROXY_WAY_UNKNOWN,
}
_KIND: dict[Trouble, box.FailureKind] = {trouble: kind for kind, trouble in LINE.items()}


def outcome_of(error: BaseException) -> box.Outcome:
    """What a failed question means to the outbox. Programming errors are raised again."""
    report = report_of(error)
    if isinstance(error, RefusedError):
        if error.code == "gap" and error.seq is not None:
            return box.Gap(error.seq)
        return box.Refused(error.code, error.detail)
    if isinstance(error, MistrustError):
        return box.Failed("mistrust", str(error))
    retry_s = float(getattr(error, "retry_after_s", 0.0))
    return box.Failed(_KIND.get(report.trouble, "nonsense"), report.detail, retry_s)


def append(
    store: RecordStore, *, record: links.Record, tick: links.Tick | None, evidence: str
) -> None:
    store.append(record, tick, evidence=evidence)


def beacons_of(store: RecordStore, chain: str) -> links.BeaconTrail:
    """The newest accepted beacon of an earlier chain."""
    for stored in store.open_chains():
        if stored.chain == chain:
            value = bytes.fromhex(stored.beacon_value)
            return links.BeaconTrail(stored.beacon_index, value, stored.suite)
    raise LookupError(f"{chain} is not open")


def beacon_of(recorder: Recorder) -> Beacon:
    trail = recorder.beacons
    return Beacon(index=trail.index, value=trail.value.hex())


def embedding_of(template: bytes | None) -> Embedding | None:
    return None if template is None else np.frombuffer(template, dtype="<f4").astype(np.float32)


def write_bundle(store: RecordStore, folder: Path, now_ms: int) -> Path:
    """All records as a bundle in a new file. Raises StoreError, OSError."""
    bundle = store.export()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"records-{now_ms}.anxue"
    path.write_bytes(bundle)
    return path
