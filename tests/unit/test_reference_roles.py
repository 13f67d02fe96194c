"""Institution and supervisor: their tokens, what those open, and what they do not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sync import verify
from sync.contract import (
    Hours,
    SupervisedChains,
    SupervisedHours,
    SupervisedInstitutions,
    SupervisedLearners,
)
from sync.operations import AuditList
from sync.reference import integrations, roles
from sync.reference.accounts import Role
from sync.reference.seed import INSTITUTION
from sync.reference.tables import ClassRow, InstitutionRow, LearnerRow
from tests.contract.learner import face, good, problem
from tests.contract.local import Local, local_platform
from tests.unit.test_reference_supervision import study

TEMPLATE = {"embedding": face()}


@dataclass
class Staff:
    local: Local

    def token(self, role: Role, institution: str | None = None, days: int | None = None) -> str:
        with self.local.platform.store.writing() as db:
            now = self.local.clock()
            return roles.make(db, role, institution, "a test", now, days=days)[0]

    def get(self, token: str, path: str) -> httpx.Response:
        answer: httpx.Response = self.local.http.get(
            path, headers={"Authorization": f"Bearer {token}"}
        )
        return answer

    def enrol(self, token: str, learner: str = "demo") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        path = f"/institution/learners/{learner}/template"
        answer: httpx.Response = self.local.http.put(path, json=TEMPLATE, headers=headers)
        return answer


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    with local_platform(tmp_path_factory.mktemp("roles")) as local:
        with local.platform.store.writing() as db:
            db.add(InstitutionRow(id="other", name="别的机构", token_sha256=b"other"))
            db.flush()
            db.add(ClassRow(id="other-class", institution="other", name="别的班"))
            db.flush()
            for number in range(3):
                db.add(
                    LearnerRow(
                        id=f"other-{number}", login=f"other-{number}", password_hash="-",
                        name="学员", institution="other", class_id="other-class",
                    )
                )  # fmt: skip
        yield Staff(local)


def test_an_institution_may_have_several_tokens_each_of_which_ends_by_itself(staff: Staff) -> None:
    first = staff.token("institution", INSTITUTION)
    second = staff.token("institution", INSTITUTION, days=2)
    for token in (first, second, staff.local.platform.keys.institution_token):
        assert staff.enrol(token).status_code == 204
    with staff.local.platform.store.writing() as db:
        listed = {each.id: each for each in roles.tokens(db, staff.local.clock())}
        roles.withdraw(db, min(listed), staff.local.clock())
    problem(staff.enrol(first), 401, "signed_out")
    assert staff.enrol(second).status_code == 204
    staff.local.clock.advance(2 * 86_400)
    problem(staff.enrol(second), 401, "signed_out")
    assert staff.enrol(staff.local.platform.keys.institution_token).status_code == 204
    with staff.local.platform.store.reading() as db:
        states = [each.state for each in roles.tokens(db, staff.local.clock())]
    assert states[:2] == ["withdrawn", "expired"]


def test_a_token_opens_its_own_role_and_institution_alone(staff: Staff) -> None:
    learner = staff.local.sign_in().session.token
    other = staff.token("institution", "other")
    supervisor = staff.token("supervisor")
    problem(staff.enrol(other), 404, "not_found")
    problem(staff.enrol(supervisor), 403, "forbidden")
    problem(staff.enrol(learner), 403, "forbidden")
    for path in (
        "/supervisor/institutions",
        "/supervisor/learners",
        "/supervisor/learners/demo/hours",
    ):
        problem(staff.local.http.get(path), 401, "signed_out")
        for token in (learner, other, staff.local.platform.keys.institution_token, "x" * 43):
            problem(staff.get(token, path), 403, "forbidden")
        assert staff.get(supervisor, path).status_code == 200
    problem(staff.get(supervisor, "/learners/me/hours"), 401, "signed_out")


def test_a_supervisor_only_reads(staff: Staff) -> None:
    document = staff.local.http.get("/openapi.json").json()
    methods = {
        method
        for operations in document["paths"].values()
        for method, operation in operations.items()
        if any("supervisor" in each for each in operation.get("security", ()))
    }
    assert methods == {"get"}


def test_the_database_keeps_no_token(staff: Staff) -> None:
    token = staff.token("supervisor")
    data = (staff.local.folder / "data" / "platform.sqlite3").read_bytes()
    wal = staff.local.folder / "data" / "platform.sqlite3-wal"
    data += wal.read_bytes() if wal.exists() else b""
    assert token.encode() not in data


def test_tokens_that_make_no_sense_are_not_made(staff: Staff) -> None:
    wrong: list[tuple[Role, str | None, str, int | None]] = [
        ("institution", None, "x", None),
        ("institution", "nowhere", "x", None),
        ("supervisor", INSTITUTION, "x", None),
        ("supervisor", None, "  ", None),
        ("supervisor", None, "x", 0),
        ("supervisor", None, "x", 99_999),
    ]
    with staff.local.platform.store.writing() as db:
        for role, institution, name, days in wrong:
            with pytest.raises(roles.RolesError):
                roles.make(db, role, institution, name, staff.local.clock(), days=days)
        with pytest.raises(roles.RolesError):
            roles.withdraw(db, 99_999, staff.local.clock())


def test_a_supervisor_leafs_through_institutions_and_learners(staff: Staff) -> None:
    token = staff.token("supervisor")
    all_of_them = good(staff.get(token, "/supervisor/institutions"), SupervisedInstitutions)
    assert [(each.id, each.learners) for each in all_of_them.items] == [
        (INSTITUTION, 2),
        ("other", 3),
    ]
    seen: list[str] = []
    after = ""
    while True:
        page = good(staff.get(token, f"/supervisor/learners?limit=2{after}"), SupervisedLearners)
        seen += [each.id for each in page.items]
        if page.next is None:
            break
        after = f"&after={page.next}"
    assert seen == ["demo", "demo-2", "other-0", "other-1", "other-2"]
    some = good(
        staff.get(token, "/supervisor/learners?institution=other&limit=3"), SupervisedLearners
    )
    assert (len(some.items), some.next) == (3, None)
    problem(staff.get(token, "/supervisor/learners?limit=0"), 422, "invalid")
    problem(staff.get(token, "/supervisor/learners/nobody/chains"), 404, "not_found")


def test_a_seal_that_came_by_itself_is_in_the_audit(staff: Staff) -> None:
    """Records without one, as while a PC catches up; the seal over them goes with the last tick."""
    run = staff.local.sign_in()
    run.begin("first")
    staff.local.watch(run, "first", 0, 20)
    run.send(run.batch(sealed=False))
    late = run.batch(len(run.records) + 1)
    assert late.seal is not None
    run.send(late)
    run.send(late)
    answer = staff.get(staff.token("supervisor"), f"/supervisor/chains/{run.chain}/bundle")
    assert late.seal in answer.content.decode()
    assert verify.verify(answer.content, staff.local.platform.keys.pem).ok


def test_an_audit_from_the_platform_alone(staff: Staff) -> None:
    """Hours, runs, and a bundle that the verifier believes."""
    run = study(staff.local)
    token = staff.token("supervisor")
    mine = good(run.get("/learners/me/hours"), Hours)
    hours = good(staff.get(token, "/supervisor/learners/demo/hours"), SupervisedHours)
    assert hours.lessons == mine.lessons
    chains = good(staff.get(token, "/supervisor/learners/demo/chains"), SupervisedChains)
    (one,) = (each for each in chains.items if each.chain == run.chain)
    assert (one.seq, one.sealed_seq) == (len(run.records), len(run.records))
    answer = staff.get(token, f"/supervisor/chains/{run.chain}/bundle")
    assert answer.headers["content-type"] == "application/vnd.anxue.bundle"
    report = verify.verify(answer.content, staff.local.platform.keys.pem)
    assert report.ok, report.explain("en")
    text = answer.content.decode()
    assert all(json.dumps(r.body.decode(), ensure_ascii=False) in text for r in run.records)
    changed = answer.content.replace(b"/verbs/", b"/verbz/", 1)
    assert changed != answer.content
    assert not verify.verify(changed, staff.local.platform.keys.pem).ok
    log = good(run.get("/learners/me/hours"), Hours).operations
    actions = [each.action for each in log]
    assert "records read by the supervisor" in actions
    assert "hours read by the supervisor" in actions
    problem(staff.get(token, "/supervisor/chains/nothing/bundle"), 404, "not_found")


def test_settings_are_read_with_secrets_from_files(tmp_path: Path) -> None:
    assert integrations.load(tmp_path) == integrations.Integrations()
    (tmp_path / "secret").write_text("hidden\n")
    (tmp_path / integrations.FILE).write_text(
        """
        [record_store]
        url = "https://lrs.invalid/xAPI"
        user = "anxue"
        password_file = "secret"
        [sign_on]
        issuer = "https://sso.invalid"
        client_id = "anxue"
        client_secret_file = "secret"
        algorithms = ["ES256"]
        """
    )
    told = integrations.load(tmp_path)
    assert told.destinations == ("xapi",)
    assert told.record_store is not None
    assert told.record_store.password == "hidden"
    assert told.sign_on is not None
    assert told.sign_on.algorithms == ("ES256",)
    assert "hidden" not in repr(told)


@pytest.mark.parametrize(
    "text",
    [
        "[records_store]\nurl='x'",
        "[record_store]\nuser='x'",
        "[record_store]\nurl='x'\ncolour='red'",
        "[record_store]\nurl='x'\nbatch='many'",
        "[record_store]\nurl='x'\nversion='3'",
        "[record_store]\nurl='x'\npassword_file='nowhere'",
        "record_store = 5",
        "[record_store",
    ],
)
def test_settings_that_make_no_sense_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / integrations.FILE).write_text(text)
    with pytest.raises(integrations.IntegrationsError) as caught:
        integrations.load(tmp_path)
    assert str(tmp_path) in str(caught.value)


def test_the_supervisor_reads_audit_logs_and_stands_in_one(staff: Staff) -> None:
    token = staff.token("supervisor")
    good(staff.get(token, "/supervisor/learners/demo/hours"), SupervisedHours)
    good(staff.get(token, "/supervisor/learners/demo/chains"), SupervisedChains)
    own = good(staff.get(token, "/supervisor/audit?limit=2"), AuditList)
    assert [(each.role, each.action, each.subject) for each in own.entries] == [
        ("supervisor", "runs read", "demo"),
        ("supervisor", "hours read", "demo"),
    ]
    good(staff.get(token, f"/supervisor/audit?institution={INSTITUTION}"), AuditList)
    problem(staff.get(staff.token("institution", "other"), "/supervisor/audit"), 403, "forbidden")
