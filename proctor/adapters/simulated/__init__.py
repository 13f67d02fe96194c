"""Simulated learners: invented people whom the real face models take for living ones.

For the demo and the tests only. Nothing of the product but the demo's composition imports this
room, and a client in production refuses its camera.
"""

from proctor.adapters.simulated.capture import SimulatedCapture
from proctor.adapters.simulated.casting import Person, Wear, demo_cast
from proctor.adapters.simulated.errors import StudioUnavailable
from proctor.adapters.simulated.library import clips_of, portrait, prepared
from proctor.adapters.simulated.motion import ACTIONS
from proctor.adapters.simulated.presentation import Presentation, Spec
from proctor.adapters.simulated.stage import Scene, Stage

__all__ = [
    "ACTIONS",
    "Person",
    "Presentation",
    "Scene",
    "SimulatedCapture",
    "Spec",
    "Stage",
    "StudioUnavailable",
    "Wear",
    "clips_of",
    "demo_cast",
    "portrait",
    "prepared",
]
