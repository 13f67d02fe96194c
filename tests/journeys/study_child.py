"""The real program, studying by itself, to be killed: window, player, store, courier, all of it.

Only the eyes are replaced: a face that is always there and does what it is asked, so that no
model has to be loaded.
Tells on stdout, a line each and at once, what was on the screen and what the platform says.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from app import intents
from app.adapters.places import Places
from app.bootstrap.program import Setting, assemble, new_application, run
from app.events import (
    ChainClosed,
    Confirmed,
    CoursesLoaded,
    Event,
    IdentityAnswered,
    LineLost,
    SignedIn,
    Wanted,
)
from app.intents import Intent
from app.present import Frame
from app.state import Phase, Session
from player.events import FrameShown, Opened
from tests.journeys.still_face import no_camera, sitting


class FileSecrets:
    """A keyring that outlives the process, as a real one does."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def machine_secret(self) -> bytes:
        if not self._file.exists():
            self._file.write_bytes(os.urandom(32))
        return self._file.read_bytes()

    def password(self, name: str) -> str | None:
        return None

    def remember_password(self, name: str, password: str) -> None: ...

    def forget_password(self, name: str) -> None: ...


def tell(**told: object) -> None:
    """One write, so that a kill never leaves half a line."""
    os.write(1, (json.dumps(told) + "\n").encode())


def main() -> int:
    url, certificate, folder, lesson = sys.argv[1:5]
    home = Path(folder)
    application = new_application()
    watch, asked = sitting()
    setting = Setting(
        url=url,
        certificate=Path(certificate),
        mode="demo",
        places=Places.under(home, home / "cache"),
        frame=Frame(demo=True),
        open_camera=no_camera,
        camera="none",
        secrets=FileSecrets(home / "machine.secret"),
        prompted=asked,
        watch=watch,
    )
    program = assemble(setting, application)

    def want(intent: Intent) -> None:
        program.conductor.dispatch(Wanted(time.monotonic_ns(), intent))

    def happened(event: Event, before: Session, after: Session) -> None:
        match event:
            case FrameShown() if before.phase is Phase.PLAYING:
                tell(shown=[event.start_us, event.end_us])
            case SignedIn():
                tell(recovered=event.run.recovered_records)
                want(intents.Agree())
            case IdentityAnswered() if not event.check:
                want(intents.EnterClass())
            case CoursesLoaded() if after.phase is Phase.READY:
                credit = after.credit[lesson]
                lost = [(span.start_s, span.end_s, span.reason) for span in credit.lost]
                tell(credited=credit.credited_s, waiting=credit.provisional_s, lost=lost)
                want(intents.OpenLesson(lesson))
            case Confirmed():
                tell(acked=event.acked)
            case Opened():
                want(intents.Play())
            case LineLost() | ChainClosed():
                tell(line=repr(event))

    program.conductor.happened.connect(happened)
    program.window.show()
    want(intents.SignIn("demo", "anxue-demo", remember_password=False))
    return run(program)


if __name__ == "__main__":
    sys.exit(main())
