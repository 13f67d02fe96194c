"""What a promise is: words of both languages, and a function that tries it."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.reference.conformance.line import Line


class NotExamined(Exception):  # noqa: N818 (nor is this)
    """The promise can't be tried here: what would be needed."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english


@dataclass(frozen=True, slots=True)
class Check:
    """One promise. run: returns if it is kept, raises Missing or NotExamined if not."""

    name: str
    chinese: str
    english: str
    run: Callable[[Line], None]


def promise(name: str, chinese: str, english: str) -> Callable[[Callable[[Line], None]], Check]:
    """Make a function the test of a promise. The name is for machines: `area.what`."""
    return lambda run: Check(name, chinese, english, run)
