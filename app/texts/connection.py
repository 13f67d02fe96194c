"""Words for a look at the connection: a line for each step, and what to do where it ended."""

from app.errors import Report, Trouble
from app.texts.base import QT_TRANSLATE_NOOP, Message, Translate
from app.texts.troubles import trouble
from sync.connection import Finding, Stage

_STEPS: dict[Stage, tuple[str, str]] = {
    "name": (
        QT_TRANSLATE_NOOP("Connection", "网络地址"),
        QT_TRANSLATE_NOOP("Connection", "找到了 {detail}。"),
    ),
    "way": (
        QT_TRANSLATE_NOOP("Connection", "通路"),
        QT_TRANSLATE_NOOP("Connection", "经过代理服务器 {detail}。"),
    ),
    "connect": (
        QT_TRANSLATE_NOOP("Connection", "连接"),
        QT_TRANSLATE_NOOP("Connection", "{detail} 有应答。"),
    ),
    "tls": (
        QT_TRANSLATE_NOOP("Connection", "加密"),
        QT_TRANSLATE_NOOP("Connection", "加密连接没有问题。"),
    ),
    "answer": (
        QT_TRANSLATE_NOOP("Connection", "平台"),
        QT_TRANSLATE_NOOP("Connection", "平台有回答，版本 {detail}。"),
    ),
    "identity": (
        QT_TRANSLATE_NOOP("Connection", "身份"),
        QT_TRANSLATE_NOOP("Connection", "与这台电脑上的平台证书一致。"),
    ),
    "clock": (
        QT_TRANSLATE_NOOP("Connection", "时间"),
        QT_TRANSLATE_NOOP("Connection", "这台电脑的时间没有问题。"),
    ),
}
_STRAIGHT = QT_TRANSLATE_NOOP("Connection", "直接连接，没有代理服务器。")


def step_name(translate: Translate, finding: Finding) -> str:
    """What the step is called."""
    return translate("Connection", _STEPS[finding.stage][0])


def step(translate: Translate, finding: Finding) -> Message:
    """What the step found; `todo` only where something is wrong."""
    if finding.wrong:
        report = Report(Trouble(finding.wrong), finding.detail, finding.seconds)
        words = trouble(translate, report)
        return Message(words.what, "", words.todo)
    source = _STEPS[finding.stage][1]
    if finding.stage == "way" and not finding.detail:
        source = _STRAIGHT
    return Message(translate("Connection", source).format(detail=finding.detail), "", "")
