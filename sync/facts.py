"""Every fact that a study record can state, as plain values.

`sync.records` turns a fact into the bytes of one xAPI statement and back. Film
positions are microseconds of media time, machine times nanoseconds of the client's
monotonic clock, durations seconds unless the name says otherwise.

A field that came after the first statements were written has a default, which is what
the older statements mean; `sync.vocabulary.LATER` names it.
"""

from dataclasses import dataclass
from typing import Literal

PauseReason = Literal[
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
    "turned_away",
    "camera_covered",
    "eyes_closed",
]
Sound = Literal["ok", "muted", "no_device"]
EndReason = Literal["learner", "check_failed", "idle", "taken_over", "policy", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When and where in the run a fact was observed.

    wall: UTC, RFC 3339 with milliseconds, by the client's clock corrected by the
    platform's. beacon: index of the newest beacon the client held.
    """

    mono_ns: int
    wall: str
    beacon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted:
    """A run begins. The signs are flags on the record, never a locked door."""

    client_version: str
    system: str
    camera: str
    signs: tuple[str, ...] = ()
    previous_chain: str | None = None
    previous_head: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven:
    """The learner agreed to the processing of their face."""

    version: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityConfirmed:
    """The face at sign-in was compared; the platform's answer stands above the client's.

    actions: what the learner was asked to do before it, to show a living person; attempts:
    how many it took. risk, signs: `CheckAttempted`. alternative: from the alternative set.
    """

    similarity: float
    answer: Literal["same", "different", "unsure", "enrolled"]
    seconds: float
    actions: tuple[str, ...] = ()
    attempts: int = 0
    risk: float = 0.0
    signs: tuple[str, ...] = ()
    alternative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAttempted:
    """One attempt to show a living person at sign-in, and how it ended.

    reason: "" where it passed. The fields are those of `CheckAttempted`; attempts are
    numbered from 1. What the platform said to the face is `IdentityConfirmed`.
    """

    attempt: int
    passed: bool
    reason: str
    similarity: float
    seconds: float
    actions: tuple[str, ...]
    risk: float = 0.0
    signs: tuple[str, ...] = ()
    alternative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged:
    """The learner chose something that the study depends on. old: "" where nothing was set."""

    setting: Literal["mode", "language", "camera", "check_set", "sound", "captions"]
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonOpened:
    lesson: str
    position_us: int
    duration_us: int
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    lesson: str
    position_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    lesson: str
    position_us: int
    reason: PauseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The frames of [start_us, end_us) were on the screen from began_ns to ended_ns.

    rate: film seconds to the second, 1 to 2; above 1 only film that was credited before is
    watched again, and nothing is credited.
    """

    lesson: str
    start_us: int
    end_us: int
    began_ns: int
    ended_ns: int
    mode: str
    rate: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    lesson: str
    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeSwitched:
    """Another rendition took over. automatic: the program did it, for the line's sake."""

    lesson: str
    position_us: int
    old: str
    new: str
    gap_us: int
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureQuality:
    """How one stretch of playing looked and sounded (R8). It changes no credit.

    frames: shown. dropped: that the film has and the screen did not show. late: shown, but
    not when they were due. stalls, stalled_ms: how often and how long the film waited for
    data; unseen_ms: how long frames came and none reached the screen. sound_offset_ms: how
    far the sound was ahead of the picture, at worst (< 0: behind); None where nobody
    could measure it. bits_per_second: of the line, 0 where it was not used. mode: the
    rendition at the stretch's end.
    """

    lesson: str
    mode: str
    frames: int
    dropped: int
    late: int
    stalls: int
    stalled_ms: int
    unseen_ms: int
    sound: Sound
    sound_offset_ms: int | None = None
    bits_per_second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlanned:
    """The next check was drawn from beacon `seed_index`; recomputable by the platform.

    since_s: effective time since the last passed check, when it was drawn.
    """

    check: str
    lesson: str
    seed_index: int
    film_left_s: float
    checked_in_film: bool
    after_s: float
    actions: tuple[str, ...]
    since_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIssued:
    """The overlay appeared; `watched_s` is the effective time since the last passed check."""

    check: str
    lesson: str
    position_us: int
    watched_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAttempted:
    """One attempt and how it ended.

    risk: 0 to 1, that it was no living person before an ordinary camera; signs: what speaks
    for that, strongest first. alternative: the actions come from the set for people who
    can't do the others.
    """

    check: str
    lesson: str
    attempt: int
    passed: bool
    reason: str
    similarity: float
    seconds: float
    actions: tuple[str, ...]
    risk: float = 0.0
    signs: tuple[str, ...] = ()
    alternative: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFailed:
    """All attempts, or the time for them, are used up."""

    check: str
    lesson: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged:
    lesson: str
    state: Literal[
        "absent",
        "several_faces",
        "camera_lost",
        "present",
        "turned_away",
        "camera_covered",
        "eyes_closed",
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTaken:
    """A picture was sealed to the platform's key as it was taken, and waits to be sent.

    why: in an attempt of a check, or at a random moment between two. sha256: of the sealed
    bytes, by which the platform keeps them. size_bytes: how many those are; 0 where this PC
    had no room to keep them, so that they never come. of_check: the check's id, "" between.
    """

    lesson: str
    why: Literal["check", "between"]
    sha256: str
    size_bytes: int
    of_check: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonFinished:
    """The last frame was shown and no part of the film is missing."""

    lesson: str
    duration_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOpened:
    """A test's paper appeared. paper: its id on the platform.

    questions: how many. seconds: time for all of them. attempts_left: this one included.
    """

    paper: str
    lesson: str
    questions: int
    seconds: float
    attempts_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersGiven:
    """The answers as they were handed in.

    answers: a word for each question that was answered, `question=0,2`: options' numbers
    from 0, in order; several words in a text are parted by spaces. seconds: since the paper
    appeared. in_time: the learner handed it in; false where the time did.
    """

    paper: str
    lesson: str
    answers: tuple[str, ...]
    seconds: float
    in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperGraded:
    """The platform's result, as it was shown. score: 0 to 100. wrong: the questions' ids."""

    paper: str
    lesson: str
    passed: bool
    score: int
    attempts_left: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonClosed:
    lesson: str
    position_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded:
    reason: EndReason


Fact = (
    SessionStarted
    | ConsentGiven
    | IdentityConfirmed
    | IdentityAttempted
    | SettingChanged
    | LessonOpened
    | Played
    | Paused
    | Watched
    | Sought
    | ModeSwitched
    | PictureQuality
    | CheckPlanned
    | CheckIssued
    | CheckAttempted
    | CheckFailed
    | PresenceChanged
    | SnapshotTaken
    | LessonFinished
    | PaperOpened
    | AnswersGiven
    | PaperGraded
    | LessonClosed
    | SessionEnded
)
