"""The camera check before study: see oneself, sit well, do what is asked, be recognised."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from app import intents, texts
from app.errors import Report, Trouble
from app.ui.language import translate
from app.ui.pages.base import PageWidget
from app.ui.theme import MARGIN, SMALL, colour, font, tokens
from app.ui.widgets.announce import Prompter
from app.ui.widgets.basics import (
    Button,
    CheckBox,
    Label,
    Paragraph,
    Symbol,
    card,
    column,
    dress,
    row,
    scrolling,
)
from app.ui.widgets.camera_menu import CameraMenu
from app.ui.widgets.check_overlay import CheckOverlay
from app.ui.widgets.message import MessageBox
from app.ui.widgets.preview import GuidedPicture
from app.view import CameraView

_MISMATCH = Report(Trouble.OTHER_PERSON)
_TIPS = ("bulb", "face", "users", "eye")


class Badge(QWidget):
    """模拟学员, over the picture: no one may take the simulated learner for a camera."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def say(self, text: str) -> None:
        """Show the words."""
        self._text = text
        self.setAccessibleName(text)
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        self.setFont(font(SMALL, bold=True))
        return QSize(self.fontMetrics().horizontalAdvance(self._text) + 24, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tokens().stage, 0.82))
        painter.drawRoundedRect(QRectF(self.rect()), 14, 14)
        painter.setPen(QColor(tokens().on_stage))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


class CameraPage(PageWidget):
    """Left the mirror, right one instruction, the result and the way on."""

    def __init__(self) -> None:
        super().__init__()
        self._view: CameraView | None = None
        self.picture = GuidedPicture()
        self.picture.setObjectName("cameraPicture")
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.title = Label("lead")
        self.instruction = Paragraph("display")
        self.instruction.setObjectName("cameraInstruction")
        self.hint = Paragraph("lead")
        self.hint.setObjectName("cameraHint")
        self.check = CheckOverlay(at_sign_in=True)
        self.check.retry.connect(lambda: self.intent.emit(intents.RetryCheck()))
        self.check.change.connect(lambda: self.intent.emit(intents.UseAlternative()))
        self.check.spoken.connect(self.spoken)
        self.prompter = Prompter(self)
        self.prompter.said.connect(self._speak)
        self.greeting = MessageBox("simulatedGreeting")
        self.result = MessageBox("cameraResult")
        self.similarity = Label("small")
        self.tips, self.tip_words = self._make_tips()
        self.choice = CameraMenu()
        self.choice.intent.connect(self.intent)
        self.speech = CheckBox("speechToggle")
        self.speech.clicked.connect(lambda on: self.intent.emit(intents.SetSpeech(on)))
        self.mute = Paragraph("small")
        self.mute.setObjectName("speechNote")
        self.go_on = Button("cameraContinue", "primary")
        wide = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        self.go_on.setSizePolicy(*wide)
        self.go_on.clicked.connect(lambda: self.intent.emit(intents.EnterClass()))
        self.again = Button("cameraRetry", "primary", "refresh")
        self.again.setSizePolicy(*wide)
        self.again.clicked.connect(lambda: self.intent.emit(intents.Retry()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(32)
        layout.addWidget(self._make_mirror(), 7)
        self.side = self._make_side()
        layout.addWidget(self.side, 4)
        self.retranslate()

    def _make_mirror(self) -> QWidget:
        """The picture, or the check in its place; over both, who it is that is seen."""
        mirror = QWidget()
        both = QGridLayout(mirror)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self.picture, 0, 0)
        both.addWidget(self.check, 0, 0)
        self.badge = Badge(mirror)
        self.badge.move(12, 12)
        self.badge.setObjectName("simulatedBadge")
        return mirror

    def _make_side(self) -> QWidget:
        words = QWidget()
        words.setLayout(
            column(
                self.title,
                self.instruction,
                self.hint,
                self.result,
                self.similarity,
                self.greeting,
                None,
                self.tips,
                self.choice,
                self.speech,
                self.mute,
                gap=8,
            )
        )
        side = QWidget()
        side.setMinimumWidth(280)
        side.setMaximumWidth(420)
        # The words scroll when they must; the way on stays in sight.
        side.setLayout(column(scrolling(words), column(self.again, self.go_on), gap=12))
        return side

    def _make_tips(self) -> tuple[QFrame, list[Label]]:
        frame = card("quiet")
        lines = column(gap=8, margin=(16, 12, 16, 12))
        words: list[Label] = []
        for icon in _TIPS:
            label = Label()
            words.append(label)
            lines.addLayout(row(Symbol(icon, 20), label, None, gap=12))
        frame.setLayout(lines)
        return frame, words

    def retranslate(self) -> None:
        self.title.setText(translate("Camera", "确认是您本人"))
        for label, text in zip(
            self.tip_words,
            (
                translate("Camera", "光线照在脸上，不要背光"),
                translate("Camera", "脸在椭圆里，眼睛看屏幕"),
                translate("Camera", "画面里只有您一个人"),
                translate("Camera", "摘下口罩、墨镜和安全帽"),
            ),
            strict=True,
        ):
            label.setText(text)
        self.go_on.say(translate("Camera", "进入班级"))
        self.again.say(translate("Camera", "再试一次"))
        self.badge.say(translate("Camera", "模拟学员"))
        self.speech.setText(translate("Camera", "朗读提示"))
        self.speech.setAccessibleName(translate("Camera", "朗读提示"))
        self.mute.setText(translate("Camera", "这台电脑没有可用的语音，不能朗读。"))
        self.choice.retranslate()
        self.picture.setAccessibleName(translate("Camera", "您的摄像头画面"))

    def render_view(self, view: CameraView) -> None:
        """Show how far the check is."""
        before = self._view
        self._view = view
        done = view.phase in ("matched", "enrolled")
        failed = view.phase == "mismatch"
        instruction, hint = self._words(view)
        self.instruction.setText(instruction)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        asks = view.phase == "positioning" and texts.asks_for_help(view.hint)
        dress(self.hint, "tone", "attention" if asks else "")
        tone = "success" if done else "attention" if failed else "primary"
        self.picture.show_progress(1.0 if done or failed else view.progress, tone)
        self._show_result(view)
        proving = view.phase == "proving" and view.check is not None
        self.picture.setVisible(not proving)
        self.check.render_check(view.check if proving else None)
        self._show_choices(view)
        self.badge.setVisible(view.simulated)
        self.greeting.show_message("info", self._greeting() if view.simulated else None)
        self._make_room()
        self.go_on.setVisible(not failed)
        self.go_on.setEnabled(done)
        self.again.setVisible(failed)
        if done and (before is None or before.phase != view.phase):
            self.go_on.setFocus()
        elif failed and (before is None or before.phase != view.phase):
            self.again.setFocus()
        elif before is not None and before.phase == "proving" and not proving:
            self.setFocus()
        self._tell(view, before)

    def _make_room(self) -> None:
        """Tips while they are of use; on a low screen the check has the page to itself."""
        view = self._view
        asked = view is None or view.phase in ("starting", "positioning")
        roomy = self.height() > 460
        self.tips.setVisible(asked and roomy)
        self.side.setVisible(roomy or self.check.isHidden())

    def _show_choices(self, view: CameraView) -> None:
        """Which camera, and whether the instructions are spoken."""
        self.choice.render_cameras(view.cameras, view.camera)
        done = view.phase in ("matched", "enrolled")
        self.speech.setHidden(done)
        self.speech.setEnabled(view.can_speak)
        self.speech.setChecked(view.speech and view.can_speak)
        note = self.mute.plain()
        self.speech.setAccessibleDescription("" if view.can_speak else note)
        self.mute.setVisible(not done and not view.can_speak)

    def _tell(self, view: CameraView, before: CameraView | None) -> None:
        """Say what is new to who hears the screen; in a check the check says it."""
        if view.speech and (before is None or not before.speech):
            self.prompter.forget()
        if view.phase == "proving":
            return
        self.prompter.now(" ".join(filter(None, (self.instruction.plain(), self._outcome(view)))))
        asks = texts.asks_for_help(view.hint) and view.phase == "positioning"
        self.prompter.soon(texts.hint(translate, view.hint) if asks else "")

    def _outcome(self, view: CameraView) -> str:
        return self.hint.plain() if view.phase in ("matched", "enrolled") else ""

    def _speak(self, words: str) -> None:
        if self._view is not None and self._view.speech:
            self.spoken.emit(words)

    def _show_result(self, view: CameraView) -> None:
        """The result of the comparison, with its figure."""
        figure = ""
        if view.similarity is not None:
            figure = translate("Camera", "与登记照片的相似度 {value}").format(
                value=f"{view.similarity:.2f}"
            )
        if view.phase == "mismatch":
            self.result.show_message("attention", texts.trouble(translate, _MISMATCH))
        elif view.phase == "matched" and figure:
            same = translate("Camera", "与登记的照片一致")
            self.result.show_message("success", texts.Message(same, figure, ""))
        else:
            self.result.show_message("info", None)
        self.similarity.setText(figure)
        self.similarity.setVisible(bool(figure) and view.phase == "mismatch")

    @staticmethod
    def _greeting() -> texts.Message:
        return texts.Message(
            translate("Camera", "您好，我是模拟学员"),
            translate("Camera", "我由电脑生成，不是真人。这次演示没有使用摄像头，由我代替您。"),
            "",
        )

    @staticmethod
    def _words(view: CameraView) -> tuple[str, str]:
        hint = texts.hint(translate, view.hint)
        words = {
            "starting": (
                translate("Camera", "正在打开摄像头"),
                translate("Camera", "通常只要几秒"),
            ),
            "positioning": (translate("Camera", "请面向摄像头，把脸放进椭圆"), hint),
            "proving": (
                translate("Camera", "请跟着提示做动作"),
                translate("Camera", "做完就可以开始学习。"),
            ),
            "matching": (translate("Camera", "请保持不动，正在核对"), hint),
            "matched": (
                translate("Camera", "核验通过，是您本人"),
                translate("Camera", "可以开始学习了。"),
            ),
            "enrolled": (
                translate("Camera", "登记完成"),
                translate("Camera", "以后登录时会与这次的画面核对。"),
            ),
            "mismatch": (translate("Camera", "没能确认是您本人"), ""),
        }
        return words[view.phase]

    def set_preview(self, frame: QImage) -> None:
        self.picture.set_frame(frame)
        self.check.set_frame(frame)

    def first_focus(self) -> QWidget | None:
        return self.go_on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = MARGIN if self.height() > 460 else 12
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(side, side, side, side)
        self._make_room()
