"""Under the film: play, back, the bar, time, sound, the three pictures, full screen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout

from app import intents
from app.texts import clock
from app.ui.language import translate
from app.ui.theme import BODY, font
from app.ui.widgets.basics import Button, Label, card
from app.ui.widgets.seek_bar import SeekBar
from app.view import LessonView
from player.events import Mode

_BACK_S = 10.0
_NAMES = {Mode.FLUENT: "modeFluent", Mode.STANDARD: "modeStandard", Mode.HIGH: "modeHigh"}


class Controls(QFrame):
    """Emits intents; `full_screen_wanted` is the window's own affair."""

    intent = Signal(object)
    full_screen_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "controls")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._view: LessonView | None = None
        self.bar = SeekBar()
        self.bar.sought.connect(lambda at: self.intent.emit(intents.Seek(round(at * 1e6))))
        self.play = Button("playButton", "icon", "play")
        self.play.clicked.connect(self.toggle)
        self.back = Button("backButton10", "icon", "back10")
        self.back.clicked.connect(self.go_back)
        self.time = Label()
        self.time.setObjectName("lessonTime")
        self.time.setFont(font(BODY, tabular=True))
        self.mute = Button("muteButton", "icon", "volume")
        self.mute.clicked.connect(self.toggle_mute)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setObjectName("volumeSlider")
        self.volume.setRange(0, 100)
        self.volume.setFixedWidth(88)
        self.volume.setSingleStep(5)
        self.volume.setPageStep(20)
        self.volume.valueChanged.connect(self._set_volume)
        self.modes = self._make_modes()
        self.full = Button("fullScreenButton", "icon", "fullscreen")
        self.full.clicked.connect(self.full_screen_wanted)
        self._line = QHBoxLayout()
        self._line.setContentsMargins(8, 0, 10, 0)
        self._line.setSpacing(4)
        for widget in (self.play, self.back, self.time):
            self._line.addWidget(widget)
        self._line.addStretch(1)
        self._low = False
        self._line.addWidget(self.mute)
        self._line.addWidget(self.volume)
        self._line.addSpacing(12)
        self._line.addWidget(self.modes)
        self._line.addSpacing(8)
        self._line.addWidget(self.full)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 2, 0, 6)
        self._rows.setSpacing(0)
        self._rows.addWidget(self.bar)
        self._rows.addLayout(self._line)
        self.setFixedHeight(74)

    def _make_modes(self) -> QFrame:
        """Three named buttons: a gear would hide what the regulation names."""
        frame = card("quiet")
        line = QHBoxLayout(frame)
        line.setContentsMargins(3, 2, 3, 2)
        line.setSpacing(2)
        self.mode_buttons: dict[Mode, Button] = {}
        for mode, name in _NAMES.items():
            button = Button(name, "segment", checkable=True)
            button.clicked.connect(lambda _=False, m=mode: self._set_mode(m))
            line.addWidget(button)
            self.mode_buttons[mode] = button
        return frame

    def retranslate(self) -> None:
        """Say the words again."""
        self.bar.retranslate()
        self.back.say(
            translate("Lesson", "后退 10 秒"), hint=translate("Lesson", "后退 10 秒（←）")
        )
        self.volume.setAccessibleName(translate("Lesson", "音量"))
        names = {
            Mode.FLUENT: translate("Lesson", "流畅"),
            Mode.STANDARD: translate("Lesson", "标清"),
            Mode.HIGH: translate("Lesson", "高清"),
        }
        hints = {
            Mode.FLUENT: translate("Lesson", "网络慢时选这个"),
            Mode.STANDARD: translate("Lesson", "一般清晰"),
            Mode.HIGH: translate("Lesson", "最清晰，需要较快的网络"),
        }
        for mode, button in self.mode_buttons.items():
            button.say(names[mode], hint=hints[mode])
        self.modes.setAccessibleName(translate("Lesson", "画面"))
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
        self.time.setText(f"{clock(view.position_s)} / {clock(view.duration_s)}")
        usable = view.check is None and not view.loading
        self.play.setEnabled(usable and (view.playing or view.can_play))
        self.back.setEnabled(usable and view.position_s > 0)
        self.bar.setEnabled(usable)
        if before is None or before.playing != view.playing:
            self.play.show_icon("pause" if view.playing else "play")
            pause, play = translate("Lesson", "暂停"), translate("Lesson", "播放")
            hint = translate("Lesson", "空格")
            words = pause if view.playing else play
            self.play.say(words, hint=f"{words} ({hint})")
        if before is None or (before.mode, before.changing_mode) != (view.mode, view.changing_mode):
            self._show_mode(view.mode)
            for button in self.mode_buttons.values():
                button.setEnabled(not view.changing_mode)
        if before is None or (before.volume, before.muted) != (view.volume, view.muted):
            self.volume.blockSignals(True)
            self.volume.setValue(0 if view.muted else round(view.volume * 100))
            self.volume.blockSignals(False)
            self.mute.show_icon("muted" if view.muted else "volume")
            mute, sound = translate("Lesson", "静音"), translate("Lesson", "打开声音")
            self.mute.say(
                sound if view.muted else mute, hint=f"{sound if view.muted else mute} (M)"
            )

    def toggle(self) -> None:
        """Play or pause, whichever is possible."""
        view = self._view
        if view is None or view.check is not None or view.loading:
            return
        if view.playing:
            self.intent.emit(intents.Pause())
        elif view.can_play:
            self.intent.emit(intents.Play())

    def go_back(self) -> None:
        """Ten seconds back."""
        view = self._view
        if view is not None and view.check is None and not view.loading and view.position_s > 0:
            self.intent.emit(intents.Seek(round(max(0.0, view.position_s - _BACK_S) * 1e6)))

    def toggle_mute(self) -> None:
        """Sound off or on."""
        if self._view is not None:
            self.intent.emit(intents.SetVolume(self._view.volume, not self._view.muted))

    def fit(self, width: int, *, low: bool) -> None:
        """One line where height is dear; no slider where there is no room for it."""
        self.volume.setVisible(width >= 640 and not low)
        if low == self._low:
            return
        self._low = low
        if low:
            self._rows.removeWidget(self.bar)
            self._line.insertWidget(3, self.bar, 1)
            self._line.setStretch(4, 0)
        else:
            self._line.removeWidget(self.bar)
            self._line.setStretch(3, 1)
            self._rows.insertWidget(0, self.bar)
        self._rows.setContentsMargins(0, 0 if low else 2, 0, 0 if low else 6)
        self.setFixedHeight(42 if low else 74)

    def _set_mode(self, mode: Mode) -> None:
        view = self._view
        if view is None:
            return
        self._show_mode(view.mode)  # until the player really changed
        if mode != view.mode:
            self.intent.emit(intents.SetMode(mode))

    def _show_mode(self, mode: Mode) -> None:
        """One is chosen. No button group: in one, Tab reaches only the chosen button."""
        for each, button in self.mode_buttons.items():
            button.setChecked(each == mode)

    def _set_volume(self, value: int) -> None:
        self.intent.emit(intents.SetVolume(value / 100, value == 0))
