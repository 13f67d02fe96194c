"""How one may sign in here, for anybody who asks."""

from fastapi import APIRouter

from sync.contract import SignInWays
from sync.reference.platform import PlatformDep
from sync.reference.problems import documented
from sync.reference.signon import SignOnError

router = APIRouter(tags=["sessions"])


@router.get("/sign-in", responses=documented())
def sign_in_ways(platform: PlatformDep) -> SignInWays:
    """Name and password always; and, where one is joined, the provider's page."""
    if platform.sign_on is None:
        return SignInWays()
    try:
        return SignInWays(oidc=platform.sign_on.public())
    except SignOnError as error:
        raise error.refusal() from error
