"""Promises about signing in, and about what a run stands on."""

import base64

from cryptography.hazmat.primitives import hashes

from sync import seal, trust
from sync.contract import ChainState, Health, Policy, SignedPolicy
from sync.facts import SessionStarted
from sync.reference.conformance.answers import Missing, expect, good, problem
from sync.reference.conformance.learner import body, sign_in_message
from sync.reference.conformance.line import Line
from sync.reference.conformance.promise import NotExamined, promise

STARTED = SessionStarted(client_version="0.1.0", system="a check", camera="none")


@promise(
    "public.health",
    "任何人可查询平台是否正常，答复写明平台证书",
    "anybody may ask whether it is alive; the answer names the certificate",
)
def health(line: Line) -> None:
    told = good(line.http.get("/health"), Health)
    expect(
        told.certificate_sha256 == line.certificate.fingerprint(hashes.SHA256()).hex(),
        "health 写明的证书与给出的 PEM 不同",
        "health names another certificate than the PEM",
    )
    expect(
        told.demo == trust.is_demo(line.certificate),
        "demo 标记与证书不符",
        "the mark `demo` is not what the certificate says",
    )


@promise("public.policy", "现行参数由平台签名", "the policy in force is signed")
def policy(line: Line) -> None:
    signed = good(line.http.get("/policy"), SignedPolicy)
    try:
        seal.read(signed.policy, "policy", line.certificate, Policy)
    except seal.SealError as error:
        raise Missing(f"签名不可信：{error}", f"the signature: {error}") from error


@promise(
    "sessions.grant",
    "登录答复含签名的授权、参数、本次证书和首个信标，全部可核验",
    "signing in gives a signed grant, policy, certificate and first beacon, all verifiable",
)
def grant(line: Line) -> None:
    run = line.fresh()  # Raises Missing if anything about it can't be believed.
    grant = run.accepted.grant
    expect(
        run.session.beacon.index == 1, "首个信标的序号不是 1", "the first beacon's index is not 1"
    )
    expect(
        grant.seed_length >= 1000,
        f"seed_length 只有 {grant.seed_length}，不够一次学习",
        f"seed_length {grant.seed_length} is not enough for a run",
    )
    expect(
        run.session.next_after_s <= run.accepted.policy.heartbeat_s,
        "next_after_s 大于参数 heartbeat_s",
        "next_after_s is over the policy's heartbeat_s",
    )


@promise(
    "sessions.fresh",
    "每次登录都是新的链、令牌、MAC 起始密钥和随机数承诺",
    "each sign-in has a chain, token, MAC key and seed commitment of its own",
)
def fresh(line: Line) -> None:
    one, two = line.fresh(), line.fresh()
    for name, same in (
        ("chain", one.chain == two.chain),
        ("token", one.session.token == two.session.token),
        ("k0", one.session.k0 == two.session.k0),
        ("seed_commitment", one.accepted.grant.seed_commitment
         == two.accepted.grant.seed_commitment),
    ):  # fmt: skip
        expect(not same, f"两次登录的 {name} 相同", f"two sign-ins have the same {name}")


@promise(
    "sessions.wrong_password",
    "密码错误与用户不存在的答复一样：401 wrong_password",
    "a wrong password and an unknown name look the same: 401 wrong_password",
)
def wrong_password(line: Line) -> None:
    name, password = line.learner
    first, second = (
        problem(line.http.post("/sessions", json=body(message)), 401, "wrong_password")
        for message in (
            sign_in_message(name, password + "x", line.key()),
            sign_in_message("nobody-of-that-name", password, line.key()),
        )
    )
    expect(first == second, "两种答复不同", "the two answers differ")


@promise(
    "sessions.key",
    "不能用来签名的公钥被拒绝：422 invalid",
    "a public key that no seal may be made with is refused: 422 invalid",
)
def key(line: Line) -> None:
    for bad in (b"no key at all", b"0" * 294):
        message = body(sign_in_message(*line.learner, line.key()))
        message["public_key"] = base64.urlsafe_b64encode(bad).decode().rstrip("=")
        problem(line.http.post("/sessions", json=message), 422, "invalid")


@promise(
    "sessions.take_over",
    "另处登录后，原处的令牌失效：409 taken_over；剩余记录可由新令牌补交",
    "signing in elsewhere ends the earlier run: 409 taken_over; the newest token brings its rest",
)
def take_over(line: Line) -> None:
    first = line.fresh()
    first.state(STARTED)
    second = line.fresh()
    problem(first.post("/records", first.batch()), 409, "taken_over")
    problem(first.get("/courses"), 409, "taken_over")
    state = good(second.get(f"/chains/{first.chain}"), ChainState)
    expect(
        (state.seq, state.taken_over, state.closed) == (0, True, False),
        "chains/{id} 未写明已被接替",
        "chains/{id} does not say that the run was taken over",
    )
    expect(
        state in second.session.previous,
        "登录答复的 previous 里没有未结束的原链",
        "the earlier chain is not among `previous` of the sign-in",
    )
    answer = second.send(first.batch(close=True))
    expect(answer.acked == 1, "补交的记录未被收下", "the rest of the earlier run was not taken")
    expect(
        first.receipt(answer).beacon.index == 1,
        "已结束的学习得到了新信标",
        "a run that is over learnt a new beacon",
    )
    expect(
        good(second.get(f"/chains/{first.chain}"), ChainState).closed,
        "close 之后链仍未关闭",
        "the chain is still open after `close`",
    )


@promise(
    "sessions.token",
    "没有令牌或令牌不对：401 signed_out",
    "without a token, or with a wrong one: 401 signed_out",
)
def token(line: Line) -> None:
    run = line.run()
    for path in ("/courses", "/categories", "/learners/me/hours", f"/chains/{run.chain}"):
        problem(line.http.get(path), 401, "signed_out")
        wrong = {"Authorization": f"Bearer {'x' * 43}"}
        problem(line.http.get(path, headers=wrong), 401, "signed_out")
    nothing = {"chain": run.chain, "records": []}
    problem(line.http.post("/records", json=nothing), 401, "signed_out")


@promise(
    "sessions.stranger",
    "一名学员的令牌打不开另一名学员的任何内容",
    "one learner's token opens nothing of another's",
)
def stranger(line: Line) -> None:
    mine = line.run()
    mine.state(STARTED)
    theirs = line.stranger()
    if theirs is None:
        raise NotExamined("需要另一名学员（--learner-2）", "needs another learner (--learner-2)")
    embedding = seal.to_base64url(mine.accepted.template or bytes(512))
    problem(theirs.post("/records", mine.batch()), 403, "forbidden")
    problem(theirs.get(f"/chains/{mine.chain}"), 403, "forbidden")
    problem(theirs.post("/appeals", {"chain": mine.chain}), 403, "forbidden")
    face = {"chain": mine.chain, "embedding": embedding}
    problem(theirs.post("/identity", face), 403, "forbidden")


@promise(
    "sessions.body",
    "读不懂的登录请求：422 invalid，答复里不含密码",
    "a sign-in that can't be understood: 422 invalid, and the password is not in the answer",
)
def secret(line: Line) -> None:
    problem(line.http.post("/sessions", content=b"{"), 422, "invalid")
    answer = line.http.post("/sessions", json={"name": "x", "password": "hush-hush"})
    problem(answer, 422, "invalid")
    expect("hush-hush" not in answer.text, "答复里有密码", "the password is in the answer")


CHECKS = (
    *(health, policy, grant, fresh, wrong_password, key),
    *(take_over, token, stranger, secret),
)
