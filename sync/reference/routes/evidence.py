"""Sealed pictures in; a list of them for the learner; and, for the institution, opened."""

import hashlib
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync import sealing
from sync.contract import MAX_EVIDENCE_BYTES, EvidenceList, EvidenceReceipt
from sync.reference import audit, evidence
from sync.reference.accounts import Account, InstitutionDep, LearnerDep
from sync.reference.journal import note
from sync.reference.paging import PageDep
from sync.reference.platform import AddressDep, PlatformDep
from sync.reference.problems import Refusal, documented
from sync.reference.tables import EvidenceRow, LearnerRow

router = APIRouter(tags=["evidence"])
USUAL = 500
_Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
_SEALED = {
    "requestBody": {
        "required": True,
        "content": {
            sealing.MEDIA_TYPE: {
                "schema": {
                    "type": "string",
                    "format": "binary",
                    "maxLength": MAX_EVIDENCE_BYTES,
                    "description": "JWE compact, RSA-OAEP-256, A256GCM: `sync/sealing.py`.",
                }
            }
        },
    }
}


async def _sealed(request: Request) -> bytes:
    """The body as it came, of the right kind and size. Raises Refusal."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != sealing.MEDIA_TYPE:
        raise Refusal("invalid", f"a sealed picture is {sealing.MEDIA_TYPE}", status=415)
    body = await request.body()
    if len(body) > MAX_EVIDENCE_BYTES:
        raise Refusal("too_large", f"at most {MAX_EVIDENCE_BYTES} bytes")
    return body


@router.put(
    "/evidence/{sha256}",
    responses=documented("signed_out", "not_found", "taken_over"),
    openapi_extra=_SEALED,
)
def put_evidence(
    account: LearnerDep,
    sha256: _Sha256,
    body: Annotated[bytes, Depends(_sealed)],
    platform: PlatformDep,
    address: AddressDep,
) -> EvidenceReceipt:
    """Keep a sealed picture that a record of the learner names. It may come again.

    404 until that record is here: send the records first.
    """
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Refusal("invalid", "the bytes have another SHA-256")
    try:
        sealing.check_sealed(body, platform.keys.evidence.public_key())
    except sealing.SealingError as error:
        raise Refusal("invalid", str(error)) from error
    now = platform.clock()
    with platform.store.reading() as db:
        row = _named(db, account, sha256, body, now)
        if row.received_at is not None:
            return evidence.receipt(row)
    # The object first, and outside of any transaction: a row never promises what is not there.
    name = evidence.keep(platform, sha256, body)
    with platform.store.writing() as db:
        gone = evidence.sweep(db, now)
        row = _named(db, account, sha256, body, now)
        if row.received_at is None:
            row.sealed, row.object_key = (body, None) if name is None else (None, name)
            row.received_at = now
            note(db, platform, "picture received", learner=account.learner, address=address,
                 detail=f"{row.why}, {row.lesson}")  # fmt: skip
        receipt = evidence.receipt(row)
    evidence.forget(platform, gone)
    return receipt


def _named(db: Session, account: Account, sha256: str, body: bytes, now: datetime) -> EvidenceRow:
    """The row that a record of the learner's made for these bytes. Raises Refusal."""
    row = db.get(EvidenceRow, (account.learner, sha256))
    if row is None or row.kept_until <= now:
        raise Refusal("not_found", "no record of the learner names this picture")
    if row.size_bytes != len(body):
        raise Refusal("invalid", f"the record says {row.size_bytes} bytes")
    return row


@router.get(
    "/learners/me/evidence",
    responses=documented("signed_out", "taken_over"),
    response_model_exclude_unset=True,
)
def my_evidence(platform: PlatformDep, account: LearnerDep, page: PageDep) -> EvidenceList:
    """Every picture of the learner that is kept, newest first.

    All of them, unless a page is asked for.
    """
    after = page.key(str, str)
    query = (
        select(EvidenceRow)
        .where(EvidenceRow.learner == account.learner, EvidenceRow.received_at.is_not(None))
        .where(EvidenceRow.kept_until > platform.clock())
        .order_by(EvidenceRow.taken_at.desc(), EvidenceRow.sha256)
    )
    if after is not None:
        taken, sha256 = after
        same = (EvidenceRow.taken_at == taken) & (EvidenceRow.sha256 > sha256)
        query = query.where((EvidenceRow.taken_at < taken) | same)
    if page.asked:
        query = query.limit(page.size(USUAL) + 1)
    with platform.store.reading() as db:
        rows = db.scalars(query).all()
    rows, more = page.cut(rows, USUAL if page.asked else len(rows), _place)
    return EvidenceList(items=tuple(map(evidence.item, rows)), **more)


def _place(row: EvidenceRow) -> tuple[str, str]:
    return row.taken_at, row.sha256


@router.get(
    "/institution/evidence/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}}, "description": "The picture, opened."},
        **documented("signed_out", "forbidden", "not_found"),
    },
)
def open_evidence(
    sha256: _Sha256, platform: PlatformDep, institution: InstitutionDep, address: AddressDep
) -> Response:
    """A picture of one of the institution's learners. The learner's log says that it was seen."""
    query = (
        select(EvidenceRow)
        .join(LearnerRow, LearnerRow.id == EvidenceRow.learner)
        .where(EvidenceRow.sha256 == sha256, LearnerRow.institution == institution)
        .where(EvidenceRow.received_at.is_not(None), EvidenceRow.kept_until > platform.clock())
    )
    with platform.store.reading() as db:
        row = db.scalars(query).first()
    sealed = None if row is None else evidence.sealed_bytes(platform, row)
    if row is None or sealed is None:
        raise Refusal("not_found", "no such picture is kept")
    try:
        picture = sealing.open_picture(sealed, platform.keys.evidence)
    except sealing.SealingError as error:
        raise Refusal("not_found", f"the picture cannot be opened: {error}") from error
    with platform.store.writing() as db:
        note(db, platform, "picture opened by the institution", learner=row.learner,
             address=address, detail=f"{row.why}, {row.lesson}, {row.taken_at}")  # fmt: skip
        audit.by_institution(
            *(db, platform, institution, "picture opened"),
            subject=row.learner,
            detail=sha256,
            address=address,
        )
    return Response(picture, media_type="image/jpeg", headers={"cache-control": "no-store"})
