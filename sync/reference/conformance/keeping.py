"""Promises about records: taken in order, whole, once, and only if all about them is right."""

import gzip
import json
from typing import Any

import httpx

from sync import chain as links
from sync import seal
from sync.contract import MAX_BATCH, ChainState, Problem, RecordAnswer
from sync.facts import ConsentGiven, SessionStarted
from sync.reference.conformance.answers import Missing, expect, good, problem
from sync.reference.conformance.learner import Run, body
from sync.reference.conformance.line import Line
from sync.reference.conformance.promise import promise
from sync.session import MistrustError, accept_answer

STARTED = SessionStarted(client_version="0.1.0", system="a check", camera="none")
CONSENT = ConsentGiven(version="2026-11", language="zh_CN")


def written(line: Line) -> Run:
    """A fresh run with three records that were not sent yet."""
    run = line.fresh()
    for fact in (STARTED, CONSENT, CONSENT):
        run.state(fact)
    return run


def kept(run: Run) -> ChainState:
    return good(run.get(f"/chains/{run.chain}"), ChainState)


def nothing_kept(run: Run) -> None:
    seq = kept(run).seq
    expect(
        seq == 0,
        f"被拒绝的批次仍留下了 {seq} 条记录",
        f"{seq} records of a refused batch were kept",
    )


def has(told: Problem, seq: int) -> None:
    expect(
        told.seq == seq,
        f"答复应写明平台已有到 {seq}，写的是 {told.seq}",
        f"the answer should say that the platform has {seq}, it says {told.seq}",
    )


@promise(
    "records.receipt",
    "收下的记录得到签名回执：链、序号、链头、信标与我方一致",
    "records that were taken get a signed receipt over our own chain, number, head and beacon",
)
def receipt(line: Line) -> None:
    run = written(line)
    trail = run.pen.beacons
    answer = good(run.post("/records", run.batch()), RecordAnswer)
    try:
        accept_answer(
            answer, line.certificate, run.chain, lambda seq: run.records[seq - 1].head, trail
        )
    except MistrustError as error:
        raise Missing(f"回执不可信：{error}", f"the receipt: {error}") from error
    expect(answer.acked == 3, f"应收到 3，答 {answer.acked}", f"3 were sent, acked {answer.acked}")


@promise(
    "records.repeat",
    "同一批记录再来不改变任何内容",
    "records that come again change nothing",
)
def repeat(line: Line) -> None:
    run = written(line)
    first = run.send(run.batch())
    again = run.send(run.batch())
    expect(
        (again.acked, run.receipt(again).head) == (first.acked, run.receipt(first).head),
        "再发一次后序号或链头不同",
        "number or head is another after a repetition",
    )
    run.state(CONSENT)
    expect(
        run.send(run.batch(2)).acked == 4,
        "半旧半新的批次未全部收下",
        "a batch that is half old and half new was not taken",
    )


@promise(
    "records.gap",
    "缺号：409 gap，并写明平台已有的序号",
    "a gap: 409 gap, with the number that the platform has",
)
def gap(line: Line) -> None:
    run = written(line)
    has(problem(run.post("/records", run.batch(2)), 409, "gap"), 0)
    run.send(run.batch(1, 1))
    has(problem(run.post("/records", run.batch(3)), 409, "gap"), 1)
    expect(run.send(run.batch(2)).acked == 3, "补齐后未收下", "not taken after the gap was filled")


@promise(
    "records.order",
    "一批之内序号必须相连：422 invalid",
    "records of a batch follow one another: 422 invalid",
)
def order(line: Line) -> None:
    run = written(line)
    batch = body(run.batch())
    for places in ([0, 2], [1, 0, 2], [0, 0, 1]):
        told = [batch["records"][place] for place in places]
        problem(run.post("/records", {**batch, "seal": None, "records": told}), 422, "invalid")
    nothing_kept(run)


@promise(
    "records.fork",
    "同一序号的第二种内容：409 fork，链关闭待查",
    "a second history of a number: 409 fork, and the chain is closed for review",
)
def fork(line: Line) -> None:
    run = written(line)
    early = run.pen
    run.send(run.batch())
    start = run.accepted.start
    for record in run.records[:2]:
        start, _ = links.append(start, record.body)
    run.pen = type(early)(early.home_page, early.learner, start, early.beacons)
    run.state(STARTED)
    forged = {"chain": run.chain, "records": [body(run.wire(4)[0])]}
    has(problem(run.post("/records", forged), 409, "fork"), 3)
    expect(kept(run).closed, "分叉后链仍开放", "the chain is still open after a fork")


def _bent_mac(run: Run) -> dict[str, Any]:
    batch = body(run.batch())
    mac = bytearray(seal.from_base64url(batch["records"][2]["mac"]))
    mac[7] ^= 1
    batch["records"][2]["mac"] = seal.to_base64url(bytes(mac))
    return batch


@promise(
    "records.mac",
    "MAC 不对，或内容被改：422 bad_mac，整批不收",
    "a wrong MAC, or a changed text: 422 bad_mac, and nothing of the batch is kept",
)
def mac(line: Line) -> None:
    run = written(line)
    problem(run.post("/records", _bent_mac(run)), 422, "bad_mac")
    batch = body(run.batch())
    batch["records"][1]["body"] = batch["records"][1]["body"].replace("zh_CN", "en")
    problem(run.post("/records", batch), 422, "bad_mac")
    nothing_kept(run)


@promise(
    "records.seal",
    "签章不对、不是本次的、或签的是别的：422 bad_seal，整批不收",
    "a wrong seal, another run's, or over something else: 422 bad_seal, and nothing is kept",
)
def wrong_seal(line: Line) -> None:
    run = written(line)
    batch = body(run.batch())
    problem(run.post("/records", {**batch, "seal": batch["seal"][:-8] + "A" * 8}), 422, "bad_seal")
    problem(run.post("/records", {**batch, "records": batch["records"][:2]}), 422, "bad_seal")
    run.session = line.fresh().session
    newest = line.run()
    foreign = {**batch, "seal": run.pen.seal(newest.signer)}
    problem(run.post("/records", foreign), 422, "bad_seal")
    nothing_kept(run)


@promise(
    "records.closed",
    "结束的链不再收新记录：409 closed",
    "a chain that was closed takes nothing more: 409 closed",
)
def closed(line: Line) -> None:
    run = written(line)
    run.send(run.batch(close=True))
    run.send(run.batch(close=True))
    run.state(CONSENT)
    has(problem(run.post("/records", run.batch(4)), 409, "closed"), 3)


@promise(
    "records.contact",
    "含电话、邮箱、微信号的记录被拒绝，答复不复述",
    "a record with a telephone number or an address is refused, and not repeated in the answer",
)
def contact(line: Line) -> None:
    for text in ("13812345678", "li@example.com", "weixin:abc"):
        run = line.fresh()
        run.state(SessionStarted(client_version="0.1.0", system=f"PC {text}", camera="none"))
        told = problem(run.post("/records", run.batch()), 422, "invalid")
        expect(text not in told.detail, "答复复述了联系方式", "the answer repeats the contact data")
        nothing_kept(run)


@promise(
    "records.place",
    "记录只能说自己的学习：别人的、别的链的、未来信标的都被拒绝",
    "a record states its own run: another learner's, or a beacon not yet revealed, is refused",
)
def place(line: Line) -> None:
    run = line.fresh()
    run.state(STARTED)
    pen = run.pen
    run.pen = type(pen)(pen.home_page, "somebody", pen.state, pen.beacons)
    run.state(CONSENT)
    problem(run.post("/records", body(run.batch(sealed=False))), 422, "invalid")
    run.records.pop()
    trail = links.BeaconTrail(pen.beacons.index + 1, bytes(32))
    run.pen = type(pen)(pen.home_page, pen.learner, pen.state, trail)
    run.state(CONSENT)
    problem(run.post("/records", body(run.batch(sealed=False))), 422, "invalid")
    run.records.pop()
    _, record = links.append(pen.state, b'{"verb":"watched"}')
    run.records.append(record)
    problem(run.post("/records", body(run.batch(sealed=False))), 422, "invalid")
    nothing_kept(run)


@promise(
    "records.tick",
    "进行中的片段（tick）有 MAC 才收，只能是观看",
    "the open tick is taken with its MAC, and states nothing but watching",
)
def tick(line: Line) -> None:
    run = written(line)
    run.send(run.batch())
    said = run.open_tick(run.watched(line.lesson(), 20.0, 20.1))
    batch = body(run.batch(4, sealed=False, tick=said))
    good(run.post("/records", batch), RecordAnswer)
    bent = {**batch, "tick": {**batch["tick"], "mac": seal.to_base64url(bytes(32))}}
    problem(run.post("/records", bent), 422, "bad_mac")
    ahead = {**batch, "tick": {**batch["tick"], "seq": 4}}
    problem(run.post("/records", ahead), 409, "gap")


@promise(
    "records.beacons",
    "信标逐个散列回到授权里的承诺",
    "each beacon hashes back to the one before, down to the grant",
)
def beacons(line: Line) -> None:
    run = line.fresh()
    for _ in range(3):
        run.state(CONSENT)
        run.send(run.batch(len(run.records)))  # Raises ChainError where one does not fit.


def packed(run: Run, content: bytes, encoding: str = "gzip") -> httpx.Response:
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding, **run.headers}
    return run.http.post("/records", content=content, headers=headers)


@promise(
    "records.gzip",
    "请求可用 gzip 压缩；坏的压缩包 422，别的编码 415",
    "bodies may be gzip; a damaged one is 422, another encoding 415",
)
def gzipped(line: Line) -> None:
    run = written(line)
    plain = run.batch().model_dump_json().encode()
    good(packed(run, gzip.compress(plain)), RecordAnswer)
    problem(packed(run, gzip.compress(plain)[:-9]), 422, "invalid")
    problem(packed(run, plain), 422, "invalid")
    problem(packed(run, plain, "br"), 415, "invalid")


@promise(
    "records.too_large",
    "太大的请求被拒绝：413 too_large，解压炸弹也是；一批至多 200 条",
    "too much is refused: 413 too_large, also unpacked; at most 200 records a batch",
)
def too_large(line: Line) -> None:
    run = written(line)
    problem(packed(run, b" " * 5_000_000, "identity"), 413, "too_large")
    problem(packed(run, gzip.compress(bytes(50_000_000))), 413, "too_large")
    record = body(run.batch())["records"][0]
    many = [{**record, "seq": seq} for seq in range(1, MAX_BATCH + 2)]
    problem(run.post("/records", {"chain": run.chain, "records": many}), 422, "invalid")
    nothing_kept(run)


@promise(
    "records.shape",
    "不认识的成员、坏的编号、非 Unicode 文本：422 invalid",
    "unknown members, bad ids, broken Unicode: 422 invalid",
)
def shape(line: Line) -> None:
    run = line.run()
    for bend in (
        {"extra": 1},
        {"chain": "../etc"},
        {"records": None},
        {"seal": "a.b"},
        {"records": [{"seq": 1, "body": "\ud800", "mac": "AA"}]},
        {"records": [{"seq": 1, "body": "{}", "mac": "A"}]},
    ):
        text = json.dumps({"chain": run.chain, "records": [], **bend})
        problem(packed(run, text.encode(), "identity"), 422, "invalid")


CHECKS = (
    *(receipt, repeat, gap, order, fork, mac, wrong_seal, closed, contact),
    *(place, tick, beacons, gzipped, too_large, shape),
)
