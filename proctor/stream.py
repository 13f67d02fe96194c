"""Is it a camera that gives these frames? What a sensor does to every frame, and no recording.

A sensor's grain makes every frame another one, its clock trembles, and it stays what it is.
Footage that is played into a driver comes again to the bit, is too clean, or keeps time
too well. Each of these can have an honest cause (a driver that doubles frames in the dark, a
camera that smooths), so each is a sign of its own and says how strong it is.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from proctor.observation import FrameFacts

KEPT = 900
"""Frames kept: a minute at 15 a second."""

EARLIER = 5400
"""Digests kept of earlier attempts, for footage of them that comes again."""

LOOP_NS = 500_000_000
"""A frame that comes again sooner is a doubled one, not a loop: drivers keep a few frames."""

FEWEST = 30
"""Frames from which on a stream can be judged: two seconds of them."""

BLANK = 2.0
"""A thumbnail with less spread (grey levels) is of a covered lens: all its frames may be equal."""

WINDOW_S, LEAST_MOTION = 6.0, 1.0
"""How long a nearly equal stretch has to be, and how much must move in it, mean grey levels:
somebody who sits still resembles themselves all the time."""

NEARLY = 0.15
"""Difference to the earlier stretch, as a share of what moves in it."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The newest frames, the oldest first; all tuples are of one length.

    earlier: digests of frames of earlier attempts.
    """

    at_ns: tuple[int, ...] = ()
    digests: tuple[int, ...] = ()
    thumbnails: tuple[npt.NDArray[np.uint8], ...] = field(default=(), repr=False)
    noise: tuple[float, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    earlier: frozenset[int] = field(default=frozenset(), repr=False)


def take(stream: Stream, at_ns: int, frame: FrameFacts) -> Stream:
    """One more frame; those of a covered lens are left out."""
    if float(frame.thumbnail.std()) < BLANK:
        return stream
    return Stream(
        (*stream.at_ns[1 - KEPT :], at_ns),
        (*stream.digests[1 - KEPT :], frame.digest),
        (*stream.thumbnails[1 - KEPT :], frame.thumbnail),
        (*stream.noise[1 - KEPT :], frame.noise),
        (*stream.sizes[1 - KEPT :], (frame.width, frame.height)),
        stream.earlier,
    )


def again(stream: Stream) -> Stream:
    """A stream that has seen nothing yet, but would know this one's frames if they came again."""
    known = (*stream.digests, *stream.earlier)[:EARLIER]
    return Stream(earlier=frozenset(known))


def repeated(stream: Stream) -> float | None:
    """Share of frames equal to one of the two before them; None: too few to say."""
    digests = stream.digests
    if len(digests) < FEWEST:
        return None
    equal = sum(digests[k] in digests[k - 2 : k] for k in range(2, len(digests)))
    return equal / (len(digests) - 2)


def looped(stream: Stream) -> int | None:
    """The most frames in a row that came before, to the bit and in the same order, or that
    were seen in an earlier attempt; None: too few to say.
    """
    if len(stream.digests) < FEWEST:
        return None
    best = _longest(np.array([each in stream.earlier for each in stream.digests]))
    if len(set(stream.digests)) == len(stream.digests):
        return best
    digests = np.array(stream.digests, np.uint64)
    times = np.array(stream.at_ns, np.int64)
    for lag in range(2, len(digests)):
        equal = (digests[lag:] == digests[:-lag]) & (times[lag:] - times[:-lag] >= LOOP_NS)
        best = max(best, _longest(equal))
    return best


def _longest(true: npt.NDArray[np.bool_]) -> int:
    """The longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def resembled(stream: Stream) -> float | None:
    """How little a stretch of `WINDOW_S` differs from an earlier one, as a share of what moves
    in it: 0 the very same film, 1 and more nothing alike. None: too short, or nothing moves.
    """
    interval = _interval_ms(stream)
    if interval is None:
        return None
    window, half = round(WINDOW_S * 1000 / interval), max(1, round(500 / interval))
    seen = np.array([each[::2, ::2].ravel() for each in stream.thumbnails], np.float32)
    if window < FEWEST or len(seen) < 2 * window:
        return None
    motion = np.abs(seen[half:] - seen[:-half]).mean(axis=1)
    moving = _running_mean(motion, window - half)
    best: float | None = None
    for lag in range(window, len(seen) - window + 1):
        apart = _running_mean(np.abs(seen[lag:] - seen[:-lag]).mean(axis=1), window)
        moved = moving[lag : lag + len(apart)]
        enough = moved >= LEAST_MOTION
        if enough.any():
            share = float((apart[enough] / moved[enough]).min())
            best = share if best is None else min(best, share)
    return best


def _running_mean(values: npt.NDArray[np.float32], length: int) -> npt.NDArray[np.float64]:
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    return np.asarray((total[length:] - total[:-length]) / length, np.float64)


def tremble(stream: Stream) -> float | None:
    """How much the times of frames stray from a perfect beat: median, milliseconds.

    Frames that are left out do not matter: the nearest multiple of the beat counts. None:
    too few to say.
    """
    beat = _interval_ms(stream)
    if beat is None:
        return None
    gaps = np.diff(np.array(stream.at_ns, np.int64)) / 1e6
    steps = np.rint(gaps / beat)
    counted = (steps >= 1) & (steps <= 4)
    # the beat itself is only known to the median's exactness, so the strays are centred
    strays = gaps[counted] / steps[counted]
    return float(np.median(np.abs(strays - np.median(strays))))


def _interval_ms(stream: Stream) -> float | None:
    if len(stream.at_ns) < FEWEST:
        return None
    beat = float(np.median(np.diff(np.array(stream.at_ns, np.int64)))) / 1e6
    return beat if beat > 0 else None


def grain(stream: Stream) -> float | None:
    """The median grain, grey levels; None: too few frames that show any light or dark."""
    noise = [each for each in stream.noise if each > 0.0]
    return float(np.median(noise)) if len(noise) >= FEWEST else None


def resized(stream: Stream) -> int | None:
    """How often the size of the frames changed; None: too few to say."""
    if len(stream.sizes) < FEWEST:
        return None
    return sum(a != b for a, b in zip(stream.sizes, stream.sizes[1:], strict=False))


def slowed(stream: Stream) -> float | None:
    """How much the rate changed from one half to the other, as a ratio of 1 or more."""
    if len(stream.at_ns) < 2 * FEWEST:
        return None
    gaps = np.diff(np.array(stream.at_ns, np.int64))
    half = len(gaps) // 2
    early, late = float(np.median(gaps[:half])), float(np.median(gaps[half:]))
    if min(early, late) <= 0:
        return None
    return max(early, late) / min(early, late)
