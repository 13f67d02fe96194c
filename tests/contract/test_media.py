"""Films without a token: signed addresses, and what goes with a film."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from sync.contract import API, Courses, Lesson, MediaAddress, RenditionInfo
from sync.trust import parse_time
from tests.contract.conftest import Server
from tests.contract.learner import Run, good, problem, sign_in


@pytest.fixture(scope="module")
def run(server: Server, http: httpx.Client, enrolled: None) -> Run:
    """One run for all: nothing in here ends it."""
    return sign_in(http, server.certificate, *server.learner)


@pytest.fixture(scope="module")
def lessons(run: Run) -> tuple[Lesson, ...]:
    return good(run.get("/courses"), Courses).courses[0].lessons


@pytest.fixture(scope="module")
def film(lessons: tuple[Lesson, ...]) -> RenditionInfo:
    film = lessons[0].renditions[0]
    if not film.signed:
        pytest.skip("this platform signs no addresses")
    return film


@pytest.fixture(scope="module")
def address(run: Run, film: RenditionInfo) -> str:
    """An absolute address of the film, good for a while."""
    answer = _with_token(run, f"{film.path}/address")
    assert answer.headers["cache-control"] == "no-store"
    told = good(answer, MediaAddress)
    assert parse_time(told.expires_at) > parse_time(run.session.now)
    return str(httpx.URL(str(run.http.base_url)).join(told.url))


def _with_token(run: Run, path: str, **headers: str) -> httpx.Response:
    place = run.http.base_url.copy_with(path=path)
    return run.http.get(place, headers={**run.headers, **headers})


def test_a_signed_address_needs_no_token(run: Run, film: RenditionInfo, address: str) -> None:
    whole = _with_token(run, film.path)
    assert whole.headers["cache-control"].startswith("private")
    with httpx.Client(timeout=20) as nobody:
        answer = nobody.get(address)
        assert answer.status_code == 200
        assert answer.content == whole.content
        part = nobody.get(address, headers={"Range": "bytes=5-9"})
        assert part.status_code == 206
        assert part.content == whole.content[5:10]
        head = nobody.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) == film.size_bytes


def test_what_it_is_answered_with_any_cache_may_keep(run: Run, address: str) -> None:
    with httpx.Client(timeout=20) as cache:
        first = cache.get(address)
        assert first.headers["cache-control"] == "public, max-age=86400"
        assert "set-cookie" not in first.headers
        assert "vary" not in first.headers
        etag = first.headers["etag"]
        assert not etag.startswith("W/")
        for names in (etag, f'"another", {etag}', f"W/{etag}"):
            still = cache.get(address, headers={"If-None-Match": names})
            assert (still.status_code, still.content) == (304, b"")
            assert still.headers["etag"] == etag
        assert cache.get(address, headers={"If-None-Match": '"another"'}).status_code == 200
        part = {"Range": "bytes=0-9", "If-Range": etag}
        assert cache.get(address, headers=part).status_code == 206


@pytest.mark.parametrize(
    "bent",
    [
        {"signature": "A" * 43},
        {"signature": ""},
        {"signature": "签名"},
        {"signature": None},
        {"expires": None},
        {"expires": ""},
        {"expires": "99999999999"},
        {"expires": "1"},
        {"expires": "soon"},
        {"expires": "\ud800".encode("utf-8", "replace").decode()},
    ],
)
def test_an_address_that_was_bent_opens_nothing(address: str, bent: dict[str, str | None]) -> None:
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), **bent}
    told = urlencode({name: value for name, value in query.items() if value is not None})
    for method in ("GET", "HEAD"):
        answer = httpx.request(method, parts._replace(query=told).geturl(), timeout=20)
        assert answer.status_code == 403, told
        assert answer.headers["cache-control"] == "no-store"
        if method == "GET":
            detail = problem(answer, 403, "forbidden").detail
            assert dict(parse_qsl(parts.query))["signature"] not in detail


def test_an_address_opens_its_own_film_only(
    lessons: tuple[Lesson, ...], film: RenditionInfo, address: str
) -> None:
    others = {info.path for lesson in lessons for info in lesson.renditions} - {film.path}
    assert others
    for path in others:
        bent = urlsplit(address)._replace(path=path).geturl()
        problem(httpx.get(bent, timeout=20), 403, "forbidden")


def test_without_either_nothing_is_shown(run: Run, film: RenditionInfo) -> None:
    place = run.http.base_url.copy_with(path=film.path)
    problem(httpx.get(place, timeout=20), 401, "signed_out")
    address = run.http.base_url.copy_with(path=f"{film.path}/address")
    problem(httpx.get(address, timeout=20), 401, "signed_out")
    for path in (f"{API}/media/no-such-lesson/fluent.mp4/address", film.path + "x/address"):
        problem(_with_token(run, path), 404, "not_found")


def test_chapters_and_small_pictures_go_with_a_film(run: Run, lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        starts = [chapter.start_ms for chapter in lesson.chapters]
        assert starts == sorted(set(starts))
        assert all(start * 1000 < lesson.duration_ms * 1000 for start in starts)
        assert all(chapter.title and chapter.title_en for chapter in lesson.chapters)
        sheet = lesson.thumbnails
        if sheet is not None:
            answer = _with_token(run, sheet.path)
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "image/jpeg"
            assert answer.content
            place = run.http.base_url.copy_with(path=sheet.path)
            problem(httpx.get(place, timeout=20), 401, "signed_out")
