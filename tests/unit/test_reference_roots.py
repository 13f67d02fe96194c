"""The days' roots: made late, once, by whoever comes; and a bundle is held against them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from sync import seal
from sync.merkle import Leaf, Tree, leaf_hash, root_of_path
from sync.operations import ChainProofs, Inclusion, PublishedRoots, Root, RootList, SignedRoot
from sync.published import Receipted, examine, read_roots
from sync.reference import audit, bundles, roots
from sync.reference.demo import SECOND_LEARNER
from sync.reference.operations_tables import AuditHeadRow, AuditRow, RootLeafRow, RootRow
from sync.reference.tables import BatchRow, ChainRow
from sync.verify import verify
from tests.contract.learner import Run, good, problem
from tests.contract.local import Clock, Local, local_platform
from tests.sync_rig import FakePlatform

EVENING = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 20:00 where the learners are
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """A platform after two days of study. first, second: their runs; studied: their bundles."""

    local: Local
    first: Run
    second: Run
    studied: dict[str, bytes]

    @property
    def pem(self) -> str:
        return self.local.platform.keys.pem

    def published(self) -> PublishedRoots:
        """What anybody can get."""
        told = good(self.local.http.get("/roots"), RootList)
        proofs = tuple(
            good(self.local.http.get(f"/chains/{run.chain}/proofs"), ChainProofs)
            for run in (self.first, self.second)
        )
        return PublishedRoots(roots=told.roots, proofs=proofs)

    def codes(self, bundle: bytes, told: PublishedRoots) -> set[str]:
        findings = verify(bundle, self.pem, seal.canonical(told))
        return {found.code for found in findings.faults}


def study(local: Local, run: Run, more: int = 1) -> None:
    run.begin("first")
    for _ in range(more):
        local.watch(run, "first", 0.0, 10.0)
    run.send(run.batch())


def bundle_of(local: Local, chain: str) -> bytes:
    with local.platform.store.reading() as db:
        return bundles.of_chain(db, local.platform, db.get_one(ChainRow, chain))


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    clock = Clock(EVENING)
    with local_platform(tmp_path_factory.mktemp("platform"), clock=clock) as local:
        first = local.sign_in()
        study(local, first)
        clock.now += DAY
        second = local.sign_in()
        study(local, second, 2)
        study(local, local.sign_in(SECOND_LEARNER))
        studied = {run.chain: bundle_of(local, run.chain) for run in (first, second)}
        clock.now += DAY
        yield Week(local, first, second, studied)


def test_each_day_has_a_signed_root_that_names_the_one_before(week: Week) -> None:
    told = good(week.local.http.get("/roots"), RootList)
    by_day = read_roots(told.roots, week.local.platform.keys.certificate)
    assert list(by_day) == ["2026-11-24", "2026-11-25"]
    first, second = by_day.values()
    assert first.until == second.since == "2026-11-24T16:00:00.000Z"
    assert (first.previous, second.previous) == ("0" * 64, seal.text_sha256(told.roots[0]))
    assert first.size == 2, "one chain, and the log of what was done at the console"
    one = good(week.local.http.get("/roots/2026-11-25"), SignedRoot)
    assert one.root == told.roots[1]
    page = good(week.local.http.get("/roots?limit=1"), RootList)
    rest = good(week.local.http.get(f"/roots?after={page.next}"), RootList)
    assert page.roots + rest.roots == told.roots
    problem(week.local.http.get("/roots/2026-11-26"), 404, "not_found")
    problem(week.local.http.get("/chains/c0/proofs"), 404, "not_found")


def test_a_bundle_stands_under_the_roots(week: Week) -> None:
    for chain, bundle in week.studied.items():
        findings = verify(bundle, week.pem, seal.canonical(week.published()))
        assert findings.ok, findings.explain("en")
        assert "not_yet" not in {found.code for found in findings.findings}, chain


def test_records_of_today_are_not_missed_yet(week: Week) -> None:
    told = week.published()
    run = week.local.sign_in()
    study(week.local, run)
    findings = verify(bundle_of(week.local, run.chain), week.pem, seal.canonical(told))
    assert findings.ok
    assert "not_yet" in {found.code for found in findings.findings}


def test_a_history_that_was_written_anew_is_found(week: Week) -> None:
    """Somebody with the platform's own key makes new roots; but others have the old ones."""
    told = week.published()
    other = PublishedRoots(
        roots=told.roots,
        proofs=tuple(
            each.model_copy(
                update={
                    "proofs": tuple(p.model_copy(update={"head": "ab" * 32}) for p in each.proofs)
                }
            )
            for each in told.proofs
        ),
    )
    assert "proof" in week.codes(week.studied[week.first.chain], other)


def test_a_run_whose_end_was_cut_off_is_found(week: Week) -> None:
    run = next(each for each in week.published().proofs if each.chain == week.second.chain)
    doubts = examine(
        seal.canonical(week.published()),
        week.local.platform.keys.certificate,
        [Receipted(run.chain, {1: bytes(32)}, [(1, EVENING + DAY)])],
    )
    assert [doubt.code for doubt in doubts] == ["cut"]


def drop_proofs(told: PublishedRoots) -> PublishedRoots:
    return told.model_copy(update={"proofs": ()})


def drop_first(told: PublishedRoots) -> PublishedRoots:
    return told.model_copy(update={"roots": told.roots[1:]})


def drop_all(told: PublishedRoots) -> PublishedRoots:
    return told.model_copy(update={"roots": ()})


def swap(told: PublishedRoots) -> PublishedRoots:
    return told.model_copy(update={"roots": told.roots[::-1]})


def twice(told: PublishedRoots) -> PublishedRoots:
    return told.model_copy(update={"roots": (told.roots[0], *told.roots)})


def bent(told: PublishedRoots) -> PublishedRoots:
    head, body, signature = told.roots[-1].split(".")
    return told.model_copy(update={"roots": (*told.roots[:-1], f"{head}.{body}.{signature[::-1]}")})


def moved(told: PublishedRoots) -> PublishedRoots:
    """The proof of one day is shown for another."""
    return change_proof(told, day="2026-11-24")


def elsewhere(told: PublishedRoots) -> PublishedRoots:
    return change_proof(told, place=0)


def short(told: PublishedRoots) -> PublishedRoots:
    return change_proof(told, path=())


def change_proof(told: PublishedRoots, **members: Any) -> PublishedRoots:
    last = told.proofs[-1]
    changed = last.proofs[-1].model_copy(update=members)
    return told.model_copy(
        update={"proofs": (*told.proofs[:-1], last.model_copy(update={"proofs": (changed,)}))}
    )


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        *((drop_proofs, "unrooted"), (drop_first, "roots"), (drop_all, "roots"), (swap, "roots")),
        *((twice, "roots"), (bent, "roots"), (moved, "proof"), (short, "proof")),
    ],
)
def test_what_was_bent_is_found(
    week: Week, bend: Callable[[PublishedRoots], PublishedRoots], code: str
) -> None:
    assert code in week.codes(week.studied[week.second.chain], bend(week.published()))


@pytest.mark.parametrize("data", [b"", b"[]", b'{"roots":[],"proofs":[]}', b"\xff", b'{"roots":1}'])
def test_what_is_no_file_of_roots(week: Week, data: bytes) -> None:
    findings = verify(week.studied[week.first.chain], week.pem, data)
    assert {found.code for found in findings.faults} == {"roots"}
    assert "roots" in findings.explain("en")


def test_another_platform_s_roots_are_nothing(week: Week) -> None:
    other = FakePlatform()
    root = Root(
        number=1, day="2026-11-24", since="2026-11-23T16:00:00.000Z",
        until="2026-11-24T16:00:00.000Z", size=1, root="ab" * 32, previous="0" * 64,
        made_at="2026-11-24T17:00:00.000Z",
    )  # fmt: skip
    told = PublishedRoots(roots=(seal.sign(root, "root", other.signer),), proofs=())
    assert week.codes(week.studied[week.first.chain], told) == {"roots"}


def test_the_audit_log_is_held_against_the_roots(week: Week) -> None:
    """Also whoever has the key cannot write the log of a rooted day anew."""
    platform = week.local.platform
    week.published()
    with platform.store.writing() as db:
        rows = db.scalars(select(AuditRow).where(AuditRow.log == "")).all()
        kept = [(row.at, row.action, row.subject) for row in rows]
        db.execute(delete(AuditRow).where(AuditRow.log == ""))
        db.execute(delete(AuditHeadRow).where(AuditHeadRow.log == ""))
        for at, action, _ in kept:
            told = audit.Action(log="", role="console", who="", action=action, subject="another")
            audit.write(db, platform.keys.vault, told, at)
        doubts = audit.check(db, platform.keys.vault).doubts
        assert {doubt.code for doubt in doubts} == {"root"}
        db.rollback()


def test_an_old_root_in_the_database_cannot_be_made_anew(week: Week) -> None:
    """roots that do not follow one another are refused by whoever reads them."""
    told = week.published()
    signer = week.local.platform.keys.signer
    first = read_roots(told.roots, signer.certificate)["2026-11-24"]
    anew = seal.sign(first.model_copy(update={"root": "cd" * 32}), "root", signer)
    with pytest.raises(ValueError, match="does not follow"):
        read_roots((anew, *told.roots[1:]), signer.certificate)


def grown(local: Local, clock: Clock, days: int) -> list[str]:
    """So many days, with a gap of one after each; the chains in their order."""
    chains = []
    for _ in range(days):
        run = local.sign_in()
        study(local, run)
        chains.append(run.chain)
        clock.now += 2 * DAY
    return chains


def test_late_days_with_gaps_are_all_made_and_once(tmp_path: Path) -> None:
    clock = Clock(EVENING)
    with local_platform(tmp_path, clock=clock) as local:
        assert roots.make_due(local.platform) == 0
        chains = grown(local, clock, 3)
        later, clock.now = clock.now, datetime(2026, 11, 24, 16, 14, 59, tzinfo=UTC)
        assert roots.make_due(local.platform) == 0, "the first day may still have transactions"
        clock.now += timedelta(seconds=1)
        assert roots.make_due(local.platform) == 1
        clock.now = later
        assert roots.make_due(local.platform) == 2
        assert roots.make_due(local.platform) == 0
        with local.platform.store.reading() as db:
            rows = db.scalars(select(RootRow).order_by(RootRow.number)).all()
            leaves = db.scalars(select(RootLeafRow).where(RootLeafRow.kind == "chain")).all()
        assert [row.day for row in rows] == ["2026-11-24", "2026-11-26", "2026-11-28"]
        assert sorted(leaf.name for leaf in leaves) == sorted(chains)
        told = tuple(row.text for row in rows)
        for root, number in zip(
            read_roots(told, local.platform.keys.certificate).values(), (1, 2, 3), strict=True
        ):
            with local.platform.store.reading() as db:
                data = [
                    leaf_hash(Leaf(leaf.kind, leaf.name, leaf.seq, leaf.head).data())
                    for leaf in db.scalars(
                        select(RootLeafRow)
                        .where(RootLeafRow.root == number)
                        .order_by(RootLeafRow.place)
                    )
                ]
            assert Tree(data).root.hex() == root.root


def test_what_came_too_late_for_its_day_is_under_the_next_root(tmp_path: Path) -> None:
    clock = Clock(EVENING)
    with local_platform(tmp_path, clock=clock) as local:
        late = local.sign_in()
        study(local, late)
        with local.platform.store.writing() as db:
            hidden = db.scalars(select(BatchRow).where(BatchRow.chain == late.chain)).one()
            arrived, hidden.arrived_at = hidden.arrived_at, EVENING + 30 * DAY
        grown(local, clock, 1)
        assert roots.make_due(local.platform) == 1
        with local.platform.store.writing() as db:
            row = db.scalars(select(BatchRow).where(BatchRow.chain == late.chain)).one()
            row.arrived_at = arrived
        grown(local, clock, 1)
        assert roots.make_due(local.platform) == 1
        proofs = roots.proofs(local.platform.store, late.chain)
        assert proofs is not None
        assert [proof.day for proof in proofs.proofs] == ["2026-11-26"]


def test_several_processes_make_one_root(tmp_path: Path, postgres_url: str) -> None:
    """Two platforms over one PostgreSQL, each trying at the same time."""
    clock = Clock(EVENING)
    with ExitStack() as stack:
        one = stack.enter_context(local_platform(tmp_path, clock=clock, database_url=postgres_url))
        two = stack.enter_context(local_platform(tmp_path, clock=clock, database_url=postgres_url))
        grown(one, clock, 2)
        threads = [
            threading.Thread(target=roots.make_due, args=(local.platform,))
            for local in (one, two) * 2
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert roots.make_due(one.platform) + roots.make_due(two.platform) == 0
        told = good(two.http.get("/roots"), RootList)
        assert len(read_roots(told.roots, one.platform.keys.certificate)) == 2


def test_a_tree_is_made_once_however_many_ask(week: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    made, meeting = list[int](), threading.Barrier(2)

    class Counted(Tree):
        def __init__(self, leaves: Sequence[bytes]) -> None:
            made.append(len(leaves))
            with suppress(threading.BrokenBarrierError):
                meeting.wait(0.05)  # for another that makes it, too
            super().__init__(leaves)

    monkeypatch.setattr(roots, "Tree", Counted)
    roots._kept_tree.cache_clear()
    ask = partial(roots._tree, week.local.platform.store, 1)
    with ThreadPoolExecutor(6) as threads:
        trees = [asked.result() for asked in [threads.submit(ask) for _ in range(6)]]
    assert len(made) == 1
    assert len({tree.root for tree in trees}) == 1


def test_a_proof_is_what_the_contract_says(week: Week) -> None:
    told = week.published()
    by_day = read_roots(told.roots, week.local.platform.keys.certificate)
    for chain in told.proofs:
        for proof in chain.proofs:
            root = by_day[proof.day]
            assert leads(chain.chain, proof, root.size) == root.root


def leads(chain: str, proof: Inclusion, size: int) -> str:
    leaf = leaf_hash(Leaf("chain", chain, proof.seq, bytes.fromhex(proof.head)).data())
    path = [bytes.fromhex(each) for each in proof.path]
    return root_of_path(leaf, proof.place, size, path).hex()
