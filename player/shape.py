"""Is a film's picture of a shape that a decoder can be trusted with?

Qt scales each frame to square pixels. A wrong bit in the box that tells the pixels' shape asks it
for a picture of millions of lines, which ends the program (Qt 6.11, FFmpeg 7.1).
"""

import struct

HEAD_BYTES = 256 * 1024
"""So much of a film's beginning is looked at: its description comes first."""
_WIDEST = 8
"""No real film has pixels wider or higher than this."""


def impossible_shape(head: bytes) -> bool:
    """Tell whether a `pasp` box in the film's first bytes asks for absurd pixels."""
    at = head.find(b"pasp")
    while at >= 0:
        body = head[at + 4 : at + 12]
        if len(body) == 8:
            wide, high = struct.unpack(">II", body)
            if wide and high and max(wide, high) > _WIDEST * min(wide, high):
                return True
        at = head.find(b"pasp", at + 4)
    return False
