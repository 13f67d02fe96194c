"""The run's pen: facts go in, chained records, ticks and seals come out.

Values in, values out: the caller keeps the newest recorder and stores each record before
it asks for the next one. The MAC key lives in here and nowhere else.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sync import chain, records, seal
from sync.contract import OpenTick, Seal, WireRecord
from sync.facts import Fact, Moment
from sync.session import AcceptedSession


@dataclass(frozen=True, slots=True)
class Recorder:
    """state: where the chain stands. beacons: the newest beacon that was accepted."""

    home_page: str
    learner: str
    state: chain.ChainState
    beacons: chain.BeaconTrail

    @classmethod
    def begin(cls, session: AcceptedSession) -> "Recorder":
        grant = session.grant
        return cls(grant.home_page, grant.learner, session.start, session.beacons)

    def moment(self, mono_ns: int, utc_ms: int) -> Moment:
        """Now, as a record has it. utc_ms: the platform-corrected clock, since the epoch."""
        return Moment(mono_ns=mono_ns, wall=wall_text(utc_ms), beacon=self.beacons.index)

    def record(self, fact: Fact, moment: Moment) -> tuple["Recorder", chain.Record]:
        """The next link. Raises RecordError on a fact that cannot be stated."""
        state, record = chain.append(self.state, self._body(fact, moment))
        return replace(self, state=state), record

    def tick(self, fact: Fact, moment: Moment) -> chain.Tick:
        """The open tick: the statement that would be next if the run ended now."""
        return chain.tick(self.state, self._body(fact, moment))

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

    def _body(self, fact: Fact, moment: Moment) -> bytes:
        context = records.Context(
            self.home_page, self.learner, self.state.chain, self.state.seq + 1
        )
        return records.encode(fact, moment, context)


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
