"""The rule of credit, case by case."""

from dataclasses import replace
from itertools import permutations

import pytest

from sync.contract import CreditSpan, LessonCredit
from sync.credit import credit
from sync.facts import (
    CheckAttempted,
    CheckFailed,
    CheckIssued,
    CheckPlanned,
    Fact,
    IdentityAttempted,
    IdentityConfirmed,
    LessonClosed,
    LessonFinished,
    LessonOpened,
    SessionEnded,
    SettingChanged,
    Watched,
)
from sync.history import ChainHistory, Drawn, Rules, Witness
from sync.intervals import Intervals
from tests.sync_rig import moment, watched

LESSON = "confined-1"
RULES = Rules(durations_us={LESSON: 600_000_000})
SAME = IdentityConfirmed(similarity=0.6, answer="same", seconds=2)
T0 = 1_000_000.0


def opened(at_s: float = 0, lesson: str = LESSON) -> LessonOpened:
    return LessonOpened(
        lesson=lesson, position_us=round(at_s * 1e6), duration_us=600_000_000, mode="standard"
    )


def planned(
    number: int = 1, after_s: float = 300, seed: int = 1, left_s: float = 600, again: bool = False
) -> CheckPlanned:
    return CheckPlanned(
        check=f"k{number}",
        lesson=LESSON,
        seed_index=seed,
        film_left_s=left_s,
        checked_in_film=again,
        after_s=after_s,
        actions=("blink",),
    )


def issued(number: int = 1) -> CheckIssued:
    return CheckIssued(check=f"k{number}", lesson=LESSON, position_us=0, watched_s=0)


def attempted(number: int = 1, passed: bool = True, actions: tuple[str, ...] = ("blink",)) -> Fact:
    return CheckAttempted(
        check=f"k{number}",
        lesson=LESSON,
        attempt=1,
        passed=passed,
        reason="",
        similarity=0.6,
        seconds=4,
        actions=actions,
    )


def tried(*, passed: bool) -> Fact:
    return IdentityAttempted(
        attempt=1, passed=passed, reason="", similarity=0.6, seconds=4, actions=("blink",)
    )


SETTING = SettingChanged(setting="language", old="zh_CN", new="en")
FAILED = CheckFailed(check="k1", lesson=LESSON, reason="other person")
CLOSED = LessonClosed(lesson=LESSON, position_us=0)
FINISHED = LessonFinished(lesson=LESSON, duration_us=600_000_000)
ENDED = SessionEnded(reason="learner")
Told = tuple[Fact, float]


def history(*told: Told, name: str = "c1", t0: float = T0, ended: bool = False) -> ChainHistory:
    """A run that sent every record at once and had a beacon for each."""
    witnesses = [Witness(0, 1, t0, "00" * 32)]
    entries = []
    for number, (fact, at_s) in enumerate(told, start=1):
        entries.append((fact, moment(at_s, len(witnesses))))
        witnesses.append(Witness(number, number + 1, t0 + at_s + 0.05, f"{number:064x}"))
    return ChainHistory(name, tuple(witnesses), tuple(entries), ended)


def count(*histories: ChainHistory, rules: Rules = RULES) -> LessonCredit:
    return credit(histories, rules)[0]


BEGUN: tuple[Told, ...] = ((SAME, 1), (opened(), 2), (planned(), 2))


def reasons(counted: LessonCredit) -> list[tuple[str, float]]:
    return [(span.reason, round(span.end_s - span.start_s, 3)) for span in counted.lost]


def test_nothing_watched() -> None:
    counted = count()
    assert counted.resume_s == counted.credited_s == 0
    assert (counted.completed, counted.spans) == (False, ())


def test_attempts_at_sign_in_and_changed_settings_earn_and_cost_nothing() -> None:
    told = (*BEGUN, (watched(0, 60, 62), 62), (issued(), 62), (attempted(), 66))
    plain = count(history(*told))
    for other in (tried(passed=True), tried(passed=False), SETTING):
        for place in range(len(told) + 1):
            at_s = told[max(0, place - 1)][1]
            assert count(history(*told[:place], (other, at_s), *told[place:])) == plain
    # Nor does an attempt that passed stand for the platform's answer.
    unknown = ((tried(passed=True), 1), *told[1:])
    assert count(history(*unknown)) == count(history(*told[1:]))


def test_watching_waits_for_a_check() -> None:
    counted = count(history(*BEGUN, (watched(0, 60, 62), 62)))
    assert (counted.provisional_s, counted.credited_s, counted.resume_s) == (60, 0, 60)
    assert counted.spans == (CreditSpan(start_s=0, end_s=60, state="provisional"),)


def test_a_passed_check_credits() -> None:
    counted = count(
        history(
            *BEGUN,
            (watched(0, 60, 62), 62),
            (issued(), 62),
            (attempted(), 70),
            (planned(2), 70),
            (watched(60, 80, 90), 90),
        )
    )
    assert (counted.credited_s, counted.provisional_s, counted.resume_s) == (60, 20, 80)


@pytest.mark.parametrize("end", [FAILED, ENDED, CLOSED])
def test_an_unanswered_or_failed_check_voids(end: Fact) -> None:
    counted = count(
        history(
            *BEGUN,
            (watched(0, 60, 62), 62),
            (issued(), 62),
            (attempted(passed=False), 70),
            (end, 80),
        )
    )
    assert counted.credited_s == counted.provisional_s == 0
    assert reasons(counted) == [("check_failed", 60)]
    assert counted.resume_s == 0


def test_a_run_that_ends_before_an_open_check_is_answered_loses_what_waits() -> None:
    run = history(*BEGUN, (watched(0, 60, 62), 62), (issued(), 62))
    assert count(run).provisional_s == 60
    assert reasons(count(replace(run, ended=True))) == [("check_failed", 60)]
    later = history((SAME, 1), name="c2", t0=T0 + 500)
    assert reasons(count(run, later)) == [("check_failed", 60)]


@pytest.mark.parametrize("end", [CLOSED, FINISHED, ENDED])
def test_an_honest_end_credits(end: Fact) -> None:
    counted = count(history(*BEGUN, (watched(0, 60, 62), 62), (end, 63)))
    assert (counted.credited_s, counted.lost) == (60, ())


def test_a_crash_credits_with_its_tick() -> None:
    run = history(*BEGUN, (watched(0, 60, 62), 62))
    tick = (watched(60, 75, 80), moment(80, 2))
    last = replace(run.witnesses[-1], at_s=T0 + 300)
    run = replace(run, tick=tick, ended=True, witnesses=(*run.witnesses[:-1], last))
    assert count(run).credited_s == 75


def test_another_check_cannot_be_passed() -> None:
    counted = count(
        history(*BEGUN, (watched(0, 60, 62), 62), (issued(1), 62), (attempted(2), 70), (ENDED, 71))
    )
    assert reasons(counted) == [("check_failed", 60)]
    never = count(history(*BEGUN, (watched(0, 60, 62), 62), (attempted(1), 70)))
    assert never.provisional_s == 60


def test_a_check_that_never_came() -> None:
    told = (*BEGUN[:2], (planned(after_s=30), 2), (watched(0, 60, 62), 62))
    assert reasons(count(history(*told, (ENDED, 63)))) == [
        ("check_missed", 45),
        ("check_missed", 15),
    ]
    in_time = (*BEGUN[:2], (planned(after_s=50), 2), (watched(0, 60, 62), 62), (ENDED, 63))
    assert count(history(*in_time)).credited_s == 60


def test_a_late_check_saves_what_was_in_time() -> None:
    counted = count(
        history(
            *BEGUN[:2],
            (planned(after_s=30), 2),
            (watched(0, 60, 62), 62),
            (issued(), 62),
            (attempted(), 70),
        )
    )
    assert counted.credited_s == 45
    assert reasons(counted) == [("check_missed", 15)]


def test_closing_a_lesson_puts_no_check_off() -> None:
    counted = count(
        history(
            *BEGUN[:2],
            (planned(after_s=40), 2),
            (watched(0, 40, 42), 42),
            (CLOSED, 43),
            (opened(40), 44),
            (watched(40, 80, 90), 90),
            (CLOSED, 91),
        )
    )
    assert counted.credited_s == 40
    assert reasons(counted) == [("check_missed", 15), ("check_missed", 25)]


def test_without_a_plan_nothing_counts_for_long() -> None:
    counted = count(history(*BEGUN[:2], (watched(0, 60, 62), 62), (ENDED, 63)))
    assert counted.credited_s == 0


@pytest.mark.parametrize(
    ("answer", "credited"), [("same", 60), ("enrolled", 60), ("unsure", 60), ("different", 0)]
)
def test_only_the_learner_earns(answer: str, credited: float) -> None:
    said = replace(SAME, answer=answer)  # type: ignore[arg-type]
    run = history((said, 1), *BEGUN[1:], (watched(0, 60, 62), 62), (ENDED, 63))
    assert count(run).credited_s == credited
    assert credited or reasons(count(run)) == [("no_identity", 60)]


def test_the_platforms_answer_stands_above_the_record() -> None:
    run = history(*BEGUN, (watched(0, 60, 62), 62), (ENDED, 63))
    for answer, credited in (("different", 0), ("missing", 0), ("same", 60)):
        assert count(replace(run, identity=answer)).credited_s == credited  # type: ignore[arg-type]
    unconfirmed = history(*BEGUN[1:], (watched(0, 60, 62), 62), (ENDED, 63))
    assert count(replace(unconfirmed, identity="same")).credited_s == 0


def test_no_faster_than_the_clock() -> None:
    hasty = replace(watched(0, 60, 62), began_ns=watched(0, 30, 62).began_ns)
    counted = count(history(*BEGUN, (hasty, 62), (ENDED, 63)))
    assert reasons(counted) == [("beyond_clock", 60)]


def fast(start_s: float, end_s: float, at_s: float, rate: float = 2.0) -> Watched:
    """Film [start_s, end_s) at a pace, seen until `at_s` of the run."""
    whole = watched(start_s, end_s, at_s)
    took_ns = int((whole.ended_ns - whole.began_ns) / rate)
    return replace(whole, began_ns=whole.ended_ns - took_ns, rate=rate)


WHOLE: tuple[Told, ...] = (*BEGUN, (watched(0, 60, 62), 62), (CLOSED, 63), (opened(), 64))


def test_watching_again_at_twice_the_pace_changes_nothing() -> None:
    once = count(history(*WHOLE, (ENDED, 96)))
    again = count(history(*WHOLE, (fast(0, 60, 95), 95), (ENDED, 96)))
    assert again.credited_s == once.credited_s == 60
    assert (again.spans, again.resume_s) == (once.spans, once.resume_s)
    assert reasons(again) == [("repeated", 60)]


@pytest.mark.parametrize("rate", [1.01, 1.25, 2.0])
def test_film_that_is_new_is_not_credited_at_a_faster_pace(rate: float) -> None:
    counted = count(history(*WHOLE, (fast(40, 70, 95, rate), 95), (ENDED, 96)))
    assert counted.credited_s == 60
    assert reasons(counted) == [("repeated", 20), ("too_fast", 10)]
    assert counted.resume_s == 60
    # And at its own pace afterwards it is.
    after = count(
        history(*WHOLE, (fast(40, 70, 95, rate), 95), (watched(60, 70, 106), 106), (ENDED, 107))
    )
    assert after.credited_s == 70


def test_a_faster_pace_is_paid_for_by_the_clock() -> None:
    """60 s of film at 2.0 take 30 s: of its own clock, and of the platform's."""
    hasty = replace(fast(0, 60, 95), began_ns=fast(0, 60, 95).ended_ns - 20 * 10**9)
    counted = count(history(*BEGUN, (hasty, 95), (ENDED, 96)))
    assert reasons(counted) == [("beyond_clock", 60)]
    run = history(*BEGUN, (fast(0, 60, 62), 62), (ENDED, 63))
    squeezed = replace(
        run, witnesses=tuple(replace(w, at_s=min(w.at_s, T0 + 12.05)) for w in run.witnesses)
    )
    assert reasons(count(squeezed)) == [("beyond_clock", 39), ("too_fast", 21)]
    # What it used up nobody else can have.
    both = history(*BEGUN, (fast(0, 60, 62), 62), (watched(60, 120, 62), 62), (ENDED, 63))
    assert count(both).credited_s == pytest.approx(30.5, abs=0.06)


def test_a_faster_pace_brings_no_check_nearer() -> None:
    told = (
        *BEGUN[:2],
        (planned(after_s=50), 2),
        (watched(0, 40, 42), 42),
        (fast(0, 40, 63), 63),
        (watched(40, 60, 84), 84),
        (ENDED, 85),
    )
    assert count(history(*told)).credited_s == 60


def test_a_faster_pace_over_what_still_waits_is_repeated() -> None:
    waiting = count(history(*BEGUN, (watched(0, 60, 62), 62), (fast(0, 60, 93), 93)))
    assert waiting.provisional_s == 60
    assert reasons(waiting) == [("repeated", 60)]


def test_no_more_than_between_two_beacons() -> None:
    """The client says 60 s, the platform saw 20."""
    run = history(*BEGUN, (watched(0, 60, 62), 62), (ENDED, 63))
    squeezed = replace(
        run, witnesses=tuple(replace(w, at_s=min(w.at_s, T0 + 22)) for w in run.witnesses)
    )
    counted = count(squeezed)
    assert counted.credited_s == pytest.approx(20.45)  # since the beacon at 2.05, and the slack
    assert counted.not_counted_s == pytest.approx(39.55)
    assert counted.lost[0].reason == "beyond_clock"


def test_a_beacon_that_was_never_issued() -> None:
    run = history(*BEGUN, (watched(0, 60, 62), 62))
    fact, when = run.entries[2]
    entries = (*run.entries[:2], (fact, replace(when, beacon=999)), run.entries[3])
    assert count(replace(run, entries=entries)).provisional_s == 0


def test_one_live_run_a_learner() -> None:
    """A run goes on unknowing while the learner is signed in elsewhere."""
    first = history(*BEGUN, (watched(0, 60, 62), 62), (ENDED, 63))
    second = history(
        (SAME, 1),
        (opened(60), 2),
        (planned(), 2),
        (watched(60, 100, 45), 45),
        (ENDED, 46),
        name="c2",
        t0=T0 + 30,
    )
    counted = count(first, second)
    assert counted.credited_s <= 30 + 46 + 0.5
    assert {span.reason for span in counted.lost} == {"beyond_clock"}


def test_the_order_of_chains_does_not_matter() -> None:
    runs = [
        history(
            *BEGUN,
            (watched(n * 30, n * 30 + 60, 62), 62),
            (ENDED, 63),
            name=f"c{n}",
            t0=T0 + n * 50,
        )
        for n in range(3)
    ]
    expected = credit(runs, RULES)
    for order in permutations(runs):
        assert credit(order, RULES) == expected


def test_film_seen_again_is_no_more_film() -> None:
    counted = count(
        history(*BEGUN, (watched(0, 60, 62), 62), (watched(30, 90, 130), 130), (ENDED, 131))
    )
    assert counted.credited_s == 90
    assert reasons(counted) == [("repeated", 30)]
    assert counted.not_counted_s == 30


def test_a_loss_stays_told_after_a_success() -> None:
    counted = count(
        history(*BEGUN, (watched(0, 60, 62), 62), (issued(), 62), (ENDED, 63)),
        history(*BEGUN, (watched(0, 60, 62), 62), (ENDED, 63), name="c2", t0=T0 + 100),
    )
    assert counted.credited_s == 60
    assert reasons(counted) == [("check_failed", 60)]
    assert [span.state for span in counted.spans] == ["credited"]


def test_what_was_lost_shows_why() -> None:
    counted = count(history(*BEGUN, (watched(0, 60, 62), 62), (issued(), 62), (ENDED, 63)))
    assert counted.spans == (
        CreditSpan(start_s=0, end_s=60, state="not_counted", reason="check_failed"),
    )


def test_the_daily_cap() -> None:
    rules = replace(RULES, daily_cap_s=50)
    today = history(*BEGUN, (watched(0, 60, 62), 62), (ENDED, 63))
    tomorrow = history(*BEGUN, (watched(50, 70, 62), 62), (ENDED, 63), name="c2", t0=T0 + 86_400)
    counted = count(today, tomorrow, rules=rules)
    assert counted.credited_s == 70
    assert reasons(counted) == [("daily_cap", 10)]


def test_seams_between_frames_are_no_missing_film() -> None:
    rules = Rules(durations_us={LESSON: 100_000_000})
    told = (
        *BEGUN,
        (watched(0.04, 50, 62), 62),
        (watched(50.2, 99.8, 120), 120),
        (FINISHED, 121),
    )
    counted = count(history(*told), rules=rules)
    assert counted.completed
    assert counted.resume_s == 100
    hole = count(history(*told[:-2], (watched(50.3, 99.8, 120), 120), (FINISHED, 121)), rules=rules)
    assert not hole.completed
    assert hole.resume_s == 50


def test_film_beyond_the_film_and_unknown_lessons() -> None:
    counted = count(history(*BEGUN, (watched(590, 650, 62), 62), (ENDED, 63)))
    assert counted.credited_s == 10
    assert count(history(*BEGUN, (watched(0, 60, 62, "unknown"), 62))).spans == ()


def test_records_that_have_not_arrived_do_not_count() -> None:
    run = history(*BEGUN, (watched(0, 60, 62), 62), (ENDED, 63))
    assert count(replace(run, witnesses=run.witnesses[:4])).spans == ()
    assert count(replace(run, witnesses=())).spans == ()


class Drawing:
    """A schedule that asks after 30 s, or at the film's end: other actions each time."""

    def check(
        self, seed: str, ordinal: int, film_left_s: float, checked_in_film: bool, since_s: float
    ) -> Drawn:
        assert len(seed) == 64
        assert isinstance(checked_in_film, bool)
        after_s = max(0.0, min(30.0, film_left_s) - since_s)
        return Drawn(after_s, self.asked(ordinal, ""), self.asked(ordinal, "other-"))

    def asked(self, ordinal: int, kind: str) -> tuple[tuple[str, ...], ...]:
        return tuple((f"{kind}{ordinal}-{attempt}",) for attempt in (1, 2, 3))

    def sign_in(self, seed: str, attempt: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        assert len(seed) == 64
        return (f"0-{attempt}",), (f"other-0-{attempt}",)


PLANNING = replace(RULES, schedule=Drawing())


def passed(
    number: int = 1, attempt: int = 1, actions: str = "", risk: float = 0.0, other: bool = False
) -> CheckAttempted:
    kind = "other-" if other else ""
    return CheckAttempted(
        check=f"k{number}",
        lesson=LESSON,
        attempt=attempt,
        passed=True,
        reason="",
        similarity=0.6,
        seconds=4,
        actions=(actions or f"{kind}{number}-{attempt}",),
        risk=risk,
        alternative=other,
    )


def missed(number: int = 1, attempt: int = 1) -> CheckAttempted:
    return replace(passed(number, attempt), passed=False, reason="no_turn")


CHECKED: tuple[Told, ...] = (
    *BEGUN[:2],
    (planned(after_s=30, seed=3), 2),
    (watched(0, 30, 32), 32),
    (issued(), 32),
)


def test_the_platform_recomputes_the_plan() -> None:
    assert count(history(*CHECKED, (passed(), 40)), rules=PLANNING).credited_s == 30
    put_off = (*BEGUN[:2], (planned(after_s=500, seed=3), 2), (watched(0, 60, 62), 62))
    assert count(history(*put_off, (ENDED, 63)), rules=PLANNING).credited_s == 0


def test_a_check_that_comes_long_before_it_is_due_is_none() -> None:
    """Else a learner who is there could draw and pass until a long gap comes, and then leave."""
    soon = (*BEGUN[:2], (planned(after_s=30, seed=3), 2), (watched(0, 10, 12), 12), (issued(), 12))
    assert count(history(*soon, (passed(), 13), (ENDED, 14)), rules=PLANNING).credited_s == 0
    nearly = (*BEGUN[:2], (planned(after_s=30, seed=3), 2), (watched(0, 20, 22), 22))
    told = history(*nearly, (issued(), 22), (passed(), 23), (ENDED, 24))
    assert count(told, rules=PLANNING).credited_s == 20


@pytest.mark.parametrize(
    ("told", "credited"),
    [
        ((passed(actions="smile"),), 0),
        ((missed(), passed(attempt=2)), 30),
        ((missed(), passed(attempt=2, other=True)), 30),
        ((passed(other=True),), 30),
        ((replace(passed(other=True), alternative=False),), 0),
        ((replace(passed(), alternative=True),), 0),
        ((missed(), missed(attempt=2), passed(attempt=3)), 30),
        # Out of turn, the draw of another attempt, an attempt twice, one too many.
        ((passed(attempt=2),), 0),
        ((missed(), passed(attempt=2, actions="1-1")), 0),
        ((missed(), passed()), 0),
        ((passed(actions="smile"), passed()), 0),
        ((missed(), missed(attempt=2), missed(attempt=3), passed(attempt=4)), 0),
        ((FAILED, passed()), 0),
        ((FAILED, issued(), passed()), 0),
    ],
)
def test_an_attempt_is_what_was_drawn_for_it(told: tuple[Fact, ...], credited: float) -> None:
    counted = count(history(*CHECKED, *((fact, 40) for fact in told), (ENDED, 41)), rules=PLANNING)
    assert counted.credited_s == credited
    assert credited or reasons(counted) == [("check_failed", 30)]


def test_after_a_failed_or_unanswered_check_the_run_earns_nothing() -> None:
    for end in (FAILED, CLOSED):
        counted = count(
            history(
                *CHECKED,
                (end, 40),
                (opened(30), 41),
                (replace(planned(2, seed=6, left_s=570), after_s=30), 42),
                (watched(30, 60, 80), 80),
                (issued(2), 80),
                (passed(2), 81),
                (ENDED, 82),
            ),
            rules=PLANNING,
        )
        assert counted.credited_s == 0
        assert reasons(counted) == [("check_failed", 30), ("check_failed", 30)]


def test_drawing_again_and_again_puts_nothing_off() -> None:
    """The hole: each new plan began the time anew, so that a client never met a check."""
    told: list[Told] = [*BEGUN[:2]]
    for number in range(20):
        at = 2.0 + number * 20
        told.append((planned(number + 1, 30, seed=len(told) + 1, left_s=600 - number * 20), at))
        told.append((watched(number * 20, number * 20 + 20, at + 20), at + 20))
    counted = count(history(*told, (ENDED, 500)), rules=PLANNING)
    assert counted.credited_s == 0
    assert {reason for reason, _ in reasons(counted)} == {"check_missed"}
    believed = count(history(*told, (ENDED, 500)))
    assert believed.credited_s == 0


def test_a_new_draw_brings_the_film_s_own_check_sooner() -> None:
    """The plan reaches beyond the second film's end: it is drawn again, with the time since."""
    rules = replace(PLANNING, durations_us={LESSON: 600_000_000, "short": 20_000_000})
    begun = (*BEGUN[:2], (planned(after_s=30, seed=3), 2), (watched(0, 4, 6), 6), (CLOSED, 7))
    again = replace(planned(2, seed=7, left_s=20), lesson="short", since_s=4.0, after_s=16.0)
    rest = ((watched(0, 16, 26, "short"), 26), (issued(2), 26), (passed(2), 30), (ENDED, 31))
    honest = history(*begun, (opened(0, "short"), 8), (again, 8), *rest)
    assert [lesson.credited_s for lesson in credit([honest], rules)] == [4, 16]
    # The same without it: the short film has no check, and does not count.
    skipped = history(
        *begun, (opened(0, "short"), 8), (watched(0, 20, 30, "short"), 30), (ENDED, 31)
    )
    assert [lesson.credited_s for lesson in credit([skipped], rules)] == [4, 0]
    # Telling less time than has passed is no plan.
    bent = history(*begun, (opened(0, "short"), 8), (replace(again, since_s=0.0), 8), *rest)
    assert credit([bent], rules)[1].credited_s == 0


def test_fifteen_minutes_are_the_limit_whatever_a_plan_says() -> None:
    rules = Rules(durations_us={LESSON: 3_600_000_000})
    told = (*BEGUN[:2], (planned(after_s=3000), 2), (watched(0, 2000, 2002), 2002))
    counted = count(history(*told, (issued(), 2002), (attempted(), 2010)), rules=rules)
    assert counted.credited_s == 915


def test_the_actions_at_sign_in_are_drawn_too() -> None:
    for bent, credited in (
        ({"actions": ("0-2",), "attempts": 2}, 30),
        ({"actions": ("other-0-1",), "attempts": 1, "alternative": True}, 30),
        ({"actions": ("0-1",), "attempts": 2}, 0),
        ({"actions": ("0-1",), "attempts": 0}, 0),
        ({"actions": ("0-1",), "attempts": 10**9}, 0),
    ):
        said = replace(SAME, **bent)  # type: ignore[arg-type]
        counted = count(history((said, 1), *CHECKED[1:], (passed(), 40)), rules=PLANNING)
        assert counted.credited_s == credited


def test_a_check_of_doubtful_signs_waits_for_a_person() -> None:
    told = (*CHECKED, (passed(risk=0.7), 40), (planned(2, 30, 7, 570, again=True), 41))
    run = replace(
        history(*told, (watched(30, 50, 70), 70), (ENDED, 71), ended=True), risk_review=0.6
    )
    waits = count(run, rules=PLANNING)
    assert (waits.credited_s, waits.provisional_s) == (0, 50)
    assert {(span.state, span.reason) for span in waits.spans} == {("provisional", "review")}
    yes = count(replace(run, verdicts={"k1": True}), rules=PLANNING)
    assert (yes.credited_s, yes.provisional_s) == (50, 0)
    no = count(replace(run, verdicts={"k1": False}), rules=PLANNING)
    assert reasons(no) == [("check_refused", 30), ("check_refused", 20)]
    assert count(replace(run, risk_review=0.71), rules=PLANNING).credited_s == 50


def test_the_platform_s_answer_about_a_check_stands_above_the_client_s() -> None:
    run = history(*CHECKED, (passed(), 40), (ENDED, 41))
    for answer, credited in (("different", 0), ("unsure", 30), ("same", 30)):
        told = replace(run, identities={"k1": answer})  # type: ignore[dict-item]
        assert count(told, rules=PLANNING).credited_s == credited
        assert count(replace(told, verdicts={"k1": True}), rules=PLANNING).credited_s == 30


def test_a_person_can_count_a_check_that_failed() -> None:
    run = history(*CHECKED, (missed(), 40), (FAILED, 41), (ENDED, 42))
    assert count(run, rules=PLANNING).credited_s == 0
    assert count(replace(run, verdicts={"k1": True}), rules=PLANNING).credited_s == 30


@pytest.mark.parametrize(
    "forged",
    [
        planned(after_s=30, seed=1),  # an older beacon than the newest
        planned(after_s=30, seed=9),
        planned(after_s=30, seed=3, left_s=700),
        planned(after_s=30, seed=3, left_s=-1),
        planned(after_s=30, seed=3, again=True),
        replace(planned(after_s=30, seed=3), since_s=-1.0),
    ],
)
def test_a_plan_that_nobody_can_recompute_is_none(forged: CheckPlanned) -> None:
    told = (*BEGUN[:2], (forged, 2), (watched(0, 30, 32), 32), (issued(), 32), (passed(), 40))
    counted = count(history(*told, (ENDED, 41)), rules=PLANNING)
    assert counted.credited_s == 0


def test_intervals() -> None:
    some = Intervals.of(0, 10).union(Intervals.of(20, 30)).union(Intervals.of(8, 12))
    assert some.parts == ((0, 12), (20, 30))
    assert some.minus(Intervals.of(5, 25)).parts == ((0, 5), (25, 30))
    assert some.within(Intervals.of(5, 25)).parts == ((5, 12), (20, 25))
    assert some.first(15).parts == ((0, 12), (20, 23))
    assert some.closed(8).parts == ((0, 30),)
    assert Intervals.of(3, 3).total() == 0
