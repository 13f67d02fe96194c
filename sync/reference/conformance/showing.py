"""Promises about what there is to study: courses, films, their addresses, tests."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from sync.contract import API, Categories, Lesson, MediaAddress, Paper, PaperResult, RenditionInfo
from sync.reference.conformance.answers import Missing, expect, good, problem, told
from sync.reference.conformance.learner import Run
from sync.reference.conformance.line import Line
from sync.reference.conformance.promise import NotExamined, promise
from sync.trust import parse_time

_SECRET = {"keys", "answer", "answers", "right", "correct", "why"}


def _film(line: Line) -> RenditionInfo:
    return line.course().lessons[0].renditions[0]


def _ask(line: Line, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """With the learner's token. path: as the contract gives it, below the server's address."""
    run = line.run()
    place = line.http.base_url.copy_with(raw_path=path.encode())
    return line.http.request(method, place, headers={**run.headers, **headers})


@promise(
    "courses.lessons",
    "课程含每课片长、清晰度、学时；课程分类表可查",
    "courses have each lesson's length, renditions and count; the list of categories is there",
)
def courses(line: Line) -> None:
    for lesson in line.course().lessons:
        name = lesson.id
        expect(lesson.duration_ms > 0, f"{name} 没有片长", f"{name} has no length")
        expect(lesson.renditions, f"{name} 没有影片", f"{name} has no rendition")
        expect(lesson.credit.lesson == name, f"{name} 的学时不是它的", f"{name}: another's count")
        starts = [chapter.start_ms for chapter in lesson.chapters]
        expect(starts == sorted(set(starts)), f"{name} 章节无序", f"{name}: chapters out of order")
    listed = good(line.run().get("/categories"), Categories).categories
    expect(listed, "分类表是空的", "the list of categories is empty")


@promise(
    "media.whole",
    "影片可整部下载，大小与课程所写一致，带 ETag",
    "a film comes whole, as large as the course says, with an ETag; HEAD says the same",
)
def whole(line: Line) -> None:
    film = _film(line)
    head = _ask(line, film.path, "HEAD")
    expect(head.status_code == 200, f"HEAD：{told(head)}", f"HEAD: {told(head)}")
    size = head.headers.get("content-length", "")
    expect(
        size == str(film.size_bytes),
        f"大小 {size}，课程写 {film.size_bytes}",
        f"{size} bytes, the course says {film.size_bytes}",
    )
    expect(head.headers.get("etag"), "没有 ETag", "no ETag")
    expect(
        head.headers.get("accept-ranges") == "bytes",
        "没有 Accept-Ranges",
        "no Accept-Ranges: bytes",
    )
    expect(head.headers.get("content-type") == "video/mp4", "不是 video/mp4", "not video/mp4")


@promise(
    "media.range",
    "影片可按 Range 分段下载：206，If-Range 有效；超出范围 416",
    "a film comes in ranges: 206, If-Range is honoured; a range outside is 416",
)
def ranges(line: Line) -> None:
    film = _film(line)
    last = film.size_bytes - 1
    for asked, first, end in (("0-0", 0, 0), ("5-9", 5, 9), ("-7", last - 6, last)):
        part = _ask(line, film.path, Range=f"bytes={asked}")
        wanted = f"bytes {first}-{end}/{film.size_bytes}"
        got = f"{part.status_code} {part.headers.get('content-range', '-')}"
        expect(
            got == f"206 {wanted}" and len(part.content) == end - first + 1,
            f"Range {asked}：得到 {got}，{len(part.content)} 字节",
            f"Range {asked}: {got}, {len(part.content)} bytes",
        )
    outside = _ask(line, film.path, Range=f"bytes={film.size_bytes}-")
    problem(outside, 416, "invalid")
    etag = _ask(line, film.path, "HEAD").headers.get("etag", "")
    same = _ask(line, film.path, Range="bytes=0-9", **{"If-Range": etag})
    expect(same.status_code == 206, f"If-Range：{told(same)}", f"If-Range: {told(same)}")
    if film.size_bytes < 50_000_000:
        other = _ask(line, film.path, Range="bytes=0-9", **{"If-Range": '"another"'})
        expect(
            other.status_code == 200,
            "影片换了，仍答旧段（If-Range 不符应答 200）",
            "a part of a film that has changed (If-Range does not fit: 200)",
        )


@promise(
    "media.private",
    "没有令牌看不到影片；路径走不出影片目录",
    "without a token no film is shown; no path leads out of the films",
)
def private(line: Line) -> None:
    place = line.http.base_url.copy_with(raw_path=_film(line).path.encode())
    problem(line.http.get(place), 401, "signed_out")
    for path in ("..%2f..%2f..%2fetc%2fpasswd", "%00/fluent.mp4", "no-such-lesson/fluent.mp4"):
        answer = _ask(line, f"{API}/media/{path}")
        expect(answer.status_code in {404, 422}, f"{told(answer)}", f"{told(answer)}")


@promise(
    "media.address",
    "签名地址无需令牌，能缓存；改动过或过期的 403",
    "a signed address needs no token and may be cached; bent or expired it is 403",
)
def address(line: Line) -> None:
    film = _film(line)
    if not film.signed:
        raise NotExamined("平台不签发地址", "this platform signs no addresses")
    signed = good(_ask(line, f"{film.path}/address"), MediaAddress)
    expect(
        parse_time(signed.expires_at) > parse_time(line.run().session.now),
        "签名地址已过期",
        "the address has expired already",
    )
    url = str(httpx.URL(str(line.http.base_url)).join(signed.url))
    part = line.http.get(url, headers={"Range": "bytes=5-9"})
    expect(part.status_code == 206, f"签名地址：{told(part)}", f"the address: {told(part)}")
    cached = part.headers.get("cache-control", "")
    expect(
        "public" in cached and "set-cookie" not in part.headers,
        "缓存不能保存它",
        "a cache may not keep it",
    )
    if not url.startswith(str(line.http.base_url)):
        return  # a store of films: what it answers is not the platform's
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    for name, value in (("signature", "A" * 43), ("expires", "99999999999"), ("expires", "1")):
        bent = parts._replace(query=urlencode({**query, name: value})).geturl()
        problem(line.http.get(bent), 403, "forbidden")


def _with_test(line: Line, run: Run) -> tuple[Lesson, Paper]:
    """A lesson that still has attempts, and its paper. Raises NotExamined."""
    for lesson in reversed(line.course().lessons):
        if lesson.questions:
            answer = run.post("/papers", {"lesson": lesson.id})
            if answer.status_code == 409:
                continue
            paper = good(answer, Paper)
            shown = {name for question in answer.json()["questions"] for name in question}
            expect(
                not _SECRET & shown,
                f"试卷里有答案：{_SECRET & shown}",
                f"the paper has its keys: {_SECRET & shown}",
            )
            return lesson, paper
    raise NotExamined(
        "没有可考的课程，或次数用尽", "no lesson with a test, or no attempts are left"
    )


@promise(
    "papers.keys",
    "试卷不含答案；未答完的试卷再取还是同一份",
    "a paper has no keys; an open paper is given out again",
)
def keys(line: Line) -> None:
    run = line.run()
    lesson, paper = _with_test(line, run)
    again = good(run.post("/papers", {"lesson": lesson.id}), Paper)
    expect(again == paper, "又抽了一份新试卷", "a new paper was drawn while one is open")
    problem(run.post("/papers", {"lesson": "no-such-lesson"}), 404, "not_found")


@promise(
    "papers.graded",
    "试卷由平台评分，一次为准；再答别的 409 closed",
    "the platform grades a paper, once; other answers afterwards are 409 closed",
)
def graded(line: Line) -> None:
    run = line.run()
    _, paper = _with_test(line, run)
    place = f"/papers/{paper.id}/answers"
    problem(run.post(place, {"answers": {"no-such-question": [0]}}), 422, "invalid")
    problem(run.post(place, {"answers": {"x": ["A"]}}), 422, "invalid")
    nothing: dict[str, list[int]] = {question.id: [] for question in paper.questions}
    result = good(run.post(place, {"answers": nothing}), PaperResult)
    if (result.score, result.passed) != (0, False):
        raise Missing(f"空白卷得 {result.score} 分", f"an empty paper scores {result.score}")
    expect(
        result.attempts_left == paper.attempts_left - 1,
        "次数没有减一",
        "the attempt was not counted",
    )
    expect(
        good(run.post(place, {"answers": nothing}), PaperResult) == result,
        "同样的答案得到另一个结果",
        "the same answers got another result",
    )
    better = {question.id: [0] for question in paper.questions}
    problem(run.post(place, {"answers": better}), 409, "closed")
    problem(run.post("/papers/p0/answers", {"answers": {}}), 404, "not_found")


CHECKS = (courses, whole, ranges, private, address, keys, graded)
