"""Records in, receipts out."""

from fastapi import APIRouter, Response

from sync.contract import LessonCredit, RecordAnswer, RecordBatch
from sync.reference import intake
from sync.reference.accounts import LearnerTokenDep, of_token
from sync.reference.hours import count, lessons_of
from sync.reference.platform import AddressDep, PlatformDep
from sync.reference.problems import Refusal, documented

router = APIRouter(tags=["records"])
_PROBLEMS = documented(
    "signed_out", "forbidden", "not_found", "gap", "fork", "closed", "bad_mac", "bad_seal",
    "taken_over",
)  # fmt: skip


@router.post("/records", responses=_PROBLEMS, response_model=RecordAnswer)
def take_records(
    batch: RecordBatch, platform: PlatformDep, bearer: LearnerTokenDep, address: AddressDep
) -> Response:
    """Keep a batch of records and answer with a receipt, the next beacon and the count.

    The body may be gzip. A batch that was kept before may come again: nothing changes.
    Records of the learner's earlier runs are taken under the newest token. Without `count`
    the answer comes sooner and its credit is empty.
    """
    if bearer is None:
        raise Refusal("signed_out", "sign in first")
    with platform.store.writing() as db:
        account, own = of_token(db, platform, bearer.credentials, lock=True)
        taken = intake.take(db, platform, account, batch, address, own)
    if isinstance(taken, Refusal):
        raise taken
    credit: tuple[LessonCredit, ...] = ()
    if batch.count:
        # After the commit: others can write while this one counts.
        with platform.store.reading() as db:
            counted = count(db, platform, account)
            touched = lessons_of(db, batch.chain)
        credit = tuple(lesson for name, lesson in counted.items() if name in touched)
    answer = RecordAnswer(
        acked=taken.acked,
        head=taken.head,
        receipt=taken.receipt,
        beacon=taken.beacon,
        next_after_s=taken.next_after_s,
        credit=credit,
    )
    # Written here: FastAPI would check it once more, span by span.
    return Response(answer.model_dump_json(), media_type="application/json")
