"""The names that a statement uses: verbs, activity types, extensions.

Where the xAPI Video Profile, ADL or cmi5 has a name it is used; the rest is ours, under
one namespace. `docs/records.md` is generated from these tables.
"""

from dataclasses import dataclass
from typing import Literal

from sync import facts

VIDEO = "https://w3id.org/xapi/video"
ADL = "http://adlnet.gov/expapi"
OWN = "https://w3id.org/anxue/xapi"

Subject = Literal["session", "lesson", "check", "paper"]

ACTIVITY_TYPES: dict[Subject, str] = {
    "session": f"{OWN}/activities/session",
    "lesson": f"{VIDEO}/activity-type/video",
    "check": f"{OWN}/activities/check",
    "paper": f"{ADL}/activities/assessment",
}
FOLDERS: dict[Subject, str] = {
    "session": "chains",
    "lesson": "lessons",
    "check": "checks",
    "paper": "papers",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of fact is said: the verb, and what the statement is about."""

    fact: type
    verb: str
    subject: Subject
    meaning_zh: str
    meaning_en: str


KINDS: tuple[Kind, ...] = (
    Kind(
        facts.SessionStarted,
        "https://w3id.org/xapi/adl/verbs/logged-in",
        "session",
        "学员登录，一次学习开始",
        "a run begins",
    ),
    Kind(
        facts.ConsentGiven,
        f"{OWN}/verbs/consented",
        "session",
        "学员同意处理人脸信息",
        "the learner agreed to the processing of their face",
    ),
    Kind(
        facts.IdentityConfirmed,
        f"{OWN}/verbs/identified",
        "session",
        "登录时的人脸比对及平台的答复",
        "the face at sign-in was compared, with the platform's answer",
    ),
    Kind(
        facts.IdentityAttempted,
        f"{OWN}/verbs/tried",
        "session",
        "登录时一次真人核验的结果",
        "one attempt to show a living person at sign-in and its result",
    ),
    Kind(
        facts.SettingChanged,
        f"{OWN}/verbs/set",
        "session",
        "学员更改了影响学习的设置",
        "the learner changed a setting that the study depends on",
    ),
    Kind(facts.LessonOpened, f"{ADL}/verbs/initialized", "lesson", "打开课程", "a lesson opens"),
    Kind(facts.Played, f"{VIDEO}/verbs/played", "lesson", "开始播放", "playback starts"),
    Kind(
        facts.Paused,
        f"{VIDEO}/verbs/paused",
        "lesson",
        "播放暂停及原因",
        "playback stops, and why",
    ),
    Kind(
        facts.Watched,
        f"{OWN}/verbs/watched",
        "lesson",
        "一段画面确已显示",
        "a stretch of film was on the screen",
    ),
    Kind(facts.Sought, f"{VIDEO}/verbs/seeked", "lesson", "跳转", "the position was moved"),
    Kind(
        facts.ModeSwitched,
        f"{ADL}/verbs/interacted",
        "lesson",
        "切换清晰度",
        "the rendition was changed",
    ),
    Kind(
        facts.PictureQuality,
        f"{OWN}/verbs/measured",
        "lesson",
        "一段播放的画面与声音质量",
        "how a stretch of playing looked and sounded",
    ),
    Kind(
        facts.CheckPlanned,
        f"{OWN}/verbs/planned",
        "check",
        "按平台随机数排定下一次核验",
        "the next check was drawn from the platform's beacon",
    ),
    Kind(
        facts.CheckIssued,
        f"{OWN}/verbs/asked",
        "check",
        "核验提示出现",
        "the check appeared on the screen",
    ),
    Kind(
        facts.CheckAttempted,
        f"{ADL}/verbs/attempted",
        "check",
        "一次核验的结果",
        "one attempt at the check and its result",
    ),
    Kind(
        facts.CheckFailed,
        f"{ADL}/verbs/failed",
        "check",
        "核验未通过，次数或时间用尽",
        "attempts or time are used up",
    ),
    Kind(
        facts.PresenceChanged,
        f"{OWN}/verbs/presence-changed",
        "lesson",
        "画面中人脸情况变化",
        "who is before the camera changed",
    ),
    Kind(
        facts.SnapshotTaken,
        f"{OWN}/verbs/pictured",
        "lesson",
        "抓拍一张照片，已用平台公钥加密",
        "a picture was taken and sealed to the platform's key",
    ),
    Kind(
        facts.LessonFinished,
        f"{ADL}/verbs/completed",
        "lesson",
        "影片播放完毕且无遗漏",
        "the film was shown to the end, with no part missing",
    ),
    Kind(
        facts.PaperOpened,
        f"{OWN}/verbs/opened",
        "paper",
        "打开试卷",
        "the paper of a test appeared",
    ),
    Kind(
        facts.AnswersGiven,
        f"{ADL}/verbs/answered",
        "paper",
        "提交试卷及所选答案",
        "the answers were handed in",
    ),
    Kind(
        facts.PaperGraded,
        f"{ADL}/verbs/scored",
        "paper",
        "平台评定的成绩",
        "the platform's result was shown",
    ),
    Kind(facts.LessonClosed, f"{ADL}/verbs/terminated", "lesson", "关闭课程", "a lesson closes"),
    Kind(
        facts.SessionEnded,
        "https://w3id.org/xapi/adl/verbs/logged-out",
        "session",
        "退出登录及原因",
        "the run ends, and why",
    ),
)

# Fields that have a name of their own in the Video Profile; all others are ours.
EXTENSIONS: dict[str, str] = {
    "position_us": f"{VIDEO}/extensions/time",
    "from_us": f"{VIDEO}/extensions/time-from",
    "to_us": f"{VIDEO}/extensions/time-to",
    "start_us": f"{VIDEO}/extensions/time-from",
    "end_us": f"{VIDEO}/extensions/time-to",
    "duration_us": f"{VIDEO}/extensions/length",
    "mode": f"{VIDEO}/extensions/quality",
}
# The Video Profile keeps these beside the session, not in the result.
IN_CONTEXT = frozenset({"duration_us", "mode"})
# Fields that came later, by fact. At its default such a field is not said, so that a text
# from before it is still the one text of what it states; saying the default is refused.
LATER: dict[type, frozenset[str]] = {
    facts.Watched: frozenset({"rate"}),
    facts.ModeSwitched: frozenset({"automatic"}),
    facts.IdentityConfirmed: frozenset({"actions", "attempts", "risk", "signs", "alternative"}),
    facts.CheckPlanned: frozenset({"since_s"}),
    facts.CheckAttempted: frozenset({"risk", "signs", "alternative"}),
    facts.SnapshotTaken: frozenset({"of_check"}),
}
# Fields that name what the statement is about.
NAMING: dict[str, Subject] = {"lesson": "lesson", "check": "check", "paper": "paper"}


def extension(field: str) -> str:
    """The IRI under which a fact's field is kept."""
    known = EXTENSIONS.get(field)
    return known or f"{OWN}/extensions/{field.replace('_', '-')}"
