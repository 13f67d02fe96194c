"""Courses, films, tests, faces, hours."""

import math
from urllib.parse import quote

import httpx
import pytest

from sync import seal
from sync.contract import (
    API,
    Categories,
    Course,
    Courses,
    Hours,
    IdentityAnswer,
    Lesson,
    Paper,
    PaperResult,
    RenditionInfo,
)
from tests.contract.conftest import Server
from tests.contract.learner import Run, face, good, problem, sign_in


@pytest.fixture(scope="module")
def run(server: Server, http: httpx.Client, enrolled: None) -> Run:
    """One run for all: nothing in here ends it."""
    return sign_in(http, server.certificate, *server.learner)


@pytest.fixture
def course(run: Run) -> Course:
    return good(run.get("/courses"), Courses).courses[0]


@pytest.fixture
def film(course: Course) -> RenditionInfo:
    return course.lessons[0].renditions[0]


def _get(run: Run, film: RenditionInfo, method: str = "GET", **headers: str) -> httpx.Response:
    place = run.http.base_url.copy_with(path=film.path)
    return run.http.request(method, place, headers={**run.headers, **headers})


def test_courses_say_what_there_is_to_study(course: Course) -> None:
    assert course.title
    for lesson in course.lessons:
        assert lesson.duration_ms > 0
        assert lesson.credit.lesson == lesson.id
        assert lesson.credit.duration_s == pytest.approx(lesson.duration_ms / 1000)
        assert lesson.renditions
        assert all(info.path.startswith(f"{API}/media/") for info in lesson.renditions)


def test_the_provincial_list_is_there(run: Run) -> None:
    listed = good(run.get("/categories"), Categories).categories
    assert {"特种作业操作证", "主要负责人和安全生产管理人员"} <= {
        line.qualification for line in listed
    }


def test_a_film_comes_whole_or_in_ranges(run: Run, film: RenditionInfo) -> None:
    whole = _get(run, film)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert len(whole.content) == film.size_bytes
    last = film.size_bytes - 1
    for asked, first, end in (
        ("0-0", 0, 0),
        ("5-9", 5, 9),
        (f"{last - 4}-", last - 4, last),
        ("-7", last - 6, last),
        (f"10-{last + 100}", 10, last),
        ("-999999999999", 0, last),
    ):
        part = _get(run, film, Range=f"bytes={asked}")
        assert part.status_code == 206, asked
        assert part.headers["content-range"] == f"bytes {first}-{end}/{film.size_bytes}"
        assert part.content == whole.content[first : end + 1], asked


def test_a_range_outside_the_film_is_refused(run: Run, film: RenditionInfo) -> None:
    for asked in (f"{film.size_bytes}-", "9-5", "-0"):
        answer = _get(run, film, Range=f"bytes={asked}")
        problem(answer, 416, "invalid")
        assert answer.headers["content-range"] == f"bytes */{film.size_bytes}"


@pytest.mark.parametrize("asked", ["bytes=x-y", "lines=1-2", "bytes=1-2,5-9", "", "bytes=-"])
def test_a_range_that_makes_no_sense_gets_the_film(
    run: Run, film: RenditionInfo, asked: str
) -> None:
    assert _get(run, film, Range=asked).status_code == 200


def test_a_film_can_be_asked_about(run: Run, film: RenditionInfo) -> None:
    head = _get(run, film, "HEAD")
    assert head.status_code == 200
    assert int(head.headers["content-length"]) == film.size_bytes
    assert head.content == b""
    part = {"Range": "bytes=0-9"}
    same = _get(run, film, **part, **{"If-Range": head.headers["etag"]})
    assert same.status_code == 206
    assert _get(run, film, **part, **{"If-Range": '"another"'}).status_code == 200


def test_captions_are_served_beside_the_film(run: Run, course: Course) -> None:
    for info in course.lessons[0].captions:
        answer = run.http.get(run.http.base_url.copy_with(path=info.path), headers=run.headers)
        assert answer.status_code == 200
        assert answer.text.startswith("WEBVTT")


@pytest.mark.parametrize(
    "path",
    [
        "../../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        quote("....//....//etc/passwd", safe=""),
        "no-such-lesson/fluent.mp4",
        "../platform.sqlite3",
        "%00/fluent.mp4",
    ],
)
def test_no_path_leads_out_of_the_films(run: Run, path: str) -> None:
    answer = run.http.get(f"{str(run.http.base_url).rstrip('/')}/media/{path}", headers=run.headers)
    problem(answer, 404, "not_found")


def test_papers_have_no_keys_and_are_graded(run: Run, course: Course) -> None:
    lesson = _with_test(course)
    answer = run.post("/papers", {"lesson": lesson.id})
    paper = good(answer, Paper)
    assert not {"keys", "answer", "answers"} & set(answer.json()["questions"][0])
    again = good(run.post("/papers", {"lesson": lesson.id}), Paper)
    assert again == paper, "an open paper is given out again"
    wrong: dict[str, list[int]] = {question.id: [] for question in paper.questions}
    place = f"/papers/{paper.id}/answers"
    result = good(run.post(place, {"answers": wrong}), PaperResult)
    assert (result.score, result.passed) == (0, False)
    assert set(result.wrong) == {question.id for question in paper.questions}
    assert result.attempts_left == paper.attempts_left - 1
    assert good(run.post(place, {"answers": wrong}), PaperResult) == result
    better = {question.id: [0] for question in paper.questions}
    problem(run.post(place, {"answers": better}), 409, "closed")
    problem(run.post("/papers/p0/answers", {"answers": {}}), 404, "not_found")
    problem(run.post("/papers", {"lesson": "no-such-lesson"}), 404, "not_found")


def test_a_paper_takes_answers_to_its_own_questions_only(run: Run, course: Course) -> None:
    paper = good(run.post("/papers", {"lesson": _with_test(course).id}), Paper)
    place = f"/papers/{paper.id}/answers"
    problem(run.post(place, {"answers": {"no-such-question": [0]}}), 422, "invalid")
    problem(run.post(place, {"answers": {"x": ["A"]}}), 422, "invalid")


def _with_test(course: Course) -> Lesson:
    """A lesson that still has attempts; each run of the tests uses up one or two."""
    return next(lesson for lesson in reversed(course.lessons) if lesson.questions)


@pytest.mark.parametrize(
    ("similarity", "expected"), [(0.9, "same"), (0.41, "unsure"), (0.2, "different")]
)
def test_a_face_is_compared_with_the_enrolled_one(
    run: Run, similarity: float, expected: str
) -> None:
    policy = run.accepted.policy
    assert (policy.match_accept, policy.match_alert) == (0.45, 0.363)
    question = {"chain": run.chain, "embedding": face(math.acos(similarity)), "enrol": True}
    answer = good(run.post("/identity", question), IdentityAnswer)
    assert answer.answer == expected
    assert answer.similarity == pytest.approx(similarity, abs=1e-5)


def test_what_is_no_face_is_refused(run: Run) -> None:
    for data in (b"", bytes(511), bytes(512), b"\xff" * 512):
        embedding = seal.to_base64url(data) or "-"
        question = {"chain": run.chain, "embedding": embedding}
        problem(run.post("/identity", question), 422, "invalid")


def test_only_the_institution_enrols_its_own_learners(server: Server, run: Run) -> None:
    place = f"/institution/learners/{run.accepted.learner.id}/template"
    told = {"embedding": face()}
    problem(run.http.put(place, json=told, headers=run.headers), 403, "forbidden")
    institution = {"Authorization": f"Bearer {server.institution_token}"}
    nobody = "/institution/learners/nobody/template"
    problem(run.http.put(nobody, json=told, headers=institution), 404, "not_found")
    problem(run.http.get("/courses", headers=institution), 401, "signed_out")


def test_hours_have_every_lesson_and_the_log(run: Run, course: Course) -> None:
    hours = good(run.get("/learners/me/hours"), Hours)
    assert {lesson.id for lesson in course.lessons} <= {count.lesson for count in hours.lessons}
    (newest, *_) = (line for line in hours.operations if line.action == "sign-in")
    assert newest.address
    problem(run.get("/learners/me/credit/no-such-lesson"), 404, "not_found")


def test_every_refusal_is_a_problem(run: Run) -> None:
    problem(run.get("/nothing/here"), 404, "not_found")
    problem(run.http.delete("/health"), 405, "invalid")
    problem(run.http.post("/sessions", content=b"{"), 422, "invalid")
    secret = run.http.post("/sessions", json={"name": "x", "password": "hush-hush"})
    assert "hush-hush" not in problem(secret, 422, "invalid").detail
