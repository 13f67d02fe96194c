"""Small films as learners' platforms really have them: odd rates, edits, shapes and codecs.

Made once with PyAV and kept in the cache. Every picture carries the coded strip (`tests.film`), so
that a test reads from the screen which frame it was and whether it stood upright: the strips above
and below are each other's inverse. Frame times are what a player must tell, in whole microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from resources.cache import built, content_key
from resources.film.code import RENDITION_NAMES
from resources.film.make import draw_frame
from tests import mp4

HERE = Path(__file__).resolve().parent
_TICKS = 90_000
"""Of a film's own clock a second; every rate here but 23.976's is a whole number of them."""
_SOUND_RATE = 8_000
_SOUND_BLOCK = 1024
_STANDARD = RENDITION_NAMES.index("standard")


@dataclass(frozen=True)
class Odd:
    """How a film is odd. `size` is the decoder's; as shown it is `size` x `pixel`, turned."""

    name: str
    fps: Fraction = Fraction(25)
    seconds: float = 6.0
    size: tuple[int, int] = (320, 180)
    pixel: Fraction = Fraction(1)
    turned: int = 0
    """Degrees clockwise by which a player has to turn the picture."""
    codec: str = "libx264"
    b_frames: int = 0
    picture_from: Fraction = Fraction(0)
    sound: tuple[float, float] | None = (0.0, 6.0)
    """From second, to second."""
    skipped: int = 0
    """Frames at the start that the edit list leaves out."""
    lengths: tuple[int, ...] = ()
    """Ticks that frames last, again and again; without it all last as long."""
    rendition: int = _STANDARD

    @property
    def drawn(self) -> int:
        """How many frames are in the file."""
        if self.lengths:
            return len(self.lengths) * max(1, round(self.seconds * _TICKS / sum(self.lengths)))
        return round(self.seconds * self.fps)

    @property
    def ticks(self) -> list[int]:
        """When each frame in the file starts, and when the last ends, in `_TICKS`."""
        if self.lengths:
            rounds = self.drawn // len(self.lengths)
            return [0, *accumulate(self.lengths * rounds)]
        return [round(n * _TICKS / self.fps) for n in range(self.drawn + 1)]

    @property
    def times_us(self) -> list[int]:
        """When each frame that is shown starts, and when the last ends: numbers from `skipped`."""
        ticks = self.ticks[self.skipped :]
        begins = self.picture_from - Fraction(ticks[0], _TICKS)
        return [int((begins + Fraction(tick, _TICKS)) * 1_000_000) for tick in ticks]

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the picture as it is meant to be seen, in square pixels."""
        width, height = self.size
        # As Qt does: the longer of both is kept, nothing is thrown away
        if self.pixel > 1:
            width = round(width * self.pixel)
        elif self.pixel < 1:
            height = round(height / self.pixel)
        return (height, width) if self.turned % 180 else (width, height)


_VARYING = tuple(ms * _TICKS // 1000 for ms in (20, 40, 100, 60, 30, 240, 10, 50))

FILMS = {
    each.name: each
    for each in (
        Odd("15", Fraction(15)),
        Odd("23.976", Fraction(24_000, 1001)),
        Odd("25"),
        Odd("25-other", rendition=RENDITION_NAMES.index("high"), size=(480, 270)),
        Odd("29.97", Fraction(30_000, 1001)),
        Odd("29.97-other", Fraction(30_000, 1001), size=(480, 270), rendition=2),
        Odd("50", Fraction(50)),
        Odd("1", Fraction(1), seconds=8, sound=None),
        Odd("varying", lengths=_VARYING),
        Odd("silent", sound=None),
        Odd("late-sound", sound=(3.0, 6.0)),
        Odd("long-sound", sound=(0.0, 8.0)),
        Odd("late-picture", picture_from=Fraction(1)),
        Odd("b-frames", b_frames=2),
        Odd("trimmed", b_frames=2, skipped=13),
        Odd("turned-90", turned=90, size=(180, 320)),
        Odd("turned-180", turned=180),
        Odd("turned-270", turned=270, size=(180, 320)),
        Odd("anamorphic", size=(360, 288), pixel=Fraction(16, 15)),
        Odd("wide", size=(360, 288), pixel=Fraction(64, 45)),
        Odd("tall", size=(640, 180), pixel=Fraction(1, 2)),
        Odd("wide-turned", size=(180, 320), pixel=Fraction(4, 3), turned=90),
        Odd("hevc", codec="libx265", seconds=2),
        Odd("mpeg4", codec="mpeg4", seconds=2),
        Odd("vp9", codec="libvpx-vp9", seconds=2),
    )
}
SOUND_ONLY = "sound-only"
LAST_WITHOUT_LENGTH = "last-without-length"
"""25 frames a second, but the file says that its last frame lasts no time at all."""


def path_of(name: str) -> Path:
    """Return the file of one of `FILMS`, `SOUND_ONLY` or `LAST_WITHOUT_LENGTH`."""
    return _folder() / f"{name}.mp4"


@cache
def _folder() -> Path:
    key = content_key(
        [HERE / "odd_films.py", HERE / "mp4.py", HERE.parent / "resources" / "film"], {}, ("av",)
    )
    return built("odd-films", key, _make_all)


def _make_all(folder: Path) -> None:
    for odd in FILMS.values():
        _make(odd, folder / f"{odd.name}.mp4")
    with av.open(str(folder / f"{SOUND_ONLY}.mp4"), "w") as out:
        out.mux(list(_sound(out, 0.0, 3.0)))
    last = folder / f"{LAST_WITHOUT_LENGTH}.mp4"
    _make(Odd(last.stem, lengths=(*[_TICKS // 25] * 149, 1)), last)
    last.write_bytes(mp4.without_last_length(last.read_bytes()))


def _make(odd: Odd, file: Path) -> None:
    with av.open(str(file), "w", options={"movflags": "+faststart"}) as out:
        stream = _picture_stream(out, odd)
        packets = list(_sound(out, *odd.sound)) if odd.sound else []
        packets += _pictures(odd, stream)
        for packet in sorted(packets, key=lambda each: (each.dts or 0) * each.time_base):
            out.mux(packet)
    if odd.turned:
        # What the file says is how to turn the picture; FFmpeg counts the other way round
        file.write_bytes(mp4.turned(file.read_bytes(), odd.turned))
    if odd.skipped:
        ticks = odd.ticks[odd.skipped]
        file.write_bytes(mp4.skipping(file.read_bytes(), ticks))


def _picture_stream(out: OutputContainer, odd: Odd) -> VideoStream:
    stream = out.add_stream(odd.codec, rate=odd.fps)
    assert isinstance(stream, VideoStream)
    stream.width, stream.height = odd.size
    stream.pix_fmt = "yuv420p"
    stream.time_base = Fraction(1, _TICKS)
    context = stream.codec_context
    context.time_base = Fraction(1, _TICKS if odd.codec != "mpeg4" else 25)
    context.sample_aspect_ratio = odd.pixel
    context.gop_size = max(1, round(odd.fps))
    context.max_b_frames = odd.b_frames
    context.thread_count = 1
    if odd.codec == "libx264":
        context.options = {"preset": "ultrafast", "bf": str(odd.b_frames), "crf": "28"}
    elif odd.codec == "libx265":
        context.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
    return stream


def _pictures(odd: Odd, stream: VideoStream) -> Iterator[Packet[Stream]]:
    """Encode, and say how long each frame lasts: the encoders forget it."""
    lengths: dict[int, int] = {}
    for frame in [*_frames(odd), None]:
        if frame is not None and frame.pts is not None:
            lengths[frame.pts] = frame.duration
        for packet in stream.encode(frame):
            assert packet.pts is not None
            pts = round(packet.pts * packet.time_base * _TICKS)
            packet.duration = round(Fraction(lengths[pts], _TICKS) / packet.time_base)
            yield packet


def _frames(odd: Odd) -> Iterator[av.VideoFrame]:
    ticks = [round(odd.picture_from * _TICKS) + tick for tick in odd.ticks]
    for number, (start, end) in enumerate(pairwise(ticks)):
        frame = av.VideoFrame.from_ndarray(_drawn(odd, number), format="gray")
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = start, Fraction(1, _TICKS)
        frame.duration = end - start
        yield frame


def _drawn(odd: Odd, number: int) -> NDArray[np.uint8]:
    """Draw one frame so that it stands upright once it was turned as the file says."""
    width, height = odd.size if not odd.turned % 180 else odd.size[::-1]
    wide = draw_frame(number, odd.rendition, width, width * 9 // 16, odd.fps)
    upright = wide[np.arange(height) * len(wide) // height]  # it draws nothing but 16:9
    return np.ascontiguousarray(np.rot90(upright, odd.turned // 90))


def _sound(out: OutputContainer, begins_s: float, ends_s: float) -> Iterator[Packet[Stream]]:
    stream = out.add_stream("aac", rate=_SOUND_RATE)
    assert isinstance(stream, av.AudioStream)
    stream.layout = "mono"
    stream.bit_rate = 16_000
    blocks = round((ends_s - begins_s) * _SOUND_RATE / _SOUND_BLOCK)
    time = np.arange(blocks * _SOUND_BLOCK) / _SOUND_RATE
    wave = (0.3 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    for block in range(blocks):
        piece = wave[np.newaxis, block * _SOUND_BLOCK : (block + 1) * _SOUND_BLOCK]
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(piece), format="fltp", layout="mono"
        )
        frame.sample_rate = _SOUND_RATE
        frame.time_base = Fraction(1, _SOUND_RATE)
        frame.pts = round(begins_s * _SOUND_RATE) + block * _SOUND_BLOCK
        yield from stream.encode(frame)
    yield from stream.encode(None)


LONG_S = 3 * 3600
LONG_ROUND_S = 60
LONG_FPS = 5


def long_film() -> Path:
    """Return a film of three hours at 5 frames a second; its numbers begin anew each minute.

    One minute is encoded, its packets are written 180 times with their times moved on.
    """
    key = content_key([HERE / "odd_films.py", HERE.parent / "resources" / "film"], {}, ("av",))
    return built("long-film", key, _make_long) / "long.mp4"


def _make_long(folder: Path) -> None:
    odd = Odd("minute", Fraction(LONG_FPS), LONG_ROUND_S, sound=(0.0, LONG_ROUND_S - 0.1))
    minute = folder / "minute.mp4"
    _make(odd, minute)
    options = {"movflags": "+faststart"}
    with (
        av.open(str(minute)) as source,
        av.open(str(folder / "long.mp4"), "w", options=options) as out,
    ):
        copies = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        packets = [each for each in source.demux() if each.dts is not None and each.pts is not None]
        times = [(each.pts or 0, each.dts or 0, each.time_base) for each in packets]
        for minutes in range(LONG_S // LONG_ROUND_S):
            for packet, (pts, dts, base) in zip(packets, times, strict=True):
                moved = round(minutes * LONG_ROUND_S / base)
                packet.pts, packet.dts, packet.time_base = pts + moved, dts + moved, base
                packet.stream = copies[packet.stream_index]
                out.mux(packet)
    minute.unlink()
