"""One running program: its parts, and how they are joined."""

from __future__ import annotations

import os
import platform as machine
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap import VERSION

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.adapters.conductor import Conductor
    from app.adapters.courier import PlatformCourier
    from app.adapters.eyes import Found, QtEyes, Watcher
    from app.adapters.places import Places
    from app.present import Frame
    from app.ui.main_window import MainWindow
    from app.ui.widgets.film import FilmView
    from player.adapters.media_cache import MediaCache
    from player.adapters.qt_player import QtPlayer
    from proctor.ports import Picture, Prompted, VideoSource
    from sync import trust
    from sync.ports import Secrets

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Setting:
    """What differs between the product, the demo and a test."""

    url: str
    certificate: Path
    mode: trust.Mode
    places: Places
    frame: Frame
    open_camera: Callable[[], VideoSource]
    camera: str
    secrets: Secrets
    prompted: Prompted | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """The running parts, for whoever has to drive or to close them."""

    application: QApplication
    window: MainWindow
    film: FilmView
    player: QtPlayer
    cache: MediaCache
    eyes: QtEyes
    courier: PlatformCourier
    conductor: Conductor

    def close(self) -> None:
        """Let go of everything; no thread is left."""
        self.conductor.stop()
        self.eyes.close()
        self.player.close()
        self.courier.close()
        self.cache.stop()


def model_hashes() -> dict[str, str]:
    """File name to SHA-256, from resources/models.toml."""
    import tomllib

    told = tomllib.loads((ROOT / "resources" / "models.toml").read_text(encoding="utf-8"))
    return {model["file"]: model["sha256"] for model in told["model"]}


def new_application() -> QApplication:
    """Qt, dressed. Before anything else of Qt, and once."""
    os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none")  # 720p at a fifth of the CPU
    from PySide6.QtWidgets import QApplication

    from app.ui.theme import Theme
    from player.adapters.chatter import quieten

    application = QApplication(sys.argv[:1])
    application.setApplicationName("Anxue")
    application.setApplicationDisplayName("安学 Anxue")
    quieten()
    Theme(application)
    return application


def assemble(setting: Setting, application: QApplication | None = None) -> Program:
    """Build all parts around one conductor. Nothing runs and nothing is shown yet."""
    from app.adapters.conductor import Conductor
    from app.adapters.courier import Client, Clocks, PlatformCourier, Trusted
    from app.adapters.eyes import QtEyes
    from app.adapters.preferences import PreferenceFile
    from app.adapters.stores import Stores
    from app.events import Touched, Wanted
    from app.intents import Intent
    from app.state import Session
    from app.ui.attention import Attention
    from app.ui.main_window import MainWindow
    from app.ui.widgets.film import FilmView
    from player.adapters.media_cache import MediaCache
    from player.adapters.qt_player import QtPlayer
    from sync import trust
    from sync.adapters import keys
    from sync.adapters.gateway import HttpGateway
    from sync.adapters.store import Store
    from sync.adapters.store_rescue import rescue
    from sync.adapters.vault import store_key
    from sync.ports import RecordStore

    application = application or new_application()
    clock_ns = time.monotonic_ns
    preferences = PreferenceFile(setting.places.config)
    film = FilmView()
    window = MainWindow(film)

    def rescue_at(path: Path, key: bytes) -> tuple[RecordStore, int]:
        store, done = rescue(path, key, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
        return store, done.records

    courier = PlatformCourier(
        HttpGateway(setting.url),
        Trusted(trust.load(setting.certificate.read_text(encoding="ascii")), setting.mode),
        Client(VERSION, machine.platform(), setting.camera, setting.frame.simulated),
        Clocks(clock_ns, lambda: time.time_ns() // 1_000_000),
        stores=Stores(
            setting.places.data / "records",
            setting.secrets,
            key_of=store_key,
            session_secret=keys.session_secret,
            open_at=Store,
            rescue_at=rescue_at,
        ),
        make_key=keys.run_key,
        secrets=setting.secrets,
        exports=setting.places.data / "exports",
        tell=lambda event: conductor.dispatch(event),
    )
    cache = MediaCache(
        setting.places.cache / "media", authorize=lambda _url: courier.authorization()
    )
    cache.start()
    player = QtPlayer(lambda event: conductor.dispatch(event), cache, clock=clock_ns)
    player.frame_ready.connect(film.show_frame)
    eyes = QtEyes(_watcher(setting, clock_ns), setting.prompted)
    loaded = preferences.load()
    conductor = Conductor(
        Session(preferences=loaded),
        _with_password(setting.frame, setting.secrets, loaded.name),
        window=window,
        player=player,
        eyes=eyes,
        courier=courier,
        preferences=preferences,
        url_of=lambda path: setting.url.rstrip("/") + path,
        clock_ns=clock_ns,
    )
    attention = Attention(window, clock_ns)
    attention.changed.connect(conductor.dispatch)
    attention.touched.connect(lambda: conductor.dispatch(Touched(clock_ns())))
    eyes.found.connect(conductor.dispatch)
    eyes.picture.connect(window.set_preview)

    def want(intent: Intent) -> None:
        conductor.dispatch(Wanted(clock_ns(), intent))

    window.intent.connect(want)
    return Program(application, window, film, player, cache, eyes, courier, conductor)


def run(program: Program) -> int:
    """Show the window and stay until the learner leaves; the records are sealed before."""
    _leave_properly(program)
    program.conductor.start()
    program.window.show()
    try:
        return program.application.exec()
    finally:
        program.close()


def _leave_properly(program: Program) -> None:
    """Closing the window signs out first; a line that is down does not hold it open."""
    from app.events import Wanted
    from app.intents import SignOut
    from app.state import Phase, Session

    leaving = False

    def ended(session: Session) -> bool:
        sending = session.ended is not None and session.ended.sending
        return session.run is None or (session.phase is Phase.ENDED and not sending)

    def close() -> None:
        nonlocal leaving
        leaving = True
        program.conductor.dispatch(Wanted(time.monotonic_ns(), SignOut()))
        if ended(program.conductor.session):
            program.window.allow_close()

    def happened(_event: object, _before: object, after: Session) -> None:
        if leaving and ended(after):
            program.window.allow_close()

    program.window.close_requested.connect(close)
    program.conductor.happened.connect(happened)


def _watcher(
    setting: Setting, clock_ns: Callable[[], int]
) -> Callable[[Callable[[Found], None], Callable[[Picture, int], None]], Watcher]:
    """The camera's thread around two callbacks; the models are loaded in it."""

    def make(observed: Callable[[Found], None], seen: Callable[[Picture, int], None]) -> Watcher:
        from proctor.adapters.eyes import Eyes

        from proctor.adapters.models import FaceModels

        folder = setting.places.cache / "models"
        return Eyes(
            setting.open_camera,
            lambda: FaceModels.load(folder, model_hashes()),
            observed,
            seen,
            clock_ns,
        )

    return make


def _with_password(frame: Frame, secrets: Secrets, name: str) -> Frame:
    """The password of who signed in last, if they asked for it to be kept."""
    from sync.ports import NoKeyringError

    try:
        kept = secrets.password(name) if name else None
    except NoKeyringError:
        return replace(frame, can_remember_password=False)
    return replace(frame, remembered_password=kept or "")
