"""The demonstration: the real program, its own platform, and a learner if there is no camera.

Everything it keeps lies in one folder of its own. With `auto` nobody has to touch it: the
rehearsal (`app.ui.rehearsal`) uses the widgets, and the report says what was measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.bootstrap.program import (
    ROOT,
    Program,
    Setting,
    assemble,
    model_hashes,
    new_application,
    run,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.adapters.places import Places
    from proctor.adapters.simulated import Stage as LearnerStage
    from proctor.ports import VideoSource
    from sync.reference.embedded import EmbeddedPlatform

HERSELF, ANOTHER = "lin_guifang", "huang_zhiming"
LESSON = 0
"""Which lesson of the demo course the rehearsal studies."""


class SessionSecrets:
    """Instead of the keyring: a demonstration leaves nothing in it."""

    def __init__(self) -> None:
        self._passwords: dict[str, str] = {}
        self._machine = os.urandom(32)

    def machine_secret(self) -> bytes:
        return self._machine

    def password(self, name: str) -> str | None:
        return self._passwords.get(name)

    def remember_password(self, name: str, password: str) -> None:
        self._passwords[name] = password

    def forget_password(self, name: str) -> None:
        self._passwords.pop(name, None)


class Line:
    """The way to the platform, cut and mended from a thread: starting it takes a second."""

    def __init__(self, platform: EmbeddedPlatform) -> None:
        self._platform = platform
        self._thread = threading.Thread()

    def stop(self) -> None:
        self._do(self._platform.stop)

    def start(self) -> None:
        self._do(self._platform.start)

    def close(self) -> None:
        """Wait until the last of them is done."""
        if self._thread.ident is not None:
            self._thread.join()

    def _do(self, what: Callable[[], None]) -> None:
        self.close()
        self._thread = threading.Thread(target=what, name="line")
        self._thread.start()


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that is ready to run."""

    platform: EmbeddedPlatform
    setting: Setting
    learner: LearnerStage | None
    lesson: str
    account: tuple[str, str]


def demonstrate(*, auto: bool, out: Path, data: Path | None) -> int:
    """Run it; with `auto` 0 only if the platform confirmed what the story expects.

    data: keeps the platform's database and the learner's store there, for a closer look.
    """
    began_s = time.monotonic()
    with ExitStack() as stack:
        folder = data or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="anxue-demo-"))
        )
        application = new_application()
        demo = prepare(folder, simulated=auto or not _with_camera())
        stack.callback(demo.platform.stop)
        if auto:
            return rehearse(demo, application, out.resolve(), began_s)
        return run(assemble(demo.setting, application))


def _with_camera() -> bool:
    """Whether there is a camera and the person wants it used."""
    from PySide6.QtWidgets import QMessageBox

    from app.ui.language import translate
    from proctor.adapters.camera import list_cameras

    if not list_cameras():
        return False
    box = QMessageBox()
    box.setWindowTitle(translate("Demo", "安学演示"))
    box.setText(translate("Demo", "演示时由谁面对摄像头？"))
    box.setInformativeText(
        translate(
            "Demo",
            "选“我自己”会使用这台电脑的摄像头，画面只留在本机的演示中，退出后全部删除。"
            "选“模拟学员”不使用摄像头，由电脑生成的学员代替您。",
        )
    )
    mine = box.addButton(translate("Demo", "我自己"), QMessageBox.ButtonRole.AcceptRole)
    other = box.addButton(translate("Demo", "模拟学员"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(other)
    box.exec()
    return box.clickedButton() is mine


def prepare(folder: Path, *, simulated: bool) -> Demo:
    """Start the platform with the demo course; give it the learner's enrolment picture."""
    from app.adapters.places import Places
    from app.present import Frame
    from resources.build import demo_course
    from sync.reference.demo import DEMO_LEARNER
    from sync.reference.embedded import PORT, EmbeddedPlatform

    places = Places.under(folder, Places.of_user().cache)
    course = demo_course()
    data = folder / "platform"
    command = [sys.executable, str(ROOT / "main.py"), "platform", "--data", str(data)]
    command += ["--port", PORT, "--demo", str(course), "--until-stdin-closes"]
    embedded = EmbeddedPlatform(command, cwd=ROOT)
    starting = threading.Thread(target=embedded.start, name="platform-start")
    starting.start()
    learner: LearnerStage | None = None
    source: Callable[[], VideoSource] | None = None  # the PC's own cameras
    if simulated:
        from proctor.adapters.simulated import SimulatedCapture, Stage, prepared

        stage = learner = Stage((HERSELF, ANOTHER))
        clips = prepared(stage.cast)
        source = lambda: SimulatedCapture(stage, clips)  # noqa: E731
        face = enrolment(places)
    else:
        face = None
    starting.join()
    if face is not None:
        enrol(embedded.url, data, DEMO_LEARNER.id, face)
    told = json.loads((course / "course.json").read_text(encoding="utf-8"))
    account = (DEMO_LEARNER.login, DEMO_LEARNER.password)
    setting = Setting(
        url=embedded.url,
        certificate=embedded.certificate,
        mode="demo",
        places=places,
        frame=Frame(
            platform=embedded.url,
            demo=True,
            simulated=simulated,
            demo_account=account,
        ),
        open_camera=source,
        camera="simulated learner" if simulated else "camera 0",
        secrets=SessionSecrets(),
        prompted=learner,
    )
    return Demo(embedded, setting, learner, told["lessons"][LESSON]["id"], account)


def enrolment(places: Places) -> str:
    """The simulated learner's face as the institution's ID photograph gives it, base64url.

    Kept in the cache: loading the models for one picture takes seconds.
    """
    import hashlib

    from proctor.adapters.models import FaceModels
    from proctor.adapters.simulated import portrait
    from sync import seal

    picture = portrait(HERSELF)
    kept = places.cache / "enrolment" / f"{hashlib.sha256(picture.tobytes()).hexdigest()[:16]}.txt"
    if kept.exists():
        return kept.read_text(encoding="ascii")
    face = FaceModels.load(places.cache / "models", model_hashes()).embed(picture)
    if face is None:
        raise LookupError("no face is found in the simulated learner's portrait")
    text = seal.to_base64url(face.astype("<f4").tobytes())
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(text, encoding="ascii")
    return text


def enrol(url: str, data: Path, learner: str, face: str) -> None:
    """What the institution's own system does with a new learner's photograph."""
    from sync.reference.keys import institution_token

    token = institution_token(data)
    request = urllib.request.Request(  # noqa: S310  (our own platform, on loopback)
        f"{url}/v1/institution/learners/{learner}/template",
        data=json.dumps({"embedding": face}).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        answer.read()


def rehearse(demo: Demo, application: QApplication, out: Path, began_s: float) -> int:
    """Drive the program through the story, check its export, write the report."""
    from app.ui.rehearsal import driver
    from app.ui.rehearsal.desktop import Desktop
    from app.ui.rehearsal.hands import Hands
    from app.ui.rehearsal.observer import Observer
    from app.ui.rehearsal.story import Cast, Stage, story

    if demo.learner is None:
        raise LookupError("the rehearsal needs the simulated learner")
    program = assemble(demo.setting, application)
    observer = Observer()
    line = Line(demo.platform)
    exports: list[str] = []
    _observe(program, observer, exports)
    hands = Hands(program.window, out)

    def say(words: str) -> None:
        sys.stdout.write(f"[{time.monotonic() - began_s:6.1f} s] {words}\n")
        sys.stdout.flush()

    stage = Stage(
        hands=hands,
        desktop=Desktop(program.window),
        line=line,
        cast=Cast(demo.learner, HERSELF, ANOTHER),
        observer=observer,
        session=lambda: program.conductor.session,
        clock_s=time.monotonic,
        say=say,
        account=demo.account,
        lesson=demo.lesson,
    )
    problems: list[str] = []
    player = driver.Driver(story(stage), hands, time.monotonic)
    player.finished.connect(problems.append)
    player.finished.connect(lambda _problem: application.exit())  # quit() asks the window
    program.window.resize(1366, 768)
    program.conductor.start()
    program.window.show()
    player.start()
    application.exec()
    credit = dict(program.conductor.session.credit)
    program.close()
    line.close()
    export = exports[-1] if exports else ""
    kept = _keep(export, out)
    result = driver.report(
        observer,
        credit,
        export=kept,
        verified=bool(kept) and _verified(kept, demo.setting.certificate),
        screens=hands.screens,
        seconds=time.monotonic() - began_s,
        problem=problems[0] if problems else "closed before the end",
    )
    path = driver.write(result, out)
    say(f"{'成功 · ok' if result['ok'] else '失败 · failed'}: {path} {result.get('problem', '')}")
    return 0 if result["ok"] else 1


def _observe(program: Program, observer: object, exports: list[str]) -> None:
    from app.adapters.clock import now_ns
    from app.events import Event, Exported
    from app.state import Session
    from app.ui.rehearsal.observer import Observer

    assert isinstance(observer, Observer)

    def happened(event: Event, before: Session, after: Session) -> None:
        observer.happened(event, before, after)
        observer.told(now_ns())
        if isinstance(event, Exported):
            exports.append(event.path)

    program.conductor.happened.connect(happened)
    program.courier.watch(observer.kept)
    program.film.frame_painted.connect(observer.painted)


def _keep(export: str, out: Path) -> str:
    """The demo's folder goes; what it exported, and the certificate to check it, stay."""
    if not export:
        return ""
    kept = out / Path(export).name
    kept.write_bytes(Path(export).read_bytes())
    return str(kept)


def _verified(bundle: str, certificate: Path) -> bool:
    """What `main.py verify` says, asked as anybody would ask it."""
    command = [sys.executable, str(ROOT / "main.py"), "verify", bundle]
    done = subprocess.run(
        [*command, "--certificate", str(certificate), "--json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.returncode == 0
