"""Fetches one film, ahead of the readers, and never gives up on the line.

The truth about the line is here: Qt calls 404, 403 and 503 by one name.
"""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import requests

from player.adapters.blocks import BLOCK_BYTES, Layout
from player.adapters.cached_file import CachedFile
from player.adapters.line_meter import LineMeter
from player.adapters.origins import FinalError, Flow, Origin, PassingError
from player.adapters.route import Route
from player.adapters.shelf import Shelf
from player.adapters.wire import Wire
from player.events import Fault
from player.ports import Trouble

_log = logging.getLogger(__name__)

_NEAR_BLOCKS = 16  # a reader this little ahead is sooner served by reading on than by asking anew
_EMPTY_ANSWERS = 5  # an origin that so often sends nothing where more was promised has no more
_COMFORT_BYTES = 2 * 1024 * 1024  # so much ahead, there is time to try something
_LEISURE_BYTES, _LEISURE_S = 16 * 1024 * 1024, 0.002  # so much ahead, others may have the CPU
_HASHING_S = 0.0005
_COURTESY_S, _COURTESY_PAUSES = 0.02, 250  # how long at most another film's reader goes first
_TROUBLES = (PassingError, FinalError, requests.RequestException, OSError, ValueError)
_QUERY = re.compile(r"\?[^\s'\")]+")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a fetch waits for what.

    timeouts_s: to connect, and between two pieces of an answer. delays_s: before asking the
    last origin again, the first time and at most. again_s: before a nearer origin that failed
    is asked again, at random between the two. spread_s: at most, before a room's PCs turn to
    the next origin when a nearer one fails and nobody waits yet.
    """

    timeouts_s: tuple[float, float] = (3.05, 10.0)
    delays_s: tuple[float, float] = (0.25, 2.0)
    again_s: tuple[float, float] = (20.0, 60.0)
    spread_s: float = 2.0


class Fetch:
    """A thread that keeps one `CachedFile` filled until `stop` is called.

    It rests while nothing is missing (`on_rest` each time) and wakes when a block is. `on_line`
    hears when the line's trouble changes, `on_end` when the thread has nothing more to do with
    the file; all in the thread.
    """

    def __init__(
        self,
        file: CachedFile,
        *,
        open_shelf: Callable[[], Shelf | None],
        origins: Callable[[requests.Session], Sequence[Origin]],
        session: Callable[[], requests.Session],
        pace: Pace,
        meter: LineMeter,
        on_line: Callable[[Trouble | None], None],
        on_rest: Callable[[], None],
        on_end: Callable[[Fetch], None],
        stands_back: Callable[[], bool] = lambda: False,
    ) -> None:
        """stands_back: whether this film can wait for another one that somebody waits for."""
        self._file = file
        self._open_shelf = open_shelf
        self._origins = origins
        self._session = session
        self._pace = pace
        self._meter = meter
        self._on_line = on_line
        self._on_rest = on_rest
        self._on_end = on_end
        self._stands_back = stands_back
        self._route = Route([], pace.again_s)
        self._carried: tuple[Origin, _Blocks] | None = None
        self._stopped = threading.Event()
        self._wire: Wire | None = None
        self._wire_lock = threading.Lock()
        self.ended = False
        """Set by `on_end`, under the lock of whoever looks at it."""
        # A daemon, so that a name server that does not answer can't hold the program's end up
        self.thread = threading.Thread(target=self._run, name="media-fetch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    @property
    def under_way(self) -> bool:
        """It still fetches, or tries to: not stopped, not given up."""
        trouble = self._file.trouble
        given_up = trouble is not None and trouble.fault is not Fault.UNREACHABLE
        return not self._stopped.is_set() and not given_up and not self.ended

    @property
    def stopped(self) -> bool:
        """`stop` was called."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End soon, also out of the middle of an answer; `thread` can be joined then."""
        with self._wire_lock:
            self._stopped.set()
            if self._wire is not None:
                self._wire.hang_up()
        self._file.wake()

    def _run(self) -> None:
        try:
            self._file.attach(self._open_shelf)
            with self._session() as session:
                with self._wire_lock:
                    self._wire = Wire(session)
                self._route = Route(self._origins(session), self._pace.again_s)
                self._fill()
        except FinalError as error:
            self._report(error.trouble)
        finally:
            self._meter.rest(time.monotonic_ns())
            self._on_end(self)

    def _fill(self) -> None:
        first_s, longest_s = self._pace.delays_s
        delay_s, empty_answers = first_s, 0
        while not self._stopped.is_set():
            block = self._next_block()
            if block is None:
                self._rest()
                continue
            self._meter.begin(time.monotonic_ns())
            origin = self._route.pick(time.monotonic())
            try:
                came = self._stream(origin, block)
            except _TROUBLES as error:
                if self._stopped.is_set():
                    return
                if self._elsewhere_at_once(origin, error):
                    continue
                if isinstance(error, FinalError):
                    raise
                self._report(Trouble(Fault.UNREACHABLE, _said(error)))
                empty_answers = 0
            else:
                if came or self._stopped.is_set():
                    delay_s, empty_answers = first_s, 0
                    continue
                nothing = f"nothing behind byte {block * BLOCK_BYTES}"
                if self._elsewhere_at_once(origin, PassingError(nothing)):
                    continue
                empty_answers += 1
                if empty_answers >= _EMPTY_ANSWERS:
                    raise FinalError(Fault.BROKEN, nothing)
            # Not all PCs of a room at once
            self._stopped.wait(delay_s * random.uniform(0.75, 1.25))
            delay_s = min(2 * delay_s, longest_s)

    def _next_block(self) -> int | None:
        """Return the block to ask for; on the way, look at the whole hash when it is due."""
        while not self._stopped.is_set():
            if self._file.due:
                if not self._file.check(lambda: self._stopped.wait(_HASHING_S)):
                    self._reject()
                continue
            block = self._file.next_missing()
            if block is None or not self._file.look_again(block):
                return block
        return None

    def _reject(self) -> None:
        if not self._file.reject():
            raise FinalError(Fault.BROKEN, "the film's SHA-256 is not the announced one")
        _log.warning("a film came wrong from a folder, a room's cache or the disk: once more")
        self._route.trust_only_the_last()

    def _rest(self) -> None:
        self._meter.rest(time.monotonic_ns())
        self._report(None)
        self._on_rest()
        self._file.rest(self._stopped.is_set)

    def _elsewhere_at_once(self, origin: Origin, error: Exception) -> bool:
        if not self._route.failed(origin, time.monotonic()):
            return False
        _log.info("the %s fails, asking the next origin: %s", origin.name, _said(error))
        if self._comfortable:
            self._stopped.wait(random.uniform(0, self._pace.spread_s))
        return True

    @property
    def _comfortable(self) -> bool:
        return not self._file.waited_for and self._file.ahead_bytes() >= _COMFORT_BYTES

    def _stream(self, origin: Origin, first: int) -> int:
        """Fetch from block `first` on until something else is wanted; 0 if nothing new came."""
        blocks = self._blocks_from(origin, first)
        flow = origin.ask(blocks.offset)
        came = 0
        with closing(flow):
            if flow.start != blocks.offset:
                blocks = _Blocks(self._file.layout, flow.start // BLOCK_BYTES)
            self._carried = origin, blocks
            for piece in flow.pieces:
                self._meter.arrived(time.monotonic_ns(), len(piece))
                came += len(piece) if flow.seekable else 0
                for block, data in blocks.feed(piece):
                    came += not self._file.has(block)
                    if not self._file.write(block, data, doubtful=origin.doubtful):
                        raise FinalError(Fault.BROKEN, f"block {block} is not the film's")
                    self._report(None)
                    if self._stopped.is_set() or self._leave(origin, flow, block + 1):
                        return came
        return came

    def _blocks_from(self, origin: Origin, first: int) -> _Blocks:
        """What came of a block before an answer broke off needs not come again."""
        if self._carried is not None:
            source, blocks = self._carried
            if source is origin and blocks.block == first:
                return blocks
        return _Blocks(self._file.layout, first)

    def _leave(self, origin: Origin, flow: Flow, block: int) -> bool:
        """Tell whether something is more urgent than the `block` that comes next."""
        if block >= self._file.layout.count:
            return False
        urgent = self._file.urgent_missing()
        if not flow.seekable:
            self._wait_with_flow()
            return self._file.whole or (urgent is not None and urgent < block)
        if self._file.ahead_bytes() >= _LEISURE_BYTES:
            self._stopped.wait(_LEISURE_S)
        for _ in range(_COURTESY_PAUSES):  # the answer waits in its connection meanwhile
            if self._stopped.is_set() or not self._stands_back():
                break
            self._stopped.wait(_COURTESY_S)
        return (
            (urgent is not None and not block <= urgent < block + _NEAR_BLOCKS)
            or self._file.has(block)
            or self._file.look_again(block)
            or self._file.next_missing() is None
            or (self._route.nearer_than(origin, time.monotonic()) and self._comfortable)
        )

    def _wait_with_flow(self) -> None:
        """Leave an answer that can't be had again from here waiting, while memory is full."""
        while not (self._stopped.is_set() or self._file.whole or self._file.due):
            if self._file.next_missing() is not None:
                return
            self._file.rest(self._stopped.is_set)

    def _report(self, trouble: Trouble | None) -> None:
        if self._file.set_trouble(trouble):
            self._on_line(trouble)


class _Blocks:
    """Makes whole blocks of the pieces in which they come."""

    def __init__(self, layout: Layout, first: int) -> None:
        self._layout = layout
        self._rest = bytearray()
        self.block = first

    @property
    def offset(self) -> int:
        """Where in the film the next piece belongs."""
        return self.block * BLOCK_BYTES + len(self._rest)

    def feed(self, piece: bytes) -> Iterator[tuple[int, bytes]]:
        """Take a piece and yield each (block, its bytes) that is complete now."""
        self._rest += piece
        while self.block < self._layout.count:
            size = self._layout.length(self.block)
            if len(self._rest) < size:
                return
            data = bytes(self._rest[:size])
            del self._rest[:size]
            self.block += 1
            yield self.block - 1, data


def _said(error: Exception) -> str:
    """An error's words without the query of an address: a signature opens the film to anybody."""
    return _QUERY.sub("?…", f"{type(error).__name__}: {error}")
