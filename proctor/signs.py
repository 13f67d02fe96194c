"""Signs of deception, gathered frame by frame during a check, and combined at its end.

Each is measured apart, in its own unit, which stands in `Evidence.value`:

| sign | value | module |
|---|---|---|
| FLAT | residual of squashed views, median, eye distances | `spoof` |
| STILL | stir of the resting face, 95th percentile, eye distances | `spoof` |
| NO_REFLECTION | most the face can have answered to the screen, share | `light` |
| MOIRE | strength of a pattern over the face, median, 0 to 1 | `adapters.pixels` |
| BORDER | how much of a frame stands around the face, median, 0 to 1 | `adapters.pixels` |
| REPEATED_FRAMES | share of frames equal to one just before | `stream` |
| LOOP | frames in a row that came before; 0 and a level: nearly so | `stream` |
| TOO_REGULAR | stray from a perfect beat, median, milliseconds | `stream` |
| NO_NOISE | grain, median, grey levels | `stream` |
| STREAM_CHANGED | changes of size, or the change of rate as a ratio | `stream` |
| VIRTUAL_CAMERA | number of flags | `devices` |
| PASSIVE_MODEL | probability of a living face, median | `adapters.passive` |

What could not be measured is left out: no evidence is not evidence against anybody.
"""

from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np

from proctor import devices, light, spoof, stream
from proctor.observation import Face, FaceObservation
from proctor.risk import Evidence, Risk, Sign, combine, level
from proctor.schedule import Tint
from proctor.spoof import Points
from proctor.stream import Stream

RESTING_VIEWS = 7
"""Frames whose median is the resting face: half a second of them, so that no blink is in it."""

FACING_DEG = 12.0
"""A resting face looks at the camera."""

KEPT = 600
"""Measurements of a kind that are kept: forty seconds at 15 a second."""

FEWEST_FLAT = 5
"""Squashed views from which on it can be said that they were flat."""

STILL_S = 4.0
"""Resting time from which on stillness means anything: people blink every few seconds."""

FEWEST_TEXTURES = 15
"""Frames of which the median of moire, border and the passive model is taken: the models
look anew at every fifth of them only."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the frames of an attempt have shown so far; all of it bounded.

    resting: the first views at rest, (rigid, soft) points; rest: their median, once there
    are enough. views: (squash, residual) of frames since. stirs: (frame's time, stir) of
    resting ones. textures: (moire, border, passive). The newest are kept.
    """

    frames: int = 0
    resting: tuple[tuple[Points, Points], ...] = field(default=(), repr=False)
    rest: tuple[Points, Points] | None = field(default=None, repr=False)
    views: tuple[tuple[float, float], ...] = field(default=(), repr=False)
    stirs: tuple[tuple[int, float], ...] = field(default=(), repr=False)
    textures: tuple[tuple[float, float, float | None], ...] = field(default=(), repr=False)
    lit: tuple[light.Lit, ...] = field(default=(), repr=False)
    stream: Stream = field(default_factory=Stream, repr=False)


def step(signs: Signs, seen: FaceObservation, tint: Tint | None, *, resting: bool) -> Signs:
    """Take in one frame. tint: the screen's light at that time. resting: no action is asked."""
    signs = replace(signs, frames=signs.frames + 1)
    if seen.frame is not None:
        frame = seen.frame
        signs = replace(signs, stream=stream.take(signs.stream, seen.at_ns, frame))
        if seen.face is not None:
            texture = (frame.moire, frame.border, frame.passive)
            signs = replace(signs, textures=(*signs.textures[1 - KEPT :], texture))
    if seen.face is not None and seen.count <= 1:
        signs = _move(signs, seen.face, seen.at_ns, resting=resting)
    lit = None if tint is None else light.lit(seen, tint)
    if lit is not None:
        signs = replace(signs, lit=(*signs.lit[1 - light.KEPT :], lit))
    return signs


def again(signs: Signs) -> Signs:
    """For the next attempt: everything anew, but footage of this one is known when it comes."""
    return Signs(stream=stream.again(signs.stream))


def risk_of(signs: Signs, flags: tuple[str, ...] = ()) -> Risk:
    """All signs as one risk. flags: what is known of the device (`proctor.devices`)."""
    found = (
        _flat(signs),
        _still(signs),
        _reflection(signs),
        *_textures(signs),
        *_stream(signs.stream, timed=devices.RECORDED not in flags),
        _device(flags),
    )
    return combine(each for each in found if each is not None)


def _move(signs: Signs, face: Face, at_ns: int, *, resting: bool) -> Signs:
    soft = face.soft_points
    if soft is None:
        return signs
    now = (face.rigid_points, soft)
    if signs.rest is None:
        if not resting or abs(face.yaw_deg) > FACING_DEG:
            return signs
        views = (*signs.resting, now)
        if len(views) < RESTING_VIEWS:
            return replace(signs, resting=views)
        return replace(signs, resting=(), rest=(_middle(views, 0), _middle(views, 1)))
    rest = signs.rest
    rigid = rest[0]
    narrow = spoof.squash(rigid, face.rigid_points)
    if narrow <= spoof.TILTED:
        view = (narrow, spoof.residual(rigid, face.rigid_points))
        signs = replace(signs, views=(*signs.views[1 - KEPT :], view))
    if resting and abs(face.yaw_deg) <= FACING_DEG:
        stir = (at_ns, spoof.stir(rest, now))
        signs = replace(signs, stirs=(*signs.stirs[1 - KEPT :], stir))
    return signs


def _middle(views: tuple[tuple[Points, Points], ...], which: int) -> Points:
    return np.asarray(np.median([view[which] for view in views], axis=0), np.float32)


def _flat(signs: Signs) -> Evidence | None:
    if len(signs.views) < FEWEST_FLAT:
        return None
    left_over = median(residual for _, residual in signs.views)
    return Evidence(Sign.FLAT, level(left_over, spoof.FLAT_FROM, spoof.FLAT_TO), left_over)


STILL_FROM, STILL_TO = 0.009, 0.005


def _still(signs: Signs) -> Evidence | None:
    times = np.array([at_ns for at_ns, _ in signs.stirs], np.int64)
    # time at rest, without the actions between
    gaps = np.diff(times) / 1e9
    if float(gaps[gaps < 0.5].sum()) < STILL_S:
        return None
    most = float(np.percentile([stir for _, stir in signs.stirs], 95))
    return Evidence(Sign.STILL, level(most, STILL_FROM, STILL_TO), most)


LEAST_GAIN = 0.03
"""What a living face answers to the screen at least, where it can be seen at all.

Measured on computed people before a screen of 0.18 where the lamps give 1.15, skin from
pale to very dark: living .056 to .08 in full light, .13 at half and .2 at a quarter of it,
error .003 to .012; a replay .003 at most on pale and brown skin, but up to .08 on very dark
skin, where the haze of the glass is as light as the face: there the sign says nothing.
"""

DARK_SKIN, BRIGHT_SKIN = 60.0, 215.0
"""Mean green level of a face outside of which the screen adds little that can be seen."""


def _reflection(signs: Signs) -> Evidence | None:
    answer = light.reflection(signs.lit)
    if answer is None:
        return None
    most = answer.gain + 2 * answer.error
    if answer.gain > 3 * answer.error:
        return Evidence(Sign.NO_REFLECTION, 0.0, most)
    green = median(each.skin[1] for each in signs.lit)
    if not DARK_SKIN <= green <= BRIGHT_SKIN:
        return None
    return Evidence(Sign.NO_REFLECTION, level(most, LEAST_GAIN, LEAST_GAIN / 3), most)


def _textures(signs: Signs) -> tuple[Evidence, ...]:
    if len(signs.textures) < FEWEST_TEXTURES:
        return ()
    moire = median(each[0] for each in signs.textures)
    border = median(each[1] for each in signs.textures)
    found = [
        Evidence(Sign.MOIRE, level(moire, 0.15, 0.6), moire),
        Evidence(Sign.BORDER, level(border, 0.4, 0.9), border),
    ]
    living = [each[2] for each in signs.textures if each[2] is not None]
    if living:
        alive = median(living)
        found.append(Evidence(Sign.PASSIVE_MODEL, level(alive, 0.5, 0.1), alive))
    return tuple(found)


NEARLY_LOOPED = 0.4
"""Level of a stretch that is nearly, but not to the bit, one that came before: compression
in between, or a learner who does the same twice."""


def _stream(seen: Stream, *, timed: bool) -> tuple[Evidence | None, ...]:
    return (
        _repeated(seen),
        _loop(seen),
        _regular(seen) if timed else None,
        _grain(seen),
        _changed(seen, timed=timed),
    )


def _repeated(seen: Stream) -> Evidence | None:
    share = stream.repeated(seen)
    if share is None:
        return None
    return Evidence(Sign.REPEATED_FRAMES, level(share, 0.15, 0.6), share)


def _loop(seen: Stream) -> Evidence | None:
    frames = stream.looped(seen)
    if frames is None:
        return None
    exact = level(frames, 2, 8)
    alike = stream.resembled(seen)
    near = 0.0 if alike is None else NEARLY_LOOPED * level(alike, stream.NEARLY, stream.NEARLY / 2)
    return Evidence(Sign.LOOP, max(exact, near), float(frames))


def _regular(seen: Stream) -> Evidence | None:
    strays_ms = stream.tremble(seen)
    if strays_ms is None:
        return None
    return Evidence(Sign.TOO_REGULAR, level(strays_ms, 0.10, 0.02), strays_ms)


def _grain(seen: Stream) -> Evidence | None:
    sigma = stream.grain(seen)
    if sigma is None:
        return None
    return Evidence(Sign.NO_NOISE, level(sigma, 0.20, 0.10), sigma)


def _changed(seen: Stream, *, timed: bool) -> Evidence | None:
    sizes, rate = stream.resized(seen), stream.slowed(seen) if timed else None
    if sizes:
        return Evidence(Sign.STREAM_CHANGED, 1.0, float(sizes))
    if rate is None:
        return None if sizes is None else Evidence(Sign.STREAM_CHANGED, 0.0, 0.0)
    # dim light halves many a camera's rate, so a rate alone weighs half
    return Evidence(Sign.STREAM_CHANGED, 0.5 * level(rate, 1.5, 2.5), rate)


FLAGGED = {
    devices.VIRTUAL_CAMERA: 1.0,
    devices.REMOTE_SESSION: 0.5,
    devices.VIRTUAL_MACHINE: 0.4,
}


def _device(flags: tuple[str, ...]) -> Evidence | None:
    strong = [FLAGGED[flag] for flag in set(flags) if flag in FLAGGED]
    if not strong:
        return None
    return Evidence(Sign.VIRTUAL_CAMERA, max(strong), float(len(strong)))
