"""Records on their way to a record store: at least once, in the end exactly once, never lost."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from sync import records
from sync.contract import RecordAnswer
from sync.facts import SessionStarted
from sync.reference import background, forwarding
from sync.reference.integration_tables import ForwardingRow
from sync.reference.integrations import Integrations, RecordStoreSettings
from sync.reference.platform import Platform
from sync.reference.record_store import RecordStore, as_old, retry_after
from sync.reference.tables import RecordRow
from sync.reference.worker import Worker
from tests.contract.learner import Run, body, good
from tests.contract.local import Clock, Local, local_platform
from tests.record_store import Neighbour, serving

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Joined:
    """A platform that is joined to a store, both real, over HTTP."""

    local: Local
    neighbour: Neighbour
    settings: RecordStoreSettings

    @property
    def platform(self) -> Platform:
        return self.local.platform

    def worker(self, name: str = "w") -> Worker:
        return Worker(
            self.platform, record_store=RecordStore(self.settings), lease=name, chance=lambda: 1.0
        )

    def work(self, worker: Worker | None = None) -> int:
        worker = worker or self.worker()
        steps = 0
        while worker.step():
            steps += 1
            assert steps < 200
        return steps

    def study(self, batches: int = 1, each: int = 3) -> Run:
        run = self.local.sign_in(identified=False)
        for _ in range(batches):
            self.more(run, each)
        return run

    def more(self, run: Run, count: int) -> None:
        first = len(run.records) + 1
        for number in range(count):
            if run.records:
                run.state(run.watched("first", number, number + 0.1))
            else:
                run.state(SessionStarted(client_version="0.1.0", system="a test", camera="none"))
        self.local.clock.advance(2)
        good(run.post("/records", body(run.batch(first))), RecordAnswer)

    def ids(self, run: Run) -> set[str]:
        return {str(records.statement_id(run.chain, each.seq)) for each in run.records}

    def entries(self) -> list[ForwardingRow]:
        with self.platform.store.reading() as db:
            return list(db.scalars(select(ForwardingRow).order_by(ForwardingRow.id)))

    def dead(self) -> list[forwarding.DeadLetter]:
        with self.platform.store.reading() as db:
            return list(forwarding.dead_letters(db))


@contextmanager
def joined(folder: Path, database_url: str | None = None) -> Iterator[Joined]:
    neighbour = Neighbour()
    with serving(neighbour):
        settings = RecordStoreSettings(
            url=f"{neighbour.url}/xAPI/", user="anxue", password="secret", batch=10, timeout_s=5
        )
        integrations = Integrations(record_store=settings)
        with local_platform(
            folder, integrations=integrations, database_url=database_url, clock=Clock()
        ) as local:
            yield Joined(local, neighbour, settings)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    with joined(tmp_path_factory.mktemp("forwarding")) as both:
        yield both


@pytest.fixture
def both(shared: Joined) -> Joined:
    """Nothing waits, and the store is empty and well."""
    with shared.platform.store.writing() as db:
        db.execute(delete(ForwardingRow))
    fresh = Neighbour(url=shared.neighbour.url)
    shared.neighbour.__dict__.update(fresh.__dict__)
    return shared


def test_every_statement_gets_there_as_it_came(both: Joined) -> None:
    run = both.study(batches=3, each=4)
    assert [(row.first_seq, row.last_seq) for row in both.entries()] == [(1, 4), (5, 8), (9, 12)]
    both.work()
    assert both.entries() == []
    assert set(both.neighbour.kept) == both.ids(run)
    sent = b"".join(both.neighbour.got)
    for record in run.records:
        assert as_old(record.body) in sent  # not one other byte is changed
    headers = both.neighbour.headers[0]
    assert headers["x-experience-api-version"] == "1.0.3"
    assert headers["content-type"] == "application/json"


def test_a_store_of_2_0_gets_the_very_bytes(both: Joined) -> None:
    run = both.study()
    settings = replace(both.settings, version="2.0.0")
    both.work(Worker(both.platform, record_store=RecordStore(settings)))
    assert both.neighbour.got == [b"[" + b",".join(r.body for r in run.records) + b"]"]


def test_what_an_old_store_reads_differs_in_its_version_alone(both: Joined) -> None:
    run = both.study()
    for record in run.records:
        new, old = json.loads(record.body), json.loads(as_old(record.body))
        assert (new.pop("version"), old.pop("version")) == ("2.0.0", "1.0.3")
        assert new == old
    assert as_old(b"something else") == b"something else"


def test_a_batch_that_is_refused_is_not_forwarded(both: Joined) -> None:
    run = both.study()
    batch = body(run.batch(1))
    good(run.post("/records", batch), RecordAnswer)  # again: nothing new, nothing to forward
    bent = batch | {"records": [batch["records"][0] | {"seq": 9}]}
    assert run.post("/records", bent).status_code == 409
    assert len(both.entries()) == 1


def test_a_store_that_is_down_gets_all_when_it_is_back(both: Joined) -> None:
    run = both.study(batches=4)
    down = (503, {"retry-after": "120"}, b"")
    both.neighbour.said = [down]
    worker = both.worker()
    assert both.work(worker) == 1  # the others were not tried in vain
    (tried,) = [row for row in both.entries() if row.tries]
    assert tried.not_before == both.platform.clock() + timedelta(seconds=120)
    assert "503" in tried.error
    both.local.clock.advance(119)
    assert both.work(worker) == 0
    both.local.clock.advance(2)
    both.work(worker)
    assert set(both.neighbour.kept) == both.ids(run)
    assert (both.entries(), both.dead()) == ([], [])


@pytest.mark.parametrize(
    "said",
    [
        (200, {"content-type": "text/html"}, b"<html>sign in to the network</html>"),
        (200, {}, b'{"ok":true}'),
        (302, {"location": "http://portal.invalid/"}, b""),
        (401, {}, b"{}"),
        (404, {}, b""),
        (429, {"retry-after": "Tue, 24 Nov 2026 12:00:00 GMT"}, b""),
        (500, {}, b"<traceback>"),
    ],
)
def test_an_answer_that_is_no_store_s_is_no_delivery(
    both: Joined, said: tuple[int, dict[str, str], bytes]
) -> None:
    run = both.study()
    both.neighbour.said = [said]
    both.work()
    assert len(both.entries()) == 1
    both.local.clock.advance(6 * 3600 + 1)
    both.work()
    assert set(both.neighbour.kept) == both.ids(run)


def test_an_answer_that_is_lost_doubles_nothing(both: Joined) -> None:
    run = both.study(each=5)
    both.neighbour.lose = 1
    both.work()
    assert both.neighbour.wrote == 5  # it has them, and we do not know
    assert len(both.entries()) == 1
    both.local.clock.advance(10)
    both.work()
    assert (both.neighbour.wrote, len(both.neighbour.got)) == (5, 2)
    assert set(both.neighbour.kept) == both.ids(run)
    assert both.entries() == []


def test_a_store_that_minds_known_ids_is_brought_what_it_lacks(both: Joined) -> None:
    run = both.study(each=6)
    both.neighbour.conflicts = True
    third = as_old(run.records[2].body)
    both.neighbour.kept[json.loads(third)["id"]] = json.loads(third)
    both.work()
    assert set(both.neighbour.kept) == both.ids(run)
    assert (both.entries(), both.dead()) == ([], [])


def test_one_bad_statement_holds_up_no_other(both: Joined) -> None:
    run = both.study(each=7)
    bad = str(records.statement_id(run.chain, 5))
    both.neighbour.poison = {bad}
    both.work()
    assert set(both.neighbour.kept) == both.ids(run) - {bad}
    (letter,) = both.dead()
    assert (letter.first_seq, letter.last_seq) == (5, 5)
    assert "400" in letter.error
    assert "a statement that I do not like" in letter.error
    both.neighbour.poison = set()
    assert both.work() == 0  # a dead letter waits for a person
    with both.platform.store.writing() as db:
        assert forwarding.retry(db, both.platform.clock(), {letter.id}) == 1
    both.work()
    assert set(both.neighbour.kept) == both.ids(run)
    assert both.entries() == []


def test_a_store_that_takes_nothing_at_all_makes_one_dead_letter_not_hundreds(
    both: Joined,
) -> None:
    run = both.study(each=6)
    both.neighbour.poison = both.ids(run)
    for _ in range(forwarding.MAX_REFUSALS):
        both.work()
        both.local.clock.advance(3600)
    (letter,) = both.dead()
    assert (letter.first_seq, letter.last_seq, letter.tries) == (1, 6, forwarding.MAX_REFUSALS)
    with both.platform.store.writing() as db:
        assert forwarding.drop(db, {letter.id}) == 1
    assert both.entries() == []


def test_what_is_not_taken_for_days_is_given_up_with_words(both: Joined) -> None:
    both.study()
    both.neighbour.said = [(503, {}, b"tired")] * forwarding.MAX_TRIES
    worker, began = both.worker(), both.platform.clock()
    while not both.dead():
        both.work(worker)
        both.local.clock.advance(forwarding.LONGEST_WAIT_S)
    assert both.platform.clock() - began > timedelta(days=2)
    (letter,) = both.dead()
    assert "503: tired" in letter.error
    with both.platform.store.reading() as db:
        (depth,) = forwarding.depth(db, both.platform.clock())
    assert (depth.destination, depth.waiting, depth.dead) == ("xapi", 0, 1)


def test_a_worker_that_dies_leaves_its_entry_to_another(both: Joined) -> None:
    run = both.study()
    with both.platform.store.writing() as db:
        claimed = forwarding.claim(db, "xapi", both.platform.clock(), "dead one")
    assert claimed is not None
    assert both.work() == 0  # it may still be at it
    both.local.clock.advance(forwarding.LEASE.total_seconds())
    both.work()
    assert set(both.neighbour.kept) == both.ids(run)
    with both.platform.store.writing() as db:  # and if it was only slow, it changes nothing
        forwarding.settle(db, claimed, forwarding.Later("late"), both.platform.clock(), 0.0)
    assert both.entries() == []


def test_a_worker_that_was_too_slow_changes_nothing(both: Joined) -> None:
    both.study()
    store, now = both.platform.store, both.platform.clock
    with store.writing() as db:
        slow = forwarding.claim(db, "xapi", now(), "slow")
        assert forwarding.claim(db, "xapi", now(), "other") is None
    both.local.clock.advance(forwarding.LEASE.total_seconds())
    with store.writing() as db:
        other = forwarding.claim(db, "xapi", now(), "other")
    assert slow is not None
    assert other is not None
    with store.writing() as db:
        forwarding.settle(db, slow, forwarding.Delivered(), now(), 0.0)
    assert [row.lease for row in both.entries()] == ["other"]
    with store.writing() as db:
        forwarding.settle(db, other, forwarding.Delivered(), now(), 0.0)
    assert both.entries() == []


def test_a_long_entry_goes_on_where_the_store_stopped(both: Joined) -> None:
    run = both.study(each=25)
    both.neighbour.said = [None, (503, {}, b"")]
    both.work()
    (row,) = both.entries()
    assert (row.first_seq, row.last_seq) == (11, 25)
    both.local.clock.advance(10)
    both.work()
    assert set(both.neighbour.kept) == both.ids(run)
    assert both.neighbour.wrote == 25


def test_a_store_that_is_joined_later_gets_what_was_before(both: Joined) -> None:
    run = both.study(batches=2)
    with both.platform.store.writing() as db:
        db.execute(delete(ForwardingRow))
        forwarding.backfill(db, "xapi", both.platform.clock())
        assert forwarding.backfill(db, "xapi", both.platform.clock()) == 0
    both.work()
    assert both.ids(run) <= set(both.neighbour.kept)


def test_the_server_forwards_beside_serving(both: Joined) -> None:
    run = both.study()
    arrived = threading.Event()
    take = both.neighbour.take

    def taken(headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        answer = take(headers, body)
        arrived.set()
        return answer

    both.neighbour.take = taken  # type: ignore[method-assign]
    with background.forwarding(both.platform):
        assert arrived.wait(10)
    assert set(both.neighbour.kept) == both.ids(run)
    assert both.entries() == []


def test_several_workers_on_postgresql_share_the_work(tmp_path: Path, postgres_url: str) -> None:
    with joined(tmp_path, postgres_url) as both:
        runs = [both.study(batches=6, each=2) for _ in range(2)]
        together = threading.Barrier(4)

        def work(number: int) -> int:
            worker = both.worker(f"w{number}")
            together.wait()
            return both.work(worker)

        with ThreadPoolExecutor(4) as pool:
            steps = list(pool.map(work, range(4)))
        assert both.entries() == []
        assert set(both.neighbour.kept) == both.ids(runs[0]) | both.ids(runs[1])
        assert sum(steps) == len(both.neighbour.got) == 12  # no entry was taken twice
        with both.platform.store.reading() as db:
            assert len(db.scalars(select(RecordRow.seq)).all()) == 24


@given(
    tries=st.integers(1, 10_000),
    asked=st.none() | st.floats(0, 1e12),
    chance=st.floats(0, 1),
)
def test_waits_grow_obey_and_end(tries: int, asked: float | None, chance: float) -> None:
    wait = forwarding.wait_s(tries, asked, chance)
    assert forwarding.FIRST_WAIT_S / 2 <= wait <= forwarding.LONGEST_ASKED_S
    if asked is not None:
        assert wait >= min(asked, forwarding.LONGEST_ASKED_S)
    assert forwarding.wait_s(tries + 1, asked, chance) >= wait


def test_retry_after_in_both_forms() -> None:
    assert retry_after("30", NOW) == 30.0
    assert retry_after("Tue, 24 Nov 2026 12:01:00 GMT", NOW) == 60.0
    assert retry_after("Tue, 24 Nov 2026 11:00:00 GMT", NOW) == 0.0
    for nonsense in (None, "", "soon", "-5", "1e9", "Tue, 99 Foo"):
        assert retry_after(nonsense, NOW) is None


def test_what_waits_is_a_figure(both: Joined) -> None:
    both.study(batches=2)
    text = both.platform.running.metrics.text().decode()
    assert 'anxue_forwarding_waiting{to="xapi"} 2.0' in text
    assert 'anxue_forwarding_dead{to="xapi"} 0.0' in text
