"""Promises about the count: recomputed from records, said stretch by stretch, with reasons."""

from dataclasses import replace
from itertools import pairwise

from sync.contract import CreditSpan, Hours, LessonCredit
from sync.facts import Paused
from sync.reference.conformance.answers import expect, good, problem
from sync.reference.conformance.learner import Run, face
from sync.reference.conformance.line import Line
from sync.reference.conformance.promise import NotExamined, promise

WATCHED_S = 0.2


def _counted(run: Run, lesson: str) -> LessonCredit:
    return good(run.get(f"/learners/me/credit/{lesson}"), LessonCredit)


def _recognised(line: Line) -> Run:
    """A fresh run whose face the platform knows. Raises NotExamined."""
    run = line.fresh()
    known = line.institution is not None or run.session.template is not None
    if not known and not run.accepted.policy.self_enrolment:
        raise NotExamined(
            "需要已登记的人脸，或机构令牌（ANXUE_CONTRACT_INSTITUTION_TOKEN）",
            "needs an enrolled face, or the institution's token (ANXUE_CONTRACT_INSTITUTION_TOKEN)",
        )
    embedding = run.session.template or face()
    answer = run.post("/identity", {"chain": run.chain, "embedding": embedding, "enrol": not known})
    expect(
        answer.status_code == 200 and answer.json().get("answer") in {"same", "enrolled"},
        "自己登记的人脸未被认出",
        "the learner's own enrolled face is not recognised",
    )
    return run


def _sorted(spans: tuple[CreditSpan, ...]) -> bool:
    whole = all(span.start_s < span.end_s for span in spans)
    return whole and all(one.end_s <= two.start_s + 1e-6 for one, two in pairwise(spans))


@promise(
    "credit.witnessed",
    "看过且核验过的片段计入学时，一秒不多，一秒不少",
    "film that was watched and proved is credited, no more and no less",
)
def witnessed(line: Line) -> None:
    run = _recognised(line)
    lesson = line.lesson()
    before = _counted(run, lesson)
    if before.completed or before.duration_s - before.resume_s < 1:
        raise NotExamined("课程已学完，换一名学员", "the lesson is complete: another learner")
    at = before.resume_s
    run.begin(lesson, position_s=at, duration_s=before.duration_s)
    run.plan("check-1", lesson, after_s=300, left_s=before.duration_s - at)
    run.send(run.batch())
    tick = run.open_tick(run.watched(lesson, at, at + WATCHED_S / 2))
    run.send(run.batch(len(run.records) + 1, sealed=False, tick=tick))
    run.clock_ns -= round(WATCHED_S / 2 * 1e9)
    run.state(run.watched(lesson, at, at + WATCHED_S))
    run.end(lesson, at + WATCHED_S)
    answer = run.send(run.batch(5, close=True))
    told = [count for count in answer.credit if count.lesson == lesson]
    expect(told, "回执不含该课的学时", "the answer has no count of the lesson")
    gained = told[0].credited_s - before.credited_s
    expect(
        abs(gained - WATCHED_S) < 0.01,
        f"看了 {WATCHED_S} 秒，计入 {gained:.3f} 秒",
        f"{WATCHED_S} s were watched, {gained:.3f} s credited",
    )
    expect(
        _counted(run, lesson) == told[0],
        "单独查询的学时与回执里的不同",
        "the count that is asked for is not the one in the answer",
    )


@promise(
    "credit.nothing_for_nothing",
    "没有信标见证的观看不计学时，并写明原因",
    "watching beyond the platform's clock is not credited, and the reason is told",
)
def beyond(line: Line) -> None:
    run = _recognised(line)
    lesson = line.lesson()
    before = _counted(run, lesson)
    room = before.duration_s - before.resume_s
    if before.completed or room < 60:
        raise NotExamined("课程所剩不足一分钟", "less than a minute of the lesson is left")
    run.begin(lesson, position_s=before.resume_s, duration_s=before.duration_s)
    run.send(run.batch())
    run.state(run.watched(lesson, before.resume_s, before.resume_s + 50))
    run.end(lesson, before.resume_s + 50)
    run.send(run.batch(4, close=True))
    after = _counted(run, lesson)
    gained = after.credited_s + after.provisional_s - before.credited_s - before.provisional_s
    expect(
        gained < 25,
        f"声称在片刻间看了 50 秒，计入 {gained:.1f} 秒",
        f"50 s said to be watched in a moment earned {gained:.1f} s",
    )
    expect(
        any(span.reason for span in (*after.spans, *after.lost) if span.state == "not_counted"),
        "不计入的片段没有写明原因",
        "what is not counted has no reason",
    )


@promise(
    "credit.fast",
    "画面质量、换清晰度、快放都收下，但不计学时",
    "quality, switches and fast watching are kept and earn nothing",
)
def fast(line: Line) -> None:
    run = line.fresh()
    lesson = line.lesson()
    before = _counted(run, lesson)
    run.begin(lesson)
    run.state(replace(run.watched(lesson, 5.0, 5.2), rate=2.0))
    run.state(Paused(lesson=lesson, position_us=5_200_000, reason="covered"))
    run.end(lesson, 5.2)
    run.send(run.batch(close=True))
    after = _counted(run, lesson)
    expect(
        (after.credited_s, after.provisional_s) == (before.credited_s, before.provisional_s),
        "快放计入了学时",
        "fast watching was credited",
    )


@promise(
    "credit.spans",
    "学时答复里的片段有序、不重叠、在片长之内，不计入的有原因",
    "spans are sorted, do not overlap, lie within the film, and have reasons where not counted",
)
def spans(line: Line) -> None:
    hours = good(line.run().get("/learners/me/hours"), Hours)
    for told in hours.lessons:
        expect(
            _sorted(told.spans), f"{told.lesson}：片段无序", f"{told.lesson}: spans out of order"
        )
        whole = all(span.start_s >= 0 and span.end_s <= told.duration_s + 0.1
                    for span in told.spans)  # fmt: skip
        expect(whole, f"{told.lesson}：片段超出片长", f"{told.lesson}: spans beyond the film")
        counted = sum(span.end_s - span.start_s for span in told.spans
                      if span.state == "credited")  # fmt: skip
        expect(
            abs(counted - told.credited_s) < 0.01,
            f"{told.lesson}：credited_s 与片段之和不同",
            f"{told.lesson}: credited_s is not the sum of its spans",
        )
        expect(
            all(span.reason for span in (*told.spans, *told.lost) if span.state == "not_counted"),
            f"{told.lesson}：不计入的片段没有原因",
            f"{told.lesson}: not counted without a reason",
        )


@promise(
    "credit.hours",
    "学时页有每门课的学时和操作日志；没有的课答 404",
    "hours have every lesson and the operation log; a lesson that is not there is 404",
)
def hours(line: Line) -> None:
    run = line.run()
    course = line.course()
    told = good(run.get("/learners/me/hours"), Hours)
    lacking = {lesson.id for lesson in course.lessons} - {count.lesson for count in told.lessons}
    expect(not lacking, f"缺课程：{lacking}", f"lessons are missing: {lacking}")
    signed_in = [line.address for line in told.operations if line.action == "sign-in"]
    expect(signed_in, "操作日志里没有登录", "the operation log has no sign-in")
    expect(signed_in[:1] != [""], "登录没有地址", "the sign-in has no address")
    problem(run.get("/learners/me/credit/no-such-lesson"), 404, "not_found")


CHECKS = (witnessed, beyond, fast, spans, hours)
