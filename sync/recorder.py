"""The run's pen: facts go in, chained records, ticks and seals come out.

Values in, values out: the caller keeps the newest recorder and stores each record before
it asks for the next one. The MAC key lives in here and nowhere else.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sync import chain, records, seal
from sync.contract import OpenTick, Seal, WireRecord
from sync.facts import Fact, Moment, SessionEnded, Watched
from sync.session import AcceptedSession


@dataclass(frozen=True, slots=True)
class Recorder:
    """The pen's state.

    state: where the chain stands. beacons: the newest beacon that was accepted. running:
    what the open tick states.
    """

    home_page: str
    learner: str
    state: chain.ChainState
    beacons: chain.BeaconTrail
    running: tuple[Watched, Moment] | None = None

    @classmethod
    def begin(cls, session: AcceptedSession) -> "Recorder":
        grant = session.grant
        return cls(grant.home_page, grant.learner, session.start, session.beacons)

    def moment(self, mono_ns: int, utc_ms: int) -> Moment:
        """Now, as a record has it. utc_ms: the platform-corrected clock, since the epoch."""
        return Moment(mono_ns=mono_ns, wall=wall_text(utc_ms), beacon=self.beacons.index)

    def record(
        self, fact: Fact, moment: Moment
    ) -> tuple["Recorder", chain.Record, chain.Tick | None]:
        """The next link, and the running segment's tick renewed behind it.

        A tick stands right after one record and none other; without the renewal a crash
        soon after any record in the middle of a segment would cost the whole segment. The
        record that closes the segment ends its tick. Raises RecordError on a fact that
        cannot be stated.
        """
        state, record = chain.append(self.state, self._body(self.state, fact, moment))
        running = None if _closes(fact, self.running) else self.running
        after = replace(self, state=state, running=running)
        tick = None if running is None else chain.tick(state, self._body(state, *running))
        return after, record, tick

    def tick(self, fact: Watched, moment: Moment) -> tuple["Recorder", chain.Tick]:
        """The open tick: the statement that would be next if the run ended now."""
        tick = chain.tick(self.state, self._body(self.state, fact, moment))
        return replace(self, running=(fact, moment)), tick

    def drop_tick(self) -> "Recorder":
        """Nothing runs any more."""
        return replace(self, running=None)

    def advance(self, beacons: chain.BeaconTrail) -> "Recorder":
        """Hold a newer beacon; an older one (a late answer) changes nothing."""
        return replace(self, beacons=beacons) if beacons.index > self.beacons.index else self

    def seal(self, signer: seal.Signer) -> str:
        """The JWS over the newest record. Raises ValueError while there is none."""
        message = Seal(
            chain=self.state.chain,
            seq=self.state.seq,
            head=self.state.head.hex(),
            beacon=self.beacons.index,
        )
        return seal.sign(message, "seal", signer)

    def _body(self, state: chain.ChainState, fact: Fact, moment: Moment) -> bytes:
        """The statement that would come next in this state."""
        context = records.Context(self.home_page, self.learner, state.chain, state.seq + 1)
        return records.encode(fact, moment, context)


def _closes(fact: Fact, running: tuple[Watched, Moment] | None) -> bool:
    if running is None or isinstance(fact, SessionEnded):
        return True
    return isinstance(fact, Watched) and fact.ended_ns > running[0].began_ns


def wall_text(utc_ms: int) -> str:
    """Milliseconds since the epoch as `Moment.wall` has them."""
    seconds, ms = divmod(utc_ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{ms:03d}Z"


def wire(record: chain.Record) -> WireRecord:
    """A record as the contract sends it."""
    return WireRecord(
        seq=record.seq, body=record.body.decode("utf-8"), mac=seal.to_base64url(record.mac)
    )


def wire_tick(tick: chain.Tick) -> OpenTick:
    """A tick as the contract sends it."""
    return OpenTick(seq=tick.seq, body=tick.body.decode("utf-8"), mac=seal.to_base64url(tick.mac))
