"""The client's side of a platform without a window: real store, real line, made-up facts."""

from pathlib import Path

import httpx

from sync import outbox as box
from sync import seal, trust
from sync.adapters.gateway import HttpGateway
from sync.adapters.store import Store
from sync.chain import BeaconTrail
from sync.contract import ClientInfo, IdentityQuestion, LessonCredit, SignIn
from sync.facts import CheckPlanned, Fact, IdentityConfirmed, LessonOpened, Watched
from sync.recorder import Recorder
from sync.reference.demo import DEMO_LEARNER
from sync.reference.embedded import EmbeddedPlatform
from sync.reference.keys import institution_token
from sync.session import AcceptedSession, accept_answer, accept_session
from tests.contract.learner import face
from tests.sync_rig import NOW_MS, S, rsa_key, started


class Client:
    """What the program does, without a window: one run of it. key: number of the run's key."""

    def __init__(self, url: str, pem: str, store: Store, key_number: int = 1) -> None:
        self.platform = trust.load(pem)
        self.gateway = HttpGateway(url)
        self.store = store
        self.outbox = box.Outbox()
        self.credit: dict[str, LessonCredit] = {}
        self.now_s = 0.0
        key = rsa_key(key_number)
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

    def begin(self, lesson: str, duration_ms: int, position_s: float = 0.0) -> None:
        """The records before the first frame, and the first check, far away; sent."""
        self.identify()
        self.tell(opened(lesson, duration_ms, position_s))
        self.tell(planned(lesson, self.recorder.beacons.index, after_s=300))
        self.flush()

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
        batch = self.store.batch(sending)
        answer = self.gateway.send_records(batch)
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
        self.store.store_receipt(sending.chain, accepted, sealed=batch.seal)
        if sending.chain == self.chain:
            self.recorder = self.recorder.advance(accepted.beacons)
        self.credit |= {lesson.lesson: lesson for lesson in accepted.credit}
        outcome = box.Accepted(accepted.seq, accepted.next_after_s)
        self.outbox, effects = box.settle(self.outbox, sending, outcome, self.now_s, 0.5)
        for effect in effects:
            if isinstance(effect, box.ChainDone):
                self.store.close_chain(effect.chain, "done")
        return list(effects)


def enrol(platform: EmbeddedPlatform, learner: str, folder: Path) -> None:
    """The institution knows the learner's face."""
    answer = httpx.put(
        f"{platform.url}/v1/institution/learners/{learner}/template",
        json={"embedding": face()},
        headers={"Authorization": f"Bearer {institution_token(folder / 'data')}"},
    )
    assert answer.status_code == 204, answer.text


def opened(lesson: str, duration_ms: int, position_s: float = 0.0) -> LessonOpened:
    return LessonOpened(
        lesson=lesson,
        position_us=int(position_s * 1e6),
        duration_us=duration_ms * 1000,
        mode="standard",
    )


def planned(lesson: str, seed_index: int = 1, after_s: float = 20) -> CheckPlanned:
    return CheckPlanned(
        check="k1",
        lesson=lesson,
        seed_index=seed_index,
        film_left_s=10,
        checked_in_film=False,
        after_s=after_s,
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
