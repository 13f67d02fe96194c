"""A player behind a line, both made up: what `player.quality` does to pictures and stalls.

The model has what matters for the choice of a mode: film arrives at the line's pace and is
consumed at the wall's; a new rendition is fetched beside the old one before it takes over, and
what was ahead in the old one is then of no use; the line is measured over the last seconds, its
first half second brings nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from player.events import LineMeasured, Mode, ModeChanged, Opened, Recovered, Stalled
from player.quality import Chosen, Quality, QualityEvent, begin, step
from player.timeline import Playing

TICK_S = 0.1
LEAD_S = 1.5
"""Film between the place that plays and the place where the other rendition takes over."""
READY_S = 0.5
"""Film that a rendition needs before it shows anything."""
SILENCE_S = 0.4
MEASURED_S = 3.0

NEEDS = {Mode.FLUENT: 400_000, Mode.STANDARD: 900_000, Mode.HIGH: 2_500_000}

Line = Callable[[float], float]
"""Bits per second at a time in s."""


@dataclass
class Learner:
    """One PC playing one film of `film_s`, from the chosen mode on."""

    chosen: Mode = Mode.HIGH
    cap: Mode = Mode.HIGH
    needs: Mapping[Mode, int] = field(default_factory=lambda: NEEDS)
    film_s: float = 1200.0
    rate: float = 1.0

    now_s: float = 0.0
    at_s: float = 0.0
    ahead_s: float = 0.0
    mode: Mode = Mode.HIGH
    standby: tuple[Mode, float, float] | None = None
    """The mode that is wanted, the film time where it takes over, and how much of it is there."""
    silent_s: float = 0.0
    stalled: bool = True
    stall_s: float = 0.0
    asked: list[tuple[float, Mode]] = field(default_factory=list)
    changes: list[tuple[float, Mode]] = field(default_factory=list)
    in_mode_s: dict[Mode, float] = field(default_factory=lambda: dict.fromkeys(Mode, 0.0))
    quality: Quality = field(init=False)
    _bits: deque[float] = field(default_factory=lambda: deque(maxlen=round(MEASURED_S / TICK_S)))
    _measured_s: float = 0.0

    def __post_init__(self) -> None:
        self.quality = begin(self.needs, self.chosen, self.cap)
        self.mode = self.quality.mode
        self.tell(Opened(0, round(self.film_s * 1e6), 0, self.mode))
        self.tell(Playing(0, self.rate))

    @property
    def at_ns(self) -> int:
        return round(self.now_s * 1e9)

    @property
    def whole(self) -> bool:
        return self.at_s + self.ahead_s >= self.film_s - 1e-6

    @property
    def over(self) -> bool:
        return self.at_s >= self.film_s - 1e-6

    @property
    def fetching(self) -> bool:
        return not self.over and (not self.whole or self.standby is not None)

    def tell(self, event: QualityEvent) -> None:
        self.quality, mode = step(self.quality, event)
        if mode is None:
            return
        if not isinstance(event, Chosen):
            self.asked.append((self.now_s, mode))
        self.standby = None if mode is self.mode else (mode, self.at_s + self.lead_s, 0.0)

    def choose(self, mode: Mode) -> None:
        self.tell(Chosen(self.at_ns, mode))

    @property
    def lead_s(self) -> float:
        return LEAD_S * self.rate if not self.stalled else 0.0

    def live(self, bits_per_second: float) -> None:
        """Pass one tick in which the line gives so much, if anything is fetched."""
        self.now_s += TICK_S
        if self.now_s <= 0.5:
            bits_per_second = 0.0
        if self.fetching:
            self._fetch(bits_per_second * TICK_S)
            self._bits.append(bits_per_second)
        self._swap()
        self._play()
        if self.now_s - self._measured_s >= 1.0 - 1e-9:
            self._measured_s = self.now_s
            rate = sum(self._bits) / len(self._bits) if self._bits else 0.0
            ahead_us = round(self.ahead_s * 1e6)
            self.tell(LineMeasured(self.at_ns, round(rate), ahead_us, self.whole))

    def _fetch(self, bits: float) -> None:
        if self.standby is not None:
            mode, meeting_s, there_s = self.standby
            share = bits if self.whole else bits / 2
            self.standby = (mode, meeting_s, there_s + share / self.needs[mode])
            bits -= share
        self.ahead_s = min(self.film_s - self.at_s, self.ahead_s + bits / self.needs[self.mode])

    def _swap(self) -> None:
        if self.standby is None:
            return
        mode, meeting_s, there_s = self.standby
        ready = there_s >= READY_S
        if not ready and self.at_s > meeting_s:  # late: it is cued further ahead
            self.standby = (mode, self.at_s + self.lead_s, there_s)
        elif ready and (self.at_s >= meeting_s or self.stalled):
            old, self.mode, self.standby = self.mode, mode, None
            self.ahead_s = min(there_s, self.film_s - self.at_s)
            self.changes.append((self.now_s, mode))
            self.tell(ModeChanged(self.at_ns, old, mode, 40_000, 0))

    def _play(self) -> None:
        if self.over:
            return
        wanted_s = TICK_S * self.rate
        enough = self.ahead_s >= (READY_S if self.stalled else wanted_s) or self.whole
        if enough:
            self.at_s += wanted_s
            self.ahead_s -= wanted_s
            self.in_mode_s[self.mode] += TICK_S
            if self.stalled:
                self.stalled = False
                if self.silent_s >= SILENCE_S:
                    self.tell(Recovered(self.at_ns, round(self.silent_s * 1e6)))
            self.silent_s = 0.0
            return
        self.stalled = True
        self.stall_s += TICK_S
        before_s, self.silent_s = self.silent_s, self.silent_s + TICK_S
        if before_s < SILENCE_S <= self.silent_s:
            self.tell(Stalled(self.at_ns, round(self.at_s * 1e6)))


def alone(learner: Learner, line: Line, seconds: float) -> Learner:
    """Let one learner study behind `line` for `seconds`, or to the film's end."""
    while learner.now_s < seconds and not learner.over:
        learner.live(line(learner.now_s))
    return learner


def room(learners: Sequence[Learner], bits_per_second: float, seconds: float) -> None:
    """Let a room study behind one line, which is shared equally by whoever fetches."""
    for _ in range(round(seconds / TICK_S)):
        fetching = sum(learner.fetching for learner in learners)
        for learner in learners:
            learner.live(bits_per_second / max(1, fetching))


def figures(learner: Learner) -> str:
    """One row of the table in docs/decisions/018."""
    whole_s = max(1e-9, sum(learner.in_mode_s.values()))
    shares = " / ".join(f"{learner.in_mode_s[mode] / whole_s:.0%}" for mode in Mode)
    return f"{learner.stall_s:.0f} s | {len(learner.changes)} | {shares}"


def square(high: float, low: float, period_s: float) -> Line:
    """A line that gives `high` and then `low`, each for `period_s`."""
    return lambda now_s: high if int(now_s / period_s) % 2 == 0 else low


def main() -> None:
    """Print the table: each line with the mode chosen by the player, and held at 高清."""
    lines: dict[str, Line] = {
        "2 Mbit/s (dormitory)": lambda _: 2e6,
        "1 Mbit/s": lambda _: 1e6,
        "8 Mbit/s": lambda _: 8e6,
        "3.6 and 1.2 Mbit/s, 10 s each": square(3.6e6, 1.2e6, 10),
        "3.6 and 1.2 Mbit/s, 60 s each": square(3.6e6, 1.2e6, 60),
        "4 and 0 Mbit/s, 10 s each": square(4e6, 0, 10),
        "4 and 0 Mbit/s, 60 s each": square(4e6, 0, 60),
    }
    fixed = {Mode.HIGH: NEEDS[Mode.HIGH]}
    for name, line in lines.items():
        held = alone(Learner(needs=fixed), line, 6000)
        print(f"| {name} | {figures(alone(Learner(), line, 6000))} | {held.stall_s:.0f} s |")
    for needs in (NEEDS, fixed):
        learners = [Learner(film_s=600, needs=needs) for _ in range(60)]
        room(learners, 100e6, 1500)
        worst = max(learners, key=lambda learner: learner.stall_s)
        print(f"| 60 PCs behind 100 Mbit/s, the worst of them | {figures(worst)} |")


if __name__ == "__main__":
    main()
