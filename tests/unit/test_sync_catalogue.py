"""docs/records.md tells what the code does; run as a program, this writes it."""

from pathlib import Path

from sync.catalogue import EXAMPLES, catalogue
from sync.vocabulary import KINDS

FILE = Path(__file__).resolve().parents[2] / "docs" / "records.md"
MARK = "<!-- catalogue: python -m tests.unit.test_sync_catalogue -->\n"


def written() -> str:
    """The file as it should be."""
    return FILE.read_text("utf-8").partition(MARK)[0] + MARK + "\n" + catalogue()


def test_the_catalogue_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == written()


def test_every_kind_has_an_example() -> None:
    assert [type(example) for example in EXAMPLES] == [kind.fact for kind in KINDS]


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8", newline="\n")
