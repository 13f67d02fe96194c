"""Labels, buttons and frames in the program's look, and short ways to lay them out."""

from html import escape
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QIcon,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons
from app.ui.theme import BODY, LESSON, SMALL, colour, font, tokens

Role = Literal[
    "",
    "title",
    "display",
    "heading",
    "lead",
    "lesson",
    "strong",
    "second",
    "small",
    "chip",
    "status",
]
Tone = Literal["", "primary", "success", "attention", "danger", "second"]
Kind = Literal["normal", "primary", "large", "quiet", "icon", "link", "segment", "row"]

_SIZES = {"lead": LESSON, "lesson": LESSON, "small": SMALL, "title": 20, "display": 26}


def dress(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the stylesheet looks at, and have it looked at again."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class Label(QLabel):
    """One line of text that is never interpreted as markup."""

    def __init__(self, role: Role = "", tone: Tone = "", text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        if role == "chip":
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class Paragraph(QLabel):
    """Text that wraps, with lines at least 1.5 times as high as the letters."""

    def __init__(self, role: Role = "", tone: Tone = "", text: str = "") -> None:
        super().__init__()
        self._plain = ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self._line = round(_SIZES.get(role, BODY) * 1.5)
        if role:
            self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show plain text; its own line breaks stay."""
        self._plain = text
        body = escape(text).replace("\n", "<br>")
        super().setText(f'<p style="line-height:{self._line}px; margin:0">{body}</p>')
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        """One short line: the true height comes from the width that the layout gives."""
        return QSize(80, self._line)

    def plain(self) -> str:
        """The text as it was set."""
        return self._plain


class Elided(QLabel):
    """One line that gives way when there is no room, and tells the rest as a tool tip."""

    def __init__(self, role: Role = "", tone: Tone = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._fit()

    def whole(self) -> str:
        """The text as it was set."""
        return self._whole

    def _fit(self) -> None:
        room = max(0, self.contentsRect().width())
        metrics = self.fontMetrics()
        super().setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
        fits = metrics.horizontalAdvance(self._whole) <= room
        self.setToolTip("" if fits else self._whole)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class Button(QPushButton):
    """A button that Enter presses too, with an icon that follows the colour scheme."""

    def __init__(
        self, name: str, kind: Kind = "normal", icon: str = "", *, checkable: bool = False
    ) -> None:
        super().__init__()
        self._icon_name = icon
        self._keycap = ""
        self.kind = kind
        self.focus_reason: Qt.FocusReason | None = None
        self.setObjectName(name)
        self.setProperty("kind", kind)
        self.setCheckable(checkable)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if kind != "row":
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._draw_icon()

    def say(self, text: str, *, hint: str = "") -> None:
        """The words on the button; an icon button speaks them only to screen readers."""
        if self.kind == "icon":
            self.setText("")
            self.setToolTip(hint or text)
        else:
            self.setText(text)
            self.setToolTip(hint)
        if text != self.accessibleName():  # each setting is told to screen readers
            self.setAccessibleName(text)
        if hint != self.accessibleDescription():
            self.setAccessibleDescription(hint)

    def as_kind(self, kind: Kind) -> None:
        """Change what the button looks like."""
        if kind != self.kind:
            self.kind = kind
            dress(self, "kind", kind)
            self._draw_icon()

    def show_icon(self, name: str) -> None:
        """Change the icon."""
        if name != self._icon_name:
            self._icon_name = name
            self._draw_icon()

    def show_key(self, text: str) -> None:
        """Show a key of the keyboard after the words."""
        if text != self._keycap:
            self._keycap = text
            self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            self._draw_icon()

    def _draw_icon(self) -> None:
        t = tokens()
        ink = t.on_primary if self.kind == "primary" else t.text
        if self.kind in ("link", "segment"):
            ink = t.primary
        if self._keycap:
            picture = _keycap(self._keycap, ink)
            self.setIcon(QIcon(picture))
            self.setIconSize(picture.deviceIndependentSize().toSize())
        elif self._icon_name:
            size = 22 if self.kind in ("icon", "primary") else 18
            faint = t.second if self.kind == "primary" else t.line
            gap = 0 if self.kind == "icon" else 5
            self.setIcon(icons.icon(self._icon_name, size, ink, faint, gap))
            self.setIconSize(QSize(size + gap, size))
        else:
            self.setIcon(QIcon())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.focus_reason = event.reason()  # the focus ring wants to know
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


def _keycap(text: str, ink: str) -> QPixmap:
    """A key of the keyboard, drawn as an icon."""
    face = font(SMALL)
    width = QFontMetricsF(face).horizontalAdvance(text) + 16
    sample = icons.pixmap("check", 1, ink)
    ratio = sample.devicePixelRatio()
    picture = QPixmap(round((width + 8) * ratio), round(24 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour(ink, 0.65), 1))
    painter.drawRoundedRect(QRectF(8.5, 1.5, width - 1, 21), 4, 4)
    painter.setPen(QColor(ink))
    painter.setFont(face)
    painter.drawText(QRectF(8, 1, width, 22), Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture


class Symbol(QWidget):
    """An icon that stands beside text and says nothing the text doesn't."""

    def __init__(self, name: str, size: int = 24, tone: Tone = "second") -> None:
        super().__init__()
        self._name = name
        self._tone: Tone = tone
        self.setFixedSize(size, size)

    def show_icon(self, name: str, tone: Tone) -> None:
        if (name, tone) != (self._name, self._tone):
            self._name, self._tone = name, tone
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = getattr(tokens(), self._tone or "text")
        icons.paint(painter, self._name, QRectF(self.rect()), ink)
        painter.end()


class CheckBox(QCheckBox):
    """A check box with an edge that is seen in both schemes."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.focus_reason: Qt.FocusReason | None = None
        self.setObjectName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.focus_reason = event.reason()
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 34, 34)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, place: QPoint) -> bool:  # noqa: N802  (Qt's name)
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(0.75, self.height() / 2 - 9.25, 18.5, 18.5)
        on = self.isChecked()
        edge = t.primary if on else t.line
        painter.setPen(QPen(QColor(edge if self.isEnabled() else t.hairline), 1.5))
        painter.setBrush(QColor(t.primary if on else t.surface))
        painter.drawRoundedRect(box, 4, 4)
        if on:
            icons.paint(painter, "check", box.adjusted(2, 2, -2, -2), t.on_primary)
        painter.setPen(QColor(t.text if self.isEnabled() else t.second))
        painter.setFont(self.font())
        words = QRectF(28, 0, self.width() - 28, self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


def card(kind: str = "true") -> QFrame:
    """A surface with the program's corners."""
    frame = QFrame()
    frame.setProperty("card", kind)
    return frame


def scrolling(content: QWidget) -> QScrollArea:
    """An area that scrolls its content up and down when it must."""
    content.setProperty("scrolled", "true")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


Item = QWidget | QLayout | int | None


def _fill(layout: QBoxLayout, items: tuple[Item, ...]) -> None:
    """Put items in: a number is that much space, None takes what is left."""
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)


def column(*items: Item, gap: int = 8, margin: int | tuple[int, int, int, int] = 0) -> QVBoxLayout:
    """Items below each other."""
    layout = QVBoxLayout()
    layout.setSpacing(gap)
    sides = (margin,) * 4 if isinstance(margin, int) else margin
    layout.setContentsMargins(*sides)
    _fill(layout, items)
    return layout


def row(*items: Item, gap: int = 8, margin: int | tuple[int, int, int, int] = 0) -> QHBoxLayout:
    """Items beside each other, centred on one line."""
    layout = QHBoxLayout()
    layout.setSpacing(gap)
    sides = (margin,) * 4 if isinstance(margin, int) else margin
    layout.setContentsMargins(*sides)
    _fill(layout, items)
    for index in range(layout.count()):
        item = layout.itemAt(index)
        widget = item.widget() if item is not None else None
        if widget is not None:
            layout.setAlignment(widget, Qt.AlignmentFlag.AlignVCenter)
    return layout
