"""A learner who speaks HTTP by hand: every request can be bent before it goes out."""

import math
import struct
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import BaseModel

from sync import chain as links
from sync import recorder, seal, sm2, suites, trust
from sync.contract import (
    ClientInfo,
    OpenTick,
    Receipt,
    RecordAnswer,
    RecordBatch,
    Session,
    SignIn,
    WireRecord,
)
from sync.facts import (
    CheckAttempted,
    CheckIssued,
    CheckPlanned,
    Fact,
    IdentityConfirmed,
    LessonClosed,
    LessonOpened,
    SessionEnded,
    SessionStarted,
    Watched,
)
from sync.reference.conformance.answers import good
from sync.session import AcceptedSession, accept_session

CLIENT = ClientInfo(version="0.1.0", system="a check", language="en")


@cache
def run_key(number: int = 0, suite: suites.Suite = suites.RSA) -> suites.PrivateKey:
    """Keys are dear to make and tests do not care for how long they live."""
    if suite is suites.SM2:
        return sm2.engine().generate()
    return rsa.generate_private_key(65_537, 2048)


def face(turn: float = 0.0) -> str:
    """A made-up face; its cosine with `face()` is that of the angle `turn`."""
    values = [math.cos(turn), math.sin(turn), *([0.0] * 126)]
    return seal.to_base64url(struct.pack("<128f", *values))


def body(message: BaseModel) -> dict[str, Any]:
    """A message as JSON that can be bent before it is sent."""
    return message.model_dump(mode="json")


@dataclass
class Run:
    """A signed-in run: the chain's pen, and what of it has been written so far."""

    http: httpx.Client
    session: Session
    accepted: AcceptedSession
    pen: recorder.Recorder
    signer: seal.KeySigner
    records: list[links.Record] = field(default_factory=list)
    tick: links.Tick | None = None
    clock_ns: int = field(default_factory=time.monotonic_ns)

    @property
    def chain(self) -> str:
        return self.accepted.grant.chain

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session.token}"}

    def get(self, path: str, **more: str) -> httpx.Response:
        return self.http.get(path, headers={**self.headers, **more})

    def post(self, path: str, message: BaseModel | dict[str, Any]) -> httpx.Response:
        content = message if isinstance(message, dict) else body(message)
        return self.http.post(path, json=content, headers=self.headers)

    def state(self, fact: Fact) -> links.Record:
        """Write one record."""
        moment = self.pen.moment(self.clock_ns, time.time_ns() // 1_000_000)
        self.pen, record, self.tick = self.pen.record(fact, moment)
        self.records.append(record)
        return record

    def open_tick(self, fact: Watched) -> OpenTick:
        moment = self.pen.moment(self.clock_ns, time.time_ns() // 1_000_000)
        self.pen, self.tick = self.pen.tick(fact, moment)
        return recorder.wire_tick(self.tick)

    def watched(self, lesson: str, start_s: float, end_s: float) -> Watched:
        """A segment at the pace of its own clock, which moves on with it."""
        began = self.clock_ns
        self.clock_ns += round((end_s - start_s) * 1e9)
        start, end = round(start_s * 1e6), round(end_s * 1e6)
        return Watched(
            lesson=lesson,
            start_us=start,
            end_us=end,
            began_ns=began,
            ended_ns=self.clock_ns,
            mode="fluent",
        )

    def wire(self, first: int = 1, last: int | None = None) -> tuple[WireRecord, ...]:
        return tuple(recorder.wire(record) for record in self.records[first - 1 : last])

    def batch(
        self,
        first: int = 1,
        last: int | None = None,
        *,
        sealed: bool = True,
        tick: OpenTick | None = None,
        close: bool = False,
    ) -> RecordBatch:
        return RecordBatch(
            chain=self.chain,
            records=self.wire(first, last),
            seal=self.pen.seal(self.signer) if sealed and last is None else None,
            tick=tick,
            close=close,
        )

    def send(self, batch: RecordBatch) -> RecordAnswer:
        """Send what must be taken, and hold the beacon that comes back."""
        answer = good(self.post("/records", batch), RecordAnswer)
        if batch.chain == self.chain:
            beacon = self.receipt(answer).beacon
            trail = self.pen.beacons.advance(beacon.index, beacon.value)
            self.pen = self.pen.advance(trail)
        return answer

    def receipt(self, answer: RecordAnswer) -> Receipt:
        """What the platform signed. Raises SealError."""
        _, platform = trust.load_all(self.session.certificate)
        return seal.read(answer.receipt, "receipt", platform, Receipt)

    def begin(self, lesson: str, *, position_s: float = 0.0, duration_s: float = 600.0) -> None:
        """The records before the first frame."""
        self.state(SessionStarted(client_version="0.1.0", system="a check", camera="none"))
        self.state(IdentityConfirmed(similarity=1.0, answer="same", seconds=1.5))
        position, duration = round(position_s * 1e6), round(duration_s * 1e6)
        self.state(
            LessonOpened(lesson=lesson, position_us=position, duration_us=duration, mode="fluent")
        )

    def plan(self, check: str, lesson: str, after_s: float, left_s: float = 600.0) -> None:
        self.state(
            CheckPlanned(
                check=check,
                lesson=lesson,
                seed_index=self.pen.beacons.index,
                film_left_s=left_s,
                checked_in_film=False,
                after_s=after_s,
                actions=("blink", "open_mouth"),
            )
        )

    def ask(self, check: str, lesson: str, position_s: float) -> None:
        position = round(position_s * 1e6)
        self.state(CheckIssued(check=check, lesson=lesson, position_us=position, watched_s=1.0))

    def attempt(self, check: str, lesson: str, *, passed: bool = True) -> None:
        self.state(
            CheckAttempted(
                check=check,
                lesson=lesson,
                attempt=1,
                passed=passed,
                reason="" if passed else "identity",
                similarity=0.8 if passed else 0.1,
                seconds=4.0,
                actions=("blink", "open_mouth"),
            )
        )

    def end(self, lesson: str, position_s: float) -> None:
        """The records after the last frame."""
        self.state(LessonClosed(lesson=lesson, position_us=round(position_s * 1e6)))
        self.state(SessionEnded(reason="learner"))


def sign_in_message(name: str, password: str, key: suites.PrivateKey) -> SignIn:
    public_key = seal.to_base64url(seal.spki(key.public_key()))
    return SignIn(name=name, password=password, client=CLIENT, public_key=public_key)


def sign_in(http: httpx.Client, certificate: x509.Certificate, name: str, password: str) -> Run:
    """A fresh run, everything about it checked as the client checks it."""
    key = run_key(suite=suites.of_certificate(certificate))
    answer = http.post("/sessions", json=body(sign_in_message(name, password, key)))
    session = good(answer, Session)
    mode: trust.Mode = "demo" if trust.is_demo(certificate) else "production"
    accepted = accept_session(session, certificate, mode, key.public_key())
    signer = seal.KeySigner(key, accepted.certificate)
    return Run(http, session, accepted, recorder.Recorder.begin(accepted), signer)
