"""Signing in, taking over, and who may do what."""

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync import seal, trust
from sync.contract import ChainState, Health, Policy, Problem, RecordAnswer, SignedPolicy
from sync.facts import SessionStarted
from sync.session import MistrustError, accept_session
from tests.contract.conftest import Server, SignIn
from tests.contract.learner import Run, body, good, problem, run_key, sign_in_message


def test_health_is_for_anyone_and_names_the_certificate(server: Server, http: httpx.Client) -> None:
    health = good(http.get("/health"), Health)
    assert health.certificate_sha256 == server.certificate.fingerprint(hashes.SHA256()).hex()
    assert health.demo == trust.is_demo(server.certificate)


def test_the_policy_in_force_is_signed(server: Server, http: httpx.Client) -> None:
    signed = good(http.get("/policy"), SignedPolicy)
    assert isinstance(seal.read(signed.policy, "policy", server.certificate, Policy), Policy)


def test_a_run_stands_on_grant_certificate_policy_and_beacon(run: Run) -> None:
    # `sign_in` has checked all of it as the client does; here is what a client adds to it.
    grant = run.accepted.grant
    assert grant.learner == run.accepted.learner.id
    assert run.session.beacon.index == 1
    assert grant.seed_length >= 1000
    assert run.accepted.policy == seal.read(
        run.session.policy, "policy", trust.load_all(run.session.certificate)[1], Policy
    )
    assert run.session.template is not None


def test_a_production_client_refuses_a_demo_platform(server: Server, run: Run) -> None:
    if not trust.is_demo(server.certificate):
        pytest.skip("a production platform")
    with pytest.raises(MistrustError) as refused:
        accept_session(run.session, server.certificate, "production", run_key().public_key())
    assert refused.value.demo


def test_a_wrong_password_and_an_unknown_name_look_the_same(
    server: Server, http: httpx.Client
) -> None:
    name, password = server.learner
    told = [
        problem(http.post("/sessions", json=body(message)), 401, "wrong_password")
        for message in (
            sign_in_message(name, password + "x", run_key()),
            sign_in_message("nobody-of-that-name", password, run_key()),
        )
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("kind", ["small", "elliptic", "nonsense"])
def test_a_key_that_no_seal_may_be_made_with_is_refused(
    server: Server, http: httpx.Client, kind: str
) -> None:
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    match kind:
        case "small":
            key = rsa.generate_private_key(65_537, 1024).public_key().public_bytes(*form)  # noqa: S505
        case "elliptic":
            key = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*form)
        case _:
            key = b"no key at all"
    message = body(sign_in_message(*server.learner, run_key()))
    message["public_key"] = seal.to_base64url(key)
    problem(http.post("/sessions", json=message), 422, "invalid")


def test_signing_in_elsewhere_ends_the_earlier_run(learner: SignIn) -> None:
    first = learner()
    first.state(SessionStarted(client_version="0.1.0", system="a test", camera="none"))
    second = learner()
    problem(first.post("/records", first.batch()), 409, "taken_over")
    problem(first.get("/courses"), 409, "taken_over")
    state = good(second.get(f"/chains/{first.chain}"), ChainState)
    assert (state.seq, state.taken_over, state.closed) == (0, True, False)
    assert second.session.previous[0] == state
    # What the first PC still has is taken under the newest token, and its chain ended.
    answer = good(second.post("/records", first.batch(close=True)), RecordAnswer)
    assert answer.acked == 1
    assert first.receipt(answer).beacon.index == 1, "a run that is over learns no new beacon"
    assert good(second.get(f"/chains/{first.chain}"), ChainState).closed
    assert first.chain not in {chain.chain for chain in learner().session.previous}


def test_one_learners_token_opens_nothing_of_another(
    learner: SignIn, other: SignIn, lesson: str
) -> None:
    mine = learner()
    mine.state(SessionStarted(client_version="0.1.0", system="a test", camera="none"))
    paper = mine.post("/papers", {"lesson": lesson}).json()["id"]
    theirs = other()
    problem(theirs.post("/records", mine.batch()), 403, "forbidden")
    problem(theirs.get(f"/chains/{mine.chain}"), 403, "forbidden")
    problem(theirs.post(f"/papers/{paper}/answers", {"answers": {}}), 403, "forbidden")
    question = {"chain": mine.chain, "embedding": mine.session.template}
    problem(theirs.post("/identity", question), 403, "forbidden")
    assert good(mine.get(f"/chains/{mine.chain}"), ChainState).seq == 0


def test_every_endpoint_wants_its_token(http: httpx.Client, run: Run) -> None:
    document = http.get("/openapi.json").json()
    tried = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "security" not in operation:
                continue  # for anybody: test_every_endpoint has the list
            tried += 1
            schemes = set().union(*operation["security"])
            wrong = "x" * 43 if "learner" in schemes else run.session.token
            place = http.base_url.copy_with(path=_filled(path, run.chain))
            without = http.request(method, place)
            assert (without.status_code, _code(without)) == (401, "signed_out"), path
            foreign = http.request(method, place, headers={"Authorization": f"Bearer {wrong}"})
            assert foreign.status_code in {401, 403}, path
            assert _code(foreign) in {"signed_out", "forbidden"}, path
    assert tried >= 12


def _filled(path: str, chain: str) -> str:
    for name, value in {"chain": chain, "mode": "fluent", "language": "en"}.items():
        path = path.replace("{" + name + "}", value)
    return path.replace("{", "").replace("}", "")


def _code(answer: httpx.Response) -> str:
    return Problem.model_validate_json(answer.content).code
