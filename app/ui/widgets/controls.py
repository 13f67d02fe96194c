"""Under the film: play, back, the bar, time, sound, captions, the three pictures, full screen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app import intents
from app.texts import clock
from app.ui import language
from app.ui.language import translate
from app.ui.theme import BODY, font
from app.ui.widgets.basics import Button, Label
from app.ui.widgets.menus import CaptionsButton, ChapterButton, RateButton
from app.ui.widgets.modes import ModeButtons
from app.ui.widgets.seek_bar import SeekBar
from app.ui.widgets.sound import Sound
from app.view import LessonView

_BACK_S = 10.0
_LEAST_CHAPTER, _MOST_CHAPTER = 110, 300
_BAR = 100  # px that the bar should have beyond its least, where it shares the line
_LEVELS = 4


class Controls(QFrame):
    """Emits intents; `full_screen_wanted` is the window's own affair."""

    intent = Signal(object)
    full_screen_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "controls")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._view: LessonView | None = None
        self._low = self._brief = False
        self._words = True  # whether captions say so in words
        self._width = 0
        self._fitted: tuple[object, ...] = ()
        self.bar = SeekBar()
        self.bar.sought.connect(lambda at: self.intent.emit(intents.Seek(round(at * 1e6))))
        self.play = Button("playButton", "icon", "play")
        self.play.clicked.connect(self.toggle)
        self.back = Button("backButton10", "icon", "back10")
        self.back.clicked.connect(self.go_back)
        self.time = Label()
        self.time.setObjectName("lessonTime")
        self.time.setFont(font(BODY, tabular=True))
        self.chapter = ChapterButton()
        self.rate = RateButton()
        self.sound = Sound()
        self.captions = CaptionsButton()
        self.modes = ModeButtons()
        self.full = Button("fullScreenButton", "icon", "fullscreen")
        self.full.clicked.connect(self.full_screen_wanted)
        for source in (self.chapter, self.rate, self.sound, self.captions, self.modes):
            source.intent.connect(self.intent)
        self._line = QHBoxLayout()
        self._line.setContentsMargins(8, 0, 10, 0)
        self._line.setSpacing(4)
        for widget in (self.play, self.back, self.time, self.chapter):
            self._line.addWidget(widget)
        self._line.addStretch(1)
        right: tuple[QWidget, ...] = (
            self.sound,
            self.rate,
            self.captions,
            self.modes,
            self.full,
        )
        for each in right:
            self._line.addWidget(each)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 2, 0, 6)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.bar)
        self._rows.addLayout(self._line)
        self.setFixedHeight(74)
        for menu in (self.chapter, self.rate, self.captions):
            menu.hide()

    def retranslate(self) -> None:
        """Say the words again."""
        self.bar.retranslate()
        self.sound.retranslate()
        self.modes.retranslate()
        self.back.say(
            translate("Lesson", "后退 10 秒"), hint=translate("Lesson", "后退 10 秒（←）")
        )
        self.show_full_screen(full=False)
        self._view = None

    def show_full_screen(self, *, full: bool) -> None:
        """Show what the full-screen button does now."""
        self.full.show_icon("fullscreen_exit" if full else "fullscreen")
        self.full.say(
            translate("Lesson", "退出全屏") if full else translate("Lesson", "全屏"),
            hint=translate("Lesson", "退出全屏（Esc）")
            if full
            else translate("Lesson", "全屏（F）"),
        )

    def render_controls(self, view: LessonView) -> None:
        """Show where the film is; called ten times a second, so only changes are made."""
        before = self._view
        self._view = view
        self.bar.show_film(view.position_s, view.duration_s, view.watched)
        self._say_time(view)
        usable = view.check is None and not view.loading
        self.play.setEnabled(usable and (view.playing or view.can_play))
        self.back.setEnabled(usable and view.position_s > 0)
        self.bar.setEnabled(usable)
        for button in (self.rate, self.chapter):
            button.setEnabled(usable)
        if before is None or before.playing != view.playing:
            self.play.show_icon("pause" if view.playing else "play")
            pause, play = translate("Lesson", "暂停"), translate("Lesson", "播放")
            hint = translate("Lesson", "空格")
            words = pause if view.playing else play
            self.play.say(words, hint=f"{words} ({hint})")
        self.modes.render_modes(view)
        self.sound.render_sound(view)
        if before is None or before.chapters != view.chapters:
            self.bar.show_marks(tuple(each.start_s for each in view.chapters))
        if before is None or (before.rate, before.rates) != (view.rate, view.rates):
            self.rate.render_rate(view)
        if before is None or _captions(before) != _captions(view):
            self.captions.render_captions(view.captions, words=self._words)
        self.chapter.render_chapter(view)
        self._fit()

    def toggle(self) -> None:
        """Play or pause, whichever is possible."""
        view = self._view
        if view is not None and view.playing:
            self.pause_film()
        else:
            self.play_film()

    def play_film(self) -> None:
        """Play, where that is possible."""
        view = self._view
        if view is not None and self._free(view) and view.can_play and not view.playing:
            self.intent.emit(intents.Play())

    def pause_film(self) -> None:
        """Pause, where the film runs."""
        view = self._view
        if view is not None and self._free(view) and view.playing:
            self.intent.emit(intents.Pause())

    def go_back(self) -> None:
        """Ten seconds back."""
        view = self._view
        if view is not None and self._free(view) and view.position_s > 0:
            self.intent.emit(intents.Seek(round(max(0.0, view.position_s - _BACK_S) * 1e6)))

    @staticmethod
    def _free(view: LessonView) -> bool:
        return view.check is None and not view.loading

    def _say_time(self, view: LessonView) -> None:
        here, whole = clock(view.position_s), clock(view.duration_s)
        self.time.setText(here if self._brief else f"{here} / {whole}")
        self.time.setToolTip(f"{here} / {whole}" if self._brief else "")

    # Room

    def make_low(self, *, low: bool) -> None:
        """One line where height is dear."""
        if low != self._low:
            self._low = low
            if low:
                self._rows.removeWidget(self.bar)
                self._line.insertWidget(3, self.bar, 1)
                self._line.setStretch(5, 0)
            else:
                self._line.removeWidget(self.bar)
                self._line.setStretch(4, 1)
                self._rows.insertWidget(0, self.bar)
            self._rows.setContentsMargins(0, 0 if low else 2, 0, 0 if low else 6)
            self.setFixedHeight(42 if low else 74)

    def fit(self, width: int) -> None:
        """What there is no room for in `width` px gives way."""
        self._width = width
        self._fit()

    def _fit(self) -> None:
        """Find the least that has to give way; only when something that takes room changed."""
        view = self._view
        if view is None:
            return
        shape = (
            self._width,
            self._low,
            language.current(),
            bool(view.chapters),
            view.rates,
            view.rate,
            view.captions.offered,
            view.sound_device,
            view.picture,
            len(clock(view.duration_s)),
        )
        if shape == self._fitted:
            return
        self._fitted = shape
        for level in range(2 if self._low else 0, _LEVELS + 1):
            self._give_way(level, view)
            if self._line.minimumSize().width() + (_BAR if self._low else 0) <= self._width:
                break

    def _give_way(self, level: int, view: LessonView) -> None:
        """0: everything. 1: no chapter. 2: no slider. 3: pictures for words. 4: tight."""
        self.sound.make_wide(wide=level < 2)
        self._words = level < 3
        self.captions.render_captions(view.captions, words=self._words)
        self._brief = level == 4
        self._say_time(view)
        self.modes.make_compact(compact=self._brief)
        self.rate.make_tight(tight=level >= 3)
        self.chapter.hide()
        self._line.invalidate()
        room = self._width - self._line.minimumSize().width() - 24
        if level == 0 and view.chapters:
            self.chapter.setVisible(room >= _LEAST_CHAPTER)
            self.chapter.set_room(min(room, _MOST_CHAPTER))


def _captions(view: LessonView) -> tuple[object, ...]:
    """What of the captions the button shows: not the words of the moment."""
    return (view.captions.offered, view.captions.language, view.captions.size)
