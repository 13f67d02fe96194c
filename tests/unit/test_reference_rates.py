"""Who asks too often is told to wait, and nobody else is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract import Problem
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER, DemoLearner
from sync.reference.problems import Refusal
from sync.reference.rates import (
    GUESSES_OF_ALL,
    OFF,
    Counters,
    RatePresets,
    Rates,
    name_mac,
    note_guess,
)
from sync.reference.running import derived
from tests.contract.learner import problem, run_key, sign_in_message
from tests.contract.local import Local, local_platform


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    folder = tmp_path_factory.mktemp("platform")
    with local_platform(folder, rates=RatePresets(learner="1000/minute")) as local:
        yield local


def rates(now: list[float], **presets: str | None) -> Rates:
    return Rates(replace(OFF, **presets), Counters(lambda: now[0]))  # type: ignore[arg-type]


def refused(rates: Rates, what: str, whose: str) -> int:
    """The seconds to wait; 0 if it may ask."""
    try:
        rates.take(what, whose)
    except Refusal as refusal:
        return int(refusal.headers["Retry-After"])
    return 0


def test_each_has_a_count_of_its_own_and_a_window_ends() -> None:
    now = [100.0]
    limited = rates(now, learner="2/minute")
    assert [refused(limited, "learner", "a") for _ in range(3)] == [0, 0, 60]
    assert refused(limited, "learner", "b") == 0
    now[0] += 59.5
    assert refused(limited, "learner", "a") == 1
    now[0] += 0.5
    assert refused(limited, "learner", "a") == 0
    assert [refused(limited, "name", "a") for _ in range(50)] == [0] * 50


@given(st.lists(st.floats(0, 120), max_size=60))
def test_never_more_than_the_limit_in_a_window_that_began(steps: list[float]) -> None:
    now = [0.0]
    limited = rates(now, learner="5/minute")
    passed: list[float] = []
    for step in steps:
        now[0] += step
        if wait := refused(limited, "learner", "a"):
            assert 1 <= wait <= 60
        else:
            passed.append(now[0])
    # Fixed windows: twice the limit at most in any minute, where two windows meet.
    assert all(sum(start <= at < start + 60 for at in passed) <= 10 for start in passed)


def test_counters_forget() -> None:
    now = [0.0]
    counters = Counters(lambda: now[0])
    for number in range(5000):
        counters.incr(f"of {number}", 60)
    now[0] = 61.0
    for number in range(5000):
        counters.incr(f"again {number}", 60)
    assert counters.reset() == 5000


def test_a_learner_is_told_when_to_come_back(local: Local) -> None:
    run = local.sign_in()
    limiter = local.platform.running.rates
    item = limiter._items["learner"]
    limiter._items["learner"] = Rates(RatePresets(learner="2/minute"))._items["learner"]
    try:
        answers = [run.get("/policy") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        told = Problem.model_validate_json(answers[2].content)
        assert told.code == "too_many"
        assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
        assert local.http.get("/policy").status_code == 200, "others are not held up"
        assert run.get("/health").status_code == 200, "nor is health"
    finally:
        limiter._items["learner"] = item


def knock(local: Local, learner: DemoLearner, password: str) -> httpx.Response:
    message = sign_in_message(learner.login, password, run_key())
    answer: httpx.Response = local.http.post("/sessions", json=message.model_dump(mode="json"))
    return answer


def test_wrong_passwords_make_the_next_try_wait(local: Local) -> None:
    for _ in range(5):
        problem(knock(local, DEMO_LEARNER, "wrong"), 401, "wrong_password")
    waits = []
    for _ in range(8):
        answer = knock(local, DEMO_LEARNER, "wrong")
        problem(answer, 429, "too_many")
        waits.append(int(answer.headers["Retry-After"]))
        local.clock.advance(waits[-1])
        problem(knock(local, DEMO_LEARNER, "wrong"), 401, "wrong_password")
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert knock(local, SECOND_LEARNER, SECOND_LEARNER.password).status_code == 200, "others may"
    problem(knock(local, DEMO_LEARNER, DEMO_LEARNER.password), 429, "too_many")
    local.clock.advance(60)
    assert knock(local, DEMO_LEARNER, DEMO_LEARNER.password).status_code == 200
    problem(knock(local, DEMO_LEARNER, "wrong"), 401, "wrong_password")


def test_a_name_that_does_not_exist_waits_alike(local: Local) -> None:
    nobody = replace(DEMO_LEARNER, login="nobody-of-that-name")
    answers = [knock(local, nobody, "wrong").status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2


def test_one_name_from_one_address_is_slowed_in_each_process() -> None:
    limited = Rates(RatePresets(), Counters(lambda: 0.0))
    assert [refused(limited, "name", "mac") > 0 for _ in range(31)] == [False] * 30 + [True]


def elsewhere(local: Local, address: str) -> Local:
    """The same platform, seen from another address."""
    http = type(local.http)(
        local.http.app,
        base_url=str(local.http.base_url),
        raise_server_exceptions=False,
        client=(address, 1),
    )
    return replace(local, http=http)


def test_who_knows_a_name_keeps_nobody_out(local: Local) -> None:
    home, hotel, attacker = (elsewhere(local, f"10.1.0.{number}") for number in (1, 2, 3))
    assert knock(home, SECOND_LEARNER, SECOND_LEARNER.password).status_code == 200
    for _ in range(40):  # more than may be tried under a name in a minute
        knock(attacker, SECOND_LEARNER, "wrong")
    assert knock(attacker, SECOND_LEARNER, "wrong").status_code == 429
    assert knock(home, SECOND_LEARNER, SECOND_LEARNER.password).status_code == 200
    key = derived(local.platform.keys.vault.key, "guesses")
    mac = name_mac(key, SECOND_LEARNER.login)
    with local.platform.store.writing() as db:
        for number in range(GUESSES_OF_ALL):
            note_guess(db, mac, f"10.2.0.{number}", local.clock.now)
    problem(knock(hotel, SECOND_LEARNER, SECOND_LEARNER.password), 429, "too_many")
    assert knock(home, SECOND_LEARNER, SECOND_LEARNER.password).status_code == 200
    local.clock.advance(3601)


def test_a_clock_that_was_wrong_makes_nobody_wait_for_that_day(local: Local) -> None:
    before = local.clock.now
    here = elsewhere(local, "10.3.0.1")
    local.clock.advance(86_400)
    for _ in range(7):
        knock(here, DEMO_LEARNER, "wrong")
    assert knock(here, DEMO_LEARNER, "wrong").status_code == 429
    local.clock.now = before
    assert knock(here, DEMO_LEARNER, DEMO_LEARNER.password).status_code == 200


def test_made_up_tokens_are_no_way_around(tmp_path: Path) -> None:
    presets = replace(OFF, learner="1000/minute", address="5/minute")
    with local_platform(tmp_path, rates=presets) as local:
        run = local.sign_in(identified=False)
        assert run.get("/learners/me/hours").status_code == 200, "of this token one is counted"
        told = [
            local.http.get("/policy", headers={"Authorization": f"Bearer made-up-{number}"})
            for number in range(5)
        ]
        assert [answer.status_code for answer in told] == [200] * 4 + [429]
        assert run.get("/learners/me/hours").status_code == 200, "who is known goes on"


def test_counters_that_are_away_stop_nobody() -> None:
    class Away(Counters):
        @property
        def base_exceptions(self) -> type[Exception]:
            return ConnectionError

        def incr(self, key: str, expiry: float, amount: int = 1) -> int:
            raise ConnectionError("no route to the counters")

    limited = Rates(replace(OFF, learner="1/minute"), Away())
    assert [refused(limited, "learner", "a") for _ in range(3)] == [0, 0, 0]


def test_a_room_signs_in_at_once() -> None:
    """200 PCs behind one address, five tries each, within one window."""
    limited = Rates(RatePresets(), Counters(lambda: 0.0))
    assert not any(refused(limited, "sign_in", "10.0.0.1") for _ in range(1000))


def test_guesses_are_forgotten_after_an_hour(local: Local) -> None:
    before = local.clock.now
    for _ in range(5):
        knock(local, SECOND_LEARNER, "wrong")
    problem(knock(local, SECOND_LEARNER, "wrong"), 429, "too_many")
    local.clock.now = before + timedelta(hours=1, seconds=1)
    problem(knock(local, SECOND_LEARNER, "wrong"), 401, "wrong_password")
