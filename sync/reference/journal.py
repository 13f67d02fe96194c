"""The operation log (requirement 22): time, address, what was done. Kept six months or more."""

from sqlalchemy.orm import Session

from sync.reference.platform import Platform
from sync.reference.tables import OperationRow


def note(
    db: Session,
    platform: Platform,
    action: str,
    *,
    learner: str | None,
    address: str,
    detail: str = "",
) -> None:
    """Add one line. Never a password, a face or contact data."""
    db.add(
        OperationRow(
            at=platform.clock(), learner=learner, address=address, action=action, detail=detail
        )
    )
