"""`Player` with Qt Multimedia: two persistent pipelines, swapped on a frame's time.

One pipeline is active: its frames are on the screen, its sound is heard. To change the mode, the
other one loads the wanted rendition, muted, and is cued on a frame X a little ahead. When the
active pipeline delivers the frame of X's time, the other one starts with X in its place. Nothing
is missed, nothing repeated, and the gap is one frame. Measurements: docs/decisions/012-player.md.

A frame is told (`FrameShown`) when the window has painted it, which is what `on_painted` hears.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame

from player.adapters.pair import Pair
from player.adapters.pipeline import Pipeline, Stage, trouble_of
from player.adapters.playback import Change, LeadTime, Phase, Shown
from player.adapters.teller import Teller
from player.adapters.thirst import quenched, thirsty
from player.adapters.timing import Timing
from player.events import (
    Ended,
    Failed,
    Fault,
    Mode,
    ModeChanged,
    ModeKept,
    Opened,
    PlayerEvent,
    Recovered,
    Stalled,
)
from player.ports import Film, MediaSource, Trouble
from player.shape import impossible_shape
from player.stall import StallWatch, Verdict

_log = logging.getLogger(__name__)

_SLEPT_NS = 5_000_000_000
_SHORT_US = 1_000_000  # a film that ends so much before its time was cut off


class QtPlayer(QObject):
    """Implements `player.ports.Player`. Live in the GUI thread; events come there.

    `listener` gets every event; it may call the player from within. `clock` is monotonic, in ns.
    """

    frame_ready = Signal(QVideoFrame)
    """The picture to paint from now on; an invalid one clears it. `on_painted` hears when it is."""

    def __init__(
        self,
        listener: Callable[[PlayerEvent], None],
        media: MediaSource,
        *,
        clock: Callable[[], int] = time.monotonic_ns,
        timing: Timing | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._listener = listener
        self._media = media
        self._clock = clock
        self._timing = timing or Timing()
        self._pair = Pair(self, media, self._timing.linger_ms, self)
        self._phase = Phase.CLOSED
        self._film: Film | None = None
        self._mode = Mode.STANDARD
        self._change: Change | None = None
        self._wants_play = False
        self._lead = LeadTime(self._timing.lead_us, self._timing.longest_lead_us)
        self._volume, self._muted = 1.0, False
        self._sought_us = 0
        self._last: Shown | None = None
        self._cued: QVideoFrame | None = None  # on the screen, but not yet played
        self._rate = 1.0
        self._teller = Teller(listener)
        self._end_told = True
        self._silence = StallWatch(self._timing.silence_ns, self._timing.patience_ns)
        self._watch = QTimer(self, interval=self._timing.tick_ms)
        self._watch.timeout.connect(self._on_tick)
        self._filling_ns: int | None = None
        self._ticked_ns = 0
        self._reloaded_us: int | None = None
        self._reload = QTimer(self, singleShot=True, interval=self._timing.tick_ms)
        self._reload.timeout.connect(self._on_reload)

    # What the session asks

    def open(self, film: Film, mode: Mode, at_us: int) -> None:
        """See `Player.open`. KeyError if the film has no such mode."""
        rendition = film.renditions[mode]
        self.close()
        self._film, self._mode = film, mode
        self._teller.begin()
        self._phase = Phase.OPENING
        self._sought_us = max(0, at_us)
        self._silence.expect(self._clock())
        self._watch.start()
        self._pair.load_active(rendition, self._sought_us)

    def play(self) -> None:
        """See `Player.play`. After the end, or a fault, nothing happens: seek or open first."""
        if self._wants_play or self._phase in (Phase.CLOSED, Phase.ENDED, Phase.FAILED):
            return
        self._wants_play = True
        self._silence.expect(self._clock())
        if self._phase is Phase.READY:
            self._run()

    def pause(self) -> None:
        """See `Player.pause`."""
        self._wants_play = False
        self._filling_ns = None
        if self._phase is Phase.SEEKING:
            self._silence.relax()
        if self._phase is Phase.READY:
            self._pair.active.hold()
            self._pair.active.silence()
            self._silence.relax()
            self._cued = self._teller.take_back(self._clock()) or self._cued
            self._retarget()

    def seek(self, to_us: int) -> None:
        """See `Player.seek`. A film that was playing goes on by itself from there."""
        if self._phase in (Phase.CLOSED, Phase.FAILED):
            return
        opening = self._phase is Phase.OPENING
        self._aim(max(0, to_us))
        if not opening and (self._silence.stalled or self._thirsty()):
            self._load_active(self._sought_us)  # Qt's reading hangs, and so would its seeking
        else:
            self._pair.active.cue(self._sought_us)

    def set_mode(self, mode: Mode) -> None:
        """See `Player.set_mode`. The last wish wins. KeyError if the film has no such mode."""
        if self._film is None or self._phase is Phase.FAILED:
            return
        rendition = self._film.renditions[mode]
        if self._change is not None and self._change.mode is mode:
            return
        self._change = None
        if mode is self._mode:
            self._pair.release_standby()
            return
        self._change = Change(mode, self._lead.us, self._clock())
        self._pair.load_standby(rendition, self._meeting_us(self._change))

    def set_volume(self, volume: float, *, muted: bool) -> None:
        """See `Player.set_volume`."""
        self._volume, self._muted = volume, muted
        if self._pair.active.stage is Stage.RUNNING:
            self._pair.active.sound(volume, muted=muted)

    def set_rate(self, rate: float) -> None:
        """See `Player.set_rate`. Holds for every film opened from now on."""
        self._rate = rate
        self._pair.set_rate(rate)

    def warm(self, film: Film | None, mode: Mode) -> None:
        """See `Player.warm`."""
        self._media.warm(film.renditions.get(mode) if film is not None else None)

    @Slot(object, object)
    def on_painted(self, start_us: int, at_ns: int) -> None:
        """The window has painted the frame that begins at `start_us`."""
        self._teller.painted(start_us, at_ns)
        if self._phase is Phase.ENDED:
            self._tell_end()

    def close(self) -> None:
        """See `Player.close`."""
        self._wants_play = False
        self._filling_ns = None
        self._end_told = True
        self._teller.jump()
        self._phase = Phase.CLOSED
        self._film = None
        self._change = None
        self._last = self._cued = None
        self._silence.relax()
        self._reloaded_us = None
        self._watch.stop()
        self._reload.stop()
        self._pair.release_standby()
        self._pair.release_active()
        self.frame_ready.emit(QVideoFrame())

    # What the pipelines tell

    def refusal(self, pipeline: Pipeline) -> str:
        """See `PipelineOwner.refusal`."""
        head = self._media.head(pipeline.address)
        return "pixels of an impossible shape" if impossible_shape(head) else ""

    def on_cued(self, pipeline: Pipeline, frame: QVideoFrame) -> None:
        """One of the pipelines stands on the frame it was asked for."""
        if pipeline is self._pair.active:
            self._on_active_cued(frame)
        elif self._change is not None:
            self._on_standby_cued(self._change, frame)

    def on_frame(self, pipeline: Pipeline, frame: QVideoFrame) -> None:
        """Show the frame, or swap the pipelines if the standby's has come."""
        if pipeline is not self._pair.active:
            return
        change = self._change
        ahead_us = change.ahead_us(frame) if change is not None else None
        if change is not None and change.ready is not None and ahead_us == 0:
            self._swap(change, change.ready)
            return
        if change is not None and ahead_us is not None and ahead_us < 0:
            self._cue_further(change)
        seen_us = self._teller.passed_over(frame.startTime(), self._clock())
        if seen_us is None:
            self._show(frame)
        else:
            _log.info("the film goes back to %d us: it ran on unseen", seen_us)
            self._aim(seen_us)
            self._pair.active.cue(seen_us)  # Qt is telling: nothing may be let go of here

    def on_sound(self, pipeline: Pipeline, start_us: int) -> None:
        """Set the sound against the picture."""
        if pipeline is self._pair.active:
            self._teller.heard(start_us, self._clock(), self._rate)

    def on_ended(self, pipeline: Pipeline) -> None:
        """Report the end and stand on the last picture."""
        if pipeline is not self._pair.active:
            if self._change is not None:
                self._give_up_change(Trouble(Fault.BROKEN, "the standby ended before its cue"))
            return
        if self._film is not None and self._position_us() < self._film.duration_us - _SHORT_US:
            where = f"ended at {self._position_us()} of {self._film.duration_us} us"
            self._reload_or_fail(Trouble(Fault.BROKEN, where))
            return
        self._phase = Phase.ENDED
        self._wants_play = False
        self._end_told = False
        self._retarget()
        if not self._teller.waiting:
            self._tell_end()

    def on_error(self, pipeline: Pipeline, error: QMediaPlayer.Error, text: str) -> None:
        """Tell what really happened: Qt calls almost everything a ResourceError."""
        seen = trouble_of(error, text)
        if pipeline is not self._pair.active:
            self._give_up_change(self._media.trouble(pipeline.address) or seen)
            return
        if seen.fault is Fault.UNSUPPORTED and self._last is not None:
            seen = Trouble(Fault.BROKEN, seen.detail)  # it could be played so far
        self._reload_or_fail(seen)

    # How it goes on

    def _aim(self, at_us: int) -> None:
        """The film is to go on at `at_us`, and stands until it is there."""
        if self._phase is not Phase.OPENING:
            self._phase = Phase.SEEKING
        self._sought_us = at_us
        self._last = self._cued = None
        self._filling_ns = None
        self._teller.jump()
        self._silence.expect(self._clock())
        self._pair.active.silence()

    def _tell_end(self) -> None:
        """Tell the end once, after the last frame was painted (or never will be)."""
        if not self._end_told:
            self._end_told = True
            self._teller.losses(self._clock())
            self._listener(Ended(self._clock(), self._position_us()))

    def _run(self) -> None:
        self._pair.active.sound(self._volume, muted=self._muted)
        cued, self._cued = self._cued, None
        self._retarget()
        if cued is not None:
            self._show(cued)
        if self._wants_play and self._phase is Phase.READY:
            self._pair.active.run()

    def _on_active_cued(self, frame: QVideoFrame) -> None:
        opening = self._phase is Phase.OPENING
        self._phase = Phase.READY
        self._cued = frame
        self._last = Shown(frame.startTime(), frame.endTime(), self._clock())
        self.frame_ready.emit(frame)
        self._retarget()
        if opening and self._film is not None:
            duration_us = self._film.duration_us
            self._listener(Opened(self._clock(), duration_us, frame.startTime(), self._mode))
        if self._wants_play and self._phase is Phase.READY:
            if self._silence.stalled and not self._quenched():
                self._filling_ns = self._clock()  # with less it would stand still again at once
            else:
                self._run()

    def _on_standby_cued(self, change: Change, frame: QVideoFrame) -> None:
        change.is_ready(frame, self._clock())
        stalled = self._silence.stalled and self._last is not None
        if self._phase is Phase.OPENING or self._last is None:
            return  # the active one is about to be cued; then `_retarget`
        if self._phase is Phase.SEEKING and not stalled:
            return
        if self._phase is Phase.ENDED or not self._wants_play:
            self._swap_paused(change, frame)
        elif self._silence.stalled:
            self._swap(change, frame)
        elif frame.startTime() <= self._last.start_us:
            self._cue_further(change)

    def _show(self, frame: QVideoFrame) -> None:
        at_ns = self._clock()
        start_us, end_us = frame.startTime(), frame.endTime()
        stalled_us = self._silence.frame(at_ns, end_us - start_us)
        self._last = Shown(start_us, end_us, at_ns)
        self._teller.hand(frame, self._mode, at_ns)
        self.frame_ready.emit(frame)
        if stalled_us is not None:
            self._listener(Recovered(at_ns, stalled_us))

    def _swap(self, change: Change, frame: QVideoFrame) -> None:
        """Let the standby take over with `frame`, now."""
        last, old, cued = self._last, self._mode, self._cued
        due_us = cued.startTime() if cued is not None else last.end_us if last else None
        self._cued = None
        self._lead.learn(change, self._rate)
        self._pair.swap()
        self._mode, self._change = change.mode, None
        self._phase, self._filling_ns = Phase.READY, None
        self._reload.stop()
        self._pair.active.sound(self._volume, muted=self._muted)
        self._pair.active.run()
        self._pair.standby.silence()
        self._pair.standby.hold()
        at_ns = self._clock()
        gap_us = (at_ns - last.at_ns) // 1000 if last else 0
        error_us = frame.startTime() - due_us if due_us is not None else 0
        self._show(frame)
        self._listener(ModeChanged(at_ns, old, self._mode, gap_us, error_us))

    def _swap_paused(self, change: Change, frame: QVideoFrame) -> None:
        """Replace the standing picture by the same one of the other rendition."""
        last, old = self._last, self._mode
        self._pair.swap()
        self._mode, self._change = change.mode, None
        at_ns = self._clock()
        self._last = Shown(frame.startTime(), frame.endTime(), at_ns)
        if self._cued is not None:
            self._cued = frame
        self.frame_ready.emit(frame)
        error_us = frame.startTime() - last.start_us if last else 0
        self._listener(ModeChanged(at_ns, old, self._mode, 0, error_us))

    def _meeting_us(self, change: Change) -> int:
        if self._cued is not None:
            return self._cued.startTime()  # on the screen, and not played yet
        standing = self._phase is Phase.ENDED or not self._wants_play
        return change.meeting_us(self._last, standing=standing, stalled=self._silence.stalled)

    def _retarget(self) -> None:
        """Cue the standby anew: the active one was paused, let run, sought or has stalled."""
        if self._change is not None:
            self._change.ready = None
            self._pair.standby.cue(self._meeting_us(self._change))

    def _cue_further(self, change: Change) -> None:
        self._lead.lengthen(change)
        self._retarget()

    def _give_up_change(self, trouble: Trouble) -> None:
        change, self._change = self._change, None
        self._pair.retire_standby()
        if change is not None:
            self._listener(
                ModeKept(self._clock(), self._mode, change.mode, trouble.fault, trouble.detail)
            )

    def _reload_or_fail(self, seen: Trouble) -> None:
        """Open the source once more where it stopped, if that may help.

        Qt gives up after 20 s without a byte, paused or not. While the origin is out of reach,
        how long to wait is for `Timing.patience_ns` to say; when it is back, once is enough.
        """
        told = self._media.trouble(self._pair.active.address)
        place_us = self._position_us()
        got_on = self._reloaded_us is None or place_us > self._reloaded_us + _SHORT_US
        interrupted = self._last is not None and got_on and seen.fault is Fault.BROKEN
        passing = told.fault is Fault.UNREACHABLE if told is not None else interrupted
        if not passing:
            self._fail(told or seen)
            return
        _log.info("opening the film anew: %s", seen.detail)
        self._reloaded_us = place_us
        if self._phase is not Phase.OPENING:
            self._phase = Phase.SEEKING
        self._reload.start()

    @Slot()
    def _on_reload(self) -> None:
        if self._film is None or self._phase not in (Phase.OPENING, Phase.SEEKING):
            return
        self._load_active(self._cued.startTime() if self._cued else self._position_us())

    def _load_active(self, at_us: int) -> None:
        """Open the source anew and cue it: what hangs in a read is let go of."""
        if self._film is not None:
            self._sought_us = at_us
            self._pair.load_active(self._film.renditions[self._mode], at_us)

    def _thirsty(self) -> bool:
        return thirsty(self._media.line(self._pair.active.address))

    def _quenched(self) -> bool:
        """Whether a film that waited may run on: enough is there, or it waited long enough."""
        at_ns, film = self._clock(), self._film
        if film is None or at_ns - (self._filling_ns or at_ns) > self._timing.filling_ns:
            return True
        line = self._media.line(self._pair.active.address)
        return quenched(line, film, self._mode, self._position_us(), self._rate, self._timing)

    def _fail(self, trouble: Trouble) -> None:
        if self._phase in (Phase.CLOSED, Phase.FAILED):
            return  # Qt may tell once more what the line has told already
        _log.warning("film failed: %s (%s)", trouble.fault.value, trouble.detail)
        self._phase = Phase.FAILED
        self._wants_play = False
        self._change = None
        self._watch.stop()
        self._pair.active.silence()
        self._pair.active.hold()
        self._pair.retire_standby()
        self._listener(Failed(self._clock(), trouble.fault, trouble.detail))

    @Slot()
    def _on_tick(self) -> None:
        """Look for silence, and for what the line says about it."""
        change = self._change
        if change is not None and change.ready is None:
            trouble = self._media.trouble(self._pair.standby.address)
            if trouble is not None and trouble.fault is not Fault.UNREACHABLE:
                self._give_up_change(trouble)
        at_ns = self._clock()
        if at_ns - self._ticked_ns > _SLEPT_NS:
            self._silence.restart(at_ns)  # the PC slept: nobody waited so long
        self._ticked_ns = at_ns
        if self._phase is Phase.ENDED:
            self._tell_end()  # a window that is not painted any more must not hold it back
        if self._wants_play and self._phase is Phase.READY:
            self._teller.look(at_ns)
        hungry = self._silence.stalled or self._phase is Phase.OPENING
        if self._film is not None and self._teller.due(at_ns, hungry=hungry):
            line = (
                self._media.line(self._pair.active.address) if self._pair.active.address else None
            )
            self._teller.measure(at_ns, line, self._film, self._mode, self._position_us())
        opening = self._phase is Phase.OPENING
        playing = self._wants_play and not opening
        if not (opening or playing or self._phase is Phase.SEEKING):
            return
        trouble = self._media.trouble(self._pair.active.address)
        verdict = self._silence.judge(self._clock(), trouble, playing=playing, opening=opening)
        if verdict is Verdict.FAILED and trouble is not None:
            self._fail(trouble)
        elif verdict is Verdict.STALLED:
            self._stall(at_ns)
        elif self._filling_ns is not None and self._quenched():
            self._filling_ns = None
            if self._wants_play and self._phase is Phase.READY:
                self._run()

    def _stall(self, at_ns: int) -> None:
        """Nothing comes. Qt would rush through all it missed: it begins anew where it stopped."""
        position_us = self._position_us()
        if self._phase in (Phase.READY, Phase.SEEKING) and self._thirsty():
            self._phase = Phase.SEEKING
            self._pair.active.silence()
            self._teller.take_back(at_ns)
            self._load_active(position_us)
        self._retarget()
        self._listener(Stalled(at_ns, position_us))

    def _position_us(self) -> int:
        return self._last.end_us if self._last else self._sought_us
