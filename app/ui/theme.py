"""The look: colour tokens for light and dark, sizes, and the one stylesheet made of them.

`docs/design-language.md` says what the tokens mean; `tests/ui/test_theme.py` computes
their contrast. Widgets that paint themselves ask `tokens()` while painting, so a change
of the system's colour scheme needs nothing but a repaint.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.stylesheet import stylesheet


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme, each `#RRGGBB`."""

    bg: str
    surface: str
    text: str
    second: str
    line: str  # the edge of a control: 3:1 on surface
    hairline: str  # between things that need no edge to be told apart
    primary: str
    on_primary: str
    primary_hover: str
    primary_tint: str
    success: str
    success_tint: str
    attention: str
    attention_tint: str
    danger: str
    danger_tint: str
    second_tint: str
    hover: str
    # The stage around the film is dark in both schemes.
    stage: str = "#0B1117"
    on_stage: str = "#F2F5F8"
    stage_second: str = "#B4C0CC"
    stage_success: str = "#6FD3A3"
    stage_attention: str = "#F2B36B"
    stage_danger: str = "#FF9B93"
    stage_primary: str = "#7DB8F5"


LIGHT: Final = Tokens(
    bg="#F5F7FA",
    surface="#FFFFFF",
    text="#14202B",
    second="#4A5A6A",
    line="#8796A5",
    hairline="#DFE5EB",
    primary="#0B5CAD",
    on_primary="#FFFFFF",
    primary_hover="#094C90",
    primary_tint="#E7F0FA",
    success="#13734A",
    success_tint="#E5F4EC",
    attention="#9A4B00",
    attention_tint="#FCF1E4",
    danger="#B3261E",
    danger_tint="#FCECEB",
    second_tint="#EDF1F5",
    hover="#EEF2F6",
)
DARK: Final = Tokens(
    bg="#10161D",
    surface="#19222C",
    text="#E8EDF2",
    second="#A9B6C3",
    line="#66788A",
    hairline="#2B3744",
    primary="#7DB8F5",
    on_primary="#0B1722",
    primary_hover="#A3CDF8",
    primary_tint="#1A3047",
    success="#6FD3A3",
    success_tint="#17352A",
    attention="#F2B36B",
    attention_tint="#3A2B19",
    danger="#FF9B93",
    danger_tint="#42262A",
    second_tint="#232E3A",
    hover="#222D39",
)

FAMILIES: Final = (
    "Microsoft YaHei UI",
    "Noto Sans CJK SC",
    "WenQuanYi Micro Hei",
    "PingFang SC",
)
SMALL, BODY, LESSON, TITLE, NUMBER = 13, 14, 16, 20, 28
MARGIN = 24
MOTION_MS = 150


def tokens() -> Tokens:
    """The colours in use: told by the application's own palette, so nothing else is kept."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if window.lightness() < 128 else LIGHT


def colour(value: str, alpha: float = 1.0) -> QColor:
    """A token as a colour to paint with."""
    result = QColor(value)
    result.setAlphaF(alpha)
    return result


def font(size: int, *, bold: bool = False, tabular: bool = False) -> QFont:
    """The program's face at one of its sizes; `tabular` keeps running times from dancing."""
    result = QFont()
    result.setFamilies(list(FAMILIES))
    result.setPixelSize(size)
    result.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    if tabular:
        result.setFeature(QFont.Tag.fromString("tnum"), 1)
    return result


def _palette(t: Tokens) -> QPalette:
    """Fusion's own colours, for everything that the stylesheet leaves to the style."""
    role = QPalette.ColorRole
    palette = QPalette()
    for name, value in (
        (role.Window, t.bg),
        (role.WindowText, t.text),
        (role.Base, t.surface),
        (role.AlternateBase, t.second_tint),
        (role.Text, t.text),
        (role.Button, t.surface),
        (role.ButtonText, t.text),
        (role.BrightText, t.danger),
        (role.Highlight, t.primary),
        (role.HighlightedText, t.on_primary),
        (role.Link, t.primary),
        (role.LinkVisited, t.primary),
        (role.PlaceholderText, t.second),
        (role.ToolTipBase, t.text),
        (role.ToolTipText, t.surface),
        (role.Mid, t.hairline),
        (role.Accent, t.primary),
    ):
        palette.setColor(name, QColor(value))
    disabled = QPalette.ColorGroup.Disabled
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, name, QColor(t.line))
    return palette


class Theme(QObject):
    """Dresses the application and follows the system's light or dark scheme."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        application.setStyle("Fusion")
        application.setFont(font(BODY))
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self.wear)
        self.wear(hints.colorScheme())

    def wear(self, scheme: Qt.ColorScheme) -> None:
        """Put on the colours of `scheme`."""
        chosen = DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        self._application.setPalette(_palette(chosen))
        self._application.setStyleSheet(stylesheet(chosen))
