"""The learner's own pictures: which were taken, when, why, and until when they are kept."""

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app import intents, texts
from app.texts import Message
from app.ui import icons
from app.ui.language import pick, translate
from app.ui.pages.base import ScrollingPage
from app.ui.theme import tokens
from app.ui.widgets.basics import Button, Label, Paragraph, Symbol, card, column, row
from app.ui.widgets.blank import Blank
from app.ui.widgets.message import MessageBox
from app.ui.widgets.skeleton import Skeleton
from app.view import SnapshotRow, SnapshotsView

_ROW = 44
_MOST = 9  # rows that are seen at once; the table scrolls the others


class _Table(QTableWidget):
    """A table that the arrow keys go through and a screen reader reads cell by cell."""

    def __init__(self) -> None:
        super().__init__(0, 5)
        self.setObjectName("snapshotsTable")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setSectionsClickable(False)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    def fill(self, rows: tuple[SnapshotRow, ...]) -> None:
        """Write the rows in the language in use."""
        self.setHorizontalHeaderLabels(
            [
                translate("Snapshots", "拍摄时间"),
                translate("Snapshots", "原因"),
                translate("Snapshots", "课程"),
                translate("Snapshots", "现在在哪里"),
                translate("Snapshots", "保存到"),
            ]
        )
        self.setRowCount(len(rows))
        for index, each in enumerate(rows):
            for place, words in enumerate(_cells(each)):
                item = QTableWidgetItem(words)
                item.setToolTip(words if place == 2 else "")
                if place == 3:
                    _mark(item, each.state)
                self.setItem(index, place, item)
        shown = min(max(len(rows), 1), _MOST)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * _ROW + 4)


def _mark(item: QTableWidgetItem, state: str) -> None:
    t = tokens()
    name, ink = ("cloud_check", t.success) if state == "sent" else ("hourglass", t.second)
    item.setIcon(icons.icon(name, 18, ink, ink, 4))
    item.setForeground(QColor(ink))


def _cells(view: SnapshotRow) -> tuple[str, str, str, str, str]:
    why = {
        "check": translate("Snapshots", "人脸验证"),
        "between": translate("Snapshots", "两次验证之间"),
    }[view.why]
    where = translate("Snapshots", "已交给平台，本机已删除")
    until = _day(view.kept_until)
    if view.state == "waiting":
        where = translate("Snapshots", "已加密，等待上传")
        until = translate("Snapshots", "上传后开始计算")
    return _moment(view.taken_at), why, pick(view.title, view.title_en), where, until


def _moment(utc: str) -> str:
    """A moment (RFC 3339) on the learner's own clock; one that can't be read as it is."""
    moment = QDateTime.fromString(utc, Qt.DateFormat.ISODateWithMs)
    if not moment.isValid():
        return utc
    return QLocale.c().toString(moment.toLocalTime(), "yyyy-MM-dd HH:mm")


def _day(utc: str) -> str:
    return _moment(utc)[:10]


class SnapshotsPage(ScrollingPage):
    """What happens with the pictures, then all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._view: SnapshotsView | None = None
        self._written: tuple[object, ...] = ()
        self.title = Label("title")
        self.hours = Button("snapshotsHours", "large", "clock")
        self.hours.clicked.connect(lambda: self.intent.emit(intents.ShowHours()))
        self.explained = card("quiet")
        self.how, self.kept = Paragraph(), Paragraph()
        lines = row(gap=14, margin=(18, 14, 18, 14))
        lines.addLayout(column(Symbol("lock", 24, "primary"), None))
        lines.addLayout(column(self.how, self.kept, gap=4), 1)
        self.explained.setLayout(lines)
        self.message = MessageBox("snapshotsMessage", "snapshotsReconnect")
        self.failed = Blank("cloud_off", "snapshotsRetry", tone="attention")
        for button in (self.message.button, self.failed.button):
            button.clicked.connect(lambda: self.intent.emit(intents.Retry()))
        self.skeleton = Skeleton()
        self.empty = card()
        self.empty_text = Paragraph("lead")
        self.empty.setLayout(row(Symbol("camera", 32), self.empty_text, gap=16, margin=24))
        self.table = _Table()
        self.body.addLayout(row(self.title, None, self.hours))
        for widget in (
            self.explained,
            self.message,
            self.skeleton,
            self.failed,
            self.empty,
            self.table,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(translate("Snapshots", "我的验证照片"))
        self.hours.say(translate("Snapshots", "我的学时"))
        self.how.setText(
            translate(
                "Snapshots",
                "照片在拍下时就加密，只有培训平台能打开；平台收到后，这台电脑上的随即删除。",
            )
        )
        self.empty_text.setText(
            translate("Snapshots", "还没有照片。学习中做过人脸验证后，拍了什么会列在这里。")
        )
        self.table.setAccessibleName(translate("Snapshots", "我的验证照片"))
        self.message.button.say(translate("Snapshots", "重试"))
        self._written = ()

    def render_view(self, view: SnapshotsView) -> None:
        """Show the list in whatever state it is."""
        self._view = view
        if view.state == "loading":
            self.skeleton.begin(translate("Snapshots", "正在取得您的照片清单"))
        else:
            self.skeleton.end()
        self.kept.setText(
            translate(
                "Snapshots",
                "平台在线保存 {online} 个月，离线保存 {offline} 个月，到期删除。"
                "想提前撤回，请联系培训机构。",
            ).format(online=view.keeps_months_online, offline=view.keeps_months_offline)
        )
        self._show_message(view)
        known = view.state in ("ready", "offline") and bool(view.rows)
        self.empty.setVisible(view.state == "empty" or (view.state == "ready" and not view.rows))
        self.table.setVisible(known)
        written = (view.rows, tokens().text, self.title.text())
        if known and written != self._written:
            self._written = written
            self.table.fill(view.rows)

    def _show_message(self, view: SnapshotsView) -> None:
        """A failure stands alone; being offline lies above what is known."""
        message = texts.trouble(translate, view.report) if view.report is not None else None
        alone = view.state == "error" or (view.state == "offline" and not view.rows)
        self.failed.setVisible(alone and message is not None)
        if alone and message is not None:
            self.failed.say(message, translate("Snapshots", "重试"))
        offline = view.state == "offline" and not self.failed.isVisibleTo(self)
        self.message.show_message("attention", self._offline_words() if offline else None)
        self.message.button.setVisible(offline)

    @staticmethod
    def _offline_words() -> Message:
        return Message(
            translate("Snapshots", "现在没有连上培训平台。"),
            translate("Snapshots", "下面是这台电脑知道的照片，学习和计时不受影响。"),
            translate("Snapshots", "网络恢复后会自动更新。"),
        )

    def first_focus(self) -> QWidget | None:
        if not self.failed.isHidden():
            return self.failed.button
        return self.hours if self.table.isHidden() else self.table
