"""Simulated learners: invented people whom the real face models take for living ones.

For the demo and the tests only. Nothing of the product but the demo's composition imports this
room, and a client in production refuses its camera.
"""

from proctor.adapters.simulated.capture import SimulatedCapture
from proctor.adapters.simulated.casting import demo_cast
from proctor.adapters.simulated.errors import StudioUnavailable
from proctor.adapters.simulated.library import portrait, prepared
from proctor.adapters.simulated.motion import ACTIONS
from proctor.adapters.simulated.stage import Scene, Stage

__all__ = [
    "ACTIONS",
    "Scene",
    "SimulatedCapture",
    "Stage",
    "StudioUnavailable",
    "demo_cast",
    "portrait",
    "prepared",
]
