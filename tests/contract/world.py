"""A platform with everybody there: learners of two institutions, their offices, a supervisor.

What the first learner has (a run, a picture, a paper, an appeal) has names that a test can look
for where they must not be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync import facts
from sync.contract import AppealReceipt, Courses, EvidenceReceipt, MediaAddress, Paper
from sync.reference import roles
from sync.reference.accounts import new_token
from sync.reference.demo import DEMO_LEARNER, SECOND_LEARNER, DemoLearner
from sync.reference.keys import institution_token
from sync.reference.tables import ClassRow, InstitutionRow, LearnerRow
from tests.contract.learner import Run, good
from tests.contract.local import Local, local_platform
from tests.contract.test_evidence import picture_of, put

EXPIRED = DemoLearner("gone", "gone", "陈去")
SPARE = DemoLearner("spare", "spare", "何备")  # whom the tests sign in as
ELSEWHERE = DemoLearner("far", "far", "黄远")


@dataclass(frozen=True)
class World:
    """tokens: by role, "" for none. run: the first learner's. sealed: the picture's bytes."""

    local: Local
    run: Run
    tokens: dict[str, str]
    lesson: str
    check: str
    sha256: str
    sealed: bytes
    paper: Paper
    appeal: str
    address: MediaAddress

    @property
    def private(self) -> tuple[str, ...]:
        """What names the first learner and what is theirs."""
        return (self.run.chain, self.sha256, self.paper.id, self.appeal)


@contextmanager
def world(folder: Path, database_url: str | None = None) -> Iterator[World]:
    with local_platform(folder, database_url=database_url) as local:
        _people(local)
        gone = local.sign_in(EXPIRED).session.token
        local.clock.advance(13 * 3600)
        taken_over = local.sign_in().session.token
        run = local.sign_in()
        lesson = good(run.get("/courses"), Courses).courses[0].lessons[0].id
        check = f"{run.chain}.1"
        run.begin(lesson)
        run.plan(check, lesson, 25.0)
        run.send(run.batch())
        local.watch(run, lesson, 0.0, 20.0)
        run.ask(check, lesson, 20.0)
        run.attempt(check, lesson)
        sha256, sealed = picture_of(run, check=check)
        run.state(facts.SettingChanged(setting="mode", old="fluent", new="high"))
        run.send(run.batch(5))
        good(put(run, sha256, sealed), EvidenceReceipt)
        yield World(
            local=local,
            run=run,
            tokens={
                "nobody": "",
                "learner": run.session.token,
                "other": local.sign_in(SECOND_LEARNER).session.token,
                "far": local.sign_in(ELSEWHERE).session.token,
                "expired": gone,
                "taken over": taken_over,
                "nonsense": "nonsense",
                **_offices(local),
            },
            lesson=lesson,
            check=check,
            sha256=sha256,
            sealed=sealed,
            paper=good(run.post("/papers", {"lesson": lesson}), Paper),
            appeal=good(
                run.post("/appeals", {"chain": run.chain, "check": check}), AppealReceipt
            ).number,
            address=good(run.get(f"/media/{lesson}/fluent.mp4/address"), MediaAddress),
        )


def _people(local: Local) -> None:
    """More learners, and an institution that none of the demo's belong to."""
    with local.platform.store.writing() as db:
        first = db.get_one(LearnerRow, DEMO_LEARNER.id)
        db.add(InstitutionRow(id="far-office", name="外地培训机构", token_sha256=new_token()[1]))
        db.flush()
        db.add(ClassRow(id="far-class", institution="far-office", name="外地班"))
        db.flush()
        for learner in (EXPIRED, SPARE, ELSEWHERE):
            far = learner is ELSEWHERE
            db.add(
                LearnerRow(
                    id=learner.id,
                    login=learner.login,
                    password_hash=first.password_hash,
                    name=learner.name,
                    institution="far-office" if far else first.institution,
                    class_id="far-class" if far else first.class_id,
                )
            )


def _offices(local: Local) -> dict[str, str]:
    own = institution_token(local.folder / "data")
    now = local.clock()
    with local.platform.store.writing() as db:
        far, _ = roles.make(db, "institution", "far-office", "a test", now, days=1)
        withdrawn, number = roles.make(db, "institution", "far-office", "another", now, days=1)
        roles.withdraw(db, number, now)
        supervisor, _ = roles.make(db, "supervisor", None, "a test", now, days=1)
    return {
        "institution": own,
        "far institution": far,
        "withdrawn": withdrawn,
        "supervisor": supervisor,
    }
