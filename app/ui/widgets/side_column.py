"""Right of the film: counted time, the next step, the course's lessons, the camera."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app import intents
from app.texts import clock
from app.ui.language import pick, translate
from app.ui.theme import tokens
from app.ui.widgets.basics import Button, Label, Paragraph, Symbol, card, column, row, scrolling
from app.ui.widgets.lesson_row import LessonRow
from app.ui.widgets.preview import CameraPicture
from app.ui.widgets.ring import Ring
from app.view import LessonCard, LessonView

WIDTH = 320


class _Dot(QWidget):
    """Whether the camera sees the learner: a full dot, or an empty ring."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(12, 12)
        self._present = False

    def show_present(self, *, present: bool) -> None:
        if present != self._present:
            self._present = present
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = tokens()
        ink = QColor(t.success if self._present else t.attention)
        painter.setPen(ink)
        if self._present:
            painter.setBrush(ink)
        painter.drawEllipse(1, 1, 9, 9)
        painter.end()


class _SmallPicture(CameraPicture):
    def sizeHint(self) -> QSize:
        return QSize(176, 132)


class CameraCorner(QFrame):
    """A small picture of oneself that can be folded to a dot."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.dot = _Dot()
        self.words = Label()
        self.words.setObjectName("cameraWords")
        self.fold = Button("cameraFold", "link")
        self.fold.clicked.connect(self._toggle)
        self.picture = _SmallPicture()
        self.picture.setFixedSize(176, 132)
        self.picture.setObjectName("lessonPicture")
        self.setLayout(
            column(
                row(self.dot, self.words, None, self.fold, gap=8),
                row(None, self.picture, None),
                gap=4,
            )
        )

    def render_camera(self, view: LessonView) -> None:
        """Show whether the camera sees the learner."""
        self.dot.show_present(present=view.face_present)
        seen, unseen = translate("Lesson", "摄像头看得到您"), translate("Lesson", "没有看到您")
        words = seen if view.face_present else unseen
        if view.simulated:
            words = translate("Lesson", "模拟学员代替摄像头")
        if not view.camera_on:
            words = translate("Lesson", "摄像头已关闭，继续时会打开")
            self.picture.set_frame(QImage())
        self.words.setText(words)
        self.picture.setAccessibleName(words)
        self._say()

    def _say(self) -> None:
        folded = self.picture.isHidden()
        self.fold.say(
            translate("Lesson", "显示画面") if folded else translate("Lesson", "收起画面")
        )

    def _toggle(self) -> None:
        self.picture.setVisible(self.picture.isHidden())
        self._say()


class SideColumn(QFrame):
    """Folds away when the window is narrow; nothing in it is needed to go on."""

    intent = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "side")
        self.setObjectName("sideColumn")
        self.setMinimumWidth(WIDTH)
        self.ring_title = Label("strong")
        self.ring = Ring(136, 12, numbers=True)
        self.ring.setObjectName("lessonRing")
        self.waiting = Label("second")
        self.next_step = card("quiet")
        self.next_words = Paragraph()
        line = row(Symbol("pen", 20, "primary"), gap=12, margin=(14, 10, 14, 10))
        line.addWidget(self.next_words, 1)
        self.next_step.setLayout(line)
        self.list_title = Label("strong")
        self.rows: list[LessonRow] = []
        self._shape: tuple[str, ...] = ()
        self.list = QVBoxLayout()
        self.list.setSpacing(2)
        self.list.setContentsMargins(0, 0, 0, 0)
        content = QWidget()
        content.setLayout(column(self.list, None))
        area = scrolling(content)
        area.setMinimumHeight(60)
        self.camera = CameraCorner()
        centre = Qt.AlignmentFlag.AlignHCenter
        inside = column(gap=8, margin=(20, 16, 20, 14))
        inside.addWidget(self.ring_title)
        inside.addWidget(self.ring, 0, centre)
        inside.addWidget(self.waiting, 0, centre)
        inside.addWidget(self.next_step)
        inside.addSpacing(4)
        inside.addWidget(self.list_title)
        inside.addWidget(area, 1)
        inside.addWidget(card("line"))
        inside.addWidget(self.camera)
        self.setLayout(inside)

    def retranslate(self) -> None:
        """Say the words again."""
        self.ring_title.setText(translate("Lesson", "本课已计入的时间"))
        self.list_title.setText(translate("Lesson", "课程目录"))

    def render_side(self, view: LessonView) -> None:
        """Show a lesson's counts and its neighbours."""
        status = view.status
        complete = view.finished and status.provisional_s <= 0
        self.ring.show_time(
            status.credited_s, status.provisional_s, status.duration_s, complete=complete
        )
        self.ring.show_words(clock(status.credited_s), f"/ {clock(status.duration_s)}")
        self.waiting.setText(
            translate("Lesson", "等待平台确认 +{time}").format(time=clock(status.provisional_s))
        )
        self.waiting.setVisible(status.provisional_s > 0)
        self.next_words.setText(self._next(view))
        self._show_lessons(view.lessons, view.lesson)
        self.camera.render_camera(view)

    @staticmethod
    def _next(view: LessonView) -> str:
        if view.questions:
            return translate("Lesson", "看完后有 {n} 道题").format(n=view.questions)
        names = [each.lesson for each in view.lessons]
        after = names.index(view.lesson) + 1 if view.lesson in names else len(names)
        if after < len(names):
            following = view.lessons[after]
            return translate("Lesson", "看完后是：{title}").format(
                title=pick(following.title, following.title_en)
            )
        return translate("Lesson", "看完这一课，课程就完成了")

    def _show_lessons(self, lessons: tuple[LessonCard, ...], chosen: str) -> None:
        shape = tuple(each.lesson for each in lessons)
        if shape != self._shape:
            self._shape = shape
            for old in self.rows:
                self.list.removeWidget(old)
                old.hide()
                old.deleteLater()
            self.rows = []
            for each in lessons:
                line = LessonRow(f"courseLesson_{each.lesson}", compact=True)
                line.clicked.connect(lambda _=False, name=each.lesson: self._open(name))
                self.rows.append(line)
                self.list.addWidget(line)
        self._chosen = chosen
        for line, each in zip(self.rows, lessons, strict=True):
            line.render_lesson(each)
            line.setChecked(each.lesson == chosen)

    def _open(self, lesson: str) -> None:
        for line, name in zip(self.rows, self._shape, strict=True):
            line.setChecked(name == self._chosen)
        if lesson != self._chosen:
            self.intent.emit(intents.OpenLesson(lesson))

    def set_frame(self, frame: QImage) -> None:
        """The newest camera picture."""
        self.camera.picture.set_frame(frame)
