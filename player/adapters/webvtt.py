"""Reads caption files. The library knows the format; here is what we trust a file with.

Whatever is wrong with a cue costs that cue. A file that is no WebVTT at all costs the track.
"""

import html
import re

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from player.captions import Cue, Track

MAX_BYTES = 1024 * 1024
"""Three hours of speech in two languages take a fifth of it."""

MAX_TEXT = 400
"""Characters of one cue: about as many as a picture has room for."""

_SIGNATURE = re.compile(r"WEBVTT(?=[ \t\r\n]|\Z)")  # the library is content with "WEBVTTs"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all controls but tab and line feed


def parse(data: bytes) -> Track:
    """Return a WebVTT file's cues as plain text: no tags, no settings, entities resolved.

    ValueError for a file that is too large or is not WebVTT.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"captions of {len(data)} bytes; {MAX_BYTES} are allowed")
    text = data.decode("utf-8-sig", errors="replace")
    if not _SIGNATURE.match(text):
        raise ValueError("captions that do not begin with WEBVTT")
    try:
        captions = webvtt.from_string(text).captions
    except (MalformedFileError, MalformedCaptionError) as error:
        raise ValueError(f"captions that cannot be read: {error}") from error
    return Track(tuple(cue for cue in map(_cue, captions) if cue is not None))


def _cue(caption: webvtt.Caption) -> Cue | None:
    """A caption as a cue; None where nothing would be seen."""
    start_us = caption.start_time.in_milliseconds() * 1000
    end_us = caption.end_time.in_milliseconds() * 1000
    plain = html.unescape(caption.text).replace("\u00a0", " ")
    text = "\n".join(line.strip() for line in _UNPRINTABLE.sub("", plain).splitlines())
    text = text.strip("\n")
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - 1] + "…"
    return Cue(start_us, end_us, text) if start_us < end_us and text else None
