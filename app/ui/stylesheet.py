"""The one stylesheet, made of the tokens of a scheme.

Widgets are told apart by the dynamic properties `role` (labels), `kind` (buttons and
bars) and `card` (frames); no widget sets a stylesheet of its own. A focus ring is no
border here: `widgets/focus_ring.py` paints it outside the control, with its gap.
"""

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.theme import Tokens

_SHEET = Template("""
* { outline: none; }
QMainWindow, QDialog { background: $bg; }
QToolTip {
    background: $text; color: $surface; border: none; padding: 6px 8px; font-size: 13px;
}

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 20px; font-weight: 700; }
QLabel[role="display"] { font-size: 28px; font-weight: 700; }
QLabel[role="heading"] { font-size: 16px; font-weight: 700; }
QLabel[role="lead"] { font-size: 16px; color: $second; }
QLabel[role="lesson"] { font-size: 16px; }
QLabel[role="strong"] { font-weight: 700; }
QLabel[role="second"] { color: $second; }
QLabel[role="small"] { color: $second; font-size: 13px; }
QLabel[role="status"] { font-size: 20px; font-weight: 700; }
QLabel[role="status"][size="small"] { font-size: 16px; }
QLabel[role="chip"] {
    color: $second; background: $second_tint; font-size: 13px;
    border-radius: 11px; padding: 1px 10px; min-height: 20px;
}
QLabel[tone="primary"] { color: $primary; }
QLabel[tone="success"] { color: $success; }
QLabel[tone="attention"] { color: $attention; }
QLabel[tone="danger"] { color: $danger; }
QLabel[role="chip"][tone="primary"] { background: $primary_tint; }
QLabel[role="chip"][tone="success"] { background: $success_tint; }
QLabel[role="chip"][tone="attention"] { background: $attention_tint; }
QLabel[role="chip"][tone="danger"] { background: $danger_tint; }

QFrame[card="true"] {
    background: $surface; border: 1px solid $hairline; border-radius: 8px;
}
QFrame[card="quiet"] { background: $second_tint; border: none; border-radius: 8px; }
QFrame[card="header"] { background: $surface; border: none; border-bottom: 1px solid $hairline; }
QFrame[card="side"] { background: $surface; border: none; border-left: 1px solid $hairline; }
QFrame[card="controls"] { background: $surface; border: none; }
QFrame[card="brand"] { background: $primary_tint; border: none; }
QFrame[card="line"] { background: $hairline; border: none; max-height: 1px; min-height: 1px; }
QFrame[kind="info"] { background: $primary_tint; border: none; border-radius: 8px; }
QFrame[kind="success"] { background: $success_tint; border: none; border-radius: 8px; }
QFrame[kind="attention"] { background: $attention_tint; border: none; border-radius: 8px; }
QFrame[kind="danger"] { background: $danger_tint; border: none; border-radius: 8px; }

QPushButton {
    min-height: 32px; padding: 0 14px; border-radius: 6px; font-size: 14px;
    background: $surface; color: $text; border: 1px solid $line;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $second_tint; }
QPushButton:disabled { color: $line; border-color: $hairline; background: $surface; }
QPushButton[kind="primary"] {
    min-height: 40px; padding: 0 22px; font-size: 16px; font-weight: 700;
    background: $primary; color: $on_primary; border: 1px solid $primary;
}
QPushButton[kind="primary"]:hover { background: $primary_hover; border-color: $primary_hover; }
QPushButton[kind="primary"]:disabled {
    background: $second_tint; color: $second; border-color: $second_tint;
}
QPushButton[kind="large"] { min-height: 40px; padding: 0 18px; font-size: 16px; }
QPushButton[kind="quiet"] {
    background: transparent; border: 1px solid transparent; padding: 0 10px;
}
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:disabled { color: $line; }
QPushButton[kind="icon"] {
    background: transparent; border: 1px solid transparent; padding: 0;
    min-width: 34px; max-width: 34px; min-height: 34px;
}
QPushButton[kind="icon"]:hover { background: $hover; }
QPushButton[kind="link"] {
    background: transparent; border: none; color: $primary; padding: 0 4px; min-height: 32px;
    text-decoration: underline;
}
QPushButton[kind="link"]:hover { color: $primary_hover; }
QPushButton[kind="segment"] {
    border: none; border-radius: 5px; min-height: 30px; padding: 0 12px;
    background: transparent; color: $second;
}
QPushButton[kind="segment"]:hover { color: $text; }
QPushButton[kind="segment"]:checked {
    background: $surface; color: $primary; font-weight: 700; border: 1px solid $line;
}
QPushButton[kind="segment"][compact="true"] { padding: 0 6px; }
QPushButton[kind="segment"][plays="true"] {
    color: $attention; font-weight: 700; border: 1px dashed $attention;
}
QPushButton[kind="segment"]:disabled { color: $line; }
QPushButton[kind="row"] {
    text-align: left; border: 1px solid transparent; background: transparent;
    border-radius: 8px; padding: 0; min-height: 48px;
}
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:checked { background: $primary_tint; }

QMenu {
    background: $surface; color: $text; border: 1px solid $line; padding: 6px 0;
    font-size: 14px;
}
QMenu::item { min-height: 32px; padding: 0 24px 0 34px; }
QMenu::item:selected { background: $primary_tint; color: $text; }
QMenu::item:disabled { color: $line; }
QMenu::separator { height: 1px; background: $hairline; margin: 6px 0; }
QMenu::indicator { width: 16px; height: 16px; left: 10px; }

QLineEdit {
    min-height: 40px; padding: 0 12px; border: 1px solid $line; border-radius: 6px;
    background: $surface; color: $text; font-size: 16px;
    selection-background-color: $primary; selection-color: $on_primary;
}
QLineEdit:hover { border-color: $second; }
QLineEdit:disabled { color: $second; background: $second_tint; }
QCheckBox { spacing: 10px; min-height: 32px; font-size: 14px; }
QCheckBox:disabled { color: $second; }

QSlider { min-height: 32px; background: transparent; }
QSlider::groove:horizontal { height: 4px; background: $hairline; border-radius: 2px; }
QSlider::sub-page:horizontal { height: 4px; background: $second; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $second;
}
QSlider::handle:horizontal:hover { background: $primary; }

QTableWidget {
    background: $surface; border: 1px solid $hairline; border-radius: 8px; font-size: 14px;
    selection-background-color: $primary_tint; selection-color: $text;
}
QTableWidget::item { padding: 0 12px; border-bottom: 1px solid $hairline; }
QTableWidget::item:selected { background: $primary_tint; color: $text; }
QHeaderView { background: transparent; }
QHeaderView::section {
    background: transparent; color: $second; border: none; font-size: 13px;
    border-bottom: 1px solid $hairline; padding: 8px 12px;
}

QScrollArea, QScrollArea > QWidget > QWidget[scrolled="true"] {
    background: transparent; border: none;
}
QScrollBar:vertical { width: 12px; background: transparent; margin: 0; }
QScrollBar::handle:vertical {
    background: $line; border-radius: 3px; min-height: 36px; margin: 3px;
}
QScrollBar::handle:vertical:hover { background: $second; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollBar:horizontal { height: 0; }

QProgressBar {
    min-height: 6px; max-height: 6px; border: none; border-radius: 3px;
    background: $hairline; text-align: center;
}
QProgressBar::chunk { background: $success; border-radius: 3px; }
""")


def stylesheet(tokens: "Tokens") -> str:
    """The whole stylesheet in the colours of `tokens`."""
    values = {name: getattr(tokens, name) for name in tokens.__slots__}
    return _SHEET.substitute(values)
