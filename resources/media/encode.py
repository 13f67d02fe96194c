"""Encode pictures and sound into three renditions with identical timestamps.

The film is cut into chunks of whole GOPs that are drawn and encoded in parallel and joined
packet by packet: closed GOPs without B-frames make that exact. One thread per encoder keeps
the result the same on every run.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np
from av.audio.stream import AudioStream
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from resources.media.renditions import AUDIO_BITRATE, AUDIO_RATE, RENDITIONS, Rendition
from resources.media.thumbnails import ContactSheet, Shrinker

Progress = Callable[[float, str], None]
"""Called with the finished share 0..1 and a few words."""

CHUNK_GOPS = 5
_BT709 = 1
"""AVCOL_*_BT709: the number that the stream's colour fields want."""
_STUDIO_RANGE = (16 + np.arange(256) * 219 / 255).round().astype(np.uint8)


class PictureSource(Protocol):
    """Draws the frames of one film; must be picklable, is opened once per chunk."""

    def open(self) -> None:
        """Prepare drawing in this process."""

    def pictures(self, number: int) -> Mapping[str, NDArray[np.uint8]]:
        """Return frame ``number`` by rendition name: uint8, BGRA [h, w, 4] or grey [h, w].

        A rendition that is missing is scaled from ``high``; grey must have its exact size.
        The arrays may be overwritten by the next call.
        """


@dataclass(frozen=True)
class FilmPlan:
    """How long a film is and how it is cut: ``frames`` at ``fps``, a keyframe each ``gop``."""

    frames: int
    fps: Fraction
    gop: int
    preset: str = "superfast"

    @property
    def duration_ms(self) -> int:
        """The film's length to the nearest millisecond."""
        return round(self.frames / self.fps * 1000)


@dataclass(frozen=True)
class _Chunk:
    source: PictureSource
    plan: FilmPlan
    start: int
    stop: int
    folder: Path
    small: frozenset[int]
    """Frames of which a small picture is wanted, too."""

    def file(self, rendition: Rendition) -> Path:
        return self.folder / f"{rendition.name}-{self.start:06d}.mp4"


def encode_film(
    source: PictureSource,
    plan: FilmPlan,
    sound: NDArray[np.float32] | None,
    out: Path,
    stem: str,
    progress: Progress,
    sheet: ContactSheet | None = None,
) -> dict[str, dict[str, object]]:
    """Write ``<out>/<stem>-<rendition>.mp4`` for each rendition and describe the files.

    ``sound`` is float32 mono at ``AUDIO_RATE``, or None for a silent film. The answer maps a
    rendition's name to file, width, height, bitrate (measured), bytes and sha256. ``sheet``
    gets the small pictures that it wants; writing them is the caller's.
    """
    parts = out / f".parts-{stem}"
    parts.mkdir()
    span = plan.gop * CHUNK_GOPS
    small = frozenset(sheet.numbers if sheet else ())
    chunks = [
        _Chunk(source, plan, start, min(start + span, plan.frames), parts, small)
        for start in range(0, plan.frames, span)
    ]
    taken = _encode_all(chunks, plan, stem, progress)
    if sheet is not None:
        sheet.taken.update(taken)
    voice = None
    if sound is not None:
        voice = parts / "sound.mp4"
        _encode_sound(sound, voice)
    described: dict[str, dict[str, object]] = {}
    for rendition in RENDITIONS:
        target = out / f"{stem}-{rendition.name}.mp4"
        _join([chunk.file(rendition) for chunk in chunks], plan, voice, target)
        described[rendition.name] = describe(target, rendition, plan)
    for leftover in parts.iterdir():
        leftover.unlink()
    parts.rmdir()
    return described


def describe(file: Path, rendition: Rendition, plan: FilmPlan) -> dict[str, object]:
    """Return what a course says about one finished file."""
    content = file.read_bytes()
    return {
        "file": file.name,
        "width": rendition.width,
        "height": rendition.height,
        "bitrate": round(len(content) * 8 * 1000 / plan.duration_ms),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _encode_all(
    chunks: Sequence[_Chunk], plan: FilmPlan, stem: str, progress: Progress
) -> dict[int, NDArray[np.uint8]]:
    done = 0
    taken: dict[int, NDArray[np.uint8]] = {}
    workers = min(os.cpu_count() or 1, len(chunks), 8)
    # Spawned, not forked: the caller may hold Qt, threads or a sound device.
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers) as pool:
        for frames, small in pool.imap_unordered(_encode_chunk, chunks):
            done += frames
            taken |= small
            progress(done / plan.frames, stem)
    return taken


def _encode_chunk(chunk: _Chunk) -> tuple[int, dict[int, NDArray[np.uint8]]]:
    chunk.source.open()
    containers = []
    streams: list[tuple[Rendition, VideoStream]] = []
    for rendition in RENDITIONS:
        container = av.open(str(chunk.file(rendition)), "w")
        containers.append(container)
        streams.append((rendition, _video_stream(container, rendition, chunk.plan)))
    ladder, shrinker = _Ladder(), Shrinker()
    taken: dict[int, NDArray[np.uint8]] = {}
    for number in range(chunk.start, chunk.stop):
        frames = ladder.frames(chunk.source.pictures(number))
        if number in chunk.small:
            taken[number] = shrinker.small(frames[RENDITIONS[0].name])
        for (rendition, stream), container in zip(streams, containers, strict=True):
            frame = frames[rendition.name]
            frame.pts = number - chunk.start
            frame.time_base = 1 / chunk.plan.fps
            container.mux(stream.encode(frame))
    for (_, stream), container in zip(streams, containers, strict=True):
        container.mux(stream.encode(None))
        container.close()
    return chunk.stop - chunk.start, taken


class _Ladder:
    """Turns one drawn frame into the encoder's format at each size.

    Scalers are kept: setting one up takes longer than using it. Each size is scaled from the
    next larger one, in the encoder's own format, which has half as much to move.
    """

    def __init__(self) -> None:
        self._scalers = {rendition.name: VideoReformatter() for rendition in RENDITIONS}
        self._canvas: dict[str, VideoFrame] = {}

    def frames(self, drawn: Mapping[str, NDArray[np.uint8]]) -> dict[str, VideoFrame]:
        frames: dict[str, VideoFrame] = {}
        larger: VideoFrame | None = None
        for rendition in sorted(RENDITIONS, key=lambda each: -each.width):
            picture = drawn.get(rendition.name)
            if picture is not None and picture.ndim == 2:
                larger = _grey(picture)
            else:
                if picture is not None:
                    larger = self._drawn(rendition.name, picture)
                assert larger is not None, "a source draws at least the largest rendition"
                larger = self._scalers[rendition.name].reformat(
                    larger,
                    width=rendition.width,
                    height=rendition.height,
                    format="yuv420p",
                    src_colorspace=Colorspace.ITU709,
                    dst_colorspace=Colorspace.ITU709,
                    dst_color_range=ColorRange.MPEG,
                    interpolation="AREA",
                )
            frames[rendition.name] = larger
        return frames

    def _drawn(self, name: str, picture: NDArray[np.uint8]) -> VideoFrame:
        # One frame is filled again and again: fresh memory for 3.7 MB costs more than drawing.
        frame = self._canvas.get(name)
        if frame is None:
            height, width, _ = picture.shape
            frame = self._canvas[name] = VideoFrame(width, height, "bgra")
        frame.planes[0].update(picture.tobytes())
        return frame


def _grey(picture: NDArray[np.uint8]) -> VideoFrame:
    # Grey goes straight into the encoder's own planes: the scaler would take three times as
    # long as the encoder does.
    height, width = picture.shape
    planes: NDArray[np.uint8] = np.full((height * 3 // 2, width), 128, np.uint8)
    planes[:height] = _STUDIO_RANGE[picture]
    return VideoFrame.from_ndarray(planes, format="yuv420p")


def _video_stream(
    container: av.container.OutputContainer, rendition: Rendition, plan: FilmPlan
) -> VideoStream:
    rate = rendition.bitrate - AUDIO_BITRATE
    stream = container.add_stream("libx264", rate=plan.fps)
    stream.width, stream.height = rendition.width, rendition.height
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = 1 / plan.fps
    context.bit_rate = rate
    context.gop_size = plan.gop
    context.max_b_frames = 0
    context.thread_count = 1
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = 1
    context.options = {
        "preset": plan.preset,
        "profile": "main",
        "x264-params": (
            f"keyint={plan.gop}:min-keyint={plan.gop}:scenecut=0:open-gop=0:bframes=0:"
            f"threads=1:vbv-maxrate={rate * 3 // 2000}:vbv-bufsize={rate * 3 // 1000}"
        ),
    }
    return stream


def _encode_sound(sound: NDArray[np.float32], file: Path) -> None:
    with av.open(str(file), "w") as container:
        stream = container.add_stream("aac", rate=AUDIO_RATE)
        stream.bit_rate = AUDIO_BITRATE
        stream.layout = "mono"
        stream.codec_context.thread_count = 1
        size = 1024
        for start in range(0, len(sound), size):
            block = np.ascontiguousarray(sound[start : start + size][np.newaxis, :])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate = AUDIO_RATE
            frame.pts = start
            frame.time_base = Fraction(1, AUDIO_RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _join(parts: Sequence[Path], plan: FilmPlan, voice: Path | None, target: Path) -> None:
    """Write the chunks one after the other with the sound, index first (faststart)."""
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as out, ExitStack() as open_:
        first = open_.enter_context(av.open(str(parts[0]))).streams.video[0]
        picture = out.add_stream_from_template(first)
        sound: list[Packet[AudioStream]] = []
        if voice is not None:
            source = open_.enter_context(av.open(str(voice)))
            heard = out.add_stream_from_template(source.streams.audio[0])
            sound = [p for p in source.demux(source.streams.audio[0]) if p.dts is not None]
            for piece in sound:
                piece.stream = heard
        start = 0
        for part in parts:
            with av.open(str(part)) as chunk:
                stream = chunk.streams.video[0]
                if stream.codec_context.extradata != first.codec_context.extradata:
                    raise RuntimeError(f"{part.name}: encoder settings differ between chunks")
                for packet in chunk.demux(stream):
                    if packet.pts is None:
                        continue
                    number = start + round(packet.pts * packet.time_base * plan.fps)
                    # Sound goes in just before the picture it belongs to, so that a player
                    # that reads in order never has to wait for either.
                    while sound and _time(sound[0]) <= number / plan.fps:
                        out.mux(sound.pop(0))
                    packet.pts = packet.dts = round(number / plan.fps / packet.time_base)
                    packet.stream = picture
                    out.mux(packet)
                start += stream.frames
        for piece in sound:
            out.mux(piece)


def _time(packet: Packet[AudioStream]) -> Fraction:
    assert packet.pts is not None
    return packet.pts * packet.time_base
