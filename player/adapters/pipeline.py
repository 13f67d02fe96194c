"""One decoding pipeline: a QMediaPlayer, its video sink and its sound output.

`QtPlayer` owns two of them for as long as it lives. Creating them film by film hangs the program
sooner or later (docs/decisions/012-player.md): a pipeline is loaded and released, never replaced.
"""

from __future__ import annotations

import enum
import logging
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtMultimedia import (
    QAudioBuffer,
    QAudioBufferOutput,
    QAudioOutput,
    QMediaDevices,
    QMediaFormat,
    QMediaMetaData,
    QMediaPlayer,
    QVideoFrame,
    QVideoSink,
)

from player.adapters.chatter import quieten_ffmpeg
from player.events import Fault
from player.ports import Trouble

_log = logging.getLogger(__name__)

_ROUNDING_US = 1_000  # renditions of one film may round the same frame's time differently
_SETTLE_MS = 120  # a cue that was answered with another frame waits so long for a better one
_STEP_BACK_US = 20_000  # the picture may end before the sound does: then cue a little earlier
_SMALL_STEPS = 10  # and after so many steps twice as much each time

PLAYABLE = frozenset({QMediaFormat.VideoCodec.H264})
"""What the platform promises. FFmpeg would play more here; the next PC need not."""

_FAULTS = {
    QMediaPlayer.Error.FormatError: Fault.UNSUPPORTED,
    QMediaPlayer.Error.NetworkError: Fault.UNREACHABLE,
    QMediaPlayer.Error.AccessDeniedError: Fault.REFUSED,
}


def trouble_of(error: QMediaPlayer.Error, text: str) -> Trouble:
    """Return what Qt makes of an error. Most are ResourceErrors to it; a MediaSource knows more."""
    return Trouble(_FAULTS.get(error, Fault.BROKEN), f"{error.name}: {text}")


class Stage(enum.Enum):
    """What a pipeline is doing."""

    EMPTY = enum.auto()
    LOADING = enum.auto()
    CUEING = enum.auto()
    CUED = enum.auto()
    RUNNING = enum.auto()
    HELD = enum.auto()
    ENDED = enum.auto()
    BROKEN = enum.auto()


class PipelineOwner(Protocol):
    """Whom a pipeline tells, always in the thread that made it."""

    def refusal(self, pipeline: Pipeline) -> str:
        """Say why the source that was loaded must not be decoded; "" if it may."""

    def on_cued(self, pipeline: Pipeline, frame: QVideoFrame) -> None:
        """The frame asked for stands ready; sound and picture are held."""

    def on_frame(self, pipeline: Pipeline, frame: QVideoFrame) -> None:
        """While running: the next frame is due now."""

    def on_sound(self, pipeline: Pipeline, start_us: int) -> None:
        """While running: the sound that belongs to `start_us` was given out now."""

    def on_ended(self, pipeline: Pipeline) -> None:
        """While running: the last frame has had its time."""

    def on_error(self, pipeline: Pipeline, error: QMediaPlayer.Error, text: str) -> None:
        """Qt gave up on the source."""


class Pipeline(QObject):
    """Loads a source, cues it on a frame, runs and holds it.

    Times are microseconds of media time; `QVideoFrame.startTime` is exact where
    `QMediaPlayer.position` is up to 64 ms off, so nothing here reads the position.
    """

    _asked = Signal(int)

    def __init__(self, owner: PipelineOwner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._owner = owner
        self._player = QMediaPlayer(self)
        self._sink = QVideoSink(self)
        self._sound = QAudioOutput(self)
        self._heard = QAudioBufferOutput(self)
        quieten_ffmpeg()
        self._warm_up_signals()
        self._sound.setMuted(True)
        self._player.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._heard.audioBufferReceived.connect(self._on_sound)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.errorOccurred.connect(self._on_error)
        self._asked.connect(self._on_asked, Qt.ConnectionType.QueuedConnection)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._on_settle)
        self.stage = Stage.EMPTY
        self.address = ""
        self._target_us = 0
        self._cue_number = 0
        self._answered = False
        self._steps_back = 0
        self._over = False
        self._seen: QVideoFrame | None = None
        self._late: list[QVideoFrame] = []

    def load(self, address: str, cue_us: int) -> None:
        """Open `address` (file path or URL) and cue it; `on_cued` or `on_error` follows."""
        if self.stage is not Stage.EMPTY:
            raise RuntimeError(f"pipeline is {self.stage.name}; release it first")
        self.address = address
        self.stage = Stage.LOADING
        self._target_us = cue_us
        # A PC without a sound device plays by the clock; one plugged in later is found here
        if QMediaDevices.audioOutputs():
            self._player.setAudioOutput(self._sound)
            self._player.setAudioBufferOutput(self._heard)
        self._player.setSource(QUrl.fromUserInput(address))

    def cue(self, to_us: int) -> None:
        """Hold, and prepare the frame that contains `to_us`; `on_cued` follows."""
        self._target_us = to_us
        self._steps_back = 0
        self._over = False
        self._late.clear()
        if self.stage not in (Stage.LOADING, Stage.EMPTY, Stage.BROKEN):
            self._seek()
        # else: a position set before LoadedMedia is dropped by Qt; it is set then

    def run(self) -> None:
        """Go on from the cued or held frame. That frame itself is not delivered again."""
        self.stage = Stage.RUNNING
        if not self._over:  # or Qt would begin at the film's start
            self._player.play()
        while self._late and self.stage is Stage.RUNNING:  # the owner may hold again at any frame
            self._owner.on_frame(self, self._late.pop(0))
        if self._over and self.stage is Stage.RUNNING:
            self._end()

    def hold(self) -> None:
        """Stand still; no `on_frame` after this returns.

        A frame that was on its way is kept and delivered first when the film runs again: it is
        neither shown in a pause nor lost.
        """
        if self.stage is Stage.RUNNING:
            self.stage = Stage.HELD
            self._player.pause()

    def silence(self) -> None:
        """Mute."""
        self._sound.setMuted(True)

    def sound(self, volume: float, *, muted: bool) -> None:
        """Set the loudness, 0.0 to 1.0 of full scale, linear."""
        self._sound.setVolume(volume)
        self._sound.setMuted(muted)

    def set_rate(self, rate: float) -> None:
        """Run at `rate` (film time per wall time), the voice at its own pitch."""
        self._player.setPlaybackRate(rate)

    def release(self) -> None:
        """Let go of the source. Stop feeding it first: Qt waits here for a read under way."""
        self.stage = Stage.EMPTY
        self.address = ""
        self._settle.stop()
        self._seen = None
        self._over = False
        self._late.clear()
        self._sound.setMuted(True)
        self._player.stop()
        self._player.setSource(QUrl())

    def _warm_up_signals(self) -> None:
        """Keep `stop()` from hanging.

        PySide overrides `disconnectNotify`, which Qt calls on a sound thread with its signal lock
        held; if PySide then takes Python's lock while `stop()` holds that and waits for the
        signal lock, both wait for ever. One connect and disconnect of each object, up front,
        spares Qt that call.
        """

        def ignore(*_: object) -> None: ...

        for signal in (
            self._player.playbackStateChanged,
            self._sink.videoSizeChanged,
            self._sound.volumeChanged,
            self._heard.audioBufferReceived,
        ):
            signal.connect(ignore)
            signal.disconnect(ignore)

    def _seek(self) -> None:
        self.stage = Stage.CUEING
        self._seen = None
        self._answered = False
        self._settle.stop()
        stopped = self._player.playbackState() is QMediaPlayer.PlaybackState.StoppedState
        if not stopped:
            self._player.pause()
        # Before the position is set: Qt's own thread may have the frame ready at once
        self._cue_number += 1
        self._asked.emit(self._cue_number)
        self._player.setPosition(self._cue_ms())
        if stopped:
            self._player.pause()  # after it: or the film's start is decoded too

    @Slot(int)
    def _on_asked(self, number: int) -> None:
        """All frames that were on their way when the cue was asked for have arrived by now."""
        self._answered = number == self._cue_number

    def _cue_ms(self) -> int:
        """Return the position that makes Qt deliver the frame that contains the target.

        Qt delivers the first frame whose end is at or after the position, in whole ms: at a
        frame's very start that is the frame before. Hence the next whole ms after the target.
        """
        return self._reachable_us() // 1000 + 1

    def _reachable_us(self) -> int:
        """Return the target, or the film's last moment if the target lies behind it."""
        small, large = min(self._steps_back, _SMALL_STEPS), max(0, self._steps_back - _SMALL_STEPS)
        back_us = _STEP_BACK_US * (small + (1 << large) - 1)
        return max(0, min(self._target_us, self._player.duration() * 1000 - 1) - back_us)

    @Slot(QVideoFrame)
    def _on_frame(self, frame: QVideoFrame) -> None:
        if not frame.isValid():
            return  # Qt empties the sink at the end and at stop(); the last picture stays
        if self.stage is Stage.RUNNING:
            self._owner.on_frame(self, frame)
        elif self.stage is Stage.HELD:
            self._late.append(frame)
        elif self.stage is Stage.CUEING and self._answered:
            target_us = self._reachable_us()
            if frame.startTime() - _ROUNDING_US <= target_us < frame.endTime():
                self._cued(frame)
            else:
                self._seen = frame
                self._settle.start()

    def _cued(self, frame: QVideoFrame) -> None:
        self._settle.stop()
        self._seen = None
        self.stage = Stage.CUED
        self._owner.on_cued(self, frame)

    @Slot()
    def _on_settle(self) -> None:
        """Take the frame that Qt holds for the right one: none contains the target.

        Where the picture begins after the sound, its first frame stands from the target on, as it
        does on the screen: Qt lets the time until then pass.
        """
        frame = self._seen
        if self.stage is not Stage.CUEING or frame is None:
            return
        target_us = self._reachable_us()
        _log.info("cue at %d us took %d us", target_us, frame.startTime())
        if frame.startTime() > target_us:
            frame.setStartTime(target_us)
        self._cued(frame)

    @Slot(QAudioBuffer)
    def _on_sound(self, buffer: QAudioBuffer) -> None:
        if self.stage is Stage.RUNNING:
            self._owner.on_sound(self, buffer.startTime())

    @Slot(QMediaPlayer.MediaStatus)
    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.LoadedMedia and self.stage is Stage.LOADING:
            refused = self._refused() or self._owner.refusal(self)
            if refused:
                self._on_error(QMediaPlayer.Error.FormatError, refused)
            else:
                self._seek()
        elif status is QMediaPlayer.MediaStatus.EndOfMedia:
            if self.stage is Stage.RUNNING:
                self._end()
            elif self.stage is Stage.HELD:
                self._over = True  # told when the film is let run again
            elif self.stage is Stage.CUEING and self._reachable_us() > 0:
                self._steps_back += 1
                self._seek()
            elif self.stage is Stage.CUEING:
                self._on_error(QMediaPlayer.Error.ResourceError, "no picture to cue")

    def _end(self) -> None:
        self.stage = Stage.ENDED
        self._owner.on_ended(self)

    def _refused(self) -> str:
        """Say why the film that was loaded is not one to play; "" if it is."""
        tracks = self._player.videoTracks()
        if not tracks:
            return "no picture in it"
        track = tracks[max(0, self._player.activeVideoTrack())]
        codec = track.value(QMediaMetaData.Key.VideoCodec)
        if codec in PLAYABLE:
            return ""
        return f"codec {codec.name if isinstance(codec, QMediaFormat.VideoCodec) else codec}"

    @Slot(QMediaPlayer.Error, str)
    def _on_error(self, error: QMediaPlayer.Error, text: str) -> None:
        if self.stage not in (Stage.EMPTY, Stage.BROKEN):
            self.stage = Stage.BROKEN
            self._settle.stop()
            self._owner.on_error(self, error, text)
