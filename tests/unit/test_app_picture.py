"""Picture, sound and pace of the open lesson: what the session makes of them."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import intents
from app.effects import (
    ChangeMode,
    ChangeRate,
    FetchExtras,
    OpenFilm,
    PauseFilm,
    Recall,
    SeekFilm,
    UsePolicy,
    WarmFilm,
)
from app.events import Beat, CoursesLoaded, ExtrasLoaded, Recalled
from app.present import Frame, present
from app.state import Phase
from app.view import LessonView
from player.captions import Cue, Track
from player.events import (
    Ended,
    Failed,
    Fault,
    FrameShown,
    LineMeasured,
    Mode,
    ModeChanged,
    Opened,
    Recovered,
    SoundMeasured,
    Stalled,
    Unseen,
)
from sync import facts
from sync.contract import ChapterInfo, CreditSpan, Policy, ThumbnailsInfo
from tests.session_kit import FILM_S, FRAME_US, Learner1, course, credit, lesson

S = 1_000_000_000
US = 1_000_000


def lesson_view(learner: Learner1) -> LessonView:
    view = present(learner.session, Frame()).lesson
    assert view is not None
    return view


def watched(learner: Learner1, seconds: float = FILM_S) -> None:
    """Enter a class in which the first lesson was watched before, on another PC."""
    learner.enter_class()
    span = CreditSpan(start_s=0, end_s=seconds, state="credited")
    known = credit(credited_s=seconds, spans=(span,), completed=seconds >= FILM_S)
    first = lesson().model_copy(update={"credit": known})
    learner.tell(CoursesLoaded(learner.now_ns, (course(first, lesson("lesson-2")),)))


def line(learner: Learner1, bps: int, ahead_s: float, *, whole: bool = False) -> None:
    learner.tell(LineMeasured(learner.now_ns, bps, round(ahead_s * US), whole))


def test_a_film_watched_in_part_has_one_pace() -> None:
    learner = Learner1()
    watched(learner, FILM_S - 30)
    learner.open_lesson()
    assert lesson_view(learner).rates == ()
    learner.want(intents.SetRate(2.0))
    assert learner.did(ChangeRate) == []


def test_a_film_watched_completely_may_be_watched_faster_and_says_so_on_record() -> None:
    learner = Learner1()
    watched(learner)
    learner.open_lesson()
    assert lesson_view(learner).rates == (1.0, 1.25, 1.5, 2.0)
    learner.want(intents.Play())
    learner.watch(1)
    learner.want(intents.SetRate(2.0))
    assert learner.did(ChangeRate) == [ChangeRate(2.0)]
    assert lesson_view(learner).rate == 2.0
    for _ in range(50):
        start = learner.film_us
        learner.film_us += FRAME_US
        learner.tell(FrameShown(learner.now_ns, start, start + FRAME_US, Mode.STANDARD))
        learner.now_ns += FRAME_US * 500
    learner.want(intents.Pause())
    kept = learner.facts(facts.Watched)[-2:]
    assert [each.rate for each in kept] == [1.0, 2.0]
    wall_us = (kept[1].ended_ns - kept[1].began_ns) // 1000
    assert kept[1].end_us - kept[1].start_us <= wall_us * 2 + FRAME_US


def test_film_that_was_watched_and_not_counted_has_one_pace() -> None:
    learner = Learner1()
    learner.enter_class()
    span = CreditSpan(start_s=0, end_s=FILM_S, state="not_counted", reason="check_failed")
    first = lesson().model_copy(update={"credit": credit(spans=(span,))})
    learner.tell(CoursesLoaded(learner.now_ns, (course(first),)))
    learner.open_lesson()
    assert lesson_view(learner).rates == ()


def test_the_policy_caps_the_pace() -> None:
    learner = Learner1(policy=Policy(rewatch_rate=1.25))
    watched(learner)
    learner.open_lesson()
    assert lesson_view(learner).rates == (1.0, 1.25)
    learner.want(intents.SetRate(1.5))
    assert learner.did(ChangeRate) == []


def test_the_policy_caps_the_picture() -> None:
    learner = Learner1(policy=Policy(mode_cap="standard"))
    learner.session = replace(
        learner.session, preferences=replace(learner.session.preferences, mode=Mode.HIGH)
    )
    learner.enter_class()
    learner.open_lesson()
    assert learner.did(OpenFilm)[-1].mode is Mode.STANDARD
    learner.want(intents.SetMode(Mode.HIGH))
    assert learner.did(ChangeMode) == []
    picture = lesson_view(learner).picture
    assert picture is not None
    assert (picture.cap, picture.chosen, picture.slow_line) == (Mode.STANDARD, Mode.STANDARD, False)


def test_the_program_steps_down_when_the_line_cannot_carry_the_picture_and_says_so() -> None:
    learner = Learner1()
    learner.enter_class()
    heavy = tuple(
        each.model_copy(update={"bits_per_second": bps})
        for each, bps in zip(lesson().renditions, (400_000, 600_000, 1_000_000), strict=True)
    )
    first = lesson().model_copy(update={"renditions": heavy})
    learner.tell(CoursesLoaded(learner.now_ns, (course(first, lesson("lesson-2")),)))
    learner.open_lesson()
    learner.want(intents.Play())
    for _ in range(12):
        learner.watch(1)
        line(learner, 450_000, 1.0)
    assert learner.did(ChangeMode) == [ChangeMode(Mode.FLUENT)]
    learner.tell(ModeChanged(learner.now_ns, Mode.STANDARD, Mode.FLUENT, 40_000, 0))
    view = lesson_view(learner)
    assert view.picture is not None
    assert (view.mode, view.picture.chosen, view.picture.slow_line) == (
        Mode.FLUENT,
        Mode.STANDARD,
        True,
    )
    assert learner.session.notice is not None
    assert learner.session.notice.key == "mode_changed"
    assert learner.facts(facts.ModeSwitched)[-1].automatic
    learner.want(intents.SetMode(Mode.STANDARD))
    assert learner.did(ChangeMode)[-1] == ChangeMode(Mode.STANDARD)
    learner.tell(ModeChanged(learner.now_ns, Mode.FLUENT, Mode.STANDARD, 40_000, 0))
    assert not learner.facts(facts.ModeSwitched)[-1].automatic


def test_waiting_for_the_line_shows_how_far_it_is() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    learner.tell(Stalled(learner.now_ns, learner.film_us))
    line(learner, 160_000, 0.5)
    waiting = lesson_view(learner).buffering
    assert waiting is not None
    assert (waiting.share, waiting.bits_per_second) == (0.25, 160_000)
    learner.tell(Recovered(learner.now_ns, 1_000_000))
    assert lesson_view(learner).buffering is None


def test_a_window_that_is_covered_pauses_the_film() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(2)
    learner.tell(Unseen(learner.now_ns, learner.film_us))
    assert (learner.phase(), learner.reason()) == (Phase.PAUSED, "covered")
    assert learner.did(PauseFilm)
    assert learner.facts(facts.Paused)[-1].reason == "covered"


@pytest.mark.parametrize("step_s", [-3600, 3600])
def test_a_calendar_clock_that_is_set_pauses_and_says_so(step_s: int) -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(1)
    wall_ns = 1_800_000_000 * S
    learner.tell(Beat(learner.now_ns, wall_ns))
    learner.tell(Beat(learner.now_ns + S, wall_ns + S))
    assert learner.phase() is Phase.PLAYING
    learner.tell(Beat(learner.now_ns + 2 * S, wall_ns + (2 + step_s) * S))
    assert (learner.phase(), learner.reason()) == (Phase.PAUSED, "clock")


def test_the_next_lesson_is_warmed_once_this_film_is_here() -> None:
    learner = Learner1()
    learner.begin()
    line(learner, 5_000_000, 60)
    assert learner.did(WarmFilm) == []
    for _ in range(3):
        line(learner, 5_000_000, 60, whole=True)
    assert [each.lesson.id for each in learner.did(WarmFilm)] == ["lesson-2"]


def test_a_full_disk_is_said_once_and_stops_nothing() -> None:
    learner = Learner1()
    learner.begin()
    for _ in range(3):
        learner.tell(LineMeasured(learner.now_ns, 1, 1, whole=False, kept=False))
        learner.want(intents.DismissNotice())
        learner.watch(0.2)
    assert learner.phase() is Phase.PLAYING
    learner.tell(LineMeasured(learner.now_ns, 1, 1, whole=False, kept=False))
    assert learner.session.notice is None


def test_captions_chapters_and_small_pictures_are_shown_when_they_have_come() -> None:
    learner = Learner1()
    learner.enter_class()
    told = lesson().model_copy(
        update={
            "chapters": (ChapterInfo(start_ms=5000, title="一", title_en="One"),),
            "thumbnails": ThumbnailsInfo(
                path="/x.jpg", interval_ms=5000, columns=10, width=160, height=90
            ),
        }
    )
    learner.tell(CoursesLoaded(learner.now_ns, (course(told),)))
    learner.open_lesson()
    assert learner.did(FetchExtras)[-1].lesson.id == "lesson-1"
    assert lesson_view(learner).chapters[0].start_s == 5.0
    assert lesson_view(learner).thumbnails is None
    track = Track((Cue(0, 2 * US, "有限空间"),))
    extras = ExtrasLoaded(learner.now_ns, "lesson-1", MappingProxyType({"zh_CN": track}), b"jpeg")
    learner.tell(replace(extras, lesson="lesson-9"))
    assert lesson_view(learner).captions.offered == ()
    learner.tell(extras)
    assert lesson_view(learner).captions.offered == ("zh_CN",)
    assert lesson_view(learner).captions.text == ""
    learner.want(intents.SetCaptions("zh_CN", "large"))
    view = lesson_view(learner)
    assert (view.captions.text, view.captions.size) == ("有限空间", "large")
    assert view.thumbnails is not None
    assert view.thumbnails.interval_s == 5.0


def test_without_a_sound_device_the_film_plays_and_says_so() -> None:
    learner = Learner1()
    learner.begin()
    learner.tell(SoundMeasured(learner.now_ns, None, device=False))
    learner.watch(1)
    assert learner.phase() is Phase.PLAYING
    assert not lesson_view(learner).sound_device


def test_signing_in_brings_back_what_this_learner_chose_and_hands_on_the_policy() -> None:
    learner = Learner1()
    learner.sign_in()
    assert learner.did(Recall) == [Recall("demo")]
    assert learner.did(UsePolicy) == [UsePolicy(learner.policy)]
    learner.tell(Recalled(learner.now_ns, Mode.HIGH, 0.3, muted=True, captions="en"))
    chosen = learner.session.preferences
    assert (chosen.mode, chosen.volume, chosen.muted, chosen.captions) == (
        Mode.HIGH,
        0.3,
        True,
        "en",
    )
    assert chosen.name == "demo"


def test_a_check_that_comes_with_the_last_frame_leaves_the_lesson_finished_when_passed() -> None:
    """`Ended` in a check is kept in mind, and said only when the check has been passed."""
    learner = Learner1(policy=Policy(check_min_gap_s=5, check_max_gap_s=6, check_actions=1))
    learner.begin()
    learner.watch(30)
    assert learner.phase() is Phase.CHECKING
    learner.tell(Ended(learner.now_ns, learner.film_us))
    assert learner.phase() is Phase.CHECKING
    assert learner.facts(facts.LessonFinished) == []
    check = learner.session.check
    assert check is not None
    passed = replace(check, stage="passed", until_ns=learner.now_ns)
    learner.session = replace(learner.session, check=passed)
    learner.pass_time(0.2)
    assert (learner.phase(), learner.reason()) == (Phase.PAUSED, "finished")
    assert learner.facts(facts.Paused)[-1].reason == "finished"


def test_a_film_that_fails_in_a_check_says_so_afterwards_and_does_not_seem_to_play() -> None:
    learner = Learner1(policy=Policy(check_min_gap_s=5, check_max_gap_s=6))
    learner.begin()
    learner.watch(30)
    assert learner.phase() is Phase.CHECKING
    learner.tell(Failed(learner.now_ns, Fault.REFUSED, "403"))
    check = learner.session.check
    assert check is not None
    passed = replace(check, stage="passed", until_ns=learner.now_ns)
    learner.session = replace(learner.session, check=passed)
    learner.pass_time(0.2)
    assert learner.phase() is Phase.PAUSED
    assert lesson_view(learner).report is not None


def test_the_end_told_in_a_pause_finishes_the_lesson() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(1)
    learner.look_away_from_window("unfocused")
    learner.tell(Ended(learner.now_ns, learner.film_us))
    assert learner.reason() == "finished"


def test_play_while_the_line_is_waited_for_does_not_seem_to_play() -> None:
    learner = Learner1()
    learner.begin()
    learner.watch(1)
    learner.tell(Stalled(learner.now_ns, learner.film_us))
    learner.want(intents.Play())
    assert (learner.phase(), learner.reason()) == (Phase.PAUSED, "stalled")
    learner.tell(Failed(learner.now_ns, Fault.UNREACHABLE, "gone"))
    learner.want(intents.Retry())
    learner.tell(Opened(learner.now_ns, FILM_S * US, learner.film_us, Mode.STANDARD))
    learner.want(intents.Play())
    assert learner.phase() is Phase.PLAYING


def test_a_film_opened_anew_runs_at_its_own_pace() -> None:
    learner = Learner1()
    watched(learner)
    learner.open_lesson()
    learner.want(intents.SetRate(2.0))
    learner.tell(Failed(learner.now_ns, Fault.UNREACHABLE, "gone"))
    learner.want(intents.Retry())
    assert lesson_view(learner).rate == 1.0


wishes = st.one_of(
    st.integers(-US, 200 * US).map(intents.Seek),
    st.sampled_from([0.5, 1.0, 1.25, 2.0, 4.0]).map(intents.SetRate),
    st.sampled_from([intents.Play(), intents.Pause()]),
    st.sampled_from(list(Mode)).map(intents.SetMode),
    st.floats(0.1, 5.0),
)


@given(st.lists(wishes, max_size=30), st.sampled_from([0, 40, FILM_S]))
def test_no_wish_moves_the_film_into_what_was_not_watched(
    wanted: list[object], known_s: int
) -> None:
    """Whoever asks, by mouse, key, remote control or screen reader, asks with these intents."""
    learner = Learner1(policy=Policy(check_min_gap_s=800, check_max_gap_s=900))
    if known_s:
        watched(learner, known_s)
    else:
        learner.enter_class()
    learner.open_lesson()
    furthest_us = max(known_s * US, learner.film_us)
    for wish in wanted:
        if isinstance(wish, float):
            learner.watch(wish)
            furthest_us = max(furthest_us, learner.film_us)
            continue
        before = len(learner.did(SeekFilm))
        learner.want(wish)  # type: ignore[arg-type]
        for sought in learner.did(SeekFilm)[before:]:
            assert sought.to_us <= furthest_us
            learner.film_us = sought.to_us
        study = learner.session.study
        assert study is not None
        assert study.rate == 1.0 or study.seen.is_complete(study.duration_us)
