"""流畅, 标清, 高清 as three named buttons: a gear would hide what the regulation names."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app import intents, texts
from app.ui.language import translate
from app.ui.widgets.basics import Button, dress
from app.view import LessonView, PictureView
from player.events import Mode

_NAMES = {Mode.FLUENT: "modeFluent", Mode.STANDARD: "modeStandard", Mode.HIGH: "modeHigh"}
_ORDER = tuple(_NAMES)


def picture_of(view: LessonView) -> PictureView:
    """What a lesson says of its pictures; the least that can be said where it says nothing."""
    return view.picture or PictureView(chosen=view.mode)


def can_lower(view: LessonView) -> bool:
    """Whether 流畅 would still be a help: it is there, and not what is on or on its way."""
    picture = picture_of(view)
    return Mode.FLUENT in picture.offered and Mode.FLUENT not in (view.mode, picture.chosen)


def note_of(view: LessonView) -> str:
    """One calm line about the picture, where there is something to say."""
    chosen = _shown_choice(view)
    if picture_of(view).slow_line and view.mode is not chosen:
        return texts.mode_note(translate, view.mode, slow_line=True)
    if view.changing_mode:
        return texts.mode_note(translate, chosen, slow_line=False)
    return ""


def _shown_choice(view: LessonView) -> Mode:
    """What the learner chose; above the cap, what plays instead."""
    picture = picture_of(view)
    capped = _ORDER.index(picture.chosen) > _ORDER.index(picture.cap)
    return view.mode if capped or picture.chosen not in picture.offered else picture.chosen


class ModeButtons(QFrame):
    """The chosen one is solid; one that stands in for it on a slow line has a dashed edge."""

    intent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "quiet")
        line = QHBoxLayout(self)
        line.setContentsMargins(3, 2, 3, 2)
        line.setSpacing(2)
        self.buttons: dict[Mode, Button] = {}
        self._view: LessonView | None = None
        self._shown: tuple[object, ...] = ()
        for mode, name in _NAMES.items():
            button = Button(name, "segment", checkable=True)
            button.clicked.connect(lambda _=False, m=mode: self._choose(m))
            line.addWidget(button)
            self.buttons[mode] = button

    def retranslate(self) -> None:
        """Say the words again."""
        self.setAccessibleName(translate("Lesson", "画面"))
        self._shown = ()

    def make_compact(self, *, compact: bool) -> None:
        """Less air around the names where the line is short."""
        for button in self.buttons.values():
            dress(button, "compact", "true" if compact else "")
        self.updateGeometry()

    def render_modes(self, view: LessonView) -> None:
        """Show what is chosen, what plays, and what the administrator closed."""
        picture, chosen = picture_of(view), _shown_choice(view)
        self._view = view
        shown = (picture, view.mode, chosen)
        if shown == self._shown:
            return
        self._shown = shown
        for mode, button in self.buttons.items():
            offered = mode in picture.offered
            closed = _ORDER.index(mode) > _ORDER.index(picture.cap)
            plays = picture.slow_line and mode is view.mode and mode is not chosen
            button.setVisible(offered)
            button.setEnabled(not closed)
            button.setChecked(mode is chosen)
            button.show_icon("lock" if closed else "")
            dress(button, "plays", "true" if plays else "")
            hint = texts.mode_hint(translate, mode)
            if closed:
                hint = translate("Lesson", "由管理员设置")
            elif plays:
                hint = texts.mode_note(translate, mode, slow_line=True)
            button.say(texts.mode_name(translate, mode), hint=hint)
        self.updateGeometry()  # at once: the line above asks how much room is left

    def _choose(self, mode: Mode) -> None:
        view = self._view
        if view is None:
            return
        chosen = _shown_choice(view)
        for each, button in self.buttons.items():
            button.setChecked(each is chosen)  # until the program says so
        if mode is not chosen:
            self.intent.emit(intents.SetMode(mode))
