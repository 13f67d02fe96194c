"""Words for the film itself: its three pictures, its pace, the line it comes over."""

from collections.abc import Mapping

from app.texts.base import QT_TRANSLATE_NOOP, Message, Translate
from app.view import Buffering
from player.events import Mode

_MODES: Mapping[Mode, tuple[str, str]] = {
    Mode.FLUENT: (
        QT_TRANSLATE_NOOP("Lesson", "流畅"),
        QT_TRANSLATE_NOOP("Lesson", "网络慢时选这个"),
    ),
    Mode.STANDARD: (
        QT_TRANSLATE_NOOP("Lesson", "标清"),
        QT_TRANSLATE_NOOP("Lesson", "一般清晰"),
    ),
    Mode.HIGH: (
        QT_TRANSLATE_NOOP("Lesson", "高清"),
        QT_TRANSLATE_NOOP("Lesson", "最清晰，需要较快的网络"),
    ),
}
_LANGUAGES: Mapping[str, str] = {"zh_CN": "中文", "en": "English"}


def mode_name(translate: Translate, mode: Mode) -> str:
    """The name that the regulation gives a picture."""
    return translate("Lesson", _MODES[mode][0])


def mode_hint(translate: Translate, mode: Mode) -> str:
    """When to choose a picture."""
    return translate("Lesson", _MODES[mode][1])


def mode_note(translate: Translate, mode: Mode, *, slow_line: bool) -> str:
    """One calm line about the picture that plays, or is on its way."""
    source = (
        QT_TRANSLATE_NOOP("Lesson", "网络较慢，暂时播放{mode}")
        if slow_line
        else QT_TRANSLATE_NOOP("Lesson", "正在换成{mode}")
    )
    return translate("Lesson", source).format(mode=mode_name(translate, mode))


def rate_name(rate: float) -> str:
    """A pace as it stands on its button: 1.0×, 1.25×."""
    figures = f"{rate:.2f}".rstrip("0")
    return f"{figures}0×" if figures.endswith(".") else f"{figures}×"


def caption_language(language: str) -> str:
    """A language by its own name; a tag that is not known as it is."""
    return _LANGUAGES.get(language, language)


def line_speed(translate: Translate, bits_per_second: int) -> str:
    """How fast the film comes, in the unit that computers show downloads in."""
    kilobytes = bits_per_second / 8000
    if kilobytes < 1:
        return translate("Lesson", "暂时收不到数据")
    if kilobytes < 1000:
        return translate("Lesson", "网速 {n} KB/秒").format(n=round(kilobytes))
    return translate("Lesson", "网速 {n} MB/秒").format(n=f"{kilobytes / 1000:.1f}")


def buffering(translate: Translate, view: Buffering, *, can_lower: bool) -> Message:
    """Why the picture waits and what that means. `can_lower`: a button offers what helps."""
    speed = line_speed(translate, view.bits_per_second)
    todo = (
        translate("Lesson", "{speed}。加载好会自动继续。")
        if can_lower
        else translate("Lesson", "{speed}。加载好会自动继续，您不用做什么。")
    )
    return Message(
        translate("Lesson", "网络较慢，正在加载"),
        translate("Lesson", "等待期间不计时，已看的时间不会丢失。"),
        todo.format(speed=speed),
    )
