"""Grants and receipts: what the client believes of what the platform is said to have said."""

import json
import random
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pydantic import ValidationError

from sync import strictjson, trust
from sync.contract import RecordAnswer, Session
from sync.recorder import Recorder
from sync.session import AcceptedSession, MistrustError, accept_answer, accept_session
from tests.sync_rig import FakePlatform, plain_story, rsa_key, run_certificate, story, time_text
from tests.tampering import deed
from tests.tampering.deed import Deed
from tests.tampering.forge import forged

PROVEN = ("grant", "policy", "certificate", "beacon")
"""Of a session; a token and k_0 that were changed open nothing (see the requests)."""


@dataclass
class Line:
    """A client between a sign-in and its answers."""

    platform: FakePlatform = field(default_factory=FakePlatform)
    key: rsa.RSAPublicKey = field(default_factory=lambda: rsa_key(1).public_key())
    session: Session = field(init=False)
    accepted: AcceptedSession = field(init=False)
    recorder: Recorder = field(init=False)
    heads: dict[int, bytes] = field(default_factory=dict)
    answers: list[RecordAnswer] = field(default_factory=list)
    strange: list[RecordAnswer] = field(default_factory=list)
    others: list[Session] = field(init=False)

    def __post_init__(self) -> None:
        self.others = [
            self.platform.session("c2", key_sha256="cd" * 32),
            self.platform.session("c1", learner="learner-8"),
            self.platform.session("c1", key_sha256="ab" * 32),
            FakePlatform(demo=False).session("c1"),
        ]
        self.session = self.platform.session()
        self.accepted = accept_session(self.session, self.platform.certificate, "demo", self.key)
        self.recorder = pen = Recorder.begin(self.accepted)
        other = Recorder.begin(self.platform.accepted("c2"))
        for number, told in enumerate(plain_story(8), start=1):
            pen = story(pen, lambda record: self.heads.update({record.seq: record.head}), [told])
            other = story(other, lambda _: None, [told])
            self.answers.append(self.platform.answer(pen.state, number + 1, 10.0 * number))
            self.strange.append(self.platform.answer(other.state, number + 1, 10.0 * number))
        self.recorder = pen

    def believed(self, text: bytes, platform: x509.Certificate | None = None) -> str:
        """Whether a run would begin on it; where it does, on the very same things."""
        try:
            told = Session.model_validate(strictjson.loads(text))
            accepted = accept_session(told, platform or self.platform.certificate, "demo", self.key)
        except (strictjson.JsonError, ValidationError, MistrustError):
            return "client"
        proven = [
            (each.grant_jws, each.policy_jws, each.beacons, each.certificate)
            for each in (accepted, self.accepted)
        ]
        return deed.SAME_CERTIFICATE if proven[0] == proven[1] else "nobody"

    def received(self, text: bytes, place: int) -> str:
        """Whether an answer moves the send cursor; place: of the newest record that was sent."""
        try:
            told = RecordAnswer.model_validate(strictjson.loads(text))
            accepted = accept_answer(
                told, self.platform.certificate, "c1", self.heads.get, self.accepted.beacons
            )
        except (strictjson.JsonError, ValidationError, MistrustError):
            return "client"
        return deed.SENT_AGAIN if accepted.seq < place else "nobody"


def _of(message: Session | RecordAnswer) -> dict[str, object]:
    return json.loads(message.model_dump_json())  # type: ignore[no-any-return]


def _session_flip(line: Line, drawn: random.Random) -> str:
    told = _of(line.session)
    name = drawn.choice(PROVEN)
    text = strictjson.dumps(told[name])
    changed = deed.flipped(text, drawn)
    whole = strictjson.dumps(told)
    assert whole.count(text) == 1
    return line.believed(whole.replace(text, changed))


def _session_cut(line: Line, drawn: random.Random) -> str:
    whole = strictjson.dumps(_of(line.session))
    return line.believed(whole[: drawn.randrange(len(whole))])


def _session_mixed(line: Line, drawn: random.Random) -> str:
    """Parts of another run's or another learner's answer, or all of an old one."""
    told = _of(line.session)
    other = _of(drawn.choice(line.others))
    names = [name for name in PROVEN if told[name] != other[name]]
    for name in drawn.sample(names, drawn.randrange(1, len(names) + 1)):
        told[name] = other[name]
    return line.believed(strictjson.dumps(told))


def _session_forged(line: Line, drawn: random.Random) -> str:
    told = _of(line.session)
    name = drawn.choice(("grant", "policy"))
    told[name] = forged(str(told[name]), drawn)
    return line.believed(strictjson.dumps(told))


def _session_clock(line: Line, drawn: random.Random) -> str:
    """The platform's time outside of what it signed."""
    told = _of(line.session)
    hours = drawn.choice((-drawn.randrange(1, 9_000), drawn.randrange(13, 9_000)))
    told["now"] = time_text(hours * 3600)
    return line.believed(strictjson.dumps(told))


def _session_certificate(line: Line, drawn: random.Random) -> str:
    """A certificate of another run, of another platform, or under another anchor."""
    told = _of(line.session)
    run = trust.to_pem(run_certificate("c1"))
    other = trust.to_pem(run_certificate(drawn.choice(("c2", "c3"))))
    told["certificate"] = drawn.choice(
        (other + line.platform.pem, run, run + run, line.platform.pem + run, line.platform.pem,
         run + FakePlatform(demo=False).pem, run + "\n" + line.platform.pem)
    )  # fmt: skip
    return line.believed(strictjson.dumps(told))


def _answer_flip(line: Line, drawn: random.Random) -> str:
    told = line.answers[-1]
    covered = {"acked": told.acked, "receipt": told.receipt}
    rest = {"next_after_s": told.next_after_s, "credit": []}
    text = strictjson.dumps(covered)
    changed = deed.flipped(text[:-1], drawn)
    return line.received(changed + b"," + strictjson.dumps(rest)[1:], len(line.heads))


def _answer_old(line: Line, drawn: random.Random) -> str:
    told = drawn.choice(line.answers[:-1])
    return line.received(told.model_dump_json().encode(), len(line.heads))


def _answer_strange(line: Line, drawn: random.Random) -> str:
    """Of another run, whole or in part."""
    told, other = _of(line.answers[-1]), _of(drawn.choice(line.strange))
    for name in drawn.sample(["receipt", "acked"], drawn.randrange(1, 3)):
        told[name] = other[name]
    if told == _of(line.answers[-1]):
        told["receipt"] = other["receipt"]
    return line.received(strictjson.dumps(told), len(line.heads))


def _answer_forged(line: Line, drawn: random.Random) -> str:
    told = _of(line.answers[-1])
    told["receipt"] = forged(str(told["receipt"]), drawn)
    return line.received(strictjson.dumps(told), len(line.heads))


_FOUND = ("client",)
_SAME = (deed.SAME_CERTIFICATE,)
DEEDS: tuple[Deed[Line], ...] = (
    Deed("grant", "a byte of what is signed, certified or revealed flipped", 700, _session_flip,
         _FOUND),
    Deed("grant", "cut off", 100, _session_cut, _FOUND),
    Deed("grant", "parts of another run, learner, key or platform", 120, _session_mixed, _FOUND),
    Deed("grant", "another algorithm, header, key or purpose", 150, _session_forged, _FOUND),
    Deed("grant", "the platform's clock outside of what it signed", 60, _session_clock, _FOUND),
    Deed("grant", "another certificate", 60, _session_certificate, _FOUND),
    Deed("receipt", "a byte flipped", 500, _answer_flip, _FOUND),
    Deed("receipt", "an old one", 60, _answer_old, _FOUND, (deed.SENT_AGAIN,)),
    Deed("receipt", "of another run, whole or in part", 120, _answer_strange, _FOUND),
    Deed("receipt", "another algorithm, header, key or purpose", 150, _answer_forged, _FOUND),
)  # fmt: skip
