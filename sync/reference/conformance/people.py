"""Promises about faces, pictures and appeals."""

import hashlib
import math

import httpx

from sync import seal, sealing
from sync.archive import Archive
from sync.contract import (
    MAX_EVIDENCE_BYTES,
    AppealList,
    AppealReceipt,
    EvidenceList,
    EvidenceReceipt,
    IdentityAnswer,
)
from sync.facts import SessionStarted, SnapshotTaken
from sync.reference.conformance.answers import expect, good, problem, told
from sync.reference.conformance.learner import Run, face
from sync.reference.conformance.line import Line
from sync.reference.conformance.promise import NotExamined, promise

PICTURE = b"\xff\xd8 a picture \xff\xd9"
STARTED = SessionStarted(client_version="0.1.0", system="a check", camera="none")


def _institution(line: Line) -> dict[str, str]:
    if line.institution is None:
        raise NotExamined(
            "需要机构令牌（ANXUE_CONTRACT_INSTITUTION_TOKEN）",
            "needs the institution's token (ANXUE_CONTRACT_INSTITUTION_TOKEN)",
        )
    return line.institution


def _begun(line: Line) -> Run:
    run = line.fresh()
    run.state(STARTED)
    run.send(run.batch())
    return run


def _pictured(run: Run, lesson: str, check: str = "") -> tuple[str, bytes]:
    """Take a picture: sealed, named by a record that is not sent yet. Raises NotExamined."""
    key = run.accepted.evidence_key
    if key is None:
        raise NotExamined("平台不收照片", "this platform takes no pictures")
    sealed = sealing.seal_picture(PICTURE, key)
    sha256 = hashlib.sha256(sealed).hexdigest()
    run.state(
        SnapshotTaken(
            lesson=lesson,
            why="check" if check else "between",
            sha256=sha256,
            size_bytes=len(sealed),
            of_check=check,
        )
    )
    return sha256, sealed


def _put(run: Run, sha256: str, content: bytes, kind: str = sealing.MEDIA_TYPE) -> httpx.Response:
    headers = {**run.headers, "Content-Type": kind}
    return run.http.put(f"/evidence/{sha256}", content=content, headers=headers)


@promise(
    "identity.compare",
    "人脸比对按参数答 same / unsure / different",
    "a face is compared: same, unsure or different, by the policy's thresholds",
)
def compare(line: Line) -> None:
    _institution(line)  # a face that the check knows has to be enrolled
    run = line.run()
    policy = run.accepted.policy
    middle = (policy.match_accept + policy.match_alert) / 2
    for similarity, expected in ((0.95, "same"), (middle, "unsure"), (-0.5, "different")):
        question = {"chain": run.chain, "embedding": face(math.acos(similarity))}
        answer = good(run.post("/identity", question), IdentityAnswer)
        expect(
            answer.answer == expected and abs(answer.similarity - similarity) < 1e-3,
            f"相似度 {similarity:.2f} 应答 {expected}，答 {answer.answer} {answer.similarity:.2f}",
            f"{similarity:.2f} should be {expected}, is {answer.answer} {answer.similarity:.2f}",
        )


@promise(
    "identity.shape",
    "不是人脸特征的数据、别次学习的核验：422 invalid",
    "what is no face, or a check of another run: 422 invalid",
)
def no_face(line: Line) -> None:
    run = line.run()
    for data in (bytes(511), bytes(512), b"\xff" * 512):
        question = {"chain": run.chain, "embedding": seal.to_base64url(data)}
        problem(run.post("/identity", question), 422, "invalid")
    elsewhere = {"chain": run.chain, "embedding": face(), "check": "c0.1"}
    problem(run.post("/identity", elsewhere), 422, "invalid")


@promise(
    "identity.enrol",
    "只有机构能登记人脸，且只限本机构学员",
    "only the institution enrols faces, and only of its own learners",
)
def enrol(line: Line) -> None:
    run = line.run()
    embedding = {"embedding": face()}
    place = f"/institution/learners/{run.accepted.learner.id}/template"
    problem(run.http.put(place, json=embedding), 401, "signed_out")
    answer = run.http.put(place, json=embedding, headers=run.headers)
    problem(answer, 403, "forbidden")
    headers = _institution(line)
    nobody = "/institution/learners/no-such-learner/template"
    problem(run.http.put(nobody, json=embedding, headers=headers), 404, "not_found")
    problem(run.http.get("/courses", headers=headers), 401, "signed_out")


@promise(
    "evidence.kept",
    "照片先有记录后收；可重发；学员看得到保存到何时",
    "a picture is taken after its record, may come again, and is listed with how long it is kept",
)
def evidence(line: Line) -> None:
    run = _begun(line)
    sha256, sealed = _pictured(run, line.lesson())
    problem(_put(run, sha256, sealed), 404, "not_found")
    run.send(run.batch(2))
    receipt = good(_put(run, sha256, sealed), EvidenceReceipt)
    expect(
        good(_put(run, sha256, sealed), EvidenceReceipt) == receipt,
        "重发后回执不同",
        "another receipt for the same picture",
    )
    items = good(run.get("/learners/me/evidence"), EvidenceList).items
    mine = [item for item in items if item.sha256 == sha256]
    expect(mine, "列表里没有这张照片", "the picture is not in the list")
    expect(
        mine[0].kept_until == receipt.kept_until > receipt.received_at,
        "保存期限不符",
        "the list and the receipt differ about how long it is kept",
    )


@promise(
    "evidence.refused",
    "内容、类型、大小与记录不符的照片被拒绝：422、415、413",
    "a picture that is not what its record names is refused: 422, 415, 413",
)
def evidence_refused(line: Line) -> None:
    run = _begun(line)
    sha256, sealed = _pictured(run, line.lesson())
    run.send(run.batch(2))
    problem(_put(run, sha256, sealed[:-1]), 422, "invalid")
    problem(_put(run, sha256, sealed, "image/jpeg"), 415, "invalid")
    large = b"x" * (MAX_EVIDENCE_BYTES + 1)
    problem(_put(run, hashlib.sha256(large).hexdigest(), large), 413, "too_large")
    problem(_put(run, hashlib.sha256(PICTURE).hexdigest(), PICTURE), 422, "invalid")


@promise(
    "evidence.private",
    "照片只有本人机构能打开，打开会记入学员的操作日志",
    "only the learner's institution opens a picture, and the learner's log says so",
)
def evidence_private(line: Line) -> None:
    headers = _institution(line)
    run = _begun(line)
    sha256, sealed = _pictured(run, line.lesson())
    run.send(run.batch(2))
    good(_put(run, sha256, sealed), EvidenceReceipt)
    place = f"/institution/evidence/{sha256}"
    problem(run.http.get(place), 401, "signed_out")
    problem(run.get(place), 403, "forbidden")
    opened = run.http.get(place, headers=headers)
    expect(opened.content == PICTURE, f"打不开：{told(opened)}", f"not opened: {told(opened)}")
    expect(
        "no-store" in opened.headers.get("cache-control", ""),
        "打开的照片可被缓存",
        "an opened picture may be cached",
    )
    log = run.get("/learners/me/hours").text
    expect("picture opened" in log, "操作日志没有记录查看", "the log does not say who looked")


@promise(
    "appeals.number",
    "申诉有编号；同一申诉再来编号不变；不收联系方式和别人的链",
    "an appeal gets a number, the same one again; contact data and other chains are refused",
)
def appeal(line: Line) -> None:
    run = _begun(line)
    said = {"chain": run.chain, "check": f"{run.chain}.1", "text": "戴着护目镜，没有认出我。"}
    first = good(run.post("/appeals", said), AppealReceipt)
    again = good(run.post("/appeals", said), AppealReceipt)
    expect(first == again, "同一申诉得到两个编号", "one appeal got two numbers")
    for text in ("13812345678", "li@example.com"):
        problem(run.post("/appeals", {"chain": run.chain, "text": text}), 422, "invalid")
    problem(run.post("/appeals", {"chain": run.chain, "text": "x" * 501}), 422, "invalid")
    problem(run.post("/appeals", {"chain": "c0"}), 404, "not_found")


@promise(
    "appeals.verdict",
    "机构看得到申诉，并能判定该次核验是否有效",
    "the institution sees the appeal and decides whether the check counts",
)
def verdict(line: Line) -> None:
    headers = _institution(line)
    run = _begun(line)
    lesson, check = line.lesson(), f"{run.chain}.1"
    run.ask(check, lesson, 0.0)
    run.attempt(check, lesson, passed=False)
    run.send(run.batch(2))
    said = {"chain": run.chain, "check": check, "lesson": lesson, "reason": "no_turn"}
    number = good(run.post("/appeals", said), AppealReceipt).number
    place = f"/institution/checks/{check}/verdict"
    problem(run.http.put(place, json={"counts": True}, headers=run.headers), 403, "forbidden")
    answer = run.http.put(place, json={"counts": True}, headers=headers)
    expect(answer.status_code == 204, f"判定：{told(answer)}", f"the verdict: {told(answer)}")
    listed = good(run.http.get("/institution/appeals", headers=headers), AppealList).appeals
    mine = [item for item in listed if item.number == number]
    expect(mine, "机构的列表里没有这条申诉", "the appeal is not in the institution's list")
    expect(mine[0].counts is True, "判定没有写入", "the decision is not told")
    nothing = f"/institution/checks/{run.chain}.9/verdict"
    problem(run.http.put(nothing, json={"counts": True}, headers=headers), 404, "not_found")


@promise(
    "archive.own",
    "学员可查本人电子档案：内容、每次学习、核验、考试，分页",
    "a learner reads the own archive: contents, runs, checks, tests, by pages",
)
def archive(line: Line) -> None:
    run = line.run()
    told = good(run.get("/learners/me/archive?limit=1"), Archive)
    expect(told.learner == run.accepted.learner.id, "是别人的档案", "it is another's archive")
    expect(
        [one.chain for one in told.runs] == [run.chain],
        "最近一次学习不在首页",
        "the newest run is not on the first page",
    )
    lessons = {lesson.id for lesson in line.course().lessons}
    lacking = lessons - {lesson.lesson for lesson in told.lessons}
    expect(not lacking, f"缺课程：{lacking}", f"lessons are missing: {lacking}")


CHECKS = (
    *(compare, no_face, enrol, evidence, evidence_refused, evidence_private),
    *(appeal, verdict, archive),
)
