"""Errors that a person who builds the resources can do something about."""

from __future__ import annotations


class BuildError(Exception):
    """The build can't go on; the message says why and what to do, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both wordings; ``str()`` gives them on two lines."""
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[type[BuildError], tuple[str, str]]:
        """Travel from a worker process to the one that waits for it."""
        return type(self), (self.zh, self.en)
