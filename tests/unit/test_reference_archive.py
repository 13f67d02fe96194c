"""The electronic archive: everything about one learner's study, and nothing of another's."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import facts
from sync.archive import Archive
from sync.reference.contact import has_contact
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER
from sync.reference.keys import institution_token
from tests.contract.learner import Run, good, problem
from tests.contract.local import Local, local_platform
from tests.contract.test_evidence import picture_of


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with local_platform(tmp_path) as local:
        yield local


def archive(run: Run, query: str = "") -> Archive:
    return good(run.get(f"/learners/me/archive{query}"), Archive)


def studied(local: Local) -> tuple[Run, str]:
    """A run with all that an archive holds, and its picture's hash."""
    run = local.sign_in()
    run.state(facts.SessionStarted(client_version="0.1.0", system="PC", camera="none"))
    run.state(
        facts.IdentityAttempted(
            attempt=1, passed=False, reason="no_turn", similarity=0.6, seconds=20.0,
            actions=("turn_left", "blink"),
        )
    )  # fmt: skip
    run.state(facts.IdentityConfirmed(similarity=1.0, answer="same", seconds=1.5))
    run.state(
        facts.LessonOpened(lesson="first", position_us=0, duration_us=600_000_000, mode="fluent")
    )
    check = f"{run.chain}.1"
    run.plan(check, "first", 25.0)
    run.send(run.batch())
    local.watch(run, "first", 0.0, 30.0)
    run.ask(check, "first", 30.0)
    run.attempt(check, "first")
    sha256, _ = picture_of(run, check=check)
    run.end("first", 30.0)
    run.send(run.batch(6, close=True))
    return run, sha256


def test_an_archive_has_content_time_duration_checks_pictures_and_tests(local: Local) -> None:
    run, sha256 = studied(local)
    paper = run.post("/papers", {"lesson": "first"}).json()
    wrong: dict[str, list[int]] = {question["id"]: [] for question in paper["questions"]}
    run.post(f"/papers/{paper['id']}/answers", {"answers": wrong})
    told = archive(run)
    assert (told.learner, told.next) == (DEMO_LEARNER.id, None)
    assert told.institution
    assert told.class_name
    first = next(lesson for lesson in told.lessons if lesson.lesson == "first")
    assert first.credited_s == pytest.approx(30.0)
    assert not first.completed
    (one,) = told.runs
    assert (one.chain, one.closed, one.taken_over) == (run.chain, True, False)
    assert (one.records, one.head) == (len(run.records), run.records[-1].head.hex())
    assert one.addresses == ("testclient",)
    (study,) = one.studies
    assert (study.lesson, study.shown_s, study.modes) == ("first", 30.0, ("fluent",))
    assert study.begun_at <= study.ended_at
    check = f"{run.chain}.1"
    assert [(line.what, line.check, line.passed) for line in one.verifications] == [
        ("sign_in_attempt", f"{run.chain}.0", False),
        ("identified", f"{run.chain}.0", True),
        ("asked", check, None),
        ("attempt", check, True),
    ]
    assert one.verifications[1].platform in {"same", "enrolled"}
    assert all(run.records[line.seq - 1] for line in one.verifications)
    (picture,) = one.pictures
    assert (picture.sha256, picture.check, picture.received_at) == (sha256, check, None)
    (test,) = told.tests
    assert (test.paper, test.score, test.passed) == (paper["id"], 0, False)
    assert (test.questions, test.wrong) == (len(wrong), len(wrong))


def test_a_verdict_stands_beside_what_was_measured(local: Local) -> None:
    run, _ = studied(local)
    headers = {"Authorization": f"Bearer {institution_token(local.folder / 'data')}"}
    check = f"{run.chain}.1"
    place = f"/institution/checks/{check}/verdict"
    assert local.http.put(place, json={"counts": False}, headers=headers).status_code == 204
    lines = archive(run).runs[0].verifications
    assert [line.counts for line in lines if line.check == check] == [False, False]


def test_there_is_no_name_and_no_contact_data(local: Local) -> None:
    run, _ = studied(local)
    text = run.get("/learners/me/archive").text
    assert DEMO_LEARNER.name not in text
    assert DEMO_LEARNER.login not in text.replace(DEMO_LEARNER.id, "")
    told = json.loads(text)
    del told["lessons"]  # titles of courses may speak of telephones
    assert not has_contact(json.dumps(told, ensure_ascii=False))


def test_runs_come_by_pages_each_once(local: Local) -> None:
    runs = [local.sign_in(identified=False).chain for _ in range(5)]
    run = local.sign_in()
    seen: list[str] = []
    query = "?limit=2"
    for _ in range(9):
        told = archive(run, query)
        seen += [one.chain for one in told.runs]
        if told.next is None:
            break
        query = f"?limit=2&after={told.next}"
    assert seen == [run.chain, *reversed(runs)]
    problem(run.get("/learners/me/archive?after=WyJjMCJd"), 422, "invalid")
    mark = archive(local.sign_in(), "?limit=1").next
    other = local.sign_in(SECOND_LEARNER)
    problem(other.get(f"/learners/me/archive?after={mark}"), 422, "invalid")


def test_an_institution_reads_its_own_learners_and_they_see_it(local: Local) -> None:
    run, _ = studied(local)
    headers = {"Authorization": f"Bearer {institution_token(local.folder / 'data')}"}
    place = f"/institution/learners/{DEMO_LEARNER.id}/archive"
    assert good(local.http.get(place, headers=headers), Archive).runs == archive(run).runs
    assert "archive read by the institution" in run.get("/learners/me/hours").text
    problem(local.http.get(place), 401, "signed_out")
    problem(local.http.get(place, headers=run.headers), 403, "forbidden")
    nobody = "/institution/learners/nobody/archive"
    problem(local.http.get(nobody, headers=headers), 404, "not_found")
    assert archive(local.sign_in(SECOND_LEARNER)).runs[1:] == ()
