"""Words for what happens while studying: pauses, lost time, checks, the status line."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.texts.base import QT_TRANSLATE_NOOP, Message, Translate, clock, span
from app.view import CheckView, Hint, Reason, SignedOutView, Status


@dataclass(frozen=True, slots=True)
class StatusWords:
    """The status line: a mark that differs by shape, a word, a detail and a number."""

    mark: str
    word: str
    detail: str
    number: str


_PAUSES: Mapping[Reason, tuple[str, str]] = {
    "learner": (
        QT_TRANSLATE_NOOP("Pause", "您按了暂停"),
        QT_TRANSLATE_NOOP("Pause", "准备好了就继续。"),
    ),
    "minimised": (
        QT_TRANSLATE_NOOP("Pause", "窗口被最小化了"),
        QT_TRANSLATE_NOOP("Pause", "学习时请让本窗口留在屏幕上。"),
    ),
    "unfocused": (
        QT_TRANSLATE_NOOP("Pause", "您切换到了其他窗口"),
        QT_TRANSLATE_NOOP("Pause", "学习时请停留在本窗口。"),
    ),
    "covered": (
        QT_TRANSLATE_NOOP("Pause", "学习窗口被遮住了"),
        QT_TRANSLATE_NOOP("Pause", "请移开挡住画面的窗口，再点“继续学习”。"),
    ),
    "check": (
        QT_TRANSLATE_NOOP("Pause", "正在进行人脸验证"),
        QT_TRANSLATE_NOOP("Pause", "验证通过后从这里继续。"),
    ),
    "stalled": (
        QT_TRANSLATE_NOOP("Pause", "网络较慢，画面正在加载"),
        QT_TRANSLATE_NOOP("Pause", "加载好会自动继续。也可以改用“流畅”。"),
    ),
    "absent": (
        QT_TRANSLATE_NOOP("Pause", "画面中没有看到您"),
        QT_TRANSLATE_NOOP("Pause", "请坐到摄像头前，再点“继续学习”。"),
    ),
    "several_faces": (
        QT_TRANSLATE_NOOP("Pause", "画面中不止一个人"),
        QT_TRANSLATE_NOOP("Pause", "请让旁边的人离开画面，再点“继续学习”。"),
    ),
    "camera_lost": (
        QT_TRANSLATE_NOOP("Pause", "摄像头的画面中断了"),
        QT_TRANSLATE_NOOP("Pause", "请检查摄像头的连接，画面恢复后点“继续学习”。"),
    ),
    "idle": (
        QT_TRANSLATE_NOOP("Pause", "有一段时间没有看到您操作"),
        QT_TRANSLATE_NOOP("Pause", "如果您还在，请点“继续学习”。"),
    ),
    "suspended": (
        QT_TRANSLATE_NOOP("Pause", "电脑刚才休眠了"),
        QT_TRANSLATE_NOOP("Pause", "休眠期间不计时，现在可以继续。"),
    ),
    "clock": (
        QT_TRANSLATE_NOOP("Pause", "电脑的时间被改动过"),
        QT_TRANSLATE_NOOP("Pause", "请保持系统时间自动设置，再点“继续学习”。"),
    ),
    "taken_over": (
        QT_TRANSLATE_NOOP("Pause", "您的账号已在另一台设备上学习"),
        QT_TRANSLATE_NOOP("Pause", "请在那台设备上继续，或在这里重新登录。"),
    ),
    "policy": (
        QT_TRANSLATE_NOOP("Pause", "今天可计入的学时已满"),
        QT_TRANSLATE_NOOP("Pause", "明天可以继续学习。"),
    ),
    "finished": (
        QT_TRANSLATE_NOOP("Pause", "本课已看完"),
        QT_TRANSLATE_NOOP("Pause", "可以返回课程，也可以重看已看过的部分。"),
    ),
    "signed_out": (
        QT_TRANSLATE_NOOP("Pause", "您已退出登录"),
        QT_TRANSLATE_NOOP("Pause", "请重新登录后继续。"),
    ),
    "recovered": (
        QT_TRANSLATE_NOOP("Pause", "程序上次没有正常关闭"),
        QT_TRANSLATE_NOOP("Pause", "已找回当时的记录，请从这里继续。"),
    ),
    "ready": (
        QT_TRANSLATE_NOOP("Pause", "可以开始学习了"),
        QT_TRANSLATE_NOOP("Pause", "学习时请停留在本窗口，并面向摄像头。"),
    ),
}


def pause(translate: Translate, reason: Reason) -> Message:
    """Why the film stands still."""
    what, todo = _PAUSES.get(
        reason,
        (QT_TRANSLATE_NOOP("Pause", "学习已暂停"), QT_TRANSLATE_NOOP("Pause", "准备好了就继续。")),
    )
    time = translate("Pause", "暂停期间不计时，已看的时间不会丢失。")
    return Message(translate("Pause", what), time, translate("Pause", todo))


_WATCH_AGAIN = QT_TRANSLATE_NOOP("NotCounted", "把这一段再看一遍即可计入。")
_OTHER_DEVICE = (
    QT_TRANSLATE_NOOP("NotCounted", "同一时间在另一台设备上学习"),
    QT_TRANSLATE_NOOP("NotCounted", "请只在一台设备上学习，并把这一段再看一遍。"),
)
_NOT_COUNTED: Mapping[str, tuple[str, str]] = {
    "check_failed": (QT_TRANSLATE_NOOP("NotCounted", "人脸验证没有通过"), _WATCH_AGAIN),
    "check_missed": (QT_TRANSLATE_NOOP("NotCounted", "没有在规定时间内完成人脸验证"), _WATCH_AGAIN),
    "no_check": (QT_TRANSLATE_NOOP("NotCounted", "这一段之后没有完成人脸验证"), _WATCH_AGAIN),
    "absent": (QT_TRANSLATE_NOOP("NotCounted", "画面中没有看到您"), _WATCH_AGAIN),
    "several_faces": (QT_TRANSLATE_NOOP("NotCounted", "画面中不止一个人"), _WATCH_AGAIN),
    "camera_lost": (QT_TRANSLATE_NOOP("NotCounted", "摄像头的画面中断了"), _WATCH_AGAIN),
    "too_fast": (
        QT_TRANSLATE_NOOP("NotCounted", "播放速度快于 1 倍，没有看过的部分不计入"),
        QT_TRANSLATE_NOOP("NotCounted", "用 1 倍速度再看一遍即可计入。"),
    ),
    "beyond_clock": (
        QT_TRANSLATE_NOOP("NotCounted", "记录的时间比实际经过的时间长"),
        QT_TRANSLATE_NOOP("NotCounted", "把这一段再看一遍即可计入。如果经常这样，请联系培训机构。"),
    ),
    "no_identity": (
        QT_TRANSLATE_NOOP("NotCounted", "学习前没有完成人脸核验"),
        QT_TRANSLATE_NOOP("NotCounted", "请重新登录并完成核验，再看一遍。"),
    ),
    "other_device": _OTHER_DEVICE,
    "daily_cap": (
        QT_TRANSLATE_NOOP("NotCounted", "超过了当天可计入的学时"),
        QT_TRANSLATE_NOOP("NotCounted", "明天把这一段再看一遍即可计入。"),
    ),
    "idle": (QT_TRANSLATE_NOOP("NotCounted", "较长时间没有操作"), _WATCH_AGAIN),
    "taken_over": _OTHER_DEVICE,
    "offline_limit": (
        QT_TRANSLATE_NOOP("NotCounted", "离线学习超过了允许的时间"),
        QT_TRANSLATE_NOOP("NotCounted", "联网后把这一段再看一遍即可计入。"),
    ),
    "repeated": (
        QT_TRANSLATE_NOOP("NotCounted", "这一段已经计入过"),
        QT_TRANSLATE_NOOP("NotCounted", "同一段只计一次，您不用做什么。"),
    ),
    "test_not_passed": (
        QT_TRANSLATE_NOOP("NotCounted", "本课的测验还没有通过"),
        QT_TRANSLATE_NOOP("NotCounted", "通过测验后自动计入。"),
    ),
}


def not_counted(translate: Translate, reason: str) -> Message:
    """Why a stretch of film is not counted (yet) and how to have it counted."""
    what, todo = _NOT_COUNTED.get(
        reason,
        (
            QT_TRANSLATE_NOOP("NotCounted", "平台没有确认这一段"),
            QT_TRANSLATE_NOOP("NotCounted", "把这一段再看一遍，或联系培训机构查询原因。"),
        ),
    )
    return Message(
        translate("NotCounted", what),
        translate("NotCounted", "暂未计入"),
        translate("NotCounted", todo),
    )


_ACTIONS: Mapping[str, str] = {
    "turn_left": QT_TRANSLATE_NOOP("Check", "请慢慢向左转头"),
    "turn_right": QT_TRANSLATE_NOOP("Check", "请慢慢向右转头"),
    "open_mouth": QT_TRANSLATE_NOOP("Check", "请张开嘴，再合上"),
    "blink": QT_TRANSLATE_NOOP("Check", "请眨眨眼"),
    "nod": QT_TRANSLATE_NOOP("Check", "请点点头"),
}


def action(translate: Translate, name: str) -> str:
    """What the learner is asked to do, as one short instruction."""
    return translate("Check", _ACTIONS.get(name, QT_TRANSLATE_NOOP("Check", "请面向摄像头")))


_HINTS: Mapping[Hint, str] = {
    "": "",
    "no_face": QT_TRANSLATE_NOOP("Hint", "画面中没有看到您，请坐到摄像头前"),
    "several_faces": QT_TRANSLATE_NOOP("Hint", "画面中不止一个人，请让旁边的人离开画面"),
    "too_dark": QT_TRANSLATE_NOOP("Hint", "光线太暗，请开灯或面向窗户"),
    "too_bright": QT_TRANSLATE_NOOP("Hint", "光线太强，请避开直射的光"),
    "too_far": QT_TRANSLATE_NOOP("Hint", "离得有点远，请靠近一些"),
    "too_close": QT_TRANSLATE_NOOP("Hint", "离得有点近，请往后一些"),
    "off_centre": QT_TRANSLATE_NOOP("Hint", "请把脸移到椭圆中间"),
    "face_front": QT_TRANSLATE_NOOP("Hint", "请正对摄像头"),
    "hold_still": QT_TRANSLATE_NOOP("Hint", "很好，请保持不动"),
    "good": QT_TRANSLATE_NOOP("Hint", "很好，请保持"),
}


def hint(translate: Translate, name: Hint) -> str:
    """How to sit so that the camera sees well; empty when there is nothing to say."""
    source = _HINTS.get(name, "")
    return translate("Hint", source) if source else ""


_CHECK_FAILURES: Mapping[str, tuple[str, str]] = {
    "other_person": (
        QT_TRANSLATE_NOOP("CheckFailure", "画面中的人与登记的学员不一致"),
        QT_TRANSLATE_NOOP("CheckFailure", "请由本人面向摄像头，光线照在脸上。"),
    ),
    "unsure_person": (
        QT_TRANSLATE_NOOP("CheckFailure", "画面不够清楚，没能确认是您本人"),
        QT_TRANSLATE_NOOP("CheckFailure", "请让光线照在脸上，摘下口罩和墨镜。"),
    ),
    "not_answered": (
        QT_TRANSLATE_NOOP("CheckFailure", "没有在规定时间内做完动作"),
        QT_TRANSLATE_NOOP("CheckFailure", "请看着屏幕，按提示慢慢做。"),
    ),
    "several_faces": (
        QT_TRANSLATE_NOOP("CheckFailure", "画面中不止一个人"),
        QT_TRANSLATE_NOOP("CheckFailure", "请让旁边的人离开画面。"),
    ),
    "absent": (
        QT_TRANSLATE_NOOP("CheckFailure", "画面中没有看到您"),
        QT_TRANSLATE_NOOP("CheckFailure", "请坐到摄像头前，脸在画面中间。"),
    ),
    "wrong_action": (
        QT_TRANSLATE_NOOP("CheckFailure", "做的动作与提示不一致"),
        QT_TRANSLATE_NOOP("CheckFailure", "请按提示一个一个慢慢做。"),
    ),
    "print": (
        QT_TRANSLATE_NOOP("CheckFailure", "没能确认镜头前是真人"),
        QT_TRANSLATE_NOOP("CheckFailure", "请由本人直接面向摄像头，不要用照片或屏幕。"),
    ),
    "too_dark": (
        QT_TRANSLATE_NOOP("CheckFailure", "光线太暗，没能看清"),
        QT_TRANSLATE_NOOP("CheckFailure", "请开灯或面向窗户。"),
    ),
    "camera_lost": (
        QT_TRANSLATE_NOOP("CheckFailure", "摄像头的画面中断了"),
        QT_TRANSLATE_NOOP("CheckFailure", "请检查摄像头的连接。"),
    ),
}
_SAME_AS: Mapping[str, str] = {
    "timeout": "not_answered",
    "flat": "print",
    "spoof": "print",
    "replay": "print",
    "no_face": "absent",
    "different": "other_person",
    "unsure": "unsure_person",
}


def check_failure(translate: Translate, reason: str) -> Message:
    """Why an attempt of a check did not pass, and what to do in the next one."""
    what, todo = _CHECK_FAILURES.get(
        _SAME_AS.get(reason, reason),
        (
            QT_TRANSLATE_NOOP("CheckFailure", "这一次没有通过"),
            QT_TRANSLATE_NOOP("CheckFailure", "请面向摄像头，按提示慢慢做。"),
        ),
    )
    return Message(translate("CheckFailure", what), "", translate("CheckFailure", todo))


def check_over(translate: Translate, check: CheckView) -> Message:
    """No attempt is left: what is lost and how to get it back."""
    return Message(
        translate("CheckFailure", "这次验证没有完成"),
        translate("CheckFailure", "上次验证之后的 {time} 暂未计入。").format(
            time=clock(check.lost_s)
        ),
        translate("CheckFailure", "即将退出登录。重新登录后把这一段再看一遍即可计入。"),
    )


def status(translate: Translate, view: Status) -> StatusWords:
    """The one line that tells whether time is counting."""
    number = translate("Status", "已计入 {done} / {all}").format(
        done=clock(view.credited_s), all=clock(view.duration_s)
    )
    mark, word, detail = "❚❚", translate("Status", "已暂停"), ""
    if view.kind == "counting":
        mark, word = "●", translate("Status", "正在计入")
    elif view.kind == "waiting":
        mark, word = "○", translate("Status", "已记录，等待平台确认")
        number = f"+{clock(view.provisional_s)}"
    elif view.kind == "needed":
        mark, word = "◎", translate("Status", "请面向摄像头完成验证")
        number = translate("Status", "剩余 {n} 秒").format(n=max(0, round(view.seconds_left)))
    elif view.kind == "not_counted":
        why = not_counted(translate, view.lost_reason)
        mark, word = "!", f"{span(view.lost_start_s, view.lost_end_s)} {why.time}"
        detail = why.what
    elif view.kind == "finished":
        mark, word = "✓", translate("Status", "本课已看完")
    elif view.reason in ("ready", ""):
        word = translate("Status", "还没有开始计时")
    else:
        detail = pause(translate, view.reason).what
    return StatusWords(mark, word, detail, number)


_ENDINGS: Mapping[str, tuple[str, str]] = {
    "learner": (
        QT_TRANSLATE_NOOP("SignedOut", "您已退出学习"),
        QT_TRANSLATE_NOOP("SignedOut", "下次登录会从停下的地方继续。"),
    ),
    "check_failed": (
        QT_TRANSLATE_NOOP("SignedOut", "人脸验证没有完成，已退出登录"),
        QT_TRANSLATE_NOOP("SignedOut", "重新登录后，把没有计入的部分再看一遍即可。"),
    ),
    "idle": (
        QT_TRANSLATE_NOOP("SignedOut", "长时间没有操作，已退出登录"),
        QT_TRANSLATE_NOOP("SignedOut", "您离开期间不计时。重新登录会从停下的地方继续。"),
    ),
    "taken_over": (
        QT_TRANSLATE_NOOP("SignedOut", "您的账号已在另一台设备上登录"),
        QT_TRANSLATE_NOOP("SignedOut", "请在那台设备上继续。如果不是您本人，请告诉培训机构。"),
    ),
    "policy": (
        QT_TRANSLATE_NOOP("SignedOut", "今天可计入的学时已满"),
        QT_TRANSLATE_NOOP("SignedOut", "明天登录会从停下的地方继续。"),
    ),
    "closed": (
        QT_TRANSLATE_NOOP("SignedOut", "学习已结束"),
        QT_TRANSLATE_NOOP("SignedOut", "下次登录会从停下的地方继续。"),
    ),
}


def ending(translate: Translate, view: SignedOutView) -> Message:
    """Why the run ended and what is still under way."""
    what, todo = _ENDINGS[view.reason]
    if view.sending:
        time = translate("SignedOut", "正在把最后的记录交给平台，请先不要关机。")
    elif view.unsent:
        time = translate(
            "SignedOut", "还有 {n} 条记录保存在这台电脑上，下次登录时自动上传。"
        ).format(n=view.unsent)
    else:
        time = translate("SignedOut", "所有记录都已交给平台。")
    return Message(translate("SignedOut", what), time, translate("SignedOut", todo))
