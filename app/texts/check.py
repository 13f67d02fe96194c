"""Words for a check: what is asked, how to be seen better, why it did not pass.

Nothing here accuses anybody: a check that fails says what the camera saw and what to try,
never what the learner might have wanted.
"""

from collections.abc import Mapping

from app.texts.base import QT_TRANSLATE_NOOP, Message, Translate, clock
from app.view import CheckView, Hint

_ACTIONS: Mapping[str, str] = {
    "turn_left": QT_TRANSLATE_NOOP("Check", "请慢慢向左转头"),
    "turn_right": QT_TRANSLATE_NOOP("Check", "请慢慢向右转头"),
    "open_mouth": QT_TRANSLATE_NOOP("Check", "请张开嘴，再合上"),
    "blink": QT_TRANSLATE_NOOP("Check", "请眨两下眼睛"),
    "nod": QT_TRANSLATE_NOOP("Check", "请慢慢点一下头"),
    "follow_dot": QT_TRANSLATE_NOOP("Check", "请看着移动的圆点"),
}
_PLACES: Mapping[str, str] = {
    "left": QT_TRANSLATE_NOOP("Check", "圆点在左边"),
    "right": QT_TRANSLATE_NOOP("Check", "圆点在右边"),
    "up": QT_TRANSLATE_NOOP("Check", "圆点在上边"),
    "down": QT_TRANSLATE_NOOP("Check", "圆点在下边"),
}


def action(translate: Translate, name: str) -> str:
    """What the learner is asked to do, as one short instruction."""
    return translate("Check", _ACTIONS.get(name, QT_TRANSLATE_NOOP("Check", "请面向摄像头")))


def dot_place(translate: Translate, place: str) -> str:
    """Where the dot is, for those who are told and not shown; empty for nowhere."""
    source = _PLACES.get(place, "")
    return translate("Check", source) if source else ""


def which_action(translate: Translate, view: CheckView) -> str:
    """Which of how many it is, and that others were asked for; empty when there is one."""
    said = []
    if view.total > 1:
        which = translate("Check", "第 {i} 个动作，共 {n} 个")
        said.append(which.format(i=view.index + 1, n=view.total))
    if view.alternative:
        said.append(translate("Check", "已换成其他动作"))
    return " · ".join(said)


_HINTS: Mapping[Hint, str] = {
    "": "",
    "no_face": QT_TRANSLATE_NOOP("Hint", "画面中没有看到您，请坐到摄像头前"),
    "several_faces": QT_TRANSLATE_NOOP("Hint", "画面中不止一个人，请让旁边的人离开画面"),
    "too_dark": QT_TRANSLATE_NOOP("Hint", "光线太暗，请开灯或面向窗户"),
    "too_bright": QT_TRANSLATE_NOOP("Hint", "光线太强，请避开直射的光"),
    "too_far": QT_TRANSLATE_NOOP("Hint", "离得有点远，请靠近一些"),
    "too_close": QT_TRANSLATE_NOOP("Hint", "离得有点近，请往后一些"),
    "off_centre": QT_TRANSLATE_NOOP("Hint", "请把脸移到画面中间"),
    "face_front": QT_TRANSLATE_NOOP("Hint", "请正对摄像头"),
    "hold_still": QT_TRANSLATE_NOOP("Hint", "很好，请保持不动"),
    "good": QT_TRANSLATE_NOOP("Hint", "很好，请保持"),
    "take_off_mask": QT_TRANSLATE_NOOP("Hint", "请摘下口罩，验证后可以再戴上"),
    "take_off_glasses": QT_TRANSLATE_NOOP("Hint", "请摘下墨镜，验证后可以再戴上"),
    "camera_covered": QT_TRANSLATE_NOOP("Hint", "摄像头好像被遮住了，请打开镜头盖或移开遮挡"),
}
_PRAISE = frozenset({"", "hold_still", "good"})


def hint(translate: Translate, name: Hint) -> str:
    """How to sit so that the camera sees well; empty when there is nothing to say."""
    source = _HINTS.get(name, "")
    return translate("Hint", source) if source else ""


def asks_for_help(name: Hint) -> bool:
    """Whether a hint asks the learner to change something."""
    return name not in _PRAISE


_FAILURES: Mapping[str, tuple[str, str]] = {
    "other_person": (
        QT_TRANSLATE_NOOP("CheckFailure", "没能确认画面中是登记的学员"),
        QT_TRANSLATE_NOOP("CheckFailure", "请由您本人面向摄像头，让光线照在脸上。"),
    ),
    "unsure_person": (
        QT_TRANSLATE_NOOP("CheckFailure", "画面不够清楚，没能确认是您本人"),
        QT_TRANSLATE_NOOP("CheckFailure", "请让光线照在脸上，靠近一些，擦一擦镜头。"),
    ),
    "covered_face": (
        QT_TRANSLATE_NOOP("CheckFailure", "口罩或墨镜挡住了脸，没能看清"),
        QT_TRANSLATE_NOOP("CheckFailure", "请摘下再试，验证后可以再戴上。不便摘下请联系培训机构。"),
    ),
    "not_answered": (
        QT_TRANSLATE_NOOP("CheckFailure", "没有在规定时间内做完动作"),
        QT_TRANSLATE_NOOP("CheckFailure", "请看着屏幕，按提示一步一步做。"),
    ),
    "several_faces": (
        QT_TRANSLATE_NOOP("CheckFailure", "画面中不止一个人"),
        QT_TRANSLATE_NOOP("CheckFailure", "请让旁边的人离开画面，墙上的人像也请避开。"),
    ),
    "absent": (
        QT_TRANSLATE_NOOP("CheckFailure", "画面中没有看到您"),
        QT_TRANSLATE_NOOP("CheckFailure", "请坐到摄像头前，脸在画面中间。"),
    ),
    "wrong_action": (
        QT_TRANSLATE_NOOP("CheckFailure", "做的动作与提示不一样"),
        QT_TRANSLATE_NOOP("CheckFailure", "请看着箭头，按提示一个一个慢慢做。"),
    ),
    "print": (
        QT_TRANSLATE_NOOP("CheckFailure", "没能看清面部的立体变化"),
        QT_TRANSLATE_NOOP("CheckFailure", "请直接面向摄像头，转头时慢一些，幅度大一些。"),
    ),
    "too_dark": (
        QT_TRANSLATE_NOOP("CheckFailure", "光线太暗，没能看清"),
        QT_TRANSLATE_NOOP("CheckFailure", "请开灯或面向窗户。"),
    ),
    "camera_lost": (
        QT_TRANSLATE_NOOP("CheckFailure", "摄像头的画面中断了"),
        QT_TRANSLATE_NOOP("CheckFailure", "请检查摄像头的连接，也请关闭其他使用摄像头的程序。"),
    ),
    "camera_covered": (
        QT_TRANSLATE_NOOP("CheckFailure", "摄像头好像被遮住了"),
        QT_TRANSLATE_NOOP("CheckFailure", "请打开镜头盖，移开挡住镜头的东西。"),
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


def check_failure(translate: Translate, reason: str, waiting_s: float = 0.0) -> Message:
    """Why an attempt of a check did not pass, what waits for the next, what to do in it.

    waiting_s: film seconds since the last passed check; 0 where nothing waits.
    """
    what, todo = _FAILURES.get(
        _SAME_AS.get(reason, reason),
        (
            QT_TRANSLATE_NOOP("CheckFailure", "这一次没有通过"),
            QT_TRANSLATE_NOOP("CheckFailure", "请面向摄像头，按提示慢慢做。"),
        ),
    )
    return Message(
        translate("CheckFailure", what),
        check_waiting(translate, waiting_s),
        translate("CheckFailure", todo),
    )


def check_waiting(translate: Translate, waiting_s: float) -> str:
    """What a check means for the time that was watched before it; empty for none."""
    if waiting_s < 1:
        return ""
    return translate("CheckFailure", "上次验证之后的 {time} 已记录，通过后一起计入。").format(
        time=clock(waiting_s)
    )


def attempts_left(translate: Translate, number: int) -> str:
    """How often it can still be tried after this."""
    if number <= 0:
        return translate("Check", "这是最后一次")
    return translate("Check", "还可以试 {n} 次").format(n=number)


def check_passed(translate: Translate, check: CheckView, *, at_sign_in: bool = False) -> Message:
    """It passed; or it was done, and the platform will look at it."""
    go_on = translate("Check", "课程马上继续。")
    if at_sign_in:
        go_on = translate("Check", "正在核对是不是您本人。")
    if not check.in_review:
        return Message(translate("Check", "验证通过"), "", go_on)
    time = translate("Check", "您可以继续学习，时间在复核后计入。")
    return Message(translate("Check", "验证已完成，等待平台复核"), time, "")


def check_over(translate: Translate, check: CheckView, *, at_sign_in: bool = False) -> Message:
    """No attempt is left: what it means for the time, and what can be done about it."""
    what = translate("CheckFailure", "这次验证没有完成")
    if at_sign_in:
        return Message(
            what,
            translate("CheckFailure", "还没有开始计时，之前学过的不受影响。"),
            translate("CheckFailure", "请调整坐姿和光线，再来一次。"),
        )
    if check.lost_s < 1:
        time = translate("CheckFailure", "之前计入的时间都在。")
    else:
        time = translate(
            "CheckFailure", "上次通过验证之后的 {time} 暂未计入，可以一键申诉。"
        ).format(time=clock(check.lost_s))
    todo = translate("CheckFailure", "即将退出登录，之前计入的时间都保留。")
    return Message(what, time, todo if check.lost_s >= 1 else "")
