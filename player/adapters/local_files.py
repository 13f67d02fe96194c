"""Films that lie on this machine or on a share: the address is the file itself."""

from pathlib import Path

from player.events import Fault
from player.ports import Line, Rendition, Trouble
from player.shape import HEAD_BYTES


class LocalFiles:
    """A `MediaSource` for renditions whose `url` is a file's path."""

    def open(self, rendition: Rendition) -> str:
        """Return the path as it is."""
        return rendition.url

    def close(self, address: str) -> None:
        """Do nothing: a file never keeps its reader waiting."""

    def trouble(self, address: str) -> Trouble | None:
        """Tell a file that isn't there from one that can't be played."""
        return None if Path(address).is_file() else Trouble(Fault.MISSING, f"no file {address}")

    def line(self, address: str) -> Line | None:
        """There is none."""
        return None

    def head(self, address: str) -> bytes:
        """Read them; nothing of a file that can't be read."""
        try:
            with Path(address).open("rb") as file:
                return file.read(HEAD_BYTES)
        except OSError:
            return b""

    def warm(self, rendition: Rendition | None) -> None:
        """Do nothing: the file is here already."""
