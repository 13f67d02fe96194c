from dataclasses import dataclass

@dataclass
class NormalizedLandmark:
    x: float
    y: float
    z: float
