"""Records in, receipts out."""

import gzip
from collections.abc import Callable, Coroutine
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import ValidationError

from sync import strictjson
from sync.contract import LessonCredit, RecordAnswer, RecordBatch
from sync.reference import intake
from sync.reference.accounts import LearnerDep, of_token
from sync.reference.hours import count_and_touched
from sync.reference.platform import Platform
from sync.reference.problems import Refusal, documented


class _Direct(APIRoute):
    """Reads and answers by itself: FastAPI's own way costs more than checking ten records.

    The function it stands over says what comes and goes, for the OpenAPI document.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def handle(request: Request) -> Response:
            scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
            if scheme.lower() != "bearer" or not token:
                raise Refusal("signed_out", "sign in first")
            platform: Platform = request.app.state.platform
            address = request.client.host if request.client else ""
            body = await request.body()
            answer = await to_thread.run_sync(
                _take, platform, token, body, address, limiter=platform.running.takers
            )
            return _response(answer, request.headers.get("accept-encoding", ""))

        return handle


router = APIRouter(tags=["records"], route_class=_Direct)
_PROBLEMS = documented(
    "signed_out", "forbidden", "not_found", "gap", "fork", "closed", "bad_mac", "bad_seal",
    "taken_over",
)  # fmt: skip


@router.post("/records", responses=_PROBLEMS)
def take_records(batch: RecordBatch, account: LearnerDep) -> RecordAnswer:
    """Keep a batch of records and answer with a receipt, the newest beacon in it, and the count.

    The body may be gzip. A batch that was kept before may come again: nothing changes.
    Records of the learner's earlier runs are taken under the newest token. Without `count`
    the answer comes sooner and its credit is empty.
    """
    raise NotImplementedError  # `_Direct` answers


def _take(platform: Platform, token: str, body: bytes, address: str) -> bytes:
    batch = _read(body)
    with platform.store.writing() as db:
        account, own = of_token(db, platform, token, lock=True)
        if isinstance(batch, Refusal):
            raise batch  # only now: who may not ask is not told what was wrong
        taken = intake.take(db, platform, account, batch, address, own)
    if isinstance(taken, Refusal):
        raise taken
    credit: tuple[LessonCredit, ...] = ()
    if batch.count:
        # After the commit: others can write while this one counts.
        with platform.store.reading() as db:
            credit = count_and_touched(db, platform, account, batch.chain)
    answer = RecordAnswer(
        acked=taken.acked,
        receipt=taken.receipt,
        next_after_s=taken.next_after_s,
        credit=credit,
    )
    return answer.model_dump_json().encode()


def _response(answer: bytes, accepted: str) -> Response:
    """gzip for whoever takes it: a learner may study over a telephone."""
    headers = {}
    names = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
    if "gzip" in names and "gzip;q=0" not in accepted.replace(" ", ""):
        answer = gzip.compress(answer, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(answer, media_type="application/json", headers=headers)


def _read(body: bytes) -> RecordBatch | Refusal:
    """The batch. What is not written as we write it is looked at by the strict reader, too."""
    try:
        batch = RecordBatch.model_validate_json(body)
        if batch.model_dump_json(exclude_unset=True).encode() != body:
            strictjson.loads(body)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]  # the input may hold anything
        place = ".".join(("body", *(str(part) for part in first["loc"])))
        return Refusal("invalid", f"{place}: {first['msg']}")
    except (strictjson.JsonError, UnicodeEncodeError) as error:
        return Refusal("invalid", f"body: {error}")
    return batch
