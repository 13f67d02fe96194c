"""The outbox: what goes next, and what follows from each answer."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract import ProblemCode
from sync.outbox import (
    LONGEST_RHYTHM_S,
    LONGEST_WAIT_S,
    Accepted,
    Backlog,
    ChainDone,
    CloseChain,
    Failed,
    FailureKind,
    Gap,
    Idle,
    Outbox,
    Outcome,
    Recovered,
    Refused,
    Send,
    Sending,
    SignInAgain,
    TakenOver,
    Trouble,
    Wait,
    plan,
    settle,
    wait_s,
)

OLD = Backlog("old", acked=3, last=5, tick=True)
LIVE = Backlog("live", acked=10, last=12, live=True, tick=True)


def send(outbox: Outbox, *backlogs: Backlog, now_s: float = 0.0) -> tuple[Outbox, Sending]:
    outbox, action = plan(outbox, backlogs, now_s, urgent=True)
    assert isinstance(action, Send), action
    return outbox, action.sending


def answer(
    outcome: Outcome, *backlogs: Backlog, outbox: Outbox | None = None
) -> tuple[Outbox, tuple[object, ...]]:
    outbox, sending = send(outbox or Outbox(), *(backlogs or (LIVE,)))
    return settle(outbox, sending, outcome, 100.0, 0.5)


def test_old_chains_go_first_and_are_closed_with_their_tick() -> None:
    _, sending = send(Outbox(), OLD, LIVE)
    assert sending == Sending("old", 4, 5, tick=True, close=True, count=False)
    after, effects = answer(Accepted(5, 60), OLD, LIVE)
    assert effects == (ChainDone("old"),)
    # Not again, even while the store has not been told.
    _, sending = send(after, OLD, LIVE, now_s=100)
    assert sending == Sending("live", 11, 12, tick=True, close=False)


def test_an_old_chain_without_anything_new_is_closed_too() -> None:
    _, sending = send(Outbox(), replace(OLD, acked=5, tick=False))
    assert sending == Sending("old", 6, 5, tick=False, close=True, count=False)


def test_old_chains_do_not_wait_for_the_heartbeat() -> None:
    resting = Outbox(ready_s=1000)
    _, action = plan(resting, [OLD], 0)
    assert isinstance(action, Send)
    _, action = plan(resting, [LIVE], 0)
    assert action == Wait(1000)
    _, action = plan(resting, [LIVE], 0, urgent=True)
    assert isinstance(action, Send)
    _, action = plan(resting, [LIVE], 1000)
    assert isinstance(action, Send)


def test_batches() -> None:
    long = replace(LIVE, last=500)
    outbox, sending = send(Outbox(), long)
    assert (sending.first, sending.last, sending.tick, sending.close) == (11, 210, False, False)
    assert not sending.count, "who catches up asks for the count once, at the end"
    outbox, _ = settle(outbox, sending, Accepted(210, 60), 0, 0)
    _, action = plan(outbox, [replace(long, acked=210)], 0)
    assert isinstance(action, Send)
    assert action.sending.last == 410
    assert send(Outbox(), replace(long, acked=410))[1].count


def test_one_batch_at_a_time_and_no_other_answer() -> None:
    outbox, sending = send(Outbox(), LIVE)
    after, action = plan(outbox, [LIVE], 0, urgent=True)
    assert isinstance(action, Wait)
    other = replace(sending, last=11)
    assert settle(after, other, Accepted(11, 0), 0, 0) == (after, ())
    landed, _ = settle(after, sending, Accepted(12, 0), 0, 0)
    assert settle(landed, sending, Failed("unreachable"), 0, 0) == (landed, ())


def test_a_heartbeat_has_no_records() -> None:
    _, sending = send(Outbox(), replace(LIVE, acked=12))
    assert (sending.first, sending.last) == (13, 12)
    _, action = plan(Outbox(), [Backlog("live", 0, 0, live=True)], 0, urgent=True)
    assert action == Idle()


def test_the_end_of_a_run() -> None:
    outbox, sending = send(Outbox(), replace(LIVE, done=True))
    assert sending.close
    _, effects = settle(outbox, sending, Accepted(12, 60), 0, 0)
    assert effects == (ChainDone("live"),)


def test_the_platform_sets_the_rhythm() -> None:
    after, _ = answer(Accepted(12, 42))
    assert plan(after, [replace(LIVE, acked=12)], 100)[1] == Wait(142)
    for lie, wait in ((1e9, LONGEST_RHYTHM_S), (-5, 0)):
        after, _ = answer(Accepted(12, lie))
        assert after.ready_s == 100 + wait, "no answer silences the client, or sets it racing"
    part, _ = answer(Accepted(11, 42))
    assert isinstance(plan(part, [replace(LIVE, acked=11)], 100)[1], Send)


def test_a_gap_is_filled_from_the_platforms_number() -> None:
    after, effects = answer(Gap(2))
    assert effects == ()
    after, sending = send(after, LIVE)
    assert (sending.first, sending.last) == (3, 12)
    after, _ = settle(after, sending, Accepted(12, 0), 0, 0)
    assert after.rewound == ()


def test_a_gap_that_nothing_fills() -> None:
    _, effects = answer(Gap(10))
    assert effects == (CloseChain("live", "gap", live=True),)


@pytest.mark.parametrize("code", ["fork", "bad_mac", "bad_seal", "invalid", "forbidden", "closed"])
def test_what_will_never_be_taken_is_set_aside(code: ProblemCode) -> None:
    after, effects = answer(Refused(code), OLD, LIVE)
    assert effects == (CloseChain("old", code, live=False),)
    assert send(after, OLD, LIVE)[1].chain == "live"
    _, effects = answer(Refused(code), LIVE)
    assert effects == (CloseChain("live", code, live=True),)


@pytest.mark.parametrize(
    ("code", "effect"),
    [("signed_out", SignInAgain()), ("wrong_password", SignInAgain()), ("taken_over", TakenOver())],
)
def test_what_needs_a_new_sign_in(code: ProblemCode, effect: object) -> None:
    after, effects = answer(Refused(code))
    assert effects == (effect,)
    assert plan(after, [OLD, LIVE], 10**6, urgent=True)[1] == Idle()
    assert isinstance(plan(after.signed_in(), [OLD, LIVE], 0)[1], Send)


def test_too_large_is_halved() -> None:
    long = replace(LIVE, last=500)
    after, effects = answer(Refused("too_large"), long)
    assert effects == ()
    _, sending = send(after, long)
    assert sending.last - sending.first + 1 == 100
    _, effects = answer(Refused("too_large"), replace(LIVE, last=11))
    assert effects == (CloseChain("live", "too_large", live=True),)


@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_failures_wait_longer_and_longer(kind: FailureKind) -> None:
    outbox, waits = Outbox(), []
    now_s = 0.0
    for number in range(1, 12):
        outbox, action = plan(outbox, [LIVE], now_s)
        assert isinstance(action, Send)
        outbox, (trouble,) = settle(outbox, action.sending, Failed(kind, "x"), now_s, 0.5)
        assert isinstance(trouble, Trouble)
        assert (trouble.kind, trouble.failures) == (kind, number)
        # Nothing urgent shortens it: a room of PCs must not stampede.
        assert isinstance(plan(outbox, [LIVE], now_s, urgent=True)[1], Wait)
        waits.append(trouble.retry_s)
        now_s += trouble.retry_s
    assert waits == sorted(waits)
    assert waits[0] == 1.5
    assert waits[-1] == LONGEST_WAIT_S * 0.75
    outbox, sending = send(outbox, LIVE, now_s=now_s)
    outbox, effects = settle(outbox, sending, Accepted(12, 60), now_s, 0.5)
    assert effects == (Recovered(),)
    assert outbox.failures == 0


def test_retry_after_is_obeyed() -> None:
    after, (trouble,) = answer(Failed("fault", retry_after_s=120))
    assert isinstance(trouble, Trouble)
    assert 120 <= trouble.retry_s <= 132
    assert isinstance(plan(after, [LIVE], 219)[1], Wait)
    assert isinstance(plan(after.retry_now(), [LIVE], 100)[1], Send)


def test_a_server_that_asks_to_be_left_alone_for_years() -> None:
    _, (trouble,) = answer(Failed("busy", retry_after_s=1e9))
    assert isinstance(trouble, Trouble)
    assert trouble.retry_s == 2 * LONGEST_WAIT_S


def test_an_old_chain_that_never_fits_does_not_hold_up_the_rest() -> None:
    outbox, now_s = Outbox(), 0.0
    for _ in range(2):
        outbox, sending = send(outbox, OLD, LIVE, now_s=now_s)
        outbox, effects = settle(outbox, sending, Failed("mistrust"), now_s, 0)
        assert isinstance(effects[0], Trouble)
        now_s += 1000
    outbox, sending = send(outbox, OLD, LIVE, now_s=now_s)
    outbox, effects = settle(outbox, sending, Failed("mistrust"), now_s, 0)
    assert effects == (CloseChain("old", "fork", live=False),)
    assert send(outbox, OLD, LIVE, now_s=now_s)[1].chain == "live"


@given(st.integers(1, 1000), st.floats(0, 1))
def test_waits_are_bounded_and_apart(failures: int, jitter: float) -> None:
    assert 1.0 <= wait_s(failures, jitter) <= LONGEST_WAIT_S
    if jitter > 0.5:
        assert wait_s(failures, jitter) > wait_s(failures, 0)


class Platform:
    """Keeps what comes, in order, and answers as the drawn line lets it."""

    def __init__(self) -> None:
        self.kept = {"old": 0, "live": 0}
        self.taken: list[tuple[str, int]] = []

    def take(self, sending: Sending) -> Outcome:
        has = self.kept[sending.chain]
        if sending.first > has + 1:
            return Gap(has)
        self.taken += [(sending.chain, seq) for seq in range(has + 1, sending.last + 1)]
        self.kept[sending.chain] = max(has, sending.last)
        return Accepted(self.kept[sending.chain], 60)


LINE = st.lists(st.sampled_from(["works", "works", "lost before", "lost after", "too large"]))


@given(LINE, st.integers(0, 60), st.integers(1, 500))
def test_every_record_arrives_once_whatever_the_line_does(
    line: list[str], old: int, live: int
) -> None:
    """Answers are lost before and after the platform kept the batch."""
    platform, outbox, now_s = Platform(), Outbox(), 0.0
    acked = {"old": 0, "live": 0}
    for fate in [*line, *["works"] * 12]:
        backlogs = [
            Backlog("old", acked["old"], old),
            Backlog("live", acked["live"], live, live=True),
        ]
        outbox, action = plan(outbox, backlogs, now_s, urgent=True)
        now_s += 700
        if not isinstance(action, Send):
            continue
        outcome: Outcome = Failed("unreachable")
        if fate == "too large" and action.sending.last > action.sending.first:
            outcome = Refused("too_large")
        elif fate != "lost before":
            kept = platform.take(action.sending)
            outcome = Failed("unreachable") if fate == "lost after" else kept
        if isinstance(outcome, Accepted):
            acked[action.sending.chain] = outcome.acked
        outbox, _ = settle(outbox, action.sending, outcome, now_s, 0.5)
    assert acked == {"old": old, "live": live}
    assert platform.taken == [("old", n + 1) for n in range(old)] + [
        ("live", n + 1) for n in range(live)
    ]
