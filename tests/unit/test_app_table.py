"""The printed table of the study session says what the program does."""

from pathlib import Path

from app.session import TABLE
from app.state import Phase
from app.table import page

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "session.md"


def test_the_page_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == page(), "python -m app.table > docs/session.md"


def test_every_phase_has_its_section() -> None:
    assert set(TABLE) == set(Phase)
    assert all(f"## {phase.value}\n" in page() for phase in Phase)
