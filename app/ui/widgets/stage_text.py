"""Words on the stage, which has colours of its own in both schemes."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from app.ui.theme import font
from app.ui.widgets.stage_ink import DARK_STAGE, Ink, InkName


class StageText(QLabel):
    """Centred text; `wear` changes its inks with the light of the screen."""

    def __init__(self, size: int, *, bold: bool = False, ink: InkName = "text") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bold = bold
        self._size = 0
        self._name: InkName = ink
        self._ink = DARK_STAGE
        self.write_with(size)
        self._dress()

    def write_with(self, size: int) -> None:
        """size: of the letters, px."""
        if size != self._size:
            self._size = size
            self.setFont(font(size, bold=self._bold, tabular=True))

    def wear(self, ink: Ink) -> None:
        """Take other inks."""
        self._ink = ink
        self._dress()

    def use(self, name: InkName, *, bold: bool = False) -> None:
        """Write with another of the inks."""
        self._name = name
        if bold != self._bold:
            self._bold = bold
            self.setFont(font(self._size, bold=bold, tabular=True))
        self._dress()

    def ink(self) -> str:
        """What it is written with now, `#RRGGBB`."""
        return str(getattr(self._ink, self._name))

    def _dress(self) -> None:
        palette = self.palette()
        value = QColor(self.ink())
        if palette.color(QPalette.ColorRole.WindowText) != value:
            palette.setColor(QPalette.ColorRole.WindowText, value)
            self.setPalette(palette)
