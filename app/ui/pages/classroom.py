"""My class: where one stands and the one button to go on."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app import intents, texts
from app.texts import clock
from app.ui.language import pick, translate
from app.ui.pages.base import ScrollingPage
from app.ui.widgets.basics import Button, Elided, Label, Paragraph, card, column, row
from app.ui.widgets.blank import Blank
from app.ui.widgets.lesson_row import LessonRow
from app.ui.widgets.message import MessageBox, MessageKind
from app.ui.widgets.ring import Ring
from app.ui.widgets.skeleton import Skeleton
from app.view import ClassView, CourseCard, LessonCard


def next_lesson(view: ClassView) -> tuple[CourseCard, LessonCard] | None:
    """The lesson that the main action opens: the first begun or new one."""
    open_lessons = [
        (course, lesson)
        for course in view.courses
        for lesson in course.lessons
        if not lesson.completed
    ]
    begun = [each for each in open_lessons if each[1].credited_s + each[1].provisional_s > 0]
    return next(iter(begun + open_lessons), None)


class _Course(QFrame):
    """A course with its lessons."""

    def __init__(self, view: CourseCard, page: "ClassPage") -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.title = Elided("heading")
        self.category = Label("chip")
        self.done = Label("second")
        self.rows: list[LessonRow] = []
        lines = column(gap=2)
        for lesson in view.lessons:
            line = LessonRow(f"lessonCard_{lesson.lesson}")
            line.clicked.connect(
                lambda _=False, name=lesson.lesson: page.intent.emit(intents.OpenLesson(name))
            )
            self.rows.append(line)
            lines.addWidget(line)
        head = row(self.title, self.category, None, self.done, gap=12, margin=(16, 0, 16, 4))
        self.setLayout(column(head, lines, gap=6, margin=(8, 16, 8, 10)))

    def render_course(self, view: CourseCard) -> None:
        self.title.setText(pick(view.title, view.title_en))
        self.category.setText(view.category)
        self.category.setVisible(bool(view.category))
        done = sum(lesson.completed for lesson in view.lessons)
        self.done.setText(
            translate("Class", "已完成 {n} / {all} 课").format(n=done, all=len(view.lessons))
        )
        for line, lesson in zip(self.rows, view.lessons, strict=True):
            line.render_lesson(lesson)


class ClassPage(ScrollingPage):
    """Greeting, the next lesson with the main action, then all courses."""

    def __init__(self) -> None:
        super().__init__()
        self._view: ClassView | None = None
        self._shape: tuple[tuple[str, ...], ...] = ()
        self._courses: list[_Course] = []
        self.title = Label("title")
        self.subtitle = Label("second")
        self.message = MessageBox("classMessage", "classReconnect")
        self.failed = Blank("cloud_off", "classRetry", tone="attention")
        self.empty = Blank("book", "classRefresh")
        for button in (self.message.button, self.failed.button, self.empty.button):
            button.clicked.connect(lambda: self.intent.emit(intents.Retry()))
        self.skeleton = Skeleton()
        self.next_card = self._make_next()
        self.list = QVBoxLayout()
        self.list.setSpacing(16)
        for item in (self.title, self.subtitle):
            self.body.addWidget(item)
        self.body.setSpacing(4)
        self.body.addSpacing(12)
        for widget in (self.message, self.next_card, self.skeleton, self.failed, self.empty):
            self.body.addWidget(widget)
        self.body.addSpacing(12)
        self.body.addLayout(self.list)
        self.body.addStretch(1)
        self.retranslate()

    def _make_next(self) -> QFrame:
        self.ring = Ring(116, 10, numbers=True)
        self.next_label = Label("strong", "primary")
        self.next_title = Paragraph("title")
        self.next_facts = Paragraph("second")
        self.go_on = Button("continueButton", "primary", "play")
        self.go_on.clicked.connect(self._continue)
        frame = card()
        words = column(None, self.next_label, self.next_title, self.next_facts, None, gap=4)
        line = row(self.ring, gap=24, margin=24)
        line.addLayout(words, 1)
        line.addWidget(self.go_on)
        frame.setLayout(line)
        return frame

    def retranslate(self) -> None:
        self.title.setText(translate("Class", "我的课程"))
        self.go_on.say(translate("Class", "继续学习"))
        self.message.button.say(translate("Class", "重试"))
        self.empty.say(
            texts.Message(
                translate("Class", "还没有给您安排课程"),
                translate("Class", "培训机构安排好以后，课程会出现在这里。"),
                translate("Class", "已经报名的，请联系培训机构。"),
            ),
            translate("Class", "再看看"),
        )

    def render_view(self, view: ClassView) -> None:
        """Show the class in whatever state it is."""
        self._view = view
        hello = ""
        if view.learner:
            hello = translate("Class", "{name}，您好").format(name=view.learner)
        self.subtitle.setText(" · ".join(filter(None, (hello, view.class_name, view.institution))))
        self.subtitle.setVisible(bool(self.subtitle.text()))
        if view.state == "loading":
            self.skeleton.begin(translate("Class", "正在取得您的课程"))
        else:
            self.skeleton.end()
        self._show_message(view)
        self.empty.setVisible(view.state == "empty")
        courses = view.courses if view.state in ("ready", "offline") else ()
        self._show_courses(courses)
        self._show_next(view)

    def _show_message(self, view: ClassView) -> None:
        """A failure stands alone; anything else lies above the courses."""
        report = texts.trouble(translate, view.report) if view.report is not None else None
        alone = view.state == "error" or (view.state == "offline" and not view.courses)
        self.failed.setVisible(alone and report is not None)
        if alone and report is not None:
            self.failed.say(report, translate("Class", "重试"))
        lessons = [lesson for course in view.courses for lesson in course.lessons]
        message = report
        kind: MessageKind = "attention"
        if alone:
            message = None
        elif view.state == "offline":
            message = texts.Message(
                translate("Class", "现在没有连上培训平台。"),
                translate("Class", "可以继续学习，已看的时间先保存在这台电脑上。"),
                translate("Class", "网络恢复后会自动交给平台确认。"),
            )
        elif view.state == "ready" and lessons and all(each.completed for each in lessons):
            kind = "success"
            message = texts.Message(
                translate("Class", "您的课程都已完成。"),
                translate("Class", "计入的时间可以在“我的学时”里查看。"),
                "",
            )
        self.message.show_message(kind, message)
        self.message.button.setVisible(view.state == "offline")

    def _show_courses(self, courses: tuple[CourseCard, ...]) -> None:
        """Build the cards anew only when there are other lessons than before."""
        shape = tuple(tuple(lesson.lesson for lesson in course.lessons) for course in courses)
        if shape != self._shape:
            self._shape = shape
            for old in self._courses:
                self.list.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._courses = [_Course(course, self) for course in courses]
            for each in self._courses:
                self.list.addWidget(each)
        for widget, course in zip(self._courses, courses, strict=True):
            widget.render_course(course)

    def _show_next(self, view: ClassView) -> None:
        chosen = next_lesson(view) if view.state in ("ready", "offline") else None
        self.next_card.setVisible(chosen is not None)
        if chosen is None:
            return
        course, lesson = chosen
        begun = lesson.credited_s + lesson.provisional_s > 0
        self.next_label.setText(
            translate("Class", "接着上次学习") if begun else translate("Class", "下一课")
        )
        self.go_on.say(translate("Class", "继续学习") if begun else translate("Class", "开始学习"))
        self.next_title.setText(pick(lesson.title, lesson.title_en))
        facts = [pick(course.title, course.title_en)]
        if lesson.questions:
            facts.append(translate("Class", "看完后有 {n} 道题").format(n=lesson.questions))
        self.next_facts.setText(" · ".join(facts))
        self.ring.show_time(
            lesson.credited_s, lesson.provisional_s, lesson.duration_s, complete=False
        )
        self.ring.show_words(clock(lesson.credited_s), f"/ {clock(lesson.duration_s)}")

    def _continue(self) -> None:
        chosen = next_lesson(self._view) if self._view is not None else None
        if chosen is not None:
            self.intent.emit(intents.OpenLesson(chosen[1].lesson))

    def first_focus(self) -> QWidget | None:
        choices = (self.failed.button, self.empty.button, self.message.button)
        for button in choices:
            parent = button.parentWidget()
            if parent is not None and not parent.isHidden() and not button.isHidden():
                return button if self.next_card.isHidden() else self.go_on
        return self.go_on
