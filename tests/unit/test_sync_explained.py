"""Every second that was watched is told once: what became of it, why, and when it was."""

from collections import defaultdict

from hypothesis import given

from sync.contract import LessonCredit
from sync.credit import credit, explain
from sync.explained import Watching, by_minute, minutes
from sync.facts import Watched
from sync.history import ChainHistory
from sync.intervals import Intervals
from tests.unit.test_sync_credit_properties import CLAIMS, LENIENT, LESSONS

US = 1_000_000
NOON_S = 1_700_049_600  # a whole minute


def watching(start_s: float, end_s: float, at_s: float, **more: object) -> Watching:
    told = Watching("a", round(start_s * US), round(end_s * US), at_s, "credited")
    return Watching(
        told.lesson, told.start_us, told.end_us, told.at_s,
        more.get("state", "credited"),  # type: ignore[arg-type]
        more.get("reason", ""),  # type: ignore[arg-type]
        more.get("pace", 1.0),  # type: ignore[arg-type]
    )  # fmt: skip


def seconds(told: tuple[Watching, ...], state: str) -> float:
    return sum(each.end_us - each.start_us for each in told if each.state == state) / US


@given(CLAIMS)
def test_every_second_that_arrived_is_told_once(chains: tuple[ChainHistory, ...]) -> None:
    said: dict[str, dict[int, int]] = {lesson: defaultdict(int) for lesson in LESSONS}
    for chain in chains:
        for fact, _ in chain.entries[: chain.witnesses[-1].seq]:
            if isinstance(fact, Watched):
                said[fact.lesson][fact.start_us] += 1
                said[fact.lesson][fact.end_us] -= 1
    told = explain(chains, LENIENT)
    for lesson in LESSONS:
        # How often film was watched, as steps up and down: stretches that meet cancel out.
        mine: dict[int, int] = defaultdict(int)
        for each in told:
            if each.lesson == lesson:
                mine[each.start_us] += 1
                mine[each.end_us] -= 1
        assert {us: step for us, step in mine.items() if step} == {
            us: step for us, step in said[lesson].items() if step
        }
    assert all(each.reason for each in told if each.state == "not_counted")


@given(CLAIMS)
def test_it_is_the_count_told_another_way(chains: tuple[ChainHistory, ...]) -> None:
    told = explain(chains, LENIENT)
    for lesson in credit(chains, LENIENT):
        mine = tuple(each for each in told if each.lesson == lesson.lesson)
        assert abs(seconds(mine, "credited") - lesson.credited_s) < 1e-6
        assert abs(seconds(mine, "not_counted") - lesson.not_counted_s) < 1e-6
        assert _film(mine, "credited") == _counted(lesson, "credited")
        waiting = _film(mine, "provisional").minus(_film(mine, "credited"))
        assert waiting == _counted(lesson, "provisional")


@given(CLAIMS)
def test_minutes_lose_nothing_and_hold_no_more_than_a_minute(
    chains: tuple[ChainHistory, ...],
) -> None:
    told = explain(chains, LENIENT)
    cut = by_minute(told)
    whole = sum(each.end_us - each.start_us for each in told)
    assert sum(e.end_us - e.start_us for parts in cut.values() for e in parts) == whole
    for minute in minutes(told):
        # The platform's clock pays, and film runs ahead by `slack_s` at most, once.
        assert minute.credited_s + minute.provisional_s <= 60 + LENIENT.slack_s + 1e-3
        assert minute.from_s < minute.to_s


def test_a_stretch_is_cut_where_minutes_end() -> None:
    first, second, third = minutes([watching(100, 200, NOON_S + 30)])
    assert [each.at_s for each in (first, second, third)] == [NOON_S, NOON_S + 60, NOON_S + 120]
    assert [each.credited_s for each in (first, second, third)] == [30, 60, 10]
    assert (second.from_s, second.to_s) == (130, 190)


def test_a_faster_pace_fills_a_minute_with_more_film() -> None:
    fast = watching(0, 240, NOON_S, state="not_counted", reason="too_fast", pace=2.0)
    one, two = minutes([fast])
    assert (one.not_counted_s, two.not_counted_s) == (120, 120)
    assert one.reasons == (("too_fast", 120.0),)


def _film(told: tuple[Watching, ...], state: str) -> Intervals:
    film = Intervals()
    for each in told:
        if each.state == state:
            film = film.union(Intervals.of(each.start_us, each.end_us))
    return film


def _counted(lesson: LessonCredit, state: str) -> Intervals:
    film = Intervals()
    for span in lesson.spans:
        if span.state == state:
            film = film.union(Intervals.of(round(span.start_s * US), round(span.end_s * US)))
    return film
