"""Promises about every answer, whatever was asked: shape, headers, never a page of HTML."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sync.contract import Health
from sync.reference.conformance.answers import expect, good, problem
from sync.reference.conformance.line import Heard, Line
from sync.reference.conformance.promise import NotExamined, promise
from sync.trust import parse_time

MAX_OFF_S = 60.0


def _all(line: Line) -> list[Heard]:
    """What was heard so far, and a few strange questions more."""
    http = line.http
    for method, path in (
        ("GET", "/nothing/here"),
        ("DELETE", "/health"),
        ("POST", "/courses"),
        ("GET", "/records"),
        ("GET", "/chains/%00"),
        ("GET", "/learners/me/credit/%F0%9F%94%A5"),
    ):
        http.request(method, path, headers=line.run().headers)
    return line.heard


@promise(
    "answers.problem",
    "每个拒绝都是 JSON 的 Problem：路径不存在 404，方法不对 405",
    "every refusal is a Problem in JSON: no such path is 404, a wrong method 405",
)
def refusals(line: Line) -> None:
    run = line.run()
    problem(run.get("/nothing/here"), 404, "not_found")
    problem(run.http.delete("/health"), 405, "invalid")
    for heard in _all(line):
        plain = heard.status >= 400 and heard.had_body and heard.kind != "application/json"
        expect(
            not plain,
            f"{heard.method} {heard.path} 答 {heard.status} {heard.kind}",
            f"{heard.method} {heard.path} answers {heard.status} as {heard.kind}",
        )


@promise(
    "answers.html",
    "任何答复都不是 HTML（客户端把 HTML 当作上网认证页）",
    "no answer is HTML: a client takes HTML for a captive portal",
)
def html(line: Line) -> None:
    for heard in _all(line):
        expect(
            "html" not in heard.kind,
            f"{heard.method} {heard.path} 答了 HTML",
            f"{heard.method} {heard.path} answers HTML",
        )


@promise("answers.fault", "没有任何请求使平台出错（5xx）", "nothing that was asked is a 5xx")
def faults(line: Line) -> None:
    for heard in _all(line):
        expect(
            heard.status < 500 or heard.status == 503,
            f"{heard.method} {heard.path} 答 {heard.status}",
            f"{heard.method} {heard.path} answers {heard.status}",
        )


@promise(
    "answers.date",
    "每个答复都有 Date，与 now 一致（客户端据此校时）",
    "every answer has a Date that agrees with `now`: clients set their clock by it",
)
def date(line: Line) -> None:
    answer = line.http.get("/health")
    now = parse_time(good(answer, Health).now)
    for heard in _all(line):
        expect(
            heard.date,
            f"{heard.method} {heard.path} 没有 Date",
            f"{heard.method} {heard.path} has no Date",
        )
    told = parsedate_to_datetime(answer.headers["date"])
    off = abs((told - now).total_seconds())
    expect(off < 3, f"Date 与 now 相差 {off:.0f} 秒", f"Date and `now` are {off:.0f} s apart")


@promise(
    "answers.clock",
    "平台的时间与检查所用电脑相差不到一分钟（否则其中一个不准）",
    "the platform's time and this machine's are less than a minute apart (or one of them is wrong)",
)
def clock(line: Line) -> None:
    now = parse_time(good(line.http.get("/health"), Health).now)
    off = (now - datetime.now(UTC)).total_seconds()
    expect(
        abs(off) < MAX_OFF_S,
        f"平台的时间比这台电脑{'快' if off > 0 else '慢'} {abs(off):.0f} 秒",
        f"the platform is {abs(off):.0f} s {'ahead' if off > 0 else 'behind'}",
    )


@promise(
    "answers.retry_after",
    "429 和 503 带 Retry-After（秒）",
    "429 and 503 say Retry-After, in seconds",
)
def retry_after(line: Line) -> None:
    busy = [heard for heard in line.heard if heard.status in {429, 503}]
    if not busy:
        raise NotExamined("检查期间平台没有忙过", "the server was never busy while it was checked")
    for heard in busy:
        expect(
            heard.retry_after.isdecimal(),
            f"{heard.method} {heard.path} 答 {heard.status} 而没有 Retry-After",
            f"{heard.method} {heard.path} answers {heard.status} without Retry-After",
        )


CHECKS = (refusals, html, faults, date, clock, retry_after)
