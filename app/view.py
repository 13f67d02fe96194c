"""What is on the screen, as plain values: the window renders these and nothing else.

Pure code makes them out of the session's state; the window turns them into widgets and
words. Seconds of film or of study are floats; pages never compute, they show.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from app.errors import Report
from app.intents import CaptionSize
from player.events import Mode
from sync.connection import Examined


class Page(StrEnum):
    SIGN_IN = "sign_in"
    CONSENT = "consent"
    CAMERA = "camera"
    CLASS = "class"
    LESSON = "lesson"
    HOURS = "hours"
    SNAPSHOTS = "snapshots"
    TROUBLE = "trouble"
    SIGNED_OUT = "signed_out"


PageState = Literal["loading", "ready", "empty", "error", "offline"]
StatusKind = Literal["counting", "waiting", "paused", "needed", "not_counted", "finished"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A bar over the page: something changed, nothing is blocked."""

    kind: Literal["info", "success", "attention", "danger"]
    report: Report | None = None
    key: Literal[
        "",
        "offline",
        "online_again",
        "mode_changed",
        "mode_restored",
        "not_kept",
        "exported",
        "recovered",
        "check_disputed",
    ] = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SignInView:
    name: str = ""
    busy: bool = False
    report: Report | None = None
    platform: str = ""
    can_remember_password: bool = True
    remembered_password: str = ""
    demo_account: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ConsentView:
    """What the policy does with the face; the page says nothing else.

    snapshots_per_check, snapshots_between: pictures that are sealed and sent. screen_light:
    whether the screen changes its colour in a check. template_kept: whether the enrolled
    face's figures stay on the PC.
    """

    institution: str
    keeps_months_online: int = 24
    keeps_months_offline: int = 72
    declined: bool = False
    snapshots_per_check: int = 1
    snapshots_between: int = 1
    screen_light: bool = True
    template_kept: bool = False


Hint = Literal[
    "",
    "no_face",
    "several_faces",
    "too_dark",
    "too_bright",
    "too_far",
    "too_close",
    "off_centre",
    "face_front",
    "hold_still",
    "good",
    "take_off_mask",
    "take_off_glasses",
    "camera_covered",
]


@dataclass(frozen=True, slots=True)
class CheckView:
    """The overlay of a random check, and the same two actions at sign-in.

    phase: acting while actions are asked for; passed and failed stand for a moment after
    an attempt. action: proctor.schedule.Action value. reason: why an attempt failed.
    lost_s: film seconds that are not counted when no attempt is left. waiting_s: film
    seconds since the last passed check, which wait for this one. dot: where the dot of
    follow_dot stands (`proctor.schedule.Place`), "" for nowhere. tint: the light of the
    screen around the check, a `proctor.schedule.Tint`, "" for none. alternative: the actions
    come from the alternative set; may_change: they can still be asked for. in_review: it
    passed, and the platform will decide whether it counts. speech: whether to speak.
    """

    phase: Literal["acting", "passed", "failed", "over"]
    action: str
    index: int
    total: int
    progress: float
    seconds_left: float
    seconds_total: float
    attempts_left: int
    hint: Hint = ""
    reason: str = ""
    lost_s: float = 0.0
    simulated: bool = False
    waiting_s: float = 0.0
    dot: str = ""
    tint: str = ""
    alternative: bool = False
    may_change: bool = False
    in_review: bool = False
    speech: bool = False


@dataclass(frozen=True, slots=True)
class CameraChoice:
    """A camera that can be chosen. label: what to show; name: what `ChooseCamera` takes."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class CameraView:
    """The camera check before study: how to sit, two actions, the face.

    check: what is asked for in phase "proving". cameras: those that are there; camera: the
    name of the one in use. speech: whether instructions are spoken; can_speak: whether this
    PC has a voice.
    """

    phase: Literal[
        "starting", "positioning", "proving", "matching", "matched", "enrolled", "mismatch"
    ]
    hint: Hint = ""
    progress: float = 0.0
    similarity: float | None = None
    simulated: bool = False
    camera: str = ""
    check: CheckView | None = None
    cameras: tuple[CameraChoice, ...] = ()
    speech: bool = False
    can_speak: bool = True


@dataclass(frozen=True, slots=True)
class LessonCard:
    lesson: str
    title: str
    title_en: str
    duration_s: float
    credited_s: float
    provisional_s: float
    questions: int
    completed: bool


@dataclass(frozen=True, slots=True)
class CourseCard:
    course: str
    title: str
    title_en: str
    category: str
    lessons: tuple[LessonCard, ...]


@dataclass(frozen=True, slots=True)
class ClassView:
    state: PageState
    learner: str = ""
    class_name: str = ""
    institution: str = ""
    courses: tuple[CourseCard, ...] = ()
    report: Report | None = None


Reason = Literal[
    "",
    "learner",
    "minimised",
    "unfocused",
    "check",
    "stalled",
    "absent",
    "several_faces",
    "camera_lost",
    "idle",
    "suspended",
    "clock",
    "taken_over",
    "policy",
    "covered",
    "finished",
    "signed_out",
    "recovered",
    "ready",
    "turned_away",
    "camera_covered",
    "eyes_closed",
    "camera_starting",
]


@dataclass(frozen=True, slots=True)
class Status:
    """The one line that is always in the same place.

    reason: why it is paused. not_counted: film seconds (start, end) that were lost last
    and why, shown until the learner goes on.
    """

    kind: StatusKind
    credited_s: float
    duration_s: float
    provisional_s: float = 0.0
    reason: Reason = ""
    seconds_left: float = 0.0
    lost_start_s: float = 0.0
    lost_end_s: float = 0.0
    lost_reason: str = ""


@dataclass(frozen=True, slots=True)
class Buffering:
    """The film waits for the line. share: of what is needed to go on, 0 to 1."""

    share: float
    bits_per_second: int


@dataclass(frozen=True, slots=True)
class Chapter:
    start_s: float
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """A JPEG of small pictures, row by row, one for each `interval_s` of film."""

    jpeg: bytes = field(repr=False)
    interval_s: float
    columns: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CaptionsView:
    """offered: languages of the lesson's tracks. language: the chosen one, "" for none."""

    offered: tuple[str, ...] = ()
    language: str = ""
    size: CaptionSize = "medium"
    text: str = ""


@dataclass(frozen=True, slots=True)
class PictureView:
    """Which picture plays, and why.

    chosen: what the learner asked for; `LessonView.mode` is what plays. slow_line: the
    program stepped down by itself. cap: the best that the policy allows; better ones
    are shown as 由管理员设置. offered: what the film has.
    """

    chosen: Mode
    slow_line: bool = False
    cap: Mode = Mode.HIGH
    offered: tuple[Mode, ...] = tuple(Mode)


@dataclass(frozen=True, slots=True)
class LessonView:
    """rates: what may be chosen; empty unless the film was watched completely.

    camera_on: in a long pause the camera is let go of, and opens when the learner goes on.
    """

    lesson: str
    title: str
    title_en: str
    course_title: str
    course_title_en: str
    mode: Mode
    changing_mode: bool
    playing: bool
    can_play: bool
    loading: bool
    position_s: float
    duration_s: float
    watched: tuple[tuple[float, float], ...]
    status: Status
    credited: tuple[tuple[float, float], ...] = ()
    check: CheckView | None = None
    lessons: tuple[LessonCard, ...] = ()
    questions: int = 0
    finished: bool = False
    offline: bool = False
    face_present: bool = False
    camera_on: bool = True
    simulated: bool = False
    volume: float = 1.0
    muted: bool = False
    sound_device: bool = True
    rate: float = 1.0
    rates: tuple[float, ...] = ()
    picture: PictureView | None = None
    buffering: Buffering | None = None
    captions: CaptionsView = field(default_factory=CaptionsView)
    chapters: tuple[Chapter, ...] = ()
    thumbnails: Thumbnails | None = None
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class FilmPart:
    """A stretch of a lesson's film and what the platform says of it, in seconds of film.

    reason: why it waits or does not count; "" where nothing is to be said.
    """

    start_s: float
    end_s: float
    state: Literal["credited", "provisional", "not_counted"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HoursRow:
    lesson: str
    title: str
    title_en: str
    duration_s: float
    credited_s: float
    provisional_s: float
    completed: bool
    lost: tuple[tuple[float, float, str], ...] = ()
    parts: tuple[FilmPart, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursView:
    state: PageState
    rows: tuple[HoursRow, ...] = ()
    credited_s: float = 0.0
    provisional_s: float = 0.0
    records: int = 0
    confirmed_records: int = 0
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class SignedOutView:
    """What a run ended with. unsent, pictures: what of it is still here; total: of both, when
    sending began, 0 while nobody knows.

    why: the `proctor.liveness.Failure` of the last attempt, when checks ended it. appeal:
    where the learner's request to a person stands; "" where nothing can be asked.
    """

    reason: Literal["learner", "check_failed", "idle", "taken_over", "policy", "closed"]
    sending: bool
    credited_s: float = 0.0
    provisional_s: float = 0.0
    lost_s: float = 0.0
    unsent: int = 0
    pictures: int = 0
    total: int = 0
    why: str = ""
    appeal: Literal["", "offered", "sending", "sent", "failed"] = ""
    appeal_number: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A picture: when it was taken (UTC, RFC 3339), why, of which lesson, and where it is now.

    state: waiting on this PC, sealed; or sent, and deleted here. kept_until: "" while waiting.
    """

    taken_at: str
    why: Literal["check", "between"]
    lesson: str
    title: str
    title_en: str
    state: Literal["waiting", "sent"]
    kept_until: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotsView:
    state: PageState
    rows: tuple[SnapshotRow, ...] = ()
    keeps_months_online: int = 24
    keeps_months_offline: int = 72
    report: Report | None = None


@dataclass(frozen=True, slots=True)
class TroubleView:
    """A whole page for a trouble that stops everything.

    cameras, camera: as in `CameraView`, where another camera may help. can_do_without: a second
    button, for a choice that the words explain.
    """

    report: Report
    can_retry: bool = True
    support_contact: str = ""
    cameras: tuple[CameraChoice, ...] = ()
    camera: str = ""
    can_do_without: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """A look at the connection. examined: one for each address; empty while it takes its time."""

    examined: tuple[Examined, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowView:
    """Everything. Only the page that is shown needs its part."""

    page: Page
    language: Literal["zh_CN", "en"]
    demo: bool = False
    learner: str = ""
    offline: bool = False
    notice: Notice | None = None
    sign_in: SignInView | None = None
    consent: ConsentView | None = None
    camera: CameraView | None = None
    classroom: ClassView | None = None
    lesson: LessonView | None = None
    hours: HoursView | None = None
    signed_out: SignedOutView | None = None
    snapshots: SnapshotsView | None = None
    trouble: TroubleView | None = None
    line: LineView | None = None
