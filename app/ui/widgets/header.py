"""The bar at the top: where one is, the way back, one's hours, language, help, sign-out."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app import intents
from app.ui import icons
from app.ui.language import current, pick, translate
from app.ui.theme import tokens
from app.ui.widgets.basics import Button, Elided, Label
from app.view import Page, WindowView

_STUDYING = (Page.CLASS, Page.LESSON, Page.HOURS, Page.SNAPSHOTS)


class Logo(QWidget):
    """The program's mark."""

    def __init__(self, size: int = 32) -> None:
        super().__init__()
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint(painter, "anxue", QRectF(self.rect()), tokens().primary)
        painter.end()


class Header(QFrame):
    """Emits intents; `help_wanted` asks for the short manual."""

    intent = Signal(object)
    help_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "header")
        self.setObjectName("header")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.logo = Logo()
        self.name = Label("heading")
        self.back = Button("backToClass", "quiet", "chevron_left")
        self.back.clicked.connect(lambda: self.intent.emit(intents.BackToClass()))
        self.where = Elided("heading")
        self.where.setObjectName("where")
        self.course = Elided("small")
        self.demo = Label("chip", "primary")
        self.demo.setObjectName("demoChip")
        self.offline = Label("chip", "attention")
        self.offline.setObjectName("offlineChip")
        self.hours = Button("hoursButton", "quiet", "clock")
        self.hours.clicked.connect(lambda: self.intent.emit(intents.ShowHours()))
        self.learner = Elided("second")
        self.learner.setObjectName("learnerName")
        self.learner.setContentsMargins(0, 0, 0, 2)  # on one line with the buttons' words
        self.language = Button("languageButton", "quiet", "language")
        self.language.clicked.connect(self._change_language)
        self.help = Button("helpButton", "quiet", "help")
        self.help.clicked.connect(self.help_wanted)
        self.sign_out = Button("signOutButton", "quiet", "exit")
        self.sign_out.clicked.connect(lambda: self.intent.emit(intents.SignOut()))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 0, 12, 0)
        layout.setSpacing(6)
        layout.addWidget(self.logo)
        layout.addSpacing(4)
        layout.addWidget(self.name)
        layout.addWidget(self.back)
        layout.addWidget(self.where)
        layout.addSpacing(4)
        layout.addWidget(self.course)
        layout.addSpacing(8)
        layout.addWidget(self.demo)
        layout.addWidget(self.offline)
        layout.addStretch(1)
        layout.addWidget(self.hours)
        layout.addWidget(self.language)
        layout.addWidget(self.help)
        layout.addWidget(self.learner)
        layout.addWidget(self.sign_out)
        self._view: WindowView | None = None
        self._low = False
        self.make_low(low=False)

    def render_header(self, view: WindowView) -> None:
        """Show what belongs to the page; called with every view, changes little."""
        before = self._view
        self._view = view
        same = before is not None and (
            (before.page, before.language, before.demo, before.learner, before.offline)
            == (view.page, view.language, view.demo, view.learner, view.offline)
        )
        lesson = view.lesson if view.page is Page.LESSON else None
        if lesson is not None:
            self.where.setText(pick(lesson.title, lesson.title_en))
            self.course.setText(pick(lesson.course_title, lesson.course_title_en))
        if same:
            return
        studying = view.page in _STUDYING
        self.name.setText(translate("Header", "安学"))
        self.back.say(translate("Header", "返回课程"))
        self.hours.say(translate("Header", "我的学时"))
        self.sign_out.say(translate("Header", "退出"))
        self.demo.setText(translate("Header", "演示"))
        self.demo.setToolTip(translate("Header", "演示平台上的学习不会计入学时"))
        self.offline.setText(translate("Header", "离线"))
        self.offline.setToolTip(translate("Header", "已看的时间保存在这台电脑上"))
        self.learner.setText(view.learner)
        self.name.setVisible(not self.back_shown(view))
        self.back.setVisible(self.back_shown(view))
        self.where.setVisible(lesson is not None)
        self.course.setVisible(lesson is not None)
        self.demo.setVisible(view.demo)
        self.offline.setVisible(view.offline)
        self.hours.setVisible(studying and view.page is not Page.HOURS)
        self.learner.setVisible(bool(view.learner))
        self.sign_out.setVisible(
            view.page not in (Page.SIGN_IN, Page.SIGNED_OUT) and bool(view.learner)
        )
        self._fit()

    def forget(self) -> None:
        """Have every word said again with the next view."""
        self._view = None

    @staticmethod
    def back_shown(view: WindowView) -> bool:
        """Whether there is a way back to the class."""
        return view.page in (Page.LESSON, Page.HOURS, Page.SNAPSHOTS)

    def make_low(self, *, low: bool) -> None:
        """Take less room on a small screen: less height, icons before words."""
        self._low = low
        self.setFixedHeight(44 if low else 56)
        self._fit()

    def _fit(self) -> None:
        """What is told elsewhere gives way first."""
        if self._view is None:
            return
        narrow = self.width() < 900
        lesson = self._view.page is Page.LESSON
        room = self.width() >= (1100 if lesson else 900)
        self.learner.setVisible(bool(self._view.learner) and room)
        self.course.setVisible(lesson and self.width() >= 1100)
        language = "English" if current() == "zh_CN" else "中文"
        for button, words, hint in (
            (self.language, language, ""),
            (self.help, translate("Header", "帮助"), "F1"),
        ):
            button.say(words, hint=hint)
            if narrow and lesson:  # the lesson's title needs the room more
                button.setText("")
                button.setToolTip(words)
        self.logo.setVisible(not (narrow and self.back_shown(self._view)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _change_language(self) -> None:
        self.intent.emit(intents.SetLanguage("en" if current() == "zh_CN" else "zh_CN"))
