"""Two pipelines that live as long as the program: one plays, the other stands by."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from player.adapters.pipeline import Pipeline, PipelineOwner, Stage
from player.ports import MediaSource, Rendition


class Pair(QObject):
    """`active` is on the screen and heard; `standby` gets the next rendition ready, muted."""

    def __init__(
        self, owner: PipelineOwner, media: MediaSource, linger_ms: int, parent: QObject
    ) -> None:
        """linger_ms: a set that was swapped out lives on so long, for the other's sake."""
        super().__init__(parent)
        self._media = media
        self.active = Pipeline(owner, self)
        self.standby = Pipeline(owner, self)
        self._linger_ms = linger_ms
        self._linger = QTimer(self, singleShot=True)
        self._linger.timeout.connect(self.release_standby)

    def set_rate(self, rate: float) -> None:
        """Both run at `rate`, whoever plays."""
        self.active.set_rate(rate)
        self.standby.set_rate(rate)

    def load_active(self, rendition: Rendition, at_us: int) -> None:
        """Open `rendition` and cue it; what hangs in a read is let go of first."""
        self.release_active()
        self.active.load(self._media.open(rendition), at_us)

    def load_standby(self, rendition: Rendition, at_us: int) -> None:
        """Get `rendition` ready; what stood by before is let go of."""
        self.release_standby()
        self.standby.load(self._media.open(rendition), at_us)

    def swap(self) -> None:
        """The standby takes over; the other one is let go of in a moment."""
        self.active, self.standby = self.standby, self.active
        self._linger.start(self._linger_ms)

    def release_active(self) -> None:
        """Close the source of the one that plays."""
        self._release(self.active)

    @Slot()
    def release_standby(self) -> None:
        """Close the source of the one that stands by."""
        self._linger.stop()
        self._release(self.standby)

    def retire_standby(self) -> None:
        """Close it as soon as it has finished telling: it may be in the middle of an error."""
        self._linger.start(0)

    def _release(self, pipeline: Pipeline) -> None:
        if pipeline.address:
            self._media.close(pipeline.address)  # first: Qt waits for a read under way
        if pipeline.stage is not Stage.EMPTY:
            pipeline.release()
