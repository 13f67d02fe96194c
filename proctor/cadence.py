"""What of a frame is worth looking at: each look costs, and the film beside us needs the cores.

Milliseconds a frame on the reference machine: landmarks 12, counting 7, an embedding 20
(`docs/decisions/013`). The landmarks are what a check consists of; the rest can be rarer.
"""

from dataclasses import dataclass

from proctor.observation import FaceObservation

FRONTAL_DEG = 25.0
"""A face turned further is not compared (`identity.comparable`): its embedding would be for
nothing. Wider than there, because what counts there is the learner's own neutral pose."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """taken_s, judged_s: seconds between frames that are shown, and that are judged.

    idle: whether the camera rests in between. counted, signed, embedded: people are
    counted, the whole frame's facts measured, the face embedded in every n-th judged
    frame; 0 never. enough: embeddings after which only every `rarely`-th frame brings another.
    """

    taken_s: float
    judged_s: float
    idle: bool
    counted: int = 1
    signed: int = 0
    embedded: int = 0
    enough: int = 0
    rarely: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What one frame is to be asked."""

    count: bool
    signs: bool
    embed: bool


@dataclass(frozen=True, slots=True)
class Cadence:
    """number: frames looked at since the pace began. embeddings: how many came of it.

    since: frames since one was last asked for, None before the first. turned: the newest
    face did not look at the camera.
    """

    number: int = 0
    embeddings: int = 0
    since: int | None = None
    turned: bool = False


def look(cadence: Cadence, rhythm: Rhythm) -> Look:
    """What the next frame is to be asked."""
    count = _due(rhythm.counted, cadence.number)
    return Look(
        count=count,
        signs=_due(rhythm.signed, cadence.number),
        # the detector that counts also finds what is embedded
        embed=count and not cadence.turned and _embeds(cadence, rhythm),
    )


def looked(cadence: Cadence, asked: Look, seen: FaceObservation) -> Cadence:
    """After that frame. A face that is gone begins the embeddings anew: who comes back?"""
    since = 1 if asked.embed else None if cadence.since is None else cadence.since + 1
    face = seen.face
    if face is None:
        return Cadence(cadence.number + 1, 0, since)
    return Cadence(
        number=cadence.number + 1,
        embeddings=cadence.embeddings + (face.embedding is not None),
        since=since,
        turned=abs(face.yaw_deg) > FRONTAL_DEG,
    )


def _due(every: int, number: int) -> bool:
    return every > 0 and number % every == 0


def _embeds(cadence: Cadence, rhythm: Rhythm) -> bool:
    if not rhythm.embedded:
        return False
    enough = rhythm.enough and cadence.embeddings >= rhythm.enough
    return cadence.since is None or cadence.since >= (rhythm.rarely if enough else rhythm.embedded)
