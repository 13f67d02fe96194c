"""Lists by pages: a mark says behind which item the next page begins.

The mark is the sort key of the last item, so that what is added or removed meanwhile shifts
nothing. It only chooses a place in a list that the caller may read anyway, so it needs no MAC.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Query

from sync import seal, strictjson
from sync.reference.problems import Refusal

MOST = 500
Key = tuple[str | int, ...]
ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Page:
    """What was asked for. after: the mark, "" for the first page; limit: None if not said."""

    after: str
    limit: int | None

    @property
    def asked(self) -> bool:
        """Whether the caller knows pages; others are never told `next`, which they would refuse."""
        return bool(self.after) or self.limit is not None

    def size(self, usual: int) -> int:
        return self.limit or usual

    def key(self, *kinds: type[str] | type[int]) -> Key | None:
        """The sort key behind which the page begins; None at the beginning. Raises Refusal."""
        if not self.after:
            return None
        try:
            parts = strictjson.loads(seal.from_base64url(self.after))
        except ValueError as error:  # SealError and JsonError are ValueErrors
            raise Refusal("invalid", "after: not a mark of this platform") from error
        fits = isinstance(parts, list) and len(parts) == len(kinds)
        if not fits or any(type(part) is not kind for part, kind in zip(parts, kinds, strict=True)):
            raise Refusal("invalid", "after: not a mark of this list")
        if any(type(part) is int and abs(part) >= 2**63 for part in parts):
            raise Refusal("invalid", "after: not a mark of this list")
        return tuple(parts)

    def cut(
        self, rows: Sequence[ItemT], usual: int, key: Callable[[ItemT], Key]
    ) -> tuple[Sequence[ItemT], dict[str, str]]:
        """The page out of one row more than it has, and what goes into the answer as `next`."""
        size = self.size(usual)
        if len(rows) <= size or not self.asked:
            return rows[:size], {}
        return rows[:size], {"next": mark(key(rows[size - 1]))}


def mark(key: Key) -> str:
    """A sort key as text."""
    return seal.to_base64url(strictjson.dumps(list(key)))


def _page(
    after: Annotated[
        str | None,
        Query(pattern=r"^[A-Za-z0-9_-]{1,400}$", description="`next` of the page before"),
    ] = None,
    limit: Annotated[
        int | None, Query(ge=1, le=MOST, description="at most so many; then `next` is answered")
    ] = None,
) -> Page:
    return Page(after or "", limit)


PageDep = Annotated[Page, Depends(_page)]
