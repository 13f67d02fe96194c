"""The two dialogs: the learner's short manual (F1), and why a stretch doesn't count."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.texts import Message
from app.ui.language import translate
from app.ui.widgets.basics import (
    Button,
    Label,
    Paragraph,
    Symbol,
    column,
    row,
    scrolling,
)


def manual() -> list[tuple[str, str]]:
    """Headings and texts, in the language in use."""
    return [
        (
            translate("Help", "怎样学习"),
            translate(
                "Help",
                "在“我的课程”里点“继续学习”，画面播放时时间自动计入。"
                "画面下方那一行始终告诉您：正在计入、已暂停，还是需要您做什么。",
            ),
        ),
        (
            translate("Help", "什么时候会暂停"),
            translate(
                "Help",
                "切换到其他窗口、最小化、离开座位或旁边有人入镜时，课程会暂停，"
                "已看的时间不会丢失。回来后点“继续学习”或按空格。",
            ),
        ),
        (
            translate("Help", "人脸验证"),
            translate(
                "Help",
                "学习中会有几次验证，请在规定时间内面向摄像头，按提示慢慢做动作。"
                "没通过可以再试。光线照在脸上、摘下口罩和墨镜，更容易通过。",
            ),
        ),
        (
            translate("Help", "暂未计入是什么意思"),
            translate(
                "Help",
                "有些时间平台暂时不能确认。“我的学时”里写着每一段的原因和解决办法，"
                "通常把这一段再看一遍即可计入。",
            ),
        ),
        (
            translate("Help", "网络断了怎么办"),
            translate(
                "Help", "已看的时间先保存在这台电脑上，网络恢复后自动交给平台，您不用做什么。"
            ),
        ),
        (
            translate("Help", "只用键盘"),
            translate(
                "Help",
                "空格：播放、暂停或继续\n左方向键：后退 10 秒\n上、下方向键：调节音量，M：静音\n"
                "C：显示或隐藏字幕\nF：全屏，Esc：退出全屏\n"
                "Tab：移到下一个按钮，回车：按下它\nF1：打开这份帮助",
            ),
        ),
    ]


class WhyDialog(QDialog):
    """Why a stretch of film is not counted (yet), and how to have it counted."""

    def __init__(self, parent: QWidget, stretch: str, words: Message) -> None:
        super().__init__(parent)
        self.setObjectName("whyDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Lesson", "为什么暂未计入"))
        self.setFixedWidth(min(480, parent.width() - 24))
        close = Button("whyClose", "primary")
        close.say(translate("Lesson", "知道了"))
        close.clicked.connect(self.accept)
        head = row(Symbol("warning", 24, "danger"), gap=12)
        head.addWidget(Label("title", text=f"{stretch}　{words.time}"), 1)
        self.setLayout(
            column(
                head,
                8,
                Paragraph("lesson", text=words.what),
                Paragraph("lesson", text=words.todo),
                16,
                row(None, close),
                gap=6,
                margin=24,
            )
        )
        close.setFocus()


class HelpDialog(QDialog):
    """Made anew each time, so it always speaks the language in use."""

    line_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("helpDialog")
        self.setWindowTitle(translate("Help", "安学使用说明"))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        content = QWidget()
        inside = column(gap=6, margin=(24, 20, 24, 20))
        inside.addWidget(Label("title", text=translate("Help", "安学使用说明")))
        for heading, text in manual():
            inside.addSpacing(8)
            inside.addWidget(Label("heading", text=heading))
            inside.addWidget(Paragraph("", text=text))
        inside.addStretch(1)
        content.setLayout(inside)
        area = scrolling(content)
        close = Button("helpClose", "primary")
        close.say(translate("Help", "知道了"))
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        look = Button("helpLine", "large")
        look.say(translate("Connection", "检查网络连接"))
        look.setAutoDefault(False)
        look.clicked.connect(self.accept)
        look.clicked.connect(self.line_wanted)
        layout.addLayout(row(look, None, close, margin=(24, 12, 24, 16)))
        room = parent.size()
        self.resize(min(640, room.width() - 40), min(720, room.height() - 40))
        close.setFocus()
