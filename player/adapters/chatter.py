"""What Qt's FFmpeg back end prints although nothing is wrong.

Each rule is one category and one level, with its reason. Real errors reach us as
`errorOccurred` and as the media cache's own findings, not as log lines.
"""

RULES = (
    # optional hardware libraries that are not installed: playback is in software then
    "qt.multimedia.symbolsresolver.debug=false",
    "qt.multimedia.symbolsresolver.warning=false",
    # the version of FFmpeg, at every start
    "qt.multimedia.ffmpeg.info=false",
    # "No HW decoder found", at every film
    "qt.multimedia.playbackengine.codec.info=false",
    # what FFmpeg says of an address it can't read; we ask the cache instead
    "qt.multimedia.ffmpeg.mediadataholder.warning=false",
)
"""For `QLoggingCategory.setFilterRules` (joined by newlines), which keeps one set a program."""
