from dataclasses import dataclass
from enum import IntEnum

from mediapipe.tasks.python import vision as vision

@dataclass
class BaseOptions:
    class Delegate(IntEnum):
        CPU = 0
        GPU = 1

    model_asset_path: str | None = None
    model_asset_buffer: bytes | None = None
    delegate: Delegate | None = None
