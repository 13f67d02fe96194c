"""Pictures, appeals and verdicts: only what a record names, only for whom it concerns."""

import hashlib
import math
from datetime import datetime

import httpx
import pytest

from sync import sealing
from sync.contract import (
    MAX_EVIDENCE_BYTES,
    AppealItem,
    AppealList,
    AppealReceipt,
    EvidenceList,
    EvidenceReceipt,
    Hours,
    IdentityAnswer,
)
from sync.facts import SessionStarted, SnapshotTaken
from sync.ports import PictureWhy
from tests.contract.conftest import Server, SignIn
from tests.contract.learner import Run, face, good, problem

PICTURE = b"\xff\xd8 a picture \xff\xd9"


def picture_of(run: Run, picture: bytes = PICTURE, check: str = "") -> tuple[str, bytes]:
    """Take a picture: sealed, named by a record that is not sent yet."""
    key = run.accepted.evidence_key
    assert key is not None
    sealed = sealing.seal_picture(picture, key)
    sha256 = hashlib.sha256(sealed).hexdigest()
    why: PictureWhy = "check" if check else "between"
    run.state(
        SnapshotTaken(
            lesson="first", why=why, sha256=sha256, size_bytes=len(sealed), of_check=check
        )
    )
    return sha256, sealed


def put(run: Run, sha256: str, sealed: bytes, kind: str = sealing.MEDIA_TYPE) -> httpx.Response:
    headers = {**run.headers, "Content-Type": kind}
    return run.http.put(f"/evidence/{sha256}", content=sealed, headers=headers)


def listed(run: Run) -> EvidenceList:
    return good(run.get("/learners/me/evidence"), EvidenceList)


@pytest.fixture
def institution(server: Server) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.institution_token}"}


@pytest.fixture
def begun(run: Run) -> Run:
    run.state(SessionStarted(client_version="0.1.0", system="a test", camera="none"))
    run.send(run.batch())
    return run


def test_a_picture_comes_after_its_record_and_may_come_again(
    begun: Run, institution: dict[str, str]
) -> None:
    sha256, sealed = picture_of(begun, check=f"{begun.chain}.1")
    problem(put(begun, sha256, sealed), 404, "not_found")
    begun.send(begun.batch(2))
    receipt = good(put(begun, sha256, sealed), EvidenceReceipt)
    assert receipt.sha256 == sha256
    assert good(put(begun, sha256, sealed), EvidenceReceipt) == receipt
    (item,) = (item for item in listed(begun).items if item.sha256 == sha256)
    assert (item.lesson, item.why, item.check) == ("first", "check", f"{begun.chain}.1")
    assert (item.received_at, item.kept_until) == (receipt.received_at, receipt.kept_until)
    received, kept = map(datetime.fromisoformat, (item.received_at, item.kept_until))
    months = (kept.year - received.year) * 12 + kept.month - received.month
    assert months == begun.accepted.policy.keeps_months_offline
    # The institution can look at it, and the learner sees that it did.
    opened = begun.http.get(f"/institution/evidence/{sha256}", headers=institution)
    assert (opened.status_code, opened.content) == (200, PICTURE)
    assert opened.headers["content-type"] == "image/jpeg"
    assert "no-store" in opened.headers["cache-control"]
    actions = [line.action for line in good(begun.get("/learners/me/hours"), Hours).operations]
    assert "picture opened by the institution" in actions


def test_what_is_no_sealed_picture_of_that_name_is_refused(begun: Run) -> None:
    sha256, sealed = picture_of(begun)
    begun.send(begun.batch(2))
    problem(put(begun, sha256, sealed[:-1]), 422, "invalid")
    problem(put(begun, sha256, sealed, "image/jpeg"), 415, "invalid")
    problem(put(begun, sha256.upper(), sealed), 422, "invalid")
    large = b"x" * (MAX_EVIDENCE_BYTES + 1)
    problem(put(begun, hashlib.sha256(large).hexdigest(), large), 413, "too_large")
    bare = hashlib.sha256(PICTURE).hexdigest()
    problem(put(begun, bare, PICTURE), 422, "invalid")
    assert sha256 not in {item.sha256 for item in listed(begun).items}


def test_a_record_says_how_large_its_picture_is(begun: Run) -> None:
    key = begun.accepted.evidence_key
    assert key is not None
    sealed = sealing.seal_picture(PICTURE, key)
    sha256 = hashlib.sha256(sealed).hexdigest()
    begun.state(SnapshotTaken(lesson="first", why="between", sha256=sha256, size_bytes=0))
    begun.send(begun.batch(2))
    problem(put(begun, sha256, sealed), 422, "invalid")


def test_a_picture_without_a_name_is_no_record(begun: Run) -> None:
    begun.state(SnapshotTaken(lesson="first", why="between", sha256="../x", size_bytes=9))
    problem(begun.post("/records", begun.batch(2)), 422, "invalid")


def test_nobody_sees_another_learner_s_pictures(begun: Run, other: SignIn) -> None:
    sha256, sealed = picture_of(begun)
    begun.send(begun.batch(2))
    stranger = other()
    problem(put(stranger, sha256, sealed), 404, "not_found")
    good(put(begun, sha256, sealed), EvidenceReceipt)
    assert sha256 not in {item.sha256 for item in listed(stranger).items}
    path = f"/institution/evidence/{sha256}"
    problem(begun.get(path), 403, "forbidden")
    problem(begun.http.get(path), 401, "signed_out")


def test_a_picture_of_an_earlier_run_comes_with_the_next(begun: Run, learner: SignIn) -> None:
    sha256, sealed = picture_of(begun)
    later = learner()
    later.send(begun.batch(2, sealed=False, close=True))
    assert good(put(later, sha256, sealed), EvidenceReceipt).sha256 == sha256


def test_the_evidence_key_is_not_the_signing_key(server: Server, run: Run) -> None:
    key = run.accepted.evidence_key
    assert key is not None
    signing = server.certificate.public_key()
    assert key != signing


def test_an_appeal_has_a_number(begun: Run, institution: dict[str, str]) -> None:
    check = f"{begun.chain}.1"
    sha256, sealed = picture_of(begun, check=check)
    begun.ask(check, "first", 0.0)
    begun.attempt(check, "first", passed=False)
    begun.send(begun.batch(2))
    good(put(begun, sha256, sealed), EvidenceReceipt)
    told = {
        "chain": begun.chain,
        "check": check,
        "lesson": "first",
        "reason": "no_turn",
        "text": "戴着护目镜，系统没有认出我。",
    }
    first = good(begun.post("/appeals", told), AppealReceipt)
    assert first.number.startswith("A-")
    assert good(begun.post("/appeals", told), AppealReceipt) == first
    second = good(begun.post("/appeals", {**told, "text": ""}), AppealReceipt)
    assert second.number > first.number
    all_of_them = begun.http.get("/institution/appeals", headers=institution)
    item = _item(good(all_of_them, AppealList), first.number)
    assert (item.learner, item.check, item.counts) == (begun.accepted.learner.id, check, None)
    assert (item.text, item.evidence) == (told["text"], (sha256,))
    # The decision, and another one.
    for counts in (True, False):
        path = f"/institution/checks/{check}/verdict"
        answer = begun.http.put(path, json={"counts": counts}, headers=institution)
        assert answer.status_code == 204, answer.text
        all_of_them = begun.http.get("/institution/appeals", headers=institution)
        assert _item(good(all_of_them, AppealList), first.number).counts is counts


def _item(appeals: AppealList, number: str) -> AppealItem:
    return next(item for item in appeals.appeals if item.number == number)


@pytest.mark.parametrize("text", ["13812345678", "li@example.com", "微信 abc"])
def test_an_appeal_holds_no_contact_data(begun: Run, text: str) -> None:
    told = problem(begun.post("/appeals", {"chain": begun.chain, "text": text}), 422, "invalid")
    assert text not in told.detail


def test_an_appeal_is_about_ones_own_run(begun: Run, other: SignIn) -> None:
    problem(other().post("/appeals", {"chain": begun.chain}), 403, "forbidden")
    problem(begun.post("/appeals", {"chain": "c0"}), 404, "not_found")
    problem(begun.post("/appeals", {"chain": begun.chain, "text": "x" * 501}), 422, "invalid")


def test_only_the_institution_decides_and_only_about_checks(
    begun: Run, institution: dict[str, str]
) -> None:
    path = f"/institution/checks/{begun.chain}.1/verdict"
    problem(begun.http.put(path, json={"counts": True}, headers=begun.headers), 403, "forbidden")
    problem(begun.http.put(path, json={"counts": True}, headers=institution), 404, "not_found")
    begun.ask(f"{begun.chain}.1", "first", 0.0)
    begun.send(begun.batch(2))
    problem(begun.http.put(path, json={"counts": 7}, headers=institution), 422, "invalid")
    assert begun.http.put(path, json={"counts": True}, headers=institution).status_code == 204
    nobody = "/institution/checks/c0.1/verdict"
    problem(begun.http.put(nobody, json={"counts": True}, headers=institution), 404, "not_found")


def test_a_face_in_a_check_is_of_that_run(run: Run) -> None:
    stranger = {"chain": run.chain, "embedding": face(math.acos(0.1))}
    asked = {**stranger, "check": f"{run.chain}.1"}
    assert good(run.post("/identity", asked), IdentityAnswer).answer == "different"
    for check in ("c0.1", run.chain, f"{run.chain}-1"):
        problem(run.post("/identity", {**stranger, "check": check}), 422, "invalid")
