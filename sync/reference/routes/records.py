"""Records in, receipts out."""

from fastapi import APIRouter

from sync.contract import RecordAnswer, RecordBatch
from sync.reference import intake
from sync.reference.accounts import LearnerDep
from sync.reference.hours import count, lessons_of
from sync.reference.platform import AddressDep, PlatformDep, policy_of
from sync.reference.problems import Refusal, documented
from sync.reference.tables import ChainRow

router = APIRouter(tags=["records"])
_PROBLEMS = documented(
    "signed_out", "forbidden", "not_found", "gap", "fork", "closed", "bad_mac", "bad_seal",
    "taken_over",
)  # fmt: skip


@router.post("/records", responses=_PROBLEMS)
def take_records(
    batch: RecordBatch, platform: PlatformDep, account: LearnerDep, address: AddressDep
) -> RecordAnswer:
    """Keep a batch of records and answer with a receipt, the next beacon and the count.

    The body may be gzip. A batch that was kept before may come again: nothing changes.
    Records of the learner's earlier runs are taken under the newest token.
    """
    with platform.store.writing() as db:
        taken = intake.take(db, platform, account, batch, address)
    if isinstance(taken, Refusal):
        raise taken
    # After the commit: others can write while this one counts.
    with platform.store.reading() as db:
        policy = policy_of(db, db.get_one(ChainRow, batch.chain))
        counted = count(db, platform, account)
        touched = lessons_of(db, batch.chain)
    return RecordAnswer(
        acked=taken.acked,
        head=taken.head,
        receipt=taken.receipt,
        beacon=taken.beacon,
        next_after_s=policy.heartbeat_s,
        credit=tuple(lesson for name, lesson in counted.items() if name in touched),
    )
