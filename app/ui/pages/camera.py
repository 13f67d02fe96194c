"""The camera check before study: see oneself, sit well, be recognised."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app import intents, texts
from app.errors import Report, Trouble
from app.ui.language import translate
from app.ui.pages.base import PageWidget
from app.ui.theme import MARGIN, SMALL, colour, font, tokens
from app.ui.widgets.basics import (
    Button,
    Label,
    Paragraph,
    Symbol,
    card,
    column,
    row,
    scrolling,
)
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
        self.badge = Badge(self.picture)
        self.badge.move(12, 12)
        self.badge.setObjectName("simulatedBadge")
        self.title = Label("lead")
        self.instruction = Paragraph("display")
        self.instruction.setObjectName("cameraInstruction")
        self.hint = Paragraph("lead")
        self.hint.setObjectName("cameraHint")
        self.greeting = MessageBox("simulatedGreeting")
        self.result = MessageBox("cameraResult")
        self.similarity = Label("small")
        self.tips, self.tip_words = self._make_tips()
        self.go_on = Button("cameraContinue", "primary")
        wide = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        self.go_on.setSizePolicy(*wide)
        self.go_on.clicked.connect(lambda: self.intent.emit(intents.EnterClass()))
        self.again = Button("cameraRetry", "primary", "refresh")
        self.again.setSizePolicy(*wide)
        self.again.clicked.connect(lambda: self.intent.emit(intents.Retry()))
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
                gap=8,
            )
        )
        side = QWidget()
        side.setMinimumWidth(280)
        side.setMaximumWidth(420)
        # The words scroll when they must; the way on stays in sight.
        side.setLayout(column(scrolling(words), column(self.again, self.go_on), gap=12))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(32)
        layout.addWidget(self.picture, 7)
        layout.addWidget(side, 4)
        self.retranslate()

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
        tone = "success" if done else "danger" if failed else "primary"
        self.picture.show_progress(1.0 if done or failed else view.progress, tone)
        self._show_result(view)
        self.badge.setVisible(view.simulated)
        self.greeting.show_message("info", self._greeting() if view.simulated else None)
        self.tips.setVisible(not done and self.height() > 460)
        self.go_on.setVisible(not failed)
        self.go_on.setEnabled(done)
        self.again.setVisible(failed)
        if done and (before is None or before.phase != view.phase):
            self.go_on.setFocus()
        elif failed and (before is None or before.phase != view.phase):
            self.again.setFocus()

    def _show_result(self, view: CameraView) -> None:
        """The result of the comparison, with its figure."""
        figure = ""
        if view.similarity is not None:
            figure = translate("Camera", "与登记照片的相似度 {value}").format(
                value=f"{view.similarity:.2f}"
            )
        if view.phase == "mismatch":
            self.result.show_message("danger", texts.trouble(translate, _MISMATCH))
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
        if view.phase == "starting":
            return translate("Camera", "正在打开摄像头"), translate("Camera", "通常只要几秒")
        if view.phase == "positioning":
            return translate("Camera", "请面向摄像头，把脸放进椭圆"), hint
        if view.phase == "matching":
            return translate("Camera", "请保持不动，正在核对"), hint
        if view.phase == "matched":
            return (
                translate("Camera", "核验通过，是您本人"),
                translate("Camera", "可以开始学习了。"),
            )
        if view.phase == "enrolled":
            return (
                translate("Camera", "登记完成"),
                translate("Camera", "以后登录时会与这次的画面核对。"),
            )
        return translate("Camera", "没能确认是您本人"), ""

    def set_preview(self, frame: QImage) -> None:
        self.picture.set_frame(frame)

    def first_focus(self) -> QWidget | None:
        return self.go_on

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = MARGIN if self.height() > 460 else 12
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(side, side, side, side)
        done = self._view is not None and self._view.phase in ("matched", "enrolled")
        self.tips.setVisible(not done and self.height() > 460)
