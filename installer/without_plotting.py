"""Runs first in the packed program: MediaPipe imports drawing and sound, but needs neither."""

import sys
from types import ModuleType

for name in ("matplotlib", "matplotlib.pyplot", "sounddevice"):
    sys.modules[name] = ModuleType(name)
sys.modules["matplotlib"].__dict__["pyplot"] = sys.modules["matplotlib.pyplot"]
