"""Records in, receipts out."""

import gzip
from collections.abc import Callable, Coroutine
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from sync import strictjson
from sync.contract import LessonCredit, RecordAnswer, RecordBatch
from sync.reference import counted, intake, seen
from sync.reference.accounts import LearnerDep, of_token
from sync.reference.gate import RECORDS
from sync.reference.hours import count_and_touched
from sync.reference.platform import Platform
from sync.reference.problems import Refusal, documented


class _Direct(APIRoute):
    """Reads and answers by itself: FastAPI's own way costs more than checking ten records.

    The function it stands over says what comes and goes, for the OpenAPI document.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def handle(request: Request) -> Response:
            return await _answer(request.app.state.platform, request)

        return handle


class Door:
    """The same before the router, which looks through all routes: that costs as much again.

    Stands inside of all other doors, so that it takes what they let through. What is not
    exactly `POST records` goes on to the router.
    """

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self._app = app
        self._platform = platform

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != RECORDS or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        seen.route(RECORDS)
        try:
            response = await _answer(self._platform, Request(scope, receive))
        except Refusal as refusal:
            response = refusal.response()
        await response(scope, receive, send)


async def _answer(platform: Platform, request: Request) -> Response:
    """Raises Refusal."""
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not token:
        raise Refusal("signed_out", "sign in first")
    address = request.client.host if request.client else ""
    body = await request.body()
    answer = await to_thread.run_sync(
        _take, platform, token, body, address, limiter=platform.running.takers
    )
    return _response(answer, request.headers.get("accept-encoding", ""))


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
    counted.follow(platform, batch.chain, taken.kept)
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
