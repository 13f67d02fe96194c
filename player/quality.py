"""Which rendition to play: the learner chooses the mode, the film and the policy set the limits.

Stepping down by itself when the line cannot carry a mode comes later and belongs here too.
"""

from collections.abc import Collection

from player.events import Mode

_ASCENDING = (Mode.FLUENT, Mode.STANDARD, Mode.HIGH)


def rendition_for(offered: Collection[Mode], chosen: Mode, cap: Mode = Mode.HIGH) -> Mode:
    """Return the mode to play when the learner chose `chosen` and the policy allows up to `cap`.

    The best offered mode not above either; if there is none, the lightest one offered: a film
    above the cap is better than no lesson. ValueError if nothing is offered.
    """
    ceiling = min(_ASCENDING.index(chosen), _ASCENDING.index(cap))
    ladder = [mode for mode in _ASCENDING if mode in offered]
    if not ladder:
        raise ValueError("a film without renditions")
    below = [mode for mode in ladder if _ASCENDING.index(mode) <= ceiling]
    return below[-1] if below else ladder[0]
