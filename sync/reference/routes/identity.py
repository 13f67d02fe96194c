"""Is this the learner? The platform's answer stands above the client's."""

import math
import struct

from fastapi import APIRouter, Response
from sqlalchemy import select

from sync import seal
from sync.contract import IdentityAnswer, IdentityQuestion, Policy, Template
from sync.reference import audit
from sync.reference.accounts import InstitutionDep, LearnerDep, in_turn
from sync.reference.intake import chain_of
from sync.reference.journal import note
from sync.reference.platform import AddressDep, PlatformDep, policy_of
from sync.reference.problems import Refusal, documented
from sync.reference.tables import CheckIdentityRow, IdentityRow, LearnerRow

router = APIRouter(tags=["identity"])
_FACE = struct.Struct("<128f")


@router.post(
    "/identity", responses=documented("signed_out", "forbidden", "not_found", "taken_over")
)
def identity(
    question: IdentityQuestion, platform: PlatformDep, account: LearnerDep, address: AddressDep
) -> IdentityAnswer:
    """Compare a face with the enrolled one. The face that is asked about is not kept.

    With `check` the answer is about that check alone, and nobody is enrolled by it. An
    institution forwards this to the police face service and passes its answer on.
    """
    face = parse_face(question.embedding)
    if question.chain != account.chain:
        raise Refusal("forbidden", "a face is compared for the run that is signed in")
    if question.check is not None and not question.check.startswith(f"{question.chain}."):
        raise Refusal("invalid", "check: not one of this run")
    with platform.store.writing() as db:
        in_turn(db, account.learner)  # the institution's photo may be coming at this moment
        policy = policy_of(db, chain_of(db, account, question.chain))
        learner = db.get_one(LearnerRow, account.learner)
        place = f"face/{learner.id}"
        if learner.template is not None:
            enrolled = _FACE.unpack(platform.keys.vault.open(learner.template, place))
            answer = judge(cosine(face, enrolled), policy)
        elif question.enrol and policy.self_enrolment and question.check is None:
            learner.template = platform.keys.vault.seal(_FACE.pack(*face), place)
            answer = IdentityAnswer(answer="enrolled", similarity=1.0)
        else:
            raise Refusal("not_found", "no face is enrolled for this learner")
        told = {
            "chain": question.chain,
            "answer": answer.answer,
            "similarity": answer.similarity,
            "at": platform.clock(),
        }
        if question.check is None:
            db.add(IdentityRow(**told))
        else:
            db.add(CheckIdentityRow(check=question.check, **told))
        note(db, platform, "face compared", learner=learner.id, address=address,
             detail=f"{answer.answer}, {answer.similarity:.2f}")  # fmt: skip
    return answer


@router.put(
    "/institution/learners/{learner}/template",
    status_code=204,
    responses=documented("signed_out", "forbidden", "not_found"),
)
def enrol(
    learner: str,
    template: Template,
    platform: PlatformDep,
    institution: InstitutionDep,
    address: AddressDep,
) -> Response:
    """Set the face that a learner is compared with, as from the photo of an identity card."""
    face = parse_face(template.embedding)
    with platform.store.writing() as db:
        query = select(LearnerRow).where(
            LearnerRow.id == learner, LearnerRow.institution == institution
        )
        row = db.scalar(query)
        if row is None:
            raise Refusal("not_found", "no such learner of this institution")
        row.template = platform.keys.vault.seal(_FACE.pack(*face), f"face/{learner}")
        note(db, platform, "face enrolled", learner=learner, address=address)
        audit.by_institution(
            *(db, platform, institution, "face enrolled"), subject=learner, address=address
        )
    return Response(status_code=204)


def judge(similarity: float, policy: Policy) -> IdentityAnswer:
    """Same, different or unsure, by the policy's two thresholds."""
    if similarity >= policy.match_accept:
        return IdentityAnswer(answer="same", similarity=similarity)
    if similarity < policy.match_alert:
        return IdentityAnswer(answer="different", similarity=similarity)
    return IdentityAnswer(answer="unsure", similarity=similarity)


def parse_face(text: str) -> tuple[float, ...]:
    """128 finite numbers that are not all zero. Raises Refusal."""
    try:
        face = _FACE.unpack(seal.from_base64url(text))
    except (seal.SealError, struct.error) as error:
        raise Refusal("invalid", "embedding: not float32[128] in base64url") from error
    if not all(map(math.isfinite, face)) or math.hypot(*face) < 1e-6:
        raise Refusal("invalid", "embedding: not a direction")
    return face


def cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    dot = math.fsum(a * b for a, b in zip(one, other, strict=True))
    return max(-1.0, min(1.0, dot / (math.hypot(*one) * math.hypot(*other))))
