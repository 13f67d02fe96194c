"""Every list by pages: whole, in order, each item once, whatever is added meanwhile."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sync.contract import Appeal, AppealList, EvidenceList, Hours
from sync.operations import LearnerList, OperationList
from sync.reference import chores
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER
from sync.reference.paging import Page, mark
from sync.reference.problems import Refusal
from sync.reference.reports import as_csv, harmless
from sync.reference.tables import EvidenceRow, LearnerRow, OperationRow
from tests.contract.learner import Run, good, problem
from tests.contract.local import Local, local_platform

MORE = 7


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    with local_platform(tmp_path_factory.mktemp("platform")) as local:
        yield local


@pytest.fixture(scope="module")
def run(local: Local) -> Run:
    """A run with pictures, appeals and operations; classmates beside it."""
    run = local.sign_in()
    study(local, run)
    now = local.clock.now
    with local.platform.store.writing() as db:
        like = db.get_one(LearnerRow, DEMO_LEARNER.id)
        for number in range(MORE):
            name = f"=cmd|' /C calc'!A{number}" if number == 0 else f"模拟学员{number}"
            db.add(
                LearnerRow(
                    id=f"mate-{number}",
                    login=f"mate-{number}",
                    password_hash="-",
                    name=name,
                    institution=like.institution,
                    class_id=like.class_id,
                    template=None,
                )
            )
            db.add(
                EvidenceRow(
                    learner=like.id,
                    sha256=f"{number:064x}",
                    chain=run.chain,
                    lesson="first",
                    why="check",
                    check="",
                    size_bytes=1,
                    # Two of one moment each: the order needs more than the time.
                    taken_at=f"2026-11-24T08:00:0{number // 2}.000Z",
                    kept_until=now + timedelta(days=1),
                    received_at=now,
                    sealed=b"-",
                )
            )
    for number in range(MORE):
        run.post("/appeals", Appeal(chain=run.chain, text=f"{number}"))
    return run


def study(local: Local, run: Run) -> None:
    run.begin("first")
    run.plan("check-1", "first", 30.0)
    run.send(run.batch())
    local.watch(run, "first", 0.0, 30.0)
    run.ask("check-1", "first", 30.0)
    run.send(run.batch())
    local.pass_time(run, 4.0)
    run.attempt("check-1", "first")
    run.end("first", 30.0)
    run.send(run.batch())


Lists = dict[str, tuple[str, Callable[[Any], tuple[Any, ...]], type[Any], bool]]
LISTS: Lists = {
    "appeals": ("/institution/appeals", lambda told: told.appeals, AppealList, True),
    "learners": ("/institution/learners", lambda told: told.learners, LearnerList, True),
    "evidence": ("/learners/me/evidence", lambda told: told.items, EvidenceList, False),
    "operations": ("/learners/me/operations", lambda told: told.operations, OperationList, False),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("limit", [1, 3, 500])
def test_pages_put_together_are_the_list(local: Local, run: Run, name: str, limit: int) -> None:
    path, items, model, institution = LISTS[name]
    token = local.platform.keys.institution_token
    headers = {"Authorization": f"Bearer {token}"} if institution else run.headers
    whole = good(local.http.get(path, headers=headers), model)
    assert len(items(whole)) >= MORE
    assert whole.next is None, "who asks for no page is told of none"
    assert "next" not in local.http.get(path, headers=headers).json()
    together: list[Any] = []
    after = ""
    for _ in range(len(items(whole)) + 1):
        query = f"?limit={limit}" + (f"&after={after}" if after else "")
        page = good(local.http.get(path + query, headers=headers), model)
        assert len(items(page)) <= limit
        together += items(page)
        if page.next is None:
            break
        after = page.next
    assert tuple(together) == items(whole)


def test_what_is_added_at_the_top_shifts_nothing(local: Local, run: Run) -> None:
    first = good(run.get("/learners/me/operations?limit=2"), OperationList)
    expected = good(run.get(f"/learners/me/operations?limit=2&after={first.next}"), OperationList)
    run.post("/appeals", Appeal(chain=run.chain, text="one more"))
    again = good(run.get(f"/learners/me/operations?limit=2&after={first.next}"), OperationList)
    assert again == expected


def test_an_older_client_reads_the_first_page(local: Local, run: Run) -> None:
    """It refuses members that it does not know."""
    assert set(run.get("/learners/me/evidence").json()) == {"items"}
    assert good(run.get("/learners/me/hours"), Hours).operations


@pytest.mark.parametrize(
    "query",
    [
        *("after=!", "after=aaaa", "after=", "limit=0", "limit=501", "limit=x"),
        *(f"after={mark(('a', 'b', 'c'))}", f"after={mark((2**70,))}"),
    ],
)
def test_what_is_no_page_is_refused_or_the_first(local: Local, run: Run, query: str) -> None:
    answer = run.get(f"/learners/me/operations?{query}")
    problem(answer, 422, "invalid")


@given(st.tuples(st.text(max_size=40), st.integers(-(2**62), 2**62)))
def test_a_mark_says_the_same_key(key: tuple[str, int]) -> None:
    try:
        text = mark(key)
    except ValueError:
        return  # half of a surrogate pair is no text
    assert Page(text, None).key(str, int) == key
    with pytest.raises(Refusal):
        Page(text, None).key(int, str)


def test_hours_of_a_period(local: Local, run: Run) -> None:
    headers = {"Authorization": f"Bearer {local.platform.keys.institution_token}"}
    second = local.sign_in(SECOND_LEARNER)
    before = local.clock.now
    local.clock.advance(60)
    study(local, second)

    def period_s(query: str) -> float | None:
        told = good(local.http.get(f"/institution/learners?{query}", headers=headers), LearnerList)
        return next(each for each in told.learners if each.learner == SECOND_LEARNER.id).period_s

    def at(time: datetime) -> str:
        return time.isoformat().replace("+00:00", "Z")

    assert period_s("limit=500") is None
    assert period_s(f"since={at(before)}") == 30.0
    assert period_s(f"until={at(before)}") == 0.0
    assert period_s(f"since={at(local.clock.now)}") == 0.0
    assert period_s(f"since={at(before - timedelta(days=1))}&until={at(local.clock.now)}") == 30.0
    for wrong in (
        "since=yesterday",
        "since=2026-02-31T00:00:00Z",
        f"since={at(local.clock.now)}&until={at(before)}",
    ):
        problem(local.http.get(f"/institution/learners?{wrong}", headers=headers), 422, "invalid")


def test_csv_for_a_spreadsheet(local: Local, run: Run) -> None:
    headers = {"Authorization": f"Bearer {local.platform.keys.institution_token}"}
    answer = local.http.get("/institution/learners?format=csv&limit=3", headers=headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert all(len(row) == len(rows[0]) for row in rows)
    link = answer.links["next"]["url"]
    rest = local.http.get(link, headers=headers)
    assert rest.content.decode("utf-8-sig").count("\r\n") == 4
    assert not any(cell.startswith("=") for row in rows for cell in row)
    problem(run.get("/institution/learners"), 403, "forbidden")


@given(st.text(max_size=12))
def test_no_cell_is_a_formula(text: str) -> None:
    safe = harmless(text)
    assert safe.endswith(text)
    assert safe[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    (row,) = csv.reader(io.StringIO(as_csv(()).removeprefix("\ufeff")))
    assert len(row) == 9


@given(st.datetimes(timezones=st.just(UTC)), st.integers(1, 72))
def test_a_term_never_ends_early(now: datetime, months: int) -> None:
    """An entry that goes is, in whole calendar months, at least as old as its term."""
    assume(now.year > 100)
    before = chores.months_before(now, months)
    last = before - timedelta(microseconds=1)
    whole = (now.year - last.year) * 12 + now.month - last.month
    whole -= (now.day, now.time()) < (last.day, last.time())
    assert whole >= months
    assert now - before <= timedelta(days=31 * months)


def test_the_operation_log_is_kept_for_its_term(local: Local) -> None:
    local.clock.now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    old, young = (datetime(2024, 11, 24, 7, tzinfo=UTC), datetime(2024, 11, 24, 9, tzinfo=UTC))
    with local.platform.store.writing() as db:
        for at in (old, young):
            db.add(OperationRow(at=at, learner=None, address="", action="long ago", detail=""))
    assert chores.run(local.platform).operations == 1
    with local.platform.store.reading() as db:
        kept = [row.at for row in db.query(OperationRow).filter_by(action="long ago")]
    assert kept == [young]


def test_chores_run_beside_serving_and_end(local: Local) -> None:
    with chores.housekeeping(local.platform, every_s=60):
        assert local.http.get("/policy").status_code == 200
