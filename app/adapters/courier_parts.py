"""Values of the courier: who asks, by which clocks, whom it trusts, what an answer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from cryptography import x509

from app.adapters.troubles import report_of
from app.errors import Trouble
from proctor.observation import Embedding
from sync import chain as links
from sync import outbox as box
from sync import trust
from sync.contract import Beacon
from sync.ports import RecordStore, RefusedError
from sync.recorder import Recorder
from sync.session import MistrustError


@dataclass(frozen=True, slots=True)
class Client:
    """Who is asking: fixed for the program's run."""

    version: str
    system: str
    camera: str
    simulated: bool
    language: str = "zh_CN"


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


LINE = {
    "unreachable": Trouble.UNREACHABLE,
    "fault": Trouble.SERVER_FAULT,
    "nonsense": Trouble.NONSENSE,
    "mistrust": Trouble.UNTRUSTED_PLATFORM,
}


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
    match report.trouble:
        case Trouble.UNREACHABLE:
            return box.Failed("unreachable", report.detail)
        case Trouble.SERVER_FAULT:
            return box.Failed("fault", report.detail, retry_s)
        case _:
            return box.Failed("nonsense", report.detail)


def append(store: RecordStore, *, record: links.Record, tick: links.Tick | None) -> None:
    store.append(record, tick)


def beacons_of(store: RecordStore, chain: str) -> links.BeaconTrail:
    """The newest accepted beacon of an earlier chain."""
    for stored in store.open_chains():
        if stored.chain == chain:
            return links.BeaconTrail(stored.beacon_index, bytes.fromhex(stored.beacon_value))
    raise LookupError(f"{chain} is not open")


def beacon_of(recorder: Recorder) -> Beacon:
    trail = recorder.beacons
    return Beacon(index=trail.index, value=trail.value.hex())


def embedding_of(template: bytes | None) -> Embedding | None:
    return None if template is None else np.frombuffer(template, dtype="<f4").astype(np.float32)
