"""A shooting: all clips of one person, what of each picture they cover, and the empty room."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated.casting import Person
from proctor.adapters.simulated.clips import Clips, encode, encode_cover
from proctor.adapters.simulated.motion import CLIPS, NEUTRAL, ClipPlan, Pose
from proctor.adapters.simulated.scenes import EMPTY_ROOM
from proctor.adapters.simulated.sensor import TONE
from proctor.adapters.simulated.studio.renderer import SAMPLES, Shot, Studio, studio
from proctor.adapters.simulated.studio.room import room
from proctor.ports import Picture

LENS_BLUR = 0.55
"""Pixels: what a quick picture without multisampling gets instead."""


def room_picture(kind: int) -> Picture:
    """The empty room as the camera shows it at full light."""
    linear = room(kind)
    shown = np.sqrt(linear / (1 + TONE * linear))
    return np.round(255 * np.clip(shown, 0, 1)).astype(np.uint8)


def over(shot: Shot, behind: npt.NDArray[np.uint8]) -> Picture:
    """A photographed person before a picture."""
    bare = 1 - shot[..., 3:].astype(np.float32) / 255
    return np.round(np.clip(shot[..., :3] + behind * bare, 0, 255)).astype(np.uint8)


def shoot(
    person: Person,
    progress: Callable[[float], None],
    *,
    quick: bool = False,
    plans: Mapping[str, ClipPlan] = CLIPS,
) -> Clips:
    """Render the clips of a person; progress: how much is done, 0 to 1.

    quick: without multisampling. plans: which clips, all by default.
    """
    count = sum(len(plan.poses) for plan in plans.values())
    behind = room_picture(person.room)
    pictures: dict[str, tuple[bytes, ...]] = {EMPTY_ROOM: (encode(behind),)}
    covers: dict[str, tuple[bytes, ...]] = {}
    with studio(0 if quick else SAMPLES) as shop:
        shop.seat(person)
        # the neutral picture begins every clip: the same bytes each time
        neutral = _take(shop, NEUTRAL, behind, quick)
        done = 0
        for name, plan in plans.items():
            taken = []
            for pose in plan.poses:
                taken.append(neutral if pose == NEUTRAL else _take(shop, pose, behind, quick))
                done += 1
                progress(0.99 * done / count)
            pictures[name] = tuple(picture for picture, _ in taken)
            covers[name] = tuple(cover for _, cover in taken)
    return Clips(person.name, pictures, covers)


def _take(shop: Studio, pose: Pose, behind: Picture, quick: bool) -> tuple[bytes, bytes]:
    """The picture and its cover, encoded."""
    shot = shop.photograph(pose)
    picture = over(shot, behind)
    if quick:
        picture = cv2.GaussianBlur(picture, (3, 3), LENS_BLUR).astype(np.uint8, copy=False)
    return encode(picture), encode_cover(np.ascontiguousarray(shot[..., 3]))
