"""The one door to OpenCV: on Linux its wheel points Qt to its own plug-ins when imported.

Qt would then look for its platform plug-in and fonts in OpenCV's folder and not start. So
everything here says `from proctor.adapters.opencv import cv2`, which puts back what was
there before.
"""

import os

QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")

# Read once, when it is imported. A camera that gives nothing holds `read` for two seconds, not
# ten, or it could not be let go of; and Media Foundation opens one in one second, not ten.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

_before = {name: os.environ.get(name) for name in QT_VARIABLES}

import cv2  # noqa: E402  (the variables are looked at before)


def restore_qt_variables() -> None:
    """Undo what importing cv2 did to Qt's variables; also after others have imported it."""
    for name, value in _before.items():
        if value is not None and os.sep + "cv2" + os.sep not in value:
            os.environ[name] = value
        else:
            os.environ.pop(name, None)


restore_qt_variables()

# One thread: the film beside us needs the cores more (`shared/measured/learner.md`).
cv2.setNumThreads(1)
# Errors only: OpenCV 5 warns at every start that its new engine chooses the target itself.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)

__all__ = ["cv2", "restore_qt_variables"]
