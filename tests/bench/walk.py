"""The order in which modes are changed: each of the six changes once, then again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

WALK = ("fluent", "standard", "high", "fluent", "high", "standard", "fluent")
BEFORE_S, AFTER_S = 0.3, 1.0
"""How long a film plays untroubled before and after each change."""
LAST_S = 60.0
"""Where a film goes back to its beginning: changes need film ahead of them."""


def changes(rounds: int) -> Iterator[tuple[str, str]]:
    """Yield (old, new), each of the six `rounds` times."""
    for _ in range(rounds):
        yield from pairwise(WALK)
