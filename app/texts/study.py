"""Words for what happens while studying: pauses, lost time, the status line, the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.texts.base import QT_TRANSLATE_NOOP, Message, Translate, clock, span
from app.texts.check import check_failure
from app.view import FilmPart, Reason, SignedOutView, Status


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
    "turned_away": (
        QT_TRANSLATE_NOOP("Pause", "您有一会儿没有面向屏幕"),
        QT_TRANSLATE_NOOP("Pause", "请面向屏幕和摄像头，再点“继续学习”。"),
    ),
    "camera_covered": (
        QT_TRANSLATE_NOOP("Pause", "摄像头好像被遮住了"),
        QT_TRANSLATE_NOOP("Pause", "请打开镜头盖，移开挡住镜头的东西，再点“继续学习”。"),
    ),
    "eyes_closed": (
        QT_TRANSLATE_NOOP("Pause", "您还在吗？"),
        QT_TRANSLATE_NOOP("Pause", "您的眼睛闭了一会儿。睁开眼睛，按任意键继续。"),
    ),
    "camera_starting": (
        QT_TRANSLATE_NOOP("Pause", "摄像头正在打开"),
        QT_TRANSLATE_NOOP("Pause", "请面向摄像头，看到您后会自动继续。"),
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
    "turned_away": (QT_TRANSLATE_NOOP("NotCounted", "有一会儿没有面向屏幕"), _WATCH_AGAIN),
    "camera_covered": (QT_TRANSLATE_NOOP("NotCounted", "摄像头被遮住了"), _WATCH_AGAIN),
    "eyes_closed": (QT_TRANSLATE_NOOP("NotCounted", "眼睛闭了较长时间"), _WATCH_AGAIN),
    "review": (
        QT_TRANSLATE_NOOP("NotCounted", "验证已完成，等待平台复核"),
        QT_TRANSLATE_NOOP("NotCounted", "复核通过后自动计入，您不用做什么。"),
    ),
    "check_refused": (
        QT_TRANSLATE_NOOP("NotCounted", "平台复核后没有认可这次验证"),
        QT_TRANSLATE_NOOP("NotCounted", "把这一段再看一遍即可计入。有疑问请联系培训机构。"),
    ),
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


def film_words(translate: Translate, parts: Sequence[FilmPart], duration_s: float) -> str:
    """How much of a film counts, waits and does not count: the bar in words."""
    named = (
        ("credited", translate("Hours", "实心：已计入 {time}")),
        ("provisional", translate("Hours", "斜线：等待确认 {time}")),
        ("not_counted", translate("Hours", "交叉：暂未计入 {time}")),
    )
    told: list[str] = []
    for state, words in named:
        seconds = sum(part.end_s - part.start_s for part in parts if part.state == state)
        if seconds >= 0.5:
            told.append(words.format(time=clock(seconds)))
    if duration_s - sum(part.end_s - part.start_s for part in parts) >= 0.5:
        told.append(translate("Hours", "空白：还没有看"))
    return "　".join(told)


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
        QT_TRANSLATE_NOOP("SignedOut", "之前计入的时间都保留，重新登录就可以继续学习。"),
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
    if view.sending and view.unsent and view.pictures:
        time = translate("SignedOut", "正在交给平台：还剩 {n} 条记录、{p} 张照片。").format(
            n=view.unsent, p=view.pictures
        )
    elif view.sending and view.unsent:
        time = translate("SignedOut", "正在交给平台：还剩 {n} 条记录。").format(n=view.unsent)
    elif view.sending and view.pictures:
        time = translate("SignedOut", "记录都已交给平台，正在上传照片：还剩 {p} 张。").format(
            p=view.pictures
        )
    elif view.sending:
        time = translate("SignedOut", "正在把最后的记录交给平台，请先不要关机。")
    elif view.unsent and view.pictures:
        time = translate(
            "SignedOut",
            "还有 {n} 条记录和 {p} 张照片保存在这台电脑上，下次登录时自动上传。",
        ).format(n=view.unsent, p=view.pictures)
    elif view.unsent:
        time = translate(
            "SignedOut", "还有 {n} 条记录保存在这台电脑上，下次登录时自动上传。"
        ).format(n=view.unsent)
    elif view.pictures:
        time = translate(
            "SignedOut", "记录都已交给平台；还有 {p} 张照片在这台电脑上，下次登录时自动上传。"
        ).format(p=view.pictures)
    else:
        time = translate("SignedOut", "所有记录都已交给平台。")
    return Message(translate("SignedOut", what), time, translate("SignedOut", todo))


def why_ended(translate: Translate, view: SignedOutView) -> Message:
    """Why checks ended the run, what it means for the time, and what helps the next time."""
    words = check_failure(translate, view.why)
    time = translate("SignedOut", "没有影响到已经计入的时间。")
    if view.lost_s >= 1:
        time = translate(
            "SignedOut", "上次通过验证之后的 {time} 暂未计入。可以一键申诉，也可以再看一遍。"
        )
        if not view.appeal:
            time = translate("SignedOut", "上次通过验证之后的 {time} 暂未计入，再看一遍即可计入。")
        time = time.format(time=clock(view.lost_s))
    what = translate("SignedOut", "最后一次：{what}。").format(what=words.what)
    return Message(what, time, words.todo)


def appeal(translate: Translate, view: SignedOutView) -> Message:
    """Where the learner's request to a person stands. time: what it means; todo: what next."""
    if view.appeal == "sending":
        return Message(
            translate("SignedOut", "正在提交申诉"), translate("SignedOut", "通常只要几秒。"), ""
        )
    if view.appeal == "sent":
        return Message(
            translate("SignedOut", "申诉已提交"),
            translate("SignedOut", "培训机构会有人查看这次验证。认可后，这段时间自动计入。"),
            translate("SignedOut", "询问时请说这个受理编号。"),
        )
    if view.appeal == "failed":
        return Message(
            translate("SignedOut", "申诉没有发出去"),
            translate("SignedOut", "学习记录不受影响。"),
            translate("SignedOut", "请检查网络后再点一次。"),
        )
    return Message(
        translate("SignedOut", "觉得结果不对，可以申诉"),
        translate("SignedOut", "由培训机构的人查看这次验证，您不用写说明。"),
        "",
    )
