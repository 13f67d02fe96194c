"""Questions to the platform that leave nothing on this PC: who it is, which courses, an appeal."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from app.adapters.background import Background
from app.adapters.troubles import report_of
from app.events import (
    AppealFailed,
    AppealFiled,
    AppEvent,
    CoursesFailed,
    CoursesLoaded,
    IdentityAnswered,
    IdentityUnanswered,
)
from sync import seal
from sync.contract import Appeal, AppealReceipt, Courses, IdentityAnswer, IdentityQuestion
from sync.ports import Gateway, RefusedError

log = logging.getLogger(__name__)

MOST_UNASKED = 20
"""Faces kept in memory while the line is down; who studies on past this many checks without a
line has the oldest left out, and the platform judges those by their records alone."""


class Asking:
    """Asks in the courier's thread, one after the other; `tell` gets the answers."""

    def __init__(
        self,
        gateway: Gateway,
        background: Background,
        now_ns: Callable[[], int],
        tell: Callable[[AppEvent], None],
    ) -> None:
        self._gateway = gateway
        self._background = background
        self._now = now_ns
        self._tell = tell
        self._unasked: deque[IdentityQuestion] = deque(maxlen=MOST_UNASKED)

    def begin(self) -> None:
        """A new run: what the last one could not ask any more is forgotten."""
        self._unasked.clear()

    def identity(self, chain: str, embedding: bytes, *, enrol: bool, check: str) -> None:
        """check: "" at sign-in, where no answer is told as well."""
        self._ask(
            IdentityQuestion(
                chain=chain,
                embedding=seal.to_base64url(embedding),
                enrol=enrol,
                check=check or None,
            )
        )

    def again(self) -> None:
        """The line is back: ask about the checks that it was down in."""
        waiting, self._unasked = self._unasked, deque(maxlen=MOST_UNASKED)
        for question in waiting:
            self._ask(question)

    def _ask(self, question: IdentityQuestion) -> None:
        check = question.check or ""

        def done(answer: IdentityAnswer) -> None:
            self._tell(IdentityAnswered(self._now(), answer, check))

        def failed(error: BaseException) -> None:
            report = report_of(error)
            if not check:
                self._tell(IdentityUnanswered(self._now(), report))
            elif isinstance(error, RefusedError):
                log.warning("identity of %s: %s", check, report.detail)
            else:
                self._unasked.append(question)

        self._background.run(lambda: self._gateway.identify(question), done, failed)

    def courses(self) -> None:
        def done(answer: Courses) -> None:
            self._tell(CoursesLoaded(self._now(), answer.courses))

        def failed(error: BaseException) -> None:
            self._tell(CoursesFailed(self._now(), report_of(error)))

        self._background.run(self._gateway.courses, done, failed)

    def appeal(self, appeal: Appeal) -> None:
        """Also after the run: its token is good until the next sign-in."""

        def done(answer: AppealReceipt) -> None:
            self._tell(AppealFiled(self._now(), answer.number))

        def failed(error: BaseException) -> None:
            self._tell(AppealFailed(self._now(), report_of(error)))

        self._background.run(lambda: self._gateway.appeal(appeal), done, failed)
