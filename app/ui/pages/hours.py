"""My hours: what counts, what waits, what doesn't count and how to have it counted."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app import intents, texts
from app.texts import clock, span
from app.ui.language import pick, translate
from app.ui.pages.base import ScrollingPage
from app.ui.theme import NUMBER, font
from app.ui.widgets.basics import (
    Button,
    Elided,
    Label,
    Paragraph,
    Symbol,
    Tone,
    card,
    column,
    row,
)
from app.ui.widgets.blank import Blank
from app.ui.widgets.film_bar import FilmBar
from app.ui.widgets.message import MessageBox
from app.ui.widgets.ring import Ring
from app.ui.widgets.skeleton import Skeleton
from app.view import FilmPart, HoursRow, HoursView


class _Tile(QFrame):
    """One number with its meaning."""

    def __init__(self, icon: str, tone: Tone) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.name = Label("strong")
        self.number = Label("display")
        self.number.setFont(font(NUMBER, bold=True, tabular=True))
        self.note = Paragraph("small")
        head = row(Symbol(icon, 22, tone), self.name, None, gap=8)
        self.setLayout(column(head, self.number, self.note, None, gap=4, margin=(20, 16, 20, 16)))

    def say(self, name: str, number: str, note: str) -> None:
        self.name.setText(name)
        self.number.setText(number)
        self.note.setText(note)
        self.setAccessibleName(f"{name} {number} {note}")


class _Lesson(QFrame):
    """One lesson: its counts, its film as a bar, and a line for each stretch that waits for a
    person or doesn't count: why, and what to do.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.ring = Ring(44, 5)
        self.title = Elided("lesson")
        self.counted = Label("strong")
        self.waiting = Label("second")
        self.state = Label("chip", "success")
        head = row(self.ring, gap=16)
        head.addLayout(column(None, self.title, None), 1)
        for label in (self.state, self.waiting, self.counted):
            head.addWidget(label)
        self.bar = FilmBar()
        self.legend = Label("small")
        self._lost = QVBoxLayout()
        self._lost.setSpacing(8)
        self._shown: tuple[FilmPart, ...] | None = None
        self._language = ""
        self.setLayout(
            column(head, self.bar, self.legend, self._lost, gap=8, margin=(20, 14, 20, 14))
        )

    def render_row(self, view: HoursRow) -> None:
        self.ring.show_time(
            view.credited_s, view.provisional_s, view.duration_s, complete=view.completed
        )
        self.title.setText(pick(view.title, view.title_en))
        self.counted.setText(
            translate("Hours", "已计入 {done} / {all}").format(
                done=clock(view.credited_s), all=clock(view.duration_s)
            )
        )
        waiting = translate("Hours", "待确认 +{time}").format(time=clock(view.provisional_s))
        self.waiting.setText(waiting)
        self.waiting.setVisible(view.provisional_s > 0)
        self.state.setText(translate("Hours", "已完成"))
        self.state.setVisible(view.completed)
        words = texts.film_words(translate, view.parts, view.duration_s)
        self.bar.show_film(view.parts, view.duration_s, words)
        self.legend.setText(words)
        for widget in (self.bar, self.legend):
            widget.setVisible(bool(view.parts))
        told = tuple(part for part in _parts(view) if part.reason)
        language = self.state.text()
        if (told, language) != (self._shown, self._language):
            self._shown, self._language = told, language
            self._show_told(told)

    def _show_told(self, told: tuple[FilmPart, ...]) -> None:
        while (item := self._lost.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for part in told:
            words = texts.not_counted(translate, part.reason)
            lost = part.state == "not_counted"
            time = words.time if lost else translate("Hours", "等待复核")
            tone: Tone = "danger" if lost else "attention"
            frame = QFrame()
            frame.setProperty("card", "quiet")
            line = QHBoxLayout(frame)
            line.setContentsMargins(14, 8, 14, 8)
            line.setSpacing(12)
            line.addWidget(Symbol("warning" if lost else "hourglass", 20, tone))
            when = Label("strong", tone, text=f"{span(part.start_s, part.end_s)}　{time}")
            when.setFont(font(14, bold=True, tabular=True))
            line.addWidget(when)
            text = translate("Hours", "{what}。{todo}").format(what=words.what, todo=words.todo)
            line.addWidget(Paragraph("", text=text), 1)
            self._lost.addWidget(frame)


def _parts(view: HoursRow) -> tuple[FilmPart, ...]:
    """What is to be said in words; a view without parts has its losses only."""
    lost = tuple(FilmPart(start, end, "not_counted", why) for start, end, why in view.lost)
    waiting = tuple(part for part in view.parts if part.state == "provisional")
    return tuple(sorted(waiting + lost, key=lambda part: part.start_s))


class HoursPage(ScrollingPage):
    """Three numbers, then every lesson."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[_Lesson] = []
        self.title = Label("title")
        self.export = Button("exportButton", "large", "export")
        self.export.clicked.connect(lambda: self.intent.emit(intents.ExportRecords()))
        self.snapshots = Button("snapshotsButton", "large", "camera")
        self.snapshots.clicked.connect(lambda: self.intent.emit(intents.ShowSnapshots()))
        self.message = MessageBox("hoursMessage", "hoursReconnect")
        self.failed = Blank("cloud_off", "hoursRetry", tone="attention")
        for button in (self.message.button, self.failed.button):
            button.clicked.connect(lambda: self.intent.emit(intents.Retry()))
        self.skeleton = Skeleton()
        self.counted = _Tile("check_circle", "success")
        self.waiting = _Tile("hourglass", "second")
        self.records = _Tile("cloud_check", "primary")
        self.tiles = QWidget()
        tiles = QHBoxLayout(self.tiles)
        tiles.setContentsMargins(0, 0, 0, 0)
        tiles.setSpacing(16)
        for tile in (self.counted, self.waiting, self.records):
            tiles.addWidget(tile, 1)
        self.empty = card()
        self.empty_text = Paragraph("lead")
        self.empty.setLayout(row(Symbol("clock", 32), self.empty_text, gap=16, margin=24))
        self.list = QVBoxLayout()
        self.list.setSpacing(12)
        self.body.addLayout(row(self.title, None, self.snapshots, self.export))
        for widget in (self.message, self.skeleton, self.failed, self.tiles, self.empty):
            self.body.addWidget(widget)
        self.body.addLayout(self.list)
        self.body.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(translate("Hours", "我的学时"))
        self.export.say(
            translate("Hours", "导出学习记录"),
            hint=translate("Hours", "存成一个文件，任何人都可以核对它没有被改动"),
        )
        self.snapshots.say(
            translate("Hours", "验证照片"),
            hint=translate("Hours", "拍了哪些照片、为什么、保存到什么时候"),
        )
        self.message.button.say(translate("Hours", "重试"))
        self.empty_text.setText(
            translate("Hours", "还没有学习时间。看完一段课程后，计入的时间会出现在这里。")
        )

    def render_view(self, view: HoursView) -> None:
        """Show the hours in whatever state they are."""
        if view.state == "loading":
            self.skeleton.begin(translate("Hours", "正在取得您的学时"))
        else:
            self.skeleton.end()
        self._show_message(view)
        known = view.state == "ready" or (view.state == "offline" and bool(view.rows))
        self.tiles.setVisible(known)
        self.empty.setVisible(view.state == "empty")
        self.export.setEnabled(view.records > 0)
        self.counted.say(
            translate("Hours", "已计入"),
            clock(view.credited_s),
            translate("Hours", "平台已经确认的学习时间"),
        )
        self.waiting.say(
            translate("Hours", "等待确认"),
            clock(view.provisional_s),
            translate("Hours", "已记录，平台确认后计入"),
        )
        self.records.say(
            translate("Hours", "平台已收到的记录"),
            f"{view.confirmed_records} / {view.records}",
            translate("Hours", "没有收到的保存在这台电脑上"),
        )
        rows = view.rows if known else ()
        while len(self._lines) < len(rows):
            line = _Lesson()
            self._lines.append(line)
            self.list.addWidget(line)
        for index, line in enumerate(self._lines):
            line.setVisible(index < len(rows))
            if index < len(rows):
                line.render_row(rows[index])

    def _show_message(self, view: HoursView) -> None:
        """A failure stands alone; anything else lies above the numbers."""
        message = texts.trouble(translate, view.report) if view.report is not None else None
        alone = view.state == "error" or (view.state == "offline" and not view.rows)
        self.failed.setVisible(alone and message is not None)
        if alone and message is not None:
            self.failed.say(message, translate("Hours", "重试"))
        if alone:
            message = None
        elif view.state == "offline":
            message = texts.Message(
                translate("Hours", "现在没有连上培训平台。"),
                translate("Hours", "下面是上次确认的时间和这台电脑上的记录。"),
                translate("Hours", "网络恢复后会自动更新。"),
            )
        self.message.show_message("attention", message)
        self.message.button.setVisible(view.state == "offline")

    def first_focus(self) -> QWidget | None:
        if not self.failed.isHidden():
            return self.failed.button
        return self.export if self.export.isEnabled() else self.snapshots
