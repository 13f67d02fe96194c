"""The days' signed roots, and that a chain stands under them. For anyone."""

from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy import select

from sync.operations import ChainProofs, RootList, SignedRoot
from sync.reference import roots
from sync.reference.operations_tables import RootRow
from sync.reference.paging import PageDep
from sync.reference.platform import PlatformDep
from sync.reference.problems import Refusal, documented

router = APIRouter(tags=["roots"])
USUAL = 500


@router.get("/roots", responses=documented(), response_model_exclude_unset=True)
def published_roots(platform: PlatformDep, page: PageDep) -> RootList:
    """All roots, oldest first, each a JWS over `Root`. A day's is there soon after its end."""
    roots.make_due(platform)
    query = select(RootRow).order_by(RootRow.number).limit(page.size(USUAL) + 1)
    after = page.key(int)
    if after is not None:
        query = query.where(RootRow.number > after[0])
    with platform.store.reading() as db:
        rows, more = page.cut(db.scalars(query).all(), USUAL, lambda row: (row.number,))
    return RootList(roots=tuple(row.text for row in rows), **more)


@router.get("/roots/{day}", responses=documented("not_found"))
def published_root(
    day: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")], platform: PlatformDep
) -> SignedRoot:
    """One day's root. Days in which no records came have none."""
    roots.make_due(platform)
    with platform.store.reading() as db:
        text = db.scalar(select(RootRow.text).where(RootRow.day == day))
    if text is None:
        raise Refusal("not_found", "there is no root of that day, or not yet")
    return SignedRoot(root=text)


@router.get("/chains/{chain}/proofs", responses=documented("not_found"))
def chain_proofs(
    chain: Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,80}$")], platform: PlatformDep
) -> ChainProofs:
    """That the chain's heads stand under the roots, for whoever has its bundle.

    A chain's name is drawn at random, and what is shown is numbers and hashes: no token.
    """
    roots.make_due(platform)
    found = roots.proofs(platform.store, chain)
    if found is None:
        raise Refusal("not_found", "no root has this chain, or not yet")
    return found
