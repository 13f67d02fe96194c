"""The colours can be read: contrast computed as WCAG 2.2 does."""

from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from app.ui.stylesheet import stylesheet
from app.ui.theme import DARK, LIGHT, Theme, Tokens, tokens

SCHEMES = pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("bg", "surface", "primary_tint", "second_tint", "hover")
TINTED = ("primary", "success", "attention", "danger")


def luminance(value: str) -> float:
    colour = QColor(value)
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return float(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@SCHEMES
@pytest.mark.parametrize(("ink", "ground"), list(product(("text", "second"), GROUNDS)))
def test_text_is_readable_on_every_ground(t: Tokens, ink: str, ground: str) -> None:
    assert contrast(getattr(t, ink), getattr(t, ground)) >= 4.5


@SCHEMES
@pytest.mark.parametrize("tone", TINTED)
def test_each_tone_is_readable_on_surface_background_and_its_tint(t: Tokens, tone: str) -> None:
    for ground in ("surface", "bg", f"{tone}_tint"):
        assert contrast(getattr(t, tone), getattr(t, ground)) >= 4.5
    assert contrast(t.text, getattr(t, f"{tone}_tint")) >= 4.5


@SCHEMES
def test_buttons_and_links_are_readable(t: Tokens) -> None:
    assert contrast(t.on_primary, t.primary) >= 4.5
    assert contrast(t.on_primary, t.primary_hover) >= 4.5
    assert contrast(t.primary, t.surface) >= 4.5
    assert contrast(t.danger, t.second_tint) >= 4.5


@SCHEMES
def test_edges_of_controls_and_the_focus_ring_are_seen(t: Tokens) -> None:
    assert contrast(t.line, t.surface) >= 3.0
    for ground in ("bg", "surface"):
        assert contrast(t.primary, getattr(t, ground)) >= 3.0


@SCHEMES
def test_words_on_the_stage_are_readable(t: Tokens) -> None:
    for ink in ("on_stage", "stage_second", "stage_success", "stage_danger", "stage_primary"):
        assert contrast(getattr(t, ink), t.stage) >= 4.5


@SCHEMES
def test_the_stylesheet_leaves_no_token_unfilled(t: Tokens) -> None:
    assert "$" not in stylesheet(t)


def test_the_window_follows_the_systems_scheme(theme: Theme, qapp: QApplication) -> None:
    theme.wear(Qt.ColorScheme.Dark)
    assert tokens() is DARK
    assert DARK.surface in qapp.styleSheet()
    theme.wear(Qt.ColorScheme.Light)
    assert tokens() is LIGHT
