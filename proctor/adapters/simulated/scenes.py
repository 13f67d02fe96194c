"""From a person's clips to the picture before the camera: the living person or a deception."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from proctor.adapters.opencv import cv2
from proctor.adapters.simulated import glow, held
from proctor.adapters.simulated.clips import HEIGHT, WIDTH, Clips, Mask
from proctor.adapters.simulated.motion import ACTING, CLIPS, FPS, ClipPlan, Pose
from proctor.adapters.simulated.performance import Performer
from proctor.adapters.simulated.stage import Prompt, Scene
from proctor.ports import Picture

PORTRAIT = ("idle_breathe", 0)
"""The neutral frontal picture."""

EMPTY_ROOM = "room"

BESIDE = "idle_left"
"""What somebody beside the learner does again and again."""

APART = 121
"""How far two people sit from the middle, pixels."""

EYE_HOLES = (38.5, 7.5), (19, 11)
"""In the portrait: the eyes from the middle, to each side and down; half sizes of the holes."""


def _footage(plans: dict[str, ClipPlan]) -> tuple[tuple[str, int], ...]:
    return tuple((name, pose) for name, plan in plans.items() for pose in plan.order)


RECORDED = _footage(CLIPS)
"""What a replay shows again and again: clips and poses, every action in a fixed order."""

LOOP = _footage({name: ACTING[name] for name in ("turn_right", "blink", "turn_left", "open_mouth")})
"""Footage that is fed in as if it came from the camera, seven seconds of it."""

VIRTUAL = frozenset({Scene.INJECTED, Scene.LOOPED})
"""Scenes that no camera sees: a program feeds them in, at exact times and without grain of now."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is before the camera, well lit, without grain.

    surface: what the learner's screen shines on; None: no light of now is in the picture. frame:
    the number of the frame where it is of a recording whose grain is its own, else None.
    """

    picture: Picture
    surface: glow.Surface | None = None
    frame: int | None = None


def portrait_of(clips: Clips) -> Picture:
    """The neutral frontal picture: uint8[480, 640, 3]."""
    return clips.picture(*PORTRAIT)


def compose(
    scene: Scene,
    clips: Clips,
    performer: Performer,
    now_s: float,
    prompt: Prompt | None,
    other: Clips | None = None,
) -> Shown:
    """What is before the camera at `now_s` (seconds).

    Only the living hear the prompt, and whoever holds a bent print or one with holes for the eyes;
    the other photographs and recordings do not. other: somebody else, for the scenes with them.
    """
    act = _Act(clips, other, performer, now_s, prompt)
    return _SCENES.get(scene, _printed)(scene, act)


@dataclass(frozen=True, slots=True)
class _Act:
    """Who is in a scene, when, and what is asked."""

    clips: Clips
    other: Clips | None
    performer: Performer
    now_s: float
    prompt: Prompt | None

    @property
    def pose_number(self) -> tuple[str, int]:
        """The clip and pose that the performer is in."""
        shot = self.performer.at(self.now_s, self.prompt)
        return shot.clip, shot.pose

    def somebody_else(self, scene: Scene) -> Clips:
        if self.other is None:
            raise ValueError(f"{scene}: needs somebody else")
        return self.other


def _living(scene: Scene, act: _Act) -> Shown:
    clips = act.somebody_else(scene) if scene is Scene.OTHER_PERSON else act.clips
    at = act.pose_number
    picture = clips.picture(*at)
    lit = None if scene is Scene.INJECTED else glow.on_person(clips.cover(*at))
    return Shown(picture, lit)


def _nobody(_scene: Scene, act: _Act) -> Shown:
    nowhere = np.zeros((HEIGHT, WIDTH), np.uint8)
    return Shown(act.clips.still(EMPTY_ROOM, 0), glow.Surface(nowhere))


def _moved(picture: Picture | Mask, right: int) -> Picture:
    """To the right by that many pixels; black comes in."""
    out = np.zeros_like(picture)
    if right > 0:
        out[:, right:] = picture[:, :-right]
    else:
        out[:, :right] = picture[:, -right:]
    return out


def _two(scene: Scene, act: _Act) -> Shown:
    mine, other = act.pose_number, act.somebody_else(scene)
    order = CLIPS[BESIDE].order
    theirs = (BESIDE, order[int(act.now_s * FPS) % (len(order) - 1)])
    beside, lit = _moved(other.cover(*theirs), APART), _moved(act.clips.cover(*mine), -APART)
    room = act.clips.still(EMPTY_ROOM, 0)
    picture = held.laid(_moved(other.picture(*theirs), APART), room, beside)
    picture = held.laid(_moved(act.clips.picture(*mine), -APART), picture, lit)
    both = cv2.max(beside, lit).astype(np.uint8, copy=False)
    return Shown(picture, glow.on_person(both))


_HANDS = {
    Scene.PRINT: held.still,
    Scene.PRINT_TILTED: held.tilted,
    Scene.PRINT_WAVED: held.waved,
}


def _printed(scene: Scene, act: _Act) -> Shown:
    paper, room = held.paper_of(act.clips.still(*PORTRAIT)), act.clips.still(EMPTY_ROOM, 0)
    whole = held.flat(paper, room, _HANDS[scene](act.now_s))
    return Shown(whole.picture, glow.Surface(whole.where))


def _bent(_scene: Scene, act: _Act) -> Shown:
    paper, room = held.paper_of(act.clips.still(*PORTRAIT)), act.clips.still(EMPTY_ROOM, 0)
    whole = held.bent(paper, room, held.obeying(act.now_s, _pose(act.pose_number)))
    return Shown(whole.picture, glow.Surface(whole.where))


def _pose(at: tuple[str, int]) -> Pose:
    return CLIPS[at[0]].poses[at[1]]


def _eyes_behind(scene: Scene, act: _Act) -> Shown:
    """A print with holes for the eyes before somebody's face, who reads what is asked."""
    paper = held.paper_of(act.clips.still(*PORTRAIT))
    at = act.pose_number
    pose = _pose(at)
    hand = held.obeying(act.now_s, pose)
    # their own head stays behind the holes: only lids and eyes are theirs to move
    eyes = at if pose.blink or pose.gaze != (0.0, 0.0) else PORTRAIT
    near = np.array(
        [
            [hand.scale, 0, (1 - hand.scale) * WIDTH / 2 + hand.right],
            [0, hand.scale, (1 - hand.scale) * HEIGHT / 2 + hand.down],
        ],
        np.float32,
    )
    other, room = act.somebody_else(scene), act.clips.still(EMPTY_ROOM, 0)
    size = (WIDTH, HEIGHT)
    cover = cv2.warpAffine(other.cover(*eyes), near, size).astype(np.uint8, copy=False)
    behind = held.laid(cv2.warpAffine(other.picture(*eyes), near, size), room, cover)
    whole = held.flat(paper, behind, hand, _holes(paper))
    return Shown(whole.picture, glow.Surface(whole.where))


def _holes(paper: Picture) -> Mask:
    """The paper's shape with the eyes cut out."""
    height, width = paper.shape[:2]
    out = np.full((height, width), 255, np.uint8)
    (side, down), size = EYE_HOLES
    for own in (-1, 1):
        centre = round(width / 2 + own * side), round(height / 2 + down)
        cv2.ellipse(out, centre, size, 0, 0, 360, 0, -1, cv2.LINE_AA)
    return out


def _replay(_scene: Scene, act: _Act) -> Shown:
    number = int(act.now_s * FPS)
    shown = act.clips.picture(*RECORDED[number % len(RECORDED)])
    whole = held.on_tablet(shown, act.clips.still(EMPTY_ROOM, 0), act.now_s, number)
    return Shown(whole.picture, glow.Surface(whole.where, matt=0.0, haze=glow.HAZE))


def _looped(_scene: Scene, act: _Act) -> Shown:
    # a clock that adds up fifteenths falls a little short of whole seconds
    frame = int(act.now_s * FPS + 1e-6) % len(LOOP)
    return Shown(act.clips.picture(*LOOP[frame]), frame=frame)


_SCENES: dict[Scene, Callable[[Scene, _Act], Shown]] = {
    Scene.LIVE: _living,
    Scene.INJECTED: _living,
    Scene.OTHER_PERSON: _living,
    Scene.TWO_PEOPLE: _two,
    Scene.NOBODY: _nobody,
    Scene.PRINT_BENT: _bent,
    Scene.PRINT_EYES: _eyes_behind,
    Scene.REPLAY: _replay,
    Scene.LOOPED: _looped,
}
"""The other scenes are prints held in their own ways."""
