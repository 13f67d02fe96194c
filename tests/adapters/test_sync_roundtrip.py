"""The client's side and the reference platform, over a real line: one story with a crash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import outbox as box
from sync import seal, trust
from sync.adapters.gateway import HttpGateway
from sync.adapters.store import Store
from sync.chain import BeaconTrail
from sync.contract import ClientInfo, IdentityQuestion, LessonCredit, SignIn
from sync.facts import (
    CheckPlanned,
    Fact,
    IdentityConfirmed,
    LessonClosed,
    LessonOpened,
    SessionEnded,
    Watched,
)
from sync.recorder import Recorder
from sync.reference.demo import DEMO_LEARNER
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.keys import institution_token
from sync.session import AcceptedSession, accept_answer, accept_session
from sync.verify import verify
from tests.contract.course import make_course
from tests.contract.learner import face
from tests.contract.serve import COURSE, command
from tests.sync_rig import NOW_MS, S, rsa_key, started

KEY = b"\x11" * 32


class Client:
    """What the program does, without a window: one run of it."""

    def __init__(self, url: str, pem: str, store: Store) -> None:
        self.platform = trust.load(pem)
        self.gateway = HttpGateway(url)
        self.store = store
        self.outbox = box.Outbox()
        self.credit: dict[str, LessonCredit] = {}
        self.now_s = 0.0
        key = rsa_key(1)
        answer = self.gateway.sign_in(
            SignIn(
                name=DEMO_LEARNER.login,
                password=DEMO_LEARNER.password,
                client=ClientInfo(version="0.1.0", system="a test", language="en"),
                public_key=seal.to_base64url(seal.spki(key.public_key())),
            )
        )
        self.session: AcceptedSession = accept_session(
            answer, self.platform, "demo", key.public_key()
        )
        self.signer = seal.KeySigner(key, self.session.certificate)
        before = store.newest_chain()
        store.begin_chain(self.session)
        self.recorder = Recorder.begin(self.session)
        self.tell(started((before.chain, before.head.hex()) if before else None))

    @property
    def chain(self) -> str:
        return self.session.grant.chain

    def identify(self) -> None:
        question = IdentityQuestion(chain=self.chain, embedding=face())
        answer = self.gateway.identify(question)
        self.tell(IdentityConfirmed(similarity=answer.similarity, answer=answer.answer, seconds=1))

    def tell(self, fact: Fact) -> None:
        moment = self.recorder.moment(int(self.now_s * S), NOW_MS)
        self.recorder, record, tick = self.recorder.record(fact, moment)
        self.store.append(record, tick)

    def tick(self, fact: Watched) -> None:
        moment = self.recorder.moment(int(self.now_s * S), NOW_MS)
        self.recorder, tick = self.recorder.tick(fact, moment)
        self.store.put_tick(tick)

    def flush(self, *, done: bool = False) -> list[box.Effect]:
        """Send until nothing is left to send at once."""
        self.store.put_seal(self.chain, self.recorder.state.seq, self.recorder.seal(self.signer))
        seen: list[box.Effect] = []
        while True:
            backlogs = self.store.backlogs(self.chain, done=done)
            self.outbox, action = box.plan(self.outbox, backlogs, self.now_s, urgent=not seen)
            if not isinstance(action, box.Send):
                return seen
            seen += self.send(action.sending)
            if not seen:
                return seen

    def send(self, sending: box.Sending) -> list[box.Effect]:
        answer = self.gateway.send_records(self.store.batch(sending))
        trail = self.recorder.beacons
        if sending.chain != self.chain:
            (old,) = (c for c in self.store.open_chains() if c.chain == sending.chain)
            trail = BeaconTrail(old.beacon_index, bytes.fromhex(old.beacon_value))
        accepted = accept_answer(
            answer,
            self.platform,
            sending.chain,
            lambda seq: self.store.head_at(sending.chain, seq),
            trail,
        )
        self.store.store_receipt(sending.chain, accepted)
        if sending.chain == self.chain:
            self.recorder = self.recorder.advance(accepted.beacons)
        self.credit |= {lesson.lesson: lesson for lesson in accepted.credit}
        outcome = box.Accepted(accepted.seq, accepted.next_after_s)
        self.outbox, effects = box.settle(self.outbox, sending, outcome, self.now_s, 0.5)
        for effect in effects:
            if isinstance(effect, box.ChainDone):
                self.store.close_chain(effect.chain, "done")
        return list(effects)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[EmbeddedPlatform]:
    make_course(tmp_path / COURSE)
    with EmbeddedPlatform(command(tmp_path)) as platform:
        yield platform


def test_a_story_with_a_crash(platform: EmbeddedPlatform, tmp_path: Path) -> None:
    pem = platform.certificate.read_text("ascii")
    path = tmp_path / "client" / "records.db"
    store = Store(path, KEY)
    first = Client(platform.url, pem, store)
    enrol(platform, first.session.learner.id, tmp_path)
    first.identify()
    lesson = first.gateway.courses().courses[0].lessons[0]
    first.tell(opened(lesson.id, lesson.duration_ms))
    first.tell(planned(lesson.id))
    assert first.flush() == []
    # The open tick is all that is left of a segment when the program dies. The platform's
    # own clock has hardly moved: what the client claims beyond that is not believed.
    first.now_s = 100.0
    first.tick(watched(lesson.id, 0.0, 0.3, 100.0))
    first.gateway.close()
    store.close()

    store = Store(path, KEY)
    tail = store.newest_chain()
    assert tail is not None
    second = Client(platform.url, pem, store)
    assert [old.chain for old in second.session.previous] == [tail.chain]
    second.identify()
    effects = second.flush()
    assert box.ChainDone(tail.chain) in effects
    assert 0 < second.credit[lesson.id].credited_s <= 0.3
    second.tell(opened(lesson.id, lesson.duration_ms))
    second.tell(LessonClosed(lesson=lesson.id, position_us=0))
    second.tell(SessionEnded(reason="learner"))
    second.outbox = second.outbox.retry_now()
    assert second.flush(done=True) == [box.ChainDone(second.chain)]
    assert store.open_chains() == ()

    found = verify(store.export(), pem)
    assert found.ok, found.explain("en")
    assert [run.chain for run in found.chains] == [tail.chain, second.chain]
    assert {note.code for note in found.findings} <= {"demo", "no_end"}
    second.gateway.close()
    store.close()


def enrol(platform: EmbeddedPlatform, learner: str, folder: Path) -> None:
    """The institution knows the learner's face."""
    import httpx

    answer = httpx.put(
        f"{platform.url}/v1/institution/learners/{learner}/template",
        json={"embedding": face()},
        headers={"Authorization": f"Bearer {institution_token(folder / 'data')}"},
    )
    assert answer.status_code == 204, answer.text


def opened(lesson: str, duration_ms: int) -> LessonOpened:
    return LessonOpened(
        lesson=lesson, position_us=0, duration_us=duration_ms * 1000, mode="standard"
    )


def planned(lesson: str) -> CheckPlanned:
    return CheckPlanned(
        check="k1",
        lesson=lesson,
        seed_index=1,
        film_left_s=10,
        checked_in_film=False,
        after_s=20,
        actions=("blink",),
    )


def watched(lesson: str, start_s: float, end_s: float, at_s: float) -> Watched:
    return Watched(
        lesson=lesson,
        start_us=int(start_s * 1e6),
        end_us=int(end_s * 1e6),
        began_ns=int((at_s - (end_s - start_s)) * S),
        ended_ns=int(at_s * S),
        mode="standard",
    )
