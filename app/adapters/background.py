"""Work that waits for the network or the disk, off the window's thread, its end back on it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class _Outcome(Generic[T]):
    __slots__ = ("done", "failed", "future")

    def __init__(
        self,
        future: Future[T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.future, self.done, self.failed = future, done, failed


class Background(QObject):
    """One worker thread; tasks run in the order they were given.

    A single thread keeps the platform's answers in the order of the questions, which is
    what the outbox relies on.
    """

    _finished = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._open = True
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Call `work` in the worker; then `done(result)` or `failed(error)` in this thread."""
        if not self._open:
            return
        future = self._executor.submit(work)
        outcome = _Outcome(future, done, failed)
        future.add_done_callback(lambda _: self._announce(outcome))

    def close(self) -> None:
        """Drop what has not begun, wait for what has; nothing is delivered any more."""
        self._open = False
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _announce(self, outcome: _Outcome[T]) -> None:
        if self._open:
            self._finished.emit(outcome)

    def _deliver(self, outcome: _Outcome[T]) -> None:
        if not self._open or outcome.future.cancelled():
            return
        error = outcome.future.exception()
        if error is not None:
            outcome.failed(error)
        else:
            outcome.done(outcome.future.result())
