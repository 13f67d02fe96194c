"""The program's own log: what happened, without who it happened to."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import re
from pathlib import Path
from typing import TextIO

PRIVATE = re.compile(
    r"(?P<mobile>\b1[3-9]\d{9}\b)|(?P<identity>\b\d{17}[\dXx]\b)|(?P<bearer>Bearer\s+\S+)"
)
"""Mobile numbers, identity card numbers and tokens have no business in a log (R14)."""


class Redact(logging.Filter):
    """Blots out private data in every message, wherever it came from."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = PRIVATE.sub("…", record.getMessage())
        record.args = None
        return True


_crashes: list[TextIO] = []  # faulthandler keeps only the number; the file must stay open


def start(folder: Path) -> Path | None:
    """Log to `folder`, at most 4 MB; None where it cannot be written, which stops nothing."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "anxue.log"
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
        crash = (folder / "crash.log").open("a", encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Redact())
    root.addHandler(handler)
    _crashes.append(crash)
    faulthandler.enable(crash)
    return path
