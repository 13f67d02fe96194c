"""The coded film as HLS, the packets as they are: fMP4 segments of 2 s, the sound beside them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import av
from av.container import OutputContainer

SEGMENT_S = 2
MASTER = "master.m3u8"
SOUND = 'TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,URI="sound/index.m3u8"'
RENDITIONS = ("fluent", "standard", "high")


def write_hls(film: Path, out: Path) -> None:
    """Write `out`/master.m3u8 and all it names, and the films' own files, for the film `film`."""
    told = json.loads((film / "film.json").read_text("utf-8"))["renditions"]
    lines = [
        "#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS",
        f"#EXT-X-MEDIA:{SOUND}",
    ]  # fmt: skip
    for name in RENDITIONS:
        one = told[name]
        source = film / one["file"]
        shutil.copy(source, out)
        codec = _remux(source, "video", out / name)
        size, bits = f"{one['width']}x{one['height']}", one["bitrate"] * 5 // 4
        about = f'BANDWIDTH={bits},CODECS="{codec},mp4a.40.2",RESOLUTION={size},AUDIO="sound"'
        lines += [f"#EXT-X-STREAM-INF:{about}", f"{name}/index.m3u8"]
    _remux(film / told["fluent"]["file"], "audio", out / "sound")
    (out / MASTER).write_text("\n".join(lines) + "\n", "utf-8")


def _remux(source: Path, kind: str, out: Path) -> str:
    """Cut one stream of a film into segments; the codec's name for a playlist, if a picture's."""
    out.mkdir()
    options = {
        "hls_time": str(SEGMENT_S), "hls_playlist_type": "vod", "hls_segment_type": "fmp4",
        "hls_segment_filename": str(out / "%03d.m4s"), "hls_fmp4_init_filename": "init.mp4",
    }  # fmt: skip
    with av.open(str(source)) as film:
        stream = film.streams.video[0] if kind == "video" else film.streams.audio[0]
        extra = stream.codec_context.extradata or b""
        made = av.open(str(out / "index.m3u8"), "w", format="hls", options=options)
        assert isinstance(made, OutputContainer)
        with made:
            target = made.add_stream_from_template(stream)
            for packet in film.demux(stream):
                if packet.dts is not None:
                    packet.stream = target
                    made.mux(packet)
    return f"avc1.{extra[1:4].hex()}"
