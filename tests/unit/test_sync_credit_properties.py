"""What the rule of credit guarantees whatever happens."""

from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from sync.contract import LessonCredit
from sync.credit import credit
from sync.facts import (
    CheckAttempted,
    CheckIssued,
    CheckPlanned,
    Fact,
    IdentityConfirmed,
    LessonClosed,
    LessonOpened,
    Moment,
    SessionEnded,
    Watched,
)
from sync.history import ChainHistory, Entry, Rules, Witness
from sync.intervals import Intervals

S = 1_000_000_000
FILM_US = 10**12
LESSONS = ("a", "b")
SAME = IdentityConfirmed(similarity=0.6, answer="same", seconds=2)
RULES = Rules(durations_us=dict.fromkeys(LESSONS, FILM_US), daily_cap_s=1e9)


def total(counted: tuple[LessonCredit, ...]) -> float:
    return sum(lesson.credited_s + lesson.provisional_s for lesson in counted)


# ---- An honest learner, on any line, with any clock.


@dataclass
class Honest:
    """A client as it should be: `now` is true time, the client's clock is its own.

    drift: of the client's monotonic clock. up_s, down_s: the line's delays.
    """

    name: str
    now: float
    drift: float
    offset_s: float
    position_s: float
    credited_us: int = 0
    up_s: float = 0.1
    down_s: float = 0.1
    watched_s: float = 0.0
    since_s: float = 0.0
    due_s: float = 0.0
    checks: int = 0
    again: int = 0
    held: int = 1
    entries: list[Entry] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    underway: tuple[float, int] | None = None

    def begin(self) -> None:
        self.witnesses.append(Witness(0, 1, self.now))
        self.pass_time(self.down_s)
        self.tell(SAME)
        self.tell(LessonOpened(lesson="a", position_us=0, duration_us=FILM_US, mode="standard"))
        self.plan()

    def mono_ns(self, now: float) -> int:
        return int((now * (1 + self.drift) + self.offset_s) * S)

    def tell(self, fact: Fact) -> None:
        when = Moment(mono_ns=self.mono_ns(self.now), wall="", beacon=self.held)
        self.entries.append((fact, when))

    def plan(self) -> None:
        self.checks += 1
        self.since_s, self.due_s = 0.0, 40.0
        self.tell(
            CheckPlanned(
                check=f"k{self.checks}",
                lesson="a",
                seed_index=1,
                film_left_s=1,
                checked_in_film=False,
                after_s=40.0,
                actions=(),
            )
        )

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        if self.underway is not None and self.now >= self.underway[0]:
            self.held, self.underway = self.underway[1], None

    def watch(self, seconds: float) -> None:
        began = self.mono_ns(self.now)
        self.pass_time(min(seconds, (self.due_s - self.since_s) / (1 + self.drift)))
        segment = self.segment(began)
        self.tell(segment)
        film_s = (segment.end_us - segment.start_us) / 1e6
        self.position_s += film_s
        self.watched_s += film_s
        self.since_s += film_s
        if self.since_s >= self.due_s - 0.001:
            self.check()

    def watch_again(self, seconds: float) -> None:
        """At up to twice the pace, what was credited before."""
        self.again += 1
        rate = (1.25, 1.5, 2.0)[self.again % 3]
        began = self.mono_ns(self.now)
        film_us = min(self.credited_us, int(seconds * rate * 1e6))
        self.pass_time(film_us / 1e6 / rate / (1 + self.drift) + 0.001)
        ended = self.mono_ns(self.now)
        if film_us:
            self.tell(
                Watched(
                    lesson="a",
                    start_us=self.credited_us - film_us,
                    end_us=self.credited_us,
                    began_ns=began,
                    ended_ns=ended,
                    mode="standard",
                    rate=rate,
                )
            )

    def segment(self, began: int) -> Watched:
        ended = self.mono_ns(self.now)
        start = round(self.position_s * 1e6)
        return Watched(
            lesson="a",
            start_us=start,
            end_us=start + (ended - began) // 1000,
            began_ns=began,
            ended_ns=ended,
            mode="standard",
        )

    def check(self) -> None:
        name = f"k{self.checks}"
        self.tell(CheckIssued(check=name, lesson="a", position_us=0, watched_s=0))
        self.pass_time(5)
        self.tell(
            CheckAttempted(
                check=name,
                lesson="a",
                attempt=1,
                passed=True,
                reason="",
                similarity=0.6,
                seconds=5,
                actions=(),
            )
        )
        self.credited_us = round(self.position_s * 1e6)
        self.plan()

    def flush(self) -> None:
        if self.underway is not None:
            self.pass_time(max(0.0, self.underway[0] - self.now))
        arrived = self.now + self.up_s
        beacon = self.witnesses[-1].beacon + 1
        self.witnesses.append(Witness(len(self.entries), beacon, arrived))
        self.underway = (arrived + self.down_s, beacon)

    def flush_unheard(self) -> None:
        """The records arrive and the answer is lost: its beacon is never held."""
        self.flush()
        self.underway = None

    def flush_twice(self) -> None:
        """The line doubles the request; only the first answer is heard."""
        self.flush()
        last = self.witnesses[-1]
        copy = Witness(last.seq, last.beacon + 1, last.at_s + min(self.up_s, self.down_s))
        self.witnesses.append(copy)

    def history(self) -> ChainHistory:
        return ChainHistory(self.name, tuple(self.witnesses), tuple(self.entries))

    def act(self, action: str, seconds: float) -> None:
        match action:
            case "watch":
                self.watch(seconds)
            case "again":
                self.watch_again(seconds)
            case "pause":
                self.pass_time(seconds)
            case "flush":
                self.flush()
            case "unheard":
                self.flush_unheard()
            case "twice":
                self.flush_twice()

    def crash_while_playing(self) -> Entry:
        """Three seconds more, of which only the open tick knows."""
        began = self.mono_ns(self.now)
        self.pass_time(3)
        segment = self.segment(began)
        film_s = (segment.end_us - segment.start_us) / 1e6
        self.position_s += film_s
        self.watched_s += film_s
        return segment, Moment(mono_ns=segment.ended_ns, wall="", beacon=self.held)

    def upload_tail(self, now: float, tick: Entry | None) -> ChainHistory:
        """What a crash left behind, sent later by another run."""
        self.witnesses.append(Witness(len(self.entries), self.witnesses[-1].beacon, now))
        return replace(self.history(), tick=tick, ended=True)


@dataclass(frozen=True)
class Run:
    """What happens in one run, and how long the learner then stays away."""

    steps: list[tuple[str, float]]
    drift: float
    offset_s: float
    up_s: float
    down_s: float
    ends: str
    away_s: float


RUNS = st.builds(
    Run,
    steps=st.lists(
        st.tuples(
            st.sampled_from(
                ["watch", "watch", "watch", "again", "pause", "flush", "flush", "unheard", "twice"]
            ),
            st.floats(0.04, 60),
        ),
        max_size=25,
    ),
    drift=st.floats(-1e-4, 1e-4),
    offset_s=st.floats(0, 1e6),
    up_s=st.floats(0.0005, 8),
    down_s=st.floats(0.0005, 8),
    ends=st.sampled_from(["signs out", "closes", "crashes", "crashes playing"]),
    away_s=st.floats(0.01, 1000),
)


@given(st.lists(RUNS, min_size=1, max_size=4))
def test_an_honest_learner_loses_nothing(runs: list[Run]) -> None:
    now, position, expected, credited_us = 1000.0, 0.0, 0.0, 0
    histories: list[ChainHistory] = []
    tail: tuple[Honest, Entry | None] | None = None
    for number, run in enumerate(runs):
        learner = Honest(
            f"c{number}", now, run.drift, run.offset_s, position, up_s=run.up_s, down_s=run.down_s
        )
        learner.credited_us = credited_us
        learner.begin()
        if tail is not None:
            histories.append(tail[0].upload_tail(learner.now, tail[1]))
        for action, seconds in run.steps:
            learner.act(action, seconds)
        if run.ends.startswith("crashes"):
            playing = run.ends == "crashes playing"
            tail = (learner, learner.crash_while_playing() if playing else None)
        else:
            signs_out = run.ends == "signs out"
            closed = LessonClosed(lesson="a", position_us=0)
            learner.tell(SessionEnded(reason="learner") if signs_out else closed)
            learner.flush()
            histories.append(replace(learner.history(), ended=signs_out))
            tail = None
        credited_us = learner.credited_us
        position, expected = learner.position_s, expected + learner.watched_s
        now = learner.now + run.away_s + 20
    if tail is not None:
        histories.append(tail[0].upload_tail(now, tail[1]))
    counted = credit(histories, RULES)
    # What was watched again, at whatever pace, is the same film again and nothing worse.
    assert {span.reason for lesson in counted for span in lesson.lost} <= {"repeated"}
    assert abs(total(counted) - expected) < 1e-4 * (1 + len(runs))
    assert counted[0].provisional_s == 0


# ---- Anybody, saying anything.

SEGMENTS = st.builds(
    lambda lesson, start, length, began, stretch, rate: Watched(
        lesson=lesson,
        start_us=start * 10**6,
        end_us=(start + length) * 10**6,
        began_ns=began * S,
        ended_ns=int((began + length / rate + stretch) * S),
        mode="standard",
        rate=rate,
    ),
    st.sampled_from(LESSONS),
    st.integers(0, 900),
    st.integers(1, 400),
    st.integers(0, 1000),
    st.integers(-2, 50),
    st.sampled_from([1.0, 1.0, 1.1, 1.5, 2.0]),
)


@st.composite
def claims(draw: st.DrawFn, name: str) -> ChainHistory:
    """A chain that says whatever it likes, at whatever pace the platform saw it arrive."""
    issued = draw(st.integers(0, 300))
    gaps = draw(st.lists(st.integers(0, 120), min_size=1, max_size=6))
    segments = draw(st.lists(SEGMENTS, max_size=8))
    beacons = st.integers(1, len(gaps) + 2)
    entries: list[Entry] = [(SAME, Moment(mono_ns=0, wall="", beacon=1))]
    entries += [
        (fact, Moment(mono_ns=draw(st.integers(0, 10**13)), wall="", beacon=draw(beacons)))
        for fact in segments
    ]
    at = float(issued)
    witnesses = [Witness(0, 1, at)]
    for number, gap in enumerate(gaps):
        at += gap
        last = number == len(gaps) - 1
        seq = len(entries) if last else draw(st.integers(witnesses[-1].seq, len(entries)))
        witnesses.append(Witness(seq, number + 2, at))
    return ChainHistory(name, tuple(witnesses), tuple(entries), ended=draw(st.booleans()))


CLAIMS = st.integers(1, 4).flatmap(
    lambda number: st.tuples(*(claims(f"c{index}") for index in range(number)))
)
# Checks out of the way: what is left is the clock.
LENIENT = replace(RULES, check_tolerance_s=1e9)


@given(CLAIMS)
def test_never_more_than_the_platforms_clock_ran(chains: tuple[ChainHistory, ...]) -> None:
    counted = credit(chains, LENIENT)
    first = min(chain.witnesses[0].at_s for chain in chains)
    last = max(chain.witnesses[-1].at_s for chain in chains)
    assert total(counted) <= last - first + LENIENT.slack_s + 1e-3
    # And each run by itself.
    for chain in chains:
        ran = chain.witnesses[-1].at_s - chain.witnesses[0].at_s
        assert total(credit([chain], LENIENT)) <= ran + LENIENT.slack_s + 1e-3


@given(CLAIMS)
def test_no_film_is_credited_at_a_faster_pace(chains: tuple[ChainHistory, ...]) -> None:
    """Nothing is credited that nobody watched at its own pace."""
    counted = credit(chains, LENIENT)
    for lesson in counted:
        slowly = Intervals()
        for chain in chains:
            for fact, _ in chain.entries:
                if isinstance(fact, Watched) and fact.lesson == lesson.lesson and fact.rate == 1:
                    slowly = slowly.union(Intervals.of(fact.start_us, fact.end_us))
        for span in lesson.spans:
            if span.state != "not_counted":
                part = Intervals.of(round(span.start_s * 1e6), round(span.end_s * 1e6))
                assert part.minus(slowly).total() == 0


@given(CLAIMS)
def test_no_second_of_film_twice(chains: tuple[ChainHistory, ...]) -> None:
    for lesson in credit(chains, LENIENT):
        ends = 0.0
        for span in lesson.spans:
            assert ends <= span.start_s < span.end_s
            ends = span.end_s
        for state, seconds in (
            ("credited", lesson.credited_s),
            ("provisional", lesson.provisional_s),
        ):
            shown = sum(s.end_s - s.start_s for s in lesson.spans if s.state == state)
            assert abs(shown - seconds) < 1e-3
        assert all(span.reason for span in lesson.lost)


@given(CLAIMS, st.data())
def test_the_order_of_chains_does_not_matter(
    chains: tuple[ChainHistory, ...], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(chains))
    assert credit(shuffled, LENIENT) == credit(chains, LENIENT)


@given(CLAIMS)
def test_every_second_is_accounted_for(chains: tuple[ChainHistory, ...]) -> None:
    """What arrived is credited, provisional, or lost with a reason."""
    said = dict.fromkeys(LESSONS, 0.0)
    for chain in chains:
        for fact, _ in chain.entries[: chain.witnesses[-1].seq]:
            if isinstance(fact, Watched):
                said[fact.lesson] += (fact.end_us - fact.start_us) / 1e6
    for lesson in credit(chains, LENIENT):
        told = lesson.credited_s + lesson.provisional_s + lesson.not_counted_s
        # Less only where a provisional stretch was credited in another run.
        assert told <= said[lesson.lesson] + 1e-3
        if all(chain.ended for chain in chains):
            assert abs(told - said[lesson.lesson]) < 1e-3
