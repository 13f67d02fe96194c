"""What Qt's FFmpeg back end prints although nothing is wrong, and how it is kept quiet.

Real errors reach us as `errorOccurred` and as the media cache's own findings, not as log lines.
The composition root calls `quieten` once; so do the tests, where a warning of Qt's is a failure.
"""

import ctypes
import functools
import os
from pathlib import Path

import PySide6
from PySide6.QtCore import QLoggingCategory

RULES = (
    # optional hardware libraries that are not installed: playback is in software then
    "qt.multimedia.symbolsresolver.debug=false",
    "qt.multimedia.symbolsresolver.warning=false",
    # the version of FFmpeg, at every start
    "qt.multimedia.ffmpeg.info=false",
    # "No HW decoder found", at every film
    "qt.multimedia.playbackengine.codec.info=false",
    # "No SW decoder found": a film that is refused with words of ours
    "qt.multimedia.playbackengine.codec.warning=false",
    # what FFmpeg says of an address it can't read; we ask the cache instead
    "qt.multimedia.ffmpeg.mediadataholder.warning=false",
    # "Demuxing failed", dozens of times for one cut connection; we see the silence instead
    "qt.multimedia.ffmpeg.demuxer.warning=false",
)
"""Rules for `QLoggingCategory.setFilterRules`: one category and one level each."""

HARMLESS = (
    # a PC without sound; the film plays by the clock
    "PulseAudioService: pa_context_connect",
    # no GPU: pictures are converted on the CPU, as intended
    "No RHI backend",
    # goes with each "Demuxing failed"
    "received AVPacket with pts == AV_NOPTS_VALUE",
)
"""What Qt says without a category, so that no rule reaches it: text to look for in a message."""

_AV_LOG_FATAL = 8
_ONLY_IF_LOADED = getattr(os, "RTLD_NOLOAD", 0) | getattr(os, "RTLD_LAZY", 0)


def quieten(more_rules: tuple[str, ...] = ()) -> None:
    """Apply `RULES`. Qt keeps one set of rules a program: give others as `more_rules`."""
    QLoggingCategory.setFilterRules("\n".join((*RULES, *more_rules)))


@functools.cache
def quieten_ffmpeg() -> None:
    """Stop FFmpeg from describing every film it opens on stderr: Qt has no switch for that.

    Call it when a QMediaPlayer exists: this speaks to the library that Qt has loaded by then, and
    where it isn't found there is only the chatter.
    """
    home = Path(PySide6.__file__).parent
    for library in (*home.glob("Qt/lib/libavutil.so.*"), *home.glob("avutil-*.dll")):
        try:
            loaded = ctypes.CDLL(str(library), mode=_ONLY_IF_LOADED)
        except OSError:
            continue
        loaded.av_log_set_level(_AV_LOG_FATAL)
