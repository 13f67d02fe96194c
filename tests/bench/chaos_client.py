"""One learner's PC in the bench: the program's recorder, outbox, store and line, no window.

    python -m tests.bench.chaos_client URL CERTIFICATE STORE LOGIN CALM

It signs in, studies a few seconds of real time, signs out, and again, until the file CALM is
there; then it hands in what is left and ends. It may be killed at any time. Its wall clock
jumps by hours, its monotonic one is the system's.
"""

import random
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from sync import outbox as box
from sync import seal, trust
from sync.adapters.gateway import HttpGateway
from sync.adapters.store import Store
from sync.chain import BeaconTrail
from sync.contract import ClientInfo, IdentityAnswer, IdentityQuestion, SignIn
from sync.facts import Fact, IdentityConfirmed, LessonClosed, LessonOpened, SessionEnded, Watched
from sync.ports import GatewayError, NonsenseError, RefusedError, ServerFaultError
from sync.recorder import Recorder
from sync.session import AcceptedSession, MistrustError, accept_answer, accept_session
from tests.contract.learner import face
from tests.sync_client import planned
from tests.sync_rig import started

KEY = bytes(range(32))
PASSWORD = "made-ahead"
LESSON, LESSON_S = "first", 600
SHORT_S = (2.0, 4.0)


class TakenOver(Exception):  # noqa: N818 (no error: another run of the learner began)
    pass


class Pc:
    """One process: one run after the other on one store."""

    def __init__(self, url: str, pem: str, store: Store, login: str, calm: Path) -> None:
        self.platform = trust.load(pem)
        self.gateway = HttpGateway(url, utc_s=self.wall_s, timeouts_s=SHORT_S)
        self.store, self.login, self.calm = store, login, calm
        self.outbox = box.Outbox()
        self.drawn = random.Random()
        self.jump_s = 0.0
        self.chain = ""
        self.recorder: Recorder
        self.signer: seal.KeySigner

    def wall_s(self) -> float:
        return time.time() + self.jump_s

    def run(self) -> None:
        while not self.calm.exists():
            try:
                self.study()
            except TakenOver:
                continue
        self.hand_in()

    def study(self) -> None:
        """One run, from its sign-in to its end."""
        self.jump_s = self.drawn.choice((0.0, 0.0, 3600.0, -7200.0, 86400.0 * 40))
        self.sign_in()
        self.identify()
        position = self.drawn.randrange(LESSON_S - 60)
        duration = LESSON_S * 1_000_000
        self.tell(
            LessonOpened(
                lesson=LESSON, position_us=position * 1_000_000, duration_us=duration, mode="fluent"
            )
        )
        self.tell(planned(LESSON, self.recorder.beacons.index, after_s=300))
        at_us = position * 1_000_000
        for _ in range(self.drawn.randrange(3, 15)):
            at_us = self.watch(at_us, self.drawn.uniform(0.2, 1.2))
            self.flush()
            if self.calm.exists():
                break
        self.tell(LessonClosed(lesson=LESSON, position_us=at_us))
        self.tell(SessionEnded(reason="learner"))
        self.flush(done=True)

    def watch(self, at_us: int, seconds: float) -> int:
        """Film is seen; a tick every quarter of a second says how far. The new position."""
        began, ends = time.monotonic_ns(), time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            time.sleep(min(0.25, left))
            segment = self.segment(at_us, began)
            moment = self.recorder.moment(segment.ended_ns, int(self.wall_s() * 1000))
            self.recorder, tick = self.recorder.tick(segment, moment)
            self.store.put_tick(tick)
        segment = self.segment(at_us, began)
        self.tell(segment)
        return segment.end_us

    def segment(self, at_us: int, began: int) -> Watched:
        now = time.monotonic_ns()
        end_us = at_us + (now - began) // 1000
        return Watched(
            lesson=LESSON, start_us=at_us, end_us=end_us, began_ns=began, ended_ns=now,
            mode="fluent",
        )  # fmt: skip

    def sign_in(self) -> None:
        """Begin a run."""
        session, key = self.admitted()
        self.outbox = self.outbox.signed_in()
        self.chain = session.grant.chain
        self.signer = seal.KeySigner(key, session.certificate)
        before = self.store.newest_chain()
        self.store.begin_chain(session)
        self.recorder = Recorder.begin(session)
        self.tell(started((before.chain, before.head.hex()) if before else None))

    def admitted(self) -> tuple[AcceptedSession, rsa.RSAPrivateKey]:
        """Ask until it succeeds. The key is a fresh one for each try, as in the program."""
        while True:
            key = rsa.generate_private_key(65_537, 2048)
            question = SignIn(
                name=self.login,
                password=PASSWORD,
                client=ClientInfo(version="0.1.0", system="chaos", language="en"),
                public_key=seal.to_base64url(seal.spki(key.public_key())),
            )
            try:
                answer = self.gateway.sign_in(question)
                return accept_session(answer, self.platform, "demo", key.public_key()), key
            except (GatewayError, MistrustError):
                time.sleep(self.drawn.uniform(0.1, 0.5))

    def identify(self) -> None:
        question = IdentityQuestion(chain=self.chain, embedding=face())
        answer: IdentityAnswer | None = None
        while answer is None:
            try:
                answer = self.gateway.identify(question)
            except RefusedError as error:
                raise TakenOver from error
            except GatewayError:
                time.sleep(self.drawn.uniform(0.1, 0.5))
        self.tell(IdentityConfirmed(similarity=answer.similarity, answer=answer.answer, seconds=1))

    def tell(self, fact: Fact) -> None:
        moment = self.recorder.moment(time.monotonic_ns(), int(self.wall_s() * 1000))
        self.recorder, record, tick = self.recorder.record(fact, moment)
        self.store.append(record, tick)

    def flush(self, *, done: bool = False) -> None:
        """Send all there is, or try once: the next flush tries again. Raises TakenOver."""
        self.store.put_seal(self.chain, self.recorder.state.seq, self.recorder.seal(self.signer))
        while True:
            backlogs = self.store.backlogs(self.chain, done=done)
            now_s = time.monotonic()
            self.outbox = self.outbox.retry_now()  # the learner presses "try again"
            self.outbox, action = box.plan(self.outbox, backlogs, now_s, urgent=True)
            if not isinstance(action, box.Send):
                return
            outcome = self.send(action.sending)
            self.outbox, effects = box.settle(
                self.outbox, action.sending, outcome, time.monotonic(), self.drawn.random()
            )
            self.heed(effects)
            if isinstance(outcome, box.Failed) and not done:
                return
            live = action.sending.chain == self.chain
            if live and not done and action.sending.last == self.recorder.state.seq:
                return

    def send(self, sending: box.Sending) -> box.Outcome:
        try:
            batch = self.store.batch(sending)
            answer = self.gateway.send_records(batch)
            accepted = accept_answer(
                answer, self.platform, sending.chain,
                lambda seq: self.store.head_at(sending.chain, seq), self.trail(sending.chain),
            )  # fmt: skip
        except RefusedError as error:
            gap = error.code == "gap" and error.seq is not None
            return box.Gap(error.seq or 0) if gap else box.Refused(error.code, error.detail)
        except (GatewayError, MistrustError) as error:
            return box.Failed(_kind(error), str(error))
        self.store.store_receipt(sending.chain, accepted, sealed=batch.seal)
        if sending.chain == self.chain:
            self.recorder = self.recorder.advance(accepted.beacons)
        return box.Accepted(accepted.seq, 0.0)

    def trail(self, chain: str) -> BeaconTrail:
        if chain == self.chain:
            return self.recorder.beacons
        (old,) = (each for each in self.store.open_chains() if each.chain == chain)
        return BeaconTrail(old.beacon_index, bytes.fromhex(old.beacon_value))

    def heed(self, effects: tuple[box.Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case box.ChainDone():
                    self.store.close_chain(effect.chain, "done")
                case box.CloseChain():
                    self.store.close_chain(effect.chain, effect.code)
                    if effect.chain == self.chain:
                        raise TakenOver
                case box.TakenOver() | box.SignInAgain():
                    raise TakenOver

    def hand_in(self) -> None:
        """What earlier runs left, under a run of its own, until nothing is left."""
        while self.store.backlogs(None):
            try:
                self.sign_in()
                self.identify()
                self.tell(SessionEnded(reason="learner"))
                self.flush(done=True)
            except TakenOver:
                continue


def _kind(error: Exception) -> box.FailureKind:
    match error:
        case MistrustError():
            return "mistrust"
        case ServerFaultError():
            return "fault"
        case NonsenseError():
            return "nonsense"
    return "unreachable"


def main(url: str, certificate: str, store: str, login: str, calm: str) -> None:
    pem = Path(certificate).read_text("ascii")
    Pc(url, pem, Store(Path(store), KEY), login, Path(calm)).run()


if __name__ == "__main__":
    main(*sys.argv[1:6])
