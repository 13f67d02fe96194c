"""What to send next, and what each answer means.

    plan(outbox, backlogs, now_s)                    -> Send | Wait | Idle
    settle(outbox, sending, outcome, now_s, jitter)  -> (outbox, effects)

The outbox holds no cursor: what is acknowledged is in the store, which moves it only in
the transaction that keeps the receipt. Losing the outbox loses nothing. One batch is on
its way at a time; an answer to anything else is not listened to.

| outcome | meaning | what follows |
|---|---|---|
| Accepted | kept; the receipt is in the store | next batch at once, else after `next_after_s` |
| Gap | the platform has less than we thought | resend from its number |
| Refused fork, bad_mac, bad_seal … | it will never take these | chain closed, records stay |
| Refused closed | it was ended there; it takes nothing more | chain closed, records stay |
| Refused taken_over | the learner signed in elsewhere | nothing more until the next sign-in |
| Refused signed_out, wrong_password | the token is over | nothing more until the next sign-in |
| Refused too_large | a proxy's limit | half the batch; for a single record: closed |
| Failed | unreachable, 5xx, nonsense | the same again after a growing, jittered wait |
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sync.contract import MAX_BATCH, ProblemCode

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0
LONGEST_RHYTHM_S = 300.0
"""A platform may ask for less talk, but an answer that asks for years silences nobody."""
MISTRUSTED_FOR_GOOD = 3

FailureKind = Literal[
    "unreachable",
    "fault",
    "busy",
    "nonsense",
    "mistrust",
    "portal",
    "line_untrusted",
    "clock_wrong",
    "proxy_asks",
    "proxy_way_unknown",
]
Halt = Literal["signed_out", "taken_over"]


@dataclass(frozen=True, slots=True)
class Backlog:
    """One chain in the store. acked, last: highest number receipted and highest stored.

    live: the run that is going on. tick: an open tick waits. done: the run was ended by
    the learner (its last record closes the chain).
    """

    chain: str
    acked: int
    last: int
    live: bool = False
    tick: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """One `POST records`: records first..last (none if last < first), and what goes along.

    count: whether the answer shall bring the count; only the last batch of the live run asks,
    so that who catches up costs the platform one count and not twenty.
    """

    chain: str
    first: int
    last: int
    tick: bool
    close: bool
    count: bool = True


@dataclass(frozen=True, slots=True)
class Send:
    sending: Sending


@dataclass(frozen=True, slots=True)
class Wait:
    """Ask again at `until_s`, or when something urgent has happened."""

    until_s: float


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing to do until something is recorded or the learner signs in."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The receipt is stored already. acked: its number."""

    acked: int
    next_after_s: float


@dataclass(frozen=True, slots=True)
class Gap:
    seq: int


@dataclass(frozen=True, slots=True)
class Refused:
    code: ProblemCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """retry_after_s: what the platform or a proxy asked for."""

    kind: FailureKind
    detail: str = ""
    retry_after_s: float = 0.0


Answered = Accepted | Gap | Refused
Outcome = Answered | Failed


@dataclass(frozen=True, slots=True)
class ChainDone:
    """All records and the end of a chain are with the platform."""

    chain: str


@dataclass(frozen=True, slots=True)
class CloseChain:
    """The platform takes no more of it: keep it for review, go on in a new chain."""

    chain: str
    code: ProblemCode
    live: bool


@dataclass(frozen=True, slots=True)
class SignInAgain:
    pass


@dataclass(frozen=True, slots=True)
class TakenOver:
    pass


@dataclass(frozen=True, slots=True)
class Trouble:
    """The line is bad; `failures` in a row."""

    kind: FailureKind
    detail: str
    failures: int
    retry_s: float


@dataclass(frozen=True, slots=True)
class Recovered:
    """The first answer after trouble."""


Effect = ChainDone | CloseChain | SignInAgain | TakenOver | Trouble | Recovered


@dataclass(frozen=True, slots=True)
class Outbox:
    """Monotonic seconds throughout. ready_s: not before. halted: needs a new sign-in.

    rewound: chain and the number that the platform really has, where that is less than
    our receipts say. ended: chains that were said to be done or closed; they are not
    planned again even before the store has been told.
    """

    in_flight: Sending | None = None
    failures: int = 0
    ready_s: float = 0.0
    batch: int = MAX_BATCH
    halted: Halt | None = None
    rewound: tuple[tuple[str, int], ...] = ()
    ended: frozenset[str] = frozenset()

    def signed_in(self) -> "Outbox":
        """A new token: try at once."""
        return replace(self, halted=None, in_flight=None, failures=0, ready_s=0.0)

    def retry_now(self) -> "Outbox":
        """The learner pressed "try again", or the network came back."""
        return replace(self, ready_s=0.0)


def plan(
    outbox: Outbox, backlogs: Sequence[Backlog], now_s: float, *, urgent: bool = False
) -> tuple[Outbox, Send | Wait | Idle]:
    """The next step. backlogs: oldest chain first.

    urgent: a pause, a check, a sign-out: the heartbeat need not be waited for. It does
    not shorten a wait after a failure: a room of PCs must not stampede.
    """
    if outbox.halted is not None:
        return outbox, Idle()
    if outbox.in_flight is not None:
        return outbox, Wait(now_s + FIRST_WAIT_S)
    sending = _next(outbox, backlogs)
    if sending is None:
        return outbox, Idle()
    hurry = outbox.failures == 0 and (urgent or _is_behind(sending, backlogs))
    if now_s < outbox.ready_s and not hurry:
        return outbox, Wait(outbox.ready_s)
    return replace(outbox, in_flight=sending), Send(sending)


def settle(
    outbox: Outbox, sending: Sending, outcome: Outcome, now_s: float, jitter: float
) -> tuple[Outbox, tuple[Effect, ...]]:
    """Take in the answer to `sending`. jitter: 0 to 1, drawn by the caller."""
    if sending != outbox.in_flight:
        return outbox, ()
    effects: tuple[Effect, ...] = (Recovered(),) if outbox.failures else ()
    landed = replace(outbox, in_flight=None, failures=0)
    if isinstance(outcome, Failed):
        return _failed(replace(outbox, in_flight=None), sending, outcome, now_s, jitter)
    after, more = _landed(landed, sending, outcome, now_s)
    return after, (*effects, *more)


def wait_s(failures: int, jitter: float) -> float:
    """Half of the doubling wait is fixed, half is drawn: PCs that failed together part."""
    whole = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(failures - 1, 16))
    return whole * (0.5 + 0.5 * jitter)


def rhythm_s(asked_s: float) -> float:
    """The platform's `next_after`, within reason."""
    return min(LONGEST_RHYTHM_S, max(0.0, asked_s))


Settled = tuple[Outbox, tuple[Effect, ...]]


def _landed(outbox: Outbox, sending: Sending, outcome: Answered, now_s: float) -> Settled:
    match outcome:
        case Accepted():
            return _accepted(outbox, sending, outcome, now_s)
        case Gap():
            return _gap(outbox, sending, outcome)
        case Refused():
            return _refused(outbox, sending, outcome)


def _accepted(outbox: Outbox, sending: Sending, outcome: Accepted, now_s: float) -> Settled:
    rewound = _without(outbox, sending.chain)
    more = outcome.acked < sending.last
    outbox = replace(
        outbox,
        rewound=rewound,
        batch=min(MAX_BATCH, outbox.batch * 2),
        ready_s=now_s if more else now_s + rhythm_s(outcome.next_after_s),
    )
    if sending.close and outcome.acked >= sending.last:
        return _ended(outbox, sending.chain), (ChainDone(sending.chain),)
    return outbox, ()


def _gap(outbox: Outbox, sending: Sending, outcome: Gap) -> Settled:
    if outcome.seq == sending.first - 1:
        # It says that it lacks just what we sent: neither side can go on from here.
        return _close(outbox, sending, "gap")
    rewound = (*_without(outbox, sending.chain), (sending.chain, outcome.seq))
    return replace(outbox, rewound=rewound, ready_s=0.0), ()


def _refused(outbox: Outbox, sending: Sending, outcome: Refused) -> Settled:
    match outcome.code:
        case "signed_out" | "wrong_password":
            return replace(outbox, halted="signed_out"), (SignInAgain(),)
        case "taken_over":
            return replace(outbox, halted="taken_over"), (TakenOver(),)
        case "too_large" if sending.last > sending.first:
            smaller = max(1, (sending.last - sending.first + 1) // 2)
            return replace(outbox, batch=smaller, ready_s=0.0), ()
    return _close(outbox, sending, outcome.code)


def _failed(
    outbox: Outbox, sending: Sending, outcome: Failed, now_s: float, jitter: float
) -> Settled:
    failures = outbox.failures + 1
    if outcome.kind == "mistrust" and sending.close and failures >= MISTRUSTED_FOR_GOOD:
        # An old chain whose receipts never fit must not hold up the newer ones for ever.
        return _close(outbox, sending, "fork")
    wait = max(wait_s(failures, jitter), outcome.retry_after_s * (1.0 + 0.1 * jitter))
    wait = min(wait, 2 * LONGEST_WAIT_S)
    outbox = replace(outbox, failures=failures, ready_s=now_s + wait)
    return outbox, (Trouble(outcome.kind, outcome.detail, failures, wait),)


def _close(outbox: Outbox, sending: Sending, code: ProblemCode) -> Settled:
    live = not sending.close
    outbox = _ended(replace(outbox, failures=0, ready_s=0.0), sending.chain)
    return outbox, (CloseChain(sending.chain, code, live),)


def _ended(outbox: Outbox, chain: str) -> Outbox:
    return replace(outbox, ended=outbox.ended | {chain})


def _next(outbox: Outbox, backlogs: Sequence[Backlog]) -> Sending | None:
    for backlog in backlogs:
        if backlog.chain in outbox.ended:
            continue
        if backlog.live and not backlog.done and backlog.last == 0:
            continue  # a chain begins with a record, not with a heartbeat
        acked = dict(outbox.rewound).get(backlog.chain, backlog.acked)
        first, last = acked + 1, min(backlog.last, acked + outbox.batch)
        whole = last == backlog.last
        ends = whole and (backlog.done or not backlog.live)
        return Sending(
            backlog.chain,
            first,
            last,
            tick=whole and backlog.tick,
            close=ends,
            count=whole and backlog.live,
        )
    return None


def _is_behind(sending: Sending, backlogs: Sequence[Backlog]) -> bool:
    """Old chains and the rest of a long queue do not wait for the heartbeat."""
    return any(
        backlog.chain == sending.chain and (not backlog.live or sending.last < backlog.last)
        for backlog in backlogs
    )


def _without(outbox: Outbox, chain: str) -> tuple[tuple[str, int], ...]:
    return tuple(entry for entry in outbox.rewound if entry[0] != chain)
