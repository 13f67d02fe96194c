"""The arithmetic of a benchmark: percentiles, and how far the measurements lie apart."""

import math
from collections.abc import Sequence


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest measurement that at least ``share`` of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(samples: Sequence[float]) -> float:
    """Return the width of the middle half over the median: 0 where all are alike."""
    middle = percentile(samples, 0.5)
    width = percentile(samples, 0.75) - percentile(samples, 0.25)
    return width / middle if middle else 0.0
