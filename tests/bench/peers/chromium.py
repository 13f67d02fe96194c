"""Chromium with one page in a window, as a program around it would show it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping

FLAGS = (
    "--no-first-run", "--no-default-browser-check", "--no-sandbox", "--disable-gpu",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-dev-shm-usage", "--password-store=basic",
    "--autoplay-policy=no-user-gesture-required", "--window-position=0,0",
)  # fmt: skip


@contextlib.contextmanager
def chromium(page: str, environment: Mapping[str, str], width: int, height: int) -> Iterator[int]:
    """Show a page; its process group's id. No sandbox: it runs as root and sees only our pages."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = ["chromium", *FLAGS, f"--user-data-dir={profile}", f"--app={page}",
                   f"--window-size={width},{height}"]  # fmt: skip
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            yield process.pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
