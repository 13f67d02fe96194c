"""The last sending of an ended run: how far it is, and when the learner is let go."""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.adapters.desk import Desk
from app.adapters.evidence_post import EvidencePost
from app.events import AppEvent, Flushed, Flushing
from sync.ports import StoreError

log = logging.getLogger(__name__)


class LastFlush:
    """ended: the run's last record is in the store, and the rest is on its way."""

    def __init__(
        self,
        desk: Desk,
        post: EvidencePost,
        now_ns: Callable[[], int],
        tell: Callable[[AppEvent], None],
    ) -> None:
        self.ended = False
        self._chain_there = False
        self._desk = desk
        self._post = post
        self._now = now_ns
        self._tell = tell

    def begin(self) -> None:
        """A new run."""
        self.ended = self._chain_there = False

    def chain_is_there(self, chain: str) -> None:
        """The platform has a chain to its end."""
        self._chain_there = self._chain_there or chain == self._desk.live

    def let_go(self) -> None:
        """A run that has ended is let go even if its records have to wait."""
        rest = self._rest()
        if rest is not None:
            self._tell(Flushed(self._now(), *rest))

    def tell(self) -> None:
        """How far the last sending is, or that it is done: all that could go is there."""
        rest = self._rest()
        if rest is None:
            return
        if self._chain_there and not self._post.under_way:
            self._tell(Flushed(self._now(), *rest))
        else:
            self._tell(Flushing(self._now(), *rest))

    def _rest(self) -> tuple[int, int] | None:
        """Records and pictures of an ended run, and of those before it, that are still here."""
        store = self._desk.store
        if not self.ended or store is None:
            return None
        try:
            backlogs = store.backlogs(self._desk.live, done=True)
            pictures = len(store.waiting_evidence())
        except StoreError as error:
            log.warning("what is left is not known: %s", error)
            return None
        return sum(each.last - each.acked for each in backlogs), pictures
