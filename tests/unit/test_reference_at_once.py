"""Two gateways over one PostgreSQL that do the same at the same moment."""

import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from sync.contract import AppealReceipt, IdentityAnswer, Paper
from sync.reference import accounts, evidence, readiness
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER
from sync.reference.integrations import SignOnSettings
from sync.reference.platform import policy_in_force, timestamp
from sync.reference.routes import identity, papers, sessions
from sync.reference.seed import seed_demo
from sync.reference.signon import Identity, learner_of
from sync.reference.store import Store
from sync.reference.tables import ChainRow, EvidenceRow, LearnerRow, LessonRow, PaperRow, PolicyRow
from tests.contract.learner import Run, face, good, run_key, sign_in_message
from tests.contract.local import Local, local_platform
from tests.postgres import Postgres

LEARNER = select(LearnerRow).where(LearnerRow.login == DEMO_LEARNER.login)


@dataclass(frozen=True)
class Two:
    one: Local
    two: Local


@pytest.fixture(scope="module")
def gateways(tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres) -> Iterator[Two]:
    folder, url = tmp_path_factory.mktemp("gateways"), postgres_server.database()
    with ExitStack() as stack:
        one, two = (stack.enter_context(local_platform(folder, database_url=url)) for _ in range(2))
        yield Two(one, two)


@contextmanager
def meanwhile(act: Callable[[], object], during: Local) -> Iterator[Session]:
    """A transaction of one gateway; before it ends, the other gateway acts, or waits for it."""
    thread = threading.Thread(target=act)
    with during.platform.store.writing() as db:
        yield db
        db.flush()
        thread.start()
        thread.join(0.8)  # whoever does not wait for the lock is through by now
    thread.join()


def test_of_two_sign_ins_at_once_one_run_is_live(gateways: Two) -> None:
    key = run_key()  # made before: it takes longer than signing in
    message = sign_in_message(DEMO_LEARNER.login, DEMO_LEARNER.password, key)

    def knock() -> None:
        gateways.two.http.post("/sessions", json=message.model_dump(mode="json"))

    with meanwhile(knock, gateways.one) as db:
        learner = db.scalars(LEARNER).one()
        sessions._open(db, gateways.one.platform, learner, key.public_key())
    with gateways.one.platform.store.reading() as db:
        runs = db.scalars(
            select(ChainRow).where(ChainRow.learner == learner.id).order_by(ChainRow.opened_at)
        ).all()
    assert [run.superseded_at is None for run in runs][-2:] == [False, True]


def test_appeals_at_once_have_numbers_of_their_own(gateways: Two) -> None:
    runs = [gateways.one.sign_in(), gateways.two.sign_in(SECOND_LEARNER)]
    texts = [f"请核对第 {number} 段" for number in range(4)] * 2  # each is sent twice
    barrier, told = threading.Barrier(len(texts) * len(runs)), list[tuple[str, str]]()

    def file(run: Run, text: str) -> None:
        barrier.wait()
        answer = run.post("/appeals", {"chain": run.chain, "text": text})
        told.append((run.chain + text, good(answer, AppealReceipt).number))

    threads = [threading.Thread(target=file, args=(run, text)) for run in runs for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 16
    assert len(set(told)) == len({number for _, number in told}) == 8


def test_two_papers_are_not_drawn_at_once(gateways: Two) -> None:
    run = gateways.two.sign_in()

    def draw() -> None:
        good(run.post("/papers", {"lesson": "first"}), Paper)

    with meanwhile(draw, gateways.one) as db:
        learner = db.scalars(LEARNER).one().id
        accounts.in_turn(db, learner)
        lesson, (_, policy) = db.get_one(LessonRow, "first"), policy_in_force(db)
        account = accounts.Account(learner, "", run.chain)
        db.add(papers._draw(lesson, account, policy, gateways.one.clock()))
    with gateways.one.platform.store.reading() as db:
        assert len(db.scalars(select(PaperRow)).all()) == 1


def test_a_first_sign_on_twice_at_once_is_one_learner(gateways: Two) -> None:
    settings = SignOnSettings(issuer="https://sso.example.cn", client_id="anxue")
    told = Identity(settings.issuer, "s-1", {"preferred_username": DEMO_LEARNER.login})
    linked: list[str] = []

    def again() -> None:
        with gateways.two.platform.store.writing() as db:
            linked.append(learner_of(db, settings, told, gateways.two.clock()).id)

    with meanwhile(again, gateways.one) as db:
        linked.append(learner_of(db, settings, told, gateways.one.clock()).id)
    assert len(linked) == 2
    assert len(set(linked)) == 1


def test_a_gateway_whose_clock_is_wrong_deletes_no_picture(gateways: Two) -> None:
    clock = gateways.one.clock
    run = gateways.two.sign_in()
    with gateways.two.platform.store.writing() as db:
        db.add(
            EvidenceRow(
                learner=db.scalars(LEARNER).one().id,
                sha256="ab" * 32,
                chain=run.chain,
                lesson="first",
                why="check",
                check="",
                size_bytes=1,
                taken_at=timestamp(clock.now),
                kept_until=clock.now + timedelta(days=400),
            )
        )
    right = clock.now
    try:
        clock.now += timedelta(days=500)
        evidence.sweep_rows(gateways.one.platform)  # what every start does
        with gateways.one.platform.store.writing() as db:
            assert len(db.scalars(select(EvidenceRow)).all()) == 1
            db.execute(update(EvidenceRow).values(kept_until=right - timedelta(days=1)))
    finally:
        clock.now = right
    evidence.sweep_rows(gateways.one.platform)
    with gateways.one.platform.store.reading() as db:
        assert not db.scalars(select(EvidenceRow)).all()


def test_a_server_that_only_follows_makes_nobody_ready(gateways: Two) -> None:
    platform = gateways.one.platform
    name = platform.store.engine.url.database
    only_reads = f'ALTER DATABASE "{name}" SET default_transaction_read_only'
    assert readiness.faults(platform) == ()
    try:
        with platform.store.writing() as db:
            db.execute(text(f"{only_reads} = on"))
        platform.store.engine.dispose()  # what connects from now on
        assert readiness.faults(platform) == ("the database takes no writes",)
    finally:
        with gateways.two.platform.store.writing() as db:
            db.execute(text("SET TRANSACTION READ WRITE"))
            db.execute(text(f"{only_reads} = off"))
        platform.store.engine.dispose()


@pytest.mark.parametrize(("told", "prepared"), [("none", 0), ("0", 1)])
def test_whether_statements_are_prepared_is_said_in_the_url(
    gateways: Two, told: str, prepared: int
) -> None:
    """For PgBouncer in transaction mode."""
    url = gateways.one.platform.store.engine.url.update_query_dict({"prepare_threshold": told})
    store = Store(url.render_as_string(hide_password=False))
    try:
        with store.writing() as db:
            for _ in range(8):
                db.connection().exec_driver_sql("SELECT %s::int", (1,))
            names = db.scalars(
                text("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%::int'")
            ).all()
        assert len(names) == prepared
    finally:
        store.close()


def test_demos_that_start_together_have_the_same_people(
    gateways: Two, postgres_server: Postgres
) -> None:
    data, url = gateways.one.platform.settings.data, postgres_server.database()
    Store(url).close()
    barrier = threading.Barrier(3)

    def seed() -> None:
        barrier.wait()
        seed_demo(data, database_url=url)

    with ThreadPoolExecutor(3) as threads:
        for started in [threads.submit(seed) for _ in range(3)]:
            started.result()
    store = Store(url)
    with store.reading() as db:
        assert len(db.scalars(select(PolicyRow)).all()) == 1
    store.close()


def test_a_learner_enrols_no_face_over_the_institution_s(gateways: Two) -> None:
    run = gateways.two.sign_in(SECOND_LEARNER, identified=False)
    mine = select(LearnerRow).where(LearnerRow.login == SECOND_LEARNER.login)
    with gateways.one.platform.store.writing() as db:
        db.scalars(mine).one().template = None
    told: list[str] = []

    def enrol() -> None:
        question = {"chain": run.chain, "embedding": face(1.5), "enrol": True}
        told.append(good(run.post("/identity", question), IdentityAnswer).answer)

    with meanwhile(enrol, gateways.one) as db:
        learner = db.scalars(mine).one()
        photo = struct.pack("<128f", *identity.parse_face(face()))
        learner.template = gateways.one.platform.keys.vault.seal(photo, f"face/{learner.id}")
    assert told == ["different"]
