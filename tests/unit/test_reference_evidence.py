"""Pictures for their term, checks that wait for a person, and what a decision changes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sync import sealing
from sync.contract import EvidenceList, EvidenceReceipt, LessonCredit
from sync.facts import CheckAttempted, SnapshotTaken
from sync.reference import keys
from tests.contract.learner import Run, face, good, problem
from tests.contract.local import Local, local_platform, policy

MONTH_S = 31 * 86_400.0


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Local]:
    with local_platform(tmp_path) as local:
        yield local


def credit(run: Run) -> LessonCredit:
    return good(run.get("/learners/me/credit/first"), LessonCredit)


def checked(local: Local, run: Run, *, risk: float = 0.0) -> str:
    """Half a minute of film and a passed check of that risk, and the run's end."""
    check = f"{run.chain}.1"
    run.begin("first")
    run.plan(check, "first", 30.0)
    run.send(run.batch())
    local.watch(run, "first", 0.0, 30.0)
    run.ask(check, "first", 30.0)
    run.state(
        CheckAttempted(
            check=check,
            lesson="first",
            attempt=1,
            passed=True,
            reason="",
            similarity=0.8,
            seconds=4.0,
            actions=("blink", "open_mouth"),
            risk=risk,
            signs=("flat",) if risk else (),
        )
    )
    run.end("first", 30.0)
    run.send(run.batch(5, close=True))
    return check


def decide(local: Local, check: str, counts: bool) -> None:
    headers = {"Authorization": f"Bearer {local.platform.keys.institution_token}"}
    path = f"/institution/checks/{check}/verdict"
    assert local.http.put(path, json={"counts": counts}, headers=headers).status_code == 204


def test_a_check_of_doubtful_signs_waits_until_a_person_has_decided(local: Local) -> None:
    run = local.sign_in()
    check = checked(local, run, risk=run.accepted.policy.risk_review)
    waits = credit(run)
    assert (waits.credited_s, waits.provisional_s) == (0.0, 30.0)
    assert [(span.state, span.reason) for span in waits.spans] == [("provisional", "review")]
    decide(local, check, counts=True)
    assert (credit(run).credited_s, credit(run).provisional_s) == (30.0, 0.0)
    decide(local, check, counts=False)
    assert [span.reason for span in credit(run).lost] == ["check_refused"]


def test_a_stranger_s_face_in_a_check_voids_it(local: Local) -> None:
    run = local.sign_in()
    check = checked(local, run)
    assert credit(run).credited_s == 30.0
    asked = {"chain": run.chain, "embedding": face(1.4), "check": check}
    assert run.post("/identity", asked).json()["answer"] == "different"
    # The learner's own face afterwards mends nothing; the sign-in stays what it was.
    assert run.post("/identity", {**asked, "embedding": face()}).json()["answer"] == "same"
    assert [span.reason for span in credit(run).lost] == ["check_failed"]
    decide(local, check, counts=True)
    assert credit(run).credited_s == 30.0


def test_nobody_is_enrolled_by_a_check(local: Local) -> None:
    run = local.sign_in(identified=False)
    asked = {"chain": run.chain, "embedding": face(), "enrol": True, "check": f"{run.chain}.1"}
    problem(run.post("/identity", asked), 404, "not_found")


def test_a_picture_is_deleted_after_its_term(tmp_path: Path) -> None:
    with local_platform(tmp_path, presets=policy(keeps_months_offline=2)) as local:
        run = local.sign_in()
        sha256, sealed = _picture(run)
        headers = {**run.headers, "Content-Type": sealing.MEDIA_TYPE}
        path = f"/evidence/{sha256}"
        good(run.http.put(path, content=sealed, headers=headers), EvidenceReceipt)
        staff = {"Authorization": f"Bearer {local.platform.keys.institution_token}"}
        local.clock.advance(MONTH_S)
        assert local.http.get(f"/institution{path}", headers=staff).content == b"a picture"
        local.clock.advance(MONTH_S)
        problem(local.http.get(f"/institution{path}", headers=staff), 404, "not_found")
        later = local.sign_in()
        assert good(later.get("/learners/me/evidence"), EvidenceList).items == ()
    with local_platform(tmp_path, clock=local.clock) as again, again.platform.store.reading() as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM evidence").scalar() == 0


def _picture(run: Run) -> tuple[str, bytes]:
    key = run.accepted.evidence_key
    assert key is not None
    sealed = sealing.seal_picture(b"a picture", key)
    sha256 = hashlib.sha256(sealed).hexdigest()
    run.state(SnapshotTaken(lesson="first", why="between", sha256=sha256, size_bytes=len(sealed)))
    run.send(run.batch())
    return sha256, sealed


def test_where_no_pictures_are_taken_there_is_no_key(tmp_path: Path) -> None:
    presets = policy(snapshots_per_check=0, snapshots_between=0)
    with local_platform(tmp_path, presets=presets) as local:
        assert local.sign_in().accepted.evidence_key is None


def test_a_folder_from_before_pictures_gets_a_key_of_its_own(tmp_path: Path) -> None:
    made = keys.load_or_make(tmp_path)
    file = tmp_path / "private" / "evidence.key"
    file.unlink()
    again = keys.load_or_make(tmp_path)
    kept = load_pem_private_key(file.read_bytes(), None)
    assert kept.private_numbers() == again.evidence.private_numbers()  # type: ignore[union-attr]
    assert again.evidence.private_numbers() != made.evidence.private_numbers()
    assert isinstance(again.key, rsa.RSAPrivateKey)
    assert again.key.private_numbers() != again.evidence.private_numbers()
    assert keys.load_or_make(tmp_path).evidence.private_numbers() == kept.private_numbers()  # type: ignore[union-attr]
    assert {each.name for each in (tmp_path / "private").iterdir()} == {
        *("platform.key", "vault.key", "evidence.key", keys.TOKEN_FILE)
    }
