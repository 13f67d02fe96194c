"""The ground of a check: dark over the film, or a soft light; and the dot that moves on it."""

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyle, QWidget

from app.ui.theme import MOTION_MS, colour
from app.ui.widgets.stage_ink import DARK_STAGE, Ink, ground_of, ink_of


class StageLight(QWidget):
    """Eases from one light to the next and moves the dot, both within `MOTION_MS`.

    Subclasses lay their words inside `lane` px from the edges while there is a dot.
    """

    def __init__(self, radius: float = 0.0) -> None:
        super().__init__()
        self._radius = radius
        self._tint = ""
        self._place = ""
        self.lane = 0
        self._ground = ground_of("")
        self._at = QPointF()
        self._ease = QVariantAnimation(self)
        self._ease.valueChanged.connect(self._take_ground)
        self._glide = QVariantAnimation(self)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self._glide.valueChanged.connect(self._take_place)

    @property
    def ink(self) -> Ink:
        """What is written with on the light that is on."""
        return ink_of(self._tint)

    def ground(self) -> QColor:
        """The colour at this moment."""
        return QColor(self._ground)

    def shine(self, tint: str) -> None:
        """Give this light (`proctor.schedule.Tint`), or none; words change their ink at once."""
        if tint == self._tint:
            return
        between_lights = bool(tint and self._tint)
        self._tint = tint
        self.wear(self.ink)
        if between_lights:
            self._run(self._ease, self._ground, ground_of(tint))
        else:
            self.settle()  # light words on a light that fades could not be read

    def show_dot(self, place: str) -> None:
        """Put the dot at a `proctor.schedule.Place`, or take it away."""
        if place == self._place:
            return
        came = not self._place
        self._place = place
        if not place:
            self._glide.stop()
        elif came:
            self._at = self._spot()
        else:
            self._run(self._glide, self._at, self._spot())
        self.update()

    def wear(self, ink: Ink) -> None:
        """Dress whatever stands on the ground; for subclasses."""

    def dot_at(self) -> QPointF | None:
        """Where the dot is on its way, None for nowhere."""
        return QPointF(self._at) if self._place else None

    def settle(self) -> None:
        """Be where the last change leads to, without a way; after a change of size, too."""
        self._ease.stop()
        self._glide.stop()
        self._ground = ground_of(self._tint)
        self._at = self._spot()
        self.update()

    def motion_ms(self) -> int:
        """How long a change may move; 0 where the system asks for no motion."""
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return min(MOTION_MS, self.style().styleHint(hint, None, self))

    def _run(self, way: QVariantAnimation, begin: object, end: object) -> None:
        """Go from one value to another, or be there at once where nothing should move."""
        span = self.motion_ms()
        way.stop()
        if not self.isVisible() or span <= 0:
            self.settle()
            return
        way.setStartValue(begin)
        way.setEndValue(end)
        way.setDuration(span)
        way.start()

    def _take_ground(self, value: object) -> None:
        if isinstance(value, QColor):
            self._ground = value
            self.update()

    def _take_place(self, value: object) -> None:
        if isinstance(value, QPointF):
            self._at = value
            self.update()

    def _spot(self) -> QPointF:
        """The middle of the dot at its place: as far out as the stage allows."""
        middle = QRectF(self.rect()).center()
        inset = self.lane / 2 + 2
        return {
            "left": QPointF(inset, middle.y()),
            "right": QPointF(self.width() - inset, middle.y()),
            "up": QPointF(middle.x(), inset),
            "down": QPointF(middle.x(), self.height() - inset),
        }.get(self._place, middle)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._ground)
        if self._radius:
            painter.drawRoundedRect(QRectF(self.rect()), self._radius, self._radius)
        else:
            painter.drawRect(self.rect())
        if self._place:
            self._draw_dot(painter)
        painter.end()

    def _draw_dot(self, painter: QPainter) -> None:
        radius = max(8.0, self.lane * 0.28)
        bright = self.ink is DARK_STAGE
        painter.setBrush(colour(self.ink.primary, 0.28))
        painter.drawEllipse(self._at, radius * 1.6, radius * 1.6)
        painter.setBrush(QColor(self.ink.primary))
        painter.setPen(QPen(QColor("#FFFFFF"), 2.5) if not bright else Qt.PenStyle.NoPen)
        painter.drawEllipse(self._at, radius, radius)
