"""Two addresses: left when they fail, come back to slowly, and never without need."""

from hypothesis import given
from hypothesis import strategies as st

from sync.endpoints import (
    FIRST_BACK_S,
    LEAVE_AFTER,
    LONGEST_BACK_S,
    PROBE_GAP_S,
    Endpoints,
    answered,
    failed,
    order,
    probe_due,
    probed,
    with_second,
)

TWO = with_second(Endpoints(), there=True)


def ask(state: Endpoints, works: tuple[bool, bool], now_s: float) -> tuple[Endpoints, int | None]:
    """What the adapter does with a question; which address answered."""
    if probe_due(state, now_s):
        state = probed(state, now_s, well=works[0])
    for which in order(state):
        if works[which]:
            return answered(state, which, now_s), which
        state = failed(state, which, now_s)
    return state, None


def test_one_address_is_always_asked() -> None:
    state = Endpoints()
    for now_s in range(10):
        state, who = ask(state, (False, True), now_s)
        assert who is None
        assert order(state) == (0,)


def test_a_single_failure_changes_nothing_and_a_second_one_does() -> None:
    state, who = ask(TWO, (False, True), 0)
    assert (who, order(state)) == (1, (0, 1))
    state, who = ask(state, (True, True), 1)
    assert (who, order(state)) == (0, (0, 1))
    for now_s in (2, 3):
        state, who = ask(state, (False, True), now_s)
    assert (who, order(state)) == (1, (1, 0))


def test_back_after_two_good_probes() -> None:
    state = TWO
    for now_s in (0.0, 1.0):
        state, _ = ask(state, (False, True), now_s)
    assert not probe_due(state, 1.0 + FIRST_BACK_S - 0.1)
    now_s = 1.0 + FIRST_BACK_S
    state, who = ask(state, (True, True), now_s)
    assert (who, state.preferred) == (1, 1), "one good probe is not enough"
    state, who = ask(state, (True, True), now_s + PROBE_GAP_S)
    assert (who, state.preferred) == (0, 0)
    # It fails again at once: the next return takes longer.
    for later in (20.0, 21.0):
        state, _ = ask(state, (False, True), now_s + later)
    assert state.preferred == 1
    assert state.back_s == 2 * FIRST_BACK_S


def test_the_second_fails_while_it_is_preferred() -> None:
    state = TWO
    for now_s in (0.0, 1.0):
        state, _ = ask(state, (False, True), now_s)
    for now_s in (2.0, 3.0):
        state, who = ask(state, (True, False), now_s)
        assert who == 0
    assert state.preferred == 0


def test_a_second_address_that_is_withdrawn() -> None:
    state = TWO
    for now_s in (0.0, 1.0):
        state, _ = ask(state, (False, True), now_s)
    assert with_second(state, there=True) == state
    assert order(with_second(state, there=False)) == (0,)


LINE = st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0, 200)), min_size=1, max_size=60)


@given(LINE)
def test_somebody_answers_if_anybody_can_and_changes_are_slow(
    line: list[tuple[bool, bool, float]],
) -> None:
    state, now_s, changes, bad = TWO, 0.0, [0.0], 0
    for first, second, passed_s in line:
        now_s += passed_s
        before = state
        state, who = ask(state, (first, second), now_s)
        assert (who is None) == (not first and not second)
        assert who is None or (first, second)[who]
        bad = bad + 1 if not (first, second)[before.preferred] else 0
        if state.preferred != before.preferred:
            if before.preferred == 0:
                assert bad >= LEAVE_AFTER, "it was left without need"
            changes.append(now_s)
            bad = 0
        assert FIRST_BACK_S <= state.back_s <= LONGEST_BACK_S
    returns = changes[2::2]
    for left, came in zip(changes[1::2], returns, strict=False):
        assert came >= left


@given(LINE)
def test_when_the_first_is_well_for_good_it_is_used_again(
    line: list[tuple[bool, bool, float]],
) -> None:
    state, now_s = TWO, 0.0
    for first, second, passed_s in line:
        now_s += passed_s
        state, _ = ask(state, (first, second), now_s)
    for _ in range(4):
        now_s += LONGEST_BACK_S + PROBE_GAP_S
        state, _ = ask(state, (True, True), now_s)
    assert state.preferred == 0
