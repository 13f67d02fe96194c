"""Puts the parts together: the only room that knows them all.

`client` is the product, `demo` the same program with an embedded platform and, without a
camera, a simulated learner. Heavy parts (Qt, models, the platform) are imported where
they are first needed, so that every command starts at once.
"""

from __future__ import annotations

import json
import os
import platform as machine
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.contract import SuiteName

VERSION = "0.1.0"
PLATFORM_CERTIFICATE = "platform.pem"


def client(url: str | None) -> int:
    """The product: a trainee's PC and an institution's platform."""
    from app.adapters.places import Places
    from app.bootstrap.program import Setting, run_alone
    from app.present import Frame
    from sync.adapters.keys import KeyringSecrets

    places = Places.of_user()
    address = url or os.environ.get("ANXUE_PLATFORM", "")
    certificate = places.config / PLATFORM_CERTIFICATE
    if not address or not certificate.exists():
        sys.stderr.write(
            "还没有设置培训平台。请向培训机构索取平台地址和证书，然后运行 "
            f"anxue --platform 地址，并把证书保存为 {certificate}；或运行 anxue demo 看演示。\n"
            "No training platform is set up. Ask your institution for its address and "
            f"certificate, run anxue --platform ADDRESS and save the certificate as {certificate}; "
            "or see the demonstration: anxue demo.\n"
        )
        return 2
    secrets = KeyringSecrets(address)
    setting = Setting(
        url=address,
        certificate=certificate,
        mode="production",
        places=places,
        frame=Frame(platform=address),
        open_camera=None,
        camera="",
        secrets=secrets,
        second=os.environ.get("ANXUE_PLATFORM_SECOND", ""),
    )
    return run_alone(setting)


def demo(*, auto: bool, out: Path, data: Path | None) -> int:
    """The product against its own platform; see `app.bootstrap.demo`."""
    from app.bootstrap.demo import demonstrate

    return demonstrate(auto=auto, out=out, data=data)


def platform(
    data: Path,
    port: int,
    *,
    until_stdin_closes: bool,
    course: Path | None,
    database: str | None = None,
    share_port: bool = False,
    metrics_port: int | None = None,
    drain_s: float = 0.0,
    logged: bool = False,
    suite: SuiteName | None = None,
) -> int:
    """The reference platform by itself. The plan of checks is handed in: sync knows no proctor."""
    from app.bootstrap.schedule import ProctorSchedule
    from sync import sm2
    from sync.adapters import gm
    from sync.reference.server import ServeOptions, serve

    sm2.offer(gm.load)
    options = ServeOptions(
        data=data,
        port=port,
        database_url=database,
        share_port=share_port,
        metrics_port=metrics_port,
        drain_s=drain_s,
        logged=logged,
        suite=suite,
        until_stdin_closes=until_stdin_closes,
        demo=course is not None,
        course=course,
        faults=data / "faults.json" if course is not None else None,
    )
    return serve(options, ProctorSchedule)


def verify(
    file: Path,
    certificate: Path | None,
    *,
    as_json: bool,
    language: str,
    roots: str | None = None,
    keep_roots: Path | None = None,
) -> int:
    """Check a bundle; 0 only if nothing at all is off.

    roots: a file of the platform's published roots, or the platform's address, where they are
    fetched and, with keep_roots, kept for the next time.
    """
    from app.adapters.places import Places
    from sync import sm2
    from sync.adapters import gm
    from sync.verify import verify as examine

    sm2.offer(gm.load)
    anchor = certificate or Places.of_user().config / PLATFORM_CERTIFICATE
    try:
        data, pem = file.read_bytes(), anchor.read_text(encoding="ascii")
        findings = examine(data, pem)
        if roots is not None:
            chains = [chain.chain for chain in findings.chains]
            published = _published_roots(roots, chains, keep_roots)
            findings = examine(data, pem, published)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        sys.stderr.write(f"无法读取 · cannot read: {error}\n")
        return 2
    text = (
        findings.to_json() if as_json else findings.explain("en" if language == "en" else "zh_CN")
    )
    sys.stdout.write(text.rstrip("\n") + "\n")
    return 0 if findings.ok else 1


def _published_roots(place: str, chains: list[str], keep: Path | None) -> bytes:
    """From a file or a platform. Raises OSError, ValueError."""
    if "://" not in place:
        return Path(place).read_bytes()
    from sync.adapters.gateway import HttpGateway
    from sync.adapters.published import PublishedError, fetch

    gateway = HttpGateway(place)
    try:
        with gateway.new_session() as session:
            told = fetch(session, place, chains)
    except PublishedError as error:
        raise ValueError(str(error)) from error
    finally:
        gateway.close()
    if keep is not None:
        keep.write_bytes(told)
    return told


def proctor_eval(
    folder: Path,
    answer: Path | None,
    *,
    accept: float | None = None,
    alert: float | None = None,
    review: float | None = None,
) -> int:
    """Judge recorded clips; see `app.bootstrap.evaluate`."""
    from app.bootstrap.evaluate import Thresholds, evaluate

    return evaluate(folder, answer, Thresholds(accept, alert, review))


def enrol(url: str | None, learner: str, photos: list[Path], token_file: Path) -> int:
    """The institution's own people set a learner's face; see `app.bootstrap.enrolling`."""
    from app.bootstrap.enrolling import enrol as set_face

    address = url or os.environ.get("ANXUE_PLATFORM", "")
    if not address:
        sys.stderr.write("请用 --platform 给出平台地址 · say --platform ADDRESS\n")
        return 2
    return set_face(address, learner, photos, token_file)


def diagnose() -> int:
    """What this PC and this program are; no name, no face."""
    from app.adapters import playback_log
    from app.adapters.places import Places
    from proctor.adapters.models import FILES

    places = Places.of_user()
    told = {
        "version": VERSION,
        "python": machine.python_version(),
        "system": machine.platform(),
        "data": str(places.data),
        "cache": str(places.cache),
        "platform": os.environ.get("ANXUE_PLATFORM", ""),
        "playback": playback_log.by_lesson(playback_log.read(places.log)),
        "models": {name: (places.cache / "models" / name).exists() for name in FILES},
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 0


def look_at_connection(url: str, certificate: Path | None, *, as_json: bool) -> int:
    """Which step of the connection to a platform ends where; see `app.bootstrap.connection`."""
    from app.adapters.places import Places
    from app.bootstrap.connection import diagnose_connection

    anchor = certificate or Places.of_user().config / PLATFORM_CERTIFICATE
    return diagnose_connection(url, anchor, as_json=as_json)


def models() -> int:
    """Are the face models there, and are they the ones that were measured?"""
    from app.adapters.places import Places
    from app.bootstrap.program import model_hashes
    from proctor.adapters.models import ModelError, read_models

    folder = Places.of_user().cache / "models"
    try:
        read_models(folder, model_hashes())
    except ModelError as error:
        sys.stderr.write(f"人脸模型有问题 · the face models are not right: {error}\n")
        return 1
    sys.stdout.write(f"人脸模型齐全 · the face models are right: {folder}\n")
    return 0
