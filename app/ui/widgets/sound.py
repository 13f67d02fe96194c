"""The sound: on or off, how loud; or, where the computer has none, words that say so."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSlider

from app import intents
from app.ui.language import translate
from app.ui.widgets.basics import Button, Label, row
from app.view import LessonView

_STEP = 5  # per cent


class Sound(QFrame):
    """Emits `SetVolume`. Turning the wheel over the slider is as good as moving it."""

    intent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._view: LessonView | None = None
        self._wide = True
        self.mute = Button("muteButton", "icon", "volume")
        self.mute.clicked.connect(self.toggle_mute)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("volumeSlider")
        self.slider.setRange(0, 100)
        self.slider.setFixedWidth(88)
        self.slider.setSingleStep(_STEP)
        self.slider.setPageStep(20)
        self.slider.valueChanged.connect(self._set)
        self.note = Label("small")
        self.note.setObjectName("soundNote")
        self.setLayout(row(self.mute, self.slider, self.note, gap=4))
        self.note.hide()

    def retranslate(self) -> None:
        """Say the words again."""
        self.slider.setAccessibleName(translate("Lesson", "音量"))
        self.note.setText(translate("Lesson", "没有声音设备"))
        self._view = None

    def make_wide(self, *, wide: bool) -> None:
        """Whether there is room for more than the button."""
        self._wide = wide
        self._show_parts()

    def render_sound(self, view: LessonView) -> None:
        """Show how loud it is."""
        before, self._view = self._view, view
        now = (view.volume, view.muted, view.sound_device)
        if before is not None and now == (before.volume, before.muted, before.sound_device):
            return
        self.slider.blockSignals(True)
        self.slider.setValue(0 if view.muted else round(view.volume * 100))
        self.slider.blockSignals(False)
        words = translate("Lesson", "打开声音") if view.muted else translate("Lesson", "静音")
        icon, hint = "muted" if view.muted else "volume", f"{words} (M)"
        if not view.sound_device:
            icon, words = "sound_missing", translate("Lesson", "没有声音设备")
            hint = translate(
                "Lesson", "没有找到声音设备。计时不受影响；要听声音，请插上耳机或音箱。"
            )
        self.mute.show_icon(icon)
        self.mute.say(words, hint=hint)
        self.note.setToolTip(hint)
        self._show_parts()

    def toggle_mute(self) -> None:
        """Sound off or on."""
        if self._view is not None:
            self.intent.emit(intents.SetVolume(self._view.volume, not self._view.muted))

    def change(self, steps: int) -> None:
        """Louder by so many steps of 5 %, or softer."""
        if self._view is not None:
            self.slider.setValue(self.slider.value() + steps * _STEP)

    def _show_parts(self) -> None:
        there = self._view is None or self._view.sound_device
        self.slider.setVisible(self._wide and there)
        self.note.setVisible(self._wide and not there)
        self.updateGeometry()

    def _set(self, value: int) -> None:
        self.intent.emit(intents.SetVolume(value / 100, value == 0))
