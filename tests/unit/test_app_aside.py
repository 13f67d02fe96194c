"""Beside study: the pictures' page, an appeal, and when the next check and picture come."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from app import intents
from app.effects import FetchSnapshots, Keep, SendAppeal
from app.errors import Report, Trouble
from app.events import AppealFailed, AppealFiled, SnapshotsFailed, SnapshotsLoaded
from app.planning import between_s, needs_plan, picture_after, plan_next, rules_of
from app.present import Frame, present
from app.state import Phase, Session, need_study
from app.view import Page, SignedOutView, SnapshotsView
from proctor.schedule import HARD_LIMIT_S, Action, plan_check
from sync import facts
from sync.contract import Appeal, EvidenceItem, Policy
from tests.session_kit import SEED, STRANGER, Learner1

FRAME = Frame(demo=True)
US = 1_000_000


# The page of pictures


def snapshots(learner: Learner1) -> SnapshotsView:
    view = present(learner.session, FRAME)
    assert view.page is Page.SNAPSHOTS
    assert view.snapshots is not None
    return view.snapshots


def looking() -> Learner1:
    learner = Learner1()
    learner.enter_class()
    learner.want(intents.ShowHours())
    learner.want(intents.ShowSnapshots())
    return learner


SENT = EvidenceItem(
    sha256="1" * 64,
    lesson="lesson-1",
    why="check",
    check="chain-1.1",
    taken_at="2026-11-24T09:00:00.000Z",
    received_at="2026-11-24T09:00:02.000Z",
    kept_until="2028-11-24T09:00:02.000Z",
)


def test_the_page_asks_the_platform_and_lists_the_newest_first() -> None:
    learner = looking()
    assert learner.did(FetchSnapshots)
    assert snapshots(learner).state == "loading"
    waiting = ("2026-11-24T09:05:00.000Z", "between", "lesson-gone")
    learner.tell(SnapshotsLoaded(learner.now_ns, (SENT,), (waiting,)))  # type: ignore[arg-type]
    view = snapshots(learner)
    assert view.state == "ready"
    assert [(each.state, each.why, each.title) for each in view.rows] == [
        ("waiting", "between", "lesson-gone"),
        ("sent", "check", "有限空间"),
    ]
    assert view.rows[1].kept_until == SENT.kept_until
    assert view.keeps_months_online == learner.policy.keeps_months_online


def test_no_picture_is_an_answer_too() -> None:
    learner = looking()
    learner.tell(SnapshotsLoaded(learner.now_ns, ()))
    assert snapshots(learner).state == "empty"


def test_without_a_line_what_waits_here_is_known_and_asking_again_asks() -> None:
    learner = looking()
    waiting = (("2026-11-24T09:05:00.000Z", "between", "lesson-1"),)
    learner.tell(
        SnapshotsFailed(learner.now_ns, Report(Trouble.UNREACHABLE), waiting)  # type: ignore[arg-type]
    )
    view = snapshots(learner)
    assert (view.state, len(view.rows)) == ("offline", 1)
    learner.want(intents.Retry())
    assert len(learner.did(FetchSnapshots)) == 2
    assert snapshots(learner).state == "loading"
    learner.tell(SnapshotsFailed(learner.now_ns, Report(Trouble.SERVER_FAULT)))
    assert snapshots(learner).state == "error"
    learner.want(intents.ShowHours())
    assert present(learner.session, FRAME).page is Page.HOURS


# An appeal


def failed() -> Learner1:
    learner = _failed()
    return replace(learner, effects=list(learner.effects))


@cache
def _failed() -> Learner1:
    learner = Learner1()
    learner.begin()
    learner.watch(60)
    for _ in range(2):
        learner.show_face(4, who=STRANGER)
        learner.want(intents.RetryCheck())
    assert learner.phase() is Phase.ENDED
    return learner


def signed_out(learner: Learner1) -> SignedOutView:
    view = present(learner.session, FRAME).signed_out
    assert view is not None
    return view


def test_one_click_files_an_appeal_and_shows_its_number() -> None:
    learner = failed()
    learner.want(intents.FileAppeal())
    learner.want(intents.FileAppeal())
    check = learner.facts(facts.CheckFailed)[0].check
    appeal = Appeal(chain="chain-1", check=check, lesson="lesson-1", reason="other_person")
    assert learner.did(SendAppeal) == [SendAppeal(appeal)], "once"
    assert signed_out(learner).appeal == "sending"
    learner.tell(AppealFiled(learner.now_ns, "A-20261124-000001"))
    view = signed_out(learner)
    assert (view.appeal, view.appeal_number) == ("sent", "A-20261124-000001")
    learner.want(intents.FileAppeal())
    assert len(learner.did(SendAppeal)) == 1


def test_an_appeal_that_did_not_arrive_can_be_sent_again() -> None:
    learner = failed()
    learner.want(intents.FileAppeal())
    learner.tell(AppealFailed(learner.now_ns, Report(Trouble.UNREACHABLE)))
    assert signed_out(learner).appeal == "failed"
    learner.want(intents.FileAppeal())
    assert len(learner.did(SendAppeal)) == 2


def test_who_simply_signs_out_has_nothing_to_appeal_against() -> None:
    learner = Learner1()
    learner.begin()
    learner.want(intents.SignOut())
    assert signed_out(learner).appeal == ""
    learner.want(intents.FileAppeal())
    assert not learner.did(SendAppeal)


# When the next check comes

seeds = st.binary(min_size=32, max_size=32)


def opened(policy: Policy, film_s: float, position_s: float, seed: bytes) -> Session:
    """A session with a lesson open at a place of its film."""
    learner = Learner1(policy=policy)
    learner.enter_class()
    learner.open_lesson()
    session, study = learner.session, need_study(learner.session)
    assert session.run is not None
    lesson = study.lesson.model_copy(update={"duration_ms": round(film_s * 1000)})
    beacon = session.run.beacon.model_copy(update={"value": seed.hex()})
    study = replace(study, lesson=lesson, position_us=round(position_s * US))
    return replace(session, study=study, run=replace(session.run, beacon=beacon))


POLICY = Policy()


@given(
    first=seeds,
    second=seeds,
    film_s=st.floats(1, 4000),
    position=st.floats(0, 1),
    next_film_s=st.floats(0.5, 4000),
    watched=st.floats(0, 1),
)
def test_a_plan_that_is_drawn_anew_never_comes_later(
    first: bytes,
    second: bytes,
    film_s: float,
    position: float,
    next_film_s: float,
    watched: float,
) -> None:
    session = opened(POLICY, film_s, film_s * position, first)
    assert needs_plan(session)
    session, _ = plan_next(session, 0)
    standing = session.plan
    assert standing is not None
    watched_us = round(standing.due_us * watched)
    session = replace(session, since_us=watched_us)
    another = opened(POLICY, next_film_s, 0, second)
    session = replace(session, study=another.study, run=another.run)
    if not needs_plan(session):
        left_us = need_study(session).duration_us
        assert standing.due_us - watched_us <= left_us, "the film's own check falls in the film"
        return
    session, (keep,) = plan_next(session, 0)
    renewed = session.plan
    assert renewed is not None
    assert renewed.due_us <= standing.due_us
    assert renewed.due_us <= HARD_LIMIT_S * US
    fact = keep.fact
    assert isinstance(fact, facts.CheckPlanned)
    assert fact.since_s == watched_us / US
    again = plan_check(
        second,
        session.checks,
        rules_of(POLICY),
        fact.film_left_s,
        fact.checked_in_film,
        since_s=fact.since_s,
    )
    assert again.after_s == fact.after_s, "the platform draws the same"


@given(seed=seeds, ordinal=st.integers(0, 1000), after_s=st.floats(0.001, 900))
def test_a_picture_comes_before_its_check_and_at_one_place_of_a_seed(
    seed: bytes, ordinal: int, after_s: float
) -> None:
    moment = between_s(seed, ordinal, after_s)
    assert 0 <= moment < max(after_s, 0.001)
    assert moment == between_s(seed, ordinal, after_s)
    assert picture_after(seed, ordinal, 2) in (1, 2)


def test_the_moments_of_pictures_are_spread_evenly() -> None:
    moments = [between_s(bytes([n % 256]) * 32, n, 100.0) for n in range(1, 2001)]
    tenths = [sum(10 * t <= m < 10 * t + 10 for m in moments) for t in range(10)]
    assert all(140 <= count <= 260 for count in tenths), tenths
    assert between_s(bytes.fromhex(SEED), 1, 100.0, 0) != between_s(
        bytes.fromhex(SEED), 1, 100.0, 1
    )


def test_the_policys_sets_reach_the_draw() -> None:
    policy = Policy(check_set=("turn_left", "nod"), check_alternative=(), screen_light=False)
    rules = rules_of(policy)
    assert rules.allowed == (Action.TURN_LEFT, Action.NOD)
    planned = plan_check(bytes.fromhex(SEED), 1, rules, 600.0, True)
    assert set(planned.actions) == {Action.TURN_LEFT, Action.NOD}
    assert planned.alternatives == ()
    assert planned.attempts[0].tints == ()


# Settings on record


def test_another_language_is_on_record_after_what_was_watched() -> None:
    learner = Learner1()
    learner.want(intents.SetLanguage("en"))
    assert not learner.facts(facts.SettingChanged), "there is no run yet"
    learner.want(intents.SetLanguage("zh_CN"))
    learner.begin()
    learner.watch(5)
    before = len(learner.effects)
    learner.want(intents.SetLanguage("en"))
    learner.want(intents.SetLanguage("en"))
    told = [each.fact for each in learner.effects[before:] if isinstance(each, Keep)]
    assert [type(fact) for fact in told] == [facts.Watched, facts.SettingChanged]
    assert told[1] == facts.SettingChanged(setting="language", old="zh_CN", new="en")
