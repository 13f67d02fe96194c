"""A bar that floats over the page: something changed, nothing is blocked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app import texts
from app.ui.language import translate
from app.ui.widgets.basics import Button, Paragraph, Symbol, Tone, dress
from app.view import Notice

_ICONS: dict[str, tuple[str, Tone]] = {
    "info": ("info", "primary"),
    "success": ("check_circle", "success"),
    "attention": ("warning", "attention"),
    "danger": ("warning", "danger"),
}


def notice_words(notice: Notice) -> str:
    """What a notice says."""
    if notice.report is not None:
        message = texts.trouble(translate, notice.report)
        return " ".join(filter(None, (message.what, message.time, message.todo)))
    words = {
        "offline": translate(
            "Notice", "网络断开了。您可以继续学习，已看的时间先保存在这台电脑上。"
        ),
        "online_again": translate("Notice", "网络恢复了，刚才的记录正在交给平台。"),
        "mode_changed": translate(
            "Notice", "网络较慢，画面已暂时调低，网络恢复后自动回到您选的画面。"
        ),
        "mode_restored": translate("Notice", "网络恢复了，已回到您选的画面。"),
        "not_kept": translate("Notice", "硬盘已满，影片不保存在本机，学习不受影响。"),
        "exported": translate("Notice", "学习记录已导出。"),
        "check_disputed": translate(
            "Notice",
            "平台没能确认刚才验证的是您本人，这段时间暂不计入。您可以继续学习，退出后可以一键申诉。",
        ),
        "recovered": translate("Notice", "程序上次没有正常关闭，当时的记录已找回。"),
    }
    return " ".join(filter(None, (words.get(notice.key, ""), notice.text)))


class NoticeBar(QFrame):
    """One notice, with a way to put it away."""

    dismissed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("noticeBar")
        self.symbol = Symbol("info", 20)
        self.words = Paragraph()
        self.close_button = Button("noticeDismiss", "icon", "cross")
        self.close_button.clicked.connect(self.dismissed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 6, 8, 6)
        layout.setSpacing(12)
        layout.addWidget(self.symbol)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.close_button)
        self.setProperty("floating", "true")
        self.hide()

    def render_notice(self, notice: Notice | None) -> None:
        """Show a notice, or nothing."""
        self.setVisible(notice is not None)
        if notice is None:
            return
        self.symbol.show_icon(*_ICONS[notice.kind])
        dress(self, "kind", notice.kind)
        self.words.setText(notice_words(notice))
        self.close_button.say(translate("Notice", "关闭提示"))
        self.setAccessibleName(self.words.plain())
        self.place()
        self.raise_()

    def place(self) -> None:
        """Float at the top of the page, in the middle."""
        parent = self.parentWidget()
        if parent is None or self.isHidden():
            return
        one_line = self.words.fontMetrics().horizontalAdvance(self.words.plain()) + 140
        width = min(parent.width() - 32, 760, max(320, one_line))
        height = max(48, self.heightForWidth(width))
        self.setGeometry((parent.width() - width) // 2, 12, width, height)
