"""Every state of every page, as views: for the gallery and for the tests."""

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from app.errors import Report, Trouble
from app.ui.gallery_checks import CAMERAS, cameras, checks, endings, snapshots
from app.ui.gallery_pictures import thumbnails
from app.view import (
    Buffering,
    CameraView,
    CaptionsView,
    Chapter,
    CheckView,
    ClassView,
    ConsentView,
    CourseCard,
    FilmPart,
    Hint,
    HoursRow,
    HoursView,
    LessonCard,
    LessonView,
    Notice,
    Page,
    PictureView,
    Reason,
    SignedOutView,
    SignInView,
    Status,
    TroubleView,
    WindowView,
)
from player.events import Mode

_STUCK = ("stalled", "absent", "several_faces", "taken_over", "policy", "camera_starting")
_CONTACT = "粤安职业培训学校 020-0000 0000"
_LEARNER = "陈国华"

LESSONS = (
    LessonCard(
        "cs-1", "进入有限空间之前", "Before you enter", 1200.0, 1200.0, 0.0, 5, completed=True
    ),
    LessonCard(
        "cs-2",
        "气体检测与通风",
        "Testing the air and ventilating",
        1200.0,
        760.0,
        35.0,
        5,
        completed=False,
    ),
    LessonCard(
        "cs-3",
        "监护、救援与应急处置",
        "Attendants, rescue and emergencies",
        900.0,
        0.0,
        0.0,
        5,
        completed=False,
    ),
)
COURSE = CourseCard(
    "confined", "有限空间作业安全", "Confined-space work safety", "特种作业", LESSONS
)
_SECOND = CourseCard(
    "height",
    "高处作业安全",
    "Working at height",
    "特种作业",
    (
        replace(
            LESSONS[2],
            lesson="h-1",
            title="安全带与生命线",
            title_en="Harnesses and lifelines",
        ),
    ),
)
CHAPTERS = (
    Chapter(0.0, "为什么要检测", "Why to measure"),
    Chapter(240.0, "检测的顺序", "In which order"),
    Chapter(560.0, "通风的方法", "Ways of ventilating"),
    Chapter(930.0, "持续监测与记录", "Measuring on, and keeping records"),
)
SIGN_IN = SignInView(name="", platform="learn.example.cn")
CONSENT = ConsentView(institution="粤安职业培训学校")
CLASS = ClassView("ready", _LEARNER, "2026 年有限空间作业班", "粤安职业培训学校", (COURSE, _SECOND))
STATUS = Status("counting", 760.0, 1200.0)
LESSON = LessonView(
    lesson="cs-2",
    title="气体检测与通风",
    title_en="Testing the air and ventilating",
    course_title="有限空间作业安全",
    course_title_en="Confined-space work safety",
    mode=Mode.STANDARD,
    changing_mode=False,
    playing=True,
    can_play=True,
    loading=False,
    position_s=795.0,
    duration_s=1200.0,
    watched=((0.0, 795.0),),
    status=STATUS,
    lessons=LESSONS,
    questions=5,
    face_present=True,
)
HOURS = HoursView(
    "ready",
    (
        HoursRow(
            "cs-1",
            LESSONS[0].title,
            LESSONS[0].title_en,
            1200,
            1200,
            0,
            completed=True,
            parts=(FilmPart(0.0, 1200.0, "credited"),),
        ),
        HoursRow(
            "cs-2",
            LESSONS[1].title,
            LESSONS[1].title_en,
            1200,
            760,
            35,
            completed=False,
            lost=((550.0, 595.0, "absent"), (300.0, 380.0, "check_failed")),
            parts=(
                FilmPart(0.0, 300.0, "credited"),
                FilmPart(300.0, 380.0, "not_counted", "check_failed"),
                FilmPart(380.0, 550.0, "credited"),
                FilmPart(550.0, 595.0, "not_counted", "absent"),
                FilmPart(595.0, 885.0, "credited"),
                FilmPart(885.0, 920.0, "provisional", "review"),
            ),
        ),
        HoursRow("cs-3", LESSONS[2].title, LESSONS[2].title_en, 900, 0, 0, completed=False),
    ),
    1960.0,
    35.0,
    128,
    124,
)


def _window(page: Page, **parts: object) -> WindowView:
    learner = "" if page in (Page.SIGN_IN, Page.SIGNED_OUT) else _LEARNER
    view = WindowView(page=page, language="zh_CN", learner=learner)
    return replace(view, **parts)  # type: ignore[arg-type]


def _paused(reason: Reason, **more: object) -> LessonView:
    status = replace(STATUS, kind="paused", reason=reason)
    view = replace(LESSON, playing=False, status=status)
    return replace(view, **more)  # type: ignore[arg-type]


def _checked(check: CheckView) -> LessonView:
    status = replace(STATUS, kind="needed", seconds_left=check.seconds_left, reason="check")
    return replace(LESSON, playing=False, can_play=False, status=status, check=check)


def _films() -> dict[str, LessonView]:
    """What the player's manners add to a lesson."""
    words = "进入前必须先检测氧气、可燃气体和有毒气体，\n检测合格后才能进入。"
    english = "Measure oxygen, flammable and toxic gases before you enter."
    both = CaptionsView(("zh_CN", "en"))
    rich = replace(
        LESSON,
        chapters=CHAPTERS,
        thumbnails=thumbnails(),
        captions=replace(both, language="zh_CN", text=words),
        picture=PictureView(Mode.STANDARD),
    )
    slow = PictureView(Mode.HIGH, slow_line=True)
    waits = replace(_paused("stalled"), picture=PictureView(Mode.HIGH), mode=Mode.HIGH)
    again = replace(
        _paused("finished"),
        watched=((0.0, 1200.0),),
        status=replace(STATUS, kind="finished", credited_s=1200.0),
        rates=(1.0, 1.25, 1.5, 2.0),
        finished=True,
    )
    low = replace(waits, mode=Mode.FLUENT, picture=slow, buffering=Buffering(0.75, 9_600_000))
    return {
        "rich": rich,
        "captions-large": replace(
            rich, captions=replace(both, language="en", text=english, size="large")
        ),
        "captions-off": replace(rich, captions=both),
        "slow-line": replace(rich, picture=slow, mode=Mode.FLUENT),
        "capped": replace(rich, picture=PictureView(Mode.HIGH, cap=Mode.STANDARD)),
        "two-pictures": replace(
            rich, picture=PictureView(Mode.STANDARD, offered=(Mode.FLUENT, Mode.STANDARD))
        ),
        "again": replace(again, playing=True, rate=1.25, chapters=CHAPTERS, captions=both),
        "buffering": replace(waits, buffering=Buffering(0.4, 1_200_000)),
        "buffering-fluent": low,
        "buffering-nothing": replace(waits, buffering=Buffering(0.0, 0)),
        "buffering-opening": replace(
            waits, loading=True, can_play=False, buffering=Buffering(0.2, 800_000)
        ),
        "no-sound": replace(LESSON, sound_device=False),
    }


def _sign_in() -> Iterator[tuple[str, WindowView]]:
    def page(view: SignInView, *, demo: bool = False) -> WindowView:
        return _window(Page.SIGN_IN, sign_in=view, demo=demo)

    yield "sign-in", page(SIGN_IN)
    demo = replace(SIGN_IN, demo_account=("xueyuan", "anquan2026"))
    yield "sign-in-demo", page(demo, demo=True)
    yield "sign-in-busy", page(replace(SIGN_IN, name="gd20260412", busy=True))
    yield "sign-in-no-keyring", page(replace(SIGN_IN, can_remember_password=False))
    for trouble in (Trouble.WRONG_PASSWORD, Trouble.UNREACHABLE, Trouble.CLOCK_OFF):
        report = Report(trouble, seconds=86_400)
        yield (
            f"sign-in-{trouble.value}",
            page(replace(SIGN_IN, name="gd20260412", report=report)),
        )


def _before_study() -> Iterator[tuple[str, WindowView]]:
    yield "consent", _window(Page.CONSENT, consent=CONSENT)
    yield "consent-declined", _window(Page.CONSENT, consent=replace(CONSENT, declined=True))
    for name, camera in (
        ("starting", CameraView("starting")),
        ("positioning", CameraView("positioning", "too_far", 0.1)),
        ("matching", CameraView("matching", "hold_still", 0.6)),
        ("matched", CameraView("matched", "good", 1.0, 0.71)),
        ("enrolled", CameraView("enrolled", "good", 1.0)),
        ("mismatch", CameraView("mismatch", "", 1.0, 0.21)),
        ("simulated", CameraView("positioning", "face_front", 0.2, simulated=True)),
    ):
        yield f"camera-{name}", _window(Page.CAMERA, camera=camera, demo=camera.simulated)
    for hint in get_args(Hint):
        if hint:
            view = CameraView("positioning", hint, 0.2)
            yield f"camera-hint-{hint}", _window(Page.CAMERA, camera=view)
    for name, camera in cameras():
        yield f"camera-{name}", _window(Page.CAMERA, camera=camera, demo=camera.simulated)
    full = replace(CONSENT, snapshots_per_check=2, template_kept=True)
    yield "consent-template", _window(Page.CONSENT, consent=full)
    none = replace(CONSENT, snapshots_per_check=0, snapshots_between=0, screen_light=False)
    yield "consent-no-pictures", _window(Page.CONSENT, consent=none)


def _class() -> Iterator[tuple[str, WindowView]]:
    def page(view: ClassView, *, offline: bool = False) -> WindowView:
        return _window(Page.CLASS, classroom=view, offline=offline)

    yield "class", page(CLASS)
    done = tuple(replace(each, credited_s=each.duration_s, completed=True) for each in LESSONS)
    yield "class-all-done", page(replace(CLASS, courses=(replace(COURSE, lessons=done),)))
    yield "class-loading", page(replace(CLASS, state="loading", courses=()))
    yield "class-empty", page(replace(CLASS, state="empty", courses=()))
    error = Report(Trouble.SERVER_FAULT)
    yield "class-error", page(replace(CLASS, state="error", courses=(), report=error))
    unreachable = Report(Trouble.UNREACHABLE)
    alone = replace(CLASS, state="offline", courses=(), report=unreachable)
    yield "class-offline-empty", page(alone, offline=True)
    yield "class-offline", page(replace(CLASS, state="offline"), offline=True)
    for kind, key in (
        ("attention", "offline"),
        ("success", "online_again"),
        ("info", "mode_changed"),
        ("info", "mode_restored"),
        ("attention", "not_kept"),
        ("success", "exported"),
        ("info", "recovered"),
    ):
        notice = Notice(kind, key=key)  # type: ignore[arg-type]
        yield f"notice-{key}", replace(page(CLASS), notice=notice)


def _lesson() -> Iterator[tuple[str, WindowView]]:
    def page(view: LessonView, **parts: object) -> WindowView:
        return _window(Page.LESSON, lesson=view, **parts)

    yield "lesson-counting", page(LESSON)
    waiting = replace(STATUS, kind="waiting", provisional_s=35.0)
    yield "lesson-waiting", page(replace(LESSON, status=waiting))
    lost = replace(
        STATUS, kind="not_counted", lost_start_s=550.0, lost_end_s=595.0, lost_reason="absent"
    )
    yield "lesson-not-counted", page(replace(LESSON, status=lost))
    begun_again = replace(lost, reason="ready")
    yield "lesson-not-counted-ready", page(replace(LESSON, status=begun_again, playing=False))
    yield "lesson-changing-mode", page(replace(LESSON, changing_mode=True))
    offline = replace(LESSON, status=waiting, offline=True)
    yield "lesson-offline", page(offline, offline=True, notice=Notice("attention", key="offline"))
    simulated = replace(LESSON, simulated=True, muted=True)
    yield "lesson-simulated", page(simulated, demo=True)
    opening = replace(STATUS, kind="paused")
    yield (
        "lesson-loading",
        page(replace(LESSON, playing=False, can_play=False, loading=True, status=opening)),
    )
    for reason in get_args(Reason):
        if reason and reason not in ("check", "finished", "signed_out", "ready"):
            stuck = reason in _STUCK
            yield f"lesson-paused-{reason}", page(_paused(reason, can_play=not stuck))
    resting = _paused("minimised", camera_on=False, face_present=False)
    yield "lesson-camera-off", page(resting)
    fresh = replace(STATUS, kind="paused", reason="ready", credited_s=0.0)
    ready = _paused("ready", position_s=0.0, watched=(), status=fresh)
    yield "lesson-ready", page(ready)
    ended = replace(STATUS, kind="finished", credited_s=1200.0, reason="finished")
    finished = _paused(
        "finished", status=ended, finished=True, position_s=1200.0, watched=((0.0, 1200.0),)
    )
    yield "lesson-finished", page(finished)
    for name, view in FILMS.items():
        yield f"lesson-{name}", page(view)
    broken = _paused("stalled", can_play=False, report=Report(Trouble.FILM_UNREACHABLE))
    yield "lesson-film-unreachable", page(broken)
    yield from _checks()


def _checks() -> Iterator[tuple[str, WindowView]]:
    def page(check: CheckView) -> WindowView:
        return _window(Page.LESSON, lesson=_checked(check))

    for name, check in checks():
        yield f"check-{name}", page(check)


def _after_study() -> Iterator[tuple[str, WindowView]]:
    yield "hours", _window(Page.HOURS, hours=HOURS)
    yield "hours-loading", _window(Page.HOURS, hours=HoursView("loading"))
    yield "hours-empty", _window(Page.HOURS, hours=HoursView("empty"))
    error = HoursView("error", report=Report(Trouble.UNREACHABLE))
    yield "hours-error", _window(Page.HOURS, hours=error)
    offline = replace(HOURS, state="offline")
    yield "hours-offline", _window(Page.HOURS, hours=offline, offline=True)
    for name, pictures in snapshots():
        offline_ = pictures.state == "offline"
        yield f"snapshots-{name}", _window(Page.SNAPSHOTS, snapshots=pictures, offline=offline_)
    for reason in ("learner", "check_failed", "idle", "taken_over", "policy", "closed"):
        lost = 312.0 if reason == "check_failed" else 0.0
        view = SignedOutView(reason, False, 760.0, 35.0, lost)
        yield f"signed-out-{reason}", _window(Page.SIGNED_OUT, signed_out=view)
    sending = SignedOutView("learner", sending=True, credited_s=760.0, provisional_s=35.0)
    yield "signed-out-sending", _window(Page.SIGNED_OUT, signed_out=sending)
    half = replace(sending, unsent=14, pictures=2, total=40)
    yield "signed-out-progress", _window(Page.SIGNED_OUT, signed_out=half)
    unsent = replace(sending, sending=False, unsent=3)
    yield "signed-out-unsent", _window(Page.SIGNED_OUT, signed_out=unsent)
    left = replace(unsent, pictures=2)
    yield "signed-out-left", _window(Page.SIGNED_OUT, signed_out=left)
    for name, ended in endings():
        yield f"signed-out-{name}", _window(Page.SIGNED_OUT, signed_out=ended)
    for trouble in Trouble:
        view_ = TroubleView(Report(trouble, seconds=5400, records=41), support_contact=_CONTACT)
        if trouble is Trouble.CAMERA_BUSY:
            view_ = replace(view_, cameras=CAMERAS, camera=CAMERAS[0].name)
        if trouble is Trouble.KEY_NOT_KEPT:
            view_ = replace(view_, can_do_without=True)
        yield f"trouble-{trouble.value}", _window(Page.TROUBLE, trouble=view_)


FILMS = _films()


def states() -> dict[str, WindowView]:
    """Every state by name."""
    return dict(
        (*_sign_in(), *_before_study(), *_class(), *_lesson(), *_after_study()),
    )
