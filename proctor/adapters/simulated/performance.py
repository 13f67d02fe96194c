"""Which frame of which clip the simulated learner is in at a time that comes in as a value."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from proctor.adapters.simulated.motion import ACTING, FOLLOW_DOT, FPS, IDLE, LOOKING, ClipPlan
from proctor.adapters.simulated.stage import Prompt

REACTION_S = (0.3, 0.5)
"""The shortest and longest time from a prompt to the first movement."""

DOT_REACTION_S = (0.2, 0.35)
"""The same for eyes that go after a dot."""

GLANCE_S = 2 / FPS
"""Eyes that rest on the dot move a little; so often it is looked whether the dot is still there."""

AGAIN_AFTER_S = 2.0
"""Rest before an action is done once more while its prompt still stands."""

HASTE = 3.0
"""How many times faster than usual the person comes back to neutral when something is asked."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame: the clip's name and the number of the pose in it."""

    clip: str
    pose: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A walk along a clip's order from one place to another between two times (seconds)."""

    clip: str
    first: float
    last: float
    begin_s: float
    end_s: float
    idle: bool

    def place(self, now_s: float) -> float:
        if now_s >= self.end_s:
            return self.last
        done = max(0.0, (now_s - self.begin_s) / (self.end_s - self.begin_s))
        return self.first + (self.last - self.first) * done


class Performer:
    """Idles, and does what is asked: reaction time, back to neutral, the action, idle again."""

    def __init__(
        self,
        seed: int = 0,
        idle: Mapping[str, ClipPlan] = IDLE,
        acting: Mapping[str, ClipPlan] = ACTING,
        looking: Mapping[str, ClipPlan] = LOOKING,
    ) -> None:
        self._random = random.Random(seed)
        self._idle = dict(idle)
        self._acting = dict(acting)
        self._looking = dict(looking)
        self._gaze: str | None = None
        self._stretch: _Stretch | None = None
        self._prompt: Prompt | None = None
        self._due_s: float | None = None

    def at(self, now_s: float, prompt: Prompt | None) -> Shot:
        """The frame at `now_s` (seconds, never going back) while `prompt` stands."""
        if prompt != self._prompt:
            self._prompt = prompt
            follow = prompt is not None and prompt.action == FOLLOW_DOT
            reaction = self._random.uniform(*(DOT_REACTION_S if follow else REACTION_S))
            self._due_s = None if prompt is None else now_s + reaction
            if not follow:
                self._gaze = None
        stretch = self._stretch or self._rest(now_s)
        while True:
            if stretch.idle and self._due_s is not None and now_s >= self._due_s - REACTION_S[1]:
                stretch = self._homewards(stretch, now_s, self._due_s)
            if now_s < stretch.end_s:
                break
            stretch = self._next(stretch, now_s)
        self._stretch = stretch
        plan = self._plan(stretch.clip)
        return Shot(stretch.clip, plan.order[round(stretch.place(now_s))])

    def _plan(self, clip: str) -> ClipPlan:
        return self._idle.get(clip) or self._acting.get(clip) or self._looking[clip]

    def _rest(self, begin_s: float) -> _Stretch:
        clip = self._random.choice(list(self._idle))
        return self._walk(clip, begin_s, idle=True)

    def _walk(self, clip: str, begin_s: float, *, idle: bool) -> _Stretch:
        plan = self._plan(clip)
        return _Stretch(clip, 0.0, len(plan.order) - 1, begin_s, begin_s + plan.seconds, idle)

    def _homewards(self, stretch: _Stretch, now_s: float, due_s: float) -> _Stretch:
        """The shorter way back to neutral, to be there when the action is due."""
        place = stretch.place(now_s)
        end = len(self._plan(stretch.clip).order) - 1.0
        home = 0.0 if place < end / 2 else end
        end_s = max(due_s, now_s + abs(home - place) / (HASTE * FPS))
        return _Stretch(stretch.clip, place, home, now_s, end_s, idle=False)

    def _next(self, ended: _Stretch, now_s: float) -> _Stretch:
        # after a long silence (nobody read the camera) life goes on from now
        begin_s = ended.end_s if now_s - ended.end_s < 1.0 else now_s
        due = self._due_s is not None and begin_s >= self._due_s
        if due and self._prompt is not None and self._prompt.action == FOLLOW_DOT:
            self._gaze = self._prompt.dot and f"look_{self._prompt.dot}"
            self._due_s = None
        if ended.clip in self._looking or self._gaze is not None:
            return self._look(ended, begin_s)
        if self._prompt is not None and self._due_s is not None and due:
            acted = self._walk(self._prompt.action, begin_s, idle=False)
            self._due_s = acted.end_s + AGAIN_AFTER_S
            return acted
        return self._rest(begin_s)

    def _look(self, ended: _Stretch, begin_s: float) -> _Stretch:
        """Eyes after the dot: there, resting on it, or home before they go elsewhere."""
        order = self._plan(ended.clip).order
        middle = len(order) // 2
        at_home = ended.clip not in self._looking or ended.last == len(order) - 1
        if at_home:
            if self._gaze is None:
                return self._rest(begin_s)
            there = len(self._plan(self._gaze).order) // 2
            end_s = begin_s + there / FPS
            return _Stretch(self._gaze, 0.0, there, begin_s, end_s, idle=False)
        if ended.clip == self._gaze:
            # resting on it: to the neighbouring pose and back
            other = middle - 1.0 if ended.last == middle else float(middle)
            end_s = begin_s + GLANCE_S
            return _Stretch(ended.clip, ended.last, other, begin_s, end_s, idle=False)
        end = len(order) - 1.0
        end_s = begin_s + (end - ended.last) / FPS
        return _Stretch(ended.clip, ended.last, end, begin_s, end_s, idle=False)
