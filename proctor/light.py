"""The light that the screen gives around a check."""

from collections.abc import Mapping

from proctor.schedule import Tint

TINT_RGB: Mapping[Tint, tuple[int, int, int]] = {
    Tint.WHITE: (255, 255, 255),
    Tint.WARM: (255, 196, 120),
    Tint.GREEN: (150, 255, 170),
    Tint.BLUE: (130, 180, 255),
}
"""What the screen shows for each: soft, and bright enough to be seen on a face."""
