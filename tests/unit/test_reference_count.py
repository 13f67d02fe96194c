"""Minutes that the platform counts, on a clock that the test moves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sync.contract import LessonCredit, Policy
from sync.explained import CreditMinutes
from sync.facts import LessonFinished
from sync.history import Drawn
from tests.contract.learner import Run, good, problem
from tests.contract.local import Local, local_platform, policy

CHECKED_AFTER = 30.0


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with local_platform(tmp_path) as local:
        yield local


def credit(run: Run, lesson: str = "first") -> LessonCredit:
    return good(run.get(f"/learners/me/credit/{lesson}"), LessonCredit)


def study(local: Local, run: Run, start_s: float, *, passed: bool = True) -> None:
    """Plan a check, watch until it is due, and pass it or not; a flush after each step."""
    number = f"check-{len(run.records)}"
    run.plan(number, "first", CHECKED_AFTER, left_s=600.0 - start_s)
    run.send(run.batch())
    local.watch(run, "first", start_s, start_s + CHECKED_AFTER)
    run.ask(number, "first", start_s + CHECKED_AFTER)
    run.send(run.batch())
    local.pass_time(run, 4.0)
    run.attempt(number, "first", passed=passed)
    run.send(run.batch())


def test_checked_minutes_are_credited(local: Local) -> None:
    run = local.sign_in()
    run.begin("first")
    study(local, run, 0.0)
    study(local, run, 30.0)
    run.end("first", 60.0)
    answer = run.send(run.batch(close=True))
    assert credit(run).credited_s == 60.0
    assert answer.credit == (credit(run),)


def test_the_count_is_told_minute_by_minute(local: Local) -> None:
    run = local.sign_in()
    run.begin("first")
    study(local, run, 0.0)
    study(local, run, 30.0, passed=False)
    told = good(run.get("/learners/me/credit/first/minutes"), CreditMinutes)
    counted = credit(run)
    assert sum(minute.credited_s for minute in told.minutes) == counted.credited_s == 30.0
    assert sum(minute.provisional_s for minute in told.minutes) == counted.provisional_s
    assert told.minutes[0].from_s == 0.0
    assert told.minutes[-1].to_s == 60.0
    begun = [minute.at for minute in told.minutes]
    assert begun == sorted(set(begun))
    assert all(at.endswith(":00.000Z") for at in begun)
    problem(run.get("/learners/me/credit/nothing/minutes"), 404, "not_found")


def test_a_film_that_is_whole_may_be_watched_again_at_twice_the_pace(local: Local) -> None:
    run = local.sign_in()
    run.begin("second")
    run.plan("check-1", "second", 300.0, left_s=90.0)
    run.send(run.batch())
    local.watch(run, "second", 0.0, 90.0)
    run.state(LessonFinished(lesson="second", duration_us=90_000_000))
    before = run.send(run.batch()).credit[0]
    assert before.completed
    begun = run.clock_ns
    again = run.watched("second", 0.0, 90.0)
    run.clock_ns = begun + 45_000_000_000
    local.clock.advance(45.0)
    run.state(replace(again, ended_ns=run.clock_ns, rate=2.0))
    run.end("second", 90.0)
    after = run.send(run.batch(close=True)).credit[0]
    assert (after.credited_s, after.completed, after.spans) == (90.0, True, before.spans)
    assert [(span.reason, span.end_s - span.start_s) for span in after.lost] == [("repeated", 90.0)]


def test_time_waits_until_a_check_says_whose_it_was(local: Local) -> None:
    run = local.sign_in()
    run.begin("first")
    run.plan("check-1", "first", CHECKED_AFTER)
    run.send(run.batch())
    local.watch(run, "first", 0.0, 20.0)
    run.send(run.batch())
    assert (credit(run).provisional_s, credit(run).credited_s) == (20.0, 0.0)


def test_what_was_not_witnessed_is_not_counted(local: Local) -> None:
    run = local.sign_in()
    run.begin("first")
    run.plan("check-1", "first", 300.0)
    run.send(run.batch())
    run.state(run.watched("first", 0.0, 60.0))  # a minute by the PC's clock
    local.clock.advance(10.0)  # ten seconds by the platform's
    run.end("first", 60.0)
    run.send(run.batch(close=True))
    counted = credit(run)
    assert counted.credited_s == pytest.approx(10.0, abs=0.6)
    assert {span.reason for span in counted.lost} == {"beyond_clock"}


def test_a_face_that_the_platform_did_not_know_earns_nothing(local: Local) -> None:
    local.sign_in()
    run = local.sign_in(identified=False)
    run.begin("first")  # its record says "same"
    study(local, run, 0.0)
    run.end("first", 30.0)
    run.send(run.batch(close=True))
    assert credit(run).credited_s == 0.0
    assert {span.reason for span in credit(run).lost} == {"no_identity"}


def test_a_check_that_is_not_passed_voids_what_it_was_about(local: Local) -> None:
    run = local.sign_in()
    run.begin("first")
    study(local, run, 0.0)
    study(local, run, 30.0, passed=False)
    run.end("first", 60.0)
    run.send(run.batch(close=True))
    counted = credit(run)
    assert (counted.credited_s, counted.not_counted_s) == (30.0, 30.0)
    assert counted.resume_s == 30.0


def test_the_tail_of_a_crash_is_counted_once(local: Local) -> None:
    """A power cut while the lesson plays: the next run brings what the disk still had."""
    run = local.sign_in()
    run.begin("first")
    run.plan("check-1", "first", 300.0)
    run.send(run.batch())
    local.watch(run, "first", 0.0, 10.0)
    tick = run.open_tick(run.watched("first", 10.0, 14.0))
    local.clock.advance(6.0)
    tail = run.batch(5, sealed=False, tick=tick, close=True)
    later = local.sign_in()
    assert [chain.chain for chain in later.session.previous] == [run.chain]
    for _ in range(3):
        answer = later.send(tail)
        assert answer.acked == 5
        assert answer.credit == (credit(later),)
        assert credit(later).credited_s == 14.0
    # The same stretch again, in the new run, earns nothing more.
    later.begin("first")
    study(local, later, 0.0)
    later.end("first", 30.0)
    later.send(later.batch(close=True))
    assert credit(later).credited_s == 30.0


def test_a_run_that_was_taken_over_earns_nothing_more(local: Local) -> None:
    run = local.sign_in()
    run.begin("first")
    run.plan("check-1", "first", 300.0)
    run.send(run.batch())
    later = local.sign_in()
    run.state(run.watched("first", 0.0, 60.0))
    local.clock.advance(60.0)
    problem(run.post("/records", run.batch(5)), 409, "taken_over")
    later.send(run.batch(5, close=True))
    assert credit(later).credited_s <= 0.5


def test_the_same_records_give_the_same_count_after_a_restart(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        run = local.sign_in()
        run.begin("first")
        study(local, run, 0.0)
        study(local, run, 30.0)
        before = credit(run)
    with local_platform(tmp_path, clock=local.clock) as local:
        run.http = local.http
        assert credit(run) == before
        assert run.send(run.batch()).credit == (before,)
        study(local, run, 60.0)
        assert credit(run).credited_s == 90.0


class _Fixed:
    """A schedule that asks after the policy's shortest gap, always for the same."""

    def __init__(self, policy: Policy) -> None:
        self._after_s = policy.check_min_gap_s

    def check(
        self, seed: str, ordinal: int, film_left_s: float, checked_in_film: bool, since_s: float
    ) -> Drawn:
        assert len(seed) == 64
        assert (ordinal, checked_in_film, since_s) == (1, False, 0.0)
        assert film_left_s <= 600.0
        return Drawn(self._after_s, (("blink", "open_mouth"),))

    def sign_in(self, seed: str, attempt: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        raise AssertionError("these records state no actions at sign-in")


def test_plans_are_recomputed_by_the_policy_of_their_own_run(tmp_path: Path) -> None:
    """A stricter policy of today does not undo what was checked yesterday."""
    with local_platform(tmp_path, schedules=_Fixed) as local:
        run = local.sign_in()
        run.begin("first")
        study(local, run, 0.0)
        run.end("first", 30.0)
        run.send(run.batch(close=True))
        assert credit(run).credited_s == 30.0
    strict = policy(check_min_gap_s=5, check_max_gap_s=6)
    with local_platform(tmp_path, presets=strict, schedules=_Fixed, clock=local.clock) as local:
        later = local.sign_in()
        assert later.accepted.policy == strict
        assert credit(later).credited_s == 30.0
        later.begin("first", position_s=30.0)
        study(local, later, 30.0)  # claims the old, longer gap
        later.end("first", 60.0)
        later.send(later.batch(close=True))
        counted = credit(later)
        assert counted.credited_s == 30.0 + 5.0 + local.platform.settings.check_tolerance_s
        assert {span.reason for span in counted.lost} == {"check_missed"}
