"""The export to the supervision platform: what it says, and that it arrives in the end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from sync import seal
from sync.facts import CheckAttempted, SnapshotTaken
from sync.reference import forwarding
from sync.reference.contact import has_contact
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER, DemoLearner
from sync.reference.integration_tables import ForwardingRow, SignOnRow
from sync.reference.integrations import Integrations, SupervisionSettings
from sync.reference.supervision import HttpSink, SupervisionExport
from sync.reference.worker import Worker
from tests.contract.learner import Run
from tests.contract.local import Local, local_platform
from tests.record_store import Supervision, serving


@dataclass
class Joined:
    local: Local
    province: Supervision
    settings: SupervisionSettings

    def worker(self) -> Worker:
        return Worker(self.local.platform, sink=HttpSink(self.settings), chance=lambda: 1.0)

    def work(self, worker: Worker | None = None) -> int:
        """What is due once the pause after study is over."""
        self.local.clock.advance(forwarding.REPORT_DELAY.total_seconds())
        worker, steps = worker or self.worker(), 0
        while worker.step():
            steps += 1
            assert steps < 50
        return steps

    def told(self, lesson: str = "first") -> SupervisionExport:
        """The newest about a lesson, its signature checked with the platform's certificate."""
        (text,) = (
            self.province.texts[name]
            for name, each in self.province.kept.items()
            if each["content"]["lesson"] == lesson
        )
        certificate = self.local.platform.keys.certificate
        return seal.read(text.decode(), "export", certificate, SupervisionExport)

    def waiting(self) -> int:
        with self.local.platform.store.reading() as db:
            return sum(each.waiting for each in forwarding.depth(db, self.local.clock()))

    def dead(self) -> list[forwarding.DeadLetter]:
        with self.local.platform.store.reading() as db:
            return list(forwarding.dead_letters(db, "supervision"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    province = Supervision()
    with serving(province):
        settings = SupervisionSettings(
            url=f"{province.url}/exports", platform_id="anxue-test", token="t-1", timeout_s=5
        )
        integrations = Integrations(supervision=settings)
        folder = tmp_path_factory.mktemp("supervision")
        with local_platform(folder, integrations=integrations) as local:
            yield Joined(local, province, settings)


@pytest.fixture
def joined(shared: Joined) -> Joined:
    with shared.local.platform.store.writing() as db:
        db.execute(delete(ForwardingRow))
    fresh = Supervision(url=shared.province.url)
    shared.province.__dict__.update(fresh.__dict__)
    return shared


def study(local: Local, *, lesson: str = "first", learner: DemoLearner = DEMO_LEARNER) -> Run:
    """Half a minute of film with a passed check and a picture; and the run's end."""
    run = local.sign_in(learner)
    check = f"{run.chain}.1"
    run.begin(lesson)
    run.plan(check, lesson, 30.0)
    run.send(run.batch())
    local.watch(run, lesson, 0.0, 30.0)
    run.ask(check, lesson, 30.0)
    run.state(
        CheckAttempted(
            check=check, lesson=lesson, attempt=1, passed=False, reason="identity",
            similarity=0.1, seconds=4.0, actions=("blink", "open_mouth"),
        )
    )  # fmt: skip
    run.state(
        CheckAttempted(
            check=check, lesson=lesson, attempt=2, passed=True, reason="",
            similarity=0.8, seconds=4.0, actions=("blink", "open_mouth"),
        )
    )  # fmt: skip
    run.state(
        SnapshotTaken(lesson=lesson, why="check", sha256="ab" * 32, size_bytes=9, of_check=check)
    )
    run.end(lesson, 30.0)
    run.send(run.batch(5, close=True))
    return run


def test_all_that_the_regulation_asks_is_told(joined: Joined) -> None:
    run = study(joined.local)
    with joined.local.platform.store.writing() as db:
        now = joined.local.clock()
        db.merge(SignOnRow(issuer="https://sso.invalid", subject="44-7", learner="demo", since=now))
    assert joined.work() == 1  # both batches are one report
    told = joined.told()
    assert told.platform == "anxue-test"
    assert told.learner.account == "demo"
    assert told.learner.subjects == {"https://sso.invalid": "44-7"}
    assert told.learner.institution_name == "安学演示培训机构"
    assert told.learner.employer == "有限空间作业初训 1 班"
    assert (told.content.course, told.content.lesson) == ("test-course", "first")
    assert told.content.duration_s == 600.0
    counted = run.get("/learners/me/credit/first").json()
    assert told.credited_s == counted["credited_s"] > 0
    assert (told.provisional_s, told.completed) == (0.0, False)
    (one,) = told.runs
    assert (one.chain, one.seq, one.head) == (
        run.chain,
        len(run.records),
        run.records[-1].head.hex(),
    )
    assert (one.ended_by, one.addresses) == ("learner", ("testclient",))
    (check,) = told.checks
    assert (check.check, check.attempts, check.passed) == (f"{run.chain}.1", 2, True)
    assert told.pictures == ("ab" * 32,)
    assert told.started_at < told.ended_at <= told.made_at
    header = joined.province.headers[0]
    assert header["authorization"] == "Bearer t-1"
    assert header["idempotency-key"] == f"{told.id}.{told.revision}"


def test_there_is_no_contact_data_in_it_and_no_name(joined: Joined) -> None:
    study(joined.local)
    joined.work()
    text = joined.told().model_dump_json()
    assert not has_contact(text.replace(joined.told().learner.institution_name, ""))
    assert "林桂芳" not in text


def test_later_study_and_tests_and_verdicts_replace_what_was_told(joined: Joined) -> None:
    run = study(joined.local, learner=SECOND_LEARNER)
    joined.work()
    first = joined.told()
    later = joined.local.sign_in(SECOND_LEARNER)
    paper = later.post("/papers", {"lesson": "first"}).json()
    later.post(f"/papers/{paper['id']}/answers", {"answers": {}})
    staff = {"Authorization": f"Bearer {joined.local.platform.keys.institution_token}"}
    path = f"/institution/checks/{run.chain}.1/verdict"
    assert joined.local.http.put(path, json={"counts": False}, headers=staff).status_code == 204
    joined.work()
    second = joined.told()
    assert (second.id, second.revision > first.revision) == (first.id, True)
    assert [test.passed for test in second.tests][-1:] == [False]
    assert second.credited_s < first.credited_s


@pytest.mark.parametrize(
    "said",
    [
        (503, {"retry-after": "60"}, b""),
        (200, {}, b"<html>welcome to the network</html>"),
        (200, {}, b'{"id":"somebody else","revision":1}'),
        (202, {}, b"[]"),
        (302, {"location": "http://portal.invalid"}, b""),
        (401, {}, b""),
    ],
)
def test_a_province_that_fails_or_talks_nonsense_gets_it_later(
    joined: Joined, said: tuple[int, dict[str, str], bytes]
) -> None:
    study(joined.local)
    joined.province.said = [said]
    joined.work()
    assert joined.province.kept == {}
    assert joined.waiting() >= 1
    joined.local.clock.advance(60)
    joined.work()
    assert joined.told().credited_s > 0
    assert (joined.waiting(), joined.dead()) == (0, [])


def test_a_lost_answer_tells_the_same_again(joined: Joined) -> None:
    study(joined.local)
    joined.province.lose = 1
    joined.work()
    assert joined.waiting() >= 1
    joined.work()
    assert len(joined.province.kept) == 1
    assert joined.waiting() == 0


def test_what_the_province_refuses_becomes_a_dead_letter_with_its_words(joined: Joined) -> None:
    study(joined.local)
    refusal: tuple[int, dict[str, str], bytes] = (422, {}, '{"error":"工种代码不存在"}'.encode())
    joined.province.said = [refusal] * 50
    for _ in range(forwarding.MAX_REFUSALS):
        joined.work()
        joined.local.clock.advance(3600)
    assert joined.waiting() == 0
    letters = joined.dead()
    assert letters
    assert all("422" in each.error and "工种代码不存在" in each.error for each in letters)
    joined.province.said = []
    assert joined.work() == 0
    with joined.local.platform.store.writing() as db:
        assert forwarding.retry(db, joined.local.clock()) == len(letters)
    joined.work()
    assert joined.told().credited_s > 0
    assert joined.dead() == []


def test_a_province_with_its_own_interface_is_an_adapter(joined: Joined) -> None:
    """A `SupervisionSink` of somebody else's: it gets the export and its signed text."""
    got: list[tuple[str, str]] = []

    class Sink:
        def deliver(
            self, export: SupervisionExport, signed: str, _now: object
        ) -> forwarding.Outcome:
            certificate = joined.local.platform.keys.certificate
            assert seal.read(signed, "export", certificate, SupervisionExport) == export
            got.append((export.learner.account, export.content.lesson))
            return forwarding.Delivered()

    study(joined.local, lesson="second")
    joined.work(Worker(joined.local.platform, sink=Sink()))
    assert ("demo", "second") in got
    assert {learner for learner, _ in got} == {"demo"}
    assert joined.waiting() == 0


def test_without_a_neighbour_nothing_waits(tmp_path: Path) -> None:
    with local_platform(tmp_path) as local:
        study(local)
        with local.platform.store.reading() as db:
            assert forwarding.depth(db, local.clock()) == ()
        assert Worker(replace(local.platform)).step() is False
