"""A shooting: all clips of one person, the empty room, and the person beside a companion."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from proctor.adapters.simulated.casting import Person
from proctor.adapters.simulated.clips import Clips, encode
from proctor.adapters.simulated.motion import BESIDE, CLIPS, NEUTRAL, Pose
from proctor.adapters.simulated.scenes import EMPTY_ROOM, SIDE_BY_SIDE
from proctor.adapters.simulated.sensor import TONE
from proctor.adapters.simulated.studio.renderer import Shot, Studio, studio
from proctor.adapters.simulated.studio.room import room
from proctor.ports import Picture

APART = 0.98
"""How far two people sit from the middle, decimetres."""


def room_picture(kind: int) -> Picture:
    """The empty room as the camera shows it at full light."""
    linear = room(kind)
    shown = np.sqrt(linear / (1 + TONE * linear))
    return np.round(255 * np.clip(shown, 0, 1)).astype(np.uint8)


def over(shot: Shot, behind: npt.NDArray[np.uint8]) -> Picture:
    """A photographed person before a picture."""
    bare = 1 - shot[..., 3:].astype(np.float32) / 255
    return np.round(np.clip(shot[..., :3] + behind * bare, 0, 255)).astype(np.uint8)


def _seated(pose: Pose, shift: float, near: float) -> Pose:
    return Pose(
        yaw=pose.yaw,
        pitch=pose.pitch,
        roll=pose.roll,
        blink=pose.blink,
        shift=(pose.shift[0] + shift, pose.shift[1]),
        near=near,
    )


def shoot(person: Person, companion: Person, progress: Callable[[float], None]) -> Clips:
    """Render everything there is of a person; progress: how much is done, 0 to 1."""
    count = sum(len(plan.poses) for plan in CLIPS.values()) + 2 * len(BESIDE.poses)
    done = 0

    def take(shop: Studio, pose: Pose) -> Shot:
        nonlocal done
        shot = shop.photograph(pose)
        done += 1
        progress(0.99 * done / count)
        return shot

    behind = room_picture(person.room)
    pictures: dict[str, tuple[bytes, ...]] = {EMPTY_ROOM: (encode(behind),)}
    with studio() as shop:
        shop.seat(companion)
        beside = [over(take(shop, _seated(p, APART, 0.96)), behind) for p in BESIDE.poses]
        shop.seat(person)
        beside = [
            over(take(shop, _seated(p, -APART, 1.0)), other)
            for p, other in zip(BESIDE.poses, reversed(beside), strict=True)
        ]
        pictures[SIDE_BY_SIDE] = tuple(encode(each) for each in beside)
        # the neutral picture begins every clip: the same bytes each time
        neutral = encode(over(take(shop, NEUTRAL), behind))
        for name, plan in CLIPS.items():
            pictures[name] = tuple(
                neutral if pose == NEUTRAL else encode(over(take(shop, pose), behind))
                for pose in plan.poses
            )
    return Clips(person.name, pictures)
