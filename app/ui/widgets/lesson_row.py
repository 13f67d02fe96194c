"""A lesson in a list: its ring of counted time, its title, and what it needs."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout

from app.texts import clock
from app.ui.language import pick, translate
from app.ui.widgets.basics import Button, Elided, Label, Symbol, column
from app.ui.widgets.ring import Ring
from app.view import LessonCard


class LessonRow(Button):
    """The whole row is one button; its accessible name says all that it shows."""

    def __init__(self, name: str, *, compact: bool = False) -> None:
        super().__init__(name, "row", checkable=compact)
        self._compact = compact
        self.ring = Ring(28 if compact else 44, 3 if compact else 5)
        self.title = Elided("" if compact else "lesson")
        self.facts = Elided("small")
        self.state = Label("chip")
        self.arrow = Symbol("chevron_right", 20)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10 if compact else 16, 6, 10 if compact else 16, 6)
        layout.setSpacing(10 if compact else 16)
        layout.addWidget(self.ring)
        layout.addLayout(column(None, self.title, self.facts, None, gap=1), 1)
        layout.addWidget(self.state)
        layout.addWidget(self.arrow)
        # Only now: shown before it has a parent, a widget would be a window of its own.
        self.state.setHidden(compact)
        self.arrow.setHidden(compact)
        for child in (self.ring, self.title, self.facts, self.state, self.arrow):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def render_lesson(self, view: LessonCard) -> None:
        """Show a lesson."""
        self.ring.show_time(
            view.credited_s, view.provisional_s, view.duration_s, complete=view.completed
        )
        title = pick(view.title, view.title_en)
        self.title.setText(title)
        whole = clock(view.duration_s)
        counted = translate("Class", "已计入 {done} / {all}").format(
            done=clock(view.credited_s), all=whole
        )
        parts = [counted]
        if view.provisional_s > 0:
            waiting = translate("Class", "待确认 +{time}")
            parts.append(waiting.format(time=clock(view.provisional_s)))
        if view.questions and not self._compact:
            parts.append(translate("Class", "看完后有 {n} 道题").format(n=view.questions))
        self.facts.setText(" · ".join(parts))
        started = view.credited_s + view.provisional_s > 0
        if view.completed:
            state, tone = translate("Class", "已完成"), "success"
        elif started:
            state, tone = translate("Class", "学习中"), "primary"
        else:
            state, tone = translate("Class", "未开始"), ""
        self.state.setText(state)
        if self.state.property("tone") != tone:
            self.state.setProperty("tone", tone)
            self.state.style().unpolish(self.state)
            self.state.style().polish(self.state)
        self.setAccessibleName(f"{title}, {state}, {', '.join(parts)}")

    def sizeHint(self) -> QSize:
        return QSize(240, 52 if self._compact else 72)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 52 if self._compact else 72)
