"""One running program: its parts, and how they are joined."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.clock import now_ns
from app.adapters.memory import stay_small
from app.bootstrap.camera import Camera, OnlyCamera, OwnCameras
from app.bootstrap.parts import make_cinema, make_courier, make_gateway, remember_second

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.adapters.clock import now_ns
    from app.adapters.conductor import Conductor
    from app.adapters.courier import PlatformCourier
    from app.adapters.eyes import Listeners, QtEyes, Watcher
    from app.adapters.places import Places
    from app.present import Frame
    from app.ui.main_window import MainWindow
    from app.ui.widgets.film import FilmView
    from player.adapters.media_cache import MediaCache
    from player.adapters.qt_player import QtPlayer
    from proctor.adapters.models import FaceModels
    from proctor.ports import Prompted, VideoSource
    from sync import trust
    from sync.contract import Policy
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
    open_camera: Callable[[], VideoSource] | None
    """Instead of the PC's own cameras."""
    camera: str
    secrets: Secrets
    prompted: Prompted | None = None
    watch: Callable[[Listeners], Watcher] | None = None
    """Instead of the camera and the models: for tests about something else."""
    second: str = ""
    """Another address of the same platform; the policy's, where it names one, stands above."""
    cameras: Callable[[], Camera] | None = None
    """Instead of `make_camera`: for tests about cameras."""


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
    let_go: tuple[Callable[[], None], ...]

    def close(self) -> None:
        """Let go of everything; no thread is left."""
        self.conductor.stop()
        self.eyes.close()
        for let_go in self.let_go:
            let_go()
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
    stay_small()
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
    from app.adapters.awake import Awake
    from app.adapters.clock import now_ns
    from app.adapters.conductor import Conductor
    from app.adapters.extras import Extras
    from app.adapters.eyes import QtEyes
    from app.adapters.playback_log import PlaybackLog
    from app.adapters.preferences import PreferenceFile
    from app.adapters.speech import Speaker, real_engines
    from app.events import Event, Touched, Wanted
    from app.intents import Intent
    from app.state import Session
    from app.ui.attention import Attention
    from app.ui.main_window import MainWindow
    from app.ui.widgets.film import FilmView
    from player.adapters.webvtt import parse

    application = application or new_application()
    clock_ns = now_ns
    preferences = PreferenceFile(setting.places.config)
    film = FilmView(clock=clock_ns)
    window = MainWindow(film)

    def tell(event: Event) -> None:
        conductor.dispatch(event)

    gateway = make_gateway(setting)
    courier = make_courier(setting, gateway, clock_ns, tell)
    cinema = make_cinema(setting, gateway, courier, film, clock_ns, tell)
    camera = setting.cameras() if setting.cameras else make_camera(setting, clock_ns)
    cameras = None if setting.watch else camera  # nothing to choose from, nothing to load
    eyes = QtEyes(setting.watch or camera.watch, clock_ns, setting.prompted, cameras)
    extras, awake = Extras(gateway, parse, tell, clock_ns), Awake()
    loaded = preferences.load()
    speaker = Speaker(parent=window)
    window.spoken.connect(speaker.say)  # only while the learner wants to hear it

    def use_policy(policy: Policy) -> None:
        remember_second(setting.places, policy.platform_second)
        gateway.use_second(policy.platform_second or setting.second)
        cinema.use_policy(policy)
        camera.use_passive(policy.passive_model, policy.passive_model_sha256)

    frame = replace(setting.frame, can_speak=bool(real_engines()))
    conductor = Conductor(
        Session(preferences=loaded),
        _with_password(frame, setting.secrets, loaded.name),
        window=window,
        player=cinema.player,
        eyes=eyes,
        courier=courier,
        preferences=preferences,
        url_of=cinema.films.url_of,
        clock_ns=clock_ns,
        wall_ns=time.time_ns,
        awake=awake,
        extras=extras,
        use_policy=use_policy,
        note=PlaybackLog(setting.places.log).note,
    )
    attention = Attention(window, clock_ns)
    attention.changed.connect(conductor.dispatch)
    attention.touched.connect(lambda: conductor.dispatch(Touched(clock_ns())))
    eyes.found.connect(conductor.dispatch)
    if loaded.camera:
        eyes.use(loaded.camera)
    eyes.picture.connect(window.set_preview)

    def want(intent: Intent) -> None:
        conductor.dispatch(Wanted(clock_ns(), intent))

    window.intent.connect(want)
    return Program(
        application,
        window,
        film,
        cinema.player,
        cinema.cache,
        eyes,
        courier,
        conductor,
        (speaker.stop, camera.close, extras.close, awake.close),
    )


def make_camera(setting: Setting, clock_ns: Callable[[], int]) -> Camera:
    """The PC's cameras, or the one that stands for them; the models wait until they are wanted."""

    def load() -> FaceModels:
        from proctor.adapters.models import FaceModels

        return FaceModels.load(setting.places.cache / "models", model_hashes())

    only = setting.open_camera and OnlyCamera(setting.camera, setting.open_camera)
    return Camera(only or OwnCameras(), load, clock_ns)


def run_alone(setting: Setting) -> int:
    """As the user's only program: a second start shows the first one's window and ends with 0."""
    from PySide6.QtCore import Qt

    from app.adapters.single_instance import SingleInstance

    application = new_application()
    alone = SingleInstance(setting.places.data)
    windows: list[MainWindow] = []

    def come_forward() -> None:
        for window in windows:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.show()
            window.raise_()
            window.activateWindow()

    if not alone.is_first(come_forward) and alone.hand_over():
        sys.stdout.write(
            "安学已经打开，请看已打开的窗口。 · Anxue is open already: please see its window.\n"
        )
        return 0
    try:
        program = assemble(setting, application)
        windows.append(program.window)
        return run(program)
    finally:
        alone.close()


def run(program: Program) -> int:
    """Show the window and stay until the learner leaves; the records are sealed before."""
    _leave_properly(program)
    program.conductor.start()
    program.eyes.follow()
    program.window.show()
    try:
        return program.application.exec()
    finally:
        program.close()


def _leave_properly(program: Program) -> None:
    """Closing the window signs out first; a line that is down does not hold it open."""
    from app.events import Wanted
    from app.intents import LeaveNow, SignOut
    from app.state import Phase, Session

    leaving = False

    def ended(session: Session) -> bool:
        sending = session.ended is not None and session.ended.sending
        return session.run is None or (session.phase is Phase.ENDED and not sending)

    def close() -> None:
        nonlocal leaving
        if leaving:  # closed again: who can't wait need not
            program.conductor.dispatch(Wanted(now_ns(), LeaveNow()))
            return
        leaving = True
        program.conductor.dispatch(Wanted(now_ns(), SignOut()))
        if ended(program.conductor.session):
            program.window.allow_close()

    def happened(_event: object, _before: object, after: Session) -> None:
        if leaving and ended(after):
            program.window.allow_close()

    program.window.close_requested.connect(close)
    program.conductor.happened.connect(happened)


def _with_password(frame: Frame, secrets: Secrets, name: str) -> Frame:
    """The password of who signed in last, if they asked for it to be kept."""
    from sync.ports import NoKeyringError

    try:
        kept = secrets.password(name)  # asked without a name, too: is there a keyring at all?
    except NoKeyringError:
        return replace(frame, can_remember_password=False)
    return replace(frame, remembered_password=kept or "")
