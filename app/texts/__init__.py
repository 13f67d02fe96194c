"""The program's words for everything that happens: pure, testable without a window.

Each message answers three questions: what happened, what it means for the time, what to
do. Source strings are Simplified Chinese; `translate(context, source)` turns them into
the learner's language (`app.ui.language.translate` in the program, the identity in
tests). `pyside6-lupdate` finds a string either in a call of the bare name `translate`
or in the marker `QT_TRANSLATE_NOOP`, which is why the tables use the marker.
"""

from app.texts.base import QT_TRANSLATE_NOOP, Message, Translate, clock, duration, span
from app.texts.check import (
    action,
    asks_for_help,
    attempts_left,
    check_failure,
    check_over,
    check_passed,
    check_waiting,
    dot_place,
    hint,
    which_action,
)
from app.texts.connection import step as connection_step
from app.texts.connection import step_name as connection_step_name
from app.texts.film import (
    buffering,
    caption_language,
    line_speed,
    mode_hint,
    mode_name,
    mode_note,
    rate_name,
)
from app.texts.study import (
    StatusWords,
    appeal,
    ending,
    film_words,
    not_counted,
    pause,
    status,
    why_ended,
)
from app.texts.troubles import trouble

__all__ = [
    "QT_TRANSLATE_NOOP",
    "Message",
    "StatusWords",
    "Translate",
    "action",
    "appeal",
    "asks_for_help",
    "attempts_left",
    "buffering",
    "caption_language",
    "check_failure",
    "check_over",
    "check_passed",
    "check_waiting",
    "clock",
    "connection_step",
    "connection_step_name",
    "dot_place",
    "duration",
    "ending",
    "film_words",
    "hint",
    "line_speed",
    "mode_hint",
    "mode_name",
    "mode_note",
    "not_counted",
    "pause",
    "rate_name",
    "span",
    "status",
    "trouble",
    "which_action",
    "why_ended",
]
